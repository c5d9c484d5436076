# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a real Graph does where its documentation leaves a question open, as far as reading tells.

Each fact has a row in the page docs/unverified.md, which lists the words that can be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, GraphError
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import (
    additional_access,
    assignments_of_caller,
    search_assignments,
    search_requests,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.batch import Reply
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call, Response
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient

# What is seen of an operation that may be refused: that it was taken, or not.
TAKEN_OR_NOT = ("accept", "refuse")


def observe(graph: GraphClient, package_ids: Sequence[str], *, is_delegated: bool | None) -> dict[str, str]:
    """Ask harmless questions about the first of these access packages; gives fact and what was seen.

    Raises what signing in raises.
    """
    asked = _about_lists(package_ids[0]) if package_ids else {}
    if is_delegated:
        asked["function_options"] = assignments_of_caller("target")
    if len(package_ids) > 1 and is_delegated is False:
        asked["additional_access_app"] = additional_access(*package_ids[:2])
    replies = graph.send_all(list(asked.values()))
    return {fact: _seen_of(fact, reply) for fact, reply in zip(asked, replies, strict=True)}


def seen(reply: Reply, words: tuple[str, str], refusals: tuple[int, ...] = (400,)) -> str:
    """Return the first word for an operation that was taken, the second for one that was refused with such a status."""
    if isinstance(reply, Response):
        return words[0]
    if isinstance(reply, GraphError) and reply.status in refusals:
        return words[1]
    return unclear(reply)


def unclear(error: EntraError) -> str:
    """Return that nothing was learned, and why."""
    if isinstance(error, GraphError):
        return f"unclear: {error.status} {error.code}"
    return f"unclear: {error.message}"


def _seen_of(fact: str, reply: Reply) -> str:
    if fact == "list_options":
        return _seen_of_page(reply)
    # What an application may never do is refused as forbidden.
    return seen(reply, TAKEN_OR_NOT, (400, 403) if fact == "additional_access_app" else (400,))


def _seen_of_page(reply: Reply) -> str:
    """Return what became of the wish for pages of one row."""
    body = reply.body if isinstance(reply, Response) else {}
    rows = body.get("value") if isinstance(body, dict) else None
    if isinstance(rows, list) and len(rows) < 2 and "@odata.nextLink" not in body:
        return "unclear: the access package has fewer than two assignments"
    return seen(reply, ("ignore" if isinstance(rows, list) and len(rows) > 1 else "honour", "refuse"))


def _about_lists(package_id: str) -> dict[str, Call]:
    assignments, requests = search_assignments(package_id=package_id), search_requests(package_id=package_id)
    return {
        "request_state_or": _with_states(requests, "Denied", "Canceled"),
        "assignment_state_or": _with_states(assignments, "Delivered", "PartiallyDelivered"),
        "list_options": _with(assignments, **{"$top": "1"}),
        "nested_list_expand": _with(requests, **{"$expand": "assignment($expand=target)"}),
        "nested_select": _with(assignments, **{"$expand": "target($select=objectId)"}),
    }


def _with(call: Call, **query: Any) -> Call:
    return Call(call.method, call.path, {**call.query, **query})


def _with_states(call: Call, one: str, other: str) -> Call:
    return _with(call, **{"$filter": f"{call.query['$filter']} and (state eq '{one}' or state eq '{other}')"})
