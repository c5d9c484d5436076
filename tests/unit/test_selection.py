# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Picking from what was read: what fits, what counts now, in which order, each once."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._decide.selection import (
    Selection,
    anybody_of,
    current_ones,
    ends_by,
    in_order,
    one_of,
    select_assignments,
    select_requests,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Assignment, Named, Schedule, Subject
from tests.unit.samples import (
    ADA,
    ADA_PERSON,
    ADA_SUBJECT,
    DAY,
    NOW,
    OTHER_POLICY,
    OUTSIDER,
    PACKAGE_ID,
    POLICY_ID,
    assignment,
    expired,
    request,
)

BOB = Subject("f2", None, "Bob", None, "Bob@Fabrikam.com", "user")
VPN = Named("bbbbbbbb-0000-4000-8000-000000000002", "VPN")
MONTH = NOW + 30 * DAY


@pytest.mark.parametrize(
    ("state", "schedule", "fits"),
    [
        ("delivered", Schedule(NOW - DAY, MONTH), True),
        ("delivered", Schedule(NOW - DAY, MONTH + timedelta(seconds=1)), False),
        ("delivered", Schedule(NOW - 9 * DAY, NOW - DAY), True),
        ("delivered", Schedule(NOW - DAY, duration="P31D"), True),
        ("delivered", Schedule(NOW - DAY, duration="P32D"), False),
        ("delivered", Schedule(None, duration="P1D"), False),
        ("delivered", Schedule(NOW - DAY, no_expiration=True), False),
        ("delivered", Schedule(NOW - DAY), False),
        ("delivered", Schedule(NOW, duration="P9999999D"), False),
        ("delivering", Schedule(NOW, MONTH), True),
        ("deliveryFailed", Schedule(NOW, MONTH), True),
        ("expired", Schedule(NOW - 9 * DAY, NOW - DAY), False),
    ],
)
def test_what_ends_by_an_instant(state: str, schedule: Schedule, fits: bool) -> None:
    assert ends_by(assignment(state, schedule=schedule), MONTH) is fits


ORDER = ("delivered", "partiallyDelivered", "delivering", "deliveryFailed", "expired")


@pytest.mark.parametrize(("better", "worse"), list(itertools.combinations(ORDER, 2)))
def test_what_counts_now_is_chosen_by_state_first(better: str, worse: str) -> None:
    """Whichever comes first in the list, and although the worse one is newer."""
    good = assignment(better, id="good", schedule=Schedule(NOW - 9 * DAY))
    bad = assignment(worse, id="bad", schedule=Schedule(NOW - DAY))
    assert current_ones([good, bad]) == current_ones([bad, good]) == [good]


def test_of_several_past_assignments_the_newest_counts() -> None:
    old, new = expired(id="old", expired=NOW - 9 * DAY), expired(id="new", expired=NOW - DAY)
    assert current_ones([new, old]) == current_ones([old, new]) == [new]


def test_one_counts_for_each_person_and_package() -> None:
    rows = [
        assignment(id="1"),
        expired(id="2"),
        expired(id="3", package=VPN),
        expired(id="4", target=BOB),
        expired(id="5", target=replace(BOB, email="bob@fabrikam.com"), expired=NOW - 11 * DAY),
        expired(id="6", target=replace(ADA_SUBJECT, object_id=ADA.upper(), id="other")),
    ]
    assert [row.id for row in current_ones(rows)] == ["1", "3", "4"]


@pytest.mark.parametrize(
    ("selection", "fits"),
    [
        (Selection(), True),
        (Selection(packages=one_of([PACKAGE_ID.upper()])), True),
        (Selection(packages=one_of(["Engineering Laptop"])), True),
        (Selection(packages=one_of(["engineering laptop"])), False),
        (Selection(packages=one_of([VPN.id])), False),
        (Selection(policies=one_of([POLICY_ID])), True),
        (Selection(policies=one_of([OTHER_POLICY.id])), False),
        (Selection(people=anybody_of([ADA_PERSON])), True),
        (Selection(people=anybody_of([OUTSIDER])), False),
        (Selection(people=anybody_of([OUTSIDER, ADA_PERSON])), True),
        (Selection(states=("delivering", "delivered")), True),
        (Selection(states=("expired",)), False),
        (Selection(ends_by=MONTH), False),
        (Selection(states=("delivered",), policies=one_of([OTHER_POLICY.id])), False),
    ],
)
def test_all_parts_of_a_selection_must_fit(selection: Selection, fits: bool) -> None:
    assert bool(select_assignments([assignment()], selection)) is fits


def test_people_without_an_object_id_are_known_by_mail() -> None:
    outside = assignment(target=BOB)
    assert select_assignments([outside], Selection(people=anybody_of([OUTSIDER]))) == [outside]
    nobody = assignment(target=replace(BOB, email=None))
    assert select_assignments([nobody, assignment(target=None)], Selection(people=anybody_of([OUTSIDER]))) == []


def test_with_current_states_and_policies_choose_among_what_counts() -> None:
    held = assignment(id="held", policy=OTHER_POLICY)
    past = expired(id="past")
    of_states = Selection(states=("expired",), current=True)
    assert select_assignments([held, past], of_states) == []
    assert select_assignments([past], of_states) == [past]
    assert select_assignments([held, past], Selection(policies=one_of([POLICY_ID]), current=True)) == []


@pytest.mark.parametrize(
    ("members", "fits"),
    [
        ({"types": ("adminAdd",)}, True),
        ({"types": ("userAdd",)}, False),
        ({"states": ("submitted",)}, True),
        ({"states": ("denied",)}, False),
        ({"created_after": NOW - timedelta(hours=2)}, True),
        ({"created_after": NOW - timedelta(hours=1)}, False),
        ({"people": anybody_of([ADA_PERSON])}, True),
        ({"packages": one_of([PACKAGE_ID])}, True),
    ],
)
def test_requests_are_selected(members: dict[str, Any], fits: bool) -> None:
    asked = request(package=Named(PACKAGE_ID, "Engineering Laptop"))
    assert bool(select_requests([asked], Selection(**members))) is fits


def test_a_request_without_a_date_was_made_at_no_time() -> None:
    assert select_requests([request(created=None)], Selection(created_after=NOW)) == []


def test_a_row_that_several_lists_hold_is_given_once_as_it_was_read_last() -> None:
    early, late = assignment("delivering"), assignment("delivered", id=str(assignment().id).upper())
    assert select_assignments([early, late], Selection()) == [late]


def test_the_order_does_not_hang_on_how_rows_were_read() -> None:
    def held(package: Named, principal_name: str | None, row_id: str) -> Assignment:
        return assignment(id=row_id, package=package, target=replace(ADA_SUBJECT, principal_name=principal_name))

    laptop, small_vpn = Named("b1", "Laptop"), Named("b2", "vpn")
    desired = [
        held(laptop, "Ada@contoso.com", "2"),
        held(laptop, "ada@contoso.com", "3"),
        held(laptop, "lee@contoso.com", "1"),
        held(small_vpn, "ada@contoso.com", "5"),
        held(Named("b3", "VPN"), "ada@contoso.com", "4"),
    ]
    for seed in range(5):
        mixed = random.Random(seed).sample(desired, len(desired))
        assert in_order(mixed) == desired
    assert in_order([assignment(package=None, target=None), desired[0]])[1] == desired[0]
