# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Permissions and roles: who may read and ask for what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.running import Running
from tests.unit.simulator.graph_client import (
    ADA,
    ENTITLEMENT,
    GRACE,
    GUEST,
    LAPTOP,
    LAPTOP_POLICY,
    OWN,
    READ,
    VPN,
    WRITE,
    Graph,
    add,
    change,
    code_of,
    held,
)

ENGINEERING = {"catalog": "Engineering", "role": "Access package assignment manager"}
READER = {"catalog": "Engineering", "role": "Catalog reader"}
REFUSED = (403, "UnAuthorized")


def app(sim: Running, *permissions: str, roles: list[Any] | None = None) -> Graph:
    return Graph(sim, sim.token(permissions=permissions, roles=roles or []))


def user(sim: Running, name: str, *permissions: str, roles: list[Any] | None = None) -> Graph:
    token = sim.token("delegated", user=f"{name}@contoso.com", permissions=permissions, roles=roles)
    return Graph(sim, token)


def status(response: Any) -> int:
    return int(response.status_code)


def test_an_app_needs_the_permission(sim: Running) -> None:
    nothing, reader = app(sim, "User.Read.All"), app(sim, READ)
    for path in ("/accessPackages", "/assignmentPolicies", "/catalogs", "/assignments", "/assignmentRequests"):
        assert code_of(nothing.em(path)) == REFUSED
        assert reader.em(path).status_code == 200
    assert code_of(reader.request(add())) == REFUSED
    assert app(sim, WRITE).request(add()).status_code == 201


def test_a_user_needs_permission_and_role(sim: Running) -> None:
    assert user(sim, "grace", READ).em("/assignments").status_code == 200
    assert code_of(user(sim, "ada", READ).em("/assignments")) == REFUSED
    assert code_of(user(sim, "grace", "User.Read.All").em("/assignments")) == REFUSED
    assert code_of(user(sim, "ada", WRITE).request(add())) == REFUSED
    assert user(sim, "ada", READ, roles=["Global Reader"]).em("/assignments").status_code == 200
    assert code_of(user(sim, "ada", WRITE, roles=["Global Reader"]).request(add())) == REFUSED
    assert user(sim, "grace", WRITE).request(add()).status_code == 201


@pytest.mark.parametrize("collection", ["/assignments", "/assignmentRequests"])
def test_a_catalog_role_reads_lists_by_package_only(sim: Running, collection: str) -> None:
    manager = app(sim, roles=[ENGINEERING])
    assert code_of(manager.em(collection)) == REFUSED
    assert code_of(manager.em(collection, filter="state eq 'Delivered'")) == REFUSED
    assert code_of(manager.em(collection, filter=f"accessPackage/id eq '{VPN}'")) == REFUSED
    assert manager.em(collection, filter=f"accessPackage/id eq '{LAPTOP}'").status_code == 200


def test_a_catalog_role_reaches_its_catalog_only(sim: Running) -> None:
    manager, reader = app(sim, roles=[ENGINEERING]), app(sim, roles=[READER])
    names = [package["displayName"] for package in manager.em("/accessPackages").json()["value"]]
    assert names == ["Engineering Laptop", "Source Code Read", "Shared Name"]
    assert [item["displayName"] for item in manager.em("/catalogs").json()["value"]] == ["Engineering"]
    assert code_of(manager.em(f"/accessPackages/{VPN}")) == REFUSED
    assert status(manager.em(f"/assignments/{held('Engineering Laptop')}")) == 200
    assert code_of(manager.em(f"/assignments/{held('VPN Access')}")) == REFUSED
    assert code_of(manager.request(change("adminRemove", held("VPN Access")))) == REFUSED
    assert code_of(reader.request(add())) == REFUSED
    assert manager.request(add()).status_code == 201


