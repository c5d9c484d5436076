# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a result gives can be fed back as options and changes nothing, whatever state it came from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.simulator.running import Running
from tests.support.calls import CREATE, sent, writes
from tests.support.engine import assign

Json = dict[str, Any]
CODE: dict[str, Any] = {"access_package": "Source Code Read", "policy": "Engineers", "user": "mira@contoso.com"}
PAYROLL: dict[str, Any] = {
    "access_package": "Payroll",
    "user": "mira@contoso.com",
    "answers": [{"question": "Cost centre", "value": "1234"}, {"question": "Region", "value": "Americas"}],
}
JUSTIFIED: dict[str, Any] = {"justification": "Ticket 4711"}


def ended_as(outcome: str) -> Callable[[Running], Json]:
    def run(sim: Running) -> Json:
        sim.faults({**CREATE, "times": 1, "effect": {"outcome": outcome}})
        return assign(sim, **CODE, schedule={"duration": "P20D"})

    return run


def updated(sim: Running) -> Json:
    assign(sim, **PAYROLL, schedule={"duration": "P20D"})
    sim.advance(days=2)
    return assign(sim, **PAYROLL, schedule={"duration": "P30D"})


def replaced(sim: Running) -> Json:
    return assign(
        sim, access_package="VPN Access", user="lee@contoso.com", policy="Members", on_policy_mismatch="replace"
    )


# state -> how to come to it
STATES: dict[str, Callable[[Running], Json]] = {
    "delivered, no end": lambda sim: assign(sim, **CODE, schedule={"no_expiration": True}),
    "delivered, an end": lambda sim: assign(sim, **CODE, schedule={"end_date_time": "2030-01-01"}),
    "delivered, a duration": lambda sim: assign(sim, **CODE, schedule={"duration": "P20D"}),
    "delivered, the policy's end": lambda sim: assign(sim, access_package="Engineering Laptop", user="bo@contoso.com"),
    "delivered, answers": lambda sim: assign(sim, **PAYROLL, **JUSTIFIED),
    "updated": updated,
    "replaced": replaced,
    "partially delivered": ended_as("partiallyDelivered"),
    "under an automatic policy": lambda sim: assign(sim, access_package="Source Code Read", user="ada@contoso.com"),
    "as it was": lambda sim: assign(sim, access_package="Payroll", user="lee@contoso.com"),
}


def fed_back(result: Json) -> Json:
    """Make options of a result, as a playbook would."""
    assignment = result["assignment"]
    request = result["request"] or {}
    options: dict[str, Any] = {
        "access_package": assignment["access_package"]["id"],
        "policy": assignment["policy"]["id"],
        "user": assignment["target"]["object_id"],
        "schedule": assignment["schedule"],
        "answers": request.get("answers") or None,
        "justification": request.get("justification"),
    }
    return {name: value for name, value in options.items() if value is not None}


@pytest.mark.parametrize("stored", ["date", "duration"])
@pytest.mark.parametrize("state", STATES)
def test_a_result_fed_back_changes_nothing(frozen: Running, state: str, stored: str) -> None:
    frozen.switches(stored_expiration=stored)
    result = STATES[state](frozen)
    assert result["assignment"], result
    frozen.clear_calls()
    again = assign(frozen, **fed_back(result))
    assert (again["failed"], again["changed"]) == (False, False), again
    assert again["assignment"] == result["assignment"]
    assert writes(frozen) == []


def test_an_answer_fed_back_names_its_question_and_stays_the_same(frozen: Running) -> None:
    result = assign(frozen, **PAYROLL)
    assert [answer["question"] for answer in result["request"]["answers"]] == ["Cost centre", "Region"]
    assert result["request"]["answers"][1]["value"] == "amer"


def test_what_only_goes_along_with_a_request_is_sent_and_never_compared(frozen: Running) -> None:
    assign(frozen, **CODE, **JUSTIFIED, bypass_approval=True)
    (body,) = sent(frozen)
    assert (body["justification"], body["parameters"]) == ("Ticket 4711", {"bypassApproval": True})
    frozen.clear_calls()
    assert assign(frozen, **CODE, justification="Ticket 4712")["changed"] is False
    assert writes(frozen) == []


def test_nothing_that_was_not_asked_for_is_sent(frozen: Running) -> None:
    assign(frozen, **CODE)
    (body,) = sent(frozen)
    assert set(body) == {"requestType", "assignment"}


def test_a_policy_that_asks_for_a_reason_gets_one_or_the_task_says_so(frozen: Running) -> None:
    frozen.load(
        {
            **_tenant(),
            "packages": [
                {
                    "name": "Vault",
                    "catalog": "General",
                    "policies": [{"name": "Members", "scope": "allMemberUsers", "approval": {"justification": True}}],
                }
            ],
        }
    )
    vault: dict[str, Any] = {"access_package": "Vault", "user": "zoe@contoso.com"}
    refused = assign(frozen, **vault)
    assert refused["failed"]
    assert "justification" in refused["msg"]
    assert writes(frozen) == []
    assert assign(frozen, **vault, **JUSTIFIED)["action"] == "add"


def _tenant() -> Json:
    return {
        "tenant": {"domain": "contoso.onmicrosoft.com"},
        "apps": [
            {
                "name": "automation",
                "secret": "not-a-real-secret",
                "permissions": ["EntitlementManagement.ReadWrite.All", "User.ReadBasic.All"],
            }
        ],
        "catalogs": [{"name": "General"}],
        "users": [{"upn": "zoe@contoso.com", "display_name": "Zoe"}],
    }
