# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that came from outside is rendered: events, surveys, files and names, through every playbook, on every core.

The own ansible-core runs here; ``make test-cores`` runs the same on every other one from 2.16.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.simulator.running import Running
from tests.support.calls import sent, writes
from tests.support.cores import cores
from tests.support.events import told
from tests.support.hostile import (
    STYLES,
    Canaries,
    HostileTenant,
    as_awx,
    as_rulebook,
    event,
    hostile_members,
    undeclared,
    within,
)
from tests.support.paths import ROOT
from tests.support.playbook import MANY, Played, run_playbook, write_play
from tests.support.requests_world import CREATED, callout, load

Json = dict[str, Any]
Writer = Callable[[Json, Json], str]
PROGRAMS = cores()
WAYS: dict[str, Writer] = {"ansible-rulebook": as_rulebook, "AWX": as_awx}
PROFILES = {"engineer": ["Engineering Laptop", {"access_package": "VPN Access", "policy": "Everybody"}]}
JOINER = {"user": "kim@contoso.com", "profile": "engineer"}
CONFIGURED = {"onboarding_profiles": PROFILES, "onboarding_wait": False}
RESUME = {"resume_source": "Contoso.SodCheckProcess", "resume_conflicting_packages": ["Payroll"]}


@pytest.fixture(params=sorted(PROGRAMS))
def program(request: pytest.FixtureRequest) -> Path:
    """The ansible-playbook of each ansible-core."""
    return PROGRAMS[request.param]


class Runner:
    """Runs a playbook of the collection on one ansible-core, in a directory."""

    def __init__(self, sim: Running, directory: Path, program: Path) -> None:
        self.sim, self.directory, self.program = sim, directory, program

    def __call__(self, name: str, way: str, asked: Json, configured: Json) -> Played:
        (self.directory / "vars.yml").write_text(WAYS[way](asked, configured), encoding="utf-8")
        self.sim.clear_calls()
        environment = self.sim.environment
        return run_playbook(name, self.directory, environment, "-e", "@vars.yml", "-vvv", program=self.program)


@pytest.fixture
def running(sim: Running, tmp_path: Path, program: Path) -> Runner:
    return Runner(sim, tmp_path, program)


def eda(payload: Any, canaries: Canaries) -> Json:
    names = {"ruleset": "Any", "rule": "Any"}
    return {"ansible_eda": {**names, "event": event(canaries, payload)}}


@pytest.mark.parametrize("way", WAYS)
def test_what_else_an_event_to_resume_holds_is_ignored(running: Runner, canaries: Canaries, way: str) -> None:
    load(running.sim)
    payload = callout(running.sim, CREATED, "ada@contoso.com")
    done = running("idgov.entra.resume", way, eda(undeclared(canaries, payload), canaries), RESUME)
    assert done.status == 0, done.output
    assert len(writes(running.sim)) == 1


def test_what_an_event_says_of_a_joiner_is_data(running: Runner, canaries: Canaries) -> None:
    person = {**JOINER, **free_texts(canaries), "answers": []}
    done = running(
        "idgov.entra.joiner", "ansible-rulebook", eda({**undeclared(canaries, person), **person}, canaries), CONFIGURED
    )
    check_joined(running.sim, done, person)


def test_what_a_survey_says_of_a_joiner_is_data(running: Runner, canaries: Canaries) -> None:
    person = {**JOINER, **free_texts(canaries)}
    done = running("idgov.entra.joiner", "AWX", {f"joiner_{key}": value for key, value in person.items()}, CONFIGURED)
    check_joined(running.sim, done, person)


def free_texts(canaries: Canaries) -> Json:
    # A name has no line break; one with it would be refused before anything else is looked at.
    names = [canaries.text(style, "package") for style in STYLES if style != "headed"]
    return {"justification": canaries.text("list", "reason"), "access_packages": names}


def check_joined(sim: Running, done: Played, person: Json) -> None:
    """The profile was given with the reason as it is, and what looks like a template was taken for the name of a package."""
    assert [body["justification"] for body in sent(sim)] == [person["justification"]] * 2, done.output
    missing = done.tasks[-1].result["msg"]
    assert done.status == 2
    assert [name for name in person["access_packages"] if repr(name) not in missing] == []


@pytest.mark.parametrize(("name", "configured"), [("resume", RESUME), ("joiner", CONFIGURED)])
def test_an_event_that_is_hostile_itself_does_nothing(
    running: Runner, canaries: Canaries, name: str, configured: Json
) -> None:
    load(running.sim)
    payload = callout(running.sim, CREATED, "ada@contoso.com") if name == "resume" else JOINER
    done = running(f"idgov.entra.{name}", "ansible-rulebook", eda(within(canaries, payload), canaries), configured)
    assert (done.status, writes(running.sim)) == (2, []), done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize("way", WAYS)
