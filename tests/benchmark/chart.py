# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The measured times as a picture: a small writer of SVG, one panel for each number of people, on a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from tests.benchmark.convergence import AT_ONCE, MANY, ConvergenceRow

WIDTH, LEFT, RIGHT = 920, 372, 96
BAR, GAP, HEAD = 20, 6, 44
FONT = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif"
OURS, OTHERS = "#2563eb", "#94a3b8"
HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="6" height="6" fill="#e2e8f0"/><rect width="3" height="6" fill="{OTHERS}"/></pattern></defs>'
)


def chart(rows: Sequence[ConvergenceRow]) -> str:
    """Draw the seconds of every run; what is extrapolated is hatched."""
    shown = [row for row in rows if row.people and row.run != AT_ONCE]
    scale = Scale([row.seconds for row in shown], LEFT, WIDTH - RIGHT)
    counts = sorted({row.people for row in shown})
    panels, top = [], 64
    for count in counts:
        panel = sorted((row for row in shown if row.people == count), key=lambda row: row.seconds)
        panels += list(_panel(f"{count:,} people", panel, top, scale))
        top += HEAD + len(panel) * (BAR + GAP) + GAP
    title = "Wall time of the same job done in several ways"
    head = frame(title, f"{title}: seconds, logarithmic; hatched: extrapolated", top + 24)
    return "\n".join([*head, HATCH, *_axis(scale, top), *panels, "</svg>", ""])


class Scale:
    """Places values along a logarithmic axis from ``start`` to ``end``, between the powers of ten around them."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self.low = math.floor(math.log10(min(values)))
        self.high = math.ceil(math.log10(max(values)))
        self._start, self._end = start, end

    def at(self, value: float) -> float:
        """Return the place of a value."""
        share = (math.log10(value) - self.low) / ((self.high - self.low) or 1)
        return round(self._start + share * (self._end - self._start), 1)


def frame(title: str, heading: str, height: int) -> Iterator[str]:
    """Begin a picture, with its title for who cannot see it, and its heading."""
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-labelledby="title" font-family="{FONT}" font-size="13" fill="#0f172a">'
    )
    yield f'<title id="title">{title}</title>'
    # A panel of its own, so that the picture reads the same on light and dark pages.
    yield (
        f'<rect x="1" y="1" width="{WIDTH - 2}" height="{height - 2}" rx="12" fill="#ffffff" stroke="#cbd5e1" '
        'stroke-width="2"/>'
    )
    yield f'<text x="24" y="34" font-size="16">{heading}</text>'


def _axis(scale: Scale, bottom: int) -> Iterator[str]:
    for power in range(scale.low, scale.high + 1):
        x = scale.at(10.0**power)
        yield f'<line x1="{x}" y1="56" x2="{x}" y2="{bottom}" stroke="#e2e8f0"/>'
        yield f'<text x="{x}" y="{bottom + 14}" font-size="11" text-anchor="middle">{10.0**power:g} s</text>'


def _panel(heading: str, rows: Sequence[ConvergenceRow], top: int, scale: Scale) -> Iterator[str]:
    yield f'<text x="24" y="{top + 26}" font-size="14" font-weight="bold">{heading}</text>'
    for place, row in enumerate(rows):
        y = top + HEAD + place * (BAR + GAP) - GAP
        end = scale.at(row.seconds)
        fill = OURS if row.way == MANY else OTHERS if row.measured == row.people else "url(#hatch)"
        yield f'<text x="{LEFT - 8}" y="{y + 15}" text-anchor="end">{escape(f"{row.way}, {row.run}")}</text>'
        yield f'<rect x="{LEFT}" y="{y}" width="{max(2.0, round(end - LEFT, 1))}" height="{BAR}" fill="{fill}"/>'
        yield f'<text x="{end + 6}" y="{y + 15}">{row.seconds:,.1f} s</text>'
