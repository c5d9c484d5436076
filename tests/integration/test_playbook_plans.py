# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planning and applying with the role: what is written, what is refused, and that nothing but a good plan sends anything."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.idgov.entra.plugins.module_utils._plan.text import digest_of
from tests.simulator.running import Running
from tests.support.calls import sent, writes
from tests.support.paths import ROOT
from tests.support.playbook import Played, play, run_playbook
from tests.support.runner import LOCAL, Job, run_job
from tests.support.tenants import variables_of

Json = dict[str, Any]
Run = Callable[..., Played]
VPN = {"access_package": "VPN Access", "policy": "Everybody"}
DECLARED: Json = {"access_as_code_assignments": [{**VPN, "user": "kim@contoso.com"}]}
PLAN: Json = {"access_as_code_plan_path": "plan.json", "access_as_code_summary_path": "summary.md"}


@pytest.fixture
def running(sim: Running, tmp_path: Path) -> Run:
    """Run a playbook of the collection with variables, in a directory of its own."""

    def run(name: str, variables: Json, *arguments: str, **environment: str) -> Played:
        (tmp_path / "vars.json").write_text(json.dumps(variables), encoding="utf-8")
        sim.clear_calls()
        given = {**sim.environment, **environment}
        return run_playbook(f"idgov.entra.{name}", tmp_path, given, "-e", "@vars.json", *arguments)

    return run


def roles(*cases: Json, **keywords: Any) -> list[Json]:
    """Return tasks that call the role with the variables of each case, and go on after an error."""
    return [
        {
            "block": [{"ansible.builtin.include_role": {"name": "idgov.entra.access_as_code"}, "vars": variables}],
            "rescue": [{"ansible.builtin.meta": "noop"}],
            **keywords,
        }
        for variables in cases
    ]


def failures(done: Played) -> list[str]:
    return [str(each.result["msg"]) for each in done.tasks if each.status == "failed"]


def test_planning_reads_only_and_removes_what_is_older(sim: Running, tmp_path: Path, running: Run) -> None:
    reader = sim.token(permissions=["EntitlementManagement.Read.All", "User.ReadBasic.All"])
    # Links that somebody else put where the files will be lead nowhere.
    (tmp_path / "other").write_text("of somebody else", encoding="utf-8")
    for name in PLAN.values():
        (tmp_path / name).symlink_to("other")
    # As texts, which is what -e makes of a value.
    texts = {"access_as_code_fail_on_drift": "false", "access_as_code_exclusive": "yes"}
    good = running("plan", {**DECLARED, **PLAN, **texts}, "--check", IDGOV_ACCESS_TOKEN=reader)
    assert (good.status, writes(sim)) == (0, []), good.output
    # What differs in Entra counts as a change, and the files do not.
    assert [each.task.rpartition(": ")[2] for each in good.tasks if each.status == "changed"] == [
        "Find out what would change"
    ]
    plan = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert [item["action"] for item in plan["items"]] == ["add", "remove"]
    for name in PLAN.values():
        assert stat.filemode((tmp_path / name).lstat().st_mode) == "-rw-------"
    assert (tmp_path / "other").read_text(encoding="utf-8") == "of somebody else"

    over = running("plan", {**DECLARED, **PLAN, "access_as_code_max_removals": "0"})
    assert (over.status, writes(sim)) == (2, [])
    assert not (tmp_path / "plan.json").exists()
    told = (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert told.startswith("## No plan\n\n**Nothing to approve.** It would have been: 1 removal")
    assert "the limit is 0: lee@contoso.com (VPN Access)" in told
    assert "| **remove** | `lee@contoso.com` | `VPN Access` |" in told

    nothing = running("plan", {**PLAN, "access_as_code_assignments": [{**VPN, "user": "lee@contoso.com"}]})
    assert nothing.status == 0, nothing.output
    assert json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["items"] == []
    applied = running("apply", {"access_as_code_plan": "plan.json"})
    assert (applied.status, writes(sim)) == (0, []), applied.output


def test_what_is_asked_for_wrongly_sends_nothing(sim: Running, tmp_path: Path) -> None:
    stale = {"access_as_code_plan": "gone.json"}
    cases: list[tuple[Json, str]] = [
        ({**DECLARED, **PLAN}, "access_as_code_plan_path and access_as_code_fail_on_drift require planning"),
        (
            {**DECLARED, "access_as_code_fail_on_drift": True},
            "access_as_code_plan_path and access_as_code_fail_on_drift",
        ),
        (
            {**DECLARED, **stale},
            "access_as_code_plan and access_as_code_files or access_as_code_assignments are mutually",
        ),
        ({**stale, "access_as_code_summary_path": "older.md"}, "gone.json: no such file"),
        ({"access_as_code_plan": "H4sI" + "A" * 40}, "text form"),
        ({"access_as_code_plan_only": True}, "one of the following is required: access_as_code_files"),
        (
            {**DECLARED, "access_as_code_plan_only": True, "access_as_code_summary_path": "kept"},
            "kept is a directory; give the path of a file",
        ),
    ]
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "access.yml").touch()
    (tmp_path / "older.md").touch()
    # A play's own check mode, which no role can see, holds by itself.
    unseen = [{**task, "check_mode": True} for task in roles(DECLARED)]
    tasks = [*roles(*(variables for variables, _words in cases)), *unseen]
    done = play(tasks, tmp_path, sim.environment)
    assert [words for (_case, words), told in zip(cases, failures(done), strict=True) if words not in told] == []
    assert writes(sim) == []
    assert (tmp_path / "kept" / "access.yml").exists()
    # The summary of an earlier run would pass for that of one that stopped early.
    assert not (tmp_path / "older.md").exists()

    two = {"all": {"hosts": {"localhost": {}, "other": {}}, "vars": {"ansible_connection": "local"}}}
    (tmp_path / "hosts.yml").write_text(json.dumps(two), encoding="utf-8")
    handing_on = {**DECLARED, "access_as_code_plan_only": True, "access_as_code_plan_path": "-"}
    several = play(roles(handing_on), tmp_path, sim.environment, "-i", "hosts.yml", hosts="all")
    assert set(failures(several)) == {
        "access_as_code_plan_path '-' requires exactly one host, and this play has 2; limit the job to one tenant, or use a path"
    }


