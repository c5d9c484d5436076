# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays a history under the source, and says what must not be: a fact that was not told, told twice, or made up."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from ansible_collections.idgov.entra.plugins.module_utils._events.source import Host, run_source
from ansible_collections.idgov.entra.plugins.module_utils._events.state import State
from tests.events.oracle import facts_of, granted_by_requests
from tests.events.tenant import LONGEST_LAG, Tenant
from tests.simulator.running import Running

Json = dict[str, Any]
WITHIN, STUCK_AFTER, LISTS = timedelta(days=14), timedelta(hours=2), timedelta(minutes=20)
OUTAGES: tuple[Json, ...] = (
    {"method": "GET", "effect": {"status": 503}},
    {"path": "batch$", "effect": {"status": 429, "retry_after": 7}},
    {"path": "batch$", "effect": {"status": 504}},
    {"path": "batch$", "effect": {"reset": "before"}},
    {"path": "batch$", "effect": {"truncate": 40}},
    {"method": "GET", "batch": True, "every": 2, "effect": {"status": 429}},
    {"method": "GET", "path": "/assignments$", "effect": {"status": 500}},
    {"path": "batch$", "times": 1, "effect": {"token_expired": True}},
)
DOUBTS = ("rows_twice", "reordered", "empty_pages", "short_pages")
NOT_TOLD = "not told:"
# What has to be told if it was so at a reading; what is over before that may be seen nowhere. That goes for a grant, too:
# one in part, of a request that was delivered again and failed then.
PASSING = ("request_pending", "request_sched", "request_wait", "assignment_granted")
# Where a source may be killed: before or after it hands over, before or after it notes.
PLACES = ("put before", "put after", "report before", "report after", "finish before", "finish after")


class Killed(BaseException):
    """The source was killed."""


class Over(BaseException):
    """The history is over."""


@dataclass(frozen=True)
class Plan:
    """What a seed has drawn: how many readings, how often, from when on, and what is done to the source."""

    seed: int
    readings: int
    interval: int = 300
    start: str = "now"
    kills: bool = False
    outages: bool = False
    doubts: tuple[str, ...] = ()


@dataclass
class Played:
    """What was told and what was so; ``kills`` are the moments at which a fact may have been in flight."""

    told: list[Json] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    kills: int = 0
    readings: int = 0
    happened: int = 0
    span: timedelta = timedelta()

    @property
    def repeats(self) -> int:
        """How many events were the same again."""
        return len(self.told) - len({event["id"] for event in self.told})

    @property
    def lost(self) -> int:
        """How many facts were not told."""
        return sum(fault.startswith(NOT_TOLD) for fault in self.faults)


def draw(seed: int, readings: int) -> Plan:
    """Draw a plan."""
    random = Random(f"plan {seed}")
    return Plan(
        seed=seed,
        readings=readings,
        interval=random.choice((60, 300, 300, 900, 3600)),
        start=random.choice(("now", "now", "all")),
        kills=random.random() < 0.5,
        outages=random.random() < 0.5,
        doubts=tuple(random.sample(DOUBTS, random.randrange(3))),
    )


def play(sim: Running, plan: Plan, directory: Path) -> Played:
    """Play a plan to its end."""
    return _History(sim, plan, directory).play()


