# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading Graph's error envelope (Graph documentation, "Microsoft Graph error responses and resource types")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import GraphError
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._graph.hints import hint_for
from ansible_collections.idgov.entra.plugins.module_utils._http.retry import WORTH_ANOTHER_TRY, parse_retry_after


def error_from(call: Call, status: int, headers: Mapping[str, str], body: Any, *, base: str) -> GraphError:
    """Turn an answer of 300 and more into an error that carries all that it says.

    C(base) is Graph's root with the version. The address in the error has no query, whose values may name people.
    Any body is accepted, also none.
    """
    low = {name.lower(): str(value) for name, value in headers.items()}
    error = _mapping(_mapping(body).get("error"))
    inner = _mapping(error.get("innerError") or error.get("innererror"))
    code = str(error.get("code") or _plain_code(status))
    listed = error.get("details")
    details = [dict(d) for d in listed if isinstance(d, Mapping)] if isinstance(listed, list) else []
    refused = GraphError(
        " ".join(str(error.get("message") or f"Graph answered {status} without an explanation").split()).rstrip(". "),
        status=status,
        code=code,
        details=details,
        request_id=low.get("request-id") or _text(inner, "request-id") or _text(inner, "requestId"),
        client_request_id=low.get("client-request-id") or _text(inner, "client-request-id"),
        method=call.method,
        url=f"{base}{call.path}",
        # Recorded answers have the header at other times, too, and then it means something else.
        retry_after=parse_retry_after(low.get("retry-after")) if status in WORTH_ANOTHER_TRY else None,
    )
    return refused.replace(hint=hint_for(refused, call))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Mapping[str, Any], member: str) -> str | None:
    found = value.get(member)
    return found if isinstance(found, str) else None


def _plain_code(status: int) -> str:
    return "Redirect" if 300 <= status < 400 else f"HTTP {status}"
