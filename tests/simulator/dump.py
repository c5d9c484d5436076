# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of the store as JSON, for tests to look at."""

from __future__ import annotations

from typing import Any

from . import render
from .store import Store

Json = dict[str, Any]


def dump(store: Store) -> Json:
    """Return users, groups, packages, policies, subjects, assignments and requests, with their links as ids."""
    return {
        "tenant": {"id": store.tenant_id, "domain": store.domain},
        "users": [_user(store, user_id) for user_id in store.principals],
        "groups": [
            {"id": group.id, "displayName": group.display_name, "members": group.member_ids}
            for group in store.groups.values()
        ],
        "packages": [{**render.package(item), "catalogId": item.catalog_id} for item in store.packages.values()],
        "policies": [{**render.policy(item), "packageId": item.package_id} for item in store.policies.values()],
        "subjects": [render.subject(item) for item in store.subjects.values()],
        "assignments": [
            {**render.assignment(item), **_links(store, item.package_id, item.policy_id, item.subject_id)}
            for item in store.assignments.values()
        ],
        "requests": [
            {
                **render.request(item),
                **_links(store, item.package_id, item.policy_id, item.subject_id),
                "assignmentId": item.assignment_id,
                "outcome": item.outcome,
            }
            for item in store.requests.values()
        ],
    }


def _user(store: Store, user_id: str) -> Json:
    user = store.principals[user_id]
    return {
        "id": user.id,
        "displayName": user.display_name,
        "userPrincipalName": user.principal_name,
        "mail": user.mail,
        "userType": user.user_type,
        "accountEnabled": user.enabled,
    }


def _links(store: Store, package_id: str, policy_id: str, subject_id: str) -> Json:
    subject = store.subjects[subject_id]
    return {
        "package": store.packages[package_id].display_name,
        "packageId": package_id,
        "policy": store.policies[policy_id].display_name,
        "policyId": policy_id,
        "subjectId": subject_id,
        "user": subject.principal_name or subject.email,
        "objectId": subject.object_id,
    }
