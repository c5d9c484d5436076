# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetching what is there: assignments and open requests together, the rest only when a decision asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    GraphError,
    Refused,
    Unreadable,
)
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import same_id
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Identity
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import NotRead, Observed
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    OPEN_STATES,
    Assignment,
    Package,
    Policy,
    Request,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.own_lists import fetch_whole, fetch_whole_lists
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.parse import parse_policy, read_questions
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import (
    ANYWHERE,
    get_policy,
    get_questions,
    list_assignments,
    list_requests,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.rows import (
    AssignmentRow,
    RequestRow,
    assignment_row_reader,
    lacking,
    read_request_row,
    requests_in,
)
from ansible_collections.idgov.entra.plugins.module_utils._fetch.conflicts import fetch_conflicts
from ansible_collections.idgov.entra.plugins.module_utils._fetch.holdings import Holdings, read_holdings
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call, Response
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._graph.page import Page, parse_one, parse_page, parse_reply

WHOLE_PACKAGE_FROM = 40


@dataclass(frozen=True)
class Missing:
    """What a decision about one item found missing."""

    identity: Identity
    observed: Observed
    what: NotRead
    has_answers: bool


@dataclass
class _Known:
    """What was read once and is not read again in this task, or in this round of it."""

    policies: dict[str, Policy | EntraError] = field(default_factory=dict)
    # policies whose questions Graph does not show
    unquestioned: set[str] = field(default_factory=set)
    histories: dict[str, Holdings | EntraError] = field(default_factory=dict)


class Reader:
    """Reads observed states; policies are read once in a task, all else anew each time."""

    def __init__(self, graph: GraphClient) -> None:
        self._graph = graph
        self._known = _Known()
        self._read: dict[str, Holdings | EntraError] = {}

    def fetch(self, identities: Sequence[Identity], in_full: Sequence[str] = ()) -> list[Observed | EntraError]:
        """Read what is there for each person and package, or the error of that one.

        ``in_full`` are the ids of packages that are read as a whole however few people are asked about. Open requests
        are read by one single-state filter per open state and package, never as a whole history; those that move, also
        without the package, which a removal may not show. Raises what signing in raises.
        """
        self._known.histories.clear()
        calls = _calls(identities, {package_id.lower() for package_id in in_full})
        anywhere = ANYWHERE if calls else ()
        distinct = {call.url: call for listed in [*calls.values(), anywhere] for call in listed}
        likely = (
            [i for i in _likely_policies(identities) if i not in self._known.policies] if len(identities) > 1 else []
        )
        found, policies = fetch_whole(self._graph, list(distinct.values()), [get_policy(i) for i in likely])
        rows = dict(zip(distinct, found, strict=True))
        for policy_id, policy in zip(likely, policies, strict=True):
            known = parse_one(policy, parse_policy)
            # One that comes without its questions is read again when they are asked for.
            if isinstance(known, Policy) and known.questions is not None:
                self._known.policies[policy_id] = replace(known, id=policy_id)
        elsewhere = _elsewhere(rows)
        self._read = {i: _holdings(i, listed, rows, elsewhere) for i, listed in calls.items()}
        return [self.last_seen(item) for item in identities]

    def holdings_of(self, package_id: str) -> Holdings:
        """Return what was read of a package last; raises GraphError, TransportError, and Unreadable for a row that does not tell."""
        found = self._read[package_id.lower()]
        if isinstance(found, EntraError):
            raise found
        if found.incomplete:
            raise found.incomplete[0].error
        return found

    def with_policies(self, package: Package, assignments: Iterable[Assignment]) -> Package:
        """Know of every policy under which somebody holds a package whether it assigns by a rule.

        Reads by id what the package did not tell; raises GraphError, TransportError, and Unreadable.
        """
        known = {policy.id.lower() for policy in package.policies or () if policy.automatic is not None}
        held = (a.policy.id for a in assignments if a.policy and a.state != "expired")
        hidden = {policy_id.lower() for policy_id in held} - known
        self._fetch_policies(sorted(hidden))
        others = [policy for policy in package.policies or () if policy.id.lower() not in hidden]
        return replace(package, policies=(*others, *map(self._known_policy, sorted(hidden))))

    def _known_policy(self, policy_id: str) -> Policy:
        policy = self._known.policies[policy_id]
        if isinstance(policy, EntraError):
            raise policy
        if policy.automatic is None:
            raise lacking("policy", policy_id, "automaticRequestSettings")
        return policy

    def more(self, missing: Sequence[Missing]) -> list[Observed | EntraError]:
        """Read together what decisions found missing; raises what signing in raises."""
        self._fetch_policies([m.what.policy_id for m in missing if m.what.what == "questions"])
        self._fetch_histories([m.identity.package.id for m in missing if m.what.what == "history"])
        conflicting = [m.identity for m in missing if m.what.what == "conflicts"]
        conflicts = fetch_conflicts(self._graph, conflicting, whole_from=WHOLE_PACKAGE_FROM)
        answers = dict(zip(map(id, conflicting), conflicts, strict=True))
        found: list[Observed | EntraError] = []
        for m in missing:
            if m.what.what == "conflicts":
                held = answers[id(m.identity)]
                found.append(held if isinstance(held, EntraError) else replace(m.observed, conflicts=held))
            else:
                found.append(self._with_policy(m) if m.what.what == "questions" else self._with_history(m))
        return found

    def last_seen(self, identity: Identity) -> Observed | EntraError:
        """Return the observed state as it was read last, without reading anew."""
        found = self._read[identity.package.id.lower()]
        if isinstance(found, EntraError):
            return found
        assignments = found.assignments_of(identity.person)
        doubt = found.doubt_about(identity, assignments)
        if doubt is not None:
            return doubt
        if identity.assignment_id is not None:
            assignments = tuple(a for a in assignments if same_id(a.id, identity.assignment_id))
        requests = found.requests_of(identity.person, assignments)
        observed = Observed(assignments, tuple(r for r in requests if r.is_open), identity.package.policies or ())
        for policy in self._known.policies.values():
            if isinstance(policy, Policy) and any(same_id(policy.id, other.id) for other in observed.policies):
                observed = observed.with_policy(policy)
        return observed

    def _fetch_policies(self, policy_ids: Sequence[str]) -> None:
        missing = list(dict.fromkeys(i for i in policy_ids if i not in self._known.policies))
        bare: dict[str, Policy] = {}
        singles = self._graph.fetch_objects([get_policy(policy_id) for policy_id in missing])
        for policy_id, single in zip(missing, singles, strict=True):
            policy = parse_one(single, parse_policy)
            if isinstance(policy, Policy):
                policy = replace(policy, id=policy_id)
            if isinstance(policy, Policy) and policy.questions is None:
                bare[policy_id] = policy
            else:
                self._known.policies[policy_id] = policy
        self._read_questions(bare)

    def _read_questions(self, bare: Mapping[str, Policy]) -> None:
        """Ask for the questions of policies that came without them."""
        replies = self._graph.send_all([get_questions(policy_id) for policy_id in bare]) if bare else []
        for (policy_id, policy), reply in zip(bare.items(), replies, strict=True):
            try:
                call = get_questions(policy_id)
                questions = parse_reply(call, reply, read_questions) if isinstance(reply, Response) else None
            except Unreadable as error:
                self._known.policies[policy_id] = error
                continue
            if questions is None:
                self._known.unquestioned.add(policy_id)
            # Whose questions cannot be read has none to be checked: asking again would not end, and Graph judges.
            self._known.policies[policy_id] = replace(policy, questions=questions or ())

    def _with_policy(self, missing: Missing) -> Observed | EntraError:
        policy_id = missing.what.policy_id
        policy = self._known.policies[policy_id]
        if policy_id in self._known.unquestioned and missing.has_answers:
            return Refused(
                f"Graph does not show the questions of the policy {policy_id}, so the answers cannot be matched",
                hint="omit answers, or answer in the My Access portal",
            )
        return policy if isinstance(policy, EntraError) else missing.observed.with_policy(policy)

    def _fetch_histories(self, package_ids: Sequence[str]) -> None:
        missing = list(dict.fromkeys(i for i in package_ids if i not in self._known.histories))
        rows = fetch_whole_lists(self._graph, [list_requests(package_id, None) for package_id in missing])
        for package_id, found in zip(missing, rows, strict=True):
            asked = parse_page(found, read_request_row)
            self._known.histories[package_id] = (
                asked if isinstance(asked, EntraError) else self._history(package_id, asked)
            )

    def _history(self, package_id: str, rows: Sequence[RequestRow]) -> Holdings:
        held = self._read.get(package_id.lower())
        known = held.assignments if isinstance(held, Holdings) else ()
        return Holdings((), *requests_in(rows, package_id, known))

    def _with_history(self, missing: Missing) -> Observed | EntraError:
        history = self._known.histories[missing.identity.package.id]
        if isinstance(history, EntraError):
            return history
        requests = history.requests_of(missing.identity.person, missing.observed.assignments)
        if not any(request.adds for request in requests) and missing.observed.active and history.incomplete:
            # What made the assignment may be among the rows that do not tell.
            return history.incomplete[0].error
        return replace(missing.observed, history=newest_first(r for r in requests if not r.is_open))


def _likely_policies(identities: Sequence[Identity]) -> list[str]:
    """Return the policies under which several people will probably be added: read early they cost no round trip."""
    found: dict[str, None] = {}
    for item in identities:
        requestable = [policy.id for policy in item.package.policies or () if not policy.automatic]
        if item.state == "present" and (item.policy or len(requestable) == 1):
            found[item.policy.id if item.policy else requestable[0]] = None
    return list(found)


def _calls(identities: Sequence[Identity], in_full: Set[str]) -> dict[str, list[Call]]:
    """For each package its assignments, as a whole or person by person, and last its open requests."""
    by_package: dict[str, list[Identity]] = defaultdict(list)
    for item in identities:
        by_package[item.package.id.lower()].append(item)
    for package_id in in_full:
        by_package.setdefault(package_id, [])
    calls = {}
    for package_id, items in by_package.items():
        people = {item.person.object_id for item in items}
        whole = package_id in in_full or len(people) >= WHOLE_PACKAGE_FROM or None in people
        calls[package_id] = [
            *(
                list_assignments(package_id, object_id)
                for object_id in ([None] if whole else sorted(filter(None, people)))
            ),
            *(list_requests(package_id, state) for state in OPEN_STATES),
        ]
    return calls


def _elsewhere(rows: Mapping[str, Page | EntraError]) -> list[RequestRow] | EntraError:
    """Return the requests that were read whatever their package; a caller with a role on some catalogs may not read them."""
    found: list[RequestRow] = []
    for call in ANYWHERE:
        asked = parse_page(rows.get(call.url, Page()), read_request_row)
        if not isinstance(asked, EntraError):
            found += asked
        elif not (isinstance(asked, GraphError) and asked.status == 403):
            return asked
    return found


def _holdings(
    package_id: str,
    calls: Sequence[Call],
    rows: Mapping[str, Page | EntraError],
    elsewhere: list[RequestRow] | EntraError,
) -> Holdings | EntraError:
    assignments: list[AssignmentRow] = []
    requests: list[RequestRow] = []
    read = assignment_row_reader()
    open_at = len(calls) - len(OPEN_STATES)
    for call in calls[:open_at]:
        held = parse_page(rows[call.url], read)
        if isinstance(held, EntraError):
            return held
        assignments += held
    for call in calls[open_at:]:
        asked = parse_page(rows[call.url], read_request_row)
        if isinstance(asked, EntraError):
            return asked
        requests += asked
    if isinstance(elsewhere, EntraError):
        return elsewhere
    # What was asked for by package comes last, so that it counts where both show a request.
    return read_holdings(package_id, assignments, [*elsewhere, *requests])


def newest_first(requests: Iterable[Request]) -> tuple[Request, ...]:
    """Order requests by the time at which they were made."""
    return tuple(sorted(requests, key=_created, reverse=True))


def _created(request: Request) -> float:
    return request.created.timestamp() if request.created else float("inf")
