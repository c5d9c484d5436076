# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read of one package, sorted by person, so that thousands of people are found without searching."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ansible_collections.idgov.entra.plugins.module_utils._decide.wanted import Person
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Assignment, Request, Subject


class Holdings:
    """The assignments of a package and requests about it."""

    def __init__(self, assignments: Iterable[Assignment], requests: Iterable[Request] = ()) -> None:
        self.assignments = list(assignments)
        self.requests: list[Request] = []
        self._assignments: dict[str, list[Assignment]] = defaultdict(list)
        self._by_assignment: dict[str, dict[str | None, Request]] = defaultdict(dict)
        self._by_subject: dict[str, dict[str | None, Request]] = defaultdict(dict)
        for assignment in self.assignments:
            for name in _names(assignment.target):
                self._assignments[name].append(assignment)
        self.add(requests)

    def add(self, requests: Iterable[Request]) -> None:
        """Know more requests; of a request that is there twice, because it moved while it was read, the later counts."""
        for request in requests:
            self.requests.append(request)
            if request.assignment_id:
                self._by_assignment[request.assignment_id.lower()][request.id] = request
            for name in _names(request.target):
                self._by_subject[name][request.id] = request

    def assignments_of(self, person: Person) -> tuple[Assignment, ...]:
        """Give the assignments of one person."""
        found = {id(a): a for name in _own_names(person) for a in self._assignments.get(name, ())}
        return tuple(a for a in found.values() if person.is_subject(a.target))

    def requests_of(self, person: Person, assignments: Iterable[Assignment]) -> list[Request]:
        """Give the requests about one person: a request has no target of its own, its assignment has."""
        found: dict[str | None, Request] = {}
        for assignment in assignments:
            found.update(self._by_assignment.get((assignment.id or "").lower(), {}))
        for name in _own_names(person):
            about = self._by_subject.get(name, {})
            found.update({request_id: r for request_id, r in about.items() if person.is_subject(r.target)})
        return list(found.values())


def _names(subject: Subject | None) -> list[str]:
    return [name.lower() for name in (subject.object_id, subject.email) if name] if subject else []


def _own_names(person: Person) -> list[str]:
    return [name.lower() for name in (person.object_id, person.email) if name]