def test_a_role_of_the_world_stands_in_for_the_permission(sim: Running) -> None:
    sim.load(
        {
            "tenant": {"domain": "contoso.onmicrosoft.com"},
            "catalogs": [{"name": "Only"}],
            "apps": [{"name": "scoped", "secret": "s", "roles": [{"catalog": "Only", "role": "Catalog owner"}]}],
        }
    )
    assert Graph(sim, sim.token()).em("/catalogs").json()["value"][0]["displayName"] == "Only"


def test_some_calls_are_for_signed_in_users_only(sim: Running, graph: Graph) -> None:
    request_id = graph.request(add()).json()["id"]
    assert code_of(graph.post(f"/assignmentRequests/{request_id}/cancel")) == REFUSED
    assert code_of(graph.post(f"/accessPackages/{LAPTOP}/getApplicablePolicyRequirements")) == REFUSED
    for path in ("assignments", "assignmentRequests"):
        assert code_of(graph.em(f"/{path}/filterByCurrentUser(on='target')")) == REFUSED
    assert code_of(graph.em("/accessPackages/filterByCurrentUser(on='allowedRequestor')")) == REFUSED
    assert code_of(graph.request({**add(), "requestType": "userAdd"})) == REFUSED
    assert user(sim, "grace", WRITE).post(f"/assignmentRequests/{request_id}/cancel").status_code == 200


def test_users_see_what_is_theirs(sim: Running) -> None:
    lee = user(sim, "lee", READ, OWN)
    mine = lee.em("/assignments/filterByCurrentUser(on='target')", expand="target").json()["value"]
    assert {item["target"]["principalName"] for item in mine} == {"lee@contoso.com"}
    assert len(mine) == 5
    assert lee.em("/assignments/filterByCurrentUser(on='createdBy')").json()["value"] == []
    assert len(lee.em("/assignmentRequests/filterByCurrentUser(on='target')").json()["value"]) == 5
    assert lee.em("/assignments/filterByCurrentUser(on='targetManager')").status_code == 400
    names = [
        item["displayName"]
        for item in lee.em("/accessPackages/filterByCurrentUser(on='allowedRequestor')").json()["value"]
    ]
    assert "Payroll" in names
    assert not {"Partner Portal", "Payroll Approver"} & set(names)


def test_a_user_asks_for_themselves_under_the_strictest_policy(sim: Running) -> None:
    ada = user(sim, "ada", OWN)
    response = ada.request({"requestType": "UserAdd", "assignment": {"accessPackageId": VPN}})
    assert (response.status_code, response.json()["requestType"]) == (201, "userAdd")
    assert sim.dump()["requests"][-1]["policy"] == "Members"
    other = {"requestType": "userAdd", "assignment": {"accessPackageId": VPN, "targetId": GUEST}}
    refused = ada.request(other)
    assert code_of(refused) == (400, "InvalidRequest")
    assert refused.json()["error"]["message"] == "No valid policy was found in the request"


def test_users_change_their_own_assignments_only(sim: Running) -> None:
    removal = change("userRemove", held("Engineering Laptop"))
    assert code_of(user(sim, "ada", OWN).request(removal)) == (400, "InvalidRequest")
    assert user(sim, "lee", OWN).request(removal).status_code == 201
    schedule = {"schedule": {"expiration": {"type": "afterDuration", "duration": "P25D"}}}
    update = {"requestType": "userUpdate", "assignment": {"accessPackageId": VPN}, **schedule}
    assert user(sim, "lee", OWN).request(update).status_code == 201
    assert code_of(user(sim, "ada", OWN).request(update)) == (404, "InvalidRequestNoActiveGrant")


