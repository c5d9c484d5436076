# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which texts are ids, and which are names."""

from __future__ import annotations

import re

_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def is_id(text: str) -> bool:
    """Tell whether C(text) is an object id; anything else is a name and is looked up."""
    return _ID.fullmatch(text) is not None


def is_called(text: str, object_id: str, name: str | None) -> bool:
    """Tell whether a text that is an id or a name means the thing with this id and this name."""
    return same_id(text, object_id) if is_id(text) else text == name


def same_id(one: str | None, other: str | None) -> bool:
    """Compare two ids: the letter case of a GUID means nothing, and null is equal to nothing."""
    return one is not None and other is not None and one.lower() == other.lower()
