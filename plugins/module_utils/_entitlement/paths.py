# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The addresses of entitlement management in v1.0, and the queries that its pages document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import MOVING_STATES
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call, equals, literal, path

_ROOT = ("identityGovernance", "entitlementManagement")
_ASSIGNMENT = {
    "$select": "id,state,status,schedule,expiredDateTime",
    "$expand": "target,accessPackage,assignmentPolicy",
}
# No $select: the clouds of the US Government and of China do not know ``justification``, and refuse its name.
_REQUEST = {"$expand": "accessPackage,requestor,assignment($expand=target)"}
_USER = "id,userPrincipalName,mail,userType"
# A filter of the directory may have 15 clauses, and each name takes two (public reports of the error "Too many child
# clauses").
NAMES_IN_ONE_FILTER = 7


def list_assignments(package_id: str, object_id: str | None) -> Call:
    """List a package's assignments, past ones too; of one person where its object id is known."""
    return search_assignments(package_id=package_id, object_id=object_id)


def search_assignments(
    *,
    package_id: str | None = None,
    policy_id: str | None = None,
    object_id: str | None = None,
    state: str | None = None,
) -> Call:
    """List assignments, past ones too, by all that Graph filters by (Graph documentation, "List assignments").

    A caller with a role on some catalogs only has to give ``package_id``.
    """
    clauses = {
        "accessPackage/id": package_id,
        "assignmentPolicy/id": policy_id,
        "target/objectId": object_id,
        "state": state,
    }
    query = {**_filter(_equal(clauses)), **_ASSIGNMENT}
    return Call("GET", path(*_ROOT, "assignments"), query, is_long=object_id is None)


def get_assignment(assignment_id: str) -> Call:
    """Get one assignment by its id."""
    return Call("GET", path(*_ROOT, "assignments", assignment_id), _ASSIGNMENT)


def list_requests(package_id: str | None, state: str | None) -> Call:
    """List a package's requests, or with null those of all packages, of one state or all.

    One state a query: whether several may be joined by ``or`` is not documented.
    """
    clauses = _equal({"accessPackage/id": package_id, "state": state})
    query = {**_filter(clauses), "$expand": "accessPackage,assignment($expand=target)"}
    return Call("GET", path(*_ROOT, "assignmentRequests"), query)


def search_requests(
    *, package_id: str | None = None, state: str | None = None, created_after: datetime | None = None
) -> Call:
    """List requests by all that Graph filters by (Graph documentation, "List assignmentRequests").

    A caller with a role on some catalogs only has to give ``package_id``.
    """
    clauses = _equal({"accessPackage/id": package_id, "state": state})
    if created_after:
        clauses.append(f"createdDateTime gt {format_instant(created_after)}")
    # Requests end: of what is on its way there are few.
    is_long = state not in MOVING_STATES
    return Call("GET", path(*_ROOT, "assignmentRequests"), {**_filter(clauses), **_REQUEST}, is_long=is_long)


def get_whole_request(request_id: str) -> Call:
    """Get one request by its id, with its package and the people in it."""
    return Call("GET", path(*_ROOT, "assignmentRequests", request_id), _REQUEST)


def get_request(request_id: str) -> Call:
    """Get one request by its id."""
    return Call("GET", path(*_ROOT, "assignmentRequests", request_id), {"$expand": "assignment($expand=target)"})


def assignments_of_caller(on: str) -> Call:
    """List what the signed-in user holds (``on`` is ``target``) or has brought about (``createdBy``), past ones too."""
    return Call("GET", _of_caller("assignments", on), _ASSIGNMENT)


def additional_access(package_id: str, incompatible_id: str) -> Call:
    """List the assignments of a package whose holders also hold an incompatible one."""
    arguments = f"accessPackageId={literal(package_id)},incompatibleAccessPackageId={literal(incompatible_id)}"
    return Call("GET", f"{path(*_ROOT, 'assignments')}/additionalAccess({arguments})")


def requests_of_caller(on: str) -> Call:
    """List the signed-in user's requests, ended ones too: about them, made by them, or theirs to approve.

    ``on`` is ``target``, ``createdBy`` or ``approver``. Delegated callers only, and no filter is documented.
    """
    return Call("GET", _of_caller("assignmentRequests", on), _REQUEST)


def packages_of_caller() -> Call:
    """List the access packages for which the signed-in user may ask."""
    return Call("GET", _of_caller("accessPackages", "allowedRequestor"))


def policy_requirements(package_id: str) -> Call:
    """Find out under which policies the signed-in user may ask for a package, and what each requires."""
    return Call("POST", path(*_ROOT, "accessPackages", package_id, "getApplicablePolicyRequirements"))


def create_request(body: dict[str, object]) -> Call:
    """Create a request: the one call that gives, changes and takes access."""
    return Call("POST", path(*_ROOT, "assignmentRequests"), body=body)


