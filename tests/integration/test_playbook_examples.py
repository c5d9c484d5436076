# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The EXAMPLES of every plugin run as they stand in the simulated tenant, and change nothing the second time."""

from __future__ import annotations

import importlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.conftest import Play
from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support import requests_world
from tests.support.calls import writes
from tests.support.engine import administrator, assign, assign_many
from tests.support.paths import ROOT
from tests.support.playbook import changed_assignments

Json = dict[str, Any]


def requests(sim: Running) -> dict[str, str]:
    """Make the requests that the examples speak of, and give their ids."""
    requests_world.load(sim)
    found = {"token_of_an_administrator": administrator(sim)}
    for name, state in {"pending": "pendingApproval", "failed": "deliveryFailed", "denied": "denied"}.items():
        found[f"{name}_request_id"] = requests_world.request_id(state)
    for name, user in {"waiting": "ada@contoso.com", "doubtful": "bo@contoso.com"}.items():
        made = assign(sim, access_package=requests_world.PACKAGE, policy=requests_world.CREATED, user=user, wait=False)
        found[f"{name}_request_id"] = made["request"]["id"]
    sim.advance(60)
    for name in ("waiting", "doubtful"):
        found[f"{name}_instance_id"] = requests_world.instance_of(sim, found[f"{name}_request_id"])
    return found


def plugins(folder: str) -> list[str]:
    return sorted(path.stem for path in (ROOT / "plugins" / folder).glob("[a-z]*.py"))


READING = [name for name in plugins("modules") if name.endswith("_info") and name != "access_token_info"]
READING += ["access_report_files"]
# selfcheck has a test of its own: it gives and takes, and so changes something each time.
WRITING = [name for name in plugins("modules") if not name.endswith("_info") and name not in ("selfcheck", *READING)]


def examples(folder: str, name: str) -> list[Json]:
    documentation = importlib.import_module(f"ansible_collections.idgov.entra.plugins.{folder}.{name}")
    tasks: list[Json] = yaml.safe_load(documentation.EXAMPLES)
    assert tasks
    return tasks


def variables(sim: Running) -> Json:
    """What the examples take for granted."""
    delegated = ["EntitlementMgmt-SubjectAccess.ReadWrite", "EntitlementManagement.Read.All", "User.ReadBasic.All"]
    return {
        **{
            f"token_of_{user}": sim.token("delegated", user=f"{user}@contoso.com", permissions=delegated)
            for user in ("kim", "quinn")
        },
        "laptop_package_id": id_of("package", "Engineering Laptop"),
        "laptop_policy_id": id_of("policy", "Engineering Laptop/Direct assignment"),
        "contractor_object_id": id_of("user", "chen@contoso.com"),
        "approver_token": sim.token(
            "delegated", user="grace@contoso.com", permissions=["EntitlementManagement.Read.All"]
        ),
        "entra_client_id": sim.environment["AZURE_CLIENT_ID"],
        "entra_client_secret": sim.environment["AZURE_CLIENT_SECRET"],
    }


@pytest.mark.parametrize("module", WRITING)
def test_the_examples_of_a_module(sim: Running, playing: Play, module: str) -> None:
    tasks = examples("modules", module)
    given = variables(sim) | (requests(sim) if module == "access_package_assignment_request" else {})
    defaults = {"group/idgov.entra.entra": {"wait_interval": 1}}
    first = playing(tasks, vars=given, module_defaults=defaults)
    assert first.status == 0, first.output
    assert {done.status for done in first.tasks} == {"changed"}
    # What a task only plans it does not change.
    sent = replace(first, tasks=[done for done in first.tasks if done.result.get("plan") is None])
    assert len(writes(sim)) == changed_assignments(sent) >= len(tasks)
    second = playing(tasks, vars=given, module_defaults=defaults)
    assert {done.status for done in second.tasks} == {"ok"}
    assert writes(sim) == []


def test_the_examples_of_what_reads(sim: Running, playing: Play, tmp_path: Path) -> None:
    """One play for all: they leave nothing behind."""
    (tmp_path / "people.csv").write_text("user,profile\nkim@contoso.com,everybody\n", encoding="utf-8")
    (tmp_path / "access").mkdir()
    (tmp_path / "access" / "vpn.yml").write_text("assignments: [{access_package: VPN Access, user: bo@contoso.com}]\n")
    planned = assign_many(sim, [{"access_package": "Engineering Laptop", "user": "bo@contoso.com"}], check=True)
    (tmp_path / "plan.json").write_text(json.dumps(planned["plan"]), encoding="utf-8")
    shown = [("modules", name) for name in READING]
    shown += [(folder, name) for folder in ("lookup", "filter") for name in plugins(folder)]
    tasks = [task for folder, name in shown for task in examples(folder, name)]
    event = {"request": {"id": sim.dump()["requests"][0]["id"]}}
    done = playing(tasks, vars={**variables(sim), "ansible_eda": {"event": event}})
    assert done.status == 0, done.output
    assert [task.task for task in done.tasks] == [task["name"] for task in tasks]
    assert {task.status for task in done.tasks} <= {"ok", "changed"}
    assert writes(sim) == []
