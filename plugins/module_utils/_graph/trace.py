# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wire in one line for each call: enough for a bug report, and nothing in it that names a person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call

# OData writes every name between quotes, and a quote within it twice.
_LITERAL = re.compile(r"'[^']*'")
_LONGEST_ID = 64


def line_of_call(
    call: Call, url: str, *, status: int | None, headers: Mapping[str, str], seconds: float, tries: int = 1
) -> str:
    """Tell of one HTTP call; C(status) is null where no answer came, C(url) is the whole address that was called."""
    outcome = "no answer" if status is None else f"{status}{_request_id(headers)}"
    repeated = f", {tries} tries" if tries > 1 else ""
    return f"{call.method} {_place(call, url)} {outcome}, {seconds * 1000:.0f} ms{repeated}"


def lines_of_batch(calls: Sequence[Call], answer: Any, base: str) -> list[str]:
    """Tell of each operation of a batch, in the order in which they were asked; C(answer) is the body that came."""
    rows = answer.get("responses") if isinstance(answer, Mapping) else None
    listed = rows if isinstance(rows, list) else []
    found = {str(row.get("id")): row for row in listed if isinstance(row, Mapping)}
    return [
        f"  {call.method} {_place(call, f'{base}{call.path}')} {_item_outcome(found.get(str(place)))}"
        for place, call in enumerate(calls)
    ]


def _item_outcome(row: Mapping[str, Any] | None) -> str:
    if row is None or not isinstance(row.get("status"), int):
        return "no answer"
    headers = row.get("headers")
    return f"{row['status']}{_request_id(headers if isinstance(headers, Mapping) else {})}"


def _place(call: Call, url: str) -> str:
    """Give path and query; texts in filters are left out, and so is what a link to the next page holds."""
    parts = urlsplit(url)
    if not parts.path.endswith(call.path):
        return parts.path
    query = "&".join(f"{name}={_LITERAL.sub('...', text)}" for name, text in call.query.items())
    return f"{parts.path}?{query}" if query else parts.path


def _request_id(headers: Mapping[str, str]) -> str:
    """Find the id that Microsoft's support asks for; what comes from outside must not write to a terminal."""
    found = next((str(value) for name, value in headers.items() if name.lower() == "request-id"), "")
    shown = "".join(letter for letter in found if letter.isalnum() or letter == "-")[:_LONGEST_ID]
    return f" {shown}" if shown else ""
