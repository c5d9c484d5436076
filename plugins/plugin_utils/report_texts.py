# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The texts of a report that a template cannot write well by itself."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# What spreadsheets take for the start of a formula; the wide forms count in some languages (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # noqa: RUF001
_CONTROL = ("\t", "\r", "\n")


def csv_records(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Write rows as RFC 4180 has them, a header with the names of the columns ahead, every cell in quotes.

    Null is empty, truth is ``true`` or ``false``. A text that a spreadsheet would compute gets a leading apostrophe.
    """
    records = [columns, *([row[name] for name in columns] for row in rows)]
    return "".join(",".join(_cell(cell) for cell in record) + "\r\n" for record in records)


def csp_source(text: str) -> str:
    """Write the source of a content security policy that allows one inline script or style, and no other."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") + "'"


def _cell(value: Any) -> str:
    return '"' + _defused(_text(value)).replace('"', '""') + '"'


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def _defused(text: str) -> str:
    return "'" + text if text.lstrip().startswith(_FORMULA) or text.startswith(_CONTROL) else text
