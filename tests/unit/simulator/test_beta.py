# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Beta is the same store under beta's names; what its pages do not show is refused."""

from __future__ import annotations

import pytest

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.unit.simulator.extensions_world import callback, waiting_world
from tests.unit.simulator.graph_client import (
    ADA,
    ENTITLEMENT,
    GRACE,
    GUEST,
    LAPTOP,
    LAPTOP_POLICY,
    LEE,
    OWN,
    PAYROLL,
    PAYROLL_POLICY,
    READ,
    VPN,
    VPN_MEMBERS,
    WRITE,
    Graph,
    Json,
    code_of,
    held,
)

REQUESTS = ["/assignmentRequests", "/accessPackageAssignmentRequests"]


@pytest.fixture
def beta(sim: Running) -> Graph:
    """A client of beta with the app-only token of the world's app."""
    return Graph(sim, sim.token(), "beta")


def user(sim: Running, name: str, *permissions: str) -> Graph:
    return Graph(sim, sim.token("delegated", user=f"{name}@contoso.com", permissions=permissions), "beta")


def adding(user_id: str = ADA, **more: object) -> Json:
    ids = {"targetId": user_id, "accessPackageId": LAPTOP, "assignmentPolicyId": LAPTOP_POLICY}
    return {"requestType": "AdminAdd", "accessPackageAssignment": ids, **more}


@pytest.mark.parametrize("path", REQUESTS)
def test_a_request_made_in_beta_shows_in_both_versions(sim: Running, beta: Graph, graph: Graph, path: str) -> None:
    made = beta.post(path, adding(justification="new here"))
    assert made.status_code == 201
    thin = made.json()
    assert thin["@odata.context"].endswith(
        "/beta/$metadata#identityGovernance/entitlementManagement/assignmentRequests/$entity"
    )
    assert (thin["requestType"], thin["requestState"], thin["requestStatus"]) == ("AdminAdd", "Submitted", "Accepted")
    assert (thin["createdDateTime"], thin["completedDate"]) == (None, None)
    assert not {"state", "status", "completedDateTime"} & set(thin)
    sim.advance(60)
    later = beta.em(f"{path}/{thin['id']}", expand="accessPackageAssignment($expand=target)").json()
    assert (later["requestState"], later["requestStatus"]) == ("Delivered", "Fulfilled")
    assert later["accessPackageAssignment"]["target"]["objectId"] == ADA
    assert later["accessPackageAssignment"]["assignmentState"] == "Delivered"
    assert graph.em(f"/assignmentRequests/{thin['id']}").json()["state"] == "delivered"


def test_assignments_go_by_the_names_of_beta(beta: Graph) -> None:
    page = beta.em(
        "/accessPackageAssignments",
        filter=f"accessPackage/id eq '{LAPTOP}' and target/objectid eq '{LEE}' and assignmentState eq 'Delivered'",
        expand="target,accessPackage,accessPackageAssignmentPolicy",
    )
    (found,) = page.json()["value"]
    assert found["id"] == held("Engineering Laptop")
    assert (found["accessPackageId"], found["assignmentPolicyId"]) == (LAPTOP, LAPTOP_POLICY)
    assert found["catalogId"] == found["accessPackage"]["catalogId"]
    assert (found["target"]["type"], found["isExtended"]) == ("User", False)
    assert found["accessPackageAssignmentPolicy"]["durationInDays"] == 365


def test_an_extension_shows(sim: Running, beta: Graph) -> None:
    change = {
        "requestType": "AdminUpdate",
        "accessPackageAssignment": {"id": held("VPN Access")},
        "schedule": {"expiration": {"type": "afterDuration", "duration": "P25D"}},
    }
    assert beta.post("/assignmentRequests", change).status_code == 201
    sim.advance(60)
    assert beta.em(f"/accessPackageAssignments/{held('VPN Access')}").json()["isExtended"] is True


