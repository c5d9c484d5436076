# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting: polls open requests together until none of them moves any more or the time is up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.idgov.entra.plugins.module_utils._core.clock import Clock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, GraphError, WaitTimeout
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Request
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import get_request
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.wire import read_request
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient

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

    def settle(self, requests: Sequence[Request]) -> list[Request | EntraError]:
        """Poll requests until each has stopped moving, or the time is up; gives their last states, in order.

        A request that cannot be read gives its error. Raises only what signing in raises.
        """
        for request in requests:
            self._states.setdefault(request.id, request.state)
        latest: list[Request | EntraError] = list(requests)
        while True:
            places = [i for i, r in enumerate(latest) if isinstance(r, Request) and r.is_moving]
            if not places or self.time_is_up:
                return latest
            self.pause()
            before = [latest[place] for place in places]
            for place, seen in zip(places, self._look([r for r in before if isinstance(r, Request)]), strict=True):
                latest[place] = seen
            if self._any_moved([latest[place] for place in places]):
                self.moved()

    def _any_moved(self, seen: Sequence[Request | EntraError]) -> bool:
        """Tell whether a request is in a state in which it was not seen before; lists may still show an older one."""
        news = {r.id: r.state for r in seen if isinstance(r, Request) and self._states.get(r.id) != r.state}
        self._states.update(news)
        return bool(news)

    def _look(self, requests: Sequence[Request]) -> list[Request | EntraError]:
        outcomes = self._graph.send_all([get_request(request.id or "") for request in requests])
        return [_seen(request, outcome) for request, outcome in zip(requests, outcomes, strict=True)]


def timed_out(what: str) -> WaitTimeout:
    """Make the error of a wait that was too long; C(what) says what has not come about yet."""
    return WaitTimeout(f"{what} and the time is up", hint="run again to go on from there, or raise wait_timeout")


def _seen(request: Request, outcome: object) -> Request | EntraError:
    if isinstance(outcome, GraphError) and outcome.status == 404:
        # A request that was just accepted may not be readable yet.
        return request
    if isinstance(outcome, EntraError):
        return outcome
    return read_request(getattr(outcome, "body", None) or {})
