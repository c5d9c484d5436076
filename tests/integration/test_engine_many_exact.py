# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exact set: who goes, who is never touched, and what blocks it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import CREATE, round_trips, sent, writes
from tests.support.crowd import ROOM, TOOLS, VAULT, crowd, object_id, package_id, tools, upn
from tests.support.engine import assign_many, counts
from tests.support.invariants import holders

Json = dict[str, Any]
ROBOT = {"user": "robot", "package": TOOLS, "start": "-P9D"}


def room(policy: str | None, *numbers: int, **options: Any) -> list[Json]:
    named = {"policy": policy} if policy else {}
    return [{"access_package": ROOM, "user": upn(number), **named, **options} for number in numbers]


def exactly(sim: Running, items: list[Json], **options: Any) -> Json:
    """Foresee it, then do it: both must tell the same."""
    foreseen = assign_many(sim, items, check=True, exclusive=True, **options)
    assert writes(sim) == []
    done = assign_many(sim, items, exclusive=True, **options)
    assert gone(foreseen) == gone(done)
    assert counts(foreseen) == counts(done)
    assert foreseen["diff"] == done["diff"]
    assert foreseen["failed"] == done["failed"]
    return done


def gone(result: Json) -> list[str]:
    """Return who lost access without being named."""
    return [o["user"] for o in result["outcomes"] if o["index"] is None and o["action"] == "remove"]


def test_whoever_is_not_listed_loses_access_last_of_all(frozen: Running) -> None:
    frozen.load(crowd(8, held={TOOLS: [0, 1, 2, 3]}))
    done = exactly(frozen, [*tools(2, 3, 4), *tools(0, state="absent")])
    assert gone(done) == [upn(1)]
    assert counts(done) == {"added": 1, "removed": 2, "unchanged": 2}
    assert [outcome["index"] for outcome in done["outcomes"]] == [0, 1, 2, 3, None]
    assert done["outcomes"][-1]["access_package"]["display_name"] == TOOLS
    assert done["outcomes"][-1]["assignment"] is None
    assert sent(frozen)[-1]["assignment"]["id"] == id_of("assignment", f"{upn(1)}/{TOOLS}")
    assert holders(frozen.dump(), TOOLS) == [upn(2), upn(3), upn(4)]
    assert done["diff"][-1]["before_header"] == f"{TOOLS}: {upn(1)}"
    frozen.clear_calls()
    again = assign_many(frozen, [*tools(2, 3, 4), *tools(0, state="absent")], exclusive=True)
    assert (again["changed"], writes(frozen), counts(again)) == (False, [], {"unchanged": 4})


def test_a_guest_with_the_mail_of_a_listed_person_is_somebody_else(frozen: Running) -> None:
    guest = {"upn": "x_fabrikam.com#EXT#@contoso.onmicrosoft.com", "mail": upn(0), "type": "Guest"}
    held: Json = {"user": guest["upn"], "package": ROOM, "policy": "Staff", "start": "-P2D"}
    frozen.load(crowd(2, held={f"{ROOM}/Staff": [0, 1]}, users=[guest], assignments=[held]))
    done = exactly(frozen, room("Staff", 0, 1))
    assert gone(done) == [guest["upn"]]
    assert holders(frozen.dump(), ROOM) == [upn(0), upn(1)]


def test_removals_carry_the_justification_of_the_defaults(frozen: Running) -> None:
    frozen.load(crowd(2, held={TOOLS: [0, 1]}))
    assign_many(frozen, tools(0), exclusive=True, defaults={"justification": "Ticket 9"})
    (removal,) = sent(frozen)
    assert removal["justification"] == "Ticket 9"


def test_many_holders_are_read_by_the_page_and_removed_by_the_batch(frozen: Running) -> None:
    frozen.load(crowd(230, held={TOOLS: range(230)}))
    items = [{"access_package": package_id(TOOLS), "user": object_id(number)} for number in range(190)]
    done = assign_many(frozen, items, exclusive=True, max_removals="40")
    assert counts(done) == {"unchanged": 190, "removed": 40}
    assert round_trips(frozen) <= 3 + 3 + 2 + 6


