# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A parser for the part of OData's ``$filter`` language that Graph's documentation shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>'(?:[^']|'')*')
    | (?P<instant>\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:\d\d))
    | (?P<guid>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})
    | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<mark>[(),/])
    )""",
    re.VERBOSE,
)
_OPERATORS = {
    "eq": "Equals",
    "gt": "GreaterThan",
    "ge": "GreaterThanOrEqual",
    "lt": "LessThan",
    "le": "LessThanOrEqual",
    "ne": "NotEquals",
}
_KEYWORDS = {"true", "false", "null"}


@dataclass(frozen=True)
class Literal:
    """A literal: its kind (string, instant, guid, number, word) and its text, unquoted."""

    kind: str
    text: str


@dataclass(frozen=True)
class Compare:
    """``path op literal``; the path is lower case, its parts joined by '/'."""

    path: str
    operator: str
    literal: Literal
    spelling: str

    def describe(self) -> str:
        """Return it as the service does in its refusals."""
        return f"{self.spelling} {_OPERATORS[self.operator]} {self.literal.text}"


@dataclass(frozen=True)
class In:
    """``path in (literal, ...)``."""

    path: str
    literals: tuple[Literal, ...]
    spelling: str

    def describe(self) -> str:
        """Return it as the service does in its refusals."""
        return f"{self.spelling} In ({', '.join(item.text for item in self.literals)})"


@dataclass(frozen=True)
class Contains:
    """``contains(path, 'text')``, or with ``lowered`` ``contains(tolower(path), 'text')``."""

    path: str
    lowered: bool
    literal: Literal
    spelling: str

    def describe(self) -> str:
        """Return it as the service does in its refusals."""
        return f"contains({self.spelling}, {self.literal.text})"


@dataclass(frozen=True)
class Both:
    """Parts joined by ``and`` (operator) or ``or``."""

    operator: str
    parts: tuple[Node, ...]


Leaf = Compare | In | Contains
Node = Leaf | Both


class FilterSyntax(ValueError):
    """Text that is not a filter."""


def parse_filter(text: str) -> Node:
    """Parse a filter; FilterSyntax says what is wrong with it."""
    return _Parser(list(_tokens(text))).whole()


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the comparisons of a filter."""
    if isinstance(node, Both):
        for part in node.parts:
            yield from leaves(part)
    else:
        yield node


def required_equals(node: Node, path: str) -> str | None:
    """Return the text that a path must equal for the whole filter to hold, if there is just one."""
    parts = node.parts if isinstance(node, Both) and node.operator == "and" else (node,)
    found = [part.literal.text for part in parts if isinstance(part, Compare) and part.path == path]
    return found[0] if len(found) == 1 else None


def alternatives(node: Node) -> set[str] | None:
    """Return the texts one of which something must equal for the filter to hold, whatever the path; None if there is more to it."""
    parts = node.parts if isinstance(node, Both) and node.operator == "or" else (node,)
    texts: set[str] = set()
    for part in parts:
        if isinstance(part, In):
            texts.update(literal.text for literal in part.literals)
        elif isinstance(part, Compare) and part.operator == "eq":
            texts.add(part.literal.text)
        else:
            return None
    return texts


def _tokens(text: str) -> Iterator[Literal]:
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if not match:
            raise FilterSyntax(f"Syntax error at position {position} in '{text}'.")
        kind = str(match.lastgroup)
        value = match.group(kind)
        yield Literal(kind, value[1:-1].replace("''", "'") if kind == "string" else value)
        position = match.end()


class _Parser:
    def __init__(self, tokens: list[Literal]) -> None:
        self.tokens = tokens
        self.at = 0

    def whole(self) -> Node:
        node = self._joined("or")
        if self.at != len(self.tokens):
            raise FilterSyntax(f"Syntax error: unexpected '{self.tokens[self.at].text}'.")
        return node

    def _peek(self) -> Literal:
        return self.tokens[self.at] if self.at < len(self.tokens) else Literal("end", "end of filter")

    def _next(self) -> Literal:
        token = self._peek()
        self.at += 1
        return token

    def _is(self, kind: str, text: str) -> bool:
        token = self._peek()
        return token.kind == kind and token.text == text

    def _take(self, text: str) -> None:
        if not self._is("mark", text):
            raise FilterSyntax(f"Syntax error: '{text}' expected, found '{self._peek().text}'.")
        self.at += 1

    def _joined(self, operator: str) -> Node:
        parts = [self._part(operator)]
        while self._is("word", operator):
            self.at += 1
            parts.append(self._part(operator))
        return parts[0] if len(parts) == 1 else Both(operator, tuple(parts))

    def _part(self, operator: str) -> Node:
        return self._joined("and") if operator == "or" else self._primary()

    def _primary(self) -> Node:
        if self._is("mark", "("):
            self.at += 1
            node = self._joined("or")
            self._take(")")
            return node
        if self._is("word", "contains"):
            return self._contains()
        path, spelling = self._path()
        word = self._next()
        if word == Literal("word", "in"):
            return In(path, self._list(), spelling)
        if word.kind != "word" or word.text not in _OPERATORS:
            raise FilterSyntax(f"Syntax error: an operator expected, found '{word.text}'.")
        return Compare(path, word.text, self._literal(), spelling)

    def _contains(self) -> Contains:
        self.at += 1
        self._take("(")
        lowered = self._is("word", "tolower")
        if lowered:
            self.at += 1
            self._take("(")
        path, spelling = self._path()
        if lowered:
            self._take(")")
        self._take(",")
        literal = self._literal()
        self._take(")")
        return Contains(path, lowered, literal, spelling)

    def _path(self) -> tuple[str, str]:
        parts = [self._word()]
        while self._is("mark", "/"):
            self.at += 1
            parts.append(self._word())
        spelling = "/".join(parts)
        return spelling.lower(), spelling

    def _word(self) -> str:
        token = self._next()
        if token.kind != "word":
            raise FilterSyntax(f"Syntax error: a property expected, found '{token.text}'.")
        return token.text

    def _list(self) -> tuple[Literal, ...]:
        self._take("(")
        items = [self._literal()]
        while self._is("mark", ","):
            self.at += 1
            items.append(self._literal())
        self._take(")")
        return tuple(items)

    def _literal(self) -> Literal:
        token = self._next()
        if token.kind in ("mark", "end") or (token.kind == "word" and token.text not in _KEYWORDS):
            raise FilterSyntax(f"Syntax error: a value expected, found '{token.text}'.")
        return token
