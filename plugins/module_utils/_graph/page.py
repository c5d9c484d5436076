# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of an answer, with the call that they answer: what cannot be read is told with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, Unreadable
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call, Response

T = TypeVar("T")


@dataclass(frozen=True)
class Answered:
    """Which call was answered, how, and under which request id; ``url`` has no query."""

    method: str
    url: str
    status: int | None = None
    request_id: str | None = None
    of_object: bool = False

    def fault(self, error: Unreadable, index: int) -> Unreadable:
        """Return a fault in the row at this index as one in the answer."""
        located = error if self.of_object else error.below(index).below("value")
        return located.in_answer(self.method, self.url, status=self.status, request_id=self.request_id)


class Page(list[dict[str, Any]]):
    """Rows, and what they answer: one answer for each page of a list that was read as a whole."""

    def __init__(self, rows: Iterable[dict[str, Any]] = (), answered: Answered | None = None) -> None:
        super().__init__(rows)
        self._answered = [(0, answered)] if answered else []

    def add(self, page: Page) -> None:
        """Append the next page of the same list."""
        self._answered += [(start + len(self), answered) for start, answered in page._answered]
        self.extend(page)

    def once(self) -> Page:
        """Return each row once, the later one where an id comes twice: the same object may stand on two pages."""
        last = {_key(row, index): index for index, row in enumerate(self)}
        if len(last) == len(self):
            return self
        kept = sorted(last.values())
        found = Page(self[index] for index in kept)
        found._answered = [(sum(index < start for index in kept), answered) for start, answered in self._answered]
        return found

    def parse(self, read: Callable[[Mapping[str, Any]], T]) -> list[T]:
        """Read every row; raises Unreadable, with the call and its request id, for the first that cannot be read."""
        found = []
        for index, row in enumerate(self):
            try:
                found.append(read(row))
            except Unreadable as error:
                raise self._located(error, index) from None
        return found

    def _located(self, error: Unreadable, index: int) -> Unreadable:
        of_row = [(start, answered) for start, answered in self._answered if start <= index]
        if error.method or not of_row:
            return error
        start, answered = of_row[-1]
        return answered.fault(error, index - start)


@dataclass(frozen=True)
class Single:
    """A single object, and the call that it answers."""

    body: dict[str, Any]
    answered: Answered

    def parse(self, read: Callable[[Mapping[str, Any]], T]) -> T:
        """Read the object; raises Unreadable, with the call and its request id."""
        try:
            return read(self.body)
        except Unreadable as error:
            raise error if error.method else self.answered.fault(error, 0) from None


def _key(row: Mapping[str, Any], index: int) -> object:
    row_id = row.get("id")
    return row_id.lower() if isinstance(row_id, str) else index


def parse_page(page: Page | EntraError, read: Callable[[Mapping[str, Any]], T]) -> list[T] | EntraError:
    """Read every row of a list; what went wrong with reading it from Graph, or with a row, is given as a value."""
    if isinstance(page, EntraError):
        return page
    try:
        return page.parse(read)
    except Unreadable as error:
        return error


def parse_one(single: Single | EntraError, read: Callable[[Mapping[str, Any]], T]) -> T | EntraError:
    """Read a single object; what went wrong with reading it from Graph, or with the object, is given as a value."""
    if isinstance(single, EntraError):
        return single
    try:
        return single.parse(read)
    except Unreadable as error:
        return error


def parse_reply(call: Call, response: Response, read: Callable[[Mapping[str, Any]], T]) -> T:
    """Read an answer that is a single object; raises Unreadable."""
    answered = Answered(call.method, call.path, response.status, response.request_id, of_object=True)
    try:
        if not isinstance(response.body, Mapping):
            raise Unreadable("is not an object")
        return read(response.body)
    except Unreadable as error:
        raise answered.fault(error, 0) from None
