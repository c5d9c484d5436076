# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which filters each collection takes, and what they select. Everything else is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .errors import GraphError, invalid_filter
from .ids import is_guid
from .odata_filter import Both, Compare, Contains, FilterSyntax, In, Leaf, Literal, Node, leaves, parse_filter
from .schema_v1 import V1
from .switches import Switches
from .times import parse_instant

Predicate = Callable[[Any], bool]
MAX_DIRECTORY_CLAUSES = 15


@dataclass(frozen=True)
class Field:
    """One filterable path: how to read it, its kind, its operators.

    Kinds: guid, text (letter case does not matter), exact, instant, or the name of an enum. Where ``words`` are given,
    no other literal is taken.
    """

    read: Callable[[Any], Any]
    kind: str
    operators: frozenset[str]
    words: frozenset[str] | None = None


@dataclass(frozen=True)
class Filterable:
    """What a collection takes: its fields, and the switch that allows ``or`` (of one field, 'state')."""

    fields: dict[str, Field]
    state_or_switch: str | None = None
    directory: bool = False


def field(read: Callable[[Any], Any], kind: str, *operators: str) -> Field:
    """Build a field."""
    return Field(read, kind, frozenset(operators))


def compile_filter(text: str, filterable: Filterable, switches: Switches) -> tuple[Node, Predicate]:
    """Parse and check a filter; return its tree and a predicate. GraphError if it is not supported."""
    refuse = _refuse_directory if filterable.directory else _refuse_entitlement
    try:
        node = parse_filter(text)
    except FilterSyntax as error:
        raise refuse(str(error)) from None
    if filterable.directory:
        _count_clauses(node)
    _check_joins(node, filterable, switches)
    return node, _predicate(node, filterable, refuse)


def _refuse_entitlement(message: str) -> GraphError:
    return invalid_filter(message)


def _refuse_directory(message: str) -> GraphError:
    return GraphError(400, "Request_UnsupportedQuery", f"Unsupported or invalid query filter clause: {message}")


def _count_clauses(node: Node) -> None:
    """Refuse more clauses than a directory filter may have (Graph: at most 15 joined by or / in)."""
    joined = isinstance(node, (Both, In))
    count = sum(len(leaf.literals) if isinstance(leaf, In) else 1 for leaf in leaves(node))
    if joined and count > MAX_DIRECTORY_CLAUSES:
        raise GraphError(
            400,
            "Request_UnsupportedQuery",
            "Too many child clauses specified in search filter expression containing 'OR' operators: "
            f"{count}. Max allowed: {MAX_DIRECTORY_CLAUSES}.",
        )


def _check_joins(node: Node, filterable: Filterable, switches: Switches) -> None:
    if filterable.directory or not isinstance(node, Both):
        return
    if node.operator == "or":
        _check_or(node, filterable, switches)
    seen: set[str] = set()
    for part in node.parts if node.operator == "and" else ():
        _check_joins(part, filterable, switches)
        path = next(leaves(part)).path
        if path in seen:
            raise invalid_filter(f"Filter '{describe(node)} is not supported. .")
        seen.add(path)


def _check_or(node: Both, filterable: Filterable, switches: Switches) -> None:
    only_states = all(isinstance(part, Compare) and part.path == "state" for part in node.parts)
    switch = filterable.state_or_switch
    if not only_states or switch is None or not switches.is_(switch, "accept"):
        raise invalid_filter(f"Filter '{describe(node)} is not supported. .")


def describe(node: Node) -> str:
    """Return a filter as the service does in its refusals."""
    if isinstance(node, Both):
        return f" {node.operator.title()} ".join(describe(part) for part in node.parts)
    return node.describe()


def _predicate(node: Node, filterable: Filterable, refuse: Callable[[str], GraphError]) -> Predicate:
    if isinstance(node, Both):
        parts = [_predicate(part, filterable, refuse) for part in node.parts]
        join = all if node.operator == "and" else any
        return lambda item: join(part(item) for part in parts)
    known = filterable.fields.get(node.path)
    operator = "contains" if isinstance(node, Contains) else "in" if isinstance(node, In) else node.operator
    if known is None or operator not in known.operators:
        raise refuse(f"Filter '{node.describe()} is not supported. .")
    return _leaf(node, known, refuse)


def _leaf(node: Leaf, known: Field, refuse: Callable[[str], GraphError]) -> Predicate:
    read = known.read
    if isinstance(node, In):
        wanted = {_value(literal, known, refuse) for literal in node.literals}
        return lambda item: _fold(read(item), known) in wanted
    value = _value(node.literal, known, refuse)
    if isinstance(node, Contains):
        if not node.lowered:
            return lambda item: node.literal.text in (read(item) or "")
        return lambda item: node.literal.text in (read(item) or "").lower()
    if node.operator == "gt":
        return lambda item: read(item) is not None and read(item) > value
    return lambda item: _fold(read(item), known) == value


def _fold(value: Any, known: Field) -> Any:
    return value.lower() if isinstance(value, str) and known.kind != "exact" else value


def _value(literal: Literal, known: Field, refuse: Callable[[str], GraphError]) -> Any:
    """Read a literal as the field's kind; what does not fit is refused."""
    if known.kind == "instant":
        if literal.kind != "instant":
            raise refuse(f"'{literal.text}' is not a valid Edm.DateTimeOffset.")
        return parse_instant(literal.text)
    if literal.kind != "string":
        raise refuse(f"A string was expected, not '{literal.text}'.")
    if known.kind == "guid" and not is_guid(literal.text):
        raise refuse("Unrecognized Guid format")
    if known.words is not None and literal.text not in known.words:
        raise refuse(f"The string '{literal.text}' is no value of this member.")
    if known.kind in V1.enums and literal.text.lower() not in {name.lower() for name in V1.enums[known.kind]}:
        raise refuse(f"The string '{literal.text}' is not a valid enumeration type constant.")
    return _fold(literal.text, known)
