# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users ask for themselves, managers for their direct reports, each as the policy lets them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.unit.simulator.graph_client import LAPTOP, OWN, PAYROLL, READ, SOURCE, VPN, Graph, Json, code_of

ROSA, SAM, QUINN, BO = (id_of("user", f"{name}@contoso.com") for name in ("rosa", "sam", "quinn", "bo"))
SITE, TRAINING, DEVICES = (id_of("package", name) for name in ("Team Site", "Training", "Test Devices"))
POLICIES = {
    SITE: id_of("policy", "Team Site/By managers"),
    TRAINING: id_of("policy", "Training/Self and managers"),
    DEVICES: id_of("policy", "Test Devices/Administrators"),
}
KEYS = {"v1.0": "assignment", "beta": "accessPackageAssignment"}
STATES = {"v1.0": "state", "beta": "requestState"}
NO_POLICY = "No valid policy was found in the request"


@pytest.fixture(params=["v1.0", "beta"])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def user(sim: Running, name: str, version: str, *permissions: str) -> Graph:
    return Graph(sim, sim.token("delegated", user=f"{name}@contoso.com", permissions=permissions or [OWN]), version)


def request_as_(version: str, package: str, user_id: str | None = None, **more: Any) -> Json:
    """Return the body of a userAdd; for somebody else as the on-behalf example has it."""
    nested: Json = {"accessPackageId": package}
    if package in POLICIES:
        nested["assignmentPolicyId"] = POLICIES[package]
    if user_id:
        nested["target"] = {"objectId": user_id, "displayName": "R", "email": "r@contoso.com"}
    return {"requestType": "UserAdd", KEYS[version]: nested, "justification": "for the team", **more}


def refusal(graph: Graph, body: Json) -> tuple[int, str]:
    response = graph.request(body)
    return response.status_code, response.json()["error"]["message"]


@pytest.mark.parametrize("package", [SITE, TRAINING])
def test_a_manager_asks_for_a_report(sim: Running, version: str, package: str) -> None:
    quinn = user(sim, "quinn", version)
    made = quinn.request(request_as_(version, package, ROSA))
    assert made.status_code == 201, made.text
    sim.advance(60)
    (request,) = [each for each in sim.dump()["requests"] if each["id"] == made.json()["id"]]
    assert (request["objectId"], request["state"]) == (ROSA, "delivered")
    (found,) = quinn.em("/assignmentRequests/filterByCurrentUser(on='createdBy')", expand="requestor").json()["value"]
    assert found["requestor"]["objectId"] == QUINN
    assert quinn.em("/assignmentRequests/filterByCurrentUser(on='target')").json()["value"] == []
    rosa = user(sim, "rosa", version).em("/assignmentRequests/filterByCurrentUser(on='target')").json()["value"]
    assert [each["id"] for each in rosa] == [found["id"]]


@pytest.mark.parametrize(
    ("who", "package", "whom"),
    [
        ("quinn", DEVICES, ROSA),
        ("quinn", TRAINING, BO),
        ("grace", TRAINING, ROSA),
        ("rosa", TRAINING, SAM),
        ("rosa", TRAINING, QUINN),
    ],
)
def test_only_a_direct_manager_asks_and_only_where_the_policy_says_so(
    sim: Running, version: str, who: str, package: str, whom: str
) -> None:
    assert refusal(user(sim, who, version), request_as_(version, package, whom)) == (400, NO_POLICY)


@pytest.mark.parametrize("target", [{"targetId": ROSA}, {"target": {"email": "rosa@contoso.com"}}])
def test_a_report_is_named_by_the_object_id_of_the_target(sim: Running, version: str, target: Json) -> None:
    body = request_as_(version, TRAINING)
    body[KEYS[version]].update(target)
    assert refusal(user(sim, "quinn", version), body) == (400, NO_POLICY)


def test_a_manager_of_managers_is_not_asked_for(sim: Running) -> None:
    policy: Json = {"name": "P", "scope": "allMemberUsers"}
    policy["requestor"] = {"on_behalf": True, "on_behalf_requestors": [{"target_manager": 2}]}
    users = [{"upn": "quinn@contoso.com"}, {"upn": "rosa@contoso.com", "manager": "quinn@contoso.com"}]
    package = {"name": "Training", "catalog": "C", "policies": [policy]}
    sim.load(
        {
            "tenant": {"domain": "contoso.onmicrosoft.com"},
            "apps": [{"name": "automation", "secret": "s"}],
            "users": users,
            "catalogs": [{"name": "C"}],
            "packages": [package],
        }
    )
    body = request_as_("v1.0", TRAINING, ROSA)
    body["assignment"]["assignmentPolicyId"] = id_of("policy", "Training/P")
    assert refusal(user(sim, "quinn", "v1.0"), body) == (400, NO_POLICY)


