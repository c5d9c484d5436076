# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts as they come from outside: which are ids, and what a name may hold."""

from __future__ import annotations

import re
import unicodedata

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError

_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def is_id(text: str) -> bool:
    """Return whether ``text`` is an object id; anything else is a name and is looked up."""
    return _ID.fullmatch(text) is not None


def is_called(text: str, object_id: str, name: str | None) -> bool:
    """Return whether a text that is an id or a name means the thing with this id and this name."""
    return same_id(text, object_id) if is_id(text) else text == name


def same_id(one: str | None, other: str | None) -> bool:
    """Compare two ids: the letter case of a GUID means nothing, and null is equal to nothing."""
    return one is not None and other is not None and one.lower() == other.lower()


def checked_text(option: str, value: object) -> str:
    """Return an option's value as a text that can name something; raises OptionError."""
    text = str(value)
    if not text.strip():
        raise OptionError(option, "it is empty", hint="omit the option if it is not needed")
    if not text.isprintable() and any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text):
        raise OptionError(option, f"{text!r} contains control characters or bytes that are not text")
    if text != text.strip():
        raise OptionError(option, f"{text!r} starts or ends with whitespace")
    return text
