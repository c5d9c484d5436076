# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The performance goals as data: what is measured, and the most that it may be."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ansible_collections.idgov.entra.plugins.module_utils._graph.page_size import LARGEST
from tests.benchmark import convergence, plans, reading, reports, satisfied, tenants
from tests.benchmark.convergence import AGAIN, AGAIN_BY_NAME, FIRST, FLOOR, MANY, ONE_BY_ONE, URI

# So many rows the simulator gives of a long list, as it is asked to.
PAGE = LARGEST
# Graph takes 15 clauses a filter, two of which name one person, and a batch holds 20 such look-ups.
NAMES_IN_A_BATCH = 140
COUNTS = (100, 1000, 10_000)


@dataclass(frozen=True)
class Figures:
    """All that was measured."""

    tasks: Sequence[satisfied.Task]
    rows: Sequence[convergence.ConvergenceRow]
    reading: Sequence[reading.ReadingRow] = ()
    reports: Sequence[reports.ReportRow] = ()
    tenants: Sequence[tenants.TenantsRow] = ()
    plans: Sequence[plans.PlanRow] = ()

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
    yield Goal(
        f"{people}, first run: round trips, in those of the floor",
        1.05 if count >= 1000 else 1.15,
        _ratio(trips, floor),
    )
    if count >= 1000:
        seconds, uri = _of_row(MANY, FIRST, count, "seconds"), _of_row(URI, FIRST, count, "seconds")
        yield Goal(f"{people}, first run: time, in that of the floor", 1.2, _of_row(MANY, FIRST, count, "ratio"))
        yield Goal(f"{people}, first run: time, in that of the uri loop", 1 / 50, _ratio(seconds, uri))


def _of_all_that_reads() -> Iterable[Goal]:
    people = f"{reading.PEOPLE:,} assignments"
    for way in (reading.IN_PROCESS, reading.AS_A_MODULE, reading.LOOKUP):
        yield Goal(f"{people}, {way}: round trips", reading.LARGE_PAGES + 2, _of_reading(way, "round_trips"))
        yield Goal(f"{people}, {way}: time, in that of a bare loop", 0.4, _of_reading(way, "ratio"))
    yield Goal(f"{people}, {reading.IN_PROCESS}: megabytes", 120, _of_reading(reading.IN_PROCESS, "megabytes"))


def _of_report(assignments: int, member: str) -> Figure:
    def figure(figures: Figures) -> float | None:
        return next((getattr(row, member) for row in figures.reports if row.assignments == assignments), None)

    return figure


def _of_reports() -> Iterable[Goal]:
    for assignments, seconds, megabytes in ((10_000, 4, 200), (100_000, 40, 1000)):
        goal = f"report of {assignments:,} assignments, without reading"
        yield Goal(f"{goal}: seconds", seconds, _of_report(assignments, "seconds"))
        yield Goal(f"{goal}: megabytes", megabytes, _of_report(assignments, "megabytes"))


GOALS: Sequence[Goal] = (
    *_of_one_satisfied(),
    *(goal for count in COUNTS for goal in _of_many(count)),
    Goal("10,000 people, first run: megabytes", 220, _of_row(MANY, FIRST, 10_000, "megabytes")),
    *_of_all_that_reads(),
    Goal(
        f"plan of {plans.MANY:,} changes, made and read: time, in that of {plans.FEW:,}",
        12,
        lambda figures: next((row.ratio for row in figures.plans if row.changes == plans.MANY), None),
    ),
    *_of_reports(),
    Goal(
        f"{tenants.MANY} tenants of {tenants.PEOPLE} changes, {tenants.MANY} forks: time, in that of one tenant",
        4,
        lambda figures: next((row.ratio for row in figures.tenants if row.tenants == tenants.MANY), None),
    ),
    Goal("play with a shared token: sign-ins", 1, _of_row(ONE_BY_ONE, FIRST, 100, "sign_ins")),
)
