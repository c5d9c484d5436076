# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for many requests: by their lists from 21 on, and nobody is told anything else than one by one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.running import Running
from tests.support.calls import CREATE, writes
from tests.support.crowd import ROOM, TOOLS, VAULT, crowd, object_id, package_id, upn
from tests.support.engine import SimulatedClock, assign_many, counts

Json = dict[str, Any]
FUTURE = {"start_date_time": "2099-01-01"}


def by_id(number: int, package: str = TOOLS, **options: Any) -> Json:
    return {"access_package": package_id(package), "user": object_id(number), **options}


def request_reads(sim: Running) -> tuple[int, int]:
    """Count the requests that were read by their ids, and the lists of requests that were read."""
    paths = [c["path"] for c in sim.calls() if c["method"] == "GET" and "assignmentRequests" in c["path"]]
    lists = sum(path.endswith("assignmentRequests") for path in paths)
    return len(paths) - lists, lists


@pytest.mark.parametrize(("people", "by_lists"), [(20, False), (21, True), (120, True)])
def test_many_requests_are_watched_by_their_lists(frozen: Running, people: int, by_lists: bool) -> None:
    frozen.load(crowd(people))
    frozen.settings(submitted_seconds=10, delivering_seconds=30)
    done = assign_many(frozen, [by_id(number) for number in range(people)])
    assert counts(done) == {"added": people}
    one_by_one, _dummy = request_reads(frozen)
    assert bool(one_by_one) is not by_lists
    assert {outcome["request"]["state"] for outcome in done["outcomes"]} == {"delivered"}
    assert all(outcome["request"]["id"] for outcome in done["outcomes"])
    assert len(writes(frozen)) == people


@pytest.mark.parametrize("people", [10, 60])
def test_one_in_limbo_keeps_nobody_else(frozen: Running, people: int) -> None:
    """The time counts from the last request that moved."""
    frozen.load(crowd(people))
    frozen.settings(submitted_seconds=2, delivering_seconds=40)
    frozen.faults({**CREATE, "body": object_id(4), "effect": {"outcome": "limbo"}})
    clock = SimulatedClock(frozen)
    begin = clock.elapsed()
    done = assign_many(frozen, [by_id(number) for number in range(people)], wait_timeout=60, clock=clock)
    assert counts(done) == {"added": people - 1, "failed": 1}
    failed = done["outcomes"][4]
    assert "is still in the state delivering" in failed["error"]["message"]
    assert failed["request"]["id"] in failed["error"]["message"]
    assert failed["assignment"]["state"] == "delivering"
    assert 100 <= clock.elapsed() - begin <= 140
    assert len(writes(frozen)) == people


@pytest.mark.parametrize("choice", ["reprocess", "keep"])
@pytest.mark.parametrize("people", [10, 60])
def test_a_failed_delivery_fails_its_item_and_is_not_tried_again_by_itself(
    frozen: Running, people: int, choice: str
) -> None:
    frozen.load(crowd(people))
    frozen.faults({**CREATE, "body": object_id(4), "effect": {"outcome": "deliveryFailed"}})
    done = assign_many(frozen, [by_id(number, on_delivery_failed=choice) for number in range(people)])
    assert counts(done) == {"added": people - 1, "failed": 1}
    failed = done["outcomes"][4]
    assert "ended in the state deliveryFailed" in failed["error"]["message"]
    assert (failed["request"]["state"], failed["action"]) == ("deliveryFailed", "add")
    assert failed["request"]["completed_date_time"]
    assert len(writes(frozen)) == people
    frozen.faults()
    again = assign_many(frozen, [by_id(number) for number in range(people)])
    assert counts(again) == {"reprocessed": 1, "unchanged": people - 1}
    assert again["outcomes"][4]["request"]["id"] == failed["request"]["id"]


@pytest.mark.parametrize("people", [10, 60])
def test_a_partial_delivery_is_kept_with_a_warning(frozen: Running, people: int) -> None:
    frozen.load(crowd(people))
    frozen.faults({**CREATE, "body": object_id(4), "effect": {"outcome": "partiallyDelivered"}})
    done = assign_many(frozen, [by_id(number) for number in range(people)])
    assert counts(done) == {"added": people}
    assert done["outcomes"][4]["assignment"]["state"] == "partiallyDelivered"
    assert len(done["warnings"]) == 1


