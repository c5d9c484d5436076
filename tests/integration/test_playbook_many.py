# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many assignments in a playbook: equal results on both hosts, readable differences, progress, and bad input."""

from __future__ import annotations

import re
from typing import Any

from tests.integration.conftest import Play
from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import sent, writes
from tests.support.crowd import ROOM, TOOLS, crowd, tools, upn
from tests.support.playbook import MANY, SHIPPED, comparable

Json = dict[str, Any]
MANY_PEOPLE = 110
NIGHT: Json = {"access_package": TOOLS, "members_of": "Night"}
ADD: Json = {"access_package": TOOLS, "user": upn(0)}
# What every task here waits at most.
FAST: Json = {"wait_interval": 1}


MIXED: list[Json] = [
    *tools(0, 1),
    NIGHT,
    *tools(2, state="absent"),
    *tools(3, schedule={"end_date_time": "2099-01-01"}),
    {"access_package": ROOM, "user": upn(4), "policy": "Guests", "on_policy_mismatch": "replace"},
    {"access_package": ROOM, "user": upn(5)},
    {"access_package": ROOM, "policy": "Staff", "email": "sam@fabrikam.com"},
]
EXACT: Json = {"exclusive": True, "wait": False}
# name -> options, keywords of the task
CASES: dict[str, tuple[Json, Json]] = {
    "foresee": ({"assignments": MIXED}, {"check_mode": True, "diff": True}),
    "do": ({"assignments": MIXED}, {"diff": True}),
    "do once more": ({"assignments": MIXED}, {}),
    "stop": ({"assignments": [*tools(9, user="nobody@contoso.com"), *tools(8)], "on_item_error": "stop"}, {}),
    "an empty group": ({"assignments": [{**NIGHT, "members_of": "Empty"}]}, {}),
    "too many removals": ({"assignments": tools(8), **EXACT, "max_removals": "5%"}, {}),
    "exact": (
        {"assignments": [{"user": upn(8)}], "defaults": {"access_package": TOOLS}, **EXACT, "max_removals": 9},
        {},
    ),
}


def world() -> Json:
    groups = {"Night": [upn(6), upn(7)], "Empty": []}
    return crowd(10, held={TOOLS: [1, 2, 3], f"{ROOM}/Staff": [4]}, groups=groups)


def test_both_hosts_give_the_same_results(sim: Running, playing: Play) -> None:
    def run_all(keywords: Json) -> list[Any]:
        sim.load(world())
        tasks = [
            {"name": name, MANY: {**FAST, **options}, "ignore_errors": True, **keywords, **more}
            for name, (options, more) in CASES.items()
        ]
        done = playing(tasks).tasks
        assert [task.task for task in done] == list(CASES)
        return done

    in_process = run_all({})
    bodies = sorted(map(str, sent(sim)))
    sim.reset()
    shipped = run_all(SHIPPED)
    for here, there in zip(in_process, shipped, strict=True):
        assert comparable(here) == comparable(there), here.task
    assert len(sent(sim)) == len(bodies)
    foreseen, real, again, stopped, empty, refused, exact = in_process
    assert [done.status for done in in_process] == ["failed", "failed", "failed", "failed", "ok", "failed", "changed"]
    assert (foreseen.result["changed"], real.result["changed"], again.result["changed"]) == (True, True, False)
    assert foreseen.result["diff"] == real.result["diff"]
    assert real.result["summary"]["failed"] == 2
    assert stopped.result["summary"]["failed"] == 2
    assert "Empty" in empty.result["warnings"][0]
    assert exact.result["summary"]["removed"] == 5
    assert {(each["action"], each["error"]["kind"]) for each in refused.result["outcomes"]} == {("none", "refused")}
    assert (refused.result["changed"], refused.result["summary"]["http_calls"] > 0) == (False, True)


def test_differences_can_be_read(sim: Running, playing: Play) -> None:
    sim.load(world())
    printed = playing([{"name": "many", MANY: {"assignments": [*MIXED[:2], *MIXED[3:6]]}}], "--check", "--diff").output
    assert writes(sim) == []
    assert upn(1) not in printed
    for number, package in ((0, TOOLS), (2, TOOLS), (3, TOOLS), (4, ROOM)):
        assert f"--- before: {package}: {upn(number)}\n+++ after: {package}: {upn(number)}\n" in printed
    assert "-state: absent\n+policy: Members\n" in printed or '-    "state": "absent"' in printed
    assert '"end_date_time": "2099-01-01T00:00:00Z"' in printed
    assert '-    "policy": "Staff"' in printed
    assert '+    "policy": "Guests"' in printed


