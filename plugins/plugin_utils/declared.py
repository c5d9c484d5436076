# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the contents of files to one list of declared assignments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.texts import is_id
from ansible_collections.idgov.entra.plugins.plugin_utils.declared_table import TableError, check_columns, item_of_row
from ansible_collections.idgov.entra.plugins.plugin_utils.files import place_in
from ansible_collections.idgov.entra.plugins.plugin_utils.values import mistake_in

Json = dict[str, Any]
_KEYS = ("assignments", "access_packages")


class DeclarationError(Exception):
    """A file declares something wrongly, or could not be read; the message names the file and the place in it."""


def declared_in(files: Sequence[Mapping[str, Any]]) -> Json:
    """Join files, YAML or tables, as ``files.read_file`` gives them, or with the ``failure`` that kept one from being read.

    Gives ``assignments`` and ``access_packages`` in the order of the files, and the ``places`` of the assignments. Raises
    DeclarationError, also where two assignments name the same person and access package: nobody knows which one is right.
    """
    assignments: list[Json] = []
    packages: list[str] = []
    places: list[str] = []
    for file in files:
        if file.get("failure"):
            raise DeclarationError(str(file["failure"]))
        if file.get("is_table"):
            found, where = _declared_rows(file)
        else:
            found, named = _declared(file)
            where = [_place(file, index) for index in range(len(found))]
            packages += named
        assignments += found
        places += where
    _check_once(assignments, places)
    return {"assignments": assignments, "access_packages": list(dict.fromkeys(packages)), "places": places}


def _declared_rows(file: Mapping[str, Any]) -> tuple[list[Json], list[str]]:
    """Return the items of a table, and their places."""
    place = str(file["path"])
    if not file["is_whole"]:
        raise DeclarationError(f"{place}: it does not end with a line break and may be truncated")
    assignments, places = [], []
    try:
        check_columns(file["headings"])
        for index, row in enumerate(file["content"]):
            place = place_in(file, f"[{index}]")
            item = item_of_row(row)
            mistake = mistake_in(item) if item else None
            if mistake:
                raise TableError(mistake)
            if item:
                assignments.append(item)
                places.append(place)
    except TableError as error:
        raise DeclarationError(f"{place}: {error}") from None
    return assignments, places


def _declared(file: Mapping[str, Any]) -> tuple[list[Json], list[str]]:
    path, content = file["path"], file["content"]
    if not isinstance(content, Mapping) or not content:
        raise DeclarationError(f"{path}: it does not contain {' or '.join(_KEYS)}")
    unknown = next((key for key in content if key not in _KEYS), None)
    if unknown is not None:
        raise DeclarationError(f"{place_in(file, unknown)}: unknown key {unknown!r}; supported are {', '.join(_KEYS)}")
    lists: list[list[Any]] = [[] if content.get(key) is None else content[key] for key in _KEYS]
    for key, value in zip(_KEYS, lists, strict=True):
        if not isinstance(value, list):
            raise DeclarationError(f"{place_in(file, key)}: {key} is not a list")
    assignments, packages = lists
    for index, item in enumerate(assignments):
        mistake = mistake_in(item)
        if mistake:
            raise DeclarationError(f"{_place(file, index)}: {mistake}")
    for index, name in enumerate(packages):
        if not isinstance(name, str):
            where = place_in(file, f"access_packages[{index}]")
            raise DeclarationError(f"{where}: access_packages: {name!r} is not a name or an id")
    return assignments, packages


def _place(file: Mapping[str, Any], index: int) -> str:
    return f"{place_in(file, f'assignments[{index}]')}: assignments[{index}]"


def _check_once(assignments: Sequence[Json], places: Sequence[str]) -> None:
    """Compare what can be compared without a look into the directory; the task finds who is named in two ways."""
    seen: dict[tuple[str, str], list[tuple[str | None, str]]] = {}
    for item, place in zip(assignments, places, strict=True):
        package, person = item.get("access_package"), item.get("user") or item.get("email")
        if package is None or person is None:
            continue
        # A name without a catalog means the same as the name with one, or is ambiguous.
        catalog = None if is_id(str(package)) else _folded(item.get("catalog"))
        earlier = seen.setdefault((_folded(package) or "", str(person).lower()), [])
        duplicate_of = next((where for other, where in earlier if None in (catalog, other) or catalog == other), None)
        if duplicate_of is not None:
            raise DeclarationError(
                f"{place}: {person} and the access package {package!r} are also in {duplicate_of}; remove one of them"
            )
        earlier.append((catalog, place))


def _folded(named: Any) -> str | None:
    """Return what an id or name is compared by: the letter case of an id means nothing."""
    return None if named is None else str(named).lower() if is_id(str(named)) else str(named)
