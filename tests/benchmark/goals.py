# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The performance goals as data: what is measured, and the most that it may be."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tests.benchmark import convergence, reading, satisfied
from tests.benchmark.convergence import AGAIN, AGAIN_BY_NAME, FIRST, FLOOR, MANY, ONE_BY_ONE, URI
from tests.simulator.settings import Settings

PAGE = Settings().page_size
# Graph takes 15 clauses a filter, two of which name one person, and a batch holds 20 such look-ups.
NAMES_IN_A_BATCH = 140
COUNTS = (100, 1000, 5000)


@dataclass(frozen=True)
class Figures:
    """All that was measured."""

    tasks: Sequence[satisfied.Task]
    rows: Sequence[convergence.ConvergenceRow]
    reading: Sequence[reading.ReadingRow] = ()

    def task(self, way: str) -> satisfied.Task | None:
        """Find the cost of one satisfied task."""
        return next((task for task in self.tasks if task.way == way), None)

    def row(self, way: str, run: str, people: int) -> convergence.ConvergenceRow | None:
        """Find the row of a run."""
        return next((row for row in self.rows if (row.way, row.run, row.people) == (way, run, people)), None)


Figure: TypeAlias = Callable[[Figures], "float | None"]


@dataclass(frozen=True)
class Goal:
    """Something that shall be at most so much; ``figure`` gives None where it was not measured."""

    text: str
    most: float
    figure: Figure


@dataclass(frozen=True)
class Verdict:
    """A goal, and how it came out."""

    goal: str
    most: float
    measured: float | None

    @property
    def words(self) -> str:
        """Return it in a word or two."""
        if self.measured is None:
            return "not measured"
        return "met" if self.measured <= self.most else "not met"


def verdicts(figures: Figures) -> list[Verdict]:
    """Hold the figures against the goals."""
    return [Verdict(goal.text, goal.most, goal.figure(figures)) for goal in GOALS]


def _of_task(way: str, member: str) -> Figure:
    def figure(figures: Figures) -> float | None:
        task = figures.task(way)
        return getattr(task, member) if task else None

    return figure


def _of_row(way: str, run: str, people: int, member: str) -> Figure:
    def figure(figures: Figures) -> float | None:
        row = figures.row(way, run, people)
        return getattr(row, member) if row else None

    return figure


def _of_reading(way: str, member: str) -> Figure:
    def figure(figures: Figures) -> float | None:
        return next((getattr(row, member) for row in figures.reading if row.way == way), None)

    return figure


def _ratio(dividend: Figure, divisor: Figure) -> Figure:
    def figure(figures: Figures) -> float | None:
        above, below = dividend(figures), divisor(figures)
        return above / below if above is not None and below else None

    return figure


def _of_one_satisfied() -> Iterable[Goal]:
    for way, trips in ((satisfied.BY_IDS, 2), (satisfied.BY_NAMES, 3)):
        yield Goal(f"{way}: round trips", trips, _of_task(way, "round_trips"))
        yield Goal(f"{way}: time, in tasks of ansible.builtin.uri", 0.2, _of_task(way, "ratio"))


def _of_many(count: int) -> Iterable[Goal]:
    again = math.ceil(count / PAGE) + 3
    by_name = again + math.ceil(count / NAMES_IN_A_BATCH)
    trips, floor = _of_row(MANY, FIRST, count, "round_trips"), _of_row(FLOOR, FIRST, count, "round_trips")
    people = f"{count:,} people"
    yield Goal(f"{people}, run again: round trips", again, _of_row(MANY, AGAIN, count, "round_trips"))
    yield Goal(
        f"{people}, run again, by name: round trips", by_name, _of_row(MANY, AGAIN_BY_NAME, count, "round_trips")
    )
    yield Goal(f"{people}, first run: round trips, in those of the floor", 1.15, _ratio(trips, floor))
    if count >= 1000:
        seconds, uri = _of_row(MANY, FIRST, count, "seconds"), _of_row(URI, FIRST, count, "seconds")
        yield Goal(f"{people}, first run: time, in that of the floor", 1.3, _of_row(MANY, FIRST, count, "ratio"))
        yield Goal(f"{people}, first run: time, in that of the uri loop", 1 / 50, _ratio(seconds, uri))


def _of_all_that_reads() -> Iterable[Goal]:
    people = f"{reading.PEOPLE:,} assignments"
    for way in (reading.IN_PROCESS, reading.AS_A_MODULE, reading.LOOKUP):
        yield Goal(f"{people}, {way}: round trips", reading.PAGES + 1, _of_reading(way, "round_trips"))
        yield Goal(f"{people}, {way}: time, in that of a bare loop", 1.2, _of_reading(way, "ratio"))
    yield Goal(f"{people}, {reading.IN_PROCESS}: megabytes", 120, _of_reading(reading.IN_PROCESS, "megabytes"))


GOALS: Sequence[Goal] = (
    *_of_one_satisfied(),
    *(goal for count in COUNTS for goal in _of_many(count)),
    Goal("5,000 people, first run: megabytes", 150, _of_row(MANY, FIRST, 5000, "megabytes")),
    *_of_all_that_reads(),
    Goal("play with a shared token: sign-ins", 1, _of_row(ONE_BY_ONE, FIRST, 100, "sign_ins")),
)
