# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A contrary Graph: stands between the wire and the simulator and changes what is asked and what is answered.

The simulator behind it stays as it is: what its door tells is the truth, and its calls are what went through.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from .batch import operation_of
from .doubts import DOUBTS, Doubt, Rows, kind_of, option, visit
from .fuzz import Fuzz
from .graph import Answer, Operation
from .switches import SWITCHES

Json = dict[str, Any]
_TOKEN = "contrary-"
_PLAIN = "/()=,'$"


Handle = Callable[[Operation], tuple[Answer, Any]]


class Contrary:
    """Nothing while no doubt is in force and nothing is fuzzed."""

    def __init__(self, handle: Handle, transport: Callable[[], Any]) -> None:
        self._handle = handle
        self._transport = transport
        self.calm()

    def calm(self) -> None:
        """Let everything through again as it is."""
        self._doubts: dict[str, Doubt] = {}
        self.struck: dict[str, int] = {}
        self._links: dict[str, list[Rows]] = {}
        self.fuzz: Fuzz | None = None

    def doubt(self, names: Iterable[str]) -> None:
        """Put these doubts in force; KeyError names one that is not there."""
        self.calm()
        self._doubts = {name: DOUBTS[name] for name in names}

    @property
    def faults(self) -> list[Json]:
        """The rules that belong to the doubts in force."""
        return [dict(rule) for doubt in self._doubts.values() for rule in doubt.faults]

    @property
    def switches(self) -> dict[str, object]:
        """Every switch that belongs to a doubt, as the doubts in force want it, or else as it is by default."""
        known: dict[str, object] = {
            name: SWITCHES[name].readings[0] for doubt in DOUBTS.values() for name in doubt.switches
        }
        return known | {name: reading for doubt in self._doubts.values() for name, reading in doubt.switches.items()}

    def _strike(self, name: str, has_struck: bool) -> None:
        """Note that a doubt has changed something."""
        self.struck[name] = self.struck.get(name, 0) + has_struck

    def handle(self, operation: Operation) -> tuple[Answer, Any]:
        """Answer an operation that came over the wire."""
        if not self._doubts and self.fuzz is None:
            return self._handle(operation)
        asked = self._asked(operation)
        if isinstance(asked, Answer):
            return self._fuzzed(operation, asked), self._transport()
        if operation.path == "/$batch":
            return self._batch(operation)
        answer, transport = self._handle(asked)
        return self._fuzzed(operation, self._answered(operation, asked, answer)), transport

    def _batch(self, outer: Operation) -> tuple[Answer, Any]:
        """Let each item of a batch go its own way, those that are answered here not at all."""
        try:
            items = {item["id"]: item for item in json.loads(outer.body)["requests"]}
            operations = {name: operation_of(outer, item) for name, item in items.items()}
        except (AttributeError, KeyError, TypeError, ValueError):
            return self._handle(outer)
        asked = {name: self._asked(operation) for name, operation in operations.items()}
        passed = {name: each for name, each in asked.items() if isinstance(each, Operation)}
        answer, transport = Answer(200, {"responses": []}), self._transport()
        if passed:
            body = {"requests": [_item(items[name], operations[name], each) for name, each in passed.items()]}
            answer, transport = self._handle(replace(outer, body=json.dumps(body).encode()))
        if not isinstance(answer.body, dict) or "responses" not in answer.body:
            return self._fuzzed(outer, answer), transport
        answer.body["responses"] += [_response(name, each) for name, each in asked.items() if isinstance(each, Answer)]
        for response in answer.body["responses"]:
            self._answer_item(outer, operations[response["id"]], asked[response["id"]], response)
        if self.fuzz is not None:
            self.fuzz.batch(answer, [operation.method for operation in operations.values()])
        return answer, transport

    def _answer_item(self, outer: Operation, operation: Operation, asked: Operation | Answer, response: Json) -> None:
        operation = replace(operation, headers={**operation.headers, "authorization": outer.headers["authorization"]})
        answer = Answer(response["status"], response.get("body"), response.get("headers") or {})
        if isinstance(asked, Operation):
            with_token = replace(asked, headers=operation.headers)
            answer = self._answered(operation, with_token, answer)
        answer = self._fuzzed(operation, answer)
        response.update(_response(response["id"], answer))
        if answer.body is None:
            response.pop("body", None)

    def _asked(self, operation: Operation) -> Operation | Answer:
        token = option(operation, "$skiptoken")
        if token.startswith(_TOKEN) and token in self._links:
            return self._page(operation, self._links[token])
        for name, doubt in self._doubts.items():
            if doubt.asked is not None:
                changed = doubt.asked(operation)
                self._strike(name, changed != operation)
                if isinstance(changed, Answer):
                    return changed
                operation = changed
        return operation

    def _answered(self, operation: Operation, asked: Operation, answer: Answer) -> Answer:
        body = answer.body
        is_list = isinstance(body, dict) and isinstance(body.get("value"), list)
        if answer.status < 300 and is_list and operation.method == "GET" and not option(operation, "$skiptoken"):
            answer = self._listed(operation, asked, answer)
        elif answer.status < 300:
            self._change_rows(operation, body["value"] if is_list else [body])
        for name, doubt in self._doubts.items():
            if doubt.answered is not None:
                changed = doubt.answered(operation, answer)
                self._strike(name, changed != answer)
                answer = changed
        return answer

    def _listed(self, operation: Operation, asked: Operation, answer: Answer) -> Answer:
        changes = {name: doubt.listed for name, doubt in self._doubts.items() if doubt.listed is not None}
        if not changes:
            self._change_rows(operation, answer.body["value"])
            return answer
        pages = [self._whole(asked, answer)]
        for name, change in changes.items():
            changed = change(pages, operation, self._ask)
            self._strike(name, changed != pages)
            pages = changed
        for page in pages:
            self._change_rows(operation, page)
        return replace(answer, body={**answer.body, **self._page(operation, pages).body})

    def _change_rows(self, operation: Operation, rows: Iterable[Any]) -> None:
        kind = kind_of(operation)
        for row in rows if kind else ():
            for name, doubt in self._doubts.items():
                if doubt.row is not None:
                    before = json.dumps(row)
                    visit(row, str(kind), doubt.row)
                    self._strike(name, json.dumps(row) != before)

    def _page(self, operation: Operation, pages: list[Rows]) -> Answer:
        """Return the first of these pages, with a link to the others."""
        body: Json = {"@odata.nextLink": None, "value": pages[0] if pages else []}
        if len(pages) > 1:
            token = f"{_TOKEN}{len(self._links)}"
            self._links[token] = pages[1:]
            root = f"{operation.origin}/{operation.version}"
            body["@odata.nextLink"] = f"{root}{quote(operation.path, safe=_PLAIN)}?$skiptoken={token}"
        else:
            del body["@odata.nextLink"]
        return Answer(200, body)

    def _ask(self, operation: Operation) -> Rows:
        answer, _dummy = self._handle(operation)
        return self._whole(operation, answer) if answer.status < 300 else []

    def _whole(self, operation: Operation, answer: Answer) -> Rows:
        """Follow the simulator's own links to the end."""
        rows: Rows = list(answer.body["value"])
        while link := answer.body.pop("@odata.nextLink", None):
            query = tuple(parse_qsl(urlsplit(link).query, keep_blank_values=True))
            answer, _dummy = self._handle(replace(operation, query=query))
            rows += answer.body["value"]
        return rows

    def _fuzzed(self, operation: Operation, answer: Answer) -> Answer:
        return answer if self.fuzz is None else self.fuzz.answer(operation, answer)


def _item(item: Json, operation: Operation, asked: Operation) -> Json:
    """Write an item of a batch as it goes on."""
    if asked is operation:
        return item
    place = str(item["url"]).partition("?")[0]
    return {**item, "url": f"{place}?{urlencode(asked.query, quote_via=quote)}" if asked.query else place}


def _response(name: str, answer: Answer) -> Json:
    body = {} if answer.body is None else {"body": answer.body}
    return {"id": name, "status": answer.status, "headers": answer.headers, **body}
