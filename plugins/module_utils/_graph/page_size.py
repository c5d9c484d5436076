# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How large the pages are that long lists are asked for: what Graph takes is learnt while a task runs."""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.idgov.entra.plugins.module_utils._core.clock import Clock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import GraphError
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._http.throttling import TOO_SLOW, USUAL_PAGE

# Public code uses 999, 500 and 50 on assignments; 999 was answered with 504 in large tenants (contract, section 19).
LARGEST = 500
# Graph's own choice.
_NONE = 0
# How long it is remembered: Graph may only have been busy, and a client may live for weeks.
_REMEMBERED = 3600.0
_TOP = "$top"
_REFUSED = 400


class PageSizes:
    """What was learnt about each list, by its path: how large a page may be, or that Graph chooses that itself."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._learnt: dict[str, tuple[int, float]] = {}

    def ask(self, call: Call) -> Call:
        """Return the call as it is sent: a long list in the largest pages that are not known to fail."""
        if _TOP in call.query:
            # A size of the caller's own says nothing of what Graph takes.
            return replace(call, is_long=False)
        return _sized(call, self._size(call)) if call.is_long else call

    def learn(self, answered: Call) -> None:
        """Learn from a page that came, where larger ones did not; answers may be late, and in any order."""
        size = int(answered.query.get(_TOP, _NONE))
        if answered.is_long and size < self._size(answered):
            self._learnt[answered.path] = (size, self._clock.elapsed())

    def _size(self, call: Call) -> int:
        size, since = self._learnt.get(call.path, (LARGEST, 0.0))
        return size if self._clock.elapsed() - since < _REMEMBERED else LARGEST


def smaller_pages(asked: Call, reply: object) -> Call | None:
    """Return the call for smaller pages, or for Graph's own, where a page may have failed for its size; else null."""
    if is_too_large(asked, reply):
        half = int(asked.query[_TOP]) // 2
        return _sized(asked, half if half >= USUAL_PAGE else _NONE)
    if is_sized(asked) and isinstance(reply, GraphError) and reply.status == _REFUSED:
        return _sized(asked, _NONE)
    return None


def _sized(call: Call, size: int) -> Call:
    query = {name: value for name, value in call.query.items() if name != _TOP}
    return replace(call, query={**query, _TOP: str(size)} if size else query)


def is_too_large(asked: Call, reply: object) -> bool:
    """Return whether a page failed for its size, as the same page will again: Graph ran out of time."""
    return isinstance(reply, GraphError) and reply.status == TOO_SLOW and is_sized(asked)


def is_sized(asked: Call) -> bool:
    """Return whether a call asks for pages of a size, by ``PageSizes.ask()``."""
    return asked.is_long and _TOP in asked.query
