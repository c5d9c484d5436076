# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of operations of each version."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from . import assignment_requests, assignments, directory, incompatible, packages
from .access import no_licence
from .batch import answer_batch
from .beta import BETA
from .create import create_request
from .errors import unknown_segment
from .graph import ENTITLEMENT, Answer, Call, Handler, Route, Router
from .switches import SWITCHES
from .v1 import V1
from .views import Dialect

_ENTITLEMENT_V1: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/accessPackages", packages.list_packages),
    ("GET", "/accessPackages/filterByCurrentUser(on='{on}')", packages.packages_of_caller),
    ("GET", "/accessPackages/{package_id}", packages.get_package),
    ("GET", "/accessPackages/{package_id}/assignmentPolicies", packages.policies_of_package),
    ("GET", "/accessPackages/{package_id}/incompatibleAccessPackages", incompatible.incompatible_packages),
    ("GET", "/accessPackages/{package_id}/accessPackagesIncompatibleWith", incompatible.packages_incompatible_with),
    ("GET", "/accessPackages/{package_id}/incompatibleGroups", incompatible.incompatible_groups),
    ("POST", "/accessPackages/{package_id}/getApplicablePolicyRequirements", packages.policy_requirements),
    ("GET", "/assignmentPolicies", packages.list_policies),
    ("GET", "/assignmentPolicies/{policy_id}", packages.get_policy),
    ("GET", "/catalogs", packages.list_catalogs),
    ("GET", "/catalogs/{catalog_id}", packages.get_catalog),
    ("GET", "/assignments", assignments.list_assignments),
    ("GET", "/assignments/filterByCurrentUser(on='{on}')", assignments.assignments_of_caller),
    (
        "GET",
        "/assignments/additionalAccess(accessPackageId='{access_package}',"
        "incompatibleAccessPackageId='{incompatible_access_package}')",
        assignments.additional_access,
    ),
    ("GET", "/assignments/{assignment_id}", assignments.get_assignment),
    ("POST", "/assignments/{assignment_id}/reprocess", assignments.reprocess_assignment),
    ("GET", "/assignmentRequests", assignment_requests.list_requests),
    ("POST", "/assignmentRequests", create_request),
    ("GET", "/assignmentRequests/filterByCurrentUser(on='{on}')", assignment_requests.requests_of_caller),
    ("GET", "/assignmentRequests/{request_id}", assignment_requests.get_request),
    ("DELETE", "/assignmentRequests/{request_id}", assignment_requests.delete),
    ("POST", "/assignmentRequests/{request_id}/cancel", assignment_requests.cancel),
    ("POST", "/assignmentRequests/{request_id}/reprocess", assignment_requests.reprocess),
    ("POST", "/assignmentRequests/{request_id}/resume", assignment_requests.resume),
    ("GET", "/subjects/{subject_id}", assignments.get_subject),
    ("GET", "/subjects(objectId='{object}')", assignments.get_subject),
)

_BETA_COLLECTIONS = {
    "assignments": ("accessPackageAssignments",),
    "assignmentPolicies": ("accessPackageAssignmentPolicies",),
    # The pages call the first of these the one to use, and the second the one that will be retired.
    "assignmentRequests": ("assignmentRequests", "accessPackageAssignmentRequests"),
    "catalogs": ("accessPackageCatalogs",),
}
_NOT_IN_BETA = {("GET", "/accessPackages/{package_id}/assignmentPolicies")}

_GLOBAL = frozenset({"global"})
_WITH_US, _WITH_CHINA = _GLOBAL | {"us_government"}, _GLOBAL | {"china"}
# Operations that not every cloud has, by method and path (table of national clouds on the pages; schemas of the clouds).
_CLOUDS: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {
    "v1.0": ((r"\w+ /subjects.*", _GLOBAL), (r"POST .*/resume", _GLOBAL)),
    "beta": (
        (r"\w+ /subjects.*", _GLOBAL),
        (r"POST .*/resume", _GLOBAL),
        (r"POST .*/cancel", _WITH_CHINA),
        (r"POST .*/reprocess", _WITH_US),
        (r"\w+ /accessPackageAssignments.*", _WITH_US),
        (r"\w+ /accessPackageAssignmentRequests(?!.*/cancel).*", _WITH_US),
        (r"GET /assignmentRequests.*", _GLOBAL),
    ),
}

_DIRECTORY: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/users", directory.list_users),
    ("GET", "/users/{user}", directory.get_user),
    ("GET", "/groups", directory.list_groups),
    ("GET", "/groups/{group_id}", directory.get_group),
    ("GET", "/groups/{group_id}/transitiveMembers/{cast}", directory.user_members),
    ("POST", "/$batch", answer_batch),
)


def _licensed(handler: Handler, clouds: frozenset[str]) -> Handler:
    """Let a handler answer only in some clouds, and where the tenant has the licence."""

    def handle(call: Call) -> Answer:
        if call.sim.switches["cloud"] not in clouds:
            raise unknown_segment(call.operation.path.rpartition("/")[2])
        if call.sim.switches.is_("licence", "absent"):
            raise no_licence()
        return handler(call)

    return handle


def _entitlement_routes(version: str, table: Iterable[tuple[str, str, Handler]]) -> list[Route]:
    return [
        Route(method, f"{ENTITLEMENT}{path}", _licensed(handler, _clouds(version, f"{method} {path}")))
        for method, path, handler in table
    ]


def _clouds(version: str, operation: str) -> frozenset[str]:
    """Return the clouds that have an operation."""
    limits = (clouds for pattern, clouds in _CLOUDS[version] if re.fullmatch(pattern, operation))
    return frozenset(SWITCHES["cloud"].readings).intersection(*limits)


def _in_beta(table: tuple[tuple[str, str, Handler], ...]) -> list[tuple[str, str, Handler]]:
    """Return a table of v1.0 at the addresses of beta."""
    found = []
    for method, path, handler in table:
        first = re.split(r"[/(]", path, maxsplit=2)[1]
        for name in _BETA_COLLECTIONS.get(first, (first,)):
            if (method, path) not in _NOT_IN_BETA:
                found.append((method, f"/{name}{path.removeprefix(f'/{first}')}", handler))
    return found


@dataclass(frozen=True)
class Version:
    """One version of Graph: what it calls things, and where its operations are."""

    dialect: Dialect
    router: Router


_ANY = [Route(*entry) for entry in _DIRECTORY]
VERSIONS: dict[str, Version] = {
    "v1.0": Version(V1, Router(_entitlement_routes("v1.0", _ENTITLEMENT_V1) + _ANY)),
    "beta": Version(BETA, Router(_entitlement_routes("beta", _in_beta(_ENTITLEMENT_V1)) + _ANY)),
}
