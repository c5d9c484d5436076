# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cost of one satisfied assignment, the task that a playbook runs most often.

It is timed beside ansible.builtin.uri, which is what people write who have no module, as marginal time: a loop of many
less a loop of one, the median of several rounds.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import round_trips
from tests.support.playbook import MODULE, play

Json = dict[str, Any]
TASKS = 30
PACKAGE = "Engineering Laptop"
USER = "lee@contoso.com"
URI = "ansible.builtin.uri, one GET"
BY_IDS = "satisfied assignment, ids and token"
BY_NAMES = "satisfied assignment, names and token"


@dataclass(frozen=True)
class Task:
    """What one way to do the task costs: round trips and marginal milliseconds a task, and the ratio to uri."""

    way: str
    round_trips: float
    milliseconds: float
    ratio: float


def measure(sim: Running, directory: Path, rounds: int) -> list[Task]:
    """Measure each way; the ways take turns, so that they share noise."""
    tasks = _ways(sim, sim.token(seconds=86400))
    times: dict[str, list[float]] = {name: [] for name in tasks}
    trips: dict[str, float] = {}
    for _dummy in range(rounds):
        for name, task in tasks.items():
            once = _seconds(sim, task, 1, directory)
            sim.clear_calls()
            many = _seconds(sim, task, TASKS, directory)
            trips[name] = round_trips(sim) / TASKS
            times[name].append((many - once) / (TASKS - 1) * 1000)
    medians = {name: statistics.median(found) for name, found in times.items()}
    return [Task(name, trips[name], medians[name], medians[name] / medians[URI]) for name in tasks]


def _ways(sim: Running, token: str) -> Mapping[str, Json]:
    """Return each way to do the task, as the task of a playbook."""
    ids = {"access_package": id_of("package", PACKAGE), "user": id_of("user", USER), "access_token": token}
    names = {"access_package": PACKAGE, "user": USER, "access_token": token}
    address = f"{sim.url}/v1.0/identityGovernance/entitlementManagement/accessPackages/{ids['access_package']}"
    get = {"url": address, "headers": {"Authorization": f"Bearer {token}"}, "ca_path": sim.ca_path}
    return {URI: {"ansible.builtin.uri": get}, BY_IDS: {MODULE: ids}, BY_NAMES: {MODULE: names}}


def _seconds(sim: Running, task: Json, count: int, directory: Path) -> float:
    """Run a playbook that does the task so many times in a loop and give its wall time."""
    looped = {"name": "measured", **task, "loop": list(range(count)), "no_log": True}
    begin = time.perf_counter()
    played = play([looped], directory, sim.environment)
    taken = time.perf_counter() - begin
    if played.status:
        raise RuntimeError(played.output)
    return taken
