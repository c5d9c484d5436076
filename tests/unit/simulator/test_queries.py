# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Query options: what the documentation shows is taken, everything else is refused."""

from __future__ import annotations

from itertools import product

import pytest

from tests.simulator.running import Running
from tests.unit.simulator.graph_client import (
    ADA,
    ENTITLEMENT,
    LAPTOP,
    LEE,
    PAYROLL,
    PAYROLL_POLICY,
    VPN,
    Graph,
    add,
    code_of,
    held,
)

GUID = "9bbe5f7d-f1e7-4eb1-a586-38cdf6f8b1ea"


@pytest.mark.parametrize(("letters", "status"), [(8000, 200), (8192, 414)])
def test_how_long_an_address_may_be(graph: Graph, letters: int, status: int) -> None:
    text = f"displayName eq '{'x' * letters}'"
    assert graph.em("/accessPackages", filter=text).status_code == status
    (item,) = graph.batch({"method": "GET", "url": f"{ENTITLEMENT}/accessPackages?$filter={text}"}).json()["responses"]
    assert item["status"] == status


@pytest.mark.parametrize(
    ("path", "text", "count"),
    [
        ("/assignments", "state eq 'Delivered'", 7),
        ("/assignments", "state eq 'expired'", 2),
        ("/assignments", f"target/objectid eq '{LEE}'", 5),
        ("/assignments", f"accessPackage/Id eq '{PAYROLL}' and target/objectId eq '{LEE.upper()}'", 2),
        ("/assignments", f"(state eq 'Delivered' or state eq 'Expired') and accessPackage/id eq '{PAYROLL}'", 2),
        ("/assignments", f"assignmentPolicy/id eq '{PAYROLL_POLICY}' and state eq 'delivered'", 1),
        ("/assignments", f"accessPackage/id eq '{GUID}'", 0),
        ("/assignmentRequests", f"accessPackage/id eq '{PAYROLL}' and state eq 'Delivered'", 2),
        ("/assignmentRequests", "createdDateTime gt 2022-04-01T00:00:01Z", 9),
        ("/assignmentRequests", "(state eq 'PendingApproval')", 0),
        ("/accessPackages", "displayName eq 'Payroll'", 1),
        ("/accessPackages", "displayname eq 'payroll'", 0),
        ("/accessPackages", "contains(tolower(displayName),'payroll')", 2),
        ("/accessPackages", "displayName eq 'Shared Name'", 2),
        ("/assignmentPolicies", f"accessPackage/id eq '{VPN}'", 2),
        ("/assignmentPolicies", "displayName eq 'Everybody'", 1),
        ("/catalogs", "displayName eq 'Finance'", 1),
    ],
)
def test_documented_filters_select(graph: Graph, path: str, text: str, count: int) -> None:
    response = graph.em(path, filter=text)
    assert response.status_code == 200
    assert len(response.json()["value"]) == count


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/assignments", f"catalogId eq '{GUID}'"),
        ("/assignments", "status eq 'Delivered'"),
        ("/assignments", "state ne 'Delivered'"),
        ("/assignments", "state eq 'Gone'"),
        ("/assignments", "state eq Delivered"),
        ("/assignments", "state in ('Delivered','Expired')"),
        ("/assignments", "not state eq 'Delivered'"),
        ("/assignments", "target/objectId eq 'ada'"),
        ("/assignments", f"target/objectId eq {LEE}"),
        ("/assignments", f"target/objectId eq '{LEE}' or target/objectId eq '{ADA}'"),
        ("/assignments", "state eq 'Delivered' and state eq 'Expired'"),
        ("/assignments", "state eq 'Delivered' and"),
        ("/assignments", "(state eq 'Delivered'"),
        ("/assignments", "contains(displayName,'x')"),
        ("/assignmentRequests", "state eq 'Delivered' or state eq 'Denied'"),
        ("/assignmentRequests", "createdDateTime lt 2022-04-01T00:00:01Z"),
        ("/assignmentRequests", "createdDateTime gt '2022-04-01T00:00:01Z'"),
        ("/assignmentRequests", f"assignment/target/objectId eq '{LEE}'"),
        ("/assignmentRequests", "requestType eq 'adminAdd'"),
        ("/accessPackages", f"id eq '{GUID}'"),
        ("/accessPackages", f"catalog/id eq '{GUID}'"),
        ("/accessPackages", "startswith(displayName,'Pay')"),
        ("/assignmentPolicies", "contains(displayName,'Every')"),
    ],
)
def test_other_filters_are_refused(graph: Graph, path: str, text: str) -> None:
    response = graph.em(path, filter=text)
    assert code_of(response) == (400, "InvalidFilter")
    error = response.json()["error"]
    assert error["message"].startswith("OData query is invalid: ")
    assert error["details"] == []


def test_a_refusal_reads_like_the_services(graph: Graph) -> None:
    error = graph.em("/assignments", filter=f"catalogId eq '{GUID}'").json()["error"]
    assert error["message"] == f"OData query is invalid: Filter 'catalogId Equals {GUID} is not supported. ."
    assert error["innerError"]["client-request-id"] == error["innerError"]["request-id"]
    assert "Z" not in error["innerError"]["date"]


