# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How large the pages are that long lists are asked for: what Graph takes is learnt while a task runs."""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import GraphError
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._http.throttling import TOO_SLOW

# Public code uses 999, 500 and 50 on assignments; 999 was answered with 504 in large tenants (contract, section 19).
LARGEST = 500
# Graph's own pages have about so many rows: asking for fewer is of no use.
SMALLEST = 100
_TOP = "$top"
_REFUSED = 400


class PageSizes:
    """What was learnt about each list, by its path: how large a page may be, or that Graph chooses that itself."""

    def __init__(self) -> None:
        self._sizes: dict[str, int | None] = {}

    def ask(self, call: Call) -> Call:
        """Return the call as it is sent: a long list in the largest pages that are not known to fail."""
        size = self._sizes.get(call.path, LARGEST) if call.is_long else None
        return replace(call, query={**call.query, _TOP: str(size)}) if size else call

    def learn(self, asked: Call, error: object) -> bool:
        """Learn from the refusal of a page; returns whether smaller pages, or Graph's own, may be read instead."""
        if is_too_large(asked, error):
            half = int(asked.query[_TOP]) // 2
            self._sizes[asked.path] = half if half >= SMALLEST else None
            return True
        if is_sized(asked) and isinstance(error, GraphError) and error.status == _REFUSED:
            self._sizes[asked.path] = None
            return True
        return False


def is_too_large(asked: Call, reply: object) -> bool:
    """Return whether a page failed for its size, as the same page will again: Graph ran out of time."""
    return isinstance(reply, GraphError) and reply.status == TOO_SLOW and is_sized(asked)


def is_sized(asked: Call) -> bool:
    """Return whether a call asks for pages of a size, by ``PageSizes.ask()``."""
    return asked.is_long and _TOP in asked.query
