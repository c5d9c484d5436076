# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where Graph's documentation leaves a question open, no answer to it does harm.

The same errands are run under every reading of every switch of the simulator. The worst that may come of a reading is a
clear error or one more call: never a double assignment, a lost removal, an update without end, or a wrong success.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.running import Running
from tests.simulator.switches import SWITCHES
from tests.support import requests_world
from tests.support.calls import accepted_writes, writes
from tests.support.engine import administrator, assign, assign_many, change
from tests.support.invariants import held_twice, wrong_success

Json = dict[str, Any]
LAPTOP = {"access_package": "Engineering Laptop"}
PAYROLL = {"access_package": "Payroll", "user": "bo@contoso.com"}
LEE_IN_VPN = {"access_package": "VPN Access", "user": "lee@contoso.com"}
ADA, CHEN = {"user": "ada@contoso.com"}, {"user": "chen@contoso.com"}
TRAINING = {"access_package": "Training", "policy": "Self and managers"}


def answers(value: str) -> list[Json]:
    return [{"question": "Cost centre", "value": value}, {"question": "Region", "value": "emea"}]


BETA = {**LAPTOP, "user": "olga@contoso.com", "api_version": "beta"}
APPROVED = {"access_package": "VPN Access", "policy": "Members", "user": "mira@contoso.com"}
# name of an errand -> who runs it, and what it asks for; in this order
ERRANDS: dict[str, tuple[str, Json]] = {
    "add": ("app", {**LAPTOP, **ADA, "schedule": {"duration": "P30D"}}),
    "update": ("app", {**LAPTOP, **ADA, "schedule": {"duration": "P40D"}}),
    "update to a date": ("app", {**LAPTOP, **ADA, "schedule": {"end_date_time": "2030-06-01T00:00:00Z"}}),
    "remove, saying why": ("app", {**LAPTOP, **ADA, "state": "absent", "justification": "Ticket 4711"}),
    "remove": ("app", {**LAPTOP, **ADA, "state": "absent"}),
    "add later": ("app", {**LAPTOP, **CHEN, "schedule": {"start_date_time": "2030-02-01T00:00:00Z"}}),
    "take back": ("person", {**LAPTOP, **CHEN, "state": "absent"}),
    "under approval": ("person", APPROVED),
    "remove what was under approval": ("person", {**APPROVED, "policy": None, "state": "absent"}),
    "answer": ("app", {**PAYROLL, "answers": answers("4711")}),
    "answer otherwise": ("app", {**PAYROLL, "answers": answers("4712")}),
    "remove what was answered": ("app", {"access_package": "Payroll", "user": "lee@contoso.com", "state": "absent"}),
    "outsider": ("app", {"access_package": "Partner Portal", "email": "sam@fabrikam.com"}),
    "replace": ("app", {**LEE_IN_VPN, "policy": "Members", "on_policy_mismatch": "replace"}),
    "beyond the policy": ("app", {**LEE_IN_VPN, "schedule": {"end_date_time": "2033-01-01T00:00:00Z"}}),
    "add in beta": ("app", {**BETA, "schedule": {"duration": "P30D"}}),
    "remove in beta": ("app", {**BETA, "state": "absent"}),
    "ask": ("kim", {**TRAINING, "request_as": "self"}),
    "give back": ("kim", {**TRAINING, "request_as": "self", "state": "absent"}),
    "ask for a report": ("quinn", {**TRAINING, "user": "rosa@contoso.com", "request_as": "manager"}),
}
OF_USERS = {"ask", "give back", "ask for a report"}
# reading of a switch -> what ends with a clear error under it; national clouds lack operations of beta
HALTED: dict[tuple[str, str], set[str]] = {
    ("licence", "absent"): set(ERRANDS),
    # Whose an open add is cannot be told: it may be that of anybody who is to lose what they do not hold.
    ("open_request_assignment", "null"): {"take back", "remove in beta"},
    ("function_options", "refuse"): OF_USERS,
    ("policy_questions", "hidden"): {"answer", "answer otherwise"},
    ("cloud", "us_government"): {"remove, saying why"},
    ("cloud", "china"): {"remove, saying why", "add in beta", "remove in beta"},
}
ABOUT_REQUESTS = ("cancel_delivery_failed", "cancel_waiting", "cancel_status", "delete_delivered", "approval_timeout")
# state -> which requests it is refused for, and which it changes, whatever the reading; the others are so already
OF_REQUESTS: dict[str, tuple[set[str], set[str]]] = {
    "canceled": (
        {"denied", "delivered", "deliveryFailed", "partiallyDelivered", "failed long ago"},
        {"pendingApproval", "scheduled"},
    ),
    "reprocessed": (
        {"pendingApproval", "scheduled", "denied", "canceled", "failed long ago"},
        {"deliveryFailed", "partiallyDelivered"},
    ),
    "absent": ({"pendingApproval", "scheduled"}, set(requests_world.REQUESTS) - {"pendingApproval", "scheduled"}),
}
READINGS = [(name, reading) for name, switch in SWITCHES.items() for reading in switch.readings[1:]]


