# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applying a plan while others are faster, after it was broken off, and for every kind of change and caller."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.simulator.running import Running
from tests.support.calls import CREATE, accepted_writes, sent, writes
from tests.support.crowd import ROOM, TOOLS, crowd, object_id, upn
from tests.support.engine import administrator, apply_plan, assign, counts
from tests.support.invariants import holders
from tests.support.plans import apply, item, plan_of

Json = dict[str, Any]


class Killed(BaseException):
    """The process of an apply has ended."""


def once(mark: str, action: Callable[[], Any]) -> Callable[[str], None]:
    """Return a trace that does something once, when the first call with this mark in its line is answered."""
    done: list[str] = []

    def trace(line: str) -> None:
        if mark in line and not done:
            done.append(line)
            action()

    return trace


def kill() -> None:
    raise Killed


def apply_until_killed(sim: Running, plan: Json, mark: str) -> None:
    with pytest.raises(Killed):
        apply(sim, plan, trace=once(mark, kill))
    sim.advance(60)


WRITTEN = "POST /v1.0/identityGovernance/entitlementManagement/assignmentRequests"
READ = "GET /v1.0/identityGovernance/entitlementManagement/assignments"


def test_what_is_needed_meanwhile_and_not_planned_is_not_sent(frozen: Running) -> None:
    """The assignment goes after the plan was checked: to give it again is no part of the plan."""
    frozen.load(crowd(2, held={TOOLS: [0]}))
    plan = plan_of(frozen, [item(0, schedule={"end_date_time": "2031-01-01"}), item(1)])
    person = administrator(frozen)
    faster = once(READ, lambda: assign(frozen, access_package=TOOLS, user=upn(0), state="absent", token=person))
    done = apply(frozen, plan, trace=faster)
    assert done["error"]["kind"] == "items_failed"
    assert [o["error"] and o["error"]["kind"] for o in done["outcomes"]] == ["stale_plan", None]
    assert "the step add, which is not in the plan" in done["msg"]
    assert [body["requestType"] for body in sent(frozen)].count("adminAdd") == 1
    assert holders(frozen.dump(), TOOLS) == [upn(1)]


def test_with_stop_nothing_is_sent_beside_what_is_not_planned(frozen: Running) -> None:
    """The assignment goes while a replacement is half done: both would write in the same round."""
    frozen.load(crowd(2, held={TOOLS: [0], f"{ROOM}/Staff": [1]}))
    replaced = item(1, ROOM, policy="Guests", on_policy_mismatch="replace")
    plan = plan_of(frozen, [item(0, schedule={"end_date_time": "2031-01-01"}), replaced])
    person = administrator(frozen)
    faster = once(READ, lambda: assign(frozen, access_package=TOOLS, user=upn(0), state="absent", token=person))
    done = apply(frozen, plan, trace=faster, on_item_error="stop")
    assert [outcome["error"]["kind"] for outcome in done["outcomes"]] == ["stale_plan", "refused"]
    assert [body["requestType"] for body in sent(frozen)].count("adminAdd") == 0


def test_what_somebody_else_has_done_meanwhile_is_done(frozen: Running) -> None:
    frozen.load(crowd(2))
    plan = plan_of(frozen, [item(0), item(1)])
    person = administrator(frozen)
    faster = once(READ, lambda: assign(frozen, access_package=TOOLS, user=upn(0), token=person))
    done = apply(frozen, plan, trace=faster)
    assert not done["failed"], done["msg"]
    assert counts(done) == {"added": 1, "unchanged": 1}


def test_what_is_taken_away_right_after_it_was_given_is_not_given_twice(frozen: Running) -> None:
    frozen.load(crowd(1))
    plan = plan_of(frozen, [item(0)])
    person = administrator(frozen)

    def take_away() -> None:
        frozen.advance(30)
        assign(frozen, access_package=TOOLS, user=upn(0), state="absent", token=person)

    done = apply(frozen, plan, trace=once(WRITTEN, take_away))
    assert [body["requestType"] for body in sent(frozen)] == ["adminAdd", "adminRemove"]
    assert done["outcomes"][0]["error"]["kind"] == "stale_plan"


