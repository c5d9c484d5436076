# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two hosts, one engine: a task gives the same results inside the controller and as a shipped module."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.integration.conftest import Play
from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import sent, sign_ins, writes
from tests.support.playbook import ELSEWHERE, MODULE, SHIPPED, Done, comparable, run_playbook

Json = dict[str, Any]
FAST = {"wait_interval": 1}
LAPTOP = {"access_package": "Engineering Laptop", "user": "ada@contoso.com", **FAST}
LEE = {"access_package": "Payroll", "user": "lee@contoso.com", "state": "absent", **FAST}
# name -> options, keywords of the task
CASES: dict[str, tuple[Json, Json]] = {
    "foresee an add": (LAPTOP, {"check_mode": True}),
    "add": (LAPTOP, {}),
    "add once more": (LAPTOP, {}),
    "foresee nothing": (LAPTOP, {"check_mode": True}),
    "foresee a removal": (LEE, {"check_mode": True}),
    "remove": (LEE, {}),
    "remove once more": (LEE, {}),
    "outsider": ({"access_package": "Partner Portal", "email": "sam@fabrikam.com", **FAST}, {}),
    "not waited for": ({**LAPTOP, "user": "chen@contoso.com", "wait": False}, {}),
    "alias": ({**LAPTOP, "tenant": "contoso.onmicrosoft.com"}, {}),
    "a warning": ({**LAPTOP, "validate_certs": False}, {}),
    "unknown package": ({**LAPTOP, "access_package": "Nope"}, {}),
    "ambiguous package": ({**LAPTOP, "access_package": "Shared Name"}, {}),
    "ambiguous policy": ({**LAPTOP, "access_package": "VPN Access"}, {}),
    "unknown user": ({**LAPTOP, "user": "nobody@contoso.com"}, {}),
    "unknown option": ({**LAPTOP, "usr": "x"}, {}),
    "wrong choice": ({**LAPTOP, "state": "there"}, {}),
    "wrong type": ({**LAPTOP, "timeout": "soon"}, {}),
    "nobody": ({"access_package": "VPN Access"}, {}),
    "a date that is none": ({**LAPTOP, "schedule": {"end_date_time": "tomorrow"}}, {}),
    "wrong secret": ({**LAPTOP, "client_secret": "not-this-one"}, {}),
    "wrong cloud": ({**LAPTOP, "cloud_environment": "AzureGermanCloud"}, {}),
    "no TLS": ({**LAPTOP, "graph_url": "http://graph.microsoft.com"}, {}),
    "unreachable": ({**LAPTOP, "graph_url": "https://localhost:1", "retries": 0}, {}),
}
SELF = {"request_as": "self", "access_token": "{{ token }}", "access_package": "Training", **FAST}
REPORT = {**SELF, "request_as": "manager", "policy": "Self and managers", "user": "rosa@contoso.com"}
BETA = {**LAPTOP, "user": "bo@contoso.com", "api_version": "beta"}
OTHER_WAYS: dict[str, tuple[Json, Json]] = {
    "foresee asking": (SELF, {"check_mode": True}),
    "ask": (SELF, {}),
    "ask once more": (SELF, {}),
    "foresee asking once more": (SELF, {"check_mode": True}),
    "ask for a report": (REPORT, {}),
    "ask for a report once more": (REPORT, {}),
    "foresee an add in beta": (BETA, {"check_mode": True}),
    "add in beta": (BETA, {}),
    "add in beta once more": (BETA, {}),
}


def run_all(playing: Play, cases: dict[str, tuple[Json, Json]], keywords: Json, **variables: str) -> list[Done]:
    tasks = [
        {"name": name, MODULE: options, "ignore_errors": True, **keywords, **more}
        for name, (options, more) in cases.items()
    ]
    return playing(tasks, vars=variables).tasks


def test_both_hosts_give_the_same_results(sim: Running, playing: Play) -> None:
    in_process = run_all(playing, CASES, {})
    bodies = sent(sim)
    sim.reset()
    shipped = run_all(playing, CASES, SHIPPED)
    assert [done.task for done in in_process] == list(CASES)
    for here, there in zip(in_process, shipped, strict=True):
        assert comparable(here) == comparable(there), here.task
    assert sent(sim) == bodies
    assert [body["requestType"] for body in bodies] == ["adminAdd", "adminRemove", "adminAdd", "adminAdd"]


