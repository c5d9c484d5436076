# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The self-check finds out what a credential can do, sees each reading of an open question, and leaves nothing behind."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.simulator.running import Running
from tests.simulator.switches import SWITCHES
from tests.support.calls import CREATE, writes
from tests.support.engine import SimulatedClock, administrator, assign, check_tenant
from tests.support.facts import BY_READING, BY_REPORT, BY_WRITING

Json = dict[str, Any]
REHEARSAL: Json = {"write": True, "access_package": "Engineering Laptop", "user": "ada@contoso.com", "wait_timeout": 60}


def status_of(result: Json) -> dict[str, str]:
    assert [each for each in result["findings"] if each["status"] != "ok" and not each["hint"]] == []
    return {finding["check"]: finding["status"] for finding in result["findings"]}


def seen(result: Json) -> dict[str, str]:
    return {each["fact"]: each["seen"] for each in result["observations"]}


def held(sim: Running) -> list[Json]:
    state = sim.dump()
    opened = ("submitted", "pendingApproval", "scheduled", "delivering")
    open_requests = [row for row in state["requests"] if row["state"] in opened]
    return [row for row in state["assignments"] if row["state"] != "expired"] + open_requests


def with_strict_package(sim: Running) -> None:
    """Add a package whose policy asks for a justification and allows no schedule of one's own."""
    policy = {
        "name": "Strict",
        "scope": "allMemberUsers",
        "approval": {"justification": True},
        "requestor": {"custom_schedule": False},
    }
    sim.load(
        {
            "tenant": {"domain": "contoso.onmicrosoft.com"},
            "apps": [
                {
                    "name": "automation",
                    "secret": "not-a-real-secret",
                    "permissions": ["EntitlementManagement.ReadWrite.All", "User.ReadBasic.All"],
                }
            ],
            "users": [{"upn": "ada@contoso.com"}],
            "catalogs": [{"name": "General"}],
            "packages": [{"name": "Strict", "catalog": "General", "policies": [policy]}],
        }
    )


def test_an_application_with_all_permissions(frozen: Running) -> None:
    result = check_tenant(frozen)
    assert result["able"]
    assert not result["changed"]
    assert writes(frozen) == []
    notes = {"cloud": "note", "cancel": "note", "own_requests": "note", "automatic_policies": "note"}
    assert status_of(result) == {**dict.fromkeys(status_of(result), "ok"), **notes}


def test_a_person(frozen: Running) -> None:
    result = check_tenant(frozen, token=administrator(frozen))
    assert status_of(result)["cancel"] == status_of(result)["own_requests"] == "ok"
    assert status_of(result)["groups"] == "warning"
    assert result["able"]


def test_a_role_on_one_catalog(frozen: Running) -> None:
    roles = [{"catalog": "General", "role": "Access package assignment manager"}]
    result = check_tenant(frozen, token=frozen.token(permissions=[], roles=roles))
    assert result["able"]
    assert status_of(result) == status_of(result) | {
        "scope": "note",
        "assignments": "ok",
        "requests": "ok",
        "users": "warning",
        "writing": "warning",
    }


@pytest.mark.parametrize(
    ("switches", "permissions", "failed"),
    [
        ({"licence": "absent"}, None, {"licence", "packages", "assignments", "requests"}),
        ({}, ["User.ReadBasic.All"], {"packages", "assignments", "requests"}),
    ],
    ids=["no licence", "no permission"],
)
def test_what_nothing_works_without(
    frozen: Running, switches: dict[str, str], permissions: list[str] | None, failed: set[str]
) -> None:
    frozen.switches(**switches)
    result = check_tenant(frozen, token=frozen.token(permissions=permissions) if permissions else None)
    assert not result["able"]
    assert {check for check, status in status_of(result).items() if status == "failed"} == failed
    assert all(finding["hint"] for finding in result["findings"] if finding["status"] == "failed")


def test_a_sign_in_that_fails(frozen: Running) -> None:
    result = check_tenant(frozen, client_secret="wrong")
    assert (result["able"], status_of(result)) == (False, {"sign_in": "failed"})


@pytest.mark.parametrize(("seconds", "status"), [(20, "ok"), (-90, "warning"), (90, "warning"), (-4000, "failed")])
def test_a_clock_that_is_wrong(frozen: Running, seconds: float, status: str) -> None:
    class WrongClock(SimulatedClock):
        def now(self) -> datetime:
            return super().now() + timedelta(seconds=seconds)

    result = check_tenant(frozen, clock=WrongClock(frozen))
    assert status_of(result)["clock"] == status
    assert result["able"] == (status != "failed")


