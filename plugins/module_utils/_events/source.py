# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source: reads, tells, notes what was told, and pauses, until somebody ends it or it cannot go on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from ansible_collections.idgov.entra.plugins.module_utils._core.clock import Clock, SystemClock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    GraphError,
    SignInError,
    TransportError,
)
from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable
from ansible_collections.idgov.entra.plugins.module_utils._core.secrets import (
    masked_when_unforeseen,
    spellings,
    spellings_of,
    without,
)
from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Request
from ansible_collections.idgov.entra.plugins.module_utils._events.arguments import (
    FEEDBACK_QUEUE,
    Arguments,
    read_arguments,
)
from ansible_collections.idgov.entra.plugins.module_utils._events.facts import Fact
from ansible_collections.idgov.entra.plugins.module_utils._events.poll import KEPT, Reader, Reading, check_progress
from ansible_collections.idgov.entra.plugins.module_utils._events.state import ASSIGNMENT, REQUEST, State, open_state
from ansible_collections.idgov.entra.plugins.module_utils._results.lists import listed_request
from ansible_collections.idgov.entra.plugins.module_utils._results.results import assignment_result
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import Context, failure, sign_in

Event = dict[str, Any]
# Busy, broken, unavailable: it may be over at the next reading.
_PASSING = frozenset({429, 500, 502, 503, 504})


class Queue(Protocol):
    """Where ansible-rulebook takes events from."""

    async def put(self, event: Event) -> None:
        """Hand over an event; waits while the rulebook is busy."""


class SourceEnded(Exception):
    """The source cannot go on; its text is one sentence that says why."""


async def _sleep(seconds: float) -> None:
    await asyncio.sleep(seconds)


@dataclass(frozen=True)
class Host:
    """What the source is given besides its arguments; ``mask`` gives an event without the secrets in it."""

    environ: Mapping[str, str]
    warn: Callable[[str], None]
    log: Callable[[str], None]
    mask: Callable[[Event, frozenset[str]], Event]
    clock: Clock = field(default_factory=SystemClock)
    pause: Callable[[float], Awaitable[None]] = _sleep


async def run_source(queue: Queue, given: Mapping[str, Any], host: Host) -> None:
    """Send events about changes until this is cancelled; raises SourceEnded where it cannot go on."""
    secrets: set[str] = set()
    feedback = given.get(FEEDBACK_QUEUE)
    try:
        arguments = read_arguments({name: value for name, value in given.items() if name != FEEDBACK_QUEUE})
        secrets |= spellings_of(arguments.secrets)
        with masked_when_unforeseen(secrets), open_state(arguments.state_path, check_progress) as state:
            await _Source(queue, feedback, arguments, state, host, secrets).run()
    except EntraError as error:
        raise SourceEnded(without(failure(error)["msg"], list(secrets))) from None


class _Source:
    """A source with its state open."""

    def __init__(
        self,
        queue: Queue,
        feedback: Any,
        arguments: Arguments,
        state: State,
        host: Host,
        secrets: set[str],
    ) -> None:
        self._queue = queue
        self._feedback = feedback
        self._arguments = arguments
        self._state = state
        self._host = host
        self._secrets = secrets
        self._context = Context(
            options={**arguments.options, "api_version": "v1.0"},
            environ=host.environ,
            check_mode=False,
            clock=host.clock,
            keep_secret=lambda secret: secrets.update(spellings(secret)),
            warn=lambda sentence: self._say(host.warn, sentence),
            log=lambda line: self._say(host.log, line),
        )
        # Since when nothing could be read; null while all is well.
        self._out_since: float | None = None

    async def run(self) -> None:
        """Read, tell and pause for ever; raises EntraError for what the next reading would not change."""
        self._look_at_state()
        while True:
            with sign_in(self._context) as signed_in:
                reader = Reader(signed_in.graph, self._arguments.interest, self._context.warn)
                while not await self._went_wrong(reader):
                    await self._host.pause(self._arguments.interval)
            # A sign-in that has failed is remembered: the next reading begins with a new one.

    async def _went_wrong(self, reader: Reader) -> bool:
        """Read once, and ride out what passes; tell whether it went wrong, and then the pause is over already."""
        try:
            await self._read(reader)
        except EntraError as error:
            passing = _passing(error)
            if passing is None:
                raise
            if self._out_since is None:
                self._out_since = self._host.clock.elapsed()
                self._context.warn(f"{_sentence(error)} It is tried again every {self._arguments.interval} s.")
            await self._host.pause(max(self._arguments.interval, passing.retry_after or 0.0))
            return True
        if self._out_since is not None:
            seconds = round(self._host.clock.elapsed() - self._out_since)
            self._out_since = None
            self._context.warn(f"Reading goes on, after {timedelta(seconds=seconds)}.")
        return False

    async def _read(self, reader: Reader) -> None:
        now = self._host.clock.now()
        for read in await asyncio.to_thread(lambda: list(reader.readings(self._state, now))):
            reading: Reading = await asyncio.to_thread(read)
            for fact in reading.facts:
                await self._tell(fact)
            await asyncio.to_thread(self._state.finish, reading.changed, reading.progress, forget_before=now - KEPT)

    async def _tell(self, fact: Fact) -> None:
        """Hand over an event, and only then note that it was told."""
        await self._queue.put(self._host.mask(event_of(fact), frozenset(self._secrets)))
        if self._feedback is not None:
            await self._feedback.get()
        what = REQUEST if isinstance(fact.row, Request) else ASSIGNMENT
        await asyncio.to_thread(self._state.report, what, fact.object_id, fact.mark)

    def _look_at_state(self) -> None:
        options, path = self._arguments.options, self._arguments.state_path
        names = ("tenant_id", "cloud_environment", "graph_url", "access_packages", "catalog")
        has_moved = self._state.adopt(json.dumps([options.get(name) for name in names]))
        what = "told" if self._arguments.interest.from_the_beginning else "taken as known"
        if self._state.was_damaged:
            self._context.warn(f"{path} was damaged and is now {path}.damaged; what there is now is {what}.")
        elif self._state.is_new:
            self._context.warn(f"{path} is new; what there is now is {what}.")
        elif has_moved:
            self._context.warn(
                f"{path} was about another tenant or other access packages; what there is now is {what}."
            )

    def _say(self, log: Callable[[str], None], sentence: str) -> None:
        log(without(printable(sentence), list(self._secrets)))


def event_of(fact: Fact) -> Event:
    """Return the event of a fact: the row that it is about as the info modules give it, the other one null."""
    return {
        "kind": fact.kind,
        "id": fact.id,
        "occurred": _written(fact),
        "request": listed_request(fact.row) if isinstance(fact.row, Request) else None,
        "assignment": None if isinstance(fact.row, Request) else assignment_result(fact.row),
    }


def _written(fact: Fact) -> str | None:
    return format_instant(fact.occurred) if fact.occurred else None


def _passing(error: EntraError) -> GraphError | TransportError | None:
    """Return why the next reading may well succeed: no answer, or one that says to come back; null where it will not."""
    reason = error.__cause__ if isinstance(error, SignInError) else error
    if isinstance(reason, TransportError) or (isinstance(reason, GraphError) and reason.status in _PASSING):
        return reason
    return None


def _sentence(error: EntraError) -> str:
    return str(failure(error)["msg"])
