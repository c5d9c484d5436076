# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one store behind every answer: tables, the indexes they need, and copies for reads that lag."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

from .ids import id_of
from .model import (
    INACTIVE_ASSIGNMENT_STATES,
    OPEN_REQUEST_STATES,
    App,
    Assignment,
    Catalog,
    Group,
    Organization,
    Package,
    Policy,
    Principal,
    Request,
    Subject,
)


class Store:
    """Everything the tenant holds, by id."""

    def __init__(self, tenant_id: str, domain: str) -> None:
        self.tenant_id = tenant_id
        self.domain = domain
        self.apps: dict[str, App] = {}
        self.principals: dict[str, Principal] = {}
        self.groups: dict[str, Group] = {}
        self.organizations: dict[str, Organization] = {}
        self.catalogs: dict[str, Catalog] = {}
        self.packages: dict[str, Package] = {}
        self.policies: dict[str, Policy] = {}
        self.subjects: dict[str, Subject] = {}
        self.assignments: dict[str, Assignment] = {}
        self.requests: dict[str, Request] = {}
        self._assignments_of: dict[tuple[str, str], list[Assignment]] = defaultdict(list)
        self._requests_of: dict[tuple[str, str], list[Request]] = defaultdict(list)
        self._places_of: dict[str, list[int]] = defaultdict(list)
        self._users: list[Principal] = []
        self._principals_seen = 0
        self._last_number = 0

    def next_number(self) -> int:
        """Return the next place in the order of creation, in which lists are paged."""
        self._last_number += 1
        return self._last_number

    def add_assignment(self, assignment: Assignment) -> None:
        """Add an assignment."""
        self.assignments[assignment.id] = assignment
        self._assignments_of[assignment.package_id, assignment.subject_id].append(assignment)

    def add_request(self, request: Request) -> None:
        """Add a request."""
        self.requests[request.id] = request
        self._requests_of[request.package_id, request.subject_id].append(request)

    def remove_request(self, request: Request) -> None:
        """Forget a request."""
        del self.requests[request.id]
        self._requests_of[request.package_id, request.subject_id].remove(request)

    def active_assignment(self, package_id: str, subject_id: str) -> Assignment | None:
        """Return the assignment of this subject and package that is not expired, if there is one."""
        held = self._assignments_of[package_id, subject_id]
        return next((item for item in held if item.state not in INACTIVE_ASSIGNMENT_STATES), None)

    def open_request(self, package_id: str, subject_id: str) -> Request | None:
        """Return the request of this subject and package that is still moving, if there is one."""
        made = self._requests_of[package_id, subject_id]
        return next((item for item in made if item.state in OPEN_REQUEST_STATES), None)

    def requests_of(self, package_id: str, subject_id: str) -> list[Request]:
        """Return the requests of a subject and package in the order in which they were made."""
        return list(self._requests_of[package_id, subject_id])

    def assignments_of(self, package_id: str, object_id: str) -> list[Assignment]:
        """Return the assignments of a package that somebody in the directory has or had."""
        principal = self.principals.get(object_id)
        former = self.subjects.get(id_of("subject", object_id))
        subject = former or (self.subject_by_email(principal.mail) if principal and principal.mail else None)
        if subject is None or subject.object_id != object_id:
            return []
        return list(self._assignments_of[package_id, subject.id])

    def policies_of(self, package_id: str) -> list[Policy]:
        """Return the policies of a package."""
        return [policy for policy in self.policies.values() if policy.package_id == package_id]

    def subject_of(self, principal: Principal) -> Subject:
        """Return the subject record of a principal, made now if it has none."""
        subject_id = id_of("subject", principal.id)
        if subject_id not in self.subjects:
            known = self.subject_by_email(principal.mail) if principal.mail else None
            if known is not None and known.object_id == principal.id:
                return known
            self.subjects[subject_id] = Subject(
                id=subject_id,
                object_id=principal.id,
                display_name=principal.display_name,
                email=principal.mail,
                principal_name=principal.principal_name,
                kind=principal.kind,
            )
        return self.subjects[subject_id]

    def outsider(self, email: str) -> Subject:
        """Return the subject record of somebody not in the directory, made now if there is none."""
        known = self.subject_by_email(email)
        if known is not None:
            return known
        subject = Subject(
            id=id_of("subject", email.lower()),
            object_id=None,
            display_name=None,
            email=email,
            principal_name=None,
            kind="user",
        )
        self.subjects[subject.id] = subject
        return subject

    def subject_by_email(self, email: str) -> Subject | None:
        """Return the subject first made for an e-mail address."""
        return self.subjects.get(id_of("subject", email.lower()))

    def user_by_mail(self, email: str) -> Principal | None:
        """Return the directory user with this mail."""
        wanted = email.lower()
        users = (item for item in self.principals.values() if item.kind == "user")
        return next((user for user in users if (user.mail or "").lower() == wanted), None)

    def users_named(self, names: Iterable[str]) -> list[Principal]:
        """Return the users that have one of these as id, principal name or mail, in their order."""
        # Principals are only ever added, so the index grows with them.
        for principal in islice(self.principals.values(), self._principals_seen, None):
            if principal.kind == "user":
                for name in dict.fromkeys(
                    (principal.id, principal.principal_name.lower(), (principal.mail or "").lower())
                ):
                    self._places_of[name].append(len(self._users))
                self._users.append(principal)
        self._principals_seen = len(self.principals)
        places = {place for name in names for place in self._places_of.get(name.lower(), ())}
        return [self._users[place] for place in sorted(places)]

    def organization_of(self, email: str | None) -> str | None:
        """Return the id of the connected organization of an address."""
        domain = (email or "").rpartition("@")[2].lower()
        return next((item.id for item in self.organizations.values() if domain in item.domains), None)

    def is_member(self, group_id: str, principal_id: str) -> bool:
        """Return whether a principal is in a group, directly or through other groups."""
        return any(member == principal_id for member in self.transitive_members(group_id))

    def transitive_members(self, group_id: str) -> Iterator[str]:
        """Yield the ids of all principals in a group and the groups within it, each once."""
        seen: set[str] = set()
        waiting = [group_id]
        while waiting:
            group = self.groups.get(waiting.pop())
            for member in group.member_ids if group else ():
                if member in seen:
                    continue
                seen.add(member)
                if member in self.groups:
                    waiting.append(member)
                else:
                    yield member

    def copy(self) -> Store:
        """Return a copy of what moves (subjects, assignments, requests), sharing the rest."""
        twin = Store(self.tenant_id, self.domain)
        twin.__dict__.update(self.__dict__)
        twin.principals = dict(self.principals)
        twin._places_of, twin._users, twin._principals_seen = defaultdict(list), [], 0
        moving = (self.subjects, self.assignments, self.requests, self._assignments_of, self._requests_of)
        (
            twin.subjects,
            twin.assignments,
            twin.requests,
            twin._assignments_of,
            twin._requests_of,
        ) = copy.deepcopy(moving)
        return twin