def test_a_manager_neither_reads_nor_changes_what_a_report_holds(sim: Running, version: str) -> None:
    quinn = user(sim, "quinn", version, OWN)
    made = quinn.request(request_as_(version, TRAINING, ROSA)).json()["id"]
    sim.advance(60)
    (held,) = [each for each in sim.dump()["assignments"] if each["objectId"] == ROSA]
    collection = {"v1.0": "assignments", "beta": "accessPackageAssignments"}[version]
    for path in (f"/{collection}", f"/{collection}/{held['id']}", f"/assignmentRequests/{made}", "/accessPackages"):
        assert code_of(quinn.em(path)) == (403, "UnAuthorized")
    assert code_of(quinn.em(f"/{collection}/filterByCurrentUser(on='createdBy')")) == (403, "UnAuthorized")
    removal = {"requestType": "UserRemove", KEYS[version]: {"id": held["id"]}}
    assert refusal(quinn, removal) == (400, NO_POLICY)
    reader = user(sim, "quinn", version, READ)
    (mine,) = reader.em(f"/{collection}/filterByCurrentUser(on='createdBy')").json()["value"]
    assert mine["id"] == held["id"]
    assert user(sim, "rosa", version).request(removal).status_code == 201


def test_a_policy_says_what_users_may_do_for_themselves(sim: Running, version: str) -> None:
    rosa = user(sim, "rosa", version)
    assert refusal(rosa, request_as_(version, SITE)) == (400, NO_POLICY)
    assert refusal(rosa, request_as_(version, DEVICES)) == (400, NO_POLICY)
    assert rosa.request(request_as_(version, TRAINING)).status_code == 201
    assert user(sim, "quinn", version).request(request_as_(version, SITE, ROSA)).status_code == 201
    sim.advance(60)
    held = {each["packageId"]: each["id"] for each in sim.dump()["assignments"] if each["objectId"] == ROSA}
    longer = {"schedule": {"expiration": {"type": "afterDuration", "duration": "P40D"}}}
    update = {"requestType": "UserUpdate", KEYS[version]: {"id": held[SITE]}, "justification": "longer", **longer}
    assert refusal(rosa, update) == (400, NO_POLICY)
    assert rosa.request({**update, KEYS[version]: {"id": held[TRAINING]}}).status_code == 201
    assert rosa.request({"requestType": "UserRemove", KEYS[version]: {"id": held[SITE]}}).status_code == 201


def test_a_reason_is_due_from_managers_too(sim: Running, version: str) -> None:
    body = request_as_(version, SITE, ROSA)
    del body["justification"]
    assert refusal(user(sim, "quinn", version), body) == (400, "The policy requires a justification.")


def test_who_holds_something_incompatible_cannot_ask(sim: Running, version: str) -> None:
    held = {each["packageId"] for each in sim.dump()["assignments"] if each["user"] == "ada@contoso.com"}
    assert SOURCE in held
    status, message = refusal(user(sim, "ada", version), request_as_(version, PAYROLL))
    assert (status, "incompatible" in message) == (400, True)


def test_members_of_an_incompatible_group_cannot_ask(sim: Running, version: str) -> None:
    approver = id_of("package", "Payroll Approver")
    status, message = refusal(user(sim, "mira", version), request_as_(version, approver))
    assert (status, "incompatible" in message) == (400, True)


def test_requirements_name_the_policies_under_which_the_user_may_ask(sim: Running, version: str) -> None:
    rosa = user(sim, "rosa", version, READ)
    found = {
        package: [
            each["policyDisplayName"]
            for each in rosa.post(f"/accessPackages/{package}/getApplicablePolicyRequirements").json()["value"]
        ]
        for package in (SITE, TRAINING, DEVICES, VPN, LAPTOP)
    }
    assert list(found.values()) == [
        [],
        ["Self and managers"],
        [],
        ["Members", "Everybody"],
        ["Direct assignment"],
    ]
    listed = rosa.em("/accessPackages/filterByCurrentUser(on='allowedRequestor')").json()["value"]
    assert TRAINING in {each["id"] for each in listed}
    assert not {SITE, DEVICES} & {each["id"] for each in listed}


@pytest.mark.parametrize(
    ("collection", "on"),
    [
        *(("requests", on) for on in ("targetOrRequestor", "targetManager", "requestForOthers", "Target", "")),
        *(("assignments", on) for on in ("targetManager", "approver", "allowedRequestor")),
    ],
)
def test_choices_of_filter_by_current_user_that_no_page_names(
    sim: Running, version: str, collection: str, on: str
) -> None:
    path = {
        ("requests", "v1.0"): "/assignmentRequests",
        ("requests", "beta"): "/accessPackageAssignmentRequests",
        ("assignments", "v1.0"): "/assignments",
        ("assignments", "beta"): "/accessPackageAssignments",
    }[collection, version]
    assert code_of(user(sim, "rosa", version, READ).em(f"{path}/filterByCurrentUser(on='{on}')")) == (
        400,
        "InvalidRequest",
    )
