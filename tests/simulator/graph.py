# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of one Graph operation, and the table that leads it to its handler."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from .access import Caller
from .errors import GraphError, bad_request, unknown_segment
from .ids import is_guid
from .schema import Schema
from .store import Store

if TYPE_CHECKING:
    from .sim import Simulator, Transport
    from .views import Dialect

ENTITLEMENT = "/identityGovernance/entitlementManagement"


# Nobody documents how long an address may be; links to next pages were seen with somewhat more than 8,000 characters.
LONGEST = 8192


@dataclass(frozen=True)
class Operation:
    """One request to Graph, alone or as an item of a batch; header names are lower case, the path is decoded."""

    method: str
    version: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    body: bytes
    origin: str

    @property
    def length(self) -> int:
        """Return how long the address is, percent-encoded, without origin and version."""
        return len(quote(self.path)) + len(urlencode(self.query, quote_via=quote))

    def json(self) -> Any:
        """Return the body as JSON; GraphError 400 or 415 if it is none."""
        if not self.headers.get("content-type", "").lower().startswith("application/json"):
            raise GraphError(415, "BadRequest", "Entity bodies must be of content type application/json.")
        try:
            return json.loads(self.body)
        except ValueError:
            raise bad_request("Unable to read JSON request payload.") from None

    def expect_no_body(self) -> None:
        """Refuse a body on an action that takes none."""
        if self.body.strip():
            raise bad_request("The request body must be empty.")


@dataclass
class Answer:
    """One answer of Graph; ``body`` None is an empty body."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Call:
    """An operation on its way through: who calls, the store it sees, and the values of its path.

    ``number`` is its place in the list of calls, ``transport`` what will happen to its connection, ``ordered`` what
    a fault puts into the answer.
    """

    sim: Simulator
    store: Store
    caller: Caller
    operation: Operation
    now: datetime
    transport: Transport
    number: int
    dialect: Dialect
    ordered: dict[str, dict[str, Any]] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)

    @property
    def schema(self) -> Schema:
        """The types of the version as the simulated cloud has them."""
        return self.dialect.schemas[self.sim.switches["cloud"]]


Handler = Callable[[Call], Answer]


@dataclass(frozen=True)
class Route:
    """A method and a path template that lead to a handler.

    ``{name}`` stands for a whole segment, or for the value between quotes of a function's parameter.
    A name that ends in ``id`` takes a GUID only.
    """

    method: str
    template: str
    handler: Handler

    def pattern(self) -> re.Pattern[str]:
        """Return the template as a regular expression."""
        parts = re.split(r"\{(\w+)\}", self.template)
        text = ""
        for index, part in enumerate(parts):
            value = "[^/']*" if text.endswith("'") else "[^/]+"
            text += f"(?P<{part}>{value})" if index % 2 else re.escape(part)
        return re.compile(text)


class Router:
    """Finds the handler of an operation; refuses what no route fits."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = [(route, route.pattern()) for route in routes]
        self._prefixes = {
            tuple(route.template.split("/")[:length]) for route, _dummy in self._routes for length in range(1, 9)
        }

    def dispatch(self, call: Call) -> Answer:
        """Answer an operation; GraphError for a path or method that is not there."""
        path = call.operation.path
        allowed = []
        for route, pattern in self._routes:
            match = pattern.fullmatch(path)
            if not match:
                continue
            allowed.append(route.method)
            if route.method == call.operation.method:
                call.params = match.groupdict()
                _check_ids(call.params)
                return route.handler(call)
        if allowed:
            text = "Specified HTTP method is not allowed for the request target."
            raise GraphError(405, "UnsupportedHttpMethod", text, [], {"Allow": ", ".join(sorted(set(allowed)))})
        raise unknown_segment(self._first_unknown(path))

    def _first_unknown(self, path: str) -> str:
        segments = path.split("/")
        for length in range(2, len(segments) + 1):
            if not any(_fits(prefix, segments[:length]) for prefix in self._prefixes):
                return segments[length - 1]
        return segments[-1]


def _fits(prefix: tuple[str, ...], segments: list[str]) -> bool:
    return len(prefix) == len(segments) and all(
        known == given or (known.startswith("{") and given) for known, given in zip(prefix, segments, strict=True)
    )


def _check_ids(params: dict[str, str]) -> None:
    for name, value in params.items():
        if name.endswith("_id"):
            if not is_guid(value):
                raise bad_request(f"Unrecognized Guid format: '{value}'.")
            params[name] = value.lower()