def test_an_approver_removes_and_the_type_shows_on_demand(sim: Running, graph: Graph) -> None:
    policy = {
        "name": "P",
        "scope": "allMemberUsers",
        "approval": {"add": True, "approvers": [{"user": "grace@contoso.com"}]},
    }
    sim.load(
        {
            "tenant": {"domain": "contoso.onmicrosoft.com"},
            "apps": [{"name": "automation", "secret": "s"}],
            "users": [{"upn": "grace@contoso.com"}, {"upn": "lee@contoso.com"}],
            "catalogs": [{"name": "C"}],
            "packages": [{"name": "VPN Access", "catalog": "C", "policies": [policy]}],
            "assignments": [{"user": "lee@contoso.com", "package": "VPN Access"}],
        }
    )
    removal = change("approverRemove", held("VPN Access"))
    assert code_of(user(sim, "lee", OWN).request(removal)) == (400, "InvalidRequest")
    request_id = user(sim, "grace", OWN).request(removal).json()["id"]
    path = f"/assignmentRequests/{request_id}"
    assert graph.em(path).json()["requestType"] == "unknownFutureValue"
    prefer = {"Prefer": "include-unknown-enum-members"}
    assert graph.get(ENTITLEMENT + path, headers=prefer).json()["requestType"] == "approverRemove"
    listed = graph.get(f"{ENTITLEMENT}/assignmentRequests", headers=prefer).json()["value"]
    assert listed[-1]["requestType"] == "approverRemove"


def test_requirements_are_those_of_the_signed_in_user(sim: Running) -> None:
    path = f"/accessPackages/{VPN}/getApplicablePolicyRequirements"
    found = user(sim, "ada", READ).post(path).json()["value"]
    assert [(item["policyDisplayName"], item["isApprovalRequiredForAdd"]) for item in found] == [
        ("Members", True),
        ("Everybody", False),
    ]
    guest = Graph(sim, sim.token("delegated", user=GUEST, permissions=[READ]))
    assert [item["policyDisplayName"] for item in guest.post(path).json()["value"]] == ["Everybody"]
    laptop = f"/accessPackages/{LAPTOP}/getApplicablePolicyRequirements"
    assert guest.post(laptop).json()["value"] == []


def test_the_directory_has_permissions_of_its_own(sim: Running) -> None:
    entitlement = app(sim, WRITE)
    denied = (403, "Authorization_RequestDenied")
    assert code_of(entitlement.get("/users")) == denied
    assert code_of(entitlement.get(f"/users/{ADA}")) == denied
    assert code_of(entitlement.get("/groups")) == denied
    message = entitlement.get("/groups").json()["error"]["message"]
    assert message == "Insufficient privileges to complete the operation."
    assert app(sim, "User.ReadBasic.All").get("/users").status_code == 200
    assert app(sim, "GroupMember.Read.All").get("/groups").status_code == 200


def test_profiles_show_what_the_permission_covers(sim: Running) -> None:
    path = f"/users/{GRACE}?$select=id,displayName,userType,accountEnabled"
    basic = app(sim, "User.ReadBasic.All").get(path).json()
    full = app(sim, "User.Read.All").get(path).json()
    assert (basic["userType"], basic["accountEnabled"]) == (None, None)
    assert (full["userType"], full["accountEnabled"]) == ("Member", True)
    assert basic["displayName"] == full["displayName"] == "Grace Lindqvist"


def test_members_without_a_user_permission_are_bare_ids(sim: Running) -> None:
    groups = app(sim, "GroupMember.Read.All")
    found = groups.get("/groups?$filter=displayName eq 'All Staff'").json()["value"][0]
    members = groups.get(f"/groups/{found['id']}/transitiveMembers/microsoft.graph.user").json()["value"]
    assert len(members) == 6
    assert all(member["id"] and member["displayName"] is None for member in members)


def test_requests_of_others_are_not_for_everybody(sim: Running, graph: Graph) -> None:
    request_id = graph.request(add(ADA, LAPTOP, LAPTOP_POLICY)).json()["id"]
    assert code_of(user(sim, "ada", OWN).em(f"/assignmentRequests/{request_id}")) == REFUSED
    assert code_of(user(sim, "ada", OWN).post(f"/assignmentRequests/{request_id}/cancel")) == REFUSED
