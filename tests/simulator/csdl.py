# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a Graph ``$metadata`` document: types, enums, bound functions, and where each path leads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

_EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
_GRAPH = "microsoft.graph"
# Where a document has no entity container (a slice of the whole), its roots are these.
_ROOTS = {
    "identityGovernance": f"{_GRAPH}.identityGovernance",
    "users": f"Collection({_GRAPH}.user)",
    "groups": f"Collection({_GRAPH}.group)",
}


@dataclass(frozen=True)
class Shape:
    """A type, or a collection of it; enums and Edm types are types too."""

    type: str
    collection: bool = False


@dataclass(frozen=True)
class CsdlMember:
    """A property or navigation property."""

    shape: Shape
    nullable: bool
    navigation: bool


@dataclass
class CsdlType:
    """An entity or complex type with its own members."""

    base: str | None
    abstract: bool
    open: bool
    own: dict[str, CsdlMember] = field(default_factory=dict)


@dataclass
class Metadata:
    """Types and enums by qualified name; bound operations by (name, type bound to, collection or not)."""

    types: dict[str, CsdlType] = field(default_factory=dict)
    enums: dict[str, frozenset[str]] = field(default_factory=dict)
    operations: dict[tuple[str, Shape], Shape | None] = field(default_factory=dict)
    roots: dict[str, Shape] = field(default_factory=dict)

    def members(self, name: str) -> dict[str, CsdlMember]:
        """Return the members of a type, inherited ones included."""
        found = self.types.get(name)
        if found is None:
            return {}
        return {**(self.members(found.base) if found.base else {}), **found.own}

    def derives(self, name: str, ancestor: str) -> bool:
        """Return whether a type is the ancestor or derives from it."""
        current: str | None = name
        while current is not None and current != ancestor:
            current = self.types[current].base if current in self.types else None
        return current is not None

    def is_open(self, name: str) -> bool:
        """Return whether a type, or one it derives from, takes any member."""
        found = self.types.get(name)
        return found is not None and (found.open or (found.base is not None and self.is_open(found.base)))

    def _only_named(self, name: str) -> bool:
        """Return whether a slice of a document has emptied this type of its members."""
        return self.is_open(name) and not self.types[name].own

    def resolve(self, path: str) -> Shape | None:
        """Return what a path leads to; None for an action that returns nothing.

        KeyError if it leads nowhere, LookupError if it leads through a type that the document only names.
        """
        first, *rest = path.strip("/").split("/")
        shape: Shape | None = self.roots[first]
        for segment in rest:
            if shape is None:
                raise KeyError(f"nothing comes after an action: {path}")
            shape = self._step(shape, segment)
        return shape

    def _step(self, shape: Shape, segment: str) -> Shape | None:
        name, opened, _dummy = segment.partition("(")
        bound = self.operations.get((name, shape), _MISSING)
        if bound is not _MISSING:
            return bound
        if name.startswith(f"{_GRAPH}."):
            return Shape(name, shape.collection)
        if shape.collection:
            return Shape(shape.type)
        if self._only_named(shape.type):
            raise LookupError(f"{shape.type} is a stub in this document")
        member = self.members(shape.type)[name]
        return Shape(member.shape.type) if opened else member.shape


_MISSING = Shape("")


def read_metadata(path: Path) -> Metadata:
    """Read a ``$metadata`` document, whole or a slice of it."""
    metadata = Metadata()
    root = ElementTree.parse(path).getroot()
    schemas = list(root.iter(f"{_EDM}Schema"))
    aliases = {schema.get("Alias", ""): schema.get("Namespace", "") for schema in schemas}
    for schema in schemas:
        _read_schema(metadata, schema, aliases)
    if not metadata.roots:
        metadata.roots = {name: _shape(text, aliases) for name, text in _ROOTS.items()}
    return metadata


def _read_schema(metadata: Metadata, schema: ElementTree.Element, aliases: dict[str, str]) -> None:
    namespace = schema.get("Namespace", "")
    for element in schema:
        kind = element.tag.removeprefix(_EDM)
        name = f"{namespace}.{element.get('Name')}"
        if kind in ("EntityType", "ComplexType"):
            metadata.types[name] = _read_type(element, aliases)
        elif kind == "EnumType":
            metadata.enums[name] = frozenset(str(member.get("Name")) for member in element.iter(f"{_EDM}Member"))
        elif kind in ("Action", "Function") and element.get("IsBound") == "true":
            _read_operation(metadata, element, aliases)
        elif kind == "EntityContainer":
            for child in element:
                target = child.get("Type") or f"Collection({child.get('EntityType')})"
                metadata.roots[str(child.get("Name"))] = _shape(target, aliases)


def _read_type(element: ElementTree.Element, aliases: dict[str, str]) -> CsdlType:
    base = element.get("BaseType")
    read = CsdlType(
        base=_qualified(base, aliases) if base else None,
        abstract=element.get("Abstract") == "true",
        open=element.get("OpenType") == "true",
    )
    for child in element:
        kind = child.tag.removeprefix(_EDM)
        if kind in ("Property", "NavigationProperty"):
            shape = _shape(str(child.get("Type")), aliases)
            nullable = child.get("Nullable") != "false"
            read.own[str(child.get("Name"))] = CsdlMember(shape, nullable, kind == "NavigationProperty")
    return read


def _read_operation(metadata: Metadata, element: ElementTree.Element, aliases: dict[str, str]) -> None:
    parameter = element.find(f"{_EDM}Parameter")
    if parameter is None:
        return
    returned = element.find(f"{_EDM}ReturnType")
    bound = _shape(str(parameter.get("Type")), aliases)
    result = _shape(str(returned.get("Type")), aliases) if returned is not None else None
    metadata.operations[str(element.get("Name")), bound] = result


def _shape(text: str, aliases: dict[str, str]) -> Shape:
    match = re.fullmatch(r"Collection\((.*)\)", text)
    return Shape(_qualified(match.group(1) if match else text, aliases), bool(match))


def _qualified(name: str, aliases: dict[str, str]) -> str:
    prefix, _dummy, rest = name.partition(".")
    return f"{aliases[prefix]}.{rest}" if aliases.get(prefix) else name
