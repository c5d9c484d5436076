# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody else is faster, answers are lost, reads lag behind: never twice, never lost, never a wrong success."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import CREATE, sent, writes
from tests.support.engine import SimulatedClock, assign
from tests.support.invariants import active

ADA = id_of("user", "ada@contoso.com")
LAPTOP: dict[str, Any] = {"access_package": "Engineering Laptop", "user": "ada@contoso.com"}
LEE: dict[str, Any] = {"access_package": "Payroll", "user": "lee@contoso.com"}


def accepted(sim: Running) -> int:
    """Count the requests that the simulator carried out."""
    return len(sim.dump()["requests"])


@pytest.mark.parametrize(
    "effect",
    [
        {"reset": "after"},
        {"reset": "before"},
        {"status": 503, "carried_out": True},
        {"status": 504, "carried_out": True},
        {"status": 504},
        {"truncate": 10},
    ],
    ids=str,
)
@pytest.mark.parametrize("task", [LAPTOP, {**LEE, "state": "absent"}], ids=["add", "remove"])
def test_a_write_whose_answer_is_lost_is_read_before_it_is_sent_again(
    frozen: Running, effect: dict[str, Any], task: dict[str, Any]
) -> None:
    before = accepted(frozen)
    frozen.faults({**CREATE, "times": 1, "effect": effect})
    result = assign(frozen, retries=2, **task)
    assert not result["failed"], result["msg"]
    assert accepted(frozen) == before + 1
    frozen.faults()
    frozen.clear_calls()
    assert assign(frozen, **task)["changed"] is False
    assert writes(frozen) == []


def test_a_throttled_write_is_sent_again_after_the_pause_that_graph_asks_for(sim: Running) -> None:
    sim.faults({**CREATE, "times": 1, "effect": {"status": 429, "retry_after": 0.2}})
    assert assign(sim, wait_interval=1, **LAPTOP)["action"] == "add"
    assert len(writes(sim)) == 2
    assert len(active(sim.dump(), "Engineering Laptop", "ada@contoso.com")) == 1


@pytest.mark.parametrize("lag", [{"reads": 3}, {"seconds": 4}], ids=str)
@pytest.mark.parametrize("task", [LAPTOP, {**LEE, "state": "absent"}], ids=["add", "remove"])
def test_reads_that_lag_behind_do_not_cause_a_second_write(
    frozen: Running, lag: dict[str, Any], task: dict[str, Any]
) -> None:
    frozen.faults({**CREATE, "times": 1, "effect": {"lag": lag}})
    result = assign(frozen, **task)
    assert not result["failed"], result["msg"]
    assert len(writes(frozen)) == 1
    assert (result["assignment"] is None) == (task.get("state") == "absent")


def test_reads_that_never_catch_up_end_with_the_time_and_name_the_request(frozen: Running) -> None:
    frozen.faults({**CREATE, "times": 1, "effect": {"lag": {"reads": 500}}})
    result = assign(frozen, **LAPTOP)
    assert (result["failed"], result["changed"]) == (True, True)
    assert result["request"]["id"] in result["msg"]
    assert len(writes(frozen)) == 1


def test_somebody_else_asked_first_and_reads_do_not_show_it_yet(frozen: Running) -> None:
    frozen.faults({**CREATE, "times": 1, "effect": {"lag": {"reads": 14}}})
    assign(frozen, wait=False, **LAPTOP)
    frozen.clear_calls()
    result = assign(frozen, **LAPTOP)
    assert (result["failed"], result["changed"], result["action"]) == (False, False, "none")
    assert result["assignment"]["state"] == "delivered"
    refused = [call["status"] for call in writes(frozen)]
    assert refused
    assert set(refused) <= {400, 409}
    assert len(active(frozen.dump(), "Engineering Laptop", "ada@contoso.com")) == 1


def test_somebody_else_asked_first_and_reads_never_show_it(frozen: Running) -> None:
    frozen.settings(submitted_seconds=10_000)
    frozen.faults({**CREATE, "times": 1, "effect": {"lag": {"reads": 5000}}})
    assign(frozen, wait=False, **LAPTOP)
    frozen.clear_calls()
    result = assign(frozen, **LAPTOP)
    assert (result["failed"], result["changed"], result["request"], result["pending"]) == (False, False, None, True)
    assert "is open" in result["warnings"][0]
    assert len(writes(frozen)) == 6


def test_somebody_else_removed_first_and_reads_never_show_it(frozen: Running) -> None:
    frozen.faults({**CREATE, "times": 1, "effect": {"lag": {"reads": 5000}}})
    assign(frozen, wait=False, state="absent", **LEE)
    frozen.clear_calls()
    result = assign(frozen, state="absent", **LEE)
    assert (result["failed"], result["changed"], result["request"]) == (True, False, None)
    assert result["error"]["code"] == "InvalidRequestNoActiveGrant"
    assert [call["status"] for call in writes(frozen)] == [400, *[404] * 5]
    assert active(frozen.dump(), LEE["access_package"], LEE["user"]) == []


