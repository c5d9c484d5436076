# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who holds an access package because somebody asked for it, and who is among a number of people. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Person, Settings
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Assignment,
    Package,
    Request,
    Subject,
)


class People:
    """A number of people, among whom somebody is found as ``Person.is_subject()`` finds one: by object id where both
    have one, by mail only where one of them has none."""

    def __init__(self, people: Iterable[Person | Subject | None]) -> None:
        self._ids: set[str] = set()
        self._mails: set[str] = set()
        self._mails_without_id: set[str] = set()
        for person in people:
            if person is None:
                continue
            if person.object_id:
                self._ids.add(person.object_id.lower())
            if person.email:
                (self._mails if person.object_id else self._mails_without_id).add(person.email.lower())

    def __contains__(self, subject: Person | Subject | None) -> bool:
        if subject is None:
            return False
        mail = (subject.email or "").lower()
        if subject.object_id:
            return subject.object_id.lower() in self._ids or mail in self._mails_without_id
        return mail in self._mails or mail in self._mails_without_id


def is_user(subject: Subject | None) -> bool:
    """Return whether a subject is said to be a user; what is not said is not."""
    return subject is not None and (subject.subject_type or "").lower() == "user"


def users_by_request(package: Package, assignments: Iterable[Assignment]) -> list[Assignment]:
    """Return the assignments that users hold now, whatever their state, except those by the rule of an automatic policy."""
    by_rule = {policy.id.lower() for policy in package.policies or () if policy.automatic}
    return [a for a in assignments if a.state != "expired" and is_user(a.target) and not _is_by_rule(a, by_rule)]


def _is_by_rule(assignment: Assignment, by_rule: set[str]) -> bool:
    policy = assignment.policy
    return policy is not None and (bool(policy.automatic) or policy.id.lower() in by_rule)


@dataclass(frozen=True)
class ExactSet:
    """The options that make a list of assignments the exact set.

    ``removal`` is on which terms an assignment goes that nobody declares.
    """

    removal: Settings
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
class Undeclared:
    """What is held beside the declared: what goes, and how much is never touched."""

    package: Package
    removals: tuple[Assignment, ...]
    left_alone: int


def find_undeclared(full: PackageInFull) -> Undeclared:
    """Find what of a package is held beside the declared.

    Assignments by a rule, of subjects that are no users, and of people with an open request are left alone.
    """
    targets = {(a.id or "").lower(): a.target for a in full.assignments}
    request_as_ = [
        request.target or targets.get((request.assignment_id or "").lower()) for request in full.open_requests
    ]
    listed, askers = People(full.listed), People(request_as_)
    by_request = users_by_request(full.package, full.assignments)
    in_scope = [assignment for assignment in by_request if _is_in_scope(assignment, full.policy_ids)]
    removals = [a for a in in_scope if a.target not in listed and a.target not in askers]
    users = {id(assignment) for assignment in by_request}
    others = [a.target for a in full.assignments if a.state != "expired" and id(a) not in users]
    left_alone = sum(subject not in listed for subject in [*request_as_, *others])
    return Undeclared(full.package, tuple(removals), left_alone)


def _is_in_scope(assignment: Assignment, policy_ids: Collection[str] | None) -> bool:
    if policy_ids is None:
        return True
    return assignment.policy is not None and assignment.policy.id.lower() in policy_ids
