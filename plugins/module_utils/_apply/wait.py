# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting: polls open requests together until none of them moves any more or the time is up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from ansible_collections.idgov.entra.plugins.module_utils._core.clock import Clock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, GraphError, WaitTimeout
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import same_id
from ansible_collections.idgov.entra.plugins.module_utils._declare.declaration import Patience
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import OPEN_STATES, Request
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.own_lists import fetch_whole_lists
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import ANYWHERE, get_request, list_requests
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.rows import RequestRow, lacking, read_request_row
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._graph.page import Page, Single, parse_one, parse_page

_GROWTH = 1.5
_LONGEST = 6.0


# Up to so many requests are polled one by one, in one batch; more of them by the lists of open requests.
_ONE_BY_ONE = 20
_Found: TypeAlias = "dict[str, Request | EntraError]"


@dataclass(frozen=True)
class Watched:
    """A request that is waited for, and the list that shows it to who made it; null where it is read by its id.

    ``package_id`` is null where the caller may not read the package's requests.
    """

    request: Request
    listed_at: Call | None
    package_id: str | None


class Waiter:
    """Watches requests; the time counts from the last one that moved."""

    def __init__(self, graph: GraphClient, clock: Clock, patience: Patience) -> None:
        self._graph = graph
        self._clock = clock
        self._patience = patience
        self._moved = clock.elapsed()
        self._pause = float(patience.interval)
        self._states: dict[str | None, str] = {}
        self._shows_removals = False

    def moved(self) -> None:
        """Take note that something moved, so that the time counts anew."""
        self._moved = self._clock.elapsed()
        self._pause = float(self._patience.interval)

    @property
    def time_is_up(self) -> bool:
        """Return whether nothing has moved for as long as patience lasts."""
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
            for index, found in zip(moving, seen, strict=True):
                latest[index] = found
            if self._any_moved([w.request.id for w in before], seen):
                self.moved()

    def look(self, watched: Sequence[Watched]) -> list[Request | EntraError | None]:
        """Read requests once, each where it is shown."""
        own = {each.listed_at.url: each.listed_at for each in watched if each.listed_at}
        alone = list(dict.fromkeys(each.request.id or "" for each in watched if not each.listed_at))
        pages, singles = self._graph.fetch(list(own.values()), [get_request(request_id) for request_id in alone])
        lists, objects = dict(zip(own, pages, strict=True)), dict(zip(alone, singles, strict=True))
        return [
            _in_list(each.request, lists[each.listed_at.url])
            if each.listed_at
            else _alone(each.request, objects[each.request.id or ""])
            for each in watched
        ]

    def _look_in_lists(self, watched: Sequence[Watched]) -> list[Request | EntraError | None]:
        """Read the open requests of whole packages; those of a caller who may not are read where they are shown.

        Until a package's list shows a removal, those that move are read without the package, too.
        """
        packages = list(dict.fromkeys(each.package_id for each in watched if each.package_id))
        calls = [list_requests(package_id, state) for package_id in packages for state in OPEN_STATES]
        removing = any(each.package_id and each.request.removes for each in watched)
        anywhere = ANYWHERE if removing and not self._shows_removals else ()
        lists = fetch_whole_lists(self._graph, [*calls, *anywhere])
        size = len(OPEN_STATES)
        shown = {id_: _open_now(lists[size * at : size * (at + 1)]) for at, id_ in enumerate(packages)}
        rows = [row for found in shown.values() if isinstance(found, dict) for row in found.values()]
        self._shows_removals = self._shows_removals or any(isinstance(r, Request) and r.removes for r in rows)
        # A caller with a role on some catalogs may not read without a package.
        elsewhere = {} if self._shows_removals else _open_now(lists[len(calls) :])
        alone = [each for each in watched if not each.package_id or _is_hidden(each, shown[each.package_id], elsewhere)]
        looked = dict(zip(map(id, alone), self.look(alone), strict=True))
        return [
            looked[id(each)] if id(each) in looked else _listed(each, shown[each.package_id or ""], elsewhere)
            for each in watched
        ]

    def _any_moved(self, ids: Sequence[str | None], seen: Sequence[Request | EntraError | None]) -> bool:
        """Return whether a request is in a state in which it was not seen before; lists may still show an older one."""
        states = {i: r.state if isinstance(r, Request) else "gone" for i, r in zip(ids, seen, strict=True)}
        news = {request_id: state for request_id, state in states.items() if self._states.get(request_id) != state}
        self._states.update(news)
        return bool(news)


def timed_out(what: str) -> WaitTimeout:
    """Make the error of a wait that was too long; ``what`` says what has not come about yet."""
    return WaitTimeout(
        f"{what} and wait_timeout has elapsed", hint="run the task again to continue, or raise wait_timeout"
    )


def _open_now(lists: Sequence[Page | EntraError]) -> _Found | EntraError:
    """Return the requests in lists by their ids in lower case, or the error of the first list that failed."""
    found: _Found = {}
    for page in lists:
        rows = parse_page(page, read_request_row)
        if isinstance(rows, EntraError):
            return rows
        found.update({(row.request.id or "").lower(): _complete(row) for row in rows})
    return found


def _complete(row: RequestRow) -> Request | EntraError:
    return lacking("request", row.request.id, row.missing) if row.missing else row.request


def _is_hidden(watched: Watched, shown: _Found | EntraError, elsewhere: _Found | EntraError) -> bool:
    """Return whether a removal may be open without any list that shows it."""
    unread = isinstance(elsewhere, GraphError) and elsewhere.status == 403
    return unread and watched.request.removes and isinstance(shown, dict) and _key(watched) not in shown


def _listed(
    watched: Watched, shown: _Found | EntraError, elsewhere: _Found | EntraError
) -> Request | EntraError | None:
    if isinstance(shown, EntraError):
        return shown
    if _key(watched) in shown or not watched.request.removes:
        return shown.get(_key(watched))
    return elsewhere if isinstance(elsewhere, EntraError) else elsewhere.get(_key(watched))


def _key(watched: Watched) -> str:
    return (watched.request.id or "").lower()


def _alone(request: Request, single: Single | EntraError) -> Request | EntraError:
    # A request that was just accepted may not be readable yet.
    if isinstance(single, GraphError) and single.status == 404:
        return request
    row = parse_one(single, read_request_row)
    if isinstance(row, EntraError):
        return row
    return _complete(row) if same_id(row.request.id, request.id) else request


def _in_list(request: Request, page: Page | EntraError) -> Request | EntraError:
    rows = parse_page(page, read_request_row)
    if isinstance(rows, EntraError):
        return rows
    return next((_complete(row) for row in rows if same_id(row.request.id, request.id)), request)
