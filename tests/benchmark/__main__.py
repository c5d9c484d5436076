# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure the performance goals in one run against the simulator: `python -m tests.benchmark [FILE]`.

A satisfied assignment is the task that a playbook runs most often. It is timed beside ansible.builtin.uri, which is
what people write who have no module, as marginal time: a loop of many less a loop of one, the median of several rounds.
Prints a table, and writes the figures as JSON to the file that is named.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.simulator.ids import id_of
from tests.simulator.running import Running, start
from tests.support.calls import round_trips
from tests.support.playbook import MODULE, play

Json = dict[str, Any]
TASKS = 30
ROUNDS = 5
PACKAGE = "Engineering Laptop"
USER = "lee@contoso.com"


@dataclass(frozen=True)
class Row:
    """What one way to do the task costs: round trips and marginal milliseconds a task, and the ratio to uri."""

    name: str
    round_trips: float
    milliseconds: float
    ratio: float
    goal: str
    met: bool


def ways(sim: Running, token: str) -> Mapping[str, Json]:
    """Give each way to do the task, as the task of a playbook."""
    ids = {"access_package": id_of("package", PACKAGE), "user": id_of("user", USER), "access_token": token}
    names = {"access_package": PACKAGE, "user": USER, "access_token": token}
    address = f"{sim.url}/v1.0/identityGovernance/entitlementManagement/accessPackages/{ids['access_package']}"
    get = {"url": address, "headers": {"Authorization": f"Bearer {token}"}, "ca_path": sim.ca_path}
    return {
        "ansible.builtin.uri, one GET": {"ansible.builtin.uri": get},
        "satisfied assignment, ids and token": {MODULE: ids},
        "satisfied assignment, names and token": {MODULE: names},
    }


def seconds(sim: Running, task: Json, count: int, directory: Path) -> float:
    """Run a playbook that does the task so many times in a loop and give its wall time."""
    looped = {"name": "measured", **task, "loop": list(range(count)), "no_log": True}
    begin = time.perf_counter()
    played = play([looped], directory, sim.environment)
    taken = time.perf_counter() - begin
    if played.status:
        raise RuntimeError(played.output)
    return taken


def measure(sim: Running, directory: Path) -> dict[str, tuple[float, float]]:
    """Give round trips and marginal milliseconds a task for each way; the ways take turns, so that they share noise."""
    tasks = ways(sim, sim.token(seconds=86400))
    times: dict[str, list[float]] = {name: [] for name in tasks}
    trips: dict[str, float] = {}
    for _dummy in range(ROUNDS):
        for name, task in tasks.items():
            once = seconds(sim, task, 1, directory)
            sim.clear_calls()
            many = seconds(sim, task, TASKS, directory)
            trips[name] = round_trips(sim) / TASKS
            times[name].append((many - once) / (TASKS - 1) * 1000)
    return {name: (trips[name], statistics.median(found)) for name, found in times.items()}


def rows(figures: Mapping[str, tuple[float, float]]) -> list[Row]:
    """Hold the figures against the goals: a fifth of a uri task, two round trips by ids and three by names."""
    (reference, (trips, base)), *others = figures.items()
    found = [Row(reference, trips, base, 1.0, "", True)]
    for (name, (trips, milliseconds)), most in zip(others, (2, 3), strict=True):
        ratio = milliseconds / base
        goal = f"ratio <= 0.2, round trips <= {most}"
        found.append(Row(name, trips, milliseconds, ratio, goal, ratio <= 0.2 and trips <= most))
    return found


def table(found: Sequence[Row]) -> str:
    """Write the rows for a reader."""
    lines = [f"{'':40}{'round trips':>12}{'ms a task':>12}{'ratio':>8}  goal"]
    for row in found:
        verdict = f"{row.goal}: {'met' if row.met else 'MISSED'}" if row.goal else ""
        lines.append(f"{row.name:40}{row.round_trips:12.1f}{row.milliseconds:12.1f}{row.ratio:8.2f}  {verdict}")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Measure, print, write; a goal that is missed is said, not an error."""
    with start() as sim, tempfile.TemporaryDirectory() as directory:
        found = rows(measure(sim, Path(directory)))
    print(table(found))
    for path in arguments:
        Path(path).write_text(json.dumps([asdict(row) for row in found], indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
