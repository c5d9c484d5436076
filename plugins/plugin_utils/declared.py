# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the contents of files to one list of declared assignments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.idgov.entra.plugins.plugin_utils.items import mistake_in

Json = dict[str, Any]
_KEYS = ("assignments", "access_packages")


class DeclarationError(Exception):
    """A file declares something wrongly; the message names the file and the place in it."""


def declared_in(files: Sequence[Mapping[str, Any]]) -> Json:
    """Join the contents of files, each with C(path) and C(content); raises DeclarationError.

    Gives C(assignments) and C(access_packages), in the order of the files.
    """
    assignments: list[Json] = []
    packages: list[str] = []
    for file in files:
        found, named = _declared(file["path"], file["content"])
        assignments += found
        packages += named
    return {"assignments": assignments, "access_packages": list(dict.fromkeys(packages))}


def _declared(path: str, content: Any) -> tuple[list[Json], list[str]]:
    if not isinstance(content, Mapping) or not content or not set(content) <= set(_KEYS):
        raise DeclarationError(f"{path}: it does not hold {' or '.join(_KEYS)}, and nothing else")
    lists: list[list[Any]] = [[] if content.get(key) is None else content[key] for key in _KEYS]
    for key, value in zip(_KEYS, lists, strict=True):
        if not isinstance(value, list):
            raise DeclarationError(f"{path}: {key} is not a list")
    assignments, packages = lists
    for index, item in enumerate(assignments):
        mistake = mistake_in(item)
        if mistake:
            raise DeclarationError(f"{path}: assignments[{index}]: {mistake}")
    wrong = next((name for name in packages if not isinstance(name, str)), None)
    if wrong is not None:
        raise DeclarationError(f"{path}: access_packages: {wrong!r} is not a name or an id")
    return assignments, packages
