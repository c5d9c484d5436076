# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No expression of a playbook, role or rulebook reaches what others write, and each rule notices when it is broken.

Ansible renders a variable when an expression names it. So expressions may name what the playbook or role sets, registers or
declares, and what Ansible gives; what else there may be comes from outside, such as ansible_eda. What lookups, filters and
modules give is data, and stays data unless it is rendered a second time or becomes part of a condition or a command.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment, nodes

from tests.support.paths import ROOT
from tests.support.roles import options_of

Json = dict[str, Any]
PLAYBOOKS = sorted((ROOT / "playbooks").glob("*.yml"))
ROLES = sorted((ROOT / "roles").iterdir())
RULEBOOKS = sorted((ROOT / "extensions" / "eda" / "rulebooks").glob("*.yml"))
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *(ROOT / "roles").rglob("README.md"), ROOT / "README.md"])
# What Ansible itself gives to an expression.
GIVEN = {"item", "omit", "lookup", "query", "q", "now", "dict", "ansible_check_mode", "ansible_version"}
GIVEN |= {"inventory_hostname", "ansible_play_hosts_all"}
# What an inventory or whoever starts a playbook says of tenants.
GIVEN |= {"idgov_hosts", "idgov_entra_tenant_id"}
CONDITIONS = ("when", "failed_when", "changed_when", "until", "that")
# They render what they are given, or make variables of it.
TWICE = {"ansible.builtin.vars", "ansible.builtin.template", "ansible.builtin.varnames", "vars", "template", "varnames"}
MODULES_TWICE = {"include_vars", "add_host", "group_by", "template"}
COMMANDS = ("ansible.builtin.shell", "ansible.builtin.command", "ansible.builtin.raw", "ansible.builtin.script")


def texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Return all texts below a value with the key that each stands under; conditions become expressions."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from texts(member, str(name))
    elif isinstance(value, list):
        for member in value:
            yield from texts(member, key)
    elif isinstance(value, str):
        yield key, value


def has_template(text: str) -> bool:
    return "{{" in text or "{%" in text


def syntax(text: str) -> nodes.Template:
    return Environment().parse(text)


def expressions(value: Any) -> Iterator[tuple[str, str, nodes.Template]]:
    """Return key, text and syntax of all that Ansible renders below a value."""
    for key, text in texts(value):
        is_bare = key in CONDITIONS and not has_template(text)
        yield key, text, syntax(f"{{{{ {text} }}}}" if is_bare else text)


def named(tree: nodes.Node) -> set[str]:
    """Return the names that an expression takes from outside of itself."""
    return {each.name for each in tree.find_all(nodes.Name) if each.ctx == "load"} - set_in(tree)


def set_in(tree: nodes.Node) -> set[str]:
    """Return the names that a template sets: parameters, macros and imports among them."""
    names = {each.name for each in tree.find_all(nodes.Name) if each.ctx != "load"}
    macros = {each.name for each in tree.find_all(nodes.Macro)}
    return names | macros | {each.target for each in tree.find_all(nodes.Import)}


def made(value: Any) -> set[str]:
    """Return the names that plays and tasks set: variables, facts and results."""
    found: set[str] = set()
    if isinstance(value, Mapping):
        found |= {str(value["register"])} if "register" in value else set()
        for key in ("vars", "ansible.builtin.set_fact"):
            found |= set(value.get(key) or {})
        for member in value.values():
            found |= made(member)
    elif isinstance(value, list):
        for member in value:
            found |= made(member)
    return found


def declared(role: Path) -> set[str]:
    """Return the names that a role declares, sets by default, or keeps for itself."""
    files = [role / "defaults/main.yml", role / "vars/main.yml"]
    return set(options_of(role.name)).union(
        *(yaml.safe_load(path.read_text()) or {} for path in files if path.is_file())
    )


def faults(value: Any, known: set[str], place: str) -> Iterator[str]:
    """Return which expressions below a value name what they must not name, or render twice."""
    for key, text, tree in expressions(value):
        yield from (f"{place}: {name} is not ours: {text}" for name in sorted(named(tree) - known - GIVEN))
        if key in CONDITIONS and has_template(text):
            yield f"{place}: a condition is made of texts: {text}"
        for call in tree.find_all(nodes.Call):
            constants = {each.value for each in call.args if isinstance(each, nodes.Const)}
            if constants & TWICE or any(option.key == "allow_unsafe" for option in call.kwargs):
                yield f"{place}: a lookup renders: {text}"
    yield from module_faults(value, place)


