# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what is declared incompatible with packages, and what of it people hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, GraphError
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Identity, Person
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Conflicts
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Named
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.parse import parse_named
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import (
    list_assignments,
    list_incompatible,
    list_members,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.rows import assignment_row_reader
from ansible_collections.idgov.entra.plugins.module_utils._fetch.holdings import Holdings, read_holdings
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._graph.page import Page

# Declared on this package, and declared on others about it: either way round counts.
_PACKAGES = ("incompatibleAccessPackages", "accessPackagesIncompatibleWith")
_GROUPS = "incompatibleGroups"


def fetch_conflicts(
    graph: GraphClient, identities: Sequence[Identity], *, whole_from: int
) -> list[Conflicts | EntraError]:
    """Read what each person holds of that which is incompatible with the desired package, or the error of that one.

    What the caller may not read (403) is named and passed over. From ``whole_from`` people on, the holders of an
    incompatible package are read as a whole. Raises what signing in raises.
    """
    packages = list(dict.fromkeys(item.package.id for item in identities))
    declared = _Lists(
        graph, (list_incompatible(package_id, kind) for package_id in packages for kind in (*_PACKAGES, _GROUPS))
    )
    held = _Lists(
        graph, (call for item in identities for call in _holding_calls(declared, item, len(identities) >= whole_from))
    )
    return [_conflicts(declared, held, item, len(identities) >= whole_from) for item in identities]


class _Lists:
    """Lists read together, each once."""

    def __init__(self, graph: GraphClient, calls: Iterable[Call]) -> None:
        distinct = {call.url: call for call in calls}
        self._found = dict(zip(distinct, graph.fetch_lists(list(distinct.values())), strict=True))
        self._holders: dict[str, Holdings] = {}
        self._ids: dict[str, frozenset[str]] = {}

    def may_read(self, call: Call) -> bool:
        found = self._found[call.url]
        return not (isinstance(found, GraphError) and found.status == 403)

    def rows(self, call: Call) -> Page:
        """Return a list, empty where the caller may not read it; raises what else went wrong with it."""
        found = self._found[call.url]
        if isinstance(found, EntraError):
            if not self.may_read(call):
                return Page()
            raise found
        return found

    def ids(self, call: Call) -> frozenset[str]:
        """Return the ids of what is in a list, in lower case."""
        if call.url not in self._ids:
            self._ids[call.url] = frozenset(each.id.lower() for each in self.rows(call).parse(parse_named))
        return self._ids[call.url]

    def holders(self, package_id: str, call: Call) -> Holdings:
        """Return a list of a package's assignments sorted by person."""
        if call.url not in self._holders:
            listed = read_holdings(package_id, self.rows(call).parse(assignment_row_reader()), ())
            active = (a for a in listed.assignments if a.state != "expired")
            self._holders[call.url] = Holdings(active, incomplete=listed.incomplete)
        return self._holders[call.url]


def _rivals(declared: _Lists, package_id: str) -> dict[str, Named]:
    """The incompatible packages by their ids, whichever way round it was declared."""
    found = (n for kind in _PACKAGES for n in declared.rows(list_incompatible(package_id, kind)).parse(parse_named))
    return {named.id: named for named in found}


def _groups(declared: _Lists, identity: Identity) -> list[Named]:
    """The incompatible groups, as far as it is known who the person is."""
    rows = declared.rows(list_incompatible(identity.package.id, _GROUPS)) if identity.person.object_id else Page()
    return rows.parse(parse_named)


def _holding_calls(declared: _Lists, identity: Identity, whole: bool) -> list[Call]:
    try:
        rivals = _rivals(declared, identity.package.id)
        groups = _groups(declared, identity)
    except EntraError:
        # Said by _conflicts(), for this item alone.
        return []
    return [
        *(_holders_call(package_id, identity.person, whole) for package_id in rivals),
        *(list_members(group.id) for group in groups),
    ]


def _holders_call(package_id: str, person: Person, whole: bool) -> Call:
    return list_assignments(package_id, None if whole else person.object_id)


def _conflicts(declared: _Lists, held: _Lists, identity: Identity, whole: bool) -> Conflicts | EntraError:
    package_id, person = identity.package.id, identity.person
    try:
        # Where one of these lists could not be read, nothing was asked about what is in the others.
        rivals, groups = _rivals(declared, package_id), _groups(declared, identity)
        found, unread = (
            [],
            [k for k in (*_PACKAGES, _GROUPS) if not declared.may_read(list_incompatible(package_id, k))],
        )
        for rival_id, rival in rivals.items():
            call = _holders_call(rival_id, person, whole)
            if not held.may_read(call):
                unread.append(f"the assignments of {_name(rival)}")
            elif _holds(held.holders(rival_id, call), person):
                found.append(_name(rival))
        for group in groups:
            call = list_members(group.id)
            if not held.may_read(call):
                unread.append(f"the group {_name(group)}")
            elif person.object_id and person.object_id.lower() in held.ids(call):
                found.append(f"the group {_name(group)}")
        return Conflicts(
            tuple(found), tuple(f"check_conflicts: the caller is not allowed to read {what}" for what in unread)
        )
    except EntraError as error:
        return error


def _holds(holdings: Holdings, person: Person) -> bool:
    """Return whether somebody is among holders; raises Unreadable where a row does not tell."""
    if holdings.assignments_of(person):
        return True
    for each in holdings.incomplete:
        if each.subject is None or person.is_subject(each.subject):
            raise each.error
    return False


def _name(named: Named) -> str:
    return f"{named.display_name} ({named.id})"