@pytest.mark.parametrize(
    ("fact", "reading"),
    [(fact, reading) for fact in [*BY_READING, *BY_WRITING] for reading in SWITCHES[fact].readings],
)
def test_each_reading_is_seen(frozen: Running, fact: str, reading: str) -> None:
    options = dict(BY_WRITING.get(fact, {}))
    person = options.pop("person", False)
    if options.get("access_package") == "Strict":
        with_strict_package(frozen)
    if fact == "list_options":
        # Of one assignment nobody can tell whether it was a page of its own.
        assert assign(frozen, access_package="Engineering Laptop", user="ada@contoso.com")["changed"]
    frozen.switches(**{fact: reading})
    before = held(frozen)
    token = administrator(frozen) if person else None
    result = check_tenant(frozen, token=token, **({**REHEARSAL, **options} if fact in BY_WRITING else {}))
    assert seen(result)[fact] == reading
    assert result["able"], result["findings"]
    # Where lists do not tell whom open requests are for, each is read by its id.
    assert (status_of(result)["requests"] == "ok") == ((fact, reading) != ("nested_list_expand", "refuse"))
    assert held(frozen) == before


def test_the_refusals_that_are_known_from_reports(frozen: Running) -> None:
    found = seen(check_tenant(frozen, **REHEARSAL))
    assert {fact: found[fact] for fact in BY_REPORT} == BY_REPORT


def test_check_mode_does_not_rehearse(frozen: Running) -> None:
    result = check_tenant(frozen, check=True, **REHEARSAL)
    assert result["able"]
    assert writes(frozen) == []


@pytest.mark.parametrize(
    "options",
    [
        {"user": "lee@contoso.com"},
        {"user": "nobody@contoso.com"},
        {"access_package": "VPN Access"},
        {"access_package": "VPN Access", "policy": "Members"},
        {"access_package": "Payroll"},
    ],
    ids=["holds it", "unknown", "two policies", "approval", "questions"],
)
def test_a_test_that_cannot_be_held_is_refused_before_any_write(frozen: Running, options: Json) -> None:
    result = check_tenant(frozen, **{**REHEARSAL, **options})
    assert status_of(result)["rehearsal"] == "failed"
    assert not result["able"]
    assert writes(frozen) == []


@pytest.mark.parametrize("missing", ["access_package", "user"])
def test_writing_needs_a_package_and_a_person(frozen: Running, missing: str) -> None:
    result = check_tenant(frozen, **{**REHEARSAL, missing: None})
    assert result["failed"]
    assert result["msg"].startswith(f"{missing}: required when write is true")


@pytest.mark.parametrize("nth", [3, 6, 9, 10, 11])
@pytest.mark.parametrize(
    "effect",
    [
        {"reset": "after"},
        {"reset": "before"},
        {"status": 500},
        {"status": 504, "carried_out": True},
        {"outcome": "deliveryFailed"},
        {"outcome": "partiallyDelivered"},
        {"outcome": "ignored"},
    ],
    ids=str,
)
def test_whatever_goes_wrong_nothing_is_left(frozen: Running, effect: Json, nth: int) -> None:
    before = held(frozen)
    rule = {**CREATE, "nth": nth, "effect": effect}
    if effect == {"outcome": "ignored"}:
        rule["body"] = "adminUpdate|adminRemove"
    frozen.faults(rule)
    result = check_tenant(frozen, token=administrator(frozen), retries=0, **REHEARSAL)
    cleaned = status_of(result)["cleaned_up"] == "ok"
    assert result["able"] == cleaned
    assert cleaned == (held(frozen) == before)
    (fault,) = frozen.fault_counts()
    created = [
        call for call in writes(frozen) if call["method"] == "POST" and call["path"].endswith("assignmentRequests")
    ]
    # What is left was left because the fault struck one of the writes that clean up, the last ones; and it is said.
    assert cleaned or (fault["hit"] and len(created) - nth <= 1), (len(created), nth)


def test_what_hangs_is_reported(frozen: Running) -> None:
    frozen.faults({**CREATE, "nth": 3, "effect": {"outcome": "limbo"}})
    result = check_tenant(frozen, **REHEARSAL)
    assert status_of(result)["rehearsal"] == "warning"
    assert status_of(result)["cleaned_up"] == "failed"
    assert not result["able"]
