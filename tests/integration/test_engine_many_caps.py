# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Caps on what a task takes away and gives: over one of them nothing is sent, and check mode says so beforehand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.running import Running
from tests.support.calls import sent, writes
from tests.support.crowd import ROOM, TOOLS, VAULT, crowd, tools, upn
from tests.support.engine import administrator, assign_many

Json = dict[str, Any]
REPLACED: Json = {"policy": "Guests", "on_policy_mismatch": "replace"}
EXACT: Json = {"exclusive": True}
# Tools are held by 20, Room by 4 under Staff and 2 by a rule, Vault by 1; p21 waits for the Vault.
HELD = {TOOLS: range(20), f"{ROOM}/Staff": range(4), f"{ROOM}/By rule": [8, 9], VAULT: [0]}
GROUPS = {"Everybody": [upn(number) for number in range(24)], "Night": [upn(1), upn(2), upn(3)], "Empty": []}


def room(*numbers: int, **options: Any) -> list[Json]:
    return [{"access_package": ROOM, "user": upn(number), "policy": "Staff", **options} for number in numbers]


def gone(*numbers: int, **options: Any) -> list[Json]:
    return tools(*numbers, state="absent", **options)


def everybody(package: str, **options: Any) -> list[Json]:
    return [{"access_package": package, "members_of": "Everybody", **options}]


@pytest.fixture
def held(frozen: Running) -> Running:
    """Many holders, and an open request."""
    waiting = {"user": upn(21), "package": VAULT, "policy": "Approved", "state": "pendingApproval"}
    frozen.load(crowd(24, held=HELD, groups=GROUPS, requests=[waiting]))
    return frozen


# name -> the list, options, words of the refusal or null
CAPS: dict[str, tuple[list[Json], Json, str | None]] = {
    # declared removals, which no exact set is needed for
    "declared removals": (
        gone(*range(11)),
        {"max_removals": 10},
        "take away 11 assignments, and the limit is 10",
    ),
    "as many as may be": (gone(*range(10)), {"max_removals": 10}, None),
    "unbounded without exclusive": (gone(*range(20)), {}, None),
    "members of a group": (everybody(TOOLS, state="absent"), {"max_removals": 0}, "take away 20 assignments"),
    "members of a group, by a share of nothing": (
        everybody(TOOLS, state="absent"),
        {"max_removals": "0%"},
        "20 assignments of the access package 'Tools', held by 20 users, and the limit is 0 (0%)",
    ),
    "who is in two groups counts once": (
        [*everybody(TOOLS, state="absent"), {"access_package": TOOLS, "members_of": "Night", "state": "absent"}],
        {"max_removals": 20},
        None,
    ),
    "who holds nothing does not count": (gone(0, 20, 21), {"max_removals": 1}, None),
    # shares
    "a share": (gone(0), {"max_removals": "5%"}, None),
    "more than a share": (gone(0, 1), {"max_removals": "5%"}, "held by 20 users, and the limit is 1 (5%)"),
    "the share of a small package": (
        room(0, 1, 2, 3, state="absent"),
        {"max_removals": "50%"},
        "take away 4 assignments of the access package 'Room', held by 4 users, and the limit is 2 (50%)",
    ),
    "each package within its share": ([*gone(0), *room(0, state="absent")], {"max_removals": "25%"}, None),
    # replacements
    "a replacement": (
        room(0, 1, **REPLACED),
        {"max_removals": 1},
        "take away 2 assignments, and the limit is 1",
    ),
    "replacements that may be": (room(0, 1, **REPLACED), {"max_removals": 2, "max_additions": 0}, None),
    "not waited for": (room(0, 1, **REPLACED), {"max_removals": 1, "wait": False}, "take away 2 assignments"),
    # neither counts
    "a shorter end": (tools(*range(5), schedule={"end_date_time": "2099-01-01"}), {"max_removals": 0}, None),
    # adds
    "a slip in a group name": (
        everybody(TOOLS),
        {"max_additions": 3},
        "make 4 assignments, and the limit is 3",
    ),
    "adds that may be": (everybody(TOOLS), {"max_additions": 4, "max_removals": 0}, None),
    "a share of adds": (everybody(TOOLS), {"max_additions": "20%"}, None),
    "more than a share of adds": (everybody(TOOLS), {"max_additions": "15%"}, "the limit is 3 (15%)"),
    "an approval is asked for all the same": (
        [{"access_package": VAULT, "members_of": "Night"}],
        {"max_additions": 2},
        "make 3 assignments",
    ),
    "who waits for an approval was counted before": (
        [{"access_package": VAULT, "user": upn(21)}],
        {"max_additions": 0},
        None,
    ),
    # exact sets
    "ten at most": (tools(*range(9)), EXACT, "take away 11 assignments, and the limit is 10"),
    "just ten": (tools(*range(10)), EXACT, None),
    "declared and undeclared together": (
        [*tools(*range(10)), *gone(10), *room(0, 1, 2, 3, **REPLACED)],
        EXACT,
        "take away 14 assignments, and the limit is 10",
    ),
    "a number as YAML has it": (tools(*range(10)), {**EXACT, "max_removals": 9}, "the limit is 9"),
    "a share of an exact set": (tools(*range(17)), {**EXACT, "max_removals": "10%"}, "the limit is 2 (10%)"),
    "just the share of an exact set": (tools(*range(18)), {**EXACT, "max_removals": "10%"}, None),
    "the share of a small package beside a large one": (
        [*tools(*range(20)), *room(*range(4, 8))],
        {**EXACT, "max_removals": "50%"},
        "the access package 'Room', held by 4 users",
    ),
    "adds of an exact set": (tools(*range(22)), {**EXACT, "max_additions": 1}, "make 2 assignments"),
    # the last holder
    "nobody is left": (
        [],
        {**EXACT, "access_packages": [VAULT]},
        "the access package 'Vault' away from its last holder",
    ),
    "a limit does not allow to empty": (
        [],
        {**EXACT, "access_packages": [VAULT], "max_removals": "100%"},
        "the access package 'Vault' away from its last holder (p0000@contoso.com)",
    ),
    "to empty it is allowed": ([], {**EXACT, "access_packages": [VAULT], "allow_empty": True}, None),
    "nobody is left but by a rule": ([], {**EXACT, "access_packages": [ROOM]}, "'Room' away from its last 4 holders"),
    "a group that reads as empty": (
        [{"access_package": VAULT, "policy": "Approved", "members_of": "Empty"}],
        EXACT,
        "'Vault' away from its last holder",
    ),
    "declared removals of all": ([{"access_package": VAULT, "user": upn(0), "state": "absent"}], EXACT, "last holder"),
    "somebody else is declared": ([{"access_package": VAULT, "user": upn(1)}], EXACT, None),
    "somebody declared already waits": ([{"access_package": VAULT, "user": upn(21)}], EXACT, None),
    "whose declared end is over holds nothing": (
        [{"access_package": VAULT, "user": upn(1), "schedule": {"end_date_time": "2020-01-01"}}],
        EXACT,
        "last holder",
    ),
}


