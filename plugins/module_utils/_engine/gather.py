# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what is there: assignments and open requests together, the rest only when a decision asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError
from ansible_collections.idgov.entra.plugins.module_utils._core.ids import same_id
from ansible_collections.idgov.entra.plugins.module_utils._decide.situation import NotRead, Situation
from ansible_collections.idgov.entra.plugins.module_utils._decide.wanted import Person, Wanted
from ansible_collections.idgov.entra.plugins.module_utils._engine.conflicts import read_conflicts
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    OPEN_STATES,
    Assignment,
    Policy,
    Request,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import (
    get_policy,
    list_assignments,
    list_requests,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.wire import (
    read_assignment,
    read_policy,
    read_request,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient, Page


class Reader:
    """Reads situations; policies are read once in a task, all else anew each time."""

    def __init__(self, graph: GraphClient) -> None:
        self._graph = graph
        self._policies: dict[str, Policy] = {}

    def situations(self, wanted: Sequence[Wanted]) -> list[Situation | EntraError]:
        """Read what is there for each person and package, or the error of that one.

        Open requests are read by one single-state filter per open state and package, never as a whole history.
        Raises what signing in raises.
        """
        calls = {call.url: call for item in wanted for call in _calls(item)}
        rows = dict(zip(calls, self._graph.read_lists(list(calls.values())), strict=True))
        return [self._situation(item, rows) for item in wanted]

    def more(self, wanted: Wanted, situation: Situation, missing: NotRead) -> Situation:
        """Read what a decision found missing; raises GraphError or TransportError."""
        if missing.what == "questions":
            return situation.with_policy(self._policy(missing.policy_id))
        if missing.what == "conflicts":
            return replace(situation, conflicts=read_conflicts(self._graph, wanted.package.id, wanted.person))
        rows = [row for page in self._graph.pages(list_requests(wanted.package.id, None)) for row in page]
        requests = _requests_of(wanted.person, situation.assignments, rows)
        return replace(situation, history=newest_first(r for r in requests if not r.is_open))

    def _policy(self, policy_id: str) -> Policy:
        if policy_id not in self._policies:
            policy = read_policy(self._graph.send(get_policy(policy_id)).body or {})
            # An answer without questions is one without questions: asking again would not end.
            self._policies[policy_id] = replace(policy, id=policy_id, questions=policy.questions or ())
        return self._policies[policy_id]

    def _situation(self, wanted: Wanted, rows: dict[str, Page | EntraError]) -> Situation | EntraError:
        pages: list[Page] = []
        for call in _calls(wanted):
            found = rows[call.url]
            if isinstance(found, EntraError):
                return found
            pages.append(found)
        assignments = tuple(a for a in (read_assignment(row) for row in pages[0]) if _is_meant(a, wanted))
        requests = _requests_of(wanted.person, assignments, [row for page in pages[1:] for row in page])
        situation = Situation(assignments, tuple(r for r in requests if r.is_open), wanted.package.policies or ())
        for policy in self._policies.values():
            if any(same_id(policy.id, other.id) for other in situation.policies):
                situation = situation.with_policy(policy)
        return situation


def _calls(wanted: Wanted) -> list[Call]:
    """The assignments first, then the open requests."""
    package_id = wanted.package.id
    return [
        list_assignments(package_id, wanted.person.object_id),
        *(list_requests(package_id, state) for state in OPEN_STATES),
    ]


def _is_meant(assignment: Assignment, wanted: Wanted) -> bool:
    if wanted.assignment_id is not None and not same_id(assignment.id, wanted.assignment_id):
        return False
    return wanted.person.is_subject(assignment.target)


def _requests_of(person: Person, assignments: Sequence[Assignment], rows: Page) -> list[Request]:
    """Pick the requests about one person: a request has no target of its own, its assignment has."""
    requests: dict[str | None, Request] = {}
    for request in (read_request(row) for row in rows):
        about = any(same_id(request.assignment_id, a.id) for a in assignments)
        if about or person.is_subject(request.target):
            # A request that moves between two lists while they are read is in both; the later state counts.
            requests[request.id] = request
    return list(requests.values())


def newest_first(requests: Iterable[Request]) -> tuple[Request, ...]:
    """Order requests by the time at which they were made."""
    return tuple(sorted(requests, key=_created, reverse=True))


def _created(request: Request) -> float:
    return request.created.timestamp() if request.created else float("inf")
