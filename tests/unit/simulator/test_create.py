# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creating requests: which bodies are taken, what a policy demands, and the conflicts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.unit.simulator.graph_client import (
    ADA,
    GUEST,
    LAPTOP,
    LAPTOP_POLICY,
    LEE,
    MIRA,
    NOOR,
    PAYROLL,
    PAYROLL_POLICY,
    PORTAL,
    PORTAL_POLICY,
    SOURCE,
    VPN,
    VPN_EVERYBODY,
    Graph,
    Json,
    add,
    change,
    code_of,
    held,
)

COST, REASON, REGION, BADGE = (
    id_of("question", f"Payroll/Payroll staff/{text}") for text in ("Cost centre", "Reason", "Region", "Badge number")
)
FAR = "2099-01-01T00:00:00Z"


def text_answer(question: str, value: Any) -> Json:
    return {
        "@odata.type": "#microsoft.graph.accessPackageAnswerString",
        "value": value,
        "answeredQuestion": {"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", "id": question},
    }


def choice_answer(question: str, value: str) -> Json:
    answer = text_answer(question, value)
    answer["answeredQuestion"]["@odata.type"] = "#microsoft.graph.accessPackageMultipleChoiceQuestion"
    return answer


GOOD = [text_answer(COST, "4711"), choice_answer(REGION, "emea")]


def payroll(answers: list[Json]) -> Json:
    return add(ADA, PAYROLL, PAYROLL_POLICY, answers=answers)


def expires(**expiration: str) -> Json:
    return {"schedule": {"startDateTime": None, "expiration": expiration}}


def test_the_answer_is_thin(graph: Graph) -> None:
    response = graph.request(add())
    body = response.json()
    assert response.status_code == 201
    assert (body["state"], body["status"], body["requestType"]) == ("submitted", "Accepted", "adminAdd")
    assert (body["createdDateTime"], body["completedDateTime"]) == (None, None)
    assert body["schedule"]["expiration"]["type"] == "notSpecified"
    assert not {"assignment", "accessPackage", "requestor"} & set(body)


@pytest.mark.parametrize(
    "assignment",
    [
        {"targetId": ADA, "assignmentPolicyId": LAPTOP_POLICY, "accessPackageId": LAPTOP},
        {"targetId": ADA.upper(), "assignmentPolicyId": LAPTOP_POLICY, "accessPackageId": LAPTOP},
        {"target": {"objectId": ADA}, "assignmentPolicyId": LAPTOP_POLICY, "accessPackageId": LAPTOP},
        {"target": {"objectId": ADA}, "assignmentPolicy": {"id": LAPTOP_POLICY}, "accessPackage": {"id": LAPTOP}},
        {"target": {"email": "ada@contoso.com"}, "assignmentPolicyId": LAPTOP_POLICY, "accessPackageId": LAPTOP},
        {
            "targetId": ADA,
            "assignmentPolicyId": LAPTOP_POLICY,
            "accessPackageId": LAPTOP,
            "schedule": {"stopDateTime": FAR},
        },
    ],
)
@pytest.mark.parametrize("kind", ["adminAdd", "AdminAdd", "ADMINADD"])
def test_documented_spellings_are_taken(sim: Running, graph: Graph, kind: str, assignment: Json) -> None:
    body = {"@odata.type": "#microsoft.graph.accessPackageAssignmentRequest", "id": ADA, "requestType": kind}
    response = graph.request({**body, "assignment": assignment})
    assert response.status_code == 201
    assert response.json()["requestType"] == "adminAdd"
    assert sim.dump()["requests"][-1]["objectId"] == ADA


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"assignment": {}}, "InvalidModel"),
        ({"requestType": "AdminGrant", "assignment": {}}, "InvalidModel"),
        ({**add(), "state": "delivered"}, "InvalidModel"),
        ({**add(), "reason": "none"}, "InvalidModel"),
        ({**add(), "justification": 7}, "InvalidModel"),
        ({**add(), "accessPackageAssignment": add()["assignment"], "assignment": None}, "InvalidModel"),
        (add("not-a-guid"), "InvalidModel"),
        ({**add(), "@odata.type": "#microsoft.graph.accessPackage"}, "InvalidModel"),
        ({"requestType": "adminAdd", "assignment": {**add()["assignment"], "target": {"name": "x"}}}, "InvalidModel"),
        (
            {"requestType": "adminAdd", "assignment": {**add()["assignment"], "target": {"objectId": LEE}}},
            "InvalidModel",
        ),
        ({**add(), "schedule": {"startDateTime": "2026-01-01"}}, "InvalidModel"),
        ({**add(), "schedule": {"expiration": {"type": "AfterDateTime"}}}, "InvalidModel"),
        ({**add(), **expires(type="afterDuration", duration="P1Y")}, "InvalidModel"),
        ({**add(), **expires(type="afterDuration", duration="P1D", endDateTime=FAR)}, "InvalidRequest"),
        ({**add(), **expires(type="afterDateTime")}, "InvalidRequest"),
        ({**add(), **expires(endDateTime=FAR)}, "InvalidRequest"),
        ({"requestType": "systemAdd", "assignment": add()["assignment"]}, "InvalidRequest"),
        ({"requestType": "adminAdd", "assignment": {"targetId": ADA, "accessPackageId": LAPTOP}}, "InvalidRequest"),
        (
            {"requestType": "adminAdd", "assignment": {"assignmentPolicyId": LAPTOP_POLICY, "accessPackageId": LAPTOP}},
            "InvalidRequest",
        ),
        (add(policy=VPN_EVERYBODY), "InvalidRequest"),
    ],
)
def test_other_bodies_are_refused(sim: Running, graph: Graph, body: Json, expected: str) -> None:
    before = len(sim.dump()["requests"])
    assert code_of(graph.request(body)) == (400, expected)
    assert len(sim.dump()["requests"]) == before


