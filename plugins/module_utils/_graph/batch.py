# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON batching: many operations in one HTTP call (Graph documentation, "Combine multiple HTTP requests")."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    GraphError,
    TransportError,
    Unreadable,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import PREFER, Call, Reply
from ansible_collections.idgov.entra.plugins.module_utils._graph.envelope import error_from
from ansible_collections.idgov.entra.plugins.module_utils._http.retry import WORTH_ANOTHER_TRY

BATCH_SIZE = 20
BATCH = Call("POST", "/$batch")
_WRITING = frozenset({"POST", "PATCH", "PUT"})
Outcome: TypeAlias = "Reply | EntraError"


def pack(calls: Sequence[Call]) -> dict[str, Any]:
    """Build the body of one batch; the items' ids are their places in C(calls)."""
    return {"requests": [_item(str(place), call) for place, call in enumerate(calls)]}


def unpack(calls: Sequence[Call], answer: Any, *, base: str, request_id: str | None = None) -> list[Outcome]:
    """Give each call its own outcome, in the order of C(calls); the answers may come in any order."""
    responses = answer.get("responses") if isinstance(answer, Mapping) else None
    rows = responses if isinstance(responses, list) else []
    found = {str(row.get("id")): row for row in rows if isinstance(row, Mapping) and type(row.get("status")) is int}
    return [_outcome(call, found.get(str(place)), base, request_id) for place, call in enumerate(calls)]


def all_failed(calls: Sequence[Call], error: GraphError | TransportError | Unreadable, *, base: str) -> list[Outcome]:
    """Give every call of a batch that failed as a whole an error of its own."""
    return [_own(call, error, base) for call in calls]


def may_be_sent_again(call: Call, outcome: Outcome) -> bool:
    """Tell whether a failed operation is tried again: what was throttled always, the rest only if it reads."""
    if isinstance(outcome, TransportError):
        return outcome.sent and call.is_read
    if isinstance(outcome, Unreadable):
        return call.is_read
    if isinstance(outcome, GraphError):
        return outcome.status == 429 or (call.is_read and outcome.status in (*WORTH_ANOTHER_TRY, 424, 500))
    return False


def _item(item_id: str, call: Call) -> dict[str, Any]:
    headers = {**PREFER, **call.headers, "client-request-id": str(uuid.uuid4())}
    item: dict[str, Any] = {"id": item_id, "method": call.method, "url": call.url, "headers": headers}
    if call.body is not None or call.method in _WRITING:
        # One write without a body or its type, and the whole batch is refused (Graph documentation, "Combine multiple
        # HTTP requests using JSON batching": the body can be an empty object).
        headers["Content-Type"] = "application/json"
        item["body"] = call.body or {}
    return item


def _outcome(call: Call, response: Mapping[str, Any] | None, base: str, request_id: str | None) -> Outcome:
    place = f"{base}{call.path}"
    if response is None:
        return TransportError("the batch came back without this operation", method=call.method, url=place, sent=True)
    status, body, headers = response["status"], response.get("body"), response.get("headers")
    low = {str(name).lower(): str(value) for name, value in headers.items()} if isinstance(headers, Mapping) else {}
    if 200 <= status < 300:
        return Reply(status, body, low.get("request-id") or request_id)
    return error_from(call, status, low, body, base=base)


def _own(call: Call, error: GraphError | TransportError | Unreadable, base: str) -> EntraError:
    if isinstance(error, Unreadable):
        return error.in_answer(call.method, f"{base}{call.path}", status=error.status, request_id=error.request_id)
    return error.replace(method=call.method, url=f"{base}{call.path}")