# name -> who holds what beside, the list, options, who goes
UNITS: dict[str, tuple[dict[str, list[int]], list[Json], Json, list[int]]] = {
    "a policy that is named": ({f"{ROOM}/Guests": [5, 6]}, room("Guests", 6), {}, [5]),
    "not the other policy": ({f"{ROOM}/Guests": [5], f"{ROOM}/Staff": [6]}, room("Guests", 5), {}, []),
    "the policies of all items": (
        {f"{ROOM}/Guests": [3, 4], f"{ROOM}/Staff": [5, 6]},
        [*room("Guests", 3), *room("Staff", 5)],
        {},
        [4, 6],
    ),
    "the policy under which it is held": ({f"{ROOM}/Guests": [3, 4], f"{ROOM}/Staff": [5]}, room(None, 3), {}, [4]),
    "the one policy that fits": ({TOOLS: [4, 5]}, tools(1), {}, [4, 5]),
    "all of the package": (
        {f"{ROOM}/Guests": [3, 4], f"{ROOM}/Staff": [5]},
        room("Guests", 3),
        {"exclusive_scope": "package"},
        [4, 5],
    ),
    "the rule is never touched": (
        {f"{ROOM}/Guests": [3], f"{ROOM}/By rule": [4, 5]},
        room("Guests", 3),
        {"exclusive_scope": "package"},
        [],
    ),
    "another package is never touched": ({VAULT: [4, 5], TOOLS: [1]}, tools(1), {"exclusive_scope": "package"}, []),
    "a package that only access_packages names": (
        {TOOLS: [1], f"{ROOM}/Guests": [3], f"{ROOM}/Staff": [4], f"{ROOM}/By rule": [5]},
        tools(1),
        {"access_packages": [ROOM], "allow_empty": True},
        [3, 4],
    ),
    "a package that both name": (
        {f"{ROOM}/Guests": [3, 4], f"{ROOM}/Staff": [5]},
        room("Guests", 3),
        {"access_packages": [id_of("package", ROOM)]},
        [4],
    ),
    "nobody at all": ({TOOLS: [1, 2]}, [], {"access_packages": [TOOLS], "allow_empty": True}, [1, 2]),
    "people who shall be absent": ({TOOLS: [1, 2]}, tools(1, state="absent"), {"allow_empty": True}, [2]),
    "an empty group": (
        {f"{ROOM}/Guests": [3, 4], f"{ROOM}/Staff": [5]},
        [{"access_package": ROOM, "policy": "Guests", "members_of": "Empty"}],
        {},
        [3, 4],
    ),
    "an empty group without a policy": (
        {TOOLS: [3]},
        [{"access_package": TOOLS, "members_of": "Empty"}],
        {},
        [],
    ),
}


@pytest.mark.parametrize("name", UNITS)
def test_nothing_outside_the_unit_is_touched(frozen: Running, name: str) -> None:
    held, items, options, expected = UNITS[name]
    frozen.load(crowd(8, held=held, groups={"Empty": []}))
    before = {(a["user"], a["package"], a["policy"]) for a in frozen.dump()["assignments"]}
    done = exactly(frozen, items, **options)
    assert not done["failed"], done["msg"]
    assert sorted(gone(done)) == [upn(number) for number in expected]
    after = {(a["user"], a["package"], a["policy"]) for a in frozen.dump()["assignments"] if a["state"] != "expired"}
    assert {user for user, _dummy, _dummy2 in before - after} == {
        *(upn(number) for number in expected),
        *(o["user"] for o in done["outcomes"] if o["index"] is not None and o["action"] == "remove"),
    }


def test_what_is_left_alone_is_counted(frozen: Running) -> None:
    """Rules, subjects that are no users, and open requests of people who are not listed."""
    ruled = {f"{ROOM}/By rule": [1, 2], f"{ROOM}/Staff": [3, 4, 5]}
    request_as_: list[Json] = [
        {"user": upn(6), "package": ROOM, "policy": "Staff", "state": "pendingApproval"},
        {"user": upn(5), "package": ROOM, "policy": "Staff", "state": "pendingApproval", "type": "userUpdate"},
        {"user": upn(7), "package": ROOM, "policy": "Staff", "state": "scheduled", "start": "2099-01-01T00:00:00Z"},
    ]
    robot = {**ROBOT, "package": ROOM, "policy": "Staff"}
    frozen.load(crowd(8, held=ruled, assignments=[robot], requests=request_as_))
    done = exactly(frozen, room("Staff", 3), exclusive_scope="package")
    assert gone(done) == [upn(4)]
    # two by rule, one robot, three requests
    assert done["summary"]["left_alone"] == 6
    assert [r["state"] for r in frozen.dump()["requests"] if r["state"] in ("pendingApproval", "scheduled")] == [
        *("pendingApproval", "pendingApproval", "scheduled")
    ]


def test_a_listed_person_under_a_rule_is_satisfied_and_not_left_alone(frozen: Running) -> None:
    frozen.load(crowd(2, held={f"{ROOM}/By rule": [0], f"{ROOM}/Staff": [1]}))
    done = exactly(frozen, room(None, 0))
    assert (done["summary"]["left_alone"], counts(done)) == (0, {"unchanged": 1})


