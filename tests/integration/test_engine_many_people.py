# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is meant: members of groups, and the same person named more than once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import CREATE, sent, writes
from tests.support.crowd import ROOM, TOOLS, crowd, object_id, upn
from tests.support.engine import assign_many

Json = dict[str, Any]
GROUPS = {
    "Night": [upn(0), upn(1), upn(2)],
    "Day": [upn(2), upn(3)],
    "All": ["Night", "Day", upn(4), "robot"],
    "Nobody": [],
    "Robots": ["robot"],
}


def members(group: str, **options: Any) -> Json:
    return {"access_package": TOOLS, "members_of": group, **options}


def targets(sim: Running) -> list[str]:
    return sorted(body["assignment"]["targetId"] for body in sent(sim))


def people(*numbers: int) -> list[str]:
    return sorted(object_id(number) for number in numbers)


@pytest.fixture
def grouped(frozen: Running) -> Running:
    frozen.load(crowd(6, groups=GROUPS))
    return frozen


@pytest.mark.parametrize("by_id", [False, True])
def test_a_group_stands_for_its_users_by_way_of_other_groups_too(grouped: Running, by_id: bool) -> None:
    done = assign_many(grouped, [members(id_of("group", "All") if by_id else "All"), members("Night", state="present")])
    assert targets(grouped) == people(0, 1, 2, 3, 4)
    assert [outcome["index"] for outcome in done["outcomes"]] == [0] * 5 + [1] * 3
    assert {outcome["user"] for outcome in done["outcomes"]} == {upn(number) for number in range(5)}
    assert done["summary"]["added"] == 5
    assert done["summary"]["unchanged"] == 3
    assert not done["failed"]


def test_who_is_in_two_groups_is_asked_for_once(grouped: Running) -> None:
    done = assign_many(grouped, [members("Night"), members("Day"), {"access_package": TOOLS, "user": upn(3)}])
    assert targets(grouped) == people(0, 1, 2, 3)
    assert [(o["index"], o["user"], o["action"]) for o in done["outcomes"]] == [
        *((0, upn(number), "add") for number in range(3)),
        *((1, upn(2), "none"), (1, upn(3), "add"), (2, upn(3), "none")),
    ]
    assert all(outcome["assignment"]["state"] == "delivered" for outcome in done["outcomes"])


@pytest.mark.parametrize("group", ["Nobody", "Robots"])
def test_a_group_without_users_is_said_to_be_empty(grouped: Running, group: str) -> None:
    done = assign_many(grouped, [members(group), {"access_package": TOOLS, "user": upn(0)}])
    assert [outcome["index"] for outcome in done["outcomes"]] == [1]
    assert any("assignments[0]" in sentence and repr(group) in sentence for sentence in done["warnings"])
    assert not done["failed"]


def test_a_group_that_is_not_there_fails_its_item_alone(grouped: Running) -> None:
    missing = id_of("group", "none of these")
    done = assign_many(grouped, [members("Nihgt"), members(missing), members("Day")])
    assert [outcome["error"] is None for outcome in done["outcomes"]] == [False, False, True, True]
    assert "'Nihgt'" in done["outcomes"][0]["error"]["message"]
    assert missing in done["outcomes"][1]["error"]["message"]
    assert targets(grouped) == people(2, 3)


def test_a_caller_who_may_not_read_groups_is_told_the_permission(grouped: Running) -> None:
    token = grouped.token(permissions=["EntitlementManagement.ReadWrite.All", "User.ReadBasic.All"])
    done = assign_many(grouped, [members("Night")], token=token)
    assert "GroupMember.Read.All" in done["msg"]
    assert writes(grouped) == []


def test_a_caller_who_may_not_read_users_is_told_their_ids(grouped: Running) -> None:
    token = grouped.token(permissions=["EntitlementManagement.ReadWrite.All", "GroupMember.Read.All"])
    done = assign_many(grouped, [members(id_of("group", "Day"))], token=token)
    assert targets(grouped) == people(2, 3)
    assert {outcome["user"] for outcome in done["outcomes"]} == {object_id(2), object_id(3)}


