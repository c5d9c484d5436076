# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting: polls open requests together until none of them moves any more or the time is up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.idgov.entra.plugins.module_utils._core.clock import Clock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, GraphError
from ansible_collections.idgov.entra.plugins.module_utils._core.ids import same_id
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Request
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.wire import read_request
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient, Page

_GROWTH = 1.5
_LONGEST = 6.0


@dataclass(frozen=True)
class Patience:
    """How long to wait: seconds since something moved, and seconds between two looks at first."""

    timeout: int
    interval: int


class Waiter:
    """Watches requests; the time counts from the last one that moved."""

    def __init__(self, graph: GraphClient, clock: Clock, patience: Patience) -> None:
        self._graph = graph
        self._clock = clock
        self._patience = patience
        self._moved = clock.elapsed()
        self._pause = float(patience.interval)
        self._states: dict[str | None, str] = {}

    def moved(self) -> None:
        """Take note that something moved, so that the time counts anew."""
        self._moved = self._clock.elapsed()
        self._pause = float(self._patience.interval)

    @property
    def time_is_up(self) -> bool:
        """Tell whether nothing has moved for as long as patience lasts."""
        return self._clock.elapsed() - self._moved >= self._patience.timeout

    def pause(self) -> None:
        """Pause before the next look, longer each time, but not beyond the end of patience."""
        left = self._patience.timeout - (self._clock.elapsed() - self._moved)
        self._clock.pause(max(0.0, min(self._pause, left)))
        self._pause = min(self._pause * _GROWTH, self._patience.interval * _LONGEST)

    def settle(self, requests: Sequence[Request], places: Mapping[str, Call]) -> list[Request | EntraError]:
        """Poll requests until each has stopped moving, or the time is up; gives their last states, in order.

        C(places) says for each id which call shows the request, alone or in a list.
        A request that cannot be read gives its error. Raises only what signing in raises.
        """
        for request in requests:
            self._states.setdefault(request.id, request.state)
        latest: list[Request | EntraError] = list(requests)
        while True:
            moving = [i for i, r in enumerate(latest) if isinstance(r, Request) and r.is_moving]
            if not moving or self.time_is_up:
                return latest
            self.pause()
            before = [r for r in (latest[i] for i in moving) if isinstance(r, Request)]
            for i, seen in zip(moving, self._look(before, places), strict=True):
                latest[i] = seen
            if self._any_moved([latest[i] for i in moving]):
                self.moved()

    def _any_moved(self, seen: Sequence[Request | EntraError]) -> bool:
        """Tell whether a request is in a state in which it was not seen before; lists may still show an older one."""
        news = {r.id: r.state for r in seen if isinstance(r, Request) and self._states.get(r.id) != r.state}
        self._states.update(news)
        return bool(news)

    def _look(self, requests: Sequence[Request], places: Mapping[str, Call]) -> list[Request | EntraError]:
        calls = {request.id: places[request.id or ""] for request in requests}
        distinct = {call.url: call for call in calls.values()}
        found = dict(zip(distinct, self._graph.read_lists(list(distinct.values())), strict=True))
        return [_seen(request, found[calls[request.id].url]) for request in requests]


def _seen(request: Request, rows: Page | EntraError) -> Request | EntraError:
    # A request that was just accepted may not be readable yet.
    if isinstance(rows, GraphError) and rows.status == 404:
        return request
    if isinstance(rows, EntraError):
        return rows
    return next((seen for seen in map(read_request, rows) if same_id(seen.id, request.id)), request)