@pytest.mark.parametrize(
    ("reading", "path", "option"),
    [
        row
        for row in product(
            ("honour", "refuse"),
            ("/assignments", "/assignmentRequests", "/accessPackages", f"/accessPackages/{LAPTOP}"),
            ("$count=true", "$orderby=state", "$top=5", "$skip=5", "$search=x", "$foo=1", "x=1"),
        )
        if row != ("honour", "/assignments", "$top=5")
    ],
)
def test_other_options_are_refused(sim: Running, graph: Graph, reading: str, path: str, option: str) -> None:
    sim.switches(list_options=reading)
    assert code_of(graph.get(f"{ENTITLEMENT}{path}?{option}")) == (400, "BadRequest")


@pytest.mark.parametrize(
    ("path", "expected"), [("/assignments", 200), ("/assignmentRequests", 400), ("/assignmentPolicies", 400)]
)
def test_large_pages_are_given_where_public_code_gets_them(graph: Graph, path: str, expected: int) -> None:
    assert graph.get(f"{ENTITLEMENT}{path}?$top=500").status_code == expected


def test_an_option_comes_once(graph: Graph) -> None:
    assert code_of(graph.get(f"{ENTITLEMENT}/assignments?$expand=target&$expand=accessPackage")) == (400, "BadRequest")


@pytest.mark.parametrize(
    ("path", "expand", "names"),
    [
        ("/assignments", "target,accessPackage", {"target", "accessPackage"}),
        ("/assignments", "*", {"target", "accessPackage", "assignmentPolicy"}),
        ("/assignmentRequests", "assignment($expand=target),accessPackage", {"assignment", "accessPackage"}),
        ("/accessPackages", "assignmentPolicies,catalog", {"assignmentPolicies", "catalog"}),
        (
            "/accessPackages",
            "incompatibleAccessPackages,accessPackagesIncompatibleWith,incompatibleGroups",
            {"incompatibleAccessPackages", "accessPackagesIncompatibleWith", "incompatibleGroups"},
        ),
        ("/assignmentPolicies", "accessPackage,questions", {"accessPackage", "questions"}),
        (
            "/assignmentPolicies",
            "customExtensionStageSettings($expand=customExtension)",
            {"customExtensionStageSettings"},
        ),
    ],
)
def test_navigation_shows_when_expanded(graph: Graph, path: str, expand: str, names: set[str]) -> None:
    plain = graph.em(path).json()["value"]
    expanded = graph.em(path, expand=expand).json()["value"]
    assert len(plain) == len(expanded) > 0
    for before, after in zip(plain, expanded, strict=True):
        # Expanded lists have a context of their own; questions come with a list of policies anyway.
        assert {name for name in after if not name.endswith("@odata.context")} - set(before) == names - set(before)
        assert names <= set(after)


@pytest.mark.parametrize(
    ("path", "expand"),
    [
        ("/assignments", "Target"),
        ("/assignments", "state"),
        ("/assignments", "target($select=objectId)"),
        ("/assignments", "target($expand=connectedOrganization)"),
        ("/assignments", "accessPackage($expand=catalog)"),
        ("/assignmentRequests", "target"),
        ("/assignmentRequests", "requestor($expand=connectedOrganization)"),
        ("/assignmentRequests", "assignment($expand=assignmentPolicy)"),
        ("/accessPackages", "assignmentPolicies($expand=questions)"),
        ("/accessPackages", "resourceRoleScopes"),
        ("/assignmentPolicies", "questions("),
    ],
)
def test_other_expansions_are_refused(graph: Graph, path: str, expand: str) -> None:
    assert code_of(graph.em(path, expand=expand)) == (400, "BadRequest")


def test_select_leaves_what_it_names(graph: Graph) -> None:
    item = graph.em("/assignments", select="id,state", expand="target").json()["value"][0]
    assert set(item) == {"id", "state", "target"}
    assert code_of(graph.em("/assignments", select="id,State")) == (400, "BadRequest")
    assert code_of(graph.em("/assignments", select="target")) == (400, "BadRequest")


def test_both_ways_of_incompatibility(graph: Graph) -> None:
    expand = "incompatibleAccessPackages,accessPackagesIncompatibleWith"
    payroll = graph.em(f"/accessPackages/{PAYROLL}", expand=expand).json()
    assert [item["displayName"] for item in payroll["incompatibleAccessPackages"]] == ["Source Code Read"]
    assert [item["displayName"] for item in payroll["accessPackagesIncompatibleWith"]] == ["Payroll Approver"]


