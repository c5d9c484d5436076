# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values out of variables that somebody else filled: taken by name, copied, checked, and never rendered."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.texts import is_id

Json = dict[str, Any]
# More than any justification, answer or list of packages, and little enough to be looked at whole.
_MOST_LETTERS, _MOST_VALUES, _MOST_LEVELS = 10_000, 1_000, 8
_LETTERS_OF = {"word": 64, "text": 256}


class DataError(Exception):
    """A value is missing, or is not of the kind that it must be; the sentence names its place and not the value."""


@dataclass(frozen=True)
class Member:
    """Where a value is, as the names of the dictionaries down to it, and what it must be."""

    path: tuple[str, ...]
    kind: str = "data"
    required: bool = False

    @property
    def place(self) -> str:
        """The path as users write it."""
        return ".".join(self.path)


def read_members(members: Any, root: str = "") -> dict[str, Member]:
    """Return the members that a dictionary declares: by name a path below ``root``, or a dictionary with ``path``, ``kind`` and ``required``.

    Raises DataError.
    """
    if not isinstance(members, Mapping) or not members:
        raise DataError("members: must be a dictionary of names and paths")
    return {str(name): _member(str(name), declared, root) for name, declared in members.items()}


def _member(name: str, declared: Any, root: str) -> Member:
    given: Any = {"path": declared} if isinstance(declared, str) else declared
    if not isinstance(given, Mapping) or set(given) - {"path", "kind", "required"}:
        raise DataError(f"members.{name}: must be a path or a dictionary with path, kind and required")
    path, kind, required = given.get("path"), given.get("kind", "data"), given.get("required", False)
    names = tuple(".".join(part for part in (root, path) if part).split(".")) if isinstance(path, str) else ()
    if not names or not all(names) or not path:
        raise DataError(f"members.{name}: path must consist of names separated by dots")
    if kind not in KINDS:
        raise DataError(f"members.{name}: kind is not one of {', '.join(KINDS)}")
    if not isinstance(required, bool):
        raise DataError(f"members.{name}: required must be true or false")
    return Member(names, kind, required)


def take(variables: Mapping[str, Any], members: Mapping[str, Member]) -> Json:
    """Return fresh plain values of these members, by their own names; one that is not there or null is left out.

    ``variables`` are read as Ansible stores them, without rendering. Whatever else they hold is ignored. Raises DataError.
    """
    found = {name: _found(variables, member) for name, member in members.items()}
    missing = next((members[name] for name, value in found.items() if value is None and members[name].required), None)
    if missing:
        raise DataError(f"{missing.place} is missing")
    return {
        name: KINDS[members[name].kind](value, members[name].place)
        for name, value in found.items()
        if value is not None
    }


def _found(variables: Mapping[str, Any], member: Member) -> Any:
    """Return the stored value at a path; null where there is none.

    Below the variables only the dictionary's own look-up is used: one of ansible-core's own dictionaries may render.
    """
    value: Any = variables.get(member.path[0])
    for name in member.path[1:]:
        value = dict.get(value, name) if isinstance(value, dict) else None
    return value


def _data(value: Any, place: str) -> Any:
    """Copy any value that JSON has, within bounds."""
    return _Copy(place).of(value, 0)


class _Copy:
    """Copies a value and counts what it has copied."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._values = 0

    def of(self, value: Any, level: int) -> Any:
        """Return a copy made of nothing but Python's own types; a vault, which could be decrypted, is none of them."""
        self._values += 1
        if self._values > _MOST_VALUES or level > _MOST_LEVELS:
            raise DataError(f"{self._place} has more than {_MOST_VALUES} values or {_MOST_LEVELS} levels")
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, int):
            return int.__index__(value)
        if isinstance(value, float):
            return float.__float__(value)
        if isinstance(value, date):
            return str(type(value).isoformat(value))
        if isinstance(value, dict):
            return {self._key(key): self.of(member, level + 1) for key, member in dict.items(value)}
        if isinstance(value, list):
            return [self.of(member, level + 1) for member in list.__iter__(value)]
        raise DataError(f"{self._place} contains something other than plain data")

    def _key(self, key: Any) -> str:
        if not isinstance(key, str):
            raise DataError(f"{self._place} has a key that is not a string")
        return self._text(key)

    def _text(self, text: str) -> str:
        copy = str.__str__(text)
        if len(copy) > _MOST_LETTERS:
            raise DataError(f"{self._place} has more than {_MOST_LETTERS} characters")
        if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\t\n\r" for letter in copy):
            raise DataError(f"{self._place} contains control characters or bytes that are not text")
        return copy


def _id(value: Any, place: str) -> str:
    text = _data(value, place)
    if not isinstance(text, str) or not is_id(text):
        raise DataError(f"{place} is not an object id (a GUID)")
    return text


def _word(value: Any, place: str) -> str:
    text = _line(value, place, "word")
    if text and not (text.isascii() and text.isalnum()):
        raise DataError(f"{place} is not a word of ASCII letters and digits")
    return text


def _text(value: Any, place: str) -> str:
    return _line(value, place, "text")


def _line(value: Any, place: str, kind: str) -> str:
    text = _data(value, place)
    if not isinstance(text, str):
        raise DataError(f"{place} is not a string")
    if len(text) > _LETTERS_OF[kind] or not text.isprintable():
        raise DataError(f"{place} is not one line of at most {_LETTERS_OF[kind]} printable characters")
    return text


# What a member can be declared as.
KINDS: Mapping[str, Callable[[Any, str], Any]] = {"id": _id, "word": _word, "text": _text, "data": _data}
