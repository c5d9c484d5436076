# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task that took access away and failed to give it anew says so, once, wherever the fault came from."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.running import Running
from tests.support.calls import writes
from tests.support.engine import assign, assign_many

Json = dict[str, Any]
REPLACE: Json = {"access_package": "VPN Access", "policy": "Members", "on_policy_mismatch": "replace"}
LEE: Json = {**REPLACE, "user": "lee@contoso.com"}
GONE = "access is lost"
ADD = {"method": "POST", "body": "adminAdd"}
LISTS = {"method": "GET", "path": "assignments$"}


def refused(times: int | None = None) -> Json:
    return {**ADD, "times": times, "effect": {"status": 400, "code": "InvalidModel", "message": "Not today"}}


def test_the_add_after_the_removal_is_refused(frozen: Running) -> None:
    frozen.faults(refused())
    broken = assign(frozen, **LEE)
    assert (broken["failed"], broken["changed"], broken["assignment"]) == (True, True, None)
    assert broken["error"]["message"].count(GONE) == 1
    assert "Not today" in broken["msg"]


def test_the_read_between_removal_and_add_fails(frozen: Running) -> None:
    # The second read of the assignments, and all that the client tries again by itself.
    frozen.faults(*({**LISTS, "nth": n, "effect": {"status": 500, "message": "Not now"}} for n in range(2, 8)))
    broken = assign(frozen, **LEE, retries=5)
    assert (broken["failed"], broken["changed"], broken["assignment"]) == (True, True, None)
    assert broken["error"]["message"].count(GONE) == 1
    assert broken["error"]["kind"] == "graph"


def test_no_read_after_the_removal_succeeds(frozen: Running) -> None:
    frozen.faults(*({**LISTS, "nth": n, "effect": {"status": 500, "message": "Not now"}} for n in range(2, 40)))
    broken = assign(frozen, **LEE, retries=0)
    assert (broken["failed"], broken["changed"]) == (True, True)
    assert broken["error"]["message"].count("whether access remains could not be read") == 1
    assert GONE not in broken["msg"]


def test_two_people_lose_access_by_one_fault_and_each_says_so_once(frozen: Running) -> None:
    assign(frozen, access_package="VPN Access", policy="Everybody", user="ada@contoso.com")
    # A batch that fails as a whole gives each of its calls the same reason.
    frozen.faults(
        {"method": "POST", "path": "batch$", "body": "adminAdd", "effect": {"status": 403, "code": "Forbidden"}}
    )
    people = [{**REPLACE, "user": user} for user in ("lee@contoso.com", "ada@contoso.com")]
    done = assign_many(frozen, people)
    messages = [outcome["error"]["message"] for outcome in done["outcomes"]]
    assert [message.count(GONE) for message in messages] == [1, 1]
    assert [message.count("the new assignment failed") for message in messages] == [1, 1]
    assert (done["changed"], done["summary"]["failed"]) == (True, 2)


def test_the_new_request_ends_without_access(frozen: Running) -> None:
    frozen.faults({**ADD, "effect": {"outcome": "limbo"}})
    broken = assign(frozen, **LEE, wait_timeout=60)
    assert (broken["failed"], broken["error"]["kind"]) == (True, "timeout")
    assert broken["assignment"]["state"] == "delivering"
    assert broken["error"]["message"].count(GONE) == 1


def test_a_removal_that_was_not_carried_out_takes_nothing_away(frozen: Running) -> None:
    frozen.faults({"method": "POST", "body": "adminRemove", "effect": {"outcome": "limbo"}})
    broken = assign(frozen, **LEE, wait_timeout=60)
    assert (broken["failed"], broken["changed"]) == (True, True)
    assert broken["assignment"] is not None
    assert GONE not in broken["msg"]


@pytest.mark.parametrize("fault", ["add", "read"])
def test_a_request_that_was_canceled_for_an_add_that_failed_is_named(frozen: Running, fault: str) -> None:
    laptop: Json = {"access_package": "Engineering Laptop", "user": "ada@contoso.com"}
    first = assign(frozen, **laptop, schedule={"start_date_time": "2027-12-01"}, wait=False)
    frozen.switches(cancel_app="accept")
    if fault == "add":
        frozen.faults(refused())
    else:
        frozen.faults(*({**LISTS, "nth": n, "effect": {"status": 500}} for n in range(2, 8)))
    broken = assign(frozen, **laptop, schedule={"start_date_time": "2027-11-01"}, on_open_request="cancel", retries=5)
    assert [call["path"].rsplit("/", 1)[-1] for call in writes(frozen)][1] == "cancel"
    assert (broken["failed"], broken["changed"], broken["assignment"]) == (True, True, None)
    words = f"request {first['request']['id']} was canceled and has not been replaced"
    assert broken["error"]["message"].count(words) == 1
