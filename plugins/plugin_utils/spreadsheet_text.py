# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts in cells of CSV files that spreadsheets open: none is computed, and each can be read back as it was."""

from __future__ import annotations

# What spreadsheets take for the start of a formula; the wide forms count in some languages (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # noqa: RUF001
_CONTROL = ("\t", "\r", "\n")


def guarded(text: str) -> str:
    """Return a text for a cell: what would be computed, also behind apostrophes, gets one more ahead."""
    return "'" + text if _is_computed(text) else text


def unguarded(cell: str) -> str:
    """Return the text that ``guarded()`` made this cell of; a cell that it would not have made stays as it is."""
    return cell[1:] if cell.startswith("'") and _is_computed(cell[1:]) else cell


def _is_computed(text: str) -> bool:
    bare = text.lstrip("'")
    return bare.lstrip().startswith(_FORMULA) or bare.startswith(_CONTROL)