@pytest.mark.parametrize("name", CAPS)
def test_over_a_cap_nothing_is_sent(held: Running, name: str) -> None:
    items, options, words = CAPS[name]
    foreseen = assign_many(held, items, check=True, **options)
    assert writes(held) == []
    done = assign_many(held, items, **options)
    assert done.get("msg") == foreseen.get("msg")
    if words is None:
        assert not done["failed"], done["msg"]
        assert done["diff"] == foreseen["diff"]
        return
    assert done["failed"]
    assert words in done["msg"]
    assert words in done["error"]["message"]
    assert (done["changed"], done["diff"], writes(held)) == (False, [], [])
    # Check mode shows what it would have been, the real run for whom nothing was sent.
    planned = [(o["index"], o["user"]) for o in foreseen["outcomes"] if o["action"] != "none"]
    assert planned
    assert len(foreseen["diff"]) == len(planned)
    assert [(o["index"], o["user"]) for o in done["outcomes"] if o["error"] and o["action"] == "none"] == planned
    assert all("exceeds a limit" in o["error"]["message"] for o in done["outcomes"] if o["error"])


def test_a_request_that_is_taken_back_is_no_removal(held: Running) -> None:
    token = administrator(held)
    items: list[Json] = [{"access_package": VAULT, "user": upn(21), "state": "absent"}]
    done = assign_many(held, items, token=token, max_removals=0)
    assert (done["failed"], [o["action"] for o in done["outcomes"]]) == (False, ["cancel"])


def test_a_share_of_people_who_hold_it_needs_the_whole_package(held: Running) -> None:
    filters = []
    for cap in ("1", "5%"):
        held.clear_calls()
        assign_many(held, gone(0), max_removals=cap, check=True)
        filters += [call["query"] for call in held.calls() if call["path"].endswith("/assignments")]
    assert ["objectId" in str(each) for each in filters] == [True, False]


def test_an_item_that_fails_neither_counts_nor_hides_a_cap(held: Running) -> None:
    items = [*gone(0, 1), *gone(2, user="nobody@contoso.com")]
    over = assign_many(held, items, max_removals=1)
    assert "the limit is 1" in over["msg"]
    assert writes(held) == []
    within = assign_many(held, items, max_removals=2)
    assert "nobody@contoso.com" in within["msg"]
    assert [body["requestType"] for body in sent(held)] == ["adminRemove"] * 2