def test_variables_are_read_as_they_are(running: Runner, canaries: Canaries, way: str) -> None:
    """Also where a fact has kept them, and where they are used once more."""
    given = hostile_members(canaries, "given")
    members = {"taken": "ansible_eda.event.payload.given", "other": "ansible_eda.event.payload.nothing.here"}
    tasks: list[Json] = [
        {
            "name": "keep",
            "ansible.builtin.set_fact": {"kept": "{{ lookup('idgov.entra.data_vars', members=members) }}"},
        },
        {"name": "show", "ansible.builtin.debug": {"msg": "{{ kept.taken }}"}},
        {"name": "each", "ansible.builtin.debug": {"msg": "{{ item }}"}, "loop": "{{ kept.taken.answers }}"},
    ]
    playbook = write_play(tasks, running.directory, vars={"members": members})
    done = running(playbook, way, eda({"given": given}, canaries), {})
    assert done.status == 0, done.output
    assert done.tasks[0].result["ansible_facts"]["kept"] == {"taken": given}
    assert done.tasks[1].result["msg"] == given
    # Before ansible-core 2.19 an item that looks like a list has become one, of texts that are data still.
    assert len(done.tasks[2].result["results"]) == len(STYLES)


@pytest.mark.parametrize("way", WAYS)
def test_what_the_source_tells_of_access_that_runs_out_is_data(
    running: Runner, canaries: Canaries, tmp_path: Path, way: str
) -> None:
    tenant, kept = HostileTenant(canaries), tmp_path / "kept"
    expiring = told_of_hostile_tenant(running.sim, tenant, tmp_path)["expiring"]
    done = running("idgov.entra.expiring", way, of_source(undeclared(canaries, expiring), canaries), kept_in(kept))
    assert done.status == 0, done.output
    found = json.loads(kept.read_text(encoding="utf-8"))
    assert (found["access_package"], found["person"]) == (tenant.package, "bo@contoso.com")
    assert (found["event"], writes(running.sim)) == (expiring["id"], [])


def test_what_the_source_tells_of_a_failed_delivery_is_data(
    running: Runner, canaries: Canaries, tmp_path: Path
) -> None:
    """And so are the words with which Graph refuses the next one."""
    sim, kept, refused = running.sim, tmp_path / "kept", canaries.text("expression", "refusal")
    failed = told_of_hostile_tenant(sim, HostileTenant(canaries), tmp_path)["failed"]
    play = ("idgov.entra.failed", "ansible-rulebook", of_source(undeclared(canaries, failed), canaries), kept_in(kept))
    sim.faults({"method": "POST", "path": "reprocess$", "effect": {"status": 403, "message": refused}})
    done = running(*play)
    assert (done.status, kept.read_text(encoding="utf-8")) == (2, f"{failed['request']['id']}\n"), done.output
    assert refused in done.tasks[-1].result["msg"]
    kept.unlink()
    sim.faults()
    done = running(*play)
    assert done.status == 0, done.output
    assert [call["path"].rsplit("/", 2)[1:] for call in writes(sim)] == [[failed["request"]["id"], "reprocess"]]


@pytest.mark.parametrize("name", ["failed", "expiring"])
def test_an_event_of_a_source_that_is_hostile_itself_does_nothing(
    running: Runner, canaries: Canaries, tmp_path: Path, name: str
) -> None:
    told = told_of_hostile_tenant(running.sim, HostileTenant(canaries), tmp_path)[name]
    asked, kept = of_source(within(canaries, told), canaries), tmp_path / "kept"
    done = running(f"idgov.entra.{name}", "ansible-rulebook", asked, kept_in(kept))
    assert (done.status, writes(running.sim), kept.exists()) == (2, [], False), done.output
    assert "Traceback" not in done.output


def of_source(told: Json, canaries: Canaries) -> Json:
    """Return what a rulebook makes of an event that a source has told."""
    return {"ansible_eda": {"ruleset": "Any", "rule": "Any", "event": {**told, **event(canaries, {})}}}


def kept_in(path: Path) -> Json:
    """Return the variables that say where the playbooks of the source's rulebooks write."""
    return {"failed_record_path": str(path), "expiring_path": str(path)}


def told_of_hostile_tenant(sim: Running, tenant: HostileTenant, directory: Path) -> dict[str, Json]:
    """Let a delivery fail and give access that runs out, and give what the source tells of both, by the rulebook for it."""
    sim.load(tenant.world())
    tenant.fail_a_delivery(sim)
    tenant.give_access_for_a_while(sim)
    # Both requests have come to their ends before anything is read.
    sim.advance(5)
    events = told(sim, directory, kinds=["request_failed", "assignment_expiring"])
    rows = [each["request"] or each["assignment"] for each in events]
    failed, expiring = (
        each for each, row in zip(events, rows, strict=True) if row["access_package"]["display_name"] == tenant.package
    )
    assert failed["request"]["justification"] == tenant.reason
    return {"failed": failed, "expiring": expiring}