@pytest.mark.parametrize(
    "path",
    [
        *("/assignments", f"/assignments/{held('VPN Access')}", "/assignmentPolicies", "/catalogs"),
        *(f"/accessPackages/{VPN}/assignmentPolicies", f"/accessPackages/{VPN}/accessPackageAssignmentPolicies"),
    ],
)
def test_the_addresses_of_v1_are_not_those_of_beta(beta: Graph, path: str) -> None:
    assert code_of(beta.em(path)) == (400, "BadRequest")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/accessPackageAssignments", "state eq 'Delivered'"),
        ("/accessPackageAssignments", "assignmentState eq 'delivered'"),
        ("/accessPackageAssignments", "assignmentState eq 'Delivered' or assignmentState eq 'Expired'"),
        ("/accessPackageAssignments", f"assignmentPolicy/id eq '{LAPTOP_POLICY}'"),
        ("/accessPackageAssignments", f"catalogId eq '{LAPTOP}'"),
        ("/assignmentRequests", "state eq 'Delivered'"),
        ("/assignmentRequests", "requestState eq 'Done'"),
        ("/assignmentRequests", "createdDateTime gt 2022-04-01T00:00:01Z"),
        ("/accessPackageAssignmentPolicies", f"accessPackage/id eq '{LAPTOP}'"),
        ("/accessPackages", f"catalogId eq '{LAPTOP}'"),
    ],
)
def test_filters_that_no_page_of_beta_shows_are_refused(beta: Graph, path: str, text: str) -> None:
    assert code_of(beta.em(path, filter=text)) == (400, "InvalidFilter")


@pytest.mark.parametrize(
    ("path", "expand"),
    [
        ("/accessPackageAssignments", "assignmentPolicy"),
        ("/accessPackageAssignments", "*"),
        ("/assignmentRequests", "assignment"),
        ("/accessPackages", "assignmentPolicies"),
        ("/accessPackages", "catalog"),
        ("/accessPackageAssignmentPolicies", "questions"),
    ],
)
def test_expansions_of_v1_are_refused(beta: Graph, path: str, expand: str) -> None:
    assert code_of(beta.em(path, expand=expand)) == (400, "BadRequest")


@pytest.mark.parametrize(
    "body",
    [
        adding(requestState="Submitted"),
        adding(state="submitted"),
        adding(isValidationOnly=True),
        adding(colour="red"),
        adding(assignment={"id": LAPTOP}),
        {**adding(), "requestType": "AdminAdopt"},
        {"requestType": "AdminAdd", "accessPackageAssignment": {"assignmentPolicy": {"id": LAPTOP_POLICY}}},
        {"requestType": "AdminAdd", "accessPackageAssignment": {"target": {"objectId": ADA, "kind": "user"}}},
    ],
)
def test_bodies_that_are_not_those_of_beta_are_refused(beta: Graph, body: Json) -> None:
    assert beta.post("/assignmentRequests", body).status_code == 400


@pytest.mark.parametrize(
    "nested",
    [
        {
            "target": {"objectId": ADA},
            "accessPackage": {"id": LAPTOP},
            "accessPackageAssignmentPolicy": {"id": LAPTOP_POLICY},
        },
        {"targetId": ADA, "accessPackageId": LAPTOP, "assignmentPolicyId": LAPTOP_POLICY},
    ],
)
@pytest.mark.parametrize("key", ["assignment", "accessPackageAssignment"])
def test_both_keys_and_both_forms_of_ids_are_taken(beta: Graph, key: str, nested: Json) -> None:
    assert beta.post("/assignmentRequests", {"requestType": "adminAdd", key: nested}).status_code == 201


def test_a_package_shows_policies_and_questions(beta: Graph) -> None:
    package = beta.em(
        f"/accessPackages/{PAYROLL}", expand="accessPackageAssignmentPolicies,accessPackageCatalog"
    ).json()
    assert package["accessPackageCatalog"]["catalogStatus"] == "Published"
    assert package["catalogId"] == package["accessPackageCatalog"]["id"]
    (policy,) = package["accessPackageAssignmentPolicies"]
    assert (policy["id"], policy["accessPackageId"], policy["durationInDays"]) == (PAYROLL_POLICY, PAYROLL, 90)
    assert policy["requestorSettings"]["scopeType"] == "AllExistingDirectoryMemberUsers"
    cost, _reason, region, _badge = policy["questions"]
    assert cost["text"]["defaultText"] == "Cost centre"
    assert {"languageCode": "de-de", "text": "Kostenstelle"} in cost["text"]["localizedTexts"]
    assert (region["allowsMultipleSelection"], len(region["choices"])) == (False, 3)
    assert region["choices"][0]["displayValue"]["defaultText"] == "Europe and Africa"