@pytest.mark.parametrize("part", ["targetId", "accessPackageId", "assignmentPolicyId"])
def test_unknown_ids_are_refused(graph: Graph, part: str) -> None:
    body = add()
    body["assignment"][part] = "00000000-0000-4000-8000-000000000000"
    assert code_of(graph.request(body)) == (404, "ResourceNotFound")


@pytest.mark.parametrize(
    ("answers", "accepted"),
    [
        (GOOD, True),
        ([*GOOD, text_answer(REASON, "because")], True),
        ([], False),
        (GOOD[:1], False),
        ([text_answer(COST, "47"), GOOD[1]], False),
        ([text_answer(COST, "47111"), GOOD[1]], False),
        ([text_answer(COST, ""), GOOD[1]], False),
        ([GOOD[0], choice_answer(REGION, "Europe and Africa")], False),
        ([GOOD[0], text_answer(REGION, "emea")], False),
        ([*GOOD, GOOD[0]], False),
        ([*GOOD, text_answer(ADA, "x")], False),
    ],
)
def test_answers_are_held_against_the_questions(graph: Graph, answers: list[Json], accepted: bool) -> None:
    response = graph.request(payroll(answers))
    assert response.status_code == (201 if accepted else 400)
    assert accepted or code_of(response)[1] == "InvalidRequest"


@pytest.mark.parametrize(
    "spoilt",
    [
        {"value": 4711},
        {"@odata.type": None},
        {"answeredQuestion": {"id": COST}},
        {"answeredQuestion": {"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion"}},
        {"note": "x"},
    ],
)
def test_answers_must_fit_the_model(graph: Graph, spoilt: Json) -> None:
    answer = {name: value for name, value in {**GOOD[0], **spoilt}.items() if value is not None}
    assert code_of(graph.request(payroll([answer, GOOD[1]]))) == (400, "InvalidModel")


@pytest.mark.parametrize(
    ("user", "package", "policy", "accepted"),
    [
        (ADA, LAPTOP, LAPTOP_POLICY, True),
        (GUEST, LAPTOP, LAPTOP_POLICY, False),
        (GUEST, VPN, VPN_EVERYBODY, True),
        (GUEST, PORTAL, PORTAL_POLICY, True),
        (ADA, PORTAL, PORTAL_POLICY, False),
        (MIRA, "Payroll Approver", "Payroll Approver/Named people", True),
        (id_of("user", "olga@contoso.com"), "Payroll Approver", "Payroll Approver/Named people", True),
        (ADA, "Payroll Approver", "Payroll Approver/Named people", False),
        (LEE, SOURCE, "Source Code Read/Automatic", False),
    ],
)
def test_the_policy_decides_whom_it_takes(graph: Graph, user: str, package: str, policy: str, accepted: bool) -> None:
    package_id = package if "-" in package else id_of("package", package)
    policy_id = policy if "/" not in policy else id_of("policy", policy)
    assert graph.request(add(user, package_id, policy_id)).status_code == (201 if accepted else 400)


