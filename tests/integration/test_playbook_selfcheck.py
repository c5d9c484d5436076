# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook of the self-check, as somebody with a new tenant runs it."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import yaml

from tests.integration.conftest import Play
from tests.simulator.running import Running
from tests.support.calls import writes
from tests.support.playbook import SHIPPED, comparable, run_playbook

PLAYBOOK = "idgov.entra.selfcheck"
WRITING = {
    "selfcheck_write": True,
    "selfcheck_access_package": "Engineering Laptop",
    "selfcheck_user": "chen@contoso.com",
    "selfcheck_wait_interval": 1,
}


def test_reading_only(sim: Running, tmp_path: Path) -> None:
    done = run_playbook(PLAYBOOK, tmp_path, sim.environment)
    assert done.status == 0, done.output
    who = f"signed in as an application by the application {sim.environment['AZURE_CLIENT_ID']} to the tenant"
    assert f"ok       sign_in             {who}" in done.output
    assert writes(sim) == []
    assert list(tmp_path.glob("*.json")) == []


def test_what_cannot_work_fails_with_the_reason(sim: Running, tmp_path: Path) -> None:
    sim.switches(licence="absent")
    done = run_playbook(PLAYBOOK, tmp_path, sim.environment)
    assert done.status == 2
    assert "failed   licence             Tenant does not meet license requirement" in done.output
    assert done.tasks[-1].status == "failed"
    (reason,) = [line for line in done.tasks[-1].result["msg"].splitlines() if line.startswith("licence: ")]
    assert reason.startswith("licence: Tenant does not meet license requirement")
    assert "; " in reason


def test_writing_leaves_a_report_and_nothing_else(sim: Running, tmp_path: Path) -> None:
    held = [row for row in sim.dump()["assignments"] if row["state"] != "expired"]
    extra = json.dumps({**WRITING, "selfcheck_report_path": str(tmp_path / "report.json")})
    done = run_playbook(PLAYBOOK, tmp_path, sim.environment, "--extra-vars", extra, "-vvv")
    assert done.status == 0, done.output
    text = (tmp_path / "report.json").read_text(encoding="utf-8")
    assert "eyJ" not in text + done.output
    assert sim.environment["AZURE_CLIENT_SECRET"] not in text + done.output
    report = json.loads(text)
    assert {row["fact"] for row in report["observations"]} >= {"update_start", "nested_select"}
    others = [row["userPrincipalName"] for row in sim.dump()["users"] if "chen" not in row["userPrincipalName"]]
    assert others
    assert not any(name in text for name in others)
    assert [row for row in sim.dump()["assignments"] if row["state"] != "expired"] == held


def test_the_examples_and_both_hosts(sim: Running, playing: Play) -> None:
    module = importlib.import_module("ansible_collections.idgov.entra.plugins.modules.selfcheck")
    tasks = yaml.safe_load(module.EXAMPLES)
    defaults = {"group/idgov.entra.entra": {"wait_interval": 1}}
    here = playing(tasks, module_defaults=defaults)
    assert [done.status for done in here.tasks] == ["ok", "ok", "changed"], here.output
    # Once more for both: what was given and taken away in between shows more of the lists.
    again = [playing([{**tasks[0], **keywords}]).only for keywords in ({}, SHIPPED)]
    assert comparable(again[0]) == comparable(again[1])
