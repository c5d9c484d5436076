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
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Declaration, Desired, Person
from ansible_collections.idgov.entra.plugins.module_utils._declare.people import person_of
from ansible_collections.idgov.entra.plugins.module_utils._declare.resolve import (
    Resolved,
    Resolver,
    find_policy,
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
    declarations: Sequence[Declaration], graph: GraphClient, is_delegated: Callable[[], bool]
) -> list[Resolved | EntraError]:
    """Return what each declaration wants with ids instead of names, or the error of that one, in the way its caller allows.

    ``is_delegated`` tells whether a person may be signed in. Raises what signing in raises.
    """
    direct = [d for d in declarations if d.request_as not in SHOWN_ON]
    own = [d for d in declarations if d.request_as in SHOWN_ON]
    directly = iter(Resolver(graph).resolve(direct) if direct else [])
    owned = iter(OwnResolver(graph).resolve(own, is_delegated=is_delegated()) if own else [])
    return [next(owned if d.request_as in SHOWN_ON else directly) for d in declarations]


class OwnResolver:
    """Looks names up among what a signed-in user may read, and remembers what it found."""

    def __init__(self, graph: GraphClient) -> None:
        self._graph = graph
        self._found: dict[str, Page | EntraError] = {}

    def resolve(self, declarations: Sequence[Declaration], *, is_delegated: bool) -> list[Resolved | EntraError]:
        """Return each declaration with ids instead of names, or the error of that one."""
        if not is_delegated:
            return [_not_delegated(d) for d in declarations]
        self._look_up(call for d in declarations for call in _first_calls(d))
        return [self._try(d) for d in declarations]

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

    def _try(self, declaration: Declaration) -> Resolved | EntraError:
        try:
            package, person = self._package(declaration), self._person(declaration)
            policy = self._policy(declaration.policy, package) if declaration.policy else None
            desired = Desired(package=package, person=person, policy=policy, **declaration.settings)
            return Resolved(package, policy, (desired,))
        except EntraError as error:
            return error

    def _person(self, declaration: Declaration) -> Person:
        if declaration.user is None:
            return Person(None, None, "unknown", declaration.person)
        if is_id(declaration.user):
            return Person(declaration.user, None, "unknown", declaration.user)
        return person_of(declaration, self._rows(find_users([declaration.user])).parse(parse_user))

    def _package(self, declaration: Declaration) -> Package:
        if declaration.assignment_id is not None:
            return self._package_behind(declaration)
        text = declaration.access_package or ""
        if is_id(text):
            return Package(text, None)
        held = [a.package for a in self._assignments(declaration) if a.package]
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

    def _package_behind(self, declaration: Declaration) -> Package:
        text = declaration.assignment_id or ""
        found = next((a for a in self._assignments(declaration) if same_id(a.id, text)), None)
        if found is None or found.package is None:
            raise NameNotFound(
                f"no assignment of the signed-in user has the id {text}", hint="check the assignment's id"
            )
        if found.state == "expired" and declaration.state == "present":
            raise Refused(
                f"assignment {text} has expired and can no longer be changed",
                hint="use access_package instead, so that access is requested again",
            )
        return Package(found.package.id, found.package.display_name)

    def _assignments(self, declaration: Declaration) -> list[Assignment]:
        """Return what the caller holds or has brought about; raises Unreadable where that is not told in full."""
        read = assignment_row_reader(of_caller=True)
        found = self._rows(assignments_of_caller(SHOWN_ON[declaration.request_as])).parse(read)
        for row in found:
            if row.missing:
                raise lacking("assignment", row.assignment.id, row.missing)
        return [row.assignment for row in found]

    def _policy(self, text: str, package: Package) -> Policy:
        if is_id(text):
            return Policy(text, None)
        listed = tuple(self._rows(policy_requirements(package.id)).parse(parse_requirements))
        return find_policy(text, Package(package.id, package.display_name, policies=listed))


def _first_calls(declaration: Declaration) -> list[Call]:
    on = SHOWN_ON[declaration.request_as]
    by_name = declaration.access_package is not None and not is_id(declaration.access_package)
    calls = [assignments_of_caller(on)] if by_name or declaration.assignment_id else []
    if by_name:
        calls.append(packages_of_caller())
    if declaration.user and not is_id(declaration.user):
        calls.append(find_users([declaration.user]))
    return calls


def _not_delegated(declaration: Declaration) -> OptionError:
    return OptionError(
        "request_as",
        f"{declaration.request_as} requires a delegated token, and this one belongs to an application",
        hint="set access_token to a token of the user who requests access, or use request_as: admin",
    )
