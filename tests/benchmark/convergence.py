# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Converging the holders of one package: the same job for many people, done in several ways.

The job: read who holds the package, add who is missing, and end when Graph shows everybody's assignment as delivered.
Each way is a program or playbook in ``ways``, run as a process of its own against an empty package. The slow loops are
measured with few people, and their figures for more are extrapolated along a straight line.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.benchmark import tenant
from tests.benchmark.process import Cost, playbook, run
from tests.simulator.running import Running
from tests.support.calls import operations, round_trips, sign_ins

WAYS = Path(__file__).with_name("ways")
LATENCY = 100
FEW = 5

MANY = "access_package_assignments"
FLOOR = "hand-tuned $batch script (floor)"
SDK = "msgraph-sdk with asyncio"
ONE_BY_ONE = "access_package_assignment in a loop"
URI = "ansible.builtin.uri in a loop"
NOTHING = "ansible-playbook with an empty play"
FIRST, AGAIN, AGAIN_BY_NAME = "first run", "run again", "run again, by name"
AT_ONCE = "first run, answers at once"


@dataclass(frozen=True)
class ConvergenceRow:
    """What one run cost; ``measured`` is for how many people it was run, the rest being extrapolated.

    ``operations`` counts a batch as what it holds; ``ratio`` is that of the seconds to the floor's.
    """

    way: str
    run: str
    people: int
    measured: int
    round_trips: float
    operations: float
    sign_ins: float
    seconds: float
    processor: float
    megabytes: float | None
    ratio: float | None = None


@dataclass(frozen=True)
class Way:
    """A way to do the job: the command for a file that holds it, and its runs, one after the other."""

    name: str
    command: Callable[[Path], list[str]]
    runs: tuple[str, ...]


def script(name: str) -> Callable[[Path], list[str]]:
    """Return what runs a Python program of this folder."""
    return lambda job: [sys.executable, str(WAYS / name), str(job)]


def play(name: str) -> Callable[[Path], list[str]]:
    """Return what runs a playbook of this folder."""
    return lambda job: playbook(str(WAYS / name), job)


QUICK_WAYS = (
    Way(FLOOR, script("floor.py"), (FIRST, AGAIN)),
    Way(MANY, play("many.yml"), (FIRST, AGAIN, AGAIN_BY_NAME)),
)
SLOW_WAYS = (Way(SDK, script("sdk.py"), (FIRST,)),)
LOOPS = (
    Way(ONE_BY_ONE, play("one_by_one.yml"), (FIRST,)),
    Way(URI, play("uri.yml"), (FIRST,)),
)


def measure(sim: Running, directory: Path, counts: Sequence[int], rounds: int, sample: int) -> list[ConvergenceRow]:
    """Measure every way for each number of people; the loops for ``sample`` people, and extrapolated to the others."""
    sim.settings(latency_ms=LATENCY)
    rows = [_nothing(directory)]
    for count in counts:
        for way in QUICK_WAYS:
            rows += _medians([_measure(sim, directory, way, count) for _dummy in range(rounds)])
        for way in SLOW_WAYS:
            rows += _measure(sim, directory, way, count)
    for way in LOOPS:
        few, many = (_measure(sim, directory, way, count)[0] for count in (FEW, sample))
        rows += [extrapolated(few, many, count) for count in counts]
    sim.settings(latency_ms=0)
    at_once = replace(QUICK_WAYS[0], runs=(FIRST,))
    rows += [replace(row, run=AT_ONCE) for row in _measure(sim, directory, at_once, counts[-1])]
    return list(with_ratios(rows))


def _nothing(directory: Path) -> ConvergenceRow:
    """Measure what Ansible costs before it does anything."""
    job = directory / "job.json"
    job.write_text("{}", encoding="utf-8")
    cost = run(playbook(str(WAYS / "nothing.yml"), job), directory, {})
    return ConvergenceRow(NOTHING, FIRST, 0, 0, 0, 0, 0, cost.seconds, cost.processor, cost.megabytes)


def _measure(sim: Running, directory: Path, way: Way, count: int) -> list[ConvergenceRow]:
    """Do all runs of a way in a tenant of its own; RuntimeError if they do not lead to the desired state."""
    print(f"{count:,} people, {way.name}", file=sys.stderr, flush=True)
    sim.load(tenant.tenant(count))
    rows = []
    for name in way.runs:
        people = tenant.names(count) if name == AGAIN_BY_NAME else tenant.ids(count)
        job = directory / "job.json"
        job.write_text(json.dumps(tenant.job(people)), encoding="utf-8")
        sim.clear_calls()
        cost = run(way.command(job), directory, sim.environment)
        rows.append(_row(sim, way.name, name, count, cost))
    tenant.check(sim, count)
    return rows


def _row(sim: Running, way: str, name: str, count: int, cost: Cost) -> ConvergenceRow:
    traffic = round_trips(sim), operations(sim), sign_ins(sim)
    return ConvergenceRow(way, name, count, count, *traffic, cost.seconds, cost.processor, cost.megabytes)


def _medians(rounds: Sequence[Sequence[ConvergenceRow]]) -> Iterator[ConvergenceRow]:
    """Put the rounds of a way together."""
    for runs in zip(*rounds, strict=True):
        yield replace(
            runs[0],
            round_trips=statistics.median(row.round_trips for row in runs),
            operations=statistics.median(row.operations for row in runs),
            seconds=statistics.median(row.seconds for row in runs),
            processor=statistics.median(row.processor for row in runs),
            megabytes=max(row.megabytes or 0 for row in runs),
        )


def extrapolated(few: ConvergenceRow, many: ConvergenceRow, count: int) -> ConvergenceRow:
    """Lay a straight line through two measured points."""
    if count == many.people:
        return many

    def at(low: float, high: float) -> float:
        return low + (high - low) / (many.people - few.people) * (count - few.people)

    return replace(
        many,
        people=count,
        round_trips=round(at(few.round_trips, many.round_trips)),
        operations=round(at(few.operations, many.operations)),
        seconds=at(few.seconds, many.seconds),
        processor=at(few.processor, many.processor),
        megabytes=None,
    )


def with_ratios(rows: Sequence[ConvergenceRow]) -> Iterator[ConvergenceRow]:
    """Add the ratio to the floor's time for as many people, in the same kind of run."""
    floor = {(row.people, row.run): row.seconds for row in rows if row.way == FLOOR}
    for row in rows:
        base = floor.get((row.people, AGAIN if row.run == AGAIN_BY_NAME else row.run))
        yield replace(row, ratio=row.seconds / base if base else None)