@pytest.mark.parametrize("people", [6, 60])
def test_who_waits_for_an_approval_or_a_date_ends_the_wait_at_once(frozen: Running, people: int) -> None:
    frozen.load(crowd(people))
    frozen.switches(admin_add_approval="bypass_only")
    clock = SimulatedClock(frozen)
    begin = clock.elapsed()
    items = [
        by_id(number, **[{}, {"schedule": FUTURE}, {"package": VAULT}][number % 3])  # type: ignore[arg-type]
        for number in range(people)
    ]
    done = assign_many(frozen, items, clock=clock)
    assert counts(done) == {"added": people, "pending": people // 3 * 2}
    states = [outcome["request"]["state"] for outcome in done["outcomes"]]
    assert states == ["delivered", "scheduled", "pendingApproval"] * (people // 3)
    assert [bool(o["assignment"]) for o in done["outcomes"]] == [True, False, False] * (people // 3)
    assert clock.elapsed() - begin < 20
    frozen.clear_calls()
    again = assign_many(frozen, items)
    assert (counts(again), writes(frozen)) == ({"unchanged": people, "pending": people // 3 * 2}, [])


@pytest.mark.parametrize("people", [10, 50])
def test_people_are_moved_to_another_policy(frozen: Running, people: int) -> None:
    frozen.load(crowd(people, held={f"{ROOM}/Staff": range(0, people, 2)}))
    frozen.settings(delivering_seconds=20)
    frozen.switches(basic_profile="full")
    moved = {"policy": "Guests", "on_policy_mismatch": "replace"}
    items = [{"access_package": ROOM, "user": upn(number), **moved} for number in range(people)]
    foreseen = assign_many(frozen, items, check=True)
    done = assign_many(frozen, items)
    assert counts(done) == counts(foreseen) == {"added": people // 2, "replaced": people // 2}
    assert {o["assignment"]["policy"]["display_name"] for o in done["outcomes"]} == {"Guests"}
    assert len(writes(frozen)) == people + people // 2
    assert done["warnings"] == []


def test_access_that_is_gone_for_one_of_fifty_is_said_to_be(frozen: Running) -> None:
    frozen.load(crowd(50, held={f"{ROOM}/Staff": range(50)}))
    frozen.faults({**CREATE, "body": f"(?=.*adminAdd)(?=.*{object_id(7)})", "effect": {"outcome": "deliveryFailed"}})
    moved = {"policy": "Guests", "on_policy_mismatch": "replace"}
    done = assign_many(frozen, [{"access_package": ROOM, "user": upn(n), **moved} for n in range(50)])
    assert counts(done) == {"replaced": 49, "failed": 1}
    assert "ended in the state deliveryFailed" in done["outcomes"][7]["error"]["message"]


@pytest.mark.parametrize("lag", [{"reads": 20}, {"seconds": 25}])
@pytest.mark.parametrize("people", [15, 60])
def test_requests_that_reads_do_not_show_yet_are_not_sent_again(frozen: Running, people: int, lag: Json) -> None:
    frozen.load(crowd(people, held={TOOLS: range(0, people, 3)}))
    frozen.faults({**CREATE, "every": 10, "effect": {"lag": lag}})
    items = [by_id(number, **({"state": "absent"} if number % 3 == 0 else {})) for number in range(people)]
    done = assign_many(frozen, items)
    assert not done["failed"], done["msg"]
    assert counts(done) == {"added": people - people // 3, "removed": people // 3}
    assert len(writes(frozen)) == people


def test_a_removal_that_changes_nothing_is_said_not_to_have_been_kept(frozen: Running) -> None:
    frozen.load(crowd(40, held={TOOLS: range(40)}))
    frozen.faults({**CREATE, "nth": 9, "effect": {"outcome": "ignored"}})
    done = assign_many(frozen, [by_id(number, state="absent") for number in range(40)])
    assert counts(done) == {"removed": 39, "failed": 1}
    (failed,) = [o for o in done["outcomes"] if o["error"]]
    assert "but Graph shows assignment" in failed["error"]["message"]
    assert failed["assignment"]["state"] == "delivered"
    assert len(writes(frozen)) == 40


def test_requests_of_somebody_else_are_waited_for(frozen: Running) -> None:
    frozen.load(crowd(50))
    frozen.settings(submitted_seconds=5, delivering_seconds=30)
    items = [by_id(number) for number in range(50)]
    assign_many(frozen, items[:30], wait=False)
    frozen.clear_calls()
    done = assign_many(frozen, items)
    assert counts(done) == {"added": 20, "unchanged": 30}
    assert {outcome["assignment"]["state"] for outcome in done["outcomes"]} == {"delivered"}
    assert len(writes(frozen)) == 20


@pytest.mark.parametrize(("people", "pauses"), [(20, 1), (21, 0)])
def test_many_requests_are_looked_at_at_once(frozen: Running, people: int, pauses: int) -> None:
    """While the last of many are sent, the first have had their time."""
    frozen.load(crowd(people))
    frozen.settings(submitted_seconds=0, delivering_seconds=0)
    clock = SimulatedClock(frozen)
    done = assign_many(frozen, [by_id(number) for number in range(people)], clock=clock)
    assert counts(done) == {"added": people}
    assert len(clock.pauses) == pauses


def test_thousands_of_warnings_do_not_fill_the_screen(frozen: Running) -> None:
    frozen.load(crowd(30))
    done = assign_many(frozen, [by_id(number, schedule=FUTURE) for number in range(30)])
    assert done["summary"]["pending"] == 30
    assert len(done["warnings"]) == 21
    assert done["warnings"][-1] == "10 more warnings of this kind are not shown; see outcomes"