def test_both_hosts_ask_as_users_and_speak_beta_alike(sim: Running, playing: Play) -> None:
    permissions = ["EntitlementMgmt-SubjectAccess.ReadWrite", "EntitlementManagement.Read.All", "User.ReadBasic.All"]
    token = sim.token("delegated", user="quinn@contoso.com", permissions=permissions)
    in_process = run_all(playing, OTHER_WAYS, {}, token=token)
    bodies = sent(sim)
    sim.reset()
    shipped = run_all(playing, OTHER_WAYS, SHIPPED, token=token)
    for here, there in zip(in_process, shipped, strict=True):
        assert comparable(here) == comparable(there), here.task
        assert here.status == ("ok" if "once more" in here.task else "changed"), here.result
    assert sent(sim) == bodies
    assert [body["requestType"] for body in bodies] == ["userAdd", "userAdd", "adminAdd"]


def test_async_ships_the_module_and_gives_the_same_result(sim: Running, playing: Play) -> None:
    here = playing([{"name": "add", MODULE: LAPTOP}]).only
    sim.reset()
    done = playing([{"name": "add", MODULE: LAPTOP, "async": 60, "poll": 1}])
    there = done.tasks[-1]
    expected = comparable(here)
    assert {key: comparable(there).get(key) for key in expected} == expected
    assert len(writes(sim)) == 1


# A task that is tried again until what it asked for is there.
POLLED = {
    MODULE: {**LAPTOP, "user": "{{ item }}", "wait": False},
    "register": "seen",
    "until": "not seen.pending",
    "retries": 30,
    "delay": 0,
}
# name -> keywords of the task, people, what says where it ran
TRIED_AGAIN: dict[str, tuple[Json, list[str], str]] = {
    "in process": ({}, ["ada@contoso.com", "chen@contoso.com"], "in the controller's process"),
    "elsewhere": (ELSEWHERE, ["bo@contoso.com", "olga@contoso.com"], "as a module: the connection is elsewhere"),
    "become": (SHIPPED, ["kim@contoso.com"], "as a module: it uses become"),
    "async": (
        {**ELSEWHERE, "async": 60, "poll": 1},
        ["mira@contoso.com"],
        "as a module: the connection is elsewhere",
    ),
}


def printed_by(output: str) -> dict[str, str]:
    """What was printed from the name of each task on, until the next."""
    return dict(re.findall(r"^TASK \[([^\]]+)\] \*+\n(.*?)(?=^TASK |^PLAY |\Z)", output, re.MULTILINE | re.DOTALL))


def test_a_task_is_tried_again_until_it_is_done(sim: Running, playing: Play) -> None:
    """Whatever the host, each attempt is given what the first was: no argument of ansible-core's own gets into the task's."""
    tasks = [{"name": name, **POLLED, **more, "loop": people} for name, (more, people, _dummy) in TRIED_AGAIN.items()]
    done = playing(tasks, "-v")
    assert done.status == 0, done.output
    ended = {task.task: task.result["results"] for task in done.tasks if "results" in task.result}
    printed = printed_by(done.output)
    for name, (_more, people, words) in TRIED_AGAIN.items():
        assert f"{MODULE} runs {words}" in printed[name], name
        assert len(ended[name]) == len(people)
        assert not any(row["pending"] for row in ended[name])
        assert max(row["attempts"] for row in ended[name]) > 1
    assert [body["requestType"] for body in sent(sim)] == ["adminAdd"] * sum(
        len(row[1]) for row in TRIED_AGAIN.values()
    )


def test_verbose_output_says_which_host_ran(playing: Play) -> None:
    words = {
        "local": ({}, "in the controller's process"),
        "become": (SHIPPED, "as a module: it uses become"),
        "async": ({"async": 30, "poll": 1}, "as a module: it is asynchronous"),
    }
    look = {MODULE: {**LAPTOP, "state": "absent"}}
    printed = printed_by(
        playing([{"name": name, **look, **more} for name, (more, _dummy) in words.items()], "-v").output
    )
    assert [name for name, row in words.items() if f"{MODULE} runs {row[1]}" not in printed[name]] == []


