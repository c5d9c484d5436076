# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting: polls open requests together until none of them moves any more or the time is up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ansible_collections.idgov.entra.plugins.module_utils._core.clock import Clock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, GraphError, WaitTimeout
from ansible_collections.idgov.entra.plugins.module_utils._core.ids import same_id
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import OPEN_STATES, Request
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import list_requests
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.wire import read_request
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._graph.page import Page, parse_page

_GROWTH = 1.5
_LONGEST = 6.0


# Up to so many requests are polled one by one, in one batch; more of them by the lists of open requests.
_ONE_BY_ONE = 20


@dataclass(frozen=True)
class Watched:
    """A request that is waited for, and which call shows it to who made it, alone or in a list.

    C(package_id) is null where the caller may not read the package's requests.
    """

    request: Request
    seen_at: Call
    package_id: str | None


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

    def settle(self, watched: Sequence[Watched]) -> list[Request | EntraError | None]:
        """Poll requests until each has stopped moving, or the time is up; gives their last states, in order.

        Null is a request that is not among the open ones any more: many are polled by the lists of open requests,
        which do not say how one has ended. A request that cannot be read gives its error. Raises only what
        signing in raises.
        """
        for each in watched:
            self._states.setdefault(each.request.id, each.request.state)
        latest: list[Request | EntraError | None] = [each.request for each in watched]
        # The first of many have had their time while the last were sent.
        at_once = len(watched) > _ONE_BY_ONE
        while True:
            moving = [i for i, r in enumerate(latest) if isinstance(r, Request) and r.is_moving]
            if not moving or self.time_is_up:
                return latest
            if not at_once:
                self.pause()
            at_once = False
            before = [replace(watched[i], request=r) for i in moving if isinstance(r := latest[i], Request)]
            seen = self.look(before) if len(before) <= _ONE_BY_ONE else self._look_in_lists(before)
            for place, found in zip(moving, seen, strict=True):
                latest[place] = found
            if self._any_moved([w.request.id for w in before], seen):
                self.moved()

    def look(self, watched: Sequence[Watched]) -> list[Request | EntraError | None]:
        """Read requests once, each where it is shown."""
        distinct = {each.seen_at.url: each.seen_at for each in watched}
        found = dict(zip(distinct, self._graph.read_lists(list(distinct.values())), strict=True))
        return [_seen(each.request, found[each.seen_at.url]) for each in watched]

    def _look_in_lists(self, watched: Sequence[Watched]) -> list[Request | EntraError | None]:
        """Read the open requests of whole packages; those of a caller who may not are read where they are shown."""
        packages = list(dict.fromkeys(each.package_id for each in watched if each.package_id))
        calls = [list_requests(package_id, state) for package_id in packages for state in OPEN_STATES]
        lists = iter(self._graph.read_lists(calls))
        found: dict[str | None, dict[str | None, Request] | EntraError] = {}
        for package_id in packages:
            rows = [next(lists) for _dummy in OPEN_STATES]
            parsed = [parse_page(each, read_request) for each in rows]
            error = next((each for each in parsed if isinstance(each, EntraError)), None)
            found[package_id] = error or {r.id: r for each in parsed if isinstance(each, list) for r in each}
        own = iter(self.look([each for each in watched if not each.package_id]))
        return [_listed(each, found[each.package_id]) if each.package_id else next(own) for each in watched]

    def _any_moved(self, ids: Sequence[str | None], seen: Sequence[Request | EntraError | None]) -> bool:
        """Tell whether a request is in a state in which it was not seen before; lists may still show an older one."""
        states = {i: r.state if isinstance(r, Request) else "gone" for i, r in zip(ids, seen, strict=True)}
        news = {request_id: state for request_id, state in states.items() if self._states.get(request_id) != state}
        self._states.update(news)
        return bool(news)


def timed_out(what: str) -> WaitTimeout:
    """Make the error of a wait that was too long; C(what) says what has not come about yet."""
    return WaitTimeout(f"{what} and the time is up", hint="run again to go on from there, or raise wait_timeout")


def _listed(watched: Watched, found: dict[str | None, Request] | EntraError) -> Request | EntraError | None:
    return found if isinstance(found, EntraError) else found.get(watched.request.id)


def _seen(request: Request, rows: Page | EntraError) -> Request | EntraError:
    # A request that was just accepted may not be readable yet.
    if isinstance(rows, GraphError) and rows.status == 404:
        return request
    found = parse_page(rows, read_request)
    if isinstance(found, EntraError):
        return found
    return next((seen for seen in found if same_id(seen.id, request.id)), request)
