# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers with odd shapes: members dropped, null, of the wrong type, wrongly nested, huge or empty, drawn from a seed.

What was done stays done: the status of a write tells the truth, and so does whether it is answered in a batch, unless
``lost`` says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from .graph import Answer, Operation

Json = dict[str, Any]
_READING = "/getApplicablePolicyRequirements"
_TEXTS = (
    "",
    " ",
    "null",
    "0001-01-01T00:00:00Z",
    "9999-99-99T99:99:99Z",
    "P99999999999D",
    "\u202egnp",
    "a\x00b",
    "\x1b[2J",
)
_HUGE = 20_000
_DEEP = 300


def _deep(_chance: Random, value: Any) -> Any:
    for _dummy in range(_DEEP):
        value = [value]
    return value


# kind -> what it makes of a value
KINDS: dict[str, Callable[[Random, Any], Any]] = {
    "null": lambda chance, value: None,
    "text": lambda chance, value: chance.choice(_TEXTS),
    "number": lambda chance, value: chance.choice([0, -1, 7, 1.5, 10**30]),
    "boolean": lambda chance, value: chance.choice([True, False]),
    "empty": lambda chance, value: chance.choice([{}, [], ""]),
    "in a list": lambda chance, value: [value],
    "in an object": lambda chance, value: {"value": value},
    "taken out": lambda chance, value: _inner(value),
    "with nulls": lambda chance, value: [value, None] if not isinstance(value, list) else [*value, None],
    "with texts": lambda chance, value: [value, "x"] if not isinstance(value, list) else ["x", *value],
    "huge": lambda chance, value: "x" * _HUGE if isinstance(value, str) else [value] * 500,
    "deep": _deep,
}
_DROPPED = "dropped"
ALL_KINDS = (*KINDS, _DROPPED)


class Fuzz:
    """Changes about one answer in ``every``; ``done`` tells the kinds that were used, ``lost`` whether a write's answer was."""

    def __init__(self, seed: int, every: int) -> None:
        self._chance = Random(seed)
        self._every = every
        self.done: list[str] = []
        self.lost = False

    def answer(self, operation: Operation, answer: Answer) -> Answer:
        """Change one or two places of an answer's body, or put an error with an odd envelope in the place of a read's."""
        if operation.path == "/$batch" or self._chance.randrange(self._every):
            return answer
        is_read = operation.method == "GET" or operation.path.endswith(_READING)
        if is_read and not self._chance.randrange(4):
            status = self._chance.choice([400, 403, 404, 409, 500])
            body = {"error": {"code": "UnAuthorized", "message": "No.", "details": [{"code": "X"}], "innerError": {}}}
            answer = Answer(status, body)
        if not answer.body:
            return answer
        body = answer.body
        for _dummy in range(self._chance.choice([1, 1, 2, 3])):
            body = self._change(body)
        return replace(answer, body=body)

    def batch(self, answer: Answer, methods: Sequence[str]) -> None:
        """Change the envelope of a batch: of one with writes so that it tells nothing of them any more."""
        if self._chance.randrange(self._every * 2):
            return
        self.lost = self.lost or any(method != "GET" for method in methods)
        answer.body = self._change(answer.body, depth=2)

    def _change(self, body: Any, depth: int = 99) -> Any:
        holder: Any = {"": body}
        holder, name = self._chance.choice(list(_places(holder, depth)))
        kind = self._chance.choice(ALL_KINDS)
        self.done.append(kind)
        if kind == _DROPPED and name != "":
            del holder[name]
            return body
        changed = KINDS["null" if kind == _DROPPED else kind](self._chance, holder[name])
        if name == "":
            return changed
        holder[name] = changed
        return body


def _places(holder: Any, depth: int) -> list[tuple[Any, Any]]:
    """List every place of a value, as what holds it and its name there."""
    found: list[tuple[Any, Any]] = []
    names = holder.items() if isinstance(holder, dict) else enumerate(holder) if isinstance(holder, list) else ()
    for name, value in names:
        found.append((holder, name))
        if depth and isinstance(value, (dict, list)):
            found += _places(value, depth - 1)
    return found


def _inner(value: Any) -> Any:
    if isinstance(value, dict):
        return next(iter(value.values()), None)
    if isinstance(value, list):
        return value[0] if value else None
    return {}
