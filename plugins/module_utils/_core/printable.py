# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is printed: names in Graph, files and events hold anything, and whoever chose one must not move a cursor by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Letters and marks that Unicode counts as printable and that show nothing: joiner, fillers, a blank of Braille.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def printable(text: str) -> str:
    """Return a text in which nothing moves a cursor, hides, or turns round what is shown: such letters are escaped.

    Control characters, line breaks, direction marks, letters without width or form, and bytes that are no text.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(letter if _is_seen(letter) else letter.encode("unicode_escape").decode() for letter in text)


def printable_value(value: Any) -> Any:
    """Return a value with every text in it printable, the keys of dictionaries too; other values stay."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {printable_value(key): printable_value(inner) for key, inner in value.items()}
    return [printable_value(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _is_seen(letter: str) -> bool:
    return letter.isprintable() and letter not in _UNSEEN