def test_a_replacement_goes_on_where_it_was_broken_off(frozen: Running) -> None:
    """It takes along what the old assignment had, although that is gone by then."""
    end = "2031-01-01T00:00:00Z"
    held = {"user": upn(0), "package": ROOM, "policy": "Staff", "start": "-P20D", "end": end}
    frozen.load(crowd(1, assignments=[held]))
    plan = plan_of(frozen, [item(0, ROOM, policy="Guests", on_policy_mismatch="replace")])
    assert plan["items"][0]["before"]["schedule"] == {"end_date_time": end}
    apply_until_killed(frozen, plan, WRITTEN)
    assert [body["requestType"] for body in sent(frozen)] == ["adminRemove"]
    done = apply(frozen, plan)
    assert not done["failed"], done["msg"]
    assert sent(frozen) == [plan["items"][0]["writes"][1]["body"]]
    (now,) = [a for a in frozen.dump()["assignments"] if a["state"] != "expired"]
    assert (now["policy"], now["schedule"]["expiration"]["endDateTime"]) == ("Guests", end)


def test_a_removal_shows_what_is_lost_and_is_stale_where_that_has_another_end(frozen: Running) -> None:
    end = "2031-01-01T00:00:00Z"
    frozen.load(
        crowd(1, assignments=[{"user": upn(0), "package": ROOM, "policy": "Staff", "start": "-P20D", "end": end}])
    )
    plan = plan_of(frozen, [item(0, ROOM, state="absent")])
    assert plan["items"][0]["before"]["schedule"] == {"end_date_time": end}
    (held,) = frozen.dump()["assignments"]
    done = apply(frozen, plan, check=True)
    assert (done["outcomes"][0]["assignment"], done["outcomes"][0]["assignment_id"]) == (None, held["id"])
    assign(frozen, access_package=ROOM, user=upn(0), schedule={"end_date_time": "2032-01-01"})
    stale = apply(frozen, plan)
    assert (stale["error"]["kind"], writes(frozen)) == ("stale_plan", [])


def test_a_replacement_is_stale_where_the_old_assignment_has_another_end(frozen: Running) -> None:
    frozen.load(crowd(1, held={f"{ROOM}/Staff": [0]}))
    plan = plan_of(frozen, [item(0, ROOM, policy="Guests", on_policy_mismatch="replace")])
    assign(frozen, access_package=ROOM, user=upn(0), schedule={"end_date_time": "2031-01-01"})
    done = apply(frozen, plan)
    assert (done["error"]["kind"], writes(frozen)) == ("stale_plan", [])


@pytest.mark.parametrize("mark", [READ, WRITTEN])
def test_a_plan_that_was_broken_off_ends_as_planned(frozen: Running, mark: str) -> None:
    frozen.load(crowd(30, held={TOOLS: range(10)}))
    changes = [*(item(n, state="absent") for n in range(5)), *(item(n) for n in range(10, 30))]
    plan = plan_of(frozen, changes)
    apply_until_killed(frozen, plan, mark)
    first = accepted_writes(frozen)
    done = apply(frozen, plan, concurrency=1)
    assert not done["failed"], done["msg"]
    assert len(first) + len(accepted_writes(frozen)) == len(changes)
    assert holders(frozen.dump(), TOOLS) == [upn(number) for number in range(5, 30)]


def test_an_answer_that_was_lost_is_not_asked_for_twice(frozen: Running) -> None:
    frozen.load(crowd(1))
    plan = plan_of(frozen, [item(0)])
    frozen.faults({**CREATE, "times": 1, "effect": {"reset": "after"}})
    done = apply(frozen, plan, retries=0)
    assert not done["failed"], done["msg"]
    assert [(call["body"]["requestType"], call["status"]) for call in writes(frozen)] == [("adminAdd", 201)]
    assert holders(frozen.dump(), TOOLS) == [upn(0)]


