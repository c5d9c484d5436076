# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names in Graph are data: whoever may choose one can neither write to a terminal nor have a template run."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
import yaml

from tests.integration.conftest import Play
from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.paths import ROOT
from tests.support.playbook import MANY, MODULE, SHIPPED, Json

EVIL = "\x1b[2J\u202e{{ lookup('pipe', 'echo pwn' ~ 'ed') }}"
EVERYBODY = {"scope": "allDirectoryUsers"}


def load(sim: Running) -> None:
    """Add a package with policies of such a name, and a user under one of them."""
    world = yaml.safe_load((ROOT / "tests" / "simulator" / "worlds" / "contoso.yml").read_text(encoding="utf-8"))
    policies = [{"name": name, **EVERYBODY} for name in (f"{EVIL}1", f"{EVIL}2", "Plain")]
    world["packages"].append({"name": "Named", "catalog": "General", "policies": policies})
    world["assignments"].append({"user": "ada@contoso.com", "package": "Named", "policy": f"{EVIL}1", "start": "-P1D"})
    sim.load(world)


def test_a_name_cannot_do_anything(sim: Running, playing: Play) -> None:
    load(sim)
    done = playing([*named_tasks({}), *named_tasks(SHIPPED)], "-vvv")
    assert [task.status for task in done.tasks] == ["failed", "failed", "ok", "ok", "ok"] * 2, done.output
    for refused, absent in zip(done.tasks[0::5], done.tasks[2::5], strict=True):
        assert "\\x1b[2J" in refused.result["msg"]
        assert "\u202e" not in refused.result["msg"]
        assert absent.result["warnings"]
    assert "\x1b" not in done.output
    assert "pwned" not in done.output


def named_tasks(keywords: Json) -> list[Json]:
    """Two errors that name policies, a removal that warns of one, and a row that is shown; nothing is changed."""
    named = {"access_package": "Named", "wait_interval": 1}
    other = {**named, "user": "ada@contoso.com", "policy": "Plain"}
    return [
        {"name": "refused", MODULE: {**named, "user": "bo@contoso.com"}, "ignore_errors": True, **keywords},
        {"name": "mismatch", MODULE: other, "ignore_errors": True, **keywords},
        {"name": "absent", MODULE: {**other, "state": "absent"}, **keywords},
        {
            "name": "read",
            "idgov.entra.access_package_info": {"access_package": "Named"},
            "register": "read",
            **keywords,
        },
        {"name": "show", "ansible.builtin.debug": {"msg": "{{ read.access_packages[0].policies[0].display_name }}"}},
    ]


# Erases the screen, rings, turns round and hides what follows, and writes lines that look like a callback's own.
HOSTILE = "\x1b[2J\x07\u202e\u200bEve\n+++ after: forged\nchanged: [forged]\r\x9b31m"
SHOWN = "\\x1b[2J\\x07\\u202e\\u200bEve\\n+++ after: forged\\nchanged: [forged]\\r\\x9b31m"
CALLBACKS = {
    "default": {},
    "default as YAML": {"ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"},
    "minimal": {"ANSIBLE_STDOUT_CALLBACK": "minimal"},
    "oneline": {"ANSIBLE_STDOUT_CALLBACK": "oneline"},
}


def load_hostile(sim: Running) -> None:
    """Return catalog, package, policies, question, person and a reason such a name."""
    world = yaml.safe_load((ROOT / "tests" / "simulator" / "worlds" / "contoso.yml").read_text(encoding="utf-8"))
    question = {"text": HOSTILE, "required": True, "regex": "[0-9]{4}"}
    request_as_ = {"name": f"{HOSTILE}1", **EVERYBODY, "questions": [question]}
    world["catalogs"].append({"name": HOSTILE})
    world["packages"] += [
        {"name": HOSTILE, "catalog": HOSTILE, "policies": [request_as_]},
        {"name": f"{HOSTILE}!", "catalog": HOSTILE, "policies": [{"name": f"{HOSTILE}{n}", **EVERYBODY} for n in "23"]},
    ]
    world["users"].append({"upn": "eve@contoso.com", "display_name": HOSTILE})
    world["assignments"].append(
        {"user": "eve@contoso.com", "package": HOSTILE, "policy": f"{HOSTILE}1", "start": "-P1D"}
    )
    sim.load(world)


def hostile_tasks() -> list[Json]:
    """Two errors that list what there is, changes with a diff alone and in a list, and a row that was read."""
    one, two = id_of("package", HOSTILE), id_of("package", f"{HOSTILE}!")
    ada, eve = id_of("user", "ada@contoso.com"), id_of("user", "eve@contoso.com")
    refused: Json = {"ignore_errors": True}
    return [
        {"name": "policies", MODULE: {"access_package": two, "user": ada}, **refused},
        {"name": "question", MODULE: {"access_package": one, "user": ada, "answers": []}, **refused},
        {"name": "one", MODULE: {"access_package": one, "user": eve, "state": "absent", "justification": "{{ why }}"}},
        {"name": "many", MANY: {"assignments": [{"access_package": one, "user": eve, "state": "absent"}]}},
        {"name": "read", "idgov.entra.access_package_info": {"access_package": one}},
    ]


def of_kind(text: str, *kinds: str) -> set[str]:
    return {letter for letter in text if unicodedata.category(letter) in kinds and letter != "\n"}


@pytest.mark.parametrize("callback", CALLBACKS)
def test_no_callback_prints_what_a_name_would_have_it_print(sim: Running, playing: Play, callback: str) -> None:
    """Sentences, differences and their headers show each such letter; values in results stay as Graph has them."""
    load_hostile(sim)
    environment = {"ANSIBLE_CALLBACKS_ENABLED": "recorder,junit,tree", **CALLBACKS[callback]}
    variables = json.dumps({"why": "because \u202e\u200b"})
    done = playing(hostile_tasks(), "--check", "--diff", "-e", variables, env=environment)
    assert [task.status for task in done.tasks] == ["failed", "failed", "changed", "changed", "ok"], done.output
    # A callback that prints whole results writes them as JSON, which escapes the older half of control characters.
    assert of_kind(done.output, "Cc") <= (set() if callback.startswith("default") else {"\x9b"})
    assert not re.search(r"^(?:\+\+\+ after: forged|changed: \[forged\])", done.output, re.MULTILINE)
    for task in done.tasks[:2]:
        assert SHOWN in task.result["msg"]
        assert of_kind(json.dumps([task.result["msg"], task.result["error"]], ensure_ascii=False), "Cf") == set()
    (many,) = done.tasks[3].result["diff"]
    assert many["before_header"].startswith(f"{SHOWN}: ")
    assert (f"+++ after: {SHOWN}: " in done.output) is (callback != "oneline")
    assert done.tasks[2].result["diff"]["before"]["policy"] == f"{SHOWN}1"
    assert done.tasks[3].result["outcomes"][0]["access_package"]["display_name"] == HOSTILE
    if callback.startswith("default"):
        assert of_kind(done.output, "Cf") == set()
