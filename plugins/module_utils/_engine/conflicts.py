# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what is declared incompatible with a package, and what of it a person holds."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, GraphError
from ansible_collections.idgov.entra.plugins.module_utils._core.ids import same_id
from ansible_collections.idgov.entra.plugins.module_utils._decide.situation import Conflicts
from ansible_collections.idgov.entra.plugins.module_utils._decide.wanted import Person
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import (
    list_assignments,
    list_incompatible,
    list_members,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.wire import read_assignment
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient, Page

# Declared on this package, and declared on others about it: either way round counts.
_PACKAGES = ("incompatibleAccessPackages", "accessPackagesIncompatibleWith")
_GROUPS = "incompatibleGroups"


def read_conflicts(graph: GraphClient, package_id: str, person: Person) -> Conflicts:
    """Read what a person holds of that which is incompatible with a package.

    What the caller may not read (403) is named and passed over; raises every other GraphError, and TransportError.
    """
    kinds = [*_PACKAGES, _GROUPS]
    lists, unread = _readable(graph, [(kind, list_incompatible(package_id, kind)) for kind in kinds])
    packages = {str(row["id"]): row for kind in _PACKAGES for row in lists.get(kind, [])}
    holdings, unread_packages = _readable(
        graph,
        [(f"the assignments of {_name(row)}", list_assignments(i, person.object_id)) for i, row in packages.items()],
    )
    groups = lists.get(_GROUPS, []) if person.object_id else []
    members, unread_groups = _readable(
        graph, [(f"the group {_name(row)}", list_members(str(row["id"]))) for row in groups]
    )
    held = [what.removeprefix("the assignments of ") for what, rows in holdings.items() if _holds(rows, person)]
    held += [what for what, rows in members.items() if any(same_id(str(r.get("id")), person.object_id) for r in rows)]
    hidden = [*unread, *unread_packages, *unread_groups]
    return Conflicts(tuple(held), tuple(f"check_conflicts: the caller may not read {what}" for what in hidden))


def _readable(graph: GraphClient, named: Sequence[tuple[str, Call]]) -> tuple[dict[str, Page], list[str]]:
    """Read lists together: what could be read by its name, and the names of what the caller may not read."""
    found: dict[str, Page] = {}
    hidden: list[str] = []
    for (name, _dummy), rows in zip(named, graph.read_lists([call for _dummy, call in named]), strict=True):
        if isinstance(rows, GraphError) and rows.status == 403:
            hidden.append(name)
        elif isinstance(rows, EntraError):
            raise rows
        else:
            found[name] = rows
    return found, hidden


def _holds(rows: Page, person: Person) -> bool:
    held = (assignment for assignment in map(read_assignment, rows) if assignment.state != "expired")
    return any(person.is_subject(assignment.target) for assignment in held)


def _name(row: dict[str, object]) -> str:
    return f"{row.get('displayName')} ({row.get('id')})"