class Hostile(HostileTenant):
    """A hostile tenant, and files that say so."""

    def __init__(self, canaries: Canaries, directory: Path) -> None:
        super().__init__(canaries)
        self.directory = directory
        self.reasons = {place: canaries.text("list", place) for place in ("file", "survey", "table", "leaving")}
        self.job, self.profile, self.heading = (
            canaries.text("expression", place) for place in ("job", "profile", "head")
        )
        self.path = canaries.text("expression", "path")

    def write_files(self) -> None:
        item = {"access_package": self.package, "policy": self.policy, "justification": self.reasons["file"]}
        declared = [{**item, "user": "evil@contoso.com", "catalog": self.catalog}, {**item, "members_of": self.group}]
        (self.directory / "access.yml").write_text(yaml.safe_dump({"assignments": declared}), encoding="utf-8")
        with (self.directory / "people.csv").open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(["user", self.heading, "reason"])
            table.writerow(["kim@contoso.com", self.profile, self.reasons["table"]])

    def answers(self) -> Json:
        """Return the answers of a survey, and what AWX tells of the job."""
        return {
            "awx_job_id": 7,
            "awx_job_template_name": self.job,
            "access_as_code_files": ["access.yml"],
            "access_as_code_justification": self.reasons["survey"],
            "access_as_code_audit_path": f"audit {self.path.replace('/', '-')}",
            "onboarding_people": [{"user": "rosa@contoso.com", "access_packages": self.package}],
            "onboarding_people_file": "people.csv",
            "onboarding_columns": {"user": "user", "profile": self.heading, "justification": "reason"},
            "onboarding_profiles": {self.profile: [{"access_package": self.package, "catalog": self.catalog}]},
            "offboarding_users": ["evil@contoso.com"],
            "offboarding_keep": [self.kept],
            "offboarding_justification": self.reasons["leaving"],
            "access_report_path": f"{self.directory}/report {self.path.replace('/', '-')}",
            "access_report_catalog": self.catalog,
            "selfcheck_report_path": f"{self.directory}/selfcheck {self.path.replace('/', '-')}",
        }

    def playbook(self, *names: str) -> str:
        """Write the plays of the collection's playbooks one after the other, so that Ansible starts once, and give the path."""
        texts = [(ROOT / "playbooks" / f"{name}.yml").read_text(encoding="utf-8") for name in names]
        quickly = {"module_defaults": {MANY: {"wait_interval": 1}}}
        plays = [{**play, **quickly} for text in texts for play in yaml.safe_load(text)]
        (self.directory / "all.yml").write_text(yaml.safe_dump(plays, sort_keys=False), encoding="utf-8")
        return "all.yml"


def test_no_role_renders_what_others_write(running: Runner, canaries: Canaries, tmp_path: Path) -> None:
    hostile = Hostile(canaries, tmp_path)
    running.sim.load(hostile.world())
    hostile.write_files()
    playbook = hostile.playbook("converge", "onboard", "report", "offboard", "selfcheck")
    done = running(playbook, "AWX", hostile.answers(), {})
    assert done.status == 0, done.output
    reasons = [body.get("justification") for body in sent(running.sim)]
    own, table = f"AWX job 7 ({hostile.job})", hostile.reasons["table"]
    assert reasons[:4] == [hostile.reasons["file"]] * 2 + [own, table]
    (report,) = tmp_path.glob("report */access_report.json")
    told = json.loads(report.read_text(encoding="utf-8"))
    assert {row["access_package"] for row in told["assignments"]} == {hostile.package, hostile.kept}
    assert {row["policy"] for row in told["assignments"]} == {hostile.policy}
    assert hostile.person in {row["person"] for row in told["assignments"]}


def test_a_plan_of_hostile_names_is_made_and_applied(running: Runner, canaries: Canaries, tmp_path: Path) -> None:
    hostile = Hostile(canaries, tmp_path)
    running.sim.load(hostile.world())
    hostile.write_files()
    plan = f"plan {hostile.path.replace('/', '-')}"
    asked: Json = {
        "access_as_code_files": ["access.yml"],
        "access_as_code_justification": hostile.reasons["survey"],
        "access_as_code_plan_path": plan,
        "access_as_code_summary_path": f"summary {plan}",
    }
    done = running(hostile.playbook("plan"), "AWX", asked, {})
    assert (done.status, writes(running.sim)) == (0, []), done.output
    planned = json.loads((tmp_path / plan).read_text(encoding="utf-8"))
    assert [item["access_package"]["display_name"] for item in planned["items"]] == [hostile.package] * 2
    applied = {"access_as_code_plan": plan, "access_as_code_audit_path": f"audit {plan}"}
    done = running(hostile.playbook("apply"), "AWX", applied, {})
    assert done.status == 0, done.output
    assert [body.get("justification") for body in sent(running.sim)] == [hostile.reasons["file"]] * 2
    assert len((tmp_path / f"audit {plan}").read_text(encoding="utf-8").splitlines()) == 2
