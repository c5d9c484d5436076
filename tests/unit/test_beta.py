# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What v1.0 says in beta's words, and back."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.times import parse_instant
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.beta import beta_call, v1_answer
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.parse import (
    parse_assignment,
    parse_policy,
    parse_requirements,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import (
    assignments_of_caller,
    cancel_request,
    create_request,
    find_packages,
    find_users,
    get_policy,
    list_assignments,
    list_requests,
    policy_requirements,
    requests_of_caller,
    search_requests,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.request_bodies import (
    direct_add_body,
    report_add_body,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call, equals

ROOT = "/identityGovernance/entitlementManagement"


@pytest.mark.parametrize(
    ("call", "path", "query"),
    [
        (
            list_assignments("p", "u"),
            f"{ROOT}/accessPackageAssignments",
            {
                "$filter": "accessPackage/id eq 'p' and target/objectId eq 'u'",
                "$select": "id,assignmentState,assignmentStatus,schedule,expiredDateTime",
                "$expand": "target,accessPackage,accessPackageAssignmentPolicy",
            },
        ),
        (
            list_requests("p", "pendingApproval"),
            f"{ROOT}/accessPackageAssignmentRequests",
            {
                "$filter": "accessPackage/id eq 'p' and requestState eq 'PendingApproval'",
                "$expand": "accessPackage,accessPackageAssignment($expand=target)",
            },
        ),
        (get_policy("x"), f"{ROOT}/accessPackageAssignmentPolicies/x", {"$expand": "accessPackage"}),
        (
            find_packages("state eq 'Lab' catalog"),
            f"{ROOT}/accessPackages",
            {
                "$filter": "displayName eq 'state eq ''Lab'' catalog'",
                "$expand": "accessPackageAssignmentPolicies,accessPackageCatalog",
            },
        ),
        (
            assignments_of_caller("target"),
            f"{ROOT}/accessPackageAssignments/filterByCurrentUser(on='target')",
            {
                "$select": "id,assignmentState,assignmentStatus,schedule,expiredDateTime",
                "$expand": "target,accessPackage,accessPackageAssignmentPolicy",
            },
        ),
        (
            requests_of_caller("createdBy"),
            f"{ROOT}/accessPackageAssignmentRequests/filterByCurrentUser(on='createdBy')",
            {"$expand": "accessPackage,requestor,accessPackageAssignment($expand=target)"},
        ),
        (
            search_requests(package_id="p", created_after=parse_instant("2026-01-01")),
            f"{ROOT}/accessPackageAssignmentRequests",
            {
                "$filter": "accessPackage/id eq 'p'",
                "$expand": "accessPackage,requestor,accessPackageAssignment($expand=target)",
            },
        ),
        (
            search_requests(created_after=parse_instant("2026-01-01")),
            f"{ROOT}/accessPackageAssignmentRequests",
            {"$expand": "accessPackage,requestor,accessPackageAssignment($expand=target)"},
        ),
        (cancel_request("r"), f"{ROOT}/assignmentRequests/r/cancel", {}),
        (policy_requirements("p"), f"{ROOT}/accessPackages/p/getApplicablePolicyRequirements", {}),
        (
            Call("GET", f"{ROOT}/assignments", {"$filter": equals("state", "delivered")}),
            f"{ROOT}/accessPackageAssignments",
            {"$filter": "assignmentState eq 'Delivered'"},
        ),
        (
            Call("GET", f"{ROOT}/assignments", {"$filter": equals("assignmentPolicy/id", "state")}),
            f"{ROOT}/accessPackageAssignments",
            {"$filter": "accessPackageAssignmentPolicy/id eq 'state'"},
        ),
    ],
    ids=lambda value: value.path if isinstance(value, Call) else "",
)
def test_addresses_and_queries(call: Call, path: str, query: dict[str, str]) -> None:
    said = beta_call(call)
    assert (said.path, said.query) == (path, query)


def test_the_directory_is_the_same() -> None:
    call = find_users("state@contoso.com")
    assert beta_call(call) == call
    body = {"value": [{"type": "x", "displayName": {"defaultText": "y"}}]}
    assert v1_answer(call, body) == body


def test_a_body_names_its_parts_by_id() -> None:
    body = direct_add_body("p", "q", object_id=None, email="sam@fabrikam.com")
    assert beta_call(create_request(body)).body == {
        "requestType": "adminAdd",
        "accessPackageAssignment": {
            "target": {"email": "sam@fabrikam.com"},
            "assignmentPolicyId": "q",
            "accessPackageId": "p",
        },
    }


def answered(row: dict[str, Any]) -> Any:
    return v1_answer(Call("GET", f"{ROOT}/accessPackageAssignments"), {"value": [row]})["value"][0]


def test_an_assignment_that_is_not_expanded_names_its_package_and_policy() -> None:
    row = {
        "id": "a",
        "accessPackageId": "p",
        "assignmentPolicyId": "q",
        "assignmentState": "Delivered",
        "assignmentStatus": "ExpiredNotificationTriggered",
        "target": {"objectId": "u", "type": "User"},
        "schedule": {"expiration": {"type": "noExpiration"}},
    }
    found = parse_assignment(answered(row))
    assert (found.state, found.status) == ("delivered", "ExpiredNotificationTriggered")
    assert found.package is not None
    assert found.policy is not None
    assert (found.package.id, found.policy.id) == ("p", "q")
    assert found.target is not None
    assert found.target.subject_type == "user"
    assert found.schedule.no_expiration


@pytest.mark.parametrize(
    ("members", "duration", "end"),
    [
        ({"durationInDays": 30, "expirationDateTime": None}, "P30D", None),
        ({"durationInDays": 0, "expirationDateTime": None}, None, None),
        ({"durationInDays": 0, "expirationDateTime": "2030-01-01T00:00:00Z"}, None, 2030),
    ],
)
def test_a_policy(members: dict[str, Any], duration: str | None, end: int | None) -> None:
    settings = {"requestorSettings": {"scopeType": "AllExistingDirectoryMemberUsers"}}
    found = parse_policy(answered({"id": "q", **settings, **members}))
    assert found.scope == "allMemberUsers"
    assert found.expiration.duration == duration
    assert (found.expiration.end.year if found.expiration.end else None) == end


def test_a_scope_that_nobody_knows_yet_passes_through() -> None:
    assert parse_policy(answered({"id": "q", "requestorSettings": {"scopeType": "AllRobots"}})).scope == "AllRobots"


def test_requirements_as_an_old_page_shows_them() -> None:
    """The page of getApplicablePolicyRequirements has question types without prefix, and a list for a schedule."""
    row = {
        "policyId": "q",
        "policyDisplayName": "Initial",
        "isApprovalRequired": True,
        "isApprovalRequiredForExtension": False,
        "isCustomAssignmentScheduleAllowed": False,
        "questions": [
            {
                "@odata.type": "#microsoft.graph.textInputQuestion",
                "id": "x",
                "isAnswerEditable": None,
                "text": {"defaultText": "Why?", "localizedTexts": [{"languageCode": "de", "text": "Warum?"}]},
            }
        ],
        "schedule": [],
    }
    found = parse_requirements(answered(row))
    assert (found.approval_for_add, found.approval_for_update, found.custom_schedule) == (True, False, False)
    (question,) = found.questions or ()
    assert question.kind == "accessPackageTextInputQuestion"
    assert question.texts == ("Why?", "Warum?")


def test_a_manager_sends_what_the_page_shows() -> None:
    body = report_add_body("p", "y", "u")
    said = beta_call(create_request({**body, "justification": "why"}))
    assert said.body == {**body, "justification": "why"}
    assert said.path == f"{ROOT}/assignmentRequests"


def test_who_is_no_administrator_names_the_request_in_a_cancel() -> None:
    assert beta_call(cancel_request("r", by_user=True)).body == {"id": "r", "requestStatus": "cancelled"}
    assert beta_call(cancel_request("r")).body == cancel_request("r").body
    assert cancel_request("r", by_user=True).body == cancel_request("r").body
