# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""access_package_assignment_request in real playbooks: both hosts alike, foreseen, done, and done once."""

from __future__ import annotations

from typing import Any

from tests.integration.conftest import Play
from tests.simulator.running import Running
from tests.support.calls import sent, writes
from tests.support.engine import administrator
from tests.support.playbook import REQUEST_MODULE, SHIPPED, Done, comparable
from tests.support.requests_world import CREATED, load, request_id, waiting

Json = dict[str, Any]
CHANGES = ["cancel", "reprocess", "resume", "delete"]


def run_all(sim: Running, playing: Play, checks: tuple[bool, ...], keywords: Json) -> list[Done]:
    """Run each change as often as ``checks`` has members, each in check mode or not."""
    load(sim)
    options: list[Json] = [
        {"request_id": request_id("pendingApproval"), "state": "canceled", "access_token": administrator(sim)},
        {"request_id": request_id("deliveryFailed"), "state": "reprocessed"},
        {**waiting(sim, CREATED), "instance_detail": "two\nlines", "decision": "denied"},
        {"request_id": request_id("denied"), "state": "absent"},
    ]
    tasks = [
        {"name": action, REQUEST_MODULE: {**given, "wait_interval": 1}, "check_mode": check, **keywords}
        for action, given in zip(CHANGES, options, strict=True)
        for check in checks
    ]
    done = playing(tasks)
    assert done.status == 0, done.output
    return done.tasks


def test_both_hosts_foresee_do_and_leave_alone(sim: Running, playing: Play) -> None:
    here = run_all(sim, playing, (True, False, False), {})
    bodies, paths = sent(sim), [call["path"].rpartition("/")[2] for call in writes(sim)]
    sim.reset()
    there = run_all(sim, playing, (True, False), SHIPPED)
    assert [comparable(done) for done in there] == [comparable(d) for n, d in enumerate(here) if n % 3 < 2]
    assert [done.status for done in here] == ["changed", "changed", "ok"] * 4
    assert [done.result["action"] for done in here[1::3]] == CHANGES
    assert [done.result["diff"] for done in here[::3]] == [done.result["diff"] for done in here[1::3]]
    assert paths == ["cancel", "reprocess", "resume", request_id("denied")]
    assert len(bodies) == len(sent(sim)) == 4
    assert bodies[2]["data"]["customExtensionStageInstanceDetail"] == "two\nlines"