# name -> items beside the good one, a fault, how many writes are sent all the same
BLOCKING: dict[str, tuple[list[Json], Json | None]] = {
    "an unknown person": (tools(1, user="nobody@contoso.com"), None),
    "an unknown package": (tools(1, access_package="Tolls"), None),
    "an unknown policy": (tools(1, policy="Nope"), None),
    "several policies": (room(None, 1), None),
    "an unknown group": ([{"access_package": TOOLS, "members_of": "Nihgt"}], None),
    "an end in the past": (tools(1, schedule={"end_date_time": "2020-01-01"}), None),
    "a refused write": (tools(9), {**CREATE, "body": object_id(9), "effect": {"status": 403, "code": "UnAuthorized"}}),
    "a failed delivery": (tools(9), {**CREATE, "body": object_id(9), "effect": {"outcome": "deliveryFailed"}}),
}


@pytest.mark.parametrize("name", BLOCKING)
def test_a_failed_item_blocks_every_removal(frozen: Running, name: str) -> None:
    items, fault = BLOCKING[name]
    frozen.load(crowd(10, held={TOOLS: [0, 1, 2]}))
    if fault:
        frozen.faults(fault)
    done = assign_many(frozen, [*tools(0, 5), *items], exclusive=True)
    assert done["failed"]
    assert "assignments[2]" in done["msg"]
    assert "nothing was removed" in done["msg"]
    assert gone(done) == []
    assert {upn(0), upn(1), upn(2), upn(5)} <= set(holders(frozen.dump(), TOOLS))
    assert counts(done)["failed"] == 1
    assert [outcome["index"] for outcome in done["outcomes"]] == [0, 1, 2]


def test_a_removal_that_fails_is_named(frozen: Running) -> None:
    frozen.load(crowd(4, held={TOOLS: [0, 1, 2]}))
    frozen.faults({**CREATE, "body": "adminRemove", "times": 1, "effect": {"status": 403, "code": "UnAuthorized"}})
    done = assign_many(frozen, tools(0), exclusive=True)
    assert counts(done) == {"unchanged": 1, "removed": 1, "failed": 1}
    (failed,) = [o for o in done["outcomes"] if o["error"]]
    assert failed["index"] is None
    assert f"removal ({failed['user']}, {TOOLS})" in done["msg"]
    assert "nothing was removed" not in done["msg"]


def test_who_was_removed_meanwhile_by_somebody_else_is_no_failure(frozen: Running) -> None:
    frozen.load(crowd(60, held={TOOLS: range(60)}))
    gone_already = {"status": 404, "code": "InvalidRequestNoActiveGrant", "carried_out": True}
    frozen.faults({**CREATE, "body": "adminRemove", "nth": 7, "effect": gone_already})
    done = assign_many(frozen, tools(*range(10)), exclusive=True, max_removals="50")
    assert not done["failed"], done["msg"]
    assert holders(frozen.dump(), TOOLS) == [upn(number) for number in range(10)]


@pytest.mark.parametrize(
    "option", [{"access_packages": [TOOLS]}, {"allow_empty": True}, {"exclusive_scope": "package"}]
)
def test_options_of_the_exact_set_are_not_passed_over(frozen: Running, option: Json) -> None:
    failed = assign_many(frozen, tools(0), **option)
    assert next(iter(option)) in failed["msg"]
    assert "exclusive" in failed["msg"]
    assert frozen.calls() == []


def test_an_access_package_that_is_not_there_fails_before_the_first_write(frozen: Running) -> None:
    frozen.load(crowd(3, held={TOOLS: [0, 1]}))
    failed = assign_many(frozen, tools(0, 2), exclusive=True, access_packages=["Romo"])
    assert "'Romo'" in failed["msg"]
    assert writes(frozen) == []


def test_a_package_that_is_named_twice_is_looked_up_once(frozen: Running) -> None:
    frozen.load(crowd(3))
    items = [{"access_package": TOOLS, "user": object_id(0)}]
    assign_many(frozen, items, exclusive=True, check=True)
    alone = round_trips(frozen)
    frozen.clear_calls()
    assign_many(frozen, items, exclusive=True, access_packages=[TOOLS], check=True)
    assert round_trips(frozen) == alone


def test_a_reason_that_the_cloud_does_not_take_is_refused_of_removals_too(frozen: Running) -> None:
    frozen.load(crowd(3, held={TOOLS: range(3)}))
    options: Json = {"access_packages": [TOOLS], "max_removals": "5", "defaults": {"justification": "They left"}}
    failed = assign_many(frozen, [], exclusive=True, cloud_environment="AzureUSGovernment", **options)
    assert failed["msg"].startswith("justification: Microsoft Graph v1.0 of AzureUSGovernment does not support it")
    assert writes(frozen) == []
