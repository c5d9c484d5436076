# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook that answers for custom extensions, run as its rulebook runs it, with an event as Entra sends it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.simulator.running import Running
from tests.support.calls import sent, writes
from tests.support.paths import ROOT
from tests.support.playbook import Played, run_playbook
from tests.support.requests_world import CREATED, GRANTED, callout, load

Json = dict[str, Any]
RULEBOOK = ROOT / "extensions" / "eda" / "rulebooks" / "resume.yml"


def run(sim: Running, directory: Path, payload: Json, *arguments: str) -> Played:
    """Run what the rule of the rulebook runs, with the variables that ansible-rulebook gives."""
    ((rule,),) = (ruleset["rules"] for ruleset in yaml.safe_load(RULEBOOK.read_text(encoding="utf-8")))
    action = rule["action"]["run_playbook"]
    meta = {"endpoint": "entra", "headers": {}}
    names = {"ruleset": "Custom extensions of entitlement management", "rule": rule["name"]}
    variables = {**action["extra_vars"], "ansible_eda": {**names, "event": {"payload": payload, "meta": meta}}}
    (directory / "event.json").write_text(json.dumps(variables), encoding="utf-8")
    sim.clear_calls()
    return run_playbook(action["name"], directory, sim.environment, "-e", "@event.json", *arguments)


@pytest.mark.parametrize(
    ("user", "decision", "detail"),
    [("ada@contoso.com", None, "No conflicts"), ("lee@contoso.com", "Denied", "Conflicts with Payroll")],
    ids=["goes on", "denied"],
)
def test_a_request_goes_on_or_is_denied(
    sim: Running, tmp_path: Path, user: str, decision: str | None, detail: str
) -> None:
    load(sim)
    payload = callout(sim, CREATED, user)
    foreseen = run(sim, tmp_path, payload, "--check")
    assert (foreseen.status, foreseen.tasks[-1].status, writes(sim)) == (0, "changed", [])
    done = run(sim, tmp_path, payload)
    assert done.status == 0, done.output
    (body,) = sent(sim)
    assert body["source"] == "Contoso.SodCheckProcess"
    assert body["type"].endswith(f".{CREATED}")
    assert body["data"].get("state") == decision
    assert body["data"]["customExtensionStageInstanceDetail"] == detail
    assert [task.status for task in done.tasks] == ["skipped", "ok", "ok", "ok", "ok", "changed"]
    again = run(sim, tmp_path, payload)
    assert (again.status, again.tasks[-1].status, writes(sim)) == (0, "ok", [])


def test_what_cannot_be_denied_any_more_is_left_to_a_person(sim: Running, tmp_path: Path) -> None:
    load(sim)
    payload = callout(sim, GRANTED, "lee@contoso.com")
    stopped = run(sim, tmp_path, payload)
    assert (stopped.status, writes(sim)) == (2, [])
    assert "conflicts with Payroll" in stopped.output
    assert "Traceback" not in stopped.output
    done = run(sim, tmp_path, payload, "-e", '{"resume_conflicting_packages": []}')
    assert (done.status, len(writes(sim))) == (0, 1), done.output


def test_a_check_that_cannot_be_made_is_not_passed(sim: Running, tmp_path: Path) -> None:
    load(sim)
    payload = callout(sim, CREATED, "ada@contoso.com")
    stopped = run(sim, tmp_path, payload, "-e", '{"resume_conflicting_packages": ["Nope"]}')
    assert (stopped.status, stopped.tasks[-1].status, writes(sim)) == (2, "failed", [])


def test_access_by_a_rule_is_a_conflict_like_any_other(sim: Running, tmp_path: Path) -> None:
    """The removal that check mode asks about would be refused here."""
    load(sim)
    payload = callout(sim, CREATED, "ada@contoso.com")
    done = run(sim, tmp_path, payload, "-e", '{"resume_conflicting_packages": ["Source Code Read"]}')
    assert (done.status, sent(sim)[0]["data"]["state"]) == (0, "Denied"), done.output
