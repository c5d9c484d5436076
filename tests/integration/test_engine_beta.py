# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Beta: the same tasks, said in its words and at its addresses, come to the same results as in v1.0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.request_as_world import OWN, WORLD
from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import CREATE, sent, writes
from tests.support.engine import administrator, assign

Json = dict[str, Any]
LAPTOP: Json = {"access_package": "Engineering Laptop", "user": "ada@contoso.com"}
PAYROLL: Json = {
    "access_package": "Payroll",
    "user": "ada@contoso.com",
    "answers": [{"question": "Kostenstelle", "value": "1234"}, {"question": "Region", "value": "Europa und Afrika"}],
}
LEE: Json = {**PAYROLL, "user": "lee@contoso.com"}
LAB: Json = {"request_as": "self", "access_package": "Lab", "policy": "Approved", "justification": "Tests"}
# name -> the tasks of one story, one after the other
STORIES: dict[str, list[Json]] = {
    "added, extended and taken away": [
        LAPTOP,
        {**LAPTOP, "schedule": {"duration": "P30D"}},
        {**LAPTOP, "state": "absent"},
    ],
    "with answers": [PAYROLL, {**PAYROLL, "answers": [{"question": "Region", "value": "apac"}]}],
    "other answers to an old assignment": [LEE],
    "an outsider": [{"access_package": "Partner Portal", "email": "sam@fabrikam.com"}],
    "one of several policies": [{**LAPTOP, "access_package": "VPN Access", "policy": "Everybody"}],
    "another policy": [
        {"access_package": "VPN Access", "user": "lee@contoso.com", "policy": "Members"},
        {
            "access_package": "VPN Access",
            "user": "lee@contoso.com",
            "policy": "Members",
            "on_policy_mismatch": "replace",
        },
    ],
    "a start that waits": [{**LAPTOP, "schedule": {"start_date_time": "2090-01-01"}}],
    "an end beyond the policy": [{**LAPTOP, "schedule": {"duration": "P366D"}}],
    "a name in two catalogs": [
        {**LAPTOP, "access_package": "Shared Name"},
        {**LAPTOP, "access_package": "Shared Name", "catalog": "General"},
    ],
    "no such package": [{**LAPTOP, "access_package": "Engineering"}],
    "no such policy": [{**LAPTOP, "policy": "Nope"}],
    "incompatible": [{**PAYROLL, "check_conflicts": True}],
    "an assignment by its id": [
        {"assignment_id": id_of("assignment", "lee@contoso.com/VPN Access"), "state": "absent"},
    ],
    "not waited for": [{**LAPTOP, "wait": False}, LAPTOP],
}
ASKED: dict[str, tuple[str, list[Json]]] = {
    "self": ("ada", [{"request_as": "self", "access_package": "Wiki"}]),
    "self, approved": ("ada", [LAB]),
    "self, extended": ("kim", [{"request_as": "self", "access_package": "Wiki", "schedule": {"duration": "P50D"}}]),
    "self, other answers": (
        "kim",
        [{"request_as": "self", "access_package": "Wiki", "answers": [{"question": "Team", "value": "b"}]}],
    ),
    "self, given up": ("kim", [{"request_as": "self", "access_package": "Wiki", "state": "absent"}]),
    "manager": (
        "grace",
        [
            {
                "request_as": "manager",
                "access_package": "Wiki",
                "policy": "Open",
                "user": id_of("user", "ada@contoso.com"),
            }
        ],
    ),
}


def start_anew(sim: Running, now: str, world: Json | str) -> None:
    sim.reset()
    sim.freeze()
    sim.set_clock(now)
    sim.load(world)


def told(sim: Running, tasks: list[Json], **options: Any) -> list[Json]:
    """Run each task in check mode, for real, and again; give all results without what names a version."""
    results = [assign(sim, check=check, **{**options, **task}) for task in tasks for check in (True, False, False)]
    for result in results:
        (result.get("error") or {}).pop("url", None)
        (result.get("error") or {}).pop("client_request_id", None)
    return results