@pytest.fixture
def tenant(frozen: Running) -> Running:
    frozen.set_clock("2030-01-01T00:00:00Z")
    frozen.load("contoso")
    return frozen


@pytest.mark.parametrize(("name", "reading"), READINGS)
def test_no_reading_does_harm_to_assignments(tenant: Running, name: str, reading: str) -> None:
    tenant.switches(**{name: reading})
    given = tokens(tenant)
    failed = {
        errand for errand, (who, options) in ERRANDS.items() if run_errand(tenant, given[who], who, options)["failed"]
    }
    assert failed == {"beyond the policy"} | HALTED.get((name, reading), set())


@pytest.mark.parametrize("state", OF_REQUESTS)
@pytest.mark.parametrize(("name", "reading"), [row for row in READINGS if row[0] in ABOUT_REQUESTS])
def test_no_reading_does_harm_to_requests(frozen: Running, name: str, reading: str, state: str) -> None:
    requests_world.load(frozen)
    frozen.switches(**{name: reading})
    token = administrator(frozen)
    failed, changed = set(), set()
    for request in requests_world.REQUESTS:
        options: Json = {"request_id": requests_world.request_id(request), "state": state}
        before = frozen.dump()
        first = change(frozen, token=token, **options)
        assert kept(before) <= kept(frozen.dump())
        frozen.clear_calls()
        again = change(frozen, token=token, **options)
        assert (again["failed"], again["changed"]) == (first["failed"], False)
        assert accepted_writes(frozen) == []
        failed |= {request} if first["failed"] else set()
        changed |= {request} if first["changed"] else set()
    assert (failed, changed) == OF_REQUESTS[state]


@pytest.mark.parametrize("reading", SWITCHES["batch_throttle_status"].readings)
def test_a_batch_that_is_throttled_loses_and_doubles_nothing(tenant: Running, reading: str) -> None:
    tenant.switches(batch_throttle_status=reading)
    tenant.faults({"batch": True, "every": 3, "times": 9, "effect": {"status": 429, "retry_after": 1}})
    people = ("ada", "bo", "chen", "kim", "mira", "olga", "rosa", "sam")
    items = [{**LAPTOP, "user": f"{name}@contoso.com"} for name in people]
    result = assign_many(tenant, items)
    assert not result["failed"], result["msg"]
    assert len(accepted_writes(tenant)) == len(items)
    assert held_twice(tenant.dump()) == []
    tenant.clear_calls()
    assert not assign_many(tenant, items)["changed"]
    assert writes(tenant) == []


def kept(state: Json) -> set[str]:
    return {row["id"] for row in state["assignments"] if row["state"] != "expired"}


def tokens(sim: Running) -> dict[str, str]:
    """Return a token for each caller, so that no run of an errand signs in: no reading is about that."""
    own = ["EntitlementMgmt-SubjectAccess.ReadWrite", "EntitlementManagement.Read.All", "User.ReadBasic.All"]
    whole = ["EntitlementManagement.ReadWrite.All", "User.ReadBasic.All"]
    people = {"person": ("grace", whole), "kim": ("kim", own), "quinn": ("quinn", own)}
    return {
        "app": sim.token(seconds=10_000_000),
        **{
            who: sim.token("delegated", user=f"{name}@contoso.com", permissions=may, seconds=10_000_000)
            for who, (name, may) in people.items()
        },
    }


def run_errand(sim: Running, token: str, who: str, options: Json) -> Json:
    """Run it until it changes nothing any more, which is at once the second time, or the third where one has failed."""
    first = run_once(sim, token, who, options)
    sim.clear_calls()
    again = run_once(sim, token, who, options)
    if accepted_writes(sim):
        assert first["failed"], (options, first, again)
        sim.clear_calls()
        again = run_once(sim, token, who, options)
        assert not accepted_writes(sim), (options, first, again)
    assert not again["changed"]
    return first


def run_once(sim: Running, token: str, who: str, options: Json) -> Json:
    result = assign(sim, token=token, wait_timeout=60, retries=1, **options)
    state = sim.dump()
    assert held_twice(state) == []
    if result["failed"]:
        assert result["msg"].endswith(".")
        assert result["error"]["message"]
    else:
        own = {"user": f"{who}@contoso.com"} if options.get("request_as") == "self" else {}
        whom = {**own, **options}
        assert wrong_success(state, whom, result) is None
    return result
