# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers lists and single items: options, filter, paging, expansions."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from .errors import bad_request
from .filters import Filterable, Predicate, compile_filter
from .graph import Answer, Call
from .odata_filter import Node
from .odata_query import Allowed, Options, read_options
from .views import View, show

Positioned = Iterable[tuple[int, Any]]
LIST = frozenset({"$filter", "$select", "$expand", "$skiptoken"})
FUNCTION = frozenset({"$filter", "$select", "$expand", "$skiptoken"})
ITEM = frozenset({"$select", "$expand"})


@dataclass(frozen=True)
class Query:
    """The options of a list call, with its filter as a tree and as a predicate."""

    options: Options
    tree: Node | None
    matches: Predicate


def read_query(call: Call, kind: str, filterable: Filterable, known: frozenset[str] | None = None) -> Query:
    """Read the options of a list of a kind, or those that are known; GraphError for what the list does not take."""
    if known is None:
        known = LIST | {"$top"} if _takes_top(call, kind) else LIST
    options = read_options(call.operation.query, _allowed(call, kind, known), call.sim.switches)
    return with_filter(call, options, call.dialect.filterable(kind, filterable))


def _takes_top(call: Call, kind: str) -> bool:
    """Return whether public code that runs against tenants asks for large pages of this list (section 19)."""
    seen = kind == "accessPackageAssignment" or (
        kind == "accessPackageAssignmentRequest" and call.operation.version == "beta"
    )
    return seen and call.sim.switches.is_("list_options", "honour")


def _allowed(call: Call, kind: str, known: frozenset[str]) -> Allowed:
    return Allowed(kind, known, call.dialect.expand.get(kind, {}), schema=call.schema)


def read_function_query(call: Call, kind: str, filterable: Filterable) -> Query:
    """Read the options of a filterByCurrentUser, whose pages name none."""
    takes = call.sim.switches.is_("function_options", "accept")
    return read_query(call, kind, filterable, FUNCTION if takes else frozenset({"$skiptoken"}))


def with_filter(call: Call, options: Options, filterable: Filterable) -> Query:
    """Compile the filter of options already read."""
    if options.filter is None:
        return Query(options, None, lambda item: True)
    tree, matches = compile_filter(options.filter, filterable, call.sim.switches)
    return Query(options, tree, matches)


def numbered(items: Iterable[Any]) -> Positioned:
    """Give items their place in a list that has no numbers of its own."""
    return enumerate(items, start=1)


def answer_page(call: Call, query: Query, items: Positioned, write: Callable[[Any], Any], context: str) -> Answer:
    """Answer one page of the matching items, with a next link while there are more."""
    after = _read_token(call, query.options.skip_token)
    size = query.options.top or call.sim.settings.page_size
    page: list[Any] = []
    last = 0
    more = False
    for position, item in items:
        if position <= after or not query.matches(item):
            continue
        if len(page) == size:
            more = True
            break
        page.append(write(item))
        last = position
    body: dict[str, Any] = {"@odata.context": f"{context_of(call, context)}{_shown(query.options)}"}
    if more:
        body["@odata.nextLink"] = _next_link(call, last)
    return Answer(200, {**body, "value": page})


def answer_item(call: Call, kind: str, item: Any, context: str) -> Answer:
    """Answer one item with the members and expansions asked for."""
    options = read_options(call.operation.query, _allowed(call, kind, ITEM), call.sim.switches)
    body = show(view_of(call), kind, item, options, context_of(call, context))
    return Answer(200, {"@odata.context": context_of(call, f"{context}/$entity"), **body})


def view_of(call: Call) -> View:
    """Return the store as the caller sees it."""
    prefers = "include-unknown-enum-members" in call.operation.headers.get("prefer", "")
    return View(call.store, call.sim.switches, call.dialect, prefers, call.ordered, _root(call))


def writer(call: Call, kind: str, options: Options, context: str | None = None) -> Callable[[Any], Any]:
    """Return what writes one item of a list; given the list's ``context``, its expanded lists have theirs."""
    view = view_of(call)
    place = context_of(call, context) if context else None
    return lambda item: show(view, kind, item, options, place)


def context_of(call: Call, fragment: str) -> str:
    """Return the @odata.context of an answer; the fragment is given in the names of v1.0."""
    names = call.dialect.collections
    return f"{_root(call)}/$metadata#{'/'.join(names.get(part, part) for part in fragment.split('/'))}"


def _root(call: Call) -> str:
    return f"{call.operation.origin}/{call.operation.version}"


def _shown(options: Options) -> str:
    """Write which members and expansions a list shows, as the contexts of recorded lists do."""
    parts = [*(options.select or ()), *(f"{name}{_shown(nested) or '()'}" for name, nested in options.expand.items())]
    return f"({','.join(parts)})" if parts else ""


def _digest(call: Call) -> str:
    others = sorted(pair for pair in call.operation.query if pair[0] != "$skiptoken")
    text = json.dumps([call.operation.path, others])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _next_link(call: Call, last: int) -> str:
    token = base64.urlsafe_b64encode(json.dumps([last, _digest(call)]).encode()).decode().rstrip("=")
    pairs = [(name, value) for name, value in call.operation.query if name != "$skiptoken"]
    query = "&".join(f"{quote(name, safe='$')}={quote(value)}" for name, value in [*pairs, ("$skiptoken", token)])
    path = quote(call.operation.path, safe="/()=,'$")
    return f"{_root(call)}{path}?{query}"


def _read_token(call: Call, token: str | None) -> int:
    if token is None:
        return 0
    try:
        last, digest = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except ValueError:
        raise bad_request("Invalid skip token.") from None
    if digest != _digest(call) or not isinstance(last, int):
        raise bad_request("The skip token does not belong to this query.")
    return last