@pytest.mark.parametrize(
    ("email", "status"),
    [("sam@fabrikam.com", 201), ("pat@fabrikam.com", 201), ("sam@elsewhere.example", 400), ("sam", 400)],
)
def test_outsiders_need_a_connected_organization(graph: Graph, email: str, status: int) -> None:
    assignment = {
        "target": {"email": email},
        "assignmentPolicy": {"id": PORTAL_POLICY},
        "accessPackage": {"id": PORTAL},
    }
    assert graph.request({"requestType": "adminAdd", "assignment": assignment}).status_code == status


def test_a_blocked_user_cannot_be_named_by_address(graph: Graph) -> None:
    by_mail = add()
    by_mail["assignment"] = {**by_mail["assignment"], "target": {"email": "noor@contoso.com"}}
    del by_mail["assignment"]["targetId"]
    assert code_of(graph.request(by_mail)) == (400, "InvalidRequest")
    assert graph.request(add(NOOR)).status_code == 201


@pytest.mark.parametrize(
    ("schedule", "status"),
    [
        (expires(type="afterDuration", duration="P365D"), 201),
        (expires(type="afterDuration", duration="P366D"), 400),
        (expires(type="afterDateTime", endDateTime=FAR), 400),
        (expires(type="noExpiration"), 400),
        (expires(type="afterDateTime", endDateTime="2020-01-01T00:00:00Z"), 400),
        (expires(type="notSpecified"), 201),
    ],
)
def test_the_policy_limits_the_span(graph: Graph, schedule: Json, status: int) -> None:
    assert graph.request(add(**schedule)).status_code == status


def test_a_second_add_meets_the_open_request_then_the_grant(sim: Running, graph: Graph) -> None:
    assert graph.request(add()).status_code == 201
    again = graph.request(add())
    assert code_of(again) == (400, "InvalidRequest")
    assert [detail["code"] for detail in again.json()["error"]["details"]] == ["ExistingOpenRequest"]
    sim.advance(10)
    assert code_of(graph.request(add())) == (409, "InvalidRequestExistingGrant")


def test_a_second_removal_meets_the_open_request_then_no_grant(sim: Running, graph: Graph) -> None:
    removal = change("adminRemove", held("Engineering Laptop"))
    assert graph.request(removal).status_code == 201
    again = graph.request(removal)
    assert code_of(again) == (400, "InvalidRequest")
    assert [detail["code"] for detail in again.json()["error"]["details"]] == ["ExistingOpenRequest"]
    sim.advance(10)
    assert code_of(graph.request(removal)) == (404, "InvalidRequestNoActiveGrant")


def test_changes_need_an_assignment_that_is_active_and_not_automatic(graph: Graph) -> None:
    automatic = id_of("assignment", "ada@contoso.com/Source Code Read")
    assert code_of(graph.request(change("adminRemove", ADA))) == (404, "InvalidRequestNoActiveGrant")
    assert code_of(graph.request(change("adminRemove", held("Payroll#2")))) == (404, "InvalidRequestNoActiveGrant")
    assert code_of(graph.request(change("adminRemove", automatic))) == (400, "InvalidRequest")
    assert code_of(graph.request(change("adminUpdate", held("Payroll")))) == (400, "InvalidRequest")
    assert code_of(graph.request({"requestType": "adminRemove"})) == (400, "InvalidRequest")


def test_an_update_changes_only_answers_that_may_be_edited(graph: Graph) -> None:
    locked = change("adminUpdate", held("Payroll"), answers=[text_answer(BADGE, "78")])
    assert code_of(graph.request(locked)) == (400, "InvalidRequest")
    editable = change("adminUpdate", held("Payroll"), answers=[text_answer(COST, "4712")])
    assert graph.request(editable).status_code == 201


def test_a_body_must_be_json_and_say_so(graph: Graph) -> None:
    path = "/identityGovernance/entitlementManagement/assignmentRequests"
    assert graph.call("POST", path, data="{", headers={"Content-Type": "application/json"}).status_code == 400
    assert graph.call("POST", path, data="{}", headers={"Content-Type": "text/plain"}).status_code == 415
