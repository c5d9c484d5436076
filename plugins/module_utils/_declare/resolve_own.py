# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From names to ids for a user who asks: names are looked up in what the user may read. Nothing is ever guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    NameAmbiguous,
    NameNotFound,
    OptionError,
    Refused,
)
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import is_id, same_id
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Person, Reference
from ansible_collections.idgov.entra.plugins.module_utils._declare.people import person_of
from ansible_collections.idgov.entra.plugins.module_utils._declare.resolve import (
    Resolved,
    Resolver,
    find_policy,
    identity,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Assignment, Named, Package, Policy
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.own_lists import SHOWN_ON, fetch_own_lists
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.parse import (
    parse_package,
    parse_requirements,
    parse_user,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import (
    assignments_of_caller,
    find_users,
    packages_of_caller,
    policy_requirements,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.rows import assignment_row_reader, lacking
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._graph.page import Page


def resolve_all(
    references: Sequence[Reference], graph: GraphClient, is_delegated: Callable[[], bool]
) -> list[Resolved | EntraError]:
    """Return what each reference means with ids instead of names, or the error of that one, in the way its caller allows.

    ``is_delegated`` tells whether a person may be signed in. Raises what signing in raises.
    """
    direct = [d for d in references if d.request_as not in SHOWN_ON]
    own = [d for d in references if d.request_as in SHOWN_ON]
    directly = iter(Resolver(graph).resolve(direct) if direct else [])
    owned = iter(OwnResolver(graph).resolve(own, is_delegated=is_delegated()) if own else [])
    return [next(owned if d.request_as in SHOWN_ON else directly) for d in references]


class OwnResolver:
    """Looks names up among what a signed-in user may read, and remembers what it found."""

    def __init__(self, graph: GraphClient) -> None:
        self._graph = graph
        self._found: dict[str, Page | EntraError] = {}

    def resolve(self, references: Sequence[Reference], *, is_delegated: bool) -> list[Resolved | EntraError]:
        """Return each reference with ids instead of names, or the error of that one."""
        if not is_delegated:
            return [_not_delegated(d) for d in references]
        self._look_up(call for d in references for call in _first_calls(d))
        return [self._try(d) for d in references]

    def _look_up(self, calls: Iterable[Call]) -> None:
        missing = list({call.url: call for call in calls if call.url not in self._found}.values())
        if missing:
            self._found.update(zip((call.url for call in missing), fetch_own_lists(self._graph, missing), strict=True))

    def _rows(self, call: Call) -> Page:
        self._look_up([call])
        found = self._found[call.url]
        if isinstance(found, EntraError):
            raise found
        return found

    def _try(self, reference: Reference) -> Resolved | EntraError:
        try:
            package, person = self._package(reference), self._person(reference)
            policy = self._policy(reference.policy, package) if reference.policy else None
            return Resolved(package, policy, (identity(reference, package, person, policy),))
        except EntraError as error:
            return error

    def _person(self, reference: Reference) -> Person:
        if reference.user is None:
            return Person(None, None, "unknown", reference.person)
        if is_id(reference.user):
            return Person(reference.user, None, "unknown", reference.user)
        return person_of(reference, self._rows(find_users([reference.user])).parse(parse_user))

    def _package(self, reference: Reference) -> Package:
        if reference.assignment_id is not None:
            return self._package_behind(reference)
        text = reference.access_package or ""
        if is_id(text):
            return Package(text, None)
        held = [a.package for a in self._assignments(reference) if a.package]
        rows = self._rows(packages_of_caller())
        open_to_caller = [Named(p.id, p.display_name) for p in rows.parse(parse_package)]
        named = {p.id.lower(): p for p in (*held, *open_to_caller) if p.display_name == text}
        if len(named) == 1:
            (found,) = named.values()
            return Package(found.id, found.display_name)
        if named:
            listed = ", ".join(p.id for p in named.values())
            raise NameAmbiguous(
                f"{len(named)} access packages have the display name {text!r}: {listed}", hint="use the id"
            )
        names = "; ".join(f"{p.display_name} ({p.id})" for p in open_to_caller[:10]) or "none"
        raise NameNotFound(
            f"no access package that the signed-in user can request has the display name {text!r}",
            hint=f"check the option access_package, or use the id; the first that can be requested are: {names}",
        )

    def _package_behind(self, reference: Reference) -> Package:
        text = reference.assignment_id or ""
        found = next((a for a in self._assignments(reference) if same_id(a.id, text)), None)
        if found is None or found.package is None:
            raise NameNotFound(
                f"no assignment of the signed-in user has the id {text}", hint="check the assignment's id"
            )
        if found.state == "expired" and reference.state == "present":
            raise Refused(
                f"assignment {text} has expired and can no longer be changed",
                hint="use access_package instead, so that access is requested again",
            )
        return Package(found.package.id, found.package.display_name)

    def _assignments(self, reference: Reference) -> list[Assignment]:
        """Return what the caller holds or has brought about; raises Unreadable where that is not told in full."""
        read = assignment_row_reader(of_caller=True)
        found = self._rows(assignments_of_caller(SHOWN_ON[reference.request_as])).parse(read)
        for row in found:
            if row.missing:
                raise lacking("assignment", row.assignment.id, row.missing)
        return [row.assignment for row in found]

    def _policy(self, text: str, package: Package) -> Policy:
        if is_id(text):
            return Policy(text, None)
        listed = tuple(self._rows(policy_requirements(package.id)).parse(parse_requirements))
        return find_policy(text, Package(package.id, package.display_name, policies=listed))


def _first_calls(reference: Reference) -> list[Call]:
    on = SHOWN_ON[reference.request_as]
    by_name = reference.access_package is not None and not is_id(reference.access_package)
    calls = [assignments_of_caller(on)] if by_name or reference.assignment_id else []
    if by_name:
        calls.append(packages_of_caller())
    if reference.user and not is_id(reference.user):
        calls.append(find_users([reference.user]))
    return calls


def _not_delegated(reference: Reference) -> OptionError:
    return OptionError(
        "request_as",
        f"{reference.request_as} requires a delegated token, and this one belongs to an application",
        hint="set access_token to a token of the user who requests access, or use request_as: admin",
    )
