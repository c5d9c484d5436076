# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what was measured for readers: as plain tables for a terminal, and as a page of the documentation."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from importlib.metadata import version

from tests.benchmark import plans, reading, reports, tenants
from tests.benchmark.convergence import AT_ONCE, FIRST, FLOOR, LATENCY, NOTHING, ConvergenceRow
from tests.benchmark.goals import Figures, Verdict
from tests.benchmark.satisfied import TASKS, Task

Cells = Sequence[str]
TASK_HEAD = ("one satisfied task", "round trips", "ms", "in uri tasks")
ROW_HEAD = (
    *(
        "people",
        "way",
        "run",
        "round trips",
        "operations",
        "sign-ins",
        "seconds",
        "processor s",
        "ms a person",
        "MB",
        "in floors",
    ),
)
READING_HEAD = ("way to read", "round trips", "seconds", "processor s", "MB", "in bare loops")
REPORT_HEAD = ("assignments", "seconds", "MB", "MB of the page")
PLANS_HEAD = ("changes", "processor s", "MB as text", "in the smaller one")
TENANTS_HEAD = ("tenants", "round trips", "sign-ins", "seconds", "processor s", "MB", "in one tenant")
GOAL_HEAD = ("goal", "at most", "measured", "")


def task_cells(tasks: Iterable[Task]) -> list[Cells]:
    """Return the cells of the satisfied tasks."""
    return [(t.way, f"{t.round_trips:.1f}", f"{t.milliseconds:.0f}", f"{t.ratio:.2f}") for t in tasks]


def reading_cells(rows: Iterable[reading.ReadingRow]) -> list[Cells]:
    """Return the cells of the ways to read."""
    return [
        (r.way, f"{r.round_trips}", f"{r.seconds:.1f}", f"{r.processor:.1f}", f"{r.megabytes:.0f}", f"{r.ratio:.2f}")
        for r in rows
    ]


def report_cells(rows: Iterable[reports.ReportRow]) -> list[Cells]:
    """Return the cells of the reports."""
    return [(f"{r.assignments:,}", f"{r.seconds:.1f}", f"{r.megabytes:.0f}", f"{r.page:.1f}") for r in rows]


def plan_cells(rows: Iterable[plans.PlanRow]) -> list[Cells]:
    """Return the cells of the plans."""
    return [(f"{r.changes:,}", f"{r.seconds:.2f}", f"{r.megabytes:.2f}", f"{r.ratio:.1f}") for r in rows]


def tenants_cells(rows: Iterable[tenants.TenantsRow]) -> list[Cells]:
    """Return the cells of the runs for many tenants."""
    return [
        (
            *(f"{r.tenants}", f"{r.round_trips}", f"{r.sign_ins}"),
            *(f"{r.seconds:.1f}", f"{r.processor:.1f}", f"{r.megabytes:.0f}", f"{r.ratio:.2f}"),
        )
        for r in rows
    ]


def row_cells(rows: Iterable[ConvergenceRow]) -> list[Cells]:
    """Return the cells of the runs; a tilde marks what is extrapolated."""
    return [_row_cells(row) for row in rows]


def goal_cells(verdicts: Iterable[Verdict]) -> list[Cells]:
    """Return the cells of the goals."""
    return [(v.goal, _short(v.most), _short(v.measured), v.words) for v in verdicts]


def _row_cells(row: ConvergenceRow) -> Cells:
    about = "" if row.measured == row.people else "~"
    return (
        f"{row.people:,}" if row.people else "",
        row.way,
        row.run,
        f"{about}{row.round_trips:,.0f}",
        f"{about}{row.operations:,.0f}",
        f"{row.sign_ins:.0f}",
        f"{about}{row.seconds:,.1f}",
        f"{about}{row.processor:,.1f}",
        f"{about}{row.seconds / row.people * 1000:,.1f}" if row.people else "",
        f"{row.megabytes:.0f}" if row.megabytes else "",
        f"{about}{row.ratio:,.2f}" if row.ratio else "",
    )


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}" if value < 100 else f"{value:,.0f}"


def plain(head: Cells, lines: Sequence[Cells]) -> str:
    """Write a table for a terminal."""
    widths = [max(len(line[place]) for line in (head, *lines)) for place in range(len(head))]
    return "\n".join("  ".join(_padded(line, widths)) for line in (head, *lines))


def _padded(line: Cells, widths: Sequence[int]) -> list[str]:
    return [
        cell.rjust(width) if _is_number(cell) else cell.ljust(width) for cell, width in zip(line, widths, strict=True)
    ]


def _is_number(cell: str) -> bool:
    return cell.lstrip("~")[:1].isdigit()


def markdown(head: Cells, lines: Sequence[Cells]) -> str:
    """Write a table for a page."""
    numeric = [any(_is_number(line[place]) for line in lines) for place in range(len(head))]
    rule = ["---:" if number else "---" for number in numeric]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, rule, *lines))


