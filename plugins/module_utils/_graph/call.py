# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One operation and its reply, and the dialect in which a version of Graph takes and gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError

# What may stay as it is in a query: OData's own marks, which keep an address readable.
_PLAIN = "$'(),/:="
# Without it Graph answers a member of an enumeration that is newer than the enumeration's first edition as
# unknownFutureValue (Graph documentation, "Best practices for working with Microsoft Graph").
PREFER = {"Prefer": "include-unknown-enum-members"}
# Actions that change nothing although they are sent with POST.
_READING_ACTIONS = ("/getApplicablePolicyRequirements",)


@dataclass(frozen=True)
class Call:
    """One operation: a path below the version, built by ``path()``, with its query and body.

    ``otherwise`` reads the same in a way with fewer or other options, for where Graph refuses this one with 400.
    ``by_user`` is true for what a user does who needs no administrator's role for it. ``is_long`` is true for a list of
    which many rows are expected, so that large pages are worth asking for.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    otherwise: Call | None = None
    by_user: bool = False
    is_long: bool = False

    @cached_property
    def url(self) -> str:
        """The path with its query, percent-encoded, without root and version."""
        query = urlencode(self.query, quote_via=quote, safe=_PLAIN, errors="surrogateescape")
        return f"{self.path}?{query}" if query else self.path

    @property
    def is_read(self) -> bool:
        """Return whether the call may be sent again whatever happened to it."""
        return self.method == "GET" or self.path.endswith(_READING_ACTIONS)


@dataclass(frozen=True)
class Response:
    """The answer to one operation that succeeded; ``body`` is null where there is none.

    ``asked`` is the call that was answered, where it was the second way of another.
    """

    status: int
    body: Any
    request_id: str | None = field(default=None, compare=False)
    asked: Call | None = field(default=None, compare=False)


# The same few paths are asked for once for each of thousands of people.
@lru_cache(maxsize=1000)
def path(*segments: str) -> str:
    """Build a path from its segments, each percent-encoded: no text can reach another place.

    Raises EntraError for ``.`` and ``..``, which HTTP libraries resolve even when they are encoded.
    """
    if any(segment in (".", "..") for segment in segments):
        raise EntraError("an id must not be a path of its own; nothing was sent")
    return "".join(f"/{quote(segment, safe='$')}" for segment in segments)


def literal(text: str) -> str:
    """Write a text as an OData string, its quotes doubled (OData 4.01, "URL Conventions", 5.1.1.14.1)."""
    return "'" + text.replace("'", "''") + "'"


def equals(member: str, text: str) -> str:
    """Build one comparison of an OData filter."""
    return f"{member} eq {literal(text)}"


@dataclass(frozen=True)
class Dialect:
    """What becomes of a call on its way out, and of the answer to it on its way in.

    ``answer`` is given the call as it was sent, and the body of a success.
    """

    call: Callable[[Call], Call]
    answer: Callable[[Call, Any], Any]


# The version in whose words everything is written.
PLAIN = Dialect(call=lambda call: call, answer=lambda _call, body: body)