def test_nothing_is_sent_where_something_cannot_be_read(frozen: Running) -> None:
    frozen.load(crowd(3))
    plan = plan_of(frozen, [item(0), item(1), item(2)])
    frozen.faults({"method": "GET", "batch": True, "path": "/assignments$", "times": 1, "effect": {"status": 403}})
    done = apply(frozen, plan)
    assert (done["error"]["kind"], done["stale"], writes(frozen)) == ("items_failed", [], [])
    assert all(outcome["error"] for outcome in done["outcomes"])
    # A plan has names beside its ids, and those who read of it know nobody by an id.
    assert [f"({upn(number)}, {TOOLS})" in done["msg"] for number in range(3)] == [True] * 3


def test_what_is_still_right_is_not_called_stale_where_something_cannot_be_read(frozen: Running) -> None:
    frozen.load(crowd(2))
    plan = plan_of(frozen, [item(0), item(1, ROOM, policy="Guests")])
    frozen.faults({"method": "GET", "batch": True, "path": "/assignments$", "times": 1, "effect": {"status": 403}})
    done = apply(frozen, plan)
    assert (done["error"]["kind"], done["stale"], writes(frozen)) == ("items_failed", [], [])
    assert [outcome["error"]["kind"] for outcome in done["outcomes"]] == ["graph", "refused"]
    assert "because another item failed" in done["outcomes"][1]["error"]["message"]


@pytest.mark.parametrize("is_over", [False, True])
def test_a_removal_waits_for_the_request_that_is_open(frozen: Running, is_over: bool) -> None:
    """The assignment has no id before: the plan names the request that makes it."""
    frozen.load(crowd(1))
    frozen.settings(delivering_seconds=20)
    opened = assign(frozen, access_package=TOOLS, user=upn(0), wait=False)["request"]["id"]
    frozen.clear_calls()
    plan = plan_of(frozen, [item(0, state="absent")])
    (change,) = plan["items"]
    assert change["waits_for"] == opened
    assert "1 of the changes wait for an open request of somebody else first" in plan["summary"]["warnings"]
    if is_over:
        frozen.advance(60)
    done = apply(frozen, plan)
    assert not done["failed"], done["msg"]
    assert [body["requestType"] for body in sent(frozen)] == ["adminRemove"]
    assert holders(frozen.dump(), TOOLS) == []


def test_a_request_that_waits_for_its_start_is_canceled_as_planned(frozen: Running) -> None:
    frozen.load(crowd(1))
    later = assign(frozen, access_package=TOOLS, user=upn(0), schedule={"start_date_time": "2031-01-01"})["request"][
        "id"
    ]
    frozen.clear_calls()
    person = administrator(frozen)
    plan = plan_of(frozen, [item(0, state="absent")], token=person)
    assert plan["items"][0]["writes"] == [{"step": "cancel", "request": later}]
    done = apply(frozen, plan, token=person)
    assert not done["failed"], done["msg"]
    assert [call["path"].rsplit("/", 2)[1:] for call in writes(frozen)] == [[later, "cancel"]]
    assert not apply(frozen, plan, token=person)["changed"]


def test_a_group_is_its_members_at_the_time_of_the_plan(frozen: Running) -> None:
    frozen.load(crowd(4, groups={"Team": [upn(0), upn(1)]}))
    plan = plan_of(frozen, [{"access_package": TOOLS, "members_of": "Team"}])
    assert len(plan["items"]) == 2
    assert any("members of groups" in warning for warning in plan["summary"]["warnings"])
    state = crowd(4, groups={"Team": [upn(1), upn(2)]})
    frozen.load(state)
    done = apply(frozen, plan)
    assert not done["failed"], done["msg"]
    assert holders(frozen.dump(), TOOLS) == [upn(0), upn(1)]


