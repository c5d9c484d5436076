# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of calls the simulator received, for tests to read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from .access import Caller
from .graph import Operation

SHOWN_FIELDS = frozenset({"audience", "claims", "client_id", "grant_type", "resource", "scope"})
HIDDEN_HEADERS = frozenset({"authorization", "cookie"})


@dataclass
class CallLog:
    """Calls in the order in which they came; items of a batch follow it, with its number in ``batch``."""

    rows: list[dict[str, Any]] = field(default_factory=list)

    def start(self, operation: Operation, batch: int | None) -> dict[str, Any]:
        """Note a call that came in; status and caller are filled in later."""
        row: dict[str, Any] = {
            "number": len(self.rows) + 1,
            "service": "graph",
            "batch": batch,
            "method": operation.method,
            "path": f"/{operation.version}{operation.path}",
            "query": dict(operation.query),
            "headers": {name: value for name, value in operation.headers.items() if name not in HIDDEN_HEADERS},
            "body": _readable(operation.body),
            "status": None,
            "caller": None,
        }
        self.rows.append(row)
        return row

    def sign_in(self, method: str, path: str, form: dict[str, str], status: int) -> None:
        """Note a call to the sign-in service, without secrets and assertions."""
        shown = {name: value for name, value in form.items() if name in SHOWN_FIELDS}
        self.rows.append(
            {
                "number": len(self.rows) + 1,
                "service": "signin",
                "batch": None,
                "method": method,
                "path": path,
                "query": {},
                "headers": {},
                "body": shown or None,
                "status": status,
                "caller": None,
            }
        )

    def clear(self) -> None:
        """Forget all calls."""
        self.rows.clear()


def set_caller(row: dict[str, Any], caller: Caller) -> None:
    """Note who made a call."""
    row["caller"] = caller.describe()


def _readable(body: bytes) -> Any:
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