class _History:
    def __init__(self, sim: Running, plan: Plan, directory: Path) -> None:
        self._plan = plan
        self._random = Random(f"history {plan.seed}")
        self._tenant = Tenant(sim, self._random)
        sim.contrary(*plan.doubts)
        self._played = Played()
        self._left = plan.readings
        self._quiet = False
        # What has been so at some time, what has to be told, and what was known at the start.
        self._true: set[str] = set()
        self._must: set[str] = set()
        self._known: set[str] | None = None
        self._expiring_in_time: set[str] = set()
        self._failed_at: dict[str, datetime] = {}
        self._delivering: dict[str, datetime] = {}
        # What may look as if it had been delivering since then, and for too long: who only reads now and then does not see
        # a failure that somebody had delivered again at once.
        self._seen_delivering: dict[str, datetime] = {}
        self._stuck: set[str] = set()
        # Grants of which nobody may have seen more than the request: at any time, now, and at the start.
        self._granted: set[str] = set()
        self._granted_now: set[str] = set()
        self._granted_at_start: set[str] = set()
        self._arguments = {
            "state_path": str(directory / f"state-{plan.seed}"),
            "interval": plan.interval,
            "start": plan.start,
            "list_interval": "PT20M",
            "retries": 0,
        }

    def play(self) -> Played:
        started = self._tenant.now()
        self._sample()
        while True:
            try:
                with self._killing():
                    asyncio.run(run_source(self, self._arguments, self._host()))
            except Killed:
                self._played.kills += 1
                continue
            except Over:
                break
        self._played.span = self._tenant.now() - started
        self._played.happened = self._tenant.happened
        self._played.faults = list(self._wrong())
        self._tenant.sim.contrary()
        return self._played

    def _host(self) -> Host:
        warn = self._played.logged.append
        environ = self._tenant.sim.environment
        return Host(environ, warn, warn, lambda event, _secrets: event, self._tenant, self.pause)

    async def put(self, event: Json) -> None:
        """Take an event, as ansible-rulebook's queue does."""
        self._perhaps_die("put before")
        self._played.told.append(event)
        self._perhaps_die("put after")

    async def pause(self, seconds: float) -> None:
        """Let time pass and things happen after a reading."""
        self._after_reading()
        self._played.readings += 1
        self._left -= 1
        if self._left <= 0 and not self._quiet:
            # In the end all is well for so long that every list is read.
            self._quiet = True
            self._tenant.disturb()
            self._left = int((LISTS.total_seconds() * 2 + LONGEST_LAG) // self._plan.interval) + 3
        elif self._left <= 0:
            raise Over
        elif not self._quiet and self._plan.outages and self._random.random() < 0.15:
            self._tenant.disturb(*([] if self._tenant.is_disturbed else [self._random.choice(OUTAGES)]))
        pieces = 1 if self._quiet else self._random.randrange(1, 4)
        for _piece in range(pieces):
            self._tenant.pause(seconds / pieces)
            if not self._quiet or self._left == 1:
                self._sample()
            else:
                self._sample_what_time_brings()
            if not self._quiet and self._random.random() < 0.5:
                self._tenant.happen()
                self._sample()

    def _sample(self) -> None:
        """Look at the tenant as it is."""
        state, now = self._tenant.sim.dump(), self._tenant.now()
        facts = facts_of(state, now, WITHIN)
        for gone in [each for each in self._failed_at if each not in facts]:
            # It was there for so long that it was read.
            if now - self._failed_at.pop(gone) > LISTS * 2 + timedelta(seconds=20 * self._plan.interval):
                self._must.add(gone)
        for fact in facts - self._true:
            if fact.startswith("request_failed"):
                self._failed_at[fact] = now
        self._true |= facts
        self._granted_now = granted_by_requests(state)
        self._granted |= self._granted_now
        self._now_true = facts
        self._time_deliveries(state, now)

    def _sample_what_time_brings(self) -> None:
        """Look in the quiet end at what comes about although nobody does anything."""
        state, now = self._tenant.sim.dump(), self._tenant.now()
        self._time_deliveries(state, now)
        if self._left == int(LISTS.total_seconds() // self._plan.interval) + 2:
            # Only the list tells these: what comes later may be told after the history is over.
            self._expiring_in_time = {f for f in facts_of(state, now, WITHIN) if f.startswith("assignment_expiring")}

    def _time_deliveries(self, state: Json, now: datetime) -> None:
        delivering = {row["id"] for row in state["requests"] if row["state"] == "delivering"}
        self._delivering = {key: self._delivering.get(key, now) for key in delivering}

    def _after_reading(self) -> None:
        if self._known is None:
            self._granted_at_start = self._granted_now
            self._known = set() if self._plan.start == "all" else set(self._now_true)
        now = self._tenant.now()
        hidden = self._seen_delivering.keys() if self._tenant.is_disturbed else ()
        self._seen_delivering = {key: self._seen_delivering.get(key, now) for key in {*self._delivering, *hidden}}
        self._stuck |= {key for key, since in self._seen_delivering.items() if now - since >= STUCK_AFTER}
        if not self._tenant.is_disturbed:
            self._must |= {fact for fact in self._now_true if fact.startswith(PASSING)}

    def _wrong(self) -> Iterator[str]:
        told = Counter(str(event["id"]) for event in self._played.told)
        known = self._known or set()
        granted = self._granted_now - self._granted_at_start
        late = {f for f in self._now_true if f.startswith("assignment_expiring")} - self._expiring_in_time
        last = (self._now_true - late) | granted | self._must
        yield from (f"{NOT_TOLD} {fact}" for fact in sorted(last - known - set(told)))
        made_up = {fact for fact in told if not fact.startswith("request_stuck")} - self._true - self._granted
        yield from (f"made up: {fact}" for fact in sorted(made_up))
        yield from (f"told although it was known: {fact}" for fact in sorted(known & set(told)))
        twice = {fact: count for fact, count in told.items() if count > 1}
        if self._played.repeats > self._played.kills:
            yield f"told twice, after {self._played.kills} kills: {twice}"
        stuck = {fact.split(":")[1] for fact in told if fact.startswith("request_stuck")}
        yield from (f"not stuck: {key}" for key in sorted(stuck - self._stuck))
        if not self._plan.kills and not self._plan.outages:
            long = {key for key, since in self._delivering.items() if self._tenant.now() - since >= STUCK_AFTER * 2}
            yield from (f"stuck and not told: {key}" for key in sorted(long - stuck))

    def _perhaps_die(self, place: str) -> None:
        if self._plan.kills and not self._quiet and self._random.random() < 0.02:
            raise Killed(place)

    @contextmanager
    def _killing(self) -> Iterator[None]:
        report, finish = State.report, State.finish

        def killing_report(state: State, *given: Any) -> None:
            self._perhaps_die("report before")
            report(state, *given)
            self._perhaps_die("report after")

        def killing_finish(state: State, *given: Any, **named: Any) -> None:
            self._perhaps_die("finish before")
            finish(state, *given, **named)
            self._perhaps_die("finish after")

        with patch.object(State, "report", killing_report), patch.object(State, "finish", killing_finish):
            yield
