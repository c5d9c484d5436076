# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the files of a report cost: page, CSV, JSON and YAML of an invented tenant, without reading it from Graph."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmark.process import run
from tests.browser.tenant import tenant
from tests.support.paths import collections_path

SIZES = (10_000, 100_000)
WAY = Path(__file__).parent / "ways" / "report.py"


@dataclass(frozen=True)
class ReportRow:
    """What the report of so many assignments costs; ``page`` is the size of the page in megabytes."""

    assignments: int
    seconds: float
    megabytes: float
    page: float


def measure(sizes: Sequence[int] = SIZES) -> list[ReportRow]:
    """Write the report of tenants of these sizes."""
    return [_measure(size) for size in sizes]


def _measure(size: int) -> ReportRow:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "rows.json").write_text(json.dumps(tenant(size)), encoding="utf-8")
        cost = run([sys.executable, str(WAY), str(folder)], folder, {"PYTHONPATH": str(collections_path())})
        seconds = json.loads((folder / "seconds.json").read_bytes())
        page = (folder / "access_report.html").stat().st_size / 1e6
        return ReportRow(size, seconds, cost.megabytes, page)
