# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A row counts for a package, a person and a state because it says so, once; one that does not tell is an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.running import Running
from tests.support.calls import writes
from tests.support.crowd import ROOM, TOOLS, crowd, object_id, package_id, tools_by_id, upn
from tests.support.engine import assign, assign_many

Json = dict[str, Any]


@pytest.fixture
def tenant(process: Running) -> Iterator[Running]:
    """Person 0 holds the tools; 0, 1 and 2 have the room, 2 by its rule."""
    process.reset()
    process.freeze()
    process.load(crowd(4, held={TOOLS: [0], f"{ROOM}/Staff": [0, 1], f"{ROOM}/By rule": [2]}))
    yield process
    process.contrary()


def room(number: int, **options: Any) -> Json:
    return {"access_package": package_id(ROOM), "user": object_id(number), **options}


@pytest.mark.parametrize("doubt", ["filter_ignored", "filter_lost"])
def test_a_row_of_another_package_or_person_is_left_out(tenant: Running, doubt: str) -> None:
    tenant.contrary(doubt)
    gone = assign(tenant, **tools_by_id(1, state="absent"))
    assert (gone["failed"], gone["changed"], writes(tenant)) == (False, False, [])
    exact = assign_many(tenant, [tools_by_id(0)], exclusive=True, exclusive_scope="package", max_removals=40)
    assert not exact["failed"], exact["msg"]
    assert (exact["changed"], writes(tenant)) == (False, [])


@pytest.mark.parametrize(
    ("doubt", "member"),
    [
        ("expand_ignored", "accessPackage.id"),
        ("package_missing", "accessPackage.id"),
        ("target_missing", "target.objectId"),
        ("target_null", "target.objectId"),
        ("state_missing", "state"),
        ("policy_missing", "assignmentPolicy.id"),
        ("schedule_missing", "schedule"),
    ],
)
def test_a_row_that_does_not_tell_is_an_error_that_names_the_member(tenant: Running, doubt: str, member: str) -> None:
    tenant.contrary(doubt)
    for state in ("absent", "present"):
        done = assign(tenant, **tools_by_id(0, state=state))
        assert (done["failed"], done["error"]["kind"]) == (True, "unreadable"), done
        assert f"{member} of assignment" in done["msg"]
    exact = assign_many(tenant, [tools_by_id(3)], exclusive=True, max_removals=40, allow_empty=True)
    assert exact["failed"]
    assert not [body for call in writes(tenant) if (body := call["body"])["requestType"] != "adminAdd"]


@pytest.mark.parametrize("doubt", ["thin_policies", "policies_missing"])
def test_the_packages_policies_tell_what_a_rule_governs(tenant: Running, doubt: str) -> None:
    tenant.contrary(doubt, "thin_policies")
    done = assign(tenant, **room(2, state="absent"))
    assert (done["failed"], done["error"]["kind"]) == (True, "refused"), done
    assert "is governed by the rule" in done["msg"]
    exact = assign_many(
        tenant, [], exclusive=True, exclusive_scope="package", access_packages=[package_id(ROOM)], allow_empty=True
    )
    assert not exact["failed"], exact["msg"]
    assert (exact["summary"]["removed"], exact["summary"]["left_alone"]) == (2, 1)


def test_a_row_that_comes_twice_counts_once(tenant: Running) -> None:
    tenant.contrary("rows_twice")
    named = assign(tenant, access_package=TOOLS, user=upn(1))
    assert not named["failed"], named["msg"]
    exact = assign_many(tenant, [{"access_package": TOOLS, "user": upn(1)}], exclusive=True, max_removals=1)
    assert not exact["failed"], exact["msg"]
    assert exact["summary"]["removed"] == 1


def test_a_name_is_held_against_the_rows(tenant: Running) -> None:
    tenant.contrary("names_ignored")
    assert not assign(tenant, access_package=TOOLS, user=upn(1))["failed"]
    unknown = assign(tenant, access_package="Tool", user=upn(1))
    assert unknown["error"]["kind"] == "not_found"
