# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists whose query options are not documented, whole although Graph may refuse or ignore them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, GraphError
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import get_assignment, get_whole_request
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._graph.page import Page, Single

# The parameter of filterByCurrentUser that shows a caller their requests. What somebody else has asked for a report
# is not among them (Graph documentation, "accessPackageAssignmentRequest: filterByCurrentUser").
SHOWN_ON = {"self": "target", "manager": "createdBy"}
# What was asked for, and has to be there, if only as null.
_EXPANDED = {
    "assignments": ("target", "accessPackage", "assignmentPolicy"),
    "assignmentRequests": ("accessPackage", "assignment"),
}
_BY_ID = {"assignments": get_assignment, "assignmentRequests": get_whole_request}


def fetch_own_lists(graph: GraphClient, calls: Sequence[Call]) -> list[Page | EntraError]:
    """Read lists of ``filterByCurrentUser`` together; one that fails gives its error.

    Where Graph refuses the query options (400) a list is read without them. What lacks members then, or because Graph
    ignores options, is read by its id; where the caller may not, a list gives Graph's refusal, and a row stays as it is.
    Raises what signing in raises.
    """
    lists = graph.fetch_lists(calls)
    refused = [at for at, rows in enumerate(lists) if isinstance(rows, GraphError) and rows.status == 400]
    bare = dict(zip(refused, graph.fetch_lists([replace(calls[at], query={}) for at in refused]), strict=True))
    listed = [bare.get(at, rows) for at, rows in enumerate(lists)]
    whole = _completed(graph, calls, listed)
    return [
        first if at in bare and _is_thin(calls[at], rows) else rows
        for at, (first, rows) in enumerate(zip(lists, whole, strict=True))
    ]


def fetch_whole_lists(graph: GraphClient, calls: Sequence[Call]) -> list[Page | EntraError]:
    """Read lists together as ``fetch_whole()`` does."""
    return fetch_whole(graph, calls, ())[0]


def fetch_whole(
    graph: GraphClient, calls: Sequence[Call], objects: Sequence[Call]
) -> tuple[list[Page | EntraError], list[Single | EntraError]]:
    """Read lists and objects together as ``GraphClient.fetch`` does, also where Graph takes no expansion within another.

    Whom a request is for is told by its assignment, which is expanded in a way that is documented for one request only.
    Where a list of requests is refused for it (400), each of its rows is read by its id. Raises what signing in raises.
    """
    lists, singles = graph.fetch(calls, objects)
    refused = {
        at: replace(call, query={**call.query, "$expand": "accessPackage"})
        for at, (call, rows) in enumerate(zip(calls, lists, strict=True))
        if isinstance(rows, GraphError) and rows.status == 400 and "(" in call.query.get("$expand", "")
    }
    if not refused:
        return lists, singles
    flat = list(refused.values())
    whole = dict(zip(refused, _completed(graph, flat, graph.fetch_lists(flat)), strict=True))
    return [whole.get(at, rows) for at, rows in enumerate(lists)], singles


def _completed(
    graph: GraphClient, calls: Sequence[Call], lists: Sequence[Page | EntraError]
) -> list[Page | EntraError]:
    """Read by id what lacks members."""
    whole = list(lists)
    thin = {
        (at, index): _BY_ID[_kind(calls[at])](str(row.get("id")))
        for at, rows in enumerate(lists)
        for index, row in enumerate(rows if isinstance(rows, list) else ())
        if _lacks(calls[at], row)
    }
    for (at, index), found in zip(thin, graph.fetch_objects(list(thin.values())), strict=True):
        rows = whole[at]
        if isinstance(found, Single) and isinstance(rows, list):
            whole[at] = Page([*rows[:index], found.body, *rows[index + 1 :]])
    return whole


def _is_thin(call: Call, rows: Page | EntraError) -> bool:
    return isinstance(rows, EntraError) or any(_lacks(call, row) for row in rows)


def _lacks(call: Call, row: dict[str, object]) -> bool:
    return any(name not in row for name in _EXPANDED.get(_kind(call), ()))


def _kind(call: Call) -> str:
    """Name the collection that is listed, or whose function is called."""
    return next((name for name in call.path.split("/") if name in _EXPANDED), "")
