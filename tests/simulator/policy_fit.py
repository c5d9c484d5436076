# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a policy lets in (accessPackageAssignmentPolicy page: allowedTargetScope, specificAllowedTargets)."""

from __future__ import annotations

from .model import Package, Policy, Subject, SubjectSet
from .store import Store

# The strictest fitting policy wins when a user names none (entitlement management troubleshooting page).
_STRICTNESS = (
    ("specificDirectoryUsers", "specificConnectedOrganizationUsers"),
    ("allMemberUsers",),
    ("allDirectoryUsers",),
    ("allConfiguredConnectedOrganizationUsers", "allExternalUsers"),
)

# The managerLevel of somebody's direct manager.
DIRECT_MANAGER = 1


def admits(store: Store, policy: Policy, subject: Subject) -> bool:
    """Return whether a policy's target scope takes a subject, in the directory or known by e-mail only."""
    principal = store.principals.get(subject.object_id or "")
    if principal is not None and principal.kind == "servicePrincipal":
        return policy.scope == "allDirectoryServicePrincipals"
    member = principal is not None and principal.user_type == "Member"
    external = not member
    organization = store.organizations.get(store.organization_of(subject.email) or "")
    configured = organization is not None and organization.state == "configured"
    return {
        "notSpecified": principal is not None,
        "specificDirectoryUsers": principal is not None and in_sets(store, policy.targets, subject),
        "specificConnectedOrganizationUsers": external and in_sets(store, policy.targets, subject),
        "allMemberUsers": member,
        "allDirectoryUsers": principal is not None,
        "allConfiguredConnectedOrganizationUsers": external and configured,
        "allExternalUsers": external,
    }.get(policy.scope, False)


def in_sets(store: Store, sets: tuple[SubjectSet, ...], subject: Subject) -> bool:
    """Return whether a subject is in one of several subject sets."""
    return any(_in_set(store, each, subject) for each in sets)


def _in_set(store: Store, subject_set: SubjectSet, subject: Subject) -> bool:
    reference = subject_set.reference or ""
    if subject_set.kind == "singleUser":
        return subject.object_id == reference
    if subject_set.kind == "groupMembers":
        return subject.object_id is not None and store.is_member(reference, subject.object_id)
    if subject_set.kind == "connectedOrganizationMembers":
        return store.organization_of(subject.email) == reference
    return False


def may_request(store: Store, policy: Policy, user_id: str) -> bool:
    """Return whether a user may ask for access under a policy for themselves."""
    principal = store.principals.get(user_id)
    if principal is None or policy.automatic or not policy.requestor.self_add or policy.scope == "notSpecified":
        return False
    return admits(store, policy, store.subject_of(principal))


def may_request_for(store: Store, policy: Policy, manager_id: str, report: Subject) -> bool:
    """Return whether a manager may ask for a direct report under a policy."""
    principal = store.principals.get(report.object_id or "")
    if principal is None or principal.manager_id != manager_id:
        return False
    managers = any(
        each.kind == "targetManager" and each.level == DIRECT_MANAGER for each in policy.requestor.behalf_requestors
    )
    return policy.requestor.behalf_add and managers and not policy.automatic and admits(store, policy, report)


def conflicts(store: Store, package: Package, subject: Subject) -> bool:
    """Return whether a subject holds what a package names as incompatible (accessPackage page); binds requestors only."""
    if any(store.active_assignment(each, subject.id) for each in package.incompatible_package_ids):
        return True
    object_id = subject.object_id
    return object_id is not None and any(store.is_member(each, object_id) for each in package.incompatible_group_ids)


def strictest(policies: list[Policy]) -> Policy | None:
    """Return the policy the service picks among those that fit."""
    for scopes in _STRICTNESS:
        for policy in policies:
            if policy.scope in scopes:
                return policy
    return None