def test_a_delegated_task_of_a_remote_host_runs_in_the_controller(playing: Play) -> None:
    task = {"name": "look", MODULE: {**LAPTOP, "state": "absent"}, "delegate_to": "localhost"}
    done = playing([task], "-v", "-i", "elsewhere.example.com,", hosts="elsewhere.example.com", connection="ssh")
    assert done.status == 0
    assert "in the controller's process" in done.output


def test_the_environment_of_the_task_counts_and_stays_with_it(sim: Running, playing: Play) -> None:
    secret = sim.environment["AZURE_CLIENT_SECRET"]
    tasks = [
        task
        for user, keywords in (("ada@contoso.com", {}), ("bo@contoso.com", SHIPPED))
        for add in [{MODULE: {**LAPTOP, "user": user}, **keywords}]
        for task in (
            {"name": "with", **add, "environment": {"AZURE_CLIENT_SECRET": secret}},
            {"name": "without", **add, "ignore_errors": True},
        )
    ]
    done = playing(tasks, env={"AZURE_CLIENT_SECRET": ""})
    assert [task.status for task in done.tasks] == ["changed", "failed"] * 2
    for task in done.tasks[1::2]:
        assert "AZURE_CLIENT_SECRET is not" in task.result["msg"]


def test_module_defaults_of_the_group_and_templates_work(sim: Running, playing: Play) -> None:
    environment = sim.environment
    defaults = {
        "group/idgov.entra.entra": {
            "tenant_id": "{{ the_tenant }}",
            "client_id": environment["AZURE_CLIENT_ID"],
            "client_secret": environment["AZURE_CLIENT_SECRET"],
            "wait_interval": 1,
        }
    }
    tasks = [
        {
            "name": "add",
            MODULE: {"access_package": "{{ item }}", "user": user},
            "loop": ["Engineering Laptop", "Source Code Read"],
            **keywords,
        }
        for user, keywords in (("mira@contoso.com", {}), ("kim@contoso.com", SHIPPED))
    ]
    done = playing(
        tasks,
        env={"AZURE_CLIENT_SECRET": "", "AZURE_CLIENT_ID": "", "AZURE_TENANT_ID": ""},
        module_defaults=defaults,
        vars={"the_tenant": environment["AZURE_TENANT_ID"]},
    )
    assert done.status == 0, done.output
    assert len(writes(sim)) == 4


def test_a_ready_token_is_shared_by_all_tasks(sim: Running, playing: Play) -> None:
    token = sim.token()
    task = {"name": "look", MODULE: {**LAPTOP, "state": "absent"}}
    done = playing([task, task], module_defaults={"group/idgov.entra.entra": {"access_token": token}})
    assert done.status == 0
    assert sign_ins(sim) == 0


def test_dates_of_yaml_are_understood_alike(sim: Running, playing: Play, tmp_path: Path) -> None:
    """An unquoted date is a date object inside the controller and a text in a shipped module."""
    text = f"""
- hosts: localhost
  gather_facts: false
  tasks:
    - &add
      name: in process
      {MODULE}:
        access_package: Engineering Laptop
        user: {id_of("user", "ada@contoso.com")}
        schedule: {{start_date_time: 2026-12-01, end_date_time: 2026-12-24 18:00:00+01:00}}
      check_mode: true
    - <<: *add
      name: shipped
      become: true
      become_method: same_user
"""
    sim.set_clock("2026-11-22T00:00:00Z")
    path = tmp_path / "dates.yml"
    path.write_text(text, encoding="utf-8")
    done = run_playbook(str(path), tmp_path, sim.environment)
    here, there = done.tasks
    assert here.status == there.status == "changed", done.output
    assert here.result["diff"] == there.result["diff"]
    assert here.result["diff"]["after"]["schedule"]["end_date_time"] == "2026-12-24T17:00:00Z"