def module_faults(value: Any, place: str) -> Iterator[str]:
    """Return which tasks below a value render by themselves, or put a text into a command unquoted."""
    for task in value if isinstance(value, list) else [value]:
        if not isinstance(task, Mapping):
            continue
        for module in task:
            short = str(module).removeprefix("ansible.builtin.")
            if short in MODULES_TWICE:
                yield f"{place}: {module} renders"
            if module in COMMANDS and not is_quoted(task[module]):
                yield f"{place}: {module} has an expression that does not end with | quote"
        for block in ("tasks", "pre_tasks", "post_tasks", "handlers", "block", "rescue", "always"):
            yield from module_faults(task.get(block) or [], place)


def is_quoted(arguments: Any) -> bool:
    command = arguments["cmd"] if isinstance(arguments, Mapping) else str(arguments)
    found = re.findall(r"\{\{(.*?)\}\}", command)
    return "{%" not in command and all(each.strip().endswith("| quote") for each in found)


def rulebook_faults(rulesets: Any, place: str) -> Iterator[str]:
    """Return where a rulebook puts a part of an event into what it hands on, which Ansible would render."""
    for ruleset in rulesets:
        for rule in ruleset["rules"]:
            for _key, text in texts({key: rule[key] for key in rule if key.startswith("action")}):
                if has_template(text):
                    yield f"{place}: an action has an expression: {text}"


def given_to_the_page() -> set[str]:
    """Return the names that the page's templates see: they are rendered by Jinja alone, which renders no value again."""
    code = ast.parse((ROOT / "plugins" / "plugin_utils" / "report_files.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(code) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    (call,) = (call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "render")
    return {str(option.arg) for option in call.keywords}


GIVEN_TO_THE_PAGE = given_to_the_page()


def all_faults() -> Iterator[str]:
    roles = set[str]().union(*(declared(role) for role in ROLES))
    for path in PLAYBOOKS:
        plays = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield from faults(plays, made(plays) | roles, str(path.relative_to(ROOT)))
    for role in ROLES:
        files = {path: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(role.glob("*/*.yml"))}
        known = declared(role).union(*(made(content) for content in files.values()))
        for path, content in files.items():
            if path.parent.name != "meta":
                yield from faults(content, known, str(path.relative_to(ROOT)))
        templates = {
            path.name: syntax(path.read_text(encoding="utf-8")) for path in sorted(role.glob("templates/*.j2"))
        }
        # One that is included has the names of the other.
        known = GIVEN_TO_THE_PAGE.union({"loop", "namespace"}, *(set_in(tree) for tree in templates.values()))
        for name, tree in templates.items():
            yield from (f"{name}: {each} is not ours" for each in sorted(named(tree) - known - GIVEN))
    for path in RULEBOOKS:
        yield from rulebook_faults(yaml.safe_load(path.read_text(encoding="utf-8")), path.name)


def test_nothing_is_rendered_that_others_write() -> None:
    assert list(all_faults()) == []


def test_no_page_shows_how_to_render_an_event() -> None:
    blocks = {
        path.name: re.findall(r"^```ya?ml\n(.*?)^```", path.read_text(encoding="utf-8"), re.S | re.M) for path in PAGES
    }
    assert any(blocks.values())
    expression = re.compile(r"\{[{%][^}]*(?<!')\b(ansible_eda|event\.payload|joiner_(?!webhook)\w+)")
    assert [name for name, found in blocks.items() for block in found if expression.search(block)] == []


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ({"vars": {"x": "{{ ansible_eda.event.payload }}"}}, "ansible_eda is not ours"),
        ({"when": "ansible_eda is defined"}, "ansible_eda is not ours"),
        ({"vars": {"x": "{% if joiner_user %}{% endif %}"}}, "joiner_user is not ours"),
        ({"register": "x", "when": "{{ x }} == 1"}, "a condition is made of texts"),
        ({"vars": {"x": "{{ lookup('ansible.builtin.template', 'x') }}"}}, "a lookup renders"),
        ({"vars": {"x": "{{ lookup('file', 'x', allow_unsafe=true) }}"}}, "a lookup renders"),
        ({"name": "x", "ansible.builtin.template": {"src": "x"}}, "template renders"),
        ({"name": "x", "ansible.builtin.include_vars": "x"}, "include_vars renders"),
        ({"ansible.builtin.shell": "cat {{ item }}"}, "does not end with"),
        ({"tasks": [{"ansible.builtin.shell": {"cmd": "cat {{ item }}"}}]}, "does not end with"),
    ],
    ids=str,
)
def test_a_broken_rule_is_noticed(broken: Json, words: str) -> None:
    assert any(words in fault for fault in faults([broken], made([broken]), "here"))


def test_an_event_in_an_action_of_a_rulebook_is_noticed() -> None:
    action = {"run_playbook": {"name": "x", "extra_vars": {"user": "{{ event.payload.user }}"}}}
    assert list(rulebook_faults([{"rules": [{"name": "x", "action": action}]}], "here")) != []
