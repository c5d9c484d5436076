# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The addresses of entitlement management in v1.0, and the queries that its pages document."""

from __future__ import annotations

from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call, equals, literal, path

_ROOT = ("identityGovernance", "entitlementManagement")
ASSIGNMENT_PARTS = "target,accessPackage,assignmentPolicy"


def list_assignments(package_id: str, object_id: str | None) -> Call:
    """List a package's assignments, past ones too; of one person where its object id is known."""
    clauses = [equals("accessPackage/id", package_id)]
    if object_id:
        clauses.append(equals("target/objectId", object_id))
    query = {"$filter": " and ".join(clauses), "$expand": ASSIGNMENT_PARTS}
    return Call("GET", path(*_ROOT, "assignments"), query)


def get_assignment(assignment_id: str) -> Call:
    """Get one assignment by its id."""
    return Call("GET", path(*_ROOT, "assignments", assignment_id), {"$expand": ASSIGNMENT_PARTS})


def list_requests(package_id: str, state: str | None) -> Call:
    """List a package's requests, of one state or all.

    One state a query: whether several may be joined by C(or) is not documented.
    """
    clauses = [equals("accessPackage/id", package_id)]
    if state:
        clauses.append(equals("state", state))
    query = {"$filter": " and ".join(clauses), "$expand": "requestor,assignment($expand=target)"}
    return Call("GET", path(*_ROOT, "assignmentRequests"), query)


def get_request(request_id: str) -> Call:
    """Get one request by its id."""
    return Call("GET", path(*_ROOT, "assignmentRequests", request_id), {"$expand": "assignment($expand=target)"})


def assignments_of_caller(on: str) -> Call:
    """List what the signed-in user holds (C(on) is C(target)) or has brought about (C(createdBy)), past ones too."""
    return Call("GET", _of_caller("assignments", on), {"$expand": ASSIGNMENT_PARTS})


def requests_of_caller(on: str) -> Call:
    """List the requests about the signed-in user (C(on) is C(target)) or made by them (C(createdBy)), ended ones too."""
    parts = "accessPackage,assignment($expand=target)"
    return Call("GET", _of_caller("assignmentRequests", on), {"$expand": parts})


def packages_of_caller() -> Call:
    """List the access packages for which the signed-in user may ask."""
    return Call("GET", _of_caller("accessPackages", "allowedRequestor"))


def policy_requirements(package_id: str) -> Call:
    """Find out under which policies the signed-in user may ask for a package, and what each requires."""
    return Call("POST", path(*_ROOT, "accessPackages", package_id, "getApplicablePolicyRequirements"))


def create_request(body: dict[str, object]) -> Call:
    """Create a request: the one call that gives, changes and takes access."""
    return Call("POST", path(*_ROOT, "assignmentRequests"), body=body)


def cancel_request(request_id: str) -> Call:
    """Take an open request back; delegated callers only."""
    return Call("POST", path(*_ROOT, "assignmentRequests", request_id, "cancel"))


def reprocess_request(request_id: str) -> Call:
    """Deliver a failed request once more."""
    return Call("POST", path(*_ROOT, "assignmentRequests", request_id, "reprocess"))


def find_packages(name: str) -> Call:
    """Find access packages by display name, with their catalogs and policies."""
    return Call("GET", path(*_ROOT, "accessPackages"), {**_named(name), "$expand": "assignmentPolicies,catalog"})


def find_similar_packages(word: str) -> Call:
    """Find access packages whose display name has this word in it, in any letter case; the word in lower case."""
    return Call("GET", path(*_ROOT, "accessPackages"), {"$filter": f"contains(tolower(displayName),{literal(word)})"})


def get_package(package_id: str) -> Call:
    """Get an access package with its catalog and policies."""
    return Call("GET", path(*_ROOT, "accessPackages", package_id), {"$expand": "assignmentPolicies,catalog"})


def list_incompatible(package_id: str, what: str) -> Call:
    """List what is declared incompatible with a package.

    C(what) is C(incompatibleAccessPackages), C(accessPackagesIncompatibleWith) or C(incompatibleGroups).
    """
    return Call("GET", path(*_ROOT, "accessPackages", package_id, what))


def get_policy(policy_id: str) -> Call:
    """Get an assignment policy with its package and questions."""
    return Call("GET", path(*_ROOT, "assignmentPolicies", policy_id), {"$expand": "accessPackage,questions"})


def find_users(name: str) -> Call:
    """Find users by principal name or mail."""
    clauses = f"{equals('userPrincipalName', name)} or {equals('mail', name)}"
    return Call("GET", path("users"), {"$filter": clauses, "$select": "id,userPrincipalName,mail,userType,displayName"})


def get_user(object_id: str) -> Call:
    """Get a user by object id."""
    return Call("GET", path("users", object_id), {"$select": "id,userPrincipalName"})


def list_members(group_id: str) -> Call:
    """List the users who are members of a group, by way of other groups too."""
    return Call("GET", path("groups", group_id, "transitiveMembers", "microsoft.graph.user"), {"$select": "id"})


def _of_caller(collection: str, on: str) -> str:
    return f"{path(*_ROOT, collection)}/filterByCurrentUser(on='{on}')"


def _named(name: str) -> dict[str, str]:
    return {"$filter": equals("displayName", name)}
