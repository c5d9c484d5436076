# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads Microsoft's documented examples, and compares an answer with a documented one."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from tests.support.reference import reference

Json = dict[str, Any]
# Documented values that are no value of their member.
ODD_VALUES = {"null": "the word null in quotes, for a date"}


def names_of(version: str) -> Iterator[str]:
    """Yield the names of a version's examples; none where the reference data is absent."""
    path = reference()
    found = sorted((path / "graph" / "examples").glob(f"{version}__*.json")) if path else ()
    yield from (each.stem for each in found)


def read_example(name: str) -> Json:
    """Return an example: name, request, response."""
    path = reference()
    assert path is not None
    example: Json = json.loads((path / "graph" / "examples" / f"{name}.json").read_text(encoding="utf-8"))
    return example


def misfits(documented: Any, actual: Any, where: str, odd: Collection[str]) -> list[str]:
    """List where an answer lacks what a documented one shows: members, their nesting, their JSON types.

    ``odd`` holds names of members that are passed over.
    """
    if documented is None or actual is None or (isinstance(documented, str) and documented in ODD_VALUES):
        return []
    if isinstance(documented, dict):
        if not isinstance(actual, dict):
            return [f"{where}: not an object"]
        found = []
        for name, value in documented.items():
            if name.startswith("@odata.") or name in odd:
                continue
            place = f"{where}.{name}"
            found += misfits(value, actual[name], place, odd) if name in actual else [f"{place} is missing"]
        return found
    if isinstance(documented, list):
        if not isinstance(actual, list) or (documented and not actual):
            return [f"{where}: no list, or an empty one"]
        return [text for value in documented for text in misfits(value, actual[0], f"{where}[]", odd)]
    return [] if type(documented) is type(actual) else [f"{where}: {actual!r} for {documented!r}"]