def test_a_plan_that_is_not_this_one_sends_nothing(sim: Running, tmp_path: Path, running: Run) -> None:
    assert running("plan", {**DECLARED, **PLAN}).status == 0
    plan = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    other = {name: value for name, value in plan.items() if name != "digest"}
    spoilt: dict[str, Json] = {
        "edited": {**plan, "items": plan["items"][1:]},
        "foreign": {**other, "tenant_id": "00000000-0000-0000-0000-00000000000f"},
        "old": {**other, "created_date_time": "2020-01-01T00:00:00Z"},
    }
    for name, document in spoilt.items():
        document.setdefault("digest", digest_of(document))
        (tmp_path / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    sim.clear_calls()
    tasks = roles(*({"access_as_code_plan": f"{name}.json"} for name in spoilt))
    done = play(tasks, tmp_path, sim.environment)
    edited, foreign, old = failures(done)
    assert "digest" in edited
    assert "tenant" in foreign
    assert "plan_max_age" in old
    # Not even read: the sign-in is all that there was.
    assert [call["path"] for call in sim.calls() if "identityGovernance" in call["path"]] == []

    without = running("apply", DECLARED)
    assert failures(without) == ["access_as_code_plan is required"]
    assert sim.calls() == []


def workflow_job(sim: Running, folder: Path, *arguments: str, inventory: Json | None = None, **variables: Any) -> Job:
    """Run a playbook of the project for AWX, by the name of its folder, as AWX runs a node of a workflow."""
    project = ROOT / "docs" / "awx" / "project"
    plays = yaml.safe_load((project / f"{folder.name}.yml").read_text(encoding="utf-8"))
    return run_job(plays, folder, sim.environment, *arguments, extra_vars=variables, inventory=inventory)


def artifacts_of(done: Job) -> Json:
    """Return what AWX hands on to the later nodes."""
    (found,) = (each["event_data"]["artifact_data"] for each in done.events if "artifact_data" in each["event_data"])
    return dict(found)


def test_the_plan_of_a_tenant_is_handed_on_and_applied_on_that_host_only(sim: Running, tmp_path: Path) -> None:
    """What a node hands on is a variable of all hosts of a later one, and a plan is of one tenant."""
    signed_in = {**variables_of("contoso", sim), "idgov_entra_client_secret": sim.environment["AZURE_CLIENT_SECRET"]}
    hosts: Json = {"tenants": {"hosts": {"contoso": signed_in, "fabrikam": signed_in}, "vars": LOCAL}}
    asked: Json = {"inventory": hosts, "idgov_hosts": "tenants"}
    planned = workflow_job(
        sim, tmp_path / "plan", "--limit", "contoso", **asked, **DECLARED, access_as_code_plan_path="-"
    )
    assert (planned.status, writes(sim)) == (0, []), planned.texts["printed"]
    artifacts = artifacts_of(planned)
    # Counts are kept for each host, and only what is of no host is handed on.
    assert set(artifacts) == {"access_as_code_plan"}

    sim.clear_calls()
    several = workflow_job(sim, tmp_path / "first" / "apply", **asked, **artifacts)
    stopped = several.results("Stop where several hosts would apply one plan")
    assert [each["msg"] for each in stopped] == [
        "access_as_code_plan requires exactly one host where it is the text of a plan, and this play has 2; limit the job to one tenant"
    ] * 2
    assert sim.calls() == []

    one = workflow_job(sim, tmp_path / "second" / "apply", "--limit", "contoso", **asked, **artifacts)
    assert one.status == 0, one.texts["printed"]
    assert len(writes(sim)) > 0


def test_a_plan_travels_through_a_workflow_of_awx(sim: Running, tmp_path: Path) -> None:
    """Two jobs of ansible-runner with the playbooks of the project: the artifacts of one are variables of the other."""

    def job(name: str, **variables: Any) -> Job:
        return workflow_job(sim, tmp_path / name, **variables)

    planned = job("plan", **DECLARED, access_as_code_plan_path="-")
    assert (planned.status, writes(sim)) == (0, []), planned.texts["printed"]
    artifacts = artifacts_of(planned)
    # AWX gives every artifact to the later nodes, and the variables of the workflow's survey besides.
    applied = job("apply", **artifacts, access_as_code_justification="Ticket 4711")
    assert applied.status == 0, applied.texts["printed"]
    assert [body["requestType"] for body in sent(sim)] == ["adminAdd", "adminRemove"]