def test_a_person_from_outside_becomes_a_guest_and_the_plan_is_done(frozen: Running) -> None:
    frozen.load("contoso")
    plan = plan_of(frozen, [{"access_package": "Partner Portal", "email": "uma@fabrikam.com"}])
    assert (plan["items"][0]["target"]["object_id"], plan["items"][0]["target"]["email"]) == (None, "uma@fabrikam.com")
    done = apply(frozen, plan)
    assert not done["failed"], done["msg"]
    again = apply(frozen, plan)
    assert (again["failed"], again["changed"], writes(frozen)) == (False, False, [])


def test_the_policy_is_chosen_by_the_kind_of_user_that_was_looked_up(frozen: Running) -> None:
    """An id alone does not tell a member from a guest, so that two policies would fit."""
    world = crowd(1)
    policies = [{"name": "Inside", "scope": "allMemberUsers"}, {"name": "Outside", "scope": "allExternalUsers"}]
    world["packages"] = [*world["packages"], {"name": "Two", "catalog": "General", "policies": policies}]
    world["apps"][0]["permissions"] = [*world["apps"][0]["permissions"], "User.Read.All"]
    frozen.load(world)
    plan = plan_of(frozen, [item(0, "Two")])
    assert plan["items"][0]["policy"]["display_name"] == "Inside"
    assert "policy" not in plan["items"][0]["desired"]
    done = apply(frozen, plan)
    assert not done["failed"], done["msg"]


def test_a_user_asks_for_themselves_by_a_plan_that_is_theirs(frozen: Running) -> None:
    frozen.load("contoso")
    mira = frozen.token("delegated", user="mira@contoso.com", permissions=["EntitlementManagement.ReadWrite.All"])
    asked = {"access_package": "VPN Access", "policy": "Everybody", "request_as": "self"}
    result = apply_self(frozen, asked, mira)
    assert not result["failed"], result["msg"]
    assert [body["requestType"] for body in sent(frozen)] == ["userAdd"]


def apply_self(sim: Running, asked: Json, token: str) -> Json:
    plan = plan_of(sim, [asked], token=token)
    assert plan["items"][0]["target"]["object_id"]
    other = sim.token("delegated", user="lee@contoso.com", permissions=["EntitlementManagement.ReadWrite.All"])
    assert apply_plan(sim, plan, token=other)["error"]["kind"] == "refused"
    return apply(sim, plan, token=token)


def test_ids_are_enough_to_plan_and_apply(frozen: Running) -> None:
    frozen.load(crowd(2, held={TOOLS: [1]}))
    changes = [
        {"access_package": TOOLS, "user": object_id(0)},
        {"access_package": TOOLS, "user": object_id(1), "state": "absent"},
    ]
    done = apply(frozen, plan_of(frozen, changes))
    assert not done["failed"], done["msg"]
    assert holders(frozen.dump(), TOOLS) == [upn(0)]


def test_a_change_waits_for_the_request_that_is_open(frozen: Running) -> None:
    """An update sends the start of the assignment along, which Graph sets when it makes it."""
    frozen.load(crowd(1))
    frozen.settings(delivering_seconds=20)
    assign(frozen, access_package=TOOLS, user=upn(0), wait=False)
    frozen.clear_calls()
    plan = plan_of(frozen, [item(0, schedule={"end_date_time": "2031-01-01"})])
    (write,) = plan["items"][0]["writes"]
    assert "startDateTime" not in write["body"]["schedule"]
    done = apply(frozen, plan)
    assert not done["failed"], done["msg"]
    (body,) = sent(frozen)
    assert body["schedule"]["expiration"] == write["body"]["schedule"]["expiration"]
    assert body["schedule"]["startDateTime"]
