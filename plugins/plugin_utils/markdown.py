# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Markdown as GitHub and GitLab read it, made of texts that others have written: a name is shown and never means anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable

_MOST_LETTERS = 300


def code(text: object, most: int = _MOST_LETTERS) -> str:
    """Return a text as a code span, also for a cell of a table; one that is longer than ``most`` letters is cut.

    In a code span nothing is a link, a mention, HTML or markup. Backslashes cannot escape what would end it, or the cell:
    a text with such letters becomes an HTML element with every letter that could mean something as a reference.
    """
    shown = printable(str(text))
    shown = shown if len(shown) <= most else f"{shown[: most - 1]}…"
    if not shown.strip():
        return "(empty)"
    if any(letter in shown for letter in "`|\\"):
        return f"<code>{''.join(_reference(letter) for letter in shown)}</code>"
    return f"`{shown}`"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table; cells are Markdown already, as ``code()`` makes it."""
    return [_row(header), _row(["---"] * len(header)), *(_row(row) for row in rows)]


def length(text: str) -> int:
    """Return how long a text is for those who limit it: GitHub counts UTF-16, in which some letters are two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _reference(letter: str) -> str:
    is_plain = not letter.isascii() or letter.isalnum() or letter == " "
    return letter if is_plain else f"&#{ord(letter)};"
