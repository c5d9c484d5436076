# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the simulator writes down what it knows of Graph's types; each version has a table of its own.

A type is a base and its members. A member is written ``Type`` (never null), ``Type?`` (may be null),
``[Type]`` (a collection), with a leading ``@`` for a navigation property.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

SENTINEL = "unknownFutureValue"


@dataclass(frozen=True)
class Member:
    """One member of a type."""

    type: str
    collection: bool
    nullable: bool
    navigation: bool


@dataclass(frozen=True)
class GraphType:
    """One type: its base, whether it can be instantiated, and its own members."""

    base: str | None
    abstract: bool
    own: dict[str, Member]


def graph_type(members: str = "", base: str | None = None, abstract: bool = False) -> GraphType:
    """Read the written form of a type."""
    return GraphType(base, abstract, _members(members))


def _members(text: str) -> dict[str, Member]:
    members = {}
    for line in text.split(";"):
        if not line.strip():
            continue
        name, kind = line.split()
        bare = kind.lstrip("@").rstrip("?").strip("[]")
        members[name] = Member(bare, "[" in kind, kind.endswith("?"), kind.startswith("@"))
    return members


@dataclass(frozen=True, eq=False)
class Schema:
    """The types and enums of one version.

    ``newer`` names the members that Microsoft's generated Python SDK has and the service metadata at hand lacks;
    ``undeclared`` those that the documentation sends although they are declared nowhere.
    """

    types: Mapping[str, GraphType]
    enums: Mapping[str, tuple[str, ...]]
    newer: Mapping[str, frozenset[str]]
    undeclared: Mapping[str, frozenset[str]]

    @lru_cache(maxsize=1000)  # noqa: B019 - there is one for each version and cloud, and they live as long as the process
    def members_of(self, name: str) -> dict[str, Member]:
        """Return all members of a type, inherited ones included."""
        found = self.types[name]
        inherited = self.members_of(found.base) if found.base else {}
        return {**inherited, **found.own}

    def derives_from(self, name: str, ancestor: str) -> bool:
        """Return whether a type is the ancestor or derives from it."""
        current: str | None = name
        while current is not None:
            if current == ancestor:
                return True
            current = self.types[current].base if current in self.types else None
        return False

    def newer_members(self, name: str) -> frozenset[str]:
        """Return the members of a type, inherited ones included, that the metadata at hand lacks."""
        base = self.types[name].base if name in self.types else None
        return self.newer.get(name, frozenset()) | (self.newer_members(base) if base else frozenset())

    def without(self, members: Mapping[str, frozenset[str]]) -> Schema:
        """Return the schema of a cloud that lacks these members of these types."""
        types = {
            name: replace(kind, own={key: each for key, each in kind.own.items() if key not in members.get(name, ())})
            for name, kind in self.types.items()
        }
        return replace(self, types=types)
