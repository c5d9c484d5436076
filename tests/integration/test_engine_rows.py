# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows count for what they say themselves: removals that show no package, and answers that lack what was asked for."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._tasks import access_package_assignment_request_info
from tests.simulator.running import Running
from tests.support.calls import operations, round_trips, sent, writes
from tests.support.crowd import ROOM, TOOLS, crowd, object_id, package_id, tools_by_id, upn
from tests.support.engine import assign, assign_many, run_task

Json = dict[str, Any]
VERSIONS = ("v1.0", "beta")


def kinds(sim: Running) -> list[str]:
    return [body["requestType"] for body in sent(sim)]


@pytest.fixture(params=["shown", "null"])
def tenant(frozen: Running, request: pytest.FixtureRequest) -> Running:
    """Somebody holds a package; removals show it, or not."""
    frozen.load(crowd(45, held={TOOLS: range(2)}))
    frozen.switches(removal_package=request.param)
    return frozen


@pytest.mark.parametrize("api_version", VERSIONS)
def test_absent_twice_without_waiting_sends_one_removal(tenant: Running, api_version: str) -> None:
    gone = tools_by_id(0, state="absent", wait=False, api_version=api_version)
    first = assign(tenant, **gone)
    assert (first["action"], first["pending"]) == ("remove", True)
    tenant.clear_calls()
    again = assign(tenant, **gone)
    assert not again["failed"], again["msg"]
    assert (again["changed"], again["action"], again["pending"]) == (False, "none", True)
    assert again["request"]["id"] == first["request"]["id"]
    assert writes(tenant) == []


@pytest.mark.parametrize("api_version", VERSIONS)
def test_present_while_a_removal_is_open_waits_for_it_and_gives_access_again(tenant: Running, api_version: str) -> None:
    assign(tenant, **tools_by_id(0, state="absent", wait=False))
    tenant.clear_calls()
    desired = tools_by_id(0, api_version=api_version)
    hasty = assign(tenant, **desired, wait=False)
    assert hasty["failed"]
    assert "adminRemove" in hasty["msg"]
    assert writes(tenant) == []
    done = assign(tenant, **desired)
    assert not done["failed"], done["msg"]
    assert (done["action"], done["assignment"]["state"]) == ("add", "delivered")
    assert kinds(tenant) == ["adminAdd"]
    tenant.clear_calls()
    assert not assign(tenant, **desired)["changed"]


def test_many_removals_are_waited_for_and_taken_away_once(tenant: Running) -> None:
    tenant.load(crowd(45, held={TOOLS: range(45)}))
    tenant.settings(page_size=20)
    gone = [tools_by_id(number, state="absent") for number in range(45)]
    done = assign_many(tenant, gone, wait=False)
    assert done["summary"]["removed"] == 45
    tenant.clear_calls()
    again = assign_many(tenant, gone)
    assert not again["failed"], again["msg"]
    assert (again["changed"], writes(tenant)) == (False, [])
    assert {row["state"] for row in tenant.dump()["assignments"]} == {"expired"}


def test_many_own_removals_end_when_they_have_ended(tenant: Running) -> None:
    tenant.load(crowd(45, held={TOOLS: range(45)}))
    done = assign_many(tenant, [tools_by_id(number, state="absent") for number in range(45)])
    assert not done["failed"], done["msg"]
    assert done["summary"]["removed"] == 45
    assert len(writes(tenant)) == 45
    assert {row["state"] for row in tenant.dump()["assignments"]} == {"expired"}


def test_what_is_right_takes_two_round_trips_and_two_more_operations(tenant: Running) -> None:
    tenant.clear_calls()
    done = assign(tenant, **tools_by_id(0))
    assert (done["changed"], round_trips(tenant), operations(tenant)) == (False, 2, 1 + 1 + 4 + 2)


def test_a_removal_of_another_package_is_nobodys_business(tenant: Running) -> None:
    tenant.load(crowd(3, held={TOOLS: [0], f"{ROOM}/Staff": [0]}))
    assign(tenant, access_package=ROOM, user=upn(0), state="absent", wait=False)
    tenant.clear_calls()
    done = assign(tenant, **tools_by_id(0))
    assert (done["failed"], done["changed"], done["request"]) == (False, False, None)


def scoped(sim: Running) -> str:
    """Return the token of a caller with a role on the catalog, who reads one package at a time."""
    role = {"catalog": "General", "role": "Access package assignment manager"}
    return sim.token(permissions=["User.ReadBasic.All"], roles=[role])


@pytest.mark.parametrize("api_version", VERSIONS)
def test_an_open_removal_that_no_reading_shows_counts_as_pending(frozen: Running, api_version: str) -> None:
    """A caller with a role on some catalogs may not read without a package, and Graph's refusal is all that tells."""
    frozen.load(crowd(3, held={TOOLS: [0]}))
    frozen.switches(removal_package="null")
    frozen.settings(delivering_seconds=100_000)
    gone = tools_by_id(0, state="absent", wait=False, api_version=api_version)
    assert assign(frozen, token=scoped(frozen), **gone)["action"] == "remove"
    again = assign(frozen, token=scoped(frozen), **gone)
    assert not again["failed"], again["msg"]
    assert (again["changed"], again["action"], again["pending"], again["request"]) == (False, "none", True, None)
    assert "a request" in " ".join(again["warnings"])


def test_a_hidden_removal_does_not_pass_for_the_end_of_a_replacement(frozen: Running) -> None:
    frozen.load(crowd(3, held={f"{ROOM}/Staff": [0]}))
    frozen.switches(removal_package="null")
    held: Json = {"access_package": ROOM, "user": upn(0), "wait_timeout": 20}
    frozen.settings(delivering_seconds=100_000)
    assign(frozen, **held, state="absent", wait=False)
    done = assign(frozen, token=scoped(frozen), policy="Guests", on_policy_mismatch="replace", **held)
    assert done["failed"]
    assert not done["changed"]


@pytest.mark.parametrize("api_version", VERSIONS)
def test_request_info_lists_open_removals_of_a_package(tenant: Running, api_version: str) -> None:
    tenant.load(crowd(3, held={TOOLS: [0], f"{ROOM}/Staff": [1]}))
    tenant.settings(delivering_seconds=100_000)
    assign(tenant, **tools_by_id(0, state="absent", wait=False))
    assign(tenant, access_package=ROOM, user=upn(1), state="absent", wait=False)
    for options in ({}, {"states": ["submitted", "delivering"]}, {"user": [upn(0)]}):
        asked = {"access_package": [TOOLS], "api_version": api_version, **options}
        listed = run_task(access_package_assignment_request_info, tenant, asked)
        assert not listed["failed"], listed["msg"]
        (removal,) = (row for row in listed["requests"] if row["request_type"] == "adminRemove")
        assert removal["access_package"]["id"] == package_id(TOOLS)
        assert removal["target"]["object_id"] == object_id(0)
    ended = run_task(
        access_package_assignment_request_info, tenant, {"access_package": [TOOLS], "states": ["delivered"]}
    )
    assert "adminRemove" not in {row["request_type"] for row in ended["requests"]}
