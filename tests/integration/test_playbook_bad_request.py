# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input to access_package_assignment_request: each row gives one sentence that names what to change, nothing is sent."""

from __future__ import annotations

from typing import Any

from tests.integration.conftest import Play
from tests.simulator.running import Running
from tests.support.calls import writes
from tests.support.playbook import REQUEST_MODULE, SHIPPED, faults_of
from tests.support.requests_world import load, request_id

Json = dict[str, Any]
NOBODY = "00000000-0000-4000-8000-000000000000"
REQUESTS = "/v1.0/identityGovernance/entitlementManagement/assignmentRequests"
PENDING, DENIED, FAILED = request_id("pendingApproval"), request_id("denied"), request_id("deliveryFailed")
CANCEL: Json = {"request_id": PENDING, "state": "canceled"}
RESUME: Json = {
    "request_id": PENDING,
    "state": "resumed",
    "source": "Contoso.Checks",
    "stage": "assignmentRequestCreated",
    "instance_id": NOBODY,
}


def without(option: str) -> Json:
    return {name: value for name, value in RESUME.items() if name != option}


# name -> options, words that the sentence must hold
ROWS: dict[str, tuple[Json, tuple[str, ...]]] = {
    "no request": ({"state": "canceled"}, ("request_id",)),
    "no state": ({"request_id": PENDING}, ("state",)),
    "a state that is none": ({**CANCEL, "state": "cancelled"}, ("state", "canceled", "reprocessed")),
    "a request that is no id": ({**CANCEL, "request_id": "Engineering Laptop"}, ("request_id", "Engineering Laptop")),
    "an empty request": ({**CANCEL, "request_id": ""}, ("request_id", "empty")),
    "almost a GUID, too short": ({**CANCEL, "request_id": NOBODY[:-1]}, (NOBODY[:-1],)),
    "almost a GUID, braces": ({**CANCEL, "request_id": "{" + NOBODY + "}"}, (NOBODY,)),
    "an unknown request": ({**CANCEL, "request_id": NOBODY}, (NOBODY, "request_id")),
    "an unknown request to resume": ({**RESUME, "request_id": NOBODY}, (NOBODY, "request_id")),
    "resumed by nobody": (without("source"), ("source", "resumed")),
    "resumed at no stage": (without("stage"), ("stage", "resumed")),
    "resumed without a callback": (without("instance_id"), ("instance_id", "resumed")),
    "an empty source": ({**RESUME, "source": " "}, ("source", "empty")),
    "a callback with a line break": ({**RESUME, "instance_id": NOBODY + "\n"}, ("instance_id", "control")),
    "a stage that is none": ({**RESUME, "stage": "assignmentOneDayBeforeExpiration"}, ("stage", "Granted")),
    "a stage as Entra writes it": (
        {**RESUME, "stage": "AssignmentRequestCreated"},
        ("stage", "assignmentRequestCreated"),
    ),
    "a decision that is none": ({**RESUME, "decision": "approved"}, ("decision", "denied")),
    "a decision too late": (
        {**RESUME, "stage": "assignmentRequestGranted", "decision": "denied"},
        ("decision", "assignmentRequestGranted", "assignmentRequestCreated"),
    ),
    "a decision about a cancellation": ({**CANCEL, "decision": "denied"}, ("decision", "resumed")),
    "a callback for a deletion": (
        {"request_id": DENIED, "state": "absent", "instance_id": NOBODY},
        ("instance_id", "resumed"),
    ),
    "not waiting": (RESUME, ("WaitingForCallback", "pendingApproval")),
    "canceled by an application": (CANCEL, ("does not allow this caller to cancel", "delegated token")),
    "canceled too late": ({**CANCEL, "request_id": FAILED}, ("deliveryFailed", "submitted", "scheduled")),
    "reprocessed too early": ({**CANCEL, "state": "reprocessed"}, ("pendingApproval", "partiallyDelivered")),
    "reprocessed too late": (
        {"request_id": request_id("failed long ago"), "state": "reprocessed"},
        ("14 days", "deliveryFailed"),
    ),
    "deleted too early": ({**CANCEL, "state": "absent"}, ("pendingApproval", "denied", "delivered")),
    "an option of another module": ({**CANCEL, "user": "ada@contoso.com"}, ("user",)),
    "no time to wait": ({**CANCEL, "wait_timeout": 0}, ("wait_timeout", "wait: false")),
    "no pause": ({**CANCEL, "wait_interval": -1}, ("wait_interval",)),
}
# What the way to a shipped module may make of a value.
SHIPPED_ROWS = ("an empty request", "a callback with a line break", "not waiting")


def task(name: str, options: Json) -> Json:
    return {"name": name, REQUEST_MODULE: {"retries": 0, **options}, "ignore_errors": True}


def test_every_row_says_what_to_change_and_changes_nothing(sim: Running, playing: Play) -> None:
    load(sim)
    done = playing([task(name, options) for name, (options, _dummy) in ROWS.items()])
    assert [row.task for row in done.tasks] == list(ROWS)
    faults = [fault for row in done.tasks for fault in faults_of(row, ROWS[row.task][1])]
    assert not faults, "\n".join(faults)
    assert "Traceback" not in done.output
    # Only Graph can say that a caller may not cancel.
    assert [(call["path"], call["status"]) for call in writes(sim)] == [(f"{REQUESTS}/{PENDING}/cancel", 403)]


def test_a_shipped_module_says_the_same(sim: Running, playing: Play) -> None:
    load(sim)
    tasks = [task(name, ROWS[name][0]) for name in SHIPPED_ROWS]
    done = playing([*tasks, *({**each, **SHIPPED} for each in tasks)]).tasks
    here, there = done[: len(tasks)], done[len(tasks) :]
    assert [row.result["msg"] for row in here] == [row.result["msg"] for row in there]
    assert {row.status for row in there} == {"failed"}
    assert writes(sim) == []


def test_a_delegated_token_without_a_role_and_one_that_has_expired_are_named(sim: Running, playing: Play) -> None:
    load(sim)
    nobody = sim.token("delegated", user="bo@contoso.com", permissions=["EntitlementManagement.ReadWrite.All"])
    expired = sim.token(seconds=-60)
    rows = {"no role": (nobody, ("403", "role")), "expired": (expired, ("401", "expired"))}
    done = playing([task(name, {**CANCEL, "access_token": token}) for name, (token, _dummy) in rows.items()])
    assert [fault for row in done.tasks for fault in faults_of(row, rows[row.task][1])] == []
    assert writes(sim) == []