def test_a_policy_says_who_may_ask_and_who_approves(beta: Graph) -> None:
    policy = beta.em(f"/accessPackageAssignmentPolicies/{VPN_MEMBERS}", expand="accessPackage").json()
    approval = policy["requestApprovalSettings"]
    assert (approval["isApprovalRequired"], approval["approvalMode"]) == (True, "SingleStage")
    (stage,) = approval["approvalStages"]
    assert (stage["approvalStageTimeOutInDays"], stage["primaryApprovers"][0]["id"]) == (14, GRACE)
    assert policy["accessPackage"]["id"] == VPN


def test_requirements_hold_what_was_answered_before(sim: Running) -> None:
    lee = user(sim, "lee", READ)
    (found,) = lee.post(f"/accessPackages/{PAYROLL}/getApplicablePolicyRequirements").json()["value"]
    assert (found["policyId"], found["isCustomAssignmentScheduleAllowed"]) == (PAYROLL_POLICY, True)
    answers = {item["answeredQuestion"]["text"]["defaultText"]: item["value"] for item in found["existingAnswers"]}
    assert answers == {"Cost centre": "4711", "Region": "emea", "Badge number": "77"}
    ada = user(sim, "ada", READ).post(f"/accessPackages/{PAYROLL}/getApplicablePolicyRequirements").json()["value"]
    assert ada[0]["existingAnswers"] == []


def test_the_signed_in_user_reads_what_is_theirs(sim: Running) -> None:
    lee = user(sim, "lee", READ, OWN)
    assert len(lee.em("/accessPackageAssignments/filterByCurrentUser(on='target')").json()["value"]) == 5
    for path in REQUESTS:
        assert len(lee.em(f"{path}/filterByCurrentUser(on='target')").json()["value"]) == 5
    assert lee.em("/accessPackages/filterByCurrentUser(on='allowedRequestor')").status_code == 200


def test_a_requestor_shows_with_their_organization(sim: Running, beta: Graph) -> None:
    portal = id_of("package", "Partner Portal")
    policy = id_of("policy", "Partner Portal/Connected organizations")
    ids = {"targetId": GUEST, "accessPackageId": portal, "assignmentPolicyId": policy}
    pat = Graph(sim, sim.token("delegated", user=GUEST, permissions=[WRITE]), "beta")
    made = pat.post("/assignmentRequests", {"requestType": "UserAdd", "accessPackageAssignment": ids}).json()
    found = beta.em(f"/assignmentRequests/{made['id']}", expand="requestor($expand=connectedOrganization)").json()
    assert found["requestor"]["connectedOrganization"]["displayName"] == "Fabrikam"
    assert found["requestor"]["connectedOrganizationId"] == found["requestor"]["connectedOrganization"]["id"]


@pytest.mark.parametrize("path", REQUESTS)
def test_the_life_of_a_request_after_it_was_made(sim: Running, beta: Graph, path: str) -> None:
    sim.faults({"method": "POST", "times": 1, "effect": {"outcome": "deliveryFailed"}})
    request_id = beta.post(path, adding()).json()["id"]
    sim.advance(60)
    assert beta.em(f"{path}/{request_id}").json()["requestState"] == "DeliveryFailed"
    assert beta.post(f"{path}/{request_id}/reprocess").status_code == 202
    other = beta.post(path, adding(GRACE)).json()["id"]
    assert user(sim, "grace", WRITE).post(f"{path}/{other}/cancel").status_code == 200
    assert beta.em(f"{path}/{other}").json()["requestState"] == "Canceled"
    assert beta.call("DELETE", f"{ENTITLEMENT}{path}/{other}").status_code == 204