def test_long_work_tells_how_far_it_is(sim: Running, playing: Play) -> None:
    sim.load(crowd(MANY_PEOPLE))
    everybody = [{"user": upn(number)} for number in range(MANY_PEOPLE)]
    options = {**FAST, "assignments": everybody, "defaults": {"access_package": TOOLS}}
    done = playing([{"name": "many", MANY: options}])
    assert done.status == 0, done.output
    assert done.output.count("per second") == 1
    assert re.search(rf"^{MANY}: 1[01]0 of {MANY_PEOPLE} done, [0-9]+ per second$", done.output, re.MULTILINE)
    assert done.only.result["summary"]["added"] == MANY_PEOPLE


# name -> options, words that the sentence must hold
BAD: dict[str, tuple[Json, tuple[str, ...]]] = {
    "nothing": ({}, ("assignments", "required")),
    "a text for a list": ({"assignments": "everybody"}, ("dictionary",)),
    "a text for an item": ({"assignments": [ADD, "everybody"]}, ("assignments[1]", "dictionary")),
    "an unknown option": ({"assignments": [ADD, {**ADD, "usr": "x"}]}, ("assignments[1]", "usr")),
    "a wrong choice": ({"assignments": [ADD, {**ADD, "state": "there"}]}, ("assignments[1]", "state", "there")),
    "a wrong type": ({"assignments": [ADD, {**ADD, "renew": "perhaps"}]}, ("assignments[1]", "renew")),
    "a wrong default": ({"assignments": [ADD], "defaults": {"state": "there"}}, ("defaults", "state")),
    "an unknown default": ({"assignments": [ADD], "defaults": {"usr": "x"}}, ("defaults", "usr")),
    "nobody": ({"assignments": [ADD, {"access_package": TOOLS}]}, ("assignments[1].user", "email")),
    "no package": ({"assignments": [ADD, {"user": upn(1)}]}, ("assignments[1].access_package",)),
    "two people": ({"assignments": [{**ADD, "email": "a@b.c"}]}, ("assignments[0].email", "user")),
    "a person and a group": ({"assignments": [{**ADD, "members_of": "Night"}]}, ("assignments[0].members_of", "user")),
    "a date that is none": (
        {"assignments": [ADD, {**ADD, "schedule": {"end_date_time": "soon"}}]},
        ("assignments[1].schedule.end_date_time", "'soon'"),
    ),
    "a duration that is none": (
        {"assignments": [{**ADD, "schedule": {"duration": "3 weeks"}}]},
        ("assignments[0].schedule.duration", "3 weeks"),
    ),
    "a number for an answer": (
        {"assignments": [{**ADD, "answers": [{"question": "Why?", "value": 7}]}]},
        ("assignments[0].answers", "quote it"),
    ),
    "an assignment that is no id": ({"assignments": [{"assignment_id": "x"}]}, ("assignments[0].assignment_id", "'x'")),
    "twice": (
        {"assignments": [ADD, *tools(1), {**ADD, "user": id_of("user", upn(0))}]},
        ("assignments[2]", "assignments[0]"),
    ),
    "a contradiction": (
        {"assignments": [ADD, {**ADD, "state": "absent"}]},
        ("assignments[1]", "contradicts assignments[0]"),
    ),
    "no share": ({"assignments": [ADD], "exclusive": True, "max_removals": "5 %"}, ("max_removals", "'5 %'")),
    "not exclusive": ({"assignments": [ADD], "allow_empty": True}, ("allow_empty", "exclusive")),
    "a wrong scope": ({"assignments": [ADD], "exclusive": True, "exclusive_scope": "all"}, ("exclusive_scope", "all")),
    "too many calls": ({"assignments": [ADD], "concurrency": 50}, ("concurrency", "50")),
    "no time at all": ({"assignments": [ADD], "wait_timeout": 0}, ("wait_timeout", "0")),
}


def test_bad_input_names_the_item_and_the_option_and_sends_nothing(sim: Running, playing: Play) -> None:
    sim.load(world())
    tasks = [
        {"name": f"{name}, {host}", MANY: options, "ignore_errors": True, **keywords}
        for host, keywords in (("here", {}), ("shipped", SHIPPED))
        for name, (options, _dummy) in BAD.items()
        if host == "here" or name in ("an unknown option", "a wrong choice", "twice", "nobody")
    ]
    done = playing(tasks)
    assert len(done.tasks) == len(tasks)
    for task in done.tasks:
        words = BAD[task.task.rpartition(", ")[0]][1]
        assert task.status == "failed", task
        assert [word for word in words if word not in task.result["msg"]] == [], (task.task, task.result["msg"])
        assert "Traceback" not in str(task.result)
    assert writes(sim) == []
