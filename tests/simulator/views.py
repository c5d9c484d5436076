# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows what the store holds in the names of one version, with its expansions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .filters import Filterable
from .model import Answer, Policy, Request
from .odata_query import Expand, Options
from .schema import SENTINEL, Schema
from .store import Store
from .switches import Switches

Json = dict[str, Any]
Link = tuple[str, Any]
Render = Callable[["View", Any], Json]
Navigate = Callable[["View", Any], Link]
ACCEPT_ALL = Options()


@dataclass(frozen=True)
class Dialect:
    """What one version of Graph calls what the store holds; kinds are the names of Graph's types.

    ``schemas`` has a schema for each cloud. ``collections`` leads from a collection of v1.0 to its name here,
    ``body_names`` from a member of a request body here to its name in v1.0, ``request_types`` from a word of
    ``requestType`` in lower case to the word of v1.0. ``filterable`` leaves of a collection's filter what is documented.
    ``unasked`` writes, by kind and expanded navigation, what comes in it without being asked for.
    """

    schemas: Mapping[str, Schema]
    render: Mapping[str, Render]
    navigation: Mapping[str, Mapping[str, Navigate]]
    expand: Mapping[str, dict[str, Expand]]
    collections: Mapping[str, str]
    body_names: Mapping[str, str]
    request_types: Mapping[str, str]
    filterable: Callable[[str, Filterable], Filterable]
    unasked: Mapping[tuple[str, str], Render] = field(default_factory=dict)


@dataclass(frozen=True)
class View:
    """The store as a caller sees it: the readings in force, the version, and what was ordered.

    ``future_words`` tells whether the caller takes enum members after unknownFutureValue. ``ordered`` holds, by kind,
    members that a fault puts into answers; ``root`` is the address of the version.
    """

    store: Store
    switches: Switches
    dialect: Dialect
    future_words: bool = False
    ordered: Mapping[str, Json] | None = None
    root: str = ""

    @property
    def schema(self) -> Schema:
        """The types as the simulated cloud has them."""
        return self.dialect.schemas[self.switches["cloud"]]


@dataclass(frozen=True)
class FutureAssignment:
    """The assignment of a request that has not made it yet."""

    id: str
    subject_id: str


@dataclass(frozen=True)
class Applicable:
    """A policy under which somebody may ask, and what they answered before."""

    policy: Policy
    answers: tuple[Answer, ...]


def show(view: View, kind: str, item: Any, options: Options = ACCEPT_ALL, context: str | None = None) -> Json:
    """Write an item of a kind, with the members and expansions asked for.

    Given the ``context`` of an item that is not within another, its expanded lists have theirs, as recorded answers do.
    """
    body = options.keep(_members(view, kind, view.dialect.render[kind](view, item)))
    for name, nested in options.expand.items():
        linked_kind, linked = view.dialect.navigation[kind][name](view, item)
        if isinstance(linked, list):
            if context:
                body[f"{name}@odata.context"] = f"{context}('{item.id}')/{name}"
            body[name] = [show(view, linked_kind, each, nested) for each in linked]
        elif linked is None:
            body[name] = None
        else:
            unasked = view.dialect.unasked.get((kind, name))
            body[name] = {
                **show(view, linked_kind, linked, nested),
                **(unasked(view, linked) if unasked else {}),
            }
    return body


def _members(view: View, kind: str, body: Json) -> Json:
    """Leave out what the cloud lacks, put in what was ordered, and hide words that the caller does not expect."""
    type_name = str(body.get("@odata.type", kind)).rpartition(".")[2]
    known = type_name in view.schema.types
    members = view.schema.members_of(type_name) if known else {}
    lacking = set(view.dialect.schemas["global"].members_of(type_name)) - set(members) if known else set()
    shown = {name: value for name, value in body.items() if name not in lacking}
    shown.update((view.ordered or {}).get(kind, {}))
    for name, member in members.items():
        words = view.schema.enums.get(member.type, ())
        if SENTINEL in words and isinstance(shown.get(name), str) and not view.future_words:
            shown[name] = shown[name] if shown[name] in words[: words.index(SENTINEL)] else SENTINEL
    return shown


def accepted_request(view: View, item: Request) -> Json:
    """Write the thin answer to a create call: accepted, nothing dated yet (create page, examples 4 and 5)."""
    thin = replace(item, state="submitted", status="Accepted", completed=None)
    return {**show(view, "accessPackageAssignmentRequest", thin), "createdDateTime": None}
