# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Caps as a table: what a task would do to each package, what it may do, and what is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._decide.caps import Caps, Limit, PackageChange, over_caps
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Person
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Subject
from tests.unit.samples import LAPTOP, assignment

VPN = replace(LAPTOP, id="bbbbbbbb-0000-4000-8000-00000000000f", display_name="VPN")


def people(start: int, number: int) -> tuple[Person, ...]:
    return tuple(Person(f"id-{n}", None, "member", f"p{n}@contoso.com") for n in range(start, start + number))


def change(
    held: int, removed: int = 0, *, replaced: int = 0, added: int = 0, stays: bool = False, vpn: bool = False
) -> PackageChange:
    """A package of so many holders, of whom the first are removed and the next replaced; the added are new."""
    holders = (Subject(None, f"id-{n}", subject_type="user") for n in range(held))
    return PackageChange(
        VPN if vpn else LAPTOP,
        people(0, removed),
        people(removed, replaced),
        people(held, added),
        tuple(assignment("delivered", id=f"a-{n}", target=target) for n, target in enumerate(holders)),
        gains_holder=stays or added > 0,
    )


def removals(number: int, *, share: bool = False) -> Caps:
    return Caps(removals=Limit(number, share))


def additions(number: int, *, share: bool = False) -> Caps:
    return Caps(additions=Limit(number, share))


FULL = Caps(removals=Limit(100), allow_empty=False)
# name -> what would be done, the caps, words of the refusal or null
ROWS: dict[str, tuple[list[PackageChange], Caps, str | None]] = {
    "nothing to do": ([], Caps(Limit(0), Limit(0), allow_empty=False), None),
    "nothing done": ([change(5)], Caps(Limit(0), Limit(0), allow_empty=False), None),
    "no caps": ([change(50, 50), change(0, added=50)], Caps(), None),
    "as many as may": ([change(50, 10)], removals(10), None),
    "one more": ([change(50, 11)], removals(10), "take away 11 assignments, and the limit is 10"),
    "one at all": (
        [change(50, 1)],
        removals(0),
        "take away 1 assignment, and the limit is 0: p0@contoso.com (Engineering Laptop)",
    ),
    "over several packages": ([change(50, 6), change(50, 5, vpn=True)], removals(10), "11 assignments"),
    "replacements count": ([change(50, 1, replaced=2)], removals(2), "take away 3 assignments"),
    "adds do not": ([change(5, 1, added=9)], removals(1), None),
    "a share": ([change(40, 2)], removals(5, share=True), None),
    "a share is rounded down": (
        [change(39, 2)],
        removals(5, share=True),
        "take away 2 assignments of the access package 'Engineering Laptop', held by 39 users, and the limit is 1"
        " (5%): p0@contoso.com, p1@contoso.com",
    ),
    "a share of each package for itself": (
        [change(1000, 0), change(4, 4, vpn=True)],
        removals(10, share=True),
        "4 assignments of the access package 'VPN', held by 4 users",
    ),
    "each package within its share": ([change(40, 2), change(20, 1, vpn=True)], removals(5, share=True), None),
    "replacements count for a share": ([change(40, 1, replaced=2)], removals(5, share=True), "the limit is 2 (5%)"),
    "all of it": ([change(40, 40)], removals(100, share=True), None),
    "a share of nobody": ([change(0, added=1)], additions(50, share=True), "the limit is 0 (50%)"),
    "adds": ([change(0, added=3)], additions(3), None),
    "too many adds": (
        [change(0, added=2), change(0, added=2, vpn=True)],
        additions(3),
        "make 4 assignments, and the limit is 3",
    ),
    "a share of adds": ([change(20, added=1)], additions(5, share=True), None),
    "more than a share of adds": ([change(20, added=2)], additions(5, share=True), "make 2 assignments of the"),
    "replacements are no adds": ([change(20, replaced=5)], additions(0), None),
    "the last holder": (
        [change(1, 1)],
        FULL,
        "take the access package 'Engineering Laptop' away from its last holder (p0",
    ),
    "the last holders": ([change(3, 3)], FULL, "away from its last 3 holders (p0@contoso.com, p1@contoso.com, p2"),
    "the last holders of the second": ([change(9, 1), change(3, 3, vpn=True)], FULL, "'VPN'"),
    "all but one": ([change(3, 2)], FULL, None),
    "all, and somebody is added": ([change(3, 3, added=1)], FULL, None),
    "all, and somebody declared waits": ([change(3, 3, stays=True)], FULL, None),
    "all are replaced": ([change(3, replaced=3)], FULL, None),
    "nobody before": ([change(0)], FULL, None),
    "a high limit does not allow to empty": ([change(3, 3)], Caps(Limit(100, share=True), allow_empty=False), "last 3"),
    "to empty it is allowed": ([change(3, 3)], replace(FULL, allow_empty=True), None),
    "to empty it is allowed, but not so much": ([change(3, 3)], removals(2), "the limit is 2"),
}


@pytest.mark.parametrize("name", ROWS)
def test_what_is_over_a_cap(name: str) -> None:
    changes, caps, words = ROWS[name]
    over = over_caps(changes, caps)
    if words is None:
        assert over is None
        return
    assert over is not None
    assert words in over.message


def test_all_caps_are_named_at_once_and_so_is_what_to_change() -> None:
    over = over_caps([change(3, 3), change(0, added=2, vpn=True)], Caps(Limit(2), Limit(1), allow_empty=False))
    assert over is not None
    assert over.message == (
        "nothing was sent, because the task exceeds a limit: it would take away 3 assignments, and the limit is 2:"
        " p0@contoso.com (Engineering Laptop), p1@contoso.com (Engineering Laptop), p2@contoso.com (Engineering Laptop);"
        " it would make 2 assignments, and the limit is 1: p0@contoso.com (VPN), p1@contoso.com (VPN);"
        " it would take the access package 'Engineering Laptop' away from its last 3 holders (p0@contoso.com,"
        " p1@contoso.com, p2@contoso.com)"
    )
    assert over.hint == (
        "check the list; if it is right, raise max_removals and raise max_additions and set allow_empty to true"
    )


def test_the_first_ten_are_named() -> None:
    over = over_caps([change(20, 12)], removals(10))
    assert over is not None
    assert all(f"p{number}@contoso.com" in over.message for number in range(10))
    assert "p10@" not in over.message
    assert over.message.endswith(", ...")


@pytest.mark.parametrize(
    ("caps", "needed"),
    [
        (Caps(), False),
        (Caps(Limit(5), Limit(5)), False),
        (Caps(Limit(5, share=True)), True),
        (Caps(additions=Limit(5, share=True)), True),
        (Caps(allow_empty=False), True),
    ],
)
def test_when_all_holders_are_needed(caps: Caps, *, needed: bool) -> None:
    assert caps.need_holders is needed
