# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark says what was measured and no more: extrapolation, goals, chart, page."""

from __future__ import annotations

import subprocess
import sys
from xml.etree import ElementTree

import pytest

from tests.benchmark import report
from tests.benchmark.chart import chart
from tests.benchmark.convergence import (
    AGAIN,
    AT_ONCE,
    FIRST,
    FLOOR,
    MANY,
    NOTHING,
    URI,
    ConvergenceRow,
    extrapolated,
    with_ratios,
)
from tests.benchmark.goals import Figures, Verdict, verdicts
from tests.benchmark.growth import growth
from tests.benchmark.satisfied import BY_IDS, Task
from tests.support.paths import ROOT

SVG = "{http://www.w3.org/2000/svg}"


def row(way: str, people: int, seconds: float, *, run: str = FIRST, round_trips: float = 10) -> ConvergenceRow:
    return ConvergenceRow(way, run, people, people, round_trips, people, 1, seconds, 0.5, 50)


def figures(*rows: ConvergenceRow) -> Figures:
    others = (row(NOTHING, 0, 1), row(FLOOR, 100, 2), row(FLOOR, 100, 1, run=AT_ONCE))
    return Figures([Task(BY_IDS, 2, 40, 0.1)], list(with_ratios([*others, *rows])))


def test_what_was_not_measured_lies_on_a_straight_line_and_says_so() -> None:
    found = extrapolated(row(URI, 5, 4), row(URI, 25, 14, round_trips=30), 1000)
    assert (found.people, found.measured) == (1000, 25)
    assert found.seconds == pytest.approx(4 + 995 * 0.5)
    assert found.round_trips == 10 + 995
    assert found.megabytes is None
    assert "~501.5" in report.row_cells([found])[0]


def test_what_was_measured_stays() -> None:
    many = row(URI, 25, 14)
    assert extrapolated(row(URI, 5, 4), many, 25) is many


def test_ratios_are_to_the_floor_of_as_many_people_in_the_same_run() -> None:
    rows = [row(FLOOR, 100, 2), row(FLOOR, 1000, 8), row(FLOOR, 100, 4, run=AGAIN), row(MANY, 100, 3), row(MANY, 5, 3)]
    assert [each.ratio for each in with_ratios(rows)] == [1, 1, 1, 1.5, None]


def test_goals_are_met_not_met_or_not_measured() -> None:
    found = {verdict.goal: verdict for verdict in verdicts(figures(row(MANY, 100, 3, round_trips=12)))}
    assert found[f"{BY_IDS}: round trips"].words == "met"
    assert found["100 people, first run: round trips, in those of the floor"] == Verdict(
        "100 people, first run: round trips, in those of the floor", 1.15, 1.2
    )
    assert found["100 people, first run: round trips, in those of the floor"].words == "not met"
    assert found["10,000 people, first run: megabytes"].words == "not measured"


def test_the_chart_shows_every_run_longer_for_more_seconds() -> None:
    rows = [row(FLOOR, 100, 2), row(MANY, 100, 20), extrapolated(row(URI, 5, 4), row(URI, 25, 14), 100)]
    root = ElementTree.fromstring(chart(rows))
    bars = [drawn for drawn in root.iter(f"{SVG}rect") if drawn.get("x") == "372"]
    widths = [float(drawn.get("width", "")) for drawn in bars]
    assert len(widths) == 3
    assert widths == sorted(set(widths))
    assert [drawn.get("fill") == "url(#hatch)" for drawn in bars] == [False, False, True]
    assert f"{URI}, {FIRST}" in [text.text for text in root.iter(f"{SVG}text")]


def test_the_growth_is_a_line_for_each_way_over_all_numbers_of_people() -> None:
    loop = [extrapolated(row(URI, 5, 4), row(URI, 25, 14), count) for count in (100, 10_000)]
    again = row(MANY, 100, 1, run=AGAIN)
    root = ElementTree.fromstring(growth([row(FLOOR, 100, 2), row(MANY, 100, 3), again, *loop, row(MANY, 10_000, 30)]))
    lines = [[tuple(map(float, at.split(","))) for at in drawn.get("points", "").split()] for drawn in _lines(root)]
    assert [drawn.get("stroke-dasharray") is not None for drawn in _lines(root)] == [True, False, False]
    assert [len(points) for points in lines] == [2, 2, 1]
    # To the right for more people, and up for more seconds.
    assert all(right > left and high < low for (left, low), (right, high) in lines[:2])
    labels = [float(text.get("y", "")) for text in root.iter(f"{SVG}text") if text.text in (URI, MANY, FLOOR)]
    assert labels == sorted(labels)


def test_it_starts_as_its_own_process() -> None:
    run = [sys.executable, "-m", "tests.benchmark", "--help"]
    assert subprocess.run(run, cwd=ROOT, capture_output=True, check=False).returncode == 0


def _lines(root: ElementTree.Element) -> list[ElementTree.Element]:
    return list(root.iter(f"{SVG}polyline"))


def test_the_page_has_a_line_for_each_figure() -> None:
    measured = figures(row(MANY, 100, 3))
    page = report.page(measured, verdicts(measured))
    assert f"| 100 | {MANY} | {FIRST} | 10 | 100 | 1 | 3.0 | 0.5 | 30.0 | 50 | 1.50 |" in page
    assert "1.0 seconds and 50 MB" in page