def cancel_request(request_id: str, *, by_user: bool = False) -> Call:
    """Take an open request back; ``by_user`` is true for somebody who asked for it without an administrator's role."""
    return Call("POST", path(*_ROOT, "assignmentRequests", request_id, "cancel"), by_user=by_user)


def reprocess_request(request_id: str) -> Call:
    """Deliver a failed request once more."""
    return Call("POST", path(*_ROOT, "assignmentRequests", request_id, "reprocess"))


def resume_request(request_id: str, body: dict[str, object]) -> Call:
    """Answer for a custom extension that a request waits for."""
    return Call("POST", path(*_ROOT, "assignmentRequests", request_id, "resume"), body=body)


def delete_request(request_id: str) -> Call:
    """Delete a request that has ended."""
    return Call("DELETE", path(*_ROOT, "assignmentRequests", request_id))


def find_packages(name: str) -> Call:
    """Find access packages by display name, with their catalogs and policies."""
    return Call("GET", path(*_ROOT, "accessPackages"), {**_named(name), "$expand": "assignmentPolicies,catalog"})


def find_similar_packages(word: str) -> Call:
    """Find access packages whose display name has this word in it, in any letter case; the word in lower case."""
    return Call("GET", path(*_ROOT, "accessPackages"), {"$filter": f"contains(tolower(displayName),{literal(word)})"})


def get_package(package_id: str) -> Call:
    """Get an access package with its catalog and policies."""
    return Call("GET", path(*_ROOT, "accessPackages", package_id), {"$expand": "assignmentPolicies,catalog"})


def list_packages(parts: str) -> Call:
    """List all access packages that the caller may see, with these parts of them, joined by commas."""
    return Call("GET", path(*_ROOT, "accessPackages"), {"$expand": parts})


def list_requestable_packages() -> Call:
    """List the access packages that the signed-in user may request; delegated callers only."""
    return Call("GET", _of_caller("accessPackages", "allowedRequestor"), {"$expand": "assignmentPolicies,catalog"})


def list_incompatible(package_id: str, what: str) -> Call:
    """List what is declared incompatible with a package.

    ``what`` is ``incompatibleAccessPackages``, ``accessPackagesIncompatibleWith`` or ``incompatibleGroups``.
    """
    return Call("GET", path(*_ROOT, "accessPackages", package_id, what))


def get_policy(policy_id: str) -> Call:
    """Get an assignment policy with its package and questions."""
    address = path(*_ROOT, "assignmentPolicies", policy_id)
    # Only the metadata says that questions may be expanded; recorded answers have them without that.
    otherwise = Call("GET", address, {"$expand": "accessPackage"})
    return Call("GET", address, {"$expand": "accessPackage,questions"}, otherwise=otherwise)


def get_questions(policy_id: str) -> Call:
    """Get the questions of a policy alone: by ``$select``, which a public report says to work, or by their own path."""
    address = path(*_ROOT, "assignmentPolicies", policy_id)
    return Call("GET", address, {"$select": "id,questions"}, otherwise=Call("GET", f"{address}/questions"))


def find_users(names: Sequence[str]) -> Call:
    """Find users by principal name or mail; at most ``NAMES_IN_ONE_FILTER`` names."""
    clauses = " or ".join(f"{equals('userPrincipalName', name)} or {equals('mail', name)}" for name in names)
    return Call("GET", path("users"), {"$filter": clauses, "$select": f"{_USER},displayName"})


def find_groups(name: str) -> Call:
    """Find groups by display name."""
    return Call("GET", path("groups"), {**_named(name), "$select": "id,displayName"})


def get_user(object_id: str) -> Call:
    """Get a user by object id."""
    return Call("GET", path("users", object_id), {"$select": "id,userPrincipalName"})


def list_members(group_id: str) -> Call:
    """List the users who are members of a group, by way of other groups too.

    The cast to users is an advanced query by its page ("List group transitive members"), which scripts leave out.
    """
    address = path("groups", group_id, "transitiveMembers", "microsoft.graph.user")
    advanced = Call("GET", address, {"$select": _USER, "$count": "true"}, headers={"ConsistencyLevel": "eventual"})
    return Call("GET", address, {"$select": _USER}, otherwise=advanced)


def _of_caller(collection: str, on: str) -> str:
    """The function of a collection that knows who is signed in; its name holds marks that a segment would lose."""
    return f"{path(*_ROOT, collection)}/filterByCurrentUser(on='{on}')"


def _equal(clauses: dict[str, str | None]) -> list[str]:
    return [equals(member, text) for member, text in clauses.items() if text]


def _filter(clauses: list[str]) -> dict[str, str]:
    return {"$filter": " and ".join(clauses)} if clauses else {}


def _named(name: str) -> dict[str, str]:
    return {"$filter": equals("displayName", name)}


# An open removal may not show its package, so that no filter by it finds it (public reports about beta). A removal
# waits for nobody, so it is in one of two states.
ANYWHERE = tuple(list_requests(None, state) for state in MOVING_STATES)