def test_an_open_add_that_fits_is_joined(frozen: Running) -> None:
    first = assign(frozen, wait=False, **LAPTOP)
    frozen.clear_calls()
    joined = assign(frozen, **LAPTOP)
    assert (joined["action"], joined["changed"], joined["pending"]) == ("none", False, False)
    assert joined["assignment"]["state"] == "delivered"
    assert first["request"]["id"]
    assert writes(frozen) == []


def test_not_waiting_twice_sends_once(frozen: Running) -> None:
    first = assign(frozen, wait=False, **LAPTOP)
    second = assign(frozen, wait=False, **LAPTOP)
    assert (first["action"], first["pending"]) == ("add", True)
    assert (second["action"], second["pending"], second["request"]["id"]) == ("none", True, first["request"]["id"])
    assert len(writes(frozen)) == 1


def test_an_open_remove_is_waited_for_and_then_access_is_given_again(frozen: Running) -> None:
    assign(frozen, state="absent", wait=False, **LEE_LAPTOP)
    result = assign(frozen, **LEE_LAPTOP)
    assert result["action"] == "add"
    assert [body["requestType"] for body in sent(frozen)] == ["adminRemove", "adminAdd"]


def test_an_open_add_is_waited_for_and_then_taken_away(frozen: Running) -> None:
    assign(frozen, wait=False, **LAPTOP)
    result = assign(frozen, state="absent", **LAPTOP)
    assert result["action"] == "remove"
    assert active(frozen.dump(), "Engineering Laptop", "ada@contoso.com") == []


@pytest.mark.parametrize("option", [{"wait": False}, {"on_open_request": "fail"}], ids=str)
def test_an_open_add_that_contradicts_fails_at_once_and_is_named(frozen: Running, option: dict[str, Any]) -> None:
    first = assign(frozen, wait=False, **LAPTOP)
    frozen.clear_calls()
    result = assign(frozen, state="absent", **LAPTOP, **option)
    assert result["failed"]
    assert first["request"]["id"] in result["msg"]
    assert writes(frozen) == []


def test_limbo_ends_with_the_time(frozen: Running) -> None:
    frozen.faults({**CREATE, "times": 1, "effect": {"outcome": "limbo"}})
    clock = SimulatedClock(frozen)
    result = assign(frozen, clock=clock, wait_timeout=60, **LAPTOP)
    assert result["failed"]
    assert result["changed"] is True
    assert result["request"]["state"] == "delivering"
    assert result["request"]["id"] in result["msg"]
    assert clock.pauses == sorted(clock.pauses[:-1]) + clock.pauses[-1:]
    assert max(clock.pauses) <= 30
    frozen.clear_calls()
    again = assign(frozen, wait_timeout=30, **LAPTOP)
    assert again["failed"]
    assert writes(frozen) == []


@pytest.mark.parametrize("outcome", ["deliveryFailed"])
def test_a_delivery_that_fails_fails_the_task(frozen: Running, outcome: str) -> None:
    frozen.faults({**CREATE, "times": 1, "effect": {"outcome": outcome}})
    result = assign(frozen, **LAPTOP)
    assert result["failed"]
    assert (result["changed"], result["action"], result["request"]["state"]) == (True, "add", outcome)
    assert outcome in result["msg"]


def test_a_failed_delivery_is_processed_again(frozen: Running) -> None:
    frozen.faults({**CREATE, "times": 1, "effect": {"outcome": "deliveryFailed"}})
    failed = assign(frozen, **LAPTOP)
    frozen.clear_calls()
    result = assign(frozen, **LAPTOP)
    assert (result["action"], result["assignment"]["state"]) == ("reprocess", "delivered")
    (write,) = writes(frozen)
    assert write["path"].endswith(f"assignmentRequests/{failed['request']['id']}/reprocess")


def test_a_failed_delivery_that_is_too_old_says_what_to_do(frozen: Running) -> None:
    frozen.faults({**CREATE, "times": 1, "effect": {"outcome": "deliveryFailed"}})
    assign(frozen, **LAPTOP)
    frozen.advance(days=15)
    frozen.clear_calls()
    result = assign(frozen, **LAPTOP)
    assert result["failed"]
    assert "absent" in result["error"]["hint"]
    assert writes(frozen) == []


def test_a_partial_delivery_is_kept_with_a_warning(frozen: Running) -> None:
    frozen.faults({**CREATE, "times": 1, "effect": {"outcome": "partiallyDelivered"}})
    result = assign(frozen, **LAPTOP)
    assert (result["failed"], result["assignment"]["state"]) == (False, "partiallyDelivered")
    assert "partially delivered" in result["warnings"][0]
    again = assign(frozen, on_partial_delivery="reprocess", **LAPTOP)
    assert (again["action"], again["assignment"]["state"]) == ("reprocess", "delivered")
    assert assign(frozen, on_partial_delivery="fail", **LAPTOP)["failed"] is False


LEE_LAPTOP: dict[str, Any] = {"access_package": "Engineering Laptop", "user": "lee@contoso.com"}