def test_items_of_a_batch_are_of_its_version(beta: Graph) -> None:
    answer = beta.batch(
        {"method": "GET", "url": f"{ENTITLEMENT}/accessPackageAssignments/{held('VPN Access')}"},
        {"method": "GET", "url": f"{ENTITLEMENT}/assignments/{held('VPN Access')}"},
        {"method": "GET", "url": f"/users/{LEE}?$select=id"},
        {
            "method": "POST",
            "url": f"{ENTITLEMENT}/assignmentRequests",
            "body": adding(),
            "headers": {"Content-Type": "application/json"},
        },
    )
    found = {item["id"]: item for item in answer.json()["responses"]}
    assert {key: item["status"] for key, item in found.items()} == {"1": 200, "2": 400, "3": 200, "4": 201}
    assert found["1"]["body"]["assignmentState"] == "Delivered"
    assert found["4"]["body"]["requestState"] == "Submitted"


def test_pages_lead_on_in_beta(sim: Running, beta: Graph) -> None:
    sim.settings(page_size=2)
    first = beta.em("/accessPackageAssignments", filter=f"accessPackage/id eq '{PAYROLL}'").json()
    whole = beta.em("/accessPackageAssignments").json()
    assert len(first["value"]) == 2
    assert whole["@odata.nextLink"].startswith(f"{sim.url}/beta/")
    assert beta.get(whole["@odata.nextLink"]).status_code == 200


def test_an_older_word_for_an_update_is_taken(sim: Running) -> None:
    body = {
        "requestType": "UserExtend",
        "schedule": {"expiration": {"type": "afterDuration", "duration": "P25D"}},
    }
    nested = {"id": held("VPN Access")}
    lee = Graph(sim, sim.token("delegated", user=LEE, permissions=[OWN]))
    refused = lee.request({**body, "assignment": nested})
    assert code_of(refused) == (400, "InvalidModel")
    assert "UserExtend" in refused.json()["error"]["message"]
    made = user(sim, "lee", OWN).request({**body, "accessPackageAssignment": nested})
    assert (made.status_code, made.json()["requestType"]) == (201, "UserUpdate")


def test_a_cancel_may_carry_the_body_of_its_page(sim: Running, beta: Graph, graph: Graph) -> None:
    request_id = beta.post("/assignmentRequests", adding()).json()["id"]
    grace, path = user(sim, "grace", WRITE), f"/assignmentRequests/{request_id}/cancel"
    body = {"id": request_id, "requestStatus": "cancelled"}
    wrong_ones: list[Json] = [{**body, "id": LAPTOP}, {**body, "requestStatus": "denied"}, {"id": request_id}]
    for wrong in wrong_ones:
        assert code_of(grace.post(path, wrong)) == (400, "BadRequest")
    v1 = Graph(sim, sim.token("delegated", user="grace@contoso.com", permissions=[WRITE]))
    assert code_of(v1.post(path, body)) == (400, "BadRequest")
    assert grace.post(path, body).status_code == 200


def test_a_request_that_waits_for_a_callback_is_resumed(sim: Running) -> None:
    sim.load(waiting_world("assignmentRequestCreated"))
    beta = Graph(sim, sim.token(), "beta")
    ids = {
        "targetId": ADA,
        "accessPackageId": LAPTOP,
        "assignmentPolicyId": id_of("policy", "Engineering Laptop/Checked"),
    }
    made = beta.request({"requestType": "AdminAdd", "accessPackageAssignment": ids}).json()["id"]
    sim.advance(60)
    path = f"/accessPackageAssignmentRequests/{made}"
    waiting = beta.em(path).json()
    assert waiting["requestStatus"] == "WaitingForCallback"
    (callout,) = waiting["customExtensionCalloutInstances"]
    assert beta.post(f"{path}/resume", callback("assignmentRequestCreated", callout["id"])).status_code == 204
    sim.advance(60)
    assert beta.em(path).json()["requestState"] == "Delivered"
