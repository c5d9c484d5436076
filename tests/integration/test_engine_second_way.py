# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Graph refuses is asked in a second way, and what its answers leave out is read: nothing stops, nothing is doubled."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.running import Running
from tests.support.calls import CREATE, writes
from tests.support.engine import assign, assign_many
from tests.support.invariants import held_twice

Json = dict[str, Any]
LAPTOP: Json = {"access_package": "Engineering Laptop", "user": "ada@contoso.com"}
PAYROLL: Json = {"access_package": "Payroll", "user": "bo@contoso.com"}
ANSWERS = [{"question": "Cost centre", "value": "4711"}, {"question": "Region", "value": "emea"}]


@pytest.fixture
def tenant(frozen: Running) -> Running:
    frozen.set_clock("2030-01-01T00:00:00Z")
    frozen.load("contoso")
    return frozen


@pytest.mark.parametrize("reading", ["inline", "select"])
def test_questions_are_read_however_graph_gives_them(tenant: Running, reading: str) -> None:
    tenant.switches(policy_questions=reading)
    bare = assign(tenant, **PAYROLL)
    assert bare["failed"]
    assert "Cost centre" in bare["msg"]
    assert writes(tenant) == []
    done = assign(tenant, **PAYROLL, answers=ANSWERS)
    assert (done["failed"], done["action"]) == (False, "add")
    people = [{"access_package": "Engineering Laptop", "user": f"{name}@contoso.com"} for name in ("ada", "chen")]
    assert assign_many(tenant, people)["summary"]["added"] == 2


def test_questions_that_graph_does_not_show_stop_answers_alone(tenant: Running) -> None:
    tenant.switches(policy_questions="hidden")
    refused = assign(tenant, **PAYROLL, answers=ANSWERS)
    assert refused["failed"]
    assert "does not show the questions" in refused["msg"]
    assert writes(tenant) == []
    assert assign(tenant, **LAPTOP)["action"] == "add"


def test_members_of_a_group_are_asked_for_as_an_advanced_query(tenant: Running) -> None:
    tenant.switches(member_cast="advanced")
    items = [{"access_package": "Engineering Laptop", "members_of": "Engineers"}]
    token = tenant.token(
        permissions=["EntitlementManagement.ReadWrite.All", "GroupMember.Read.All", "User.ReadBasic.All"]
    )
    done = assign_many(tenant, items, token=token)
    assert not done["failed"], done["msg"]
    assert done["summary"]["added"] >= 1


@pytest.mark.parametrize("wait", [True, False])
@pytest.mark.parametrize("status", ["200", "201"])
def test_a_create_answer_without_its_request_is_read_back(tenant: Running, status: str, wait: bool) -> None:
    tenant.switches(create_answer="empty", create_status=status)
    options: Json = {**LAPTOP, "wait": wait, "schedule": {"duration": "P30D"}}
    added = assign(tenant, **options)
    assert (added["failed"], added["changed"], added["action"]) == (False, True, "add")
    assert added["pending"] is not wait
    assert added["request"]["id"]
    assert len(writes(tenant)) == 1
    tenant.advance(300)
    tenant.clear_calls()
    longer = assign(tenant, **{**options, "schedule": {"duration": "P40D"}})
    assert (longer["failed"], longer["action"]) == (False, "update")
    tenant.advance(300)
    gone = assign(tenant, **LAPTOP, state="absent", wait=wait)
    assert (gone["failed"], gone["action"]) == (False, "remove")
    assert len(writes(tenant)) == 2
    tenant.advance(300)
    tenant.clear_calls()
    assert assign(tenant, **LAPTOP, state="absent")["action"] == "none"
    assert writes(tenant) == []


def test_a_request_that_no_answer_names_and_that_fails_is_not_sent_again(tenant: Running) -> None:
    tenant.switches(create_answer="empty")
    tenant.faults({**CREATE, "effect": {"outcome": "deliveryFailed"}})
    failed = assign(tenant, **LAPTOP, on_delivery_failed="fail")
    assert (failed["failed"], failed["changed"]) == (True, True)
    assert failed["error"]["kind"] in ("request_failed", "refused")
    assert len(writes(tenant)) == 1


@pytest.mark.parametrize("code", ["Conflict", "InvalidRequestExistingGrant"])
def test_any_conflict_of_an_add_is_read_again(tenant: Running, code: str) -> None:
    tenant.faults({**CREATE, "times": 1, "effect": {"status": 409, "code": code}})
    done = assign(tenant, **LAPTOP)
    assert (done["failed"], done["action"]) == (False, "add")
    assert [call["status"] for call in writes(tenant)] == [409, 201]
    assert held_twice(tenant.dump()) == []


def test_a_conflict_of_unknown_meaning_that_stays_is_an_error(tenant: Running) -> None:
    tenant.faults({**CREATE, "effect": {"status": 409, "code": "Conflict"}})
    failed = assign(tenant, **LAPTOP)
    assert (failed["failed"], failed["changed"]) == (True, False)
    assert failed["error"]["status"] == 409


def test_an_open_request_is_told_by_a_bare_message(tenant: Running) -> None:
    effect = {"status": 400, "code": "InvalidRequest", "message": "ExistingOpenRequest: try later"}
    tenant.faults({**CREATE, "times": 1, "effect": effect})
    done = assign(tenant, **LAPTOP)
    assert (done["failed"], done["action"]) == (False, "add")


def test_an_assignment_that_is_gone_by_any_404_is_read_again(tenant: Running) -> None:
    assign(tenant, **LAPTOP)
    tenant.clear_calls()
    tenant.faults({**CREATE, "times": 1, "effect": {"status": 404, "code": "NotFound"}})
    gone = assign(tenant, **LAPTOP, state="absent")
    assert (gone["failed"], gone["action"]) == (False, "remove")
    assert [call["status"] for call in writes(tenant)] == [404, 201]


def test_a_person_who_is_not_known_yet_is_tried_again_and_a_policy_that_is_not_there_is_not(tenant: Running) -> None:
    tenant.switches(unknown_entity="by_kind")
    effect = {"status": 400, "code": "ResourceNotFoundInOriginSystem"}
    tenant.faults({**CREATE, "times": 2, "effect": effect})
    done = assign(tenant, **LAPTOP)
    assert (done["failed"], done["action"]) == (False, "add")
    assert [call["status"] for call in writes(tenant)] == [400, 400, 201]
    tenant.clear_calls()
    effect = {"status": 404, "code": "PolicyNotFound"}
    tenant.faults({**CREATE, "effect": effect})
    refused = assign(tenant, access_package="Engineering Laptop", user="chen@contoso.com")
    assert refused["failed"]
    assert "option policy" in refused["error"]["hint"]
    assert len(writes(tenant)) == 1
