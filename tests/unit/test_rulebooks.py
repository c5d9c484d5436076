# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rulebooks have the shape that ansible-rulebook documents; tests/rulebook runs them.

The words are those of the documentation of ansible-rulebook: "Rulebooks", "Rules" and "Actions", and of the event
source eda.builtin.webhook.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.idgov.entra.plugins.module_utils._events.arguments import ARGUMENT_SPEC, NAME
from ansible_collections.idgov.entra.plugins.module_utils._events.facts import KINDS
from ansible_collections.idgov.entra.plugins.plugin_utils.joiners import PERSON_KEYS
from tests.support.paths import ROOT
from tests.support.roles import options_of

Json = dict[str, Any]
RULEBOOKS = sorted((ROOT / "extensions" / "eda" / "rulebooks").glob("*.yml"))
# The page that tells about each rulebook.
PAGES = {
    "expiring": "event-source.md",
    "failed": "event-source.md",
    "joiner": "joiners.md",
    "resume": "resume-with-eda.md",
}
RULESET = {"name", "hosts", "gather_facts", "sources", "rules"}
RULE = {"name", "condition", "action", "actions", "throttle"}
RUN_PLAYBOOK = {
    *("name", "copy_files", "post_events", "set_facts", "ruleset", "verbosity", "var_root", "json_mode"),
    *("retry", "retries", "delay", "extra_vars"),
}
WEBHOOK = {
    *("host", "port", "token", "certfile", "keyfile", "password", "cafile", "capath"),
    *("hmac_secret", "hmac_algo", "hmac_header", "hmac_format"),
}
COMPARISON = re.compile(r"event(\.\w+)+ (is (not )?defined|== \"\w+\")")
VARIABLE = re.compile(r"\{\{ (\w+) \}\}")


def faults(rulesets: Any) -> Iterator[str]:
    """Return what is wrong with the shape of a rulebook."""
    if not isinstance(rulesets, list) or not rulesets:
        yield "a rulebook is a list of rulesets"
        return
    for ruleset in rulesets:
        yield from beyond(ruleset, RULESET, {"name", "hosts", "sources", "rules"})
        for source in ruleset.get("sources", []):
            yield from source_faults(source)
        for rule in ruleset.get("rules", []):
            yield from beyond(rule, RULE, {"name", "condition", "action"})
            for part in re.split(r"\s+(?:and|or)\s+", str(rule.get("condition", "")).strip()):
                if not COMPARISON.fullmatch(part):
                    yield f"condition: {part!r}"
            yield from action_faults(rule.get("action", {}))


def source_faults(source: Json) -> Iterator[str]:
    plugins = set(source) - {"name", "filters"}
    if plugins == {NAME}:
        yield from beyond(source[NAME], set(ARGUMENT_SPEC), {"state_path"})
        yield from (f"{kind} is no kind" for kind in source[NAME].get("kinds", []) if kind not in KINDS)
        return
    if plugins != {"eda.builtin.webhook"}:
        yield f"a source names one known plugin, not {sorted(plugins)}"
        return
    arguments = source["eda.builtin.webhook"]
    yield from beyond(arguments, WEBHOOK, {"port", "token", "certfile"})
    if not isinstance(arguments.get("port"), int):
        yield "port is a number"


def action_faults(action: Json) -> Iterator[str]:
    yield from beyond(action, {"run_playbook"}, {"run_playbook"})
    playbook = action.get("run_playbook", {})
    yield from beyond(playbook, RUN_PLAYBOOK, {"name"})
    name = str(playbook.get("name", "")).removeprefix("idgov.entra.")
    if not (ROOT / "playbooks" / f"{name}.yml").is_file():
        yield f"{playbook.get('name')!r} is no playbook of the collection"
    if not isinstance(playbook.get("extra_vars", {}), dict):
        yield "extra_vars is a mapping"


def beyond(found: Json, known: set[str], needed: set[str]) -> Iterator[str]:
    yield from (f"{name} is not known" for name in sorted(set(found) - known))
    yield from (f"{name} is missing" for name in sorted(needed - set(found)))


@pytest.mark.parametrize("path", RULEBOOKS, ids=lambda path: path.stem)
def test_a_rulebook_has_the_documented_shape(path: Path) -> None:
    assert list(faults(yaml.safe_load(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("path", RULEBOOKS, ids=lambda path: path.stem)
def test_its_variables_are_documented(path: Path) -> None:
    page = (ROOT / "docs" / PAGES[path.stem]).read_text(encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    variables = VARIABLE.findall(text)
    assert variables
    assert [name for name in variables if f"{name}: " not in page] == []
    (ruleset,) = yaml.safe_load(text)
    play = yaml.safe_load((ROOT / "playbooks" / path.name).read_text(encoding="utf-8"))[-1]
    given = ruleset["rules"][0]["action"]["run_playbook"]["extra_vars"]
    assert set(given) <= set(play["vars"]) | {
        name for role in play.get("roles", []) for name in options_of(role["role"])
    }


def paths_of(members: Json) -> dict[str, str]:
    """Return the path of each member that is taken out of an event or a survey."""
    return {name: member if isinstance(member, str) else member["path"] for name, member in members.items()}


def test_the_survey_asks_for_what_the_playbook_takes() -> None:
    page = (ROOT / "docs" / PAGES["joiner"]).read_text(encoding="utf-8")
    play = yaml.safe_load((ROOT / "playbooks" / "joiner.yml").read_text(encoding="utf-8"))[-1]
    questions, members = (paths_of(play["vars"][name]) for name in ("joiner_questions", "joiner_members"))
    assert members == {key: key for key in PERSON_KEYS}
    assert questions == {key: f"joiner_{key}" for key in PERSON_KEYS}
    taken = set(questions.values())
    assert [name for name in sorted(taken) if f"`{name}`" not in page] == []


def test_the_playbook_uses_what_the_page_says_that_entra_sends() -> None:
    page = (ROOT / "docs" / "resume-with-eda.md").read_text(encoding="utf-8")
    play = yaml.safe_load((ROOT / "playbooks" / "resume.yml").read_text(encoding="utf-8"))[-1]
    members = {name for path in paths_of(play["vars"]["resume_members"]).values() for name in path.split(".")}
    assert [name for name in sorted(members) if f'"{name}":' not in page] == []


@pytest.mark.parametrize(
    "broken",
    [
        {"hosts": None},
        {"rules": [{"name": "x", "condition": "event.a is defined"}]},
        {"rules": [{"name": "x", "condition": "event.a ist defined", "action": {"run_playbook": {"name": "x"}}}]},
        {"sources": [{"eda.builtin.webhok": {"port": 5000}}]},
        {"sources": [{"eda.builtin.webhook": {"port": "5000", "token": "x", "certfile": "y"}}]},
        {"sources": [{"idgov.entra.access_packages": {"kinds": ["request_failed"]}}]},
        {"sources": [{"idgov.entra.access_packages": {"state_path": "x", "kinds": ["request_fails"]}}]},
        {"tasks": []},
    ],
    ids=str,
)
def test_a_wrong_shape_is_noticed(broken: Json) -> None:
    (ruleset,) = yaml.safe_load(RULEBOOKS[0].read_text(encoding="utf-8"))
    changed = {name: value for name, value in {**ruleset, **broken}.items() if value is not None}
    assert list(faults([changed])) != []
