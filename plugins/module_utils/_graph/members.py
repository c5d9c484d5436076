# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members of a JSON object of Graph, each of the type that it has to have.

A member that is null or missing is none. One of another type raises Unreadable with the member's path: what cannot be
understood is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import Unreadable
from ansible_collections.idgov.entra.plugins.module_utils._core.times import parse_instant

Json = Mapping[str, Any]
T = TypeVar("T")
# What samples of Graph's documentation show where there is no instant ("List assignments", "List assignmentRequests").
_NO_INSTANT = frozenset({"", "null", "String (timestamp)"})


def text(row: Json, member: str) -> str | None:
    """Return a text."""
    value = row.get(member)
    if value is None or isinstance(value, str):
        return value
    raise Unreadable("is not a string", member=member)


def needed_text(row: Json, member: str) -> str:
    """Return a text that has to be there."""
    value = text(row, member)
    if not value:
        raise Unreadable("is missing", member=member)
    return value


def word(row: Json, member: str) -> str:
    """Return a member of an enumeration in camelCase, as v1.0 spells it, or an empty text; samples also capitalise it."""
    value = text(row, member) or ""
    return value[:1].lower() + value[1:]


def flag(row: Json, member: str) -> bool | None:
    """Return a truth value."""
    value = row.get(member)
    if value is None or isinstance(value, bool):
        return value
    raise Unreadable("is not a boolean", member=member)


def instant(row: Json, member: str) -> datetime | None:
    """Return an instant; what samples of Graph show where there is none is none."""
    value = text(row, member)
    if value is None or value in _NO_INSTANT:
        return None
    try:
        return parse_instant(value)
    except ValueError:
        raise Unreadable("is not a date and time", member=member) from None


def child(row: Json, member: str, read: Callable[[Json], T]) -> T | None:
    """Read an object; an empty one is none."""
    value = row.get(member)
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise Unreadable("is not an object", member=member)
    if not value:
        return None
    try:
        return read(value)
    except Unreadable as fault:
        raise fault.below(member) from None


def children(row: Json, member: str, read: Callable[[Json], T]) -> tuple[T, ...] | None:
    """Read a list of objects."""
    value = row.get(member)
    if value is None:
        return None
    if not isinstance(value, list):
        raise Unreadable("is not a list", member=member)
    found = []
    for index, each in enumerate(value):
        try:
            found.append(read(as_object(each)))
        except Unreadable as fault:
            raise fault.below(index).below(member) from None
    return tuple(found)


def as_object(value: Any) -> Json:
    """Return what has to be an object."""
    if isinstance(value, Mapping):
        return value
    raise Unreadable("is not an object")