def test_a_person_in_two_groups_who_fails_has_failed_in_both(grouped: Running) -> None:
    grouped.faults({**CREATE, "body": object_id(2), "effect": {"status": 403, "code": "UnAuthorized"}})
    done = assign_many(grouped, [members("Night"), members("Day")])
    assert [(o["index"], o["user"]) for o in done["outcomes"] if o["error"]] == [(0, upn(2)), (1, upn(2))]
    assert done["summary"]["failed"] == 2


def test_a_person_in_two_groups_who_has_to_wait_waits_in_both(grouped: Running) -> None:
    later = {"start_date_time": "2099-01-01"}
    done = assign_many(grouped, [members("Night", schedule=later), members("Day", schedule=later)])
    assert [outcome["pending"] for outcome in done["outcomes"]] == [True] * 5
    assert done["summary"]["pending"] == 5
    assert done["summary"]["added"] == 4
    ended = {"end_date_time": "2020-01-01"}
    over = assign_many(
        grouped,
        [members("Night", schedule=ended, access_package=ROOM), members("Day", schedule=ended, access_package=ROOM)],
    )
    assert over["summary"]["ended"] == 5


# name -> the list, the index that is named, words that the sentence must hold
TWICE: dict[str, tuple[list[Json], int, str]] = {
    "in the same words": ([{"user": upn(0)}, {"user": upn(1)}, {"user": upn(0)}], 2, "already"),
    "by name and id": ([{"user": upn(0)}, {"user": object_id(0).upper()}], 1, "already"),
    "by name and mail": ([{"user": upn(0)}, {"email": upn(0)}], 1, "already"),
    "by different names of the package": (
        [{"user": upn(0)}, {"user": upn(0), "access_package": id_of("package", TOOLS)}],
        1,
        "already",
    ),
    "by the assignment": (
        [{"user": upn(5)}, {"assignment_id": id_of("assignment", f"{upn(5)}/{TOOLS}"), "access_package": None}],
        1,
        "already",
    ),
    "an outsider": ([{"email": "sam@fabrikam.com"}, {"email": "SAM@fabrikam.com"}], 1, "already"),
    "an outsider by the assignment": (
        [
            {"email": "sam@fabrikam.com", "state": "absent"},
            {
                "assignment_id": id_of("assignment", f"sam@fabrikam.com/{TOOLS}"),
                "access_package": None,
                "state": "absent",
            },
        ],
        1,
        "already",
    ),
    "there and not there": ([{"user": upn(0)}, {"user": upn(0), "state": "absent"}], 1, "contradicts"),
    "with another schedule": ([{"user": upn(0)}, {"user": upn(0), "schedule": {"duration": "P9D"}}], 1, "contradicts"),
    "a member and not there": ([{"members_of": "Night"}, {"user": upn(1), "state": "absent"}], 1, "contradicts"),
    "a member with another policy": (
        [
            {"members_of": "Night", "access_package": ROOM, "policy": "Staff"},
            {"members_of": "Day", "access_package": ROOM, "policy": "Guests"},
        ],
        1,
        "contradicts",
    ),
}


@pytest.mark.parametrize("name", TWICE)
def test_nobody_may_be_named_twice(frozen: Running, name: str) -> None:
    given, index, words = TWICE[name]
    outsider = {"user": "sam@fabrikam.com", "package": TOOLS, "start": "-P9D"}
    frozen.load(crowd(6, held={TOOLS: [5]}, groups=GROUPS, assignments=[outsider]))
    items: list[Json] = [{"access_package": TOOLS, **item} for item in given]
    failed = assign_many(frozen, items)
    assert failed["failed"]
    assert f"assignments[{index}]" in failed["msg"]
    assert words in failed["msg"]
    assert (failed["changed"], failed["outcomes"], writes(frozen)) == (False, [], [])


def test_two_people_with_one_mail_are_two(frozen: Running) -> None:
    users = [{"upn": f"{name}@contoso.com", "display_name": name, "mail": "both@contoso.com"} for name in ("x", "y")]
    frozen.load(crowd(1, users=users))
    done = assign_many(frozen, [{"access_package": TOOLS, "user": f"{name}@contoso.com"} for name in ("x", "y")])
    assert done["summary"]["added"] == 2
