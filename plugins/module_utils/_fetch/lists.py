# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading whole lists: access packages with their policies, assignments, requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from typing import Any, TypeAlias, TypeVar

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    GraphError,
    NameNotFound,
    OptionError,
)
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import is_called
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Person
from ansible_collections.idgov.entra.plugins.module_utils._decide.selection import (
    AssignmentQuery,
    Names,
    PackageQuery,
    RequestQuery,
    Selection,
    anybody_of,
    one_of,
    packages_in_order,
    select_assignments,
    select_requests,
)
from ansible_collections.idgov.entra.plugins.module_utils._declare.resolve import (
    Resolver,
    find_policy,
    is_in,
    not_there,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    MOVING_STATES,
    Assignment,
    Named,
    Package,
    Policy,
    Request,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.own_lists import fetch_own_lists
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.parse import (
    parse_assignment,
    parse_named,
    parse_package,
    parse_policy,
    parse_request,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import (
    assignments_of_caller,
    get_assignment,
    get_policy,
    get_whole_request,
    list_incompatible,
    list_packages,
    list_requestable_packages,
    requests_of_caller,
    search_assignments,
    search_requests,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.rows import (
    AssignmentRow,
    assignment_row_reader,
    lacking,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.batch import BATCH_SIZE
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._graph.page import Page, Single, parse_one

_EXCLUSIONS = ("incompatibleAccessPackages", "accessPackagesIncompatibleWith", "incompatibleGroups")


T = TypeVar("T")


@dataclass(frozen=True)
class WholePackage:
    """An access package whose policies have their questions, and what its holders must not have or be.

    What the caller may not read is null.
    """

    package: Package
    incompatible_packages: tuple[Named, ...] | None
    incompatible_with: tuple[Named, ...] | None
    incompatible_groups: tuple[Named, ...] | None


def fetch_packages(graph: GraphClient, query: PackageQuery) -> list[WholePackage]:
    """Read the access packages that a query asks for, in order.

    Raises NameNotFound, NameAmbiguous, GraphError, TransportError and what signing in raises.
    """
    packages = packages_in_order(_requestable(graph, query) if query.mine else _listed(graph, query, Resolver(graph)))
    policies = [policy for package in packages for policy in package.policies or ()]
    calls = [list_incompatible(package.id, what) for package in packages for what in _EXCLUSIONS]
    lists, singles = graph.fetch(calls, [get_policy(policy.id) for policy in policies])
    in_full = [_with_questions(*each) for each in zip(policies, map(_allowed, singles), strict=True)]
    full = {policy.id: policy for policy in in_full}
    exclusions = iter([_allowed(rows) for rows in lists])
    return [_whole(package, full, [next(exclusions) for _dummy in _EXCLUSIONS]) for package in packages]


def fetch_packages_in_short(graph: GraphClient, query: PackageQuery, resolver: Resolver) -> list[Package]:
    """Read the access packages that a query asks for, in order, as lists show them, and whether each policy assigns by a rule.

    Reads by id what a list did not tell; it stays null where the caller may not read that. Raises as ``fetch_packages()``.
    """
    packages = packages_in_order(_listed(graph, query, resolver))
    unclear = [policy for package in packages for policy in package.policies or () if policy.automatic is None]
    singles = graph.fetch_objects([get_policy(policy.id) for policy in unclear])
    full = {policy.id: _with_questions(policy, _allowed(each)) for policy, each in zip(unclear, singles, strict=True)}
    return [
        replace(package, policies=tuple(full.get(policy.id, policy) for policy in package.policies or ()))
        for package in packages
    ]


def _listed(graph: GraphClient, query: PackageQuery, resolver: Resolver) -> list[Package]:
    packages, _dummy = resolver.find(query.packages, query.catalog, ())
    if packages is None:
        pages = graph.pages(list_packages("assignmentPolicies,catalog"))
        packages = [package for page in pages for package in page.parse(parse_package)]
    return list({package.id: package for package in packages}.values())


def _requestable(graph: GraphClient, query: PackageQuery) -> list[Package]:
    found = [package for page in graph.pages(list_requestable_packages()) for package in page.parse(parse_package)]
    names = query.packages
    return [
        package
        for package in found
        if is_in(query.catalog, package)
        and (names is None or any(is_called(name, package.id, package.display_name) for name in names))
    ]


def _allowed(found: T | EntraError) -> T | None:
    if isinstance(found, GraphError) and found.status == 403:
        return None
    if isinstance(found, EntraError):
        raise found
    return found


def _with_questions(policy: Policy, single: Single | None) -> Policy:
    if single is None:
        return policy
    found = single.parse(parse_policy)
    return replace(found, id=policy.id, questions=found.questions or ())


def _whole(package: Package, full: dict[str, Policy], exclusions: Sequence[Page | None]) -> WholePackage:
    named = [None if rows is None else tuple(rows.parse(parse_named)) for rows in exclusions]
    policies = tuple(full[policy.id] for policy in package.policies or ())
    return WholePackage(replace(package, policies=policies), *named)


# A package and a policy, by id; null where any will do.
Scope: TypeAlias = "tuple[str | None, str | None]"


def fetch_assignments(
    graph: GraphClient, query: AssignmentQuery, *, now: datetime, resolver: Resolver | None = None
) -> list[Assignment]:
    """Read the assignments that a query asks for, each once and in order.

    Names that ``resolver`` knows are not looked up again.

    Raises OptionError, NameNotFound, NameAmbiguous, GraphError, TransportError and what signing in raises.
    """
    packages, people = _look_up(resolver or Resolver(graph), query, query.users)
    scopes = [] if query.mine else _scopes(packages, query.policies)
    selection = Selection(
        packages=one_of(query.packages if query.mine else (package for package, _dummy in scopes)),
        policies=one_of(query.policies if query.mine else (policy for _dummy, policy in scopes)),
        people=anybody_of(people),
        states=query.states,
        ends_by=_ends_by(now, query),
        current=query.current,
    )
    if query.ids is not None:
        pages = _by_id(graph, "assignment", query.ids, get_assignment)
    elif query.mine:
        pages = _own(graph, assignments_of_caller("target"))
    else:
        pages = graph.pages_of_all(_assignment_lists(query, scopes, people))
    rows = _parsed(pages, assignment_row_reader(of_caller=selection.people is None))
    return select_assignments(map(_complete, rows), selection)


def _ends_by(now: datetime, query: AssignmentQuery) -> datetime | None:
    if query.expiring_within is None:
        return None
    try:
        return now + query.expiring_within
    except OverflowError:
        raise OptionError("expiring_within", "it ends after the year 9999") from None


def fetch_requests(graph: GraphClient, query: RequestQuery, *, resolver: Resolver | None = None) -> list[Request]:
    """Read the requests that a query asks for, each once and in order, and raise as ``fetch_assignments()`` does."""
    packages, people = _look_up(resolver or Resolver(graph), query, query.users)
    package_ids = [None] if packages is None else list(dict.fromkeys(package.id for package in packages))
    selection = Selection(
        packages=one_of(query.packages if query.mine else package_ids),
        people=anybody_of(people),
        states=query.states,
        types=query.types,
        created_after=query.created_after,
    )
    if query.ids is not None:
        pages = _by_id(graph, "request", query.ids, get_whole_request)
    elif query.mine:
        pages = _own(graph, requests_of_caller(query.mine_as))
    else:
        pages = _request_pages(graph, query, package_ids)
    found = (_choosable(request, query) for request in _parsed(pages, parse_request))
    if selection.packages and not query.mine:
        return select_requests(_with_packages(graph, list(found)), selection)
    return select_requests(found, selection)


def _request_pages(graph: GraphClient, query: RequestQuery, package_ids: Sequence[str | None]) -> Iterator[Page]:
    """Read requests by package and state; those that move also without the package, which a removal may not show."""
    after = query.created_after
    searched = product(package_ids, query.states or [None])
    calls = [search_requests(package_id=p, state=s, created_after=after) for p, s in searched]
    moving = [state for state in MOVING_STATES if query.states is None or state in query.states]
    anywhere = [search_requests(state=s, created_after=after) for s in moving] if package_ids != [None] else []
    # What was asked for by package comes last, so that it counts where both show a request.
    return graph.pages_of_all([*anywhere, *calls], may_be_forbidden=anywhere)


def _with_packages(graph: GraphClient, found: Sequence[Request]) -> list[Request]:
    """Look up by their assignments the packages of open requests that do not show them; raises Unreadable.

    Only what removes or changes an assignment may leave its package out.
    """
    unclear = next((r for r in found if r.package is None and (r.adds or not r.type)), None)
    if unclear:
        raise lacking("request", unclear.id, "accessPackage.id")
    hidden = {r.assignment_id: r for r in found if r.is_open and r.package is None and r.assignment_id and not r.adds}
    behind: dict[str, Assignment] = {}
    calls = [get_assignment(assignment_id) for assignment_id in hidden]
    for (assignment_id, request), single in zip(hidden.items(), graph.fetch_objects(calls), strict=True):
        if isinstance(single, GraphError) and single.status in (403, 404):
            # Not the caller's to read, so not of a package that the caller asks about.
            continue
        held = parse_one(single, parse_assignment)
        if isinstance(held, EntraError):
            raise held
        if held.package is None:
            raise lacking("request", request.id, "accessPackage.id")
        behind[assignment_id] = held
    return [_told_by(request, behind.get(request.assignment_id or "")) for request in found]


def _told_by(request: Request, assignment: Assignment | None) -> Request:
    if assignment is None:
        return request
    return replace(request, package=assignment.package, target=request.target or assignment.target)


def _look_up(resolver: Resolver, query: PackageQuery, users: Names | None) -> tuple[list[Package] | None, list[Person]]:
    """Return the packages and people that a query names; the packages are null where any will do.

    Who asks for what is theirs may not be allowed to look packages up: their names are compared with what is there.
    """
    packages = None if query.mine else query.packages
    return resolver.find(packages, None if query.mine else query.catalog, users or ())


def _scopes(packages: Sequence[Package] | None, policies: Names | None) -> list[Scope]:
    """Return each package with each policy asked for that it has; a policy that none of them has is an error."""
    if policies is None:
        return [(None, None)] if packages is None else [(i, None) for i in dict.fromkeys(p.id for p in packages)]
    if packages is None:
        return [(None, policy_id) for policy_id in policies]
    scopes: list[Scope] = []
    for text in policies:
        absent: list[NameNotFound] = []
        found: list[Scope] = []
        for package in packages:
            try:
                found.append((package.id, find_policy(text, package).id))
            except NameNotFound as error:
                absent.append(error)
        if not found:
            raise absent[0]
        scopes += found
    return list(dict.fromkeys(scopes))


def _assignment_lists(query: AssignmentQuery, scopes: Sequence[Scope], people: Sequence[Person]) -> list[Call]:
    """Return the lists to read: one for each scope, person and state, as Graph joins filters by ``and`` alone.

    Packages are read whole where naming people would take more than one ``$batch``. What is current is found among
    all states and policies.
    """
    states = [None] if query.current else list(query.states or [None])
    searched = dict.fromkeys((package, None) for package, _dummy in scopes) if query.current else scopes
    persons = list(dict.fromkeys(person.object_id for person in people)) or [None]
    if scopes[0][0] is not None and len(searched) * len(persons) * len(states) > BATCH_SIZE:
        persons = [None]
    return [
        search_assignments(package_id=package, policy_id=policy, object_id=person, state=state)
        for (package, policy), person, state in product(searched, persons, states)
    ]


def _own(graph: GraphClient, call: Call) -> Iterator[Page]:
    """Read a list of the signed-in user."""
    (page,) = fetch_own_lists(graph, [call])
    if isinstance(page, EntraError):
        raise page
    return iter([page])


def _complete(row: AssignmentRow) -> Assignment:
    """Return an assignment; raises Unreadable for one that does not tell what it is about."""
    if row.missing:
        raise lacking("assignment", row.assignment.id, row.missing)
    return row.assignment


def _choosable(request: Request, query: RequestQuery) -> Request:
    """Return a request; raises Unreadable for one that lacks what it is to be chosen by."""
    chosen_by = (("state", request.state, query.states), ("requestType", request.type, query.types))
    missing = next((member for member, value, asked in chosen_by if asked and not value), None)
    if missing:
        raise lacking("request", request.id, missing)
    return request


def _parsed(pages: Iterator[Page], read: Callable[[Mapping[str, Any]], T]) -> Iterator[T]:
    return (each for page in pages for each in page.parse(read))


def _by_id(graph: GraphClient, kind: str, ids: Names, get: Callable[[str], Call]) -> Iterator[Page]:
    for object_id, single in zip(ids, graph.fetch_objects([get(object_id) for object_id in ids]), strict=True):
        if isinstance(single, GraphError) and single.status == 404:
            raise not_there(kind, object_id)
        if isinstance(single, EntraError):
            raise single
        yield Page([single.body], single.answered)