@pytest.mark.parametrize(
    ("path", "segment"),
    [
        ("/identitygovernance/entitlementManagement/assignments", "identitygovernance"),
        ("/identityGovernance/entitlementmanagement/assignments", "entitlementmanagement"),
        (f"{ENTITLEMENT}/Assignments", "Assignments"),
        (f"{ENTITLEMENT}/accessPackageAssignments", "accessPackageAssignments"),
        (f"{ENTITLEMENT}/assignments/{held('Payroll')}/Reprocess", "Reprocess"),
        ("/me", "me"),
    ],
)
def test_paths_are_as_documented(graph: Graph, path: str, segment: str) -> None:
    response = graph.get(path)
    assert code_of(response) == (400, "BadRequest")
    assert response.json()["error"]["message"] == f"Resource not found for the segment '{segment}'."


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("PATCH", f"/assignmentRequests/{GUID}", (405, "UnsupportedHttpMethod")),
        ("POST", "/assignments", (405, "UnsupportedHttpMethod")),
        ("DELETE", f"/assignments/{GUID}", (405, "UnsupportedHttpMethod")),
        ("GET", "/assignments/not-a-guid", (400, "BadRequest")),
        ("GET", f"/assignments/{GUID}", (404, "ResourceNotFound")),
        ("GET", f"/assignmentRequests/{GUID}", (404, "ResourceNotFound")),
        ("GET", f"/accessPackages/{GUID}", (404, "ResourceNotFound")),
        ("GET", f"/assignmentPolicies/{GUID}", (404, "ResourceNotFound")),
        ("GET", f"/subjects/{GUID}", (404, "ResourceNotFound")),
        ("GET", "/assignments/filterByCurrentUser(On='target')", (400, "BadRequest")),
    ],
)
def test_methods_and_ids_are_checked(graph: Graph, method: str, path: str, expected: tuple[int, str]) -> None:
    assert code_of(graph.call(method, ENTITLEMENT + path)) == expected


def test_another_version_is_refused(graph: Graph) -> None:
    assert code_of(graph.get(f"{graph.sim.url}/v2.0/users")) == (400, "BadRequest")


def test_pages_lead_on_until_the_end(sim: Running, graph: Graph) -> None:
    everything = graph.em("/assignments", expand="target").json()["value"]
    sim.settings(page_size=4)
    page = graph.em("/assignments", expand="target").json()
    pages = [page["value"]]
    while "@odata.nextLink" in page:
        assert page["@odata.nextLink"].startswith(f"{sim.url}/v1.0{ENTITLEMENT}/assignments?$expand=target&$skiptoken=")
        page = graph.get(page["@odata.nextLink"]).json()
        pages.append(page["value"])
    assert [len(each) for each in pages] == [4, 4, 1]
    assert [item for each in pages for item in each] == everything


def test_a_full_last_page_has_no_next_link(sim: Running, graph: Graph) -> None:
    sim.settings(page_size=9)
    assert "@odata.nextLink" not in graph.em("/assignments").json()


def test_a_next_link_is_followed_unchanged_or_not_at_all(sim: Running, graph: Graph) -> None:
    sim.settings(page_size=4)
    link = graph.em("/assignments", filter="state eq 'Delivered'").json()["@odata.nextLink"]
    assert graph.get(link).status_code == 200
    assert code_of(graph.get(link.replace("Delivered", "Expired"))) == (400, "BadRequest")
    assert code_of(graph.get(link[:-1])) == (400, "BadRequest")


def test_pages_hold_when_the_list_grows(sim: Running, graph: Graph) -> None:
    sim.settings(page_size=4)
    first = graph.em("/assignmentRequests").json()
    graph.request(add())
    seen = [item["id"] for item in first["value"]]
    page = first
    while "@odata.nextLink" in page:
        page = graph.get(page["@odata.nextLink"]).json()
        seen += [item["id"] for item in page["value"]]
    assert len(seen) == len(set(seen)) == 10


def test_answers_carry_the_ids_of_the_call(graph: Graph) -> None:
    response = graph.get(f"{ENTITLEMENT}/assignments", headers={"client-request-id": GUID})
    assert response.headers["client-request-id"] == GUID
    assert response.headers["request-id"]
    assert "ServerInfo" in response.headers["x-ms-ags-diagnostic"]
    refused = graph.get(f"{ENTITLEMENT}/nothing", headers={"client-request-id": GUID})
    inner = refused.json()["error"]["innerError"]
    assert (inner["client-request-id"], inner["request-id"]) == (GUID, refused.headers["request-id"])


def test_questions_come_with_their_type(graph: Graph) -> None:
    policy = graph.em(f"/assignmentPolicies/{PAYROLL_POLICY}", expand="questions").json()
    kinds = [question["@odata.type"] for question in policy["questions"]]
    assert kinds.count("#microsoft.graph.accessPackageMultipleChoiceQuestion") == 1
    region = next(item for item in policy["questions"] if item["text"] == "Region")
    assert [choice["actualValue"] for choice in region["choices"]] == ["emea", "amer", "apac"]
    assert region["localizations"] == [{"languageCode": "de-de", "text": "Gebiet"}]


def test_policies_of_a_package_have_no_path_of_their_own(graph: Graph) -> None:
    assert code_of(graph.em(f"/accessPackages/{LAPTOP}/assignmentPolicies")) == (404, "")


def test_subjects_are_found_by_id_and_object_id(graph: Graph) -> None:
    by_object = graph.em(f"/subjects(objectId='{LEE}')").json()
    assert graph.em(f"/subjects/{by_object['id']}").json() == by_object
    assert by_object["principalName"] == "lee@contoso.com"
    assert by_object["id"] != LEE
