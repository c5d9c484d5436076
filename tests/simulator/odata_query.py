# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the query options of a request: which are known, and what ``$select`` and ``$expand`` name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .errors import GraphError, bad_request
from .schema import Schema
from .schema_v1 import V1
from .switches import Switches

_EXPAND_ITEM = re.compile(r"\s*(?P<name>\*|[A-Za-z]+)\s*(?:\((?P<options>.*)\))?\s*", re.DOTALL)
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Expand:
    """What may be expanded: the type it leads to, and what may be expanded within it. The name ``*`` stands for all."""

    type: str
    nested: dict[str, Expand] = field(default_factory=dict)


@dataclass
class Options:
    """The query options of one request, checked; ``expand`` holds Options per expanded name."""

    filter: str | None = None
    select: tuple[str, ...] | None = None
    expand: dict[str, Options] = field(default_factory=dict)
    top: int | None = None
    skip_token: str | None = None

    def keep(self, body: dict[str, object]) -> dict[str, object]:
        """Return what ``$select`` leaves of a body (before expansions are added)."""
        if self.select is None:
            return body
        return {name: value for name, value in body.items() if name in self.select or name.startswith("@odata")}


@dataclass(frozen=True)
class Allowed:
    """Which options a resource takes."""

    type: str
    options: frozenset[str]
    expand: dict[str, Expand] = field(default_factory=dict)
    selectable: frozenset[str] | None = None
    schema: Schema = V1


IGNORABLE = frozenset({"$count", "$orderby", "$top", "$skip", "$search"})


def read_options(pairs: Pairs, allowed: Allowed, switches: Switches) -> Options:
    """Check and read query options; GraphError for anything the resource does not take."""
    options = Options()
    seen: set[str] = set()
    for name, value in pairs:
        if name in seen:
            raise bad_request(
                f"Query option '{name}' was specified more than once, but it must be specified at most once."
            )
        seen.add(name)
        if name not in allowed.options:
            if name in IGNORABLE and "$expand" in allowed.options and switches.is_("list_options", "ignore"):
                continue
            raise bad_request(f"The query parameter '{name}' is not supported.")
        _read(options, name, value, allowed, switches)
    return options


def _read(options: Options, name: str, value: str, allowed: Allowed, switches: Switches) -> None:
    if name == "$filter":
        options.filter = value
    elif name == "$select":
        options.select = _select(value, allowed)
    elif name == "$expand":
        options.expand = _expand(value, allowed, switches)
    elif name == "$top":
        options.top = _top(value)
    elif name == "$skiptoken":
        options.skip_token = value


def _top(value: str) -> int:
    if not value.isdigit() or not 1 <= int(value) <= 999:
        raise GraphError(
            400, "Request_BadRequest", f"Invalid page size specified: '{value}'. Must be between 1 and 999 inclusive."
        )
    return int(value)


def _select(value: str, allowed: Allowed) -> tuple[str, ...]:
    known = allowed.selectable
    if known is None:
        members = allowed.schema.members_of(allowed.type)
        known = frozenset(name for name, member in members.items() if not member.navigation)
    names = tuple(part.strip() for part in value.split(","))
    for name in names:
        if name not in known:
            raise _no_property(name, allowed.type)
    return names


def _no_property(name: str, type_name: str) -> GraphError:
    return bad_request(
        f"Parsing OData Select and Expand failed: Could not find a property named '{name}' "
        f"on type 'microsoft.graph.{type_name}'."
    )


def _expand(value: str, allowed: Allowed, switches: Switches) -> dict[str, Options]:
    wanted: dict[str, Options] = {}
    for item in _split(value, ","):
        match = _EXPAND_ITEM.fullmatch(item)
        if not match:
            raise bad_request(f"Parsing OData Select and Expand failed: Syntax error in '{item}'.")
        name, nested = match.group("name"), match.group("options")
        if name == "*" and name in allowed.expand and nested is None:
            wanted.update({each: Options() for each in allowed.expand if each != "*"})
        elif name in allowed.expand:
            wanted[name] = _nested(nested, allowed.expand[name], allowed.schema, switches)
        else:
            raise _no_property(name, allowed.type)
    return wanted


def _nested(text: str | None, expand: Expand, schema: Schema, switches: Switches) -> Options:
    if text is None:
        return Options()
    pairs = []
    for part in _split(text, ";"):
        name, sign, value = part.partition("=")
        if not sign:
            raise bad_request(f"Parsing OData Select and Expand failed: Syntax error in '{part}'.")
        pairs.append((name.strip(), value))
    options = {"$expand"} if expand.nested else set()
    if switches.is_("nested_select", "accept"):
        options.add("$select")
    return read_options(pairs, Allowed(expand.type, frozenset(options), expand.nested, schema=schema), switches)


def _split(text: str, mark: str) -> list[str]:
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == mark and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts
