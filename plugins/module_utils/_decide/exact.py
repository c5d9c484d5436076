# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exact sets: whose access goes because nobody declares it. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ansible_collections.idgov.entra.plugins.module_utils._decide.holders import People, users_by_request
from ansible_collections.idgov.entra.plugins.module_utils._decide.wanted import Person, Terms
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Assignment,
    Package,
    Request,
)


@dataclass(frozen=True)
class ExactSet:
    """The options that make a list of assignments the exact set.

    ``removal`` is on which terms an assignment goes that nobody declares.
    """

    removal: Terms
    scope: str = "policy"
    access_packages: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackageInFull:
    """All that is known of one package whose holders must be exact.

    ``listed`` are the declared people, and ``policy_ids`` the policies that the list names or that were taken for them,
    in lower case; null means every policy that does not assign by a rule.
    """

    package: Package
    assignments: tuple[Assignment, ...]
    open_requests: tuple[Request, ...]
    listed: Collection[Person]
    policy_ids: Collection[str] | None


@dataclass(frozen=True)
class Beside:
    """What is held beside the declared: what goes, and how much is never touched."""

    package: Package
    removals: tuple[Assignment, ...]
    left_alone: int


def find_beside(full: PackageInFull) -> Beside:
    """Find what of a package is held beside the declared.

    Assignments by a rule, of subjects that are no users, and of people with an open request are left alone.
    """
    targets = {(a.id or "").lower(): a.target for a in full.assignments}
    asking = [request.target or targets.get((request.assignment_id or "").lower()) for request in full.open_requests]
    listed, askers = People(full.listed), People(asking)
    by_request = users_by_request(full.package, full.assignments)
    in_scope = [assignment for assignment in by_request if _is_in_scope(assignment, full.policy_ids)]
    removals = [a for a in in_scope if a.target not in listed and a.target not in askers]
    users = {id(assignment) for assignment in by_request}
    others = [a.target for a in full.assignments if a.state != "expired" and id(a) not in users]
    left_alone = sum(subject not in listed for subject in [*asking, *others])
    return Beside(full.package, tuple(removals), left_alone)


def _is_in_scope(assignment: Assignment, policy_ids: Collection[str] | None) -> bool:
    if policy_ids is None:
        return True
    return assignment.policy is not None and assignment.policy.id.lower() in policy_ids