def machine() -> str:
    """Return on what it was measured, and when: the size of the machine, not its name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"{datetime.now(timezone.utc):%Y-%m-%d}, {os.cpu_count()} cores (load {os.getloadavg()[0]:.1f}), "
        f"{memory:.0f} GB of memory, {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}, ansible-core {version('ansible-core')}, "
        f"msgraph-sdk {version('msgraph-sdk')}"
    )


def page(figures: Figures, verdicts: Sequence[Verdict]) -> str:
    """Write the page of the documentation, without anything that only this machine knows."""
    nothing = next(row for row in figures.rows if row.way == NOTHING)
    at_once = next(row for row in figures.rows if row.run == AT_ONCE)
    floor = figures.row(FLOOR, FIRST, at_once.people)
    return PAGE.format(
        machine=machine(),
        latency=LATENCY,
        tasks=TASKS,
        nothing=f"{nothing.seconds:.1f} seconds and {nothing.megabytes:.0f} MB",
        people=f"{at_once.people:,}",
        at_once=f"{at_once.seconds:.1f}",
        floor=f"{floor.seconds:.1f}" if floor else "",
        goal_table=markdown(GOAL_HEAD, goal_cells(verdicts)),
        row_table=markdown(ROW_HEAD, row_cells(row for row in figures.rows if row.people and row.run != AT_ONCE)),
        reading_table=markdown(READING_HEAD, reading_cells(figures.reading)),
        read=f"{reading.PEOPLE:,}",
        pages=reading.PAGES,
        large_pages=reading.LARGE_PAGES,
        report_table=markdown(REPORT_HEAD, report_cells(figures.reports)),
        plans_table=markdown(PLANS_HEAD, plan_cells(figures.plans)),
        tenants_table=markdown(TENANTS_HEAD, tenants_cells(figures.tenants)),
        changes=tenants.PEOPLE,
        task_table=markdown(TASK_HEAD, task_cells(figures.tasks)),
    )


PAGE = """\
# Speed

<!-- Written by `make bench`; see tests/benchmark/README.md. Do not edit. -->

What the collection costs beside the other ways to do the same job, and whether it reaches its goals. Measured against the
[simulator](https://github.com/idgov/entra/blob/main/tests/simulator/README.md), where each answer takes {latency} ms and a
request is delivered at once. Not measured: Microsoft's service, which takes some seconds to deliver and throttles.

Measured: {machine}.

![Wall time of the same job done in several ways](speed.svg)

- [The goals](#the-goals)
- [Many people, one package](#many-people-one-package)
- [Reading](#reading)
- [Reports](#reports)
- [Plans](#plans)
- [Many tenants](#many-tenants)
- [One satisfied task](#one-satisfied-task)

## The goals

Each figure shall be at most so much.

{goal_table}

## Many people, one package

The job: read who holds the package, add who is missing, and end when Graph shows everybody's assignment as delivered. The
first run finds nobody, a run again finds everybody.

![Wall time of a first run by number of people, for each way](growth.svg)

{row_table}

- An HTTP call is one round trip; a `$batch` of 20 is one round trip and 20 operations. Calls to sign in are not counted.
- Seconds are those of the whole process, from its start to its end, and processor seconds those in which it computed.
  Megabytes are the largest resident size of any one process in it. `ansible-playbook` alone, with an empty play, takes
  {nothing}.
- `~` marks what is extrapolated along a straight line, from runs with few people.
- Script, SDK and module have four calls in flight at most: how hard a tenant is pushed is not a matter of the tool.
- `msgraph-sdk` spends most of its time on building its objects from what it reads, and a second or two on its own import.
- What the simulator itself computes: with answers that take no time the floor needs {at_once} instead of {floor} seconds
  for {people} people, and script and simulator share the processor for these. So no row waits for the simulator.

The programs and playbooks are in
[tests/benchmark/ways](https://github.com/idgov/entra/tree/main/tests/benchmark/ways). Whoever can make one of them faster
is welcome.

## Reading

{read} assignments of one package. Beside them stands a bare loop of `requests` over the {pages} pages that Graph gives by itself; the
collection asks for large ones, of which there are {large_pages}. The time of a playbook is given less that of a playbook that does nothing.

{reading_table}

## Reports

Page, CSV, JSON and YAML of the role `access_report`, all four, from rows that are there already.

{report_table}

## Plans

A plan by itself: made, written as text, and read with every check.

{plans_table}

## Many tenants

The job above for {changes} people in each tenant, which is a host with a fork of its own. Megabytes are those of the largest process.

{tenants_table}

## One satisfied task

Marginal time of one more item in a loop of {tasks}, against answers that take no time.

{task_table}
"""
