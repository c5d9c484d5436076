# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was fetched of one package, sorted by person, so that thousands of people are found without searching."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Identity, Person
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Assignment,
    Request,
    Subject,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.rows import (
    AssignmentRow,
    IncompleteRow,
    RequestRow,
    assignments_in,
    requests_in,
)


class Holdings:
    """The assignments of a package and requests about it, and what of both does not tell whose or of what it is."""

    def __init__(
        self,
        assignments: Iterable[Assignment],
        requests: Iterable[Request] = (),
        incomplete: Iterable[IncompleteRow] = (),
    ) -> None:
        self.assignments = list(assignments)
        self.requests = list(requests)
        self.incomplete = list(incomplete)
        self._assignments: dict[str, list[Assignment]] = defaultdict(list)
        self._by_assignment: dict[str, list[Request]] = defaultdict(list)
        self._by_subject: dict[str, list[Request]] = defaultdict(list)
        for assignment in self.assignments:
            for name in _names(assignment.target):
                self._assignments[name].append(assignment)
        for request in self.requests:
            if request.assignment_id:
                self._by_assignment[request.assignment_id.lower()].append(request)
            for name in _names(request.target):
                self._by_subject[name].append(request)

    def assignments_of(self, person: Person) -> tuple[Assignment, ...]:
        """Return the assignments of one person."""
        found = {id(a): a for name in _own_names(person) for a in self._assignments.get(name, ())}
        return tuple(a for a in found.values() if person.is_subject(a.target))

    def requests_of(self, person: Person, assignments: Iterable[Assignment]) -> list[Request]:
        """Return the requests about one person: a request has no target of its own, its assignment has."""
        found: dict[int, Request] = {}
        for assignment in assignments:
            found.update({id(r): r for r in self._by_assignment.get((assignment.id or "").lower(), ())})
        for name in _own_names(person):
            found.update({id(r): r for r in self._by_subject.get(name, ()) if person.is_subject(r.target)})
        return list(found.values())

    def doubt_about(self, identity: Identity, assignments: Iterable[Assignment]) -> EntraError | None:
        """Return the error of the first row that may be about an item, changes what is right for it, and does not tell.

        Graph allows one assignment for each person and package: where one counts now, an open add is somebody else's;
        where none does, an open update or removal is.
        """
        active = any(assignment.state != "expired" for assignment in assignments)
        for each in self.incomplete:
            if (
                each.subject is not None
                and identity.request_as != "self"
                and not identity.person.is_subject(each.subject)
            ):
                continue
            if each.of_assignment or (identity.state == "absent" and each.adds and not active):
                return each.error
            if identity.state == "present" and each.changes and active:
                return each.error
        return None


def read_holdings(
    package_id: str, assignments: Iterable[AssignmentRow], requests: Iterable[RequestRow], *, of_caller: bool = False
) -> Holdings:
    """Sort the rows of lists by what they say themselves; ``of_caller`` are those of the signed-in user alone."""
    held, unsure = assignments_in(assignments, package_id)
    asked, unclear = requests_in(requests, package_id, held, of_caller=of_caller)
    return Holdings(held, asked, [*unsure, *unclear])


def _names(subject: Subject | None) -> list[str]:
    return [name.lower() for name in (subject.object_id, subject.email) if name] if subject else []


def _own_names(person: Person) -> list[str]:
    return [name.lower() for name in (person.object_id, person.email) if name]


# From so many people of one package on, the whole package is read instead of each of them.
