# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A request that somebody else changes, answers that are lost, reads that lag behind: nothing twice, nothing wrong said."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.running import Running
from tests.support.calls import writes
from tests.support.engine import administrator, change
from tests.support.requests_world import CREATED, GRANTED, load, request_id, state_of, waiting

Json = dict[str, Any]
WRITES: dict[str, Json] = {
    "cancel": {"method": "POST", "path": "cancel$"},
    "reprocess": {"method": "POST", "path": "reprocess$"},
    "resume": {"method": "POST", "path": "resume$"},
    "delete": {"method": "DELETE"},
}


@pytest.fixture
def world(frozen: Running) -> Running:
    """The simulator with requests in every state, its clock stopped."""
    load(frozen)
    return frozen


def task(sim: Running, action: str) -> Json:
    """Return the options of a task that does this."""
    if action == "cancel":
        return {"request_id": request_id("pendingApproval"), "state": "canceled", "token": administrator(sim)}
    if action == "resume":
        return waiting(sim, GRANTED)
    name, desired = {"reprocess": ("deliveryFailed", "reprocessed"), "delete": ("denied", "absent")}[action]
    return {"request_id": request_id(name), "state": desired}


@pytest.mark.parametrize("wait", [True, False])
@pytest.mark.parametrize("action", WRITES)
@pytest.mark.parametrize(
    "effect",
    [{"reset": "after"}, {"status": 503, "carried_out": True}, {"status": 504, "carried_out": True}],
    ids=str,
)
def test_a_write_that_was_carried_out_counts_although_its_answer_was_lost(
    world: Running, action: str, effect: Json, wait: bool
) -> None:
    options = task(world, action)
    world.faults({**WRITES[action], "times": 1, "effect": effect})
    world.clear_calls()
    done = change(world, **options, wait=wait)
    assert (done["failed"], done["changed"], done["action"]) == (False, True, action)
    assert "was lost" in done["warnings"][0]
    assert len(writes(world)) == 1
    again = change(world, **options)
    assert (again["failed"], again["changed"]) == (False, False)
    assert len(writes(world)) == 1


@pytest.mark.parametrize("action", WRITES)
@pytest.mark.parametrize("effect", [{"reset": "before"}, {"status": 504}], ids=str)
def test_a_write_that_was_not_carried_out_is_sent_again_after_a_look(world: Running, action: str, effect: Json) -> None:
    options = task(world, action)
    world.faults({**WRITES[action], "times": 1, "effect": effect})
    world.clear_calls()
    done = change(world, **options)
    assert (done["failed"], done["changed"], done["action"], done["warnings"]) == (False, True, action, [])
    methods = [call["method"] for call in world.calls() if call["service"] == "graph"]
    places = [place for place, method in enumerate(methods) if method != "GET"]
    assert len(places) == 2
    assert "GET" in methods[places[0] : places[1]]


@pytest.mark.parametrize("action", WRITES)
@pytest.mark.parametrize("lag", [{"reads": 3}, {"seconds": 4}], ids=str)
def test_reads_that_lag_behind_cause_no_second_write(world: Running, action: str, lag: Json) -> None:
    options = task(world, action)
    world.faults({**WRITES[action], "times": 1, "effect": {"lag": lag}})
    world.clear_calls()
    done = change(world, **options)
    assert (done["failed"], done["changed"], done["action"]) == (False, True, action)
    assert len(writes(world)) == 1


@pytest.mark.parametrize("action", ["cancel", "resume", "delete"])
def test_a_write_that_never_shows_is_believed_with_a_warning(world: Running, action: str) -> None:
    options = task(world, action)
    world.faults({**WRITES[action], "times": 1, "effect": {"lag": {"reads": 1000}}})
    world.clear_calls()
    done = change(world, **options, wait_timeout=30)
    assert (done["failed"], done["changed"]) == (False, True)
    assert "does not show it yet" in done["warnings"][0]
    assert len(writes(world)) == 1


@pytest.mark.parametrize("action", WRITES)
def test_somebody_else_was_faster(world: Running, action: str) -> None:
    """The first read does not show yet what somebody else has done, and Graph refuses to do it again."""
    options = task(world, action)
    world.faults({**WRITES[action], "times": 1, "effect": {"lag": {"reads": 2}}})
    change(world, **options, wait=False)
    world.clear_calls()
    done = change(world, **options)
    assert (done["failed"], done["changed"], done["action"]) == (False, False, "none")
    assert len(writes(world)) == 1
    assert writes(world)[0]["status"] in (400, 404)


def test_somebody_else_did_something_else(world: Running) -> None:
    """What was to be canceled has been denied meanwhile: decided again, and refused with what it is now."""
    options = task(world, "cancel")
    request = options["request_id"]
    made = waiting(world, CREATED)
    world.faults({**WRITES["resume"], "times": 1, "effect": {"lag": {"reads": 2}}})
    world.switches(cancel_waiting="accept")
    change(world, **made, decision="denied", wait=False)
    world.clear_calls()
    refused = change(world, **{**options, "request_id": made["request_id"]})
    assert (refused["failed"], refused["changed"]) == (True, False)
    assert "it is denied" in refused["msg"]
    assert [call["status"] for call in writes(world)] == [400]
    assert state_of(world, request) == "pendingApproval"


def test_what_graph_keeps_refusing_fails_with_what_graph_says(world: Running) -> None:
    """Whether a request that waits for a callback can be canceled is not documented."""
    options = waiting(world, CREATED)
    world.clear_calls()
    cancel: Json = {"request_id": options["request_id"], "state": "canceled", "token": administrator(world)}
    refused = change(world, **cancel)
    assert (refused["failed"], refused["changed"], refused["error"]["status"]) == (True, False, 400)
    assert "decision canceled" in refused["error"]["hint"]
    assert len(writes(world)) == 1
    world.switches(cancel_waiting="accept")
    assert change(world, **cancel)["action"] == "cancel"


def test_a_failed_task_tells_what_was_done_before(world: Running) -> None:
    world.faults({"method": "GET", "path": "assignmentRequests/", "nth": 2, "effect": {"token_expired": True}})
    failed = change(world, request_id=request_id("denied"), state="absent", token=world.token())
    assert (failed["failed"], failed["changed"], failed["action"], failed["error"]["status"]) == (
        True,
        True,
        "delete",
        401,
    )


def test_a_permission_that_is_missing_is_named(world: Running) -> None:
    reader = world.token(permissions=["EntitlementManagement.Read.All"])
    refused = change(world, request_id=request_id("denied"), state="absent", token=reader)
    assert refused["error"]["status"] == 403
    assert "EntitlementManagement.ReadWrite.All" in refused["error"]["hint"]
