# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure the performance goals in one run against the simulator: `python -m tests.benchmark [--quick] FOLDER`.

Prints tables, and writes the figures as speed.json, charts as speed.svg and growth.svg, and a page as speed.md into the
folder. A goal that is missed is said, not an error.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.support.paths import collections_path

sys.path.insert(0, str(collections_path()))

from tests.benchmark import convergence, plans, reading, report, reports, satisfied, tenants
from tests.benchmark.chart import chart
from tests.benchmark.goals import COUNTS, Figures, Verdict, verdicts
from tests.benchmark.growth import growth
from tests.simulator.running import start


def measure(quick: bool) -> Figures:
    """Measure everything; ``quick`` with the fewest people and once each."""
    counts, rounds, sample = (COUNTS[:1], 1, 15) if quick else (COUNTS, 3, 50)
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        with start() as sim:
            tasks = satisfied.measure(sim, directory, 1 if quick else 5)
        with start() as sim:
            rows = convergence.measure(sim, directory, counts, rounds, sample)
    return Figures(
        tasks,
        rows,
        [] if quick else reading.measure(),
        reports.measure(reports.SIZES[:1] if quick else reports.SIZES),
        tenants.measure(rounds),
        plans.measure(),
    )


def write(folder: Path, figures: Figures, found: list[Verdict]) -> None:
    """Write the figures, the charts and the page."""
    folder.mkdir(parents=True, exist_ok=True)
    facts = {
        "measured": report.machine(),
        "satisfied": [asdict(task) for task in figures.tasks],
        "convergence": [asdict(row) for row in figures.rows],
        "reading": [asdict(row) for row in figures.reading],
        "reports": [asdict(row) for row in figures.reports],
        "plans": [asdict(row) for row in figures.plans],
        "tenants": [asdict(row) for row in figures.tenants],
        "goals": [{**asdict(verdict), "verdict": verdict.words} for verdict in found],
    }
    (folder / "speed.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    (folder / "speed.svg").write_text(chart(figures.rows), encoding="utf-8")
    (folder / "growth.svg").write_text(growth(figures.rows), encoding="utf-8")
    (folder / "speed.md").write_text(report.page(figures, found), encoding="utf-8")


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description="Measure the performance goals.")
    parser.add_argument("--quick", action="store_true", help="100 people only, each way once: about a minute")
    parser.add_argument("folder", type=Path, help="where the files go")
    arguments = parser.parse_args()
    figures = measure(arguments.quick)
    found = verdicts(figures)
    print(report.plain(report.TASK_HEAD, report.task_cells(figures.tasks)), end="\n\n")
    print(report.plain(report.ROW_HEAD, report.row_cells(figures.rows)), end="\n\n")
    print(report.plain(report.READING_HEAD, report.reading_cells(figures.reading)), end="\n\n")
    print(report.plain(report.REPORT_HEAD, report.report_cells(figures.reports)), end="\n\n")
    print(report.plain(report.PLANS_HEAD, report.plan_cells(figures.plans)), end="\n\n")
    print(report.plain(report.TENANTS_HEAD, report.tenants_cells(figures.tenants)), end="\n\n")
    print(report.plain(report.GOAL_HEAD, report.goal_cells(found)))
    write(arguments.folder, figures, found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
