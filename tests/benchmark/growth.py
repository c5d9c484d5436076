# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the time of a first run grows with the number of people, as a picture: one line for each way, both scales logarithmic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from tests.benchmark.chart import OTHERS, OURS, Scale, frame
from tests.benchmark.convergence import FIRST, FLOOR, MANY, ConvergenceRow

HEIGHT = 460
LEFT, RIGHT, TOP, BOTTOM = 84, 640, 64, 404
LINE = 20
COLORS = {MANY: OURS, FLOOR: "#0f172a"}


def growth(rows: Sequence[ConvergenceRow]) -> str:
    """Draw the seconds of every way's first run over the people; a way that is extrapolated is dashed."""
    shown = [row for row in rows if row.people and row.run == FIRST]
    people = Scale([row.people for row in shown], LEFT, RIGHT)
    seconds = Scale([row.seconds for row in shown], BOTTOM, TOP)
    ways = {row.way: sorted((r for r in shown if r.way == row.way), key=lambda r: r.people) for row in shown}
    # The slowest on top, as the lines end; a label never stands closer to the one above than a line of text.
    order = sorted(ways.values(), key=lambda found: -found[-1].seconds)
    lines: list[str] = []
    label = 0.0
    for found in order:
        points = [(people.at(row.people), seconds.at(row.seconds)) for row in found]
        label = max(points[-1][1], label + LINE)
        lines += _line(found, points, label)
    title = "Wall time of a first run by number of people"
    head = frame(title, f"{title}: both logarithmic; dashed: extrapolated", HEIGHT)
    counts = sorted({row.people for row in shown})
    return "\n".join([*head, *_seconds(seconds), *_people(people, counts), *lines, "</svg>", ""])


def _seconds(scale: Scale) -> Iterator[str]:
    for power in range(scale.low, scale.high + 1):
        y = scale.at(10.0**power)
        yield f'<line x1="{LEFT}" y1="{y}" x2="{RIGHT}" y2="{y}" stroke="#e2e8f0"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4}" font-size="11" text-anchor="end">{10.0**power:,g} s</text>'


def _people(scale: Scale, counts: Sequence[int]) -> Iterator[str]:
    for count in counts:
        x = scale.at(count)
        yield f'<line x1="{x}" y1="{TOP}" x2="{x}" y2="{BOTTOM}" stroke="#e2e8f0"/>'
        yield f'<text x="{x}" y="{BOTTOM + 20}" font-size="11" text-anchor="middle">{count:,} people</text>'


def _line(found: Sequence[ConvergenceRow], points: Sequence[tuple[float, float]], label: float) -> Iterator[str]:
    way, color = found[-1].way, COLORS.get(found[-1].way, OTHERS)
    dashed = ' stroke-dasharray="6 5"' if any(row.measured != row.people for row in found) else ""
    path = " ".join(f"{x},{y}" for x, y in points)
    yield f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="{3 if way == MANY else 2}"{dashed}/>'
    for x, y in points:
        yield f'<circle cx="{x}" cy="{y}" r="3.5" fill="{color}"/>'
    weight = ' font-weight="bold"' if way == MANY else ""
    yield f'<text x="{RIGHT + 12}" y="{label + 4}" font-size="12"{weight}>{escape(way)}</text>'