def both(sim: Running, prepare: Callable[[], Any], tasks: list[Json]) -> tuple[list[Json], list[Json]]:
    found = []
    for version in ("v1.0", "beta"):
        options = prepare() or {}
        found.append(told(sim, tasks, api_version=version, **options))
    return found[0], found[1]


def in_beta(sim: Running) -> None:
    """Every call of the last story went to beta, and none was refused but conflicts that the story is about."""
    graph = [call for call in sim.calls() if call["service"] == "graph"]
    assert [call for call in graph if call["status"] in (400, 404) and call["method"] == "GET"] == []
    wrapped = [body for body in sent(sim) if body]
    # A manager's is as the page's one example has it.
    by_page = [body for body in wrapped if "subjectType" not in (body.get("assignment", {}).get("target") or {})]
    assert [body for body in by_page if "accessPackageAssignment" not in body] == []


@pytest.mark.parametrize("name", STORIES)
def test_a_task_of_an_administrator_comes_to_the_same(frozen: Running, name: str) -> None:
    now = frozen.clock()

    def prepare() -> None:
        start_anew(frozen, now, "contoso")

    first, second = both(frozen, prepare, STORIES[name])
    in_beta(frozen)
    assert second == first


@pytest.mark.parametrize("name", ASKED)
def test_a_task_of_a_user_comes_to_the_same(frozen: Running, name: str) -> None:
    user, tasks = ASKED[name]
    now = frozen.clock()

    def prepare() -> Json:
        start_anew(frozen, now, WORLD)
        return {"token": frozen.token("delegated", user=f"{user}@contoso.com", permissions=OWN)}

    first, second = both(frozen, prepare, tasks)
    in_beta(frozen)
    assert second == first
    assert first[0]["failed"] is False


def test_a_failed_delivery_is_processed_again_in_beta(frozen: Running) -> None:
    frozen.faults({**CREATE, "times": 1, "effect": {"outcome": "deliveryFailed"}})
    assert assign(frozen, api_version="beta", **LAPTOP)["failed"]
    done = assign(frozen, api_version="beta", **LAPTOP)
    assert (done["failed"], done["action"]) == (False, "reprocess")


def test_an_open_request_is_taken_back_in_beta(frozen: Running) -> None:
    token = administrator(frozen, "EntitlementManagement.ReadWrite.All")
    options: Json = {**LAPTOP, "user": id_of("user", "ada@contoso.com"), "api_version": "beta", "token": token}
    assign(frozen, **options, schedule={"start_date_time": "2090-01-01"})
    done = assign(frozen, **options, state="absent")
    assert (done["failed"], done["action"]) == (False, "cancel")


def test_what_one_version_gave_the_other_finds(frozen: Running) -> None:
    assign(frozen, api_version="beta", **PAYROLL)
    frozen.clear_calls()
    assert assign(frozen, **PAYROLL)["action"] == "none"
    assert writes(frozen) == []


def test_answers_of_beta_under_the_names_of_v1_are_understood_too(frozen: Running) -> None:
    """The examples of beta's create page show both."""
    now = frozen.clock()
    results = []
    for names in ("beta", "v1.0"):
        start_anew(frozen, now, "contoso")
        frozen.switches(beta_request_names=names)
        results.append(told(frozen, STORIES["added, extended and taken away"], api_version="beta"))
    assert results[0] == results[1]


def test_under_an_automatic_policy_graph_itself_refuses_in_beta(frozen: Running) -> None:
    """Beta does not tell which policies are automatic."""
    options: Json = {"access_package": "Source Code Read", "user": "ada@contoso.com", "api_version": "beta"}
    assert assign(frozen, **options)["action"] == "none"
    refused = assign(frozen, **options, state="absent")
    assert (refused["failed"], refused["error"]["status"]) == (True, 400)
