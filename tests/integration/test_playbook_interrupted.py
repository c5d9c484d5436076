# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A long run that is broken off: no further write goes out, and a second run finishes without a duplicate.

IDGOV_SOAK says how often each way of breaking off is tried, at random points; without it, once.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import Play
from tests.simulator.running import Running
from tests.support.calls import round_trips, writes
from tests.support.crowd import TOOLS, crowd, object_id, package_id
from tests.support.engine import assign_many
from tests.support.playbook import MANY, SHIPPED, launch, write_play

Json = dict[str, Any]
PEOPLE = 300
ITEMS = [{"access_package": package_id(TOOLS), "user": object_id(number)} for number in range(PEOPLE)]
# Round trips: before the fourth one nothing is sent, with the twentieth one all is.
FIRST, LAST = 4, 20
# Four batches may be in flight.
IN_FLIGHT = 80
POINTS = [random.Random(seed).randint(FIRST, LAST) for seed in range(1, 1 + int(os.environ.get("IDGOV_SOAK", "1")))]


def test_the_points_lie_in_the_midst_of_the_writes(sim: Running) -> None:
    """What the other tests take for granted."""
    sim.load(crowd(PEOPLE))
    assign_many(sim, ITEMS)
    rows = [call for call in sim.calls() if call["service"] == "graph"]
    trips = [call["number"] for call in rows if call["batch"] is None]
    writing = sorted({call["batch"] for call in writes(sim)})
    assert trips.index(writing[0]) + 1 == FIRST - 1
    assert trips.index(writing[-1]) + 1 <= LAST


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_a_run_that_is_killed(sim: Running, tmp_path: Path, number: signal.Signals, point: int) -> None:
    sim.load(crowd(PEOPLE))
    sim.settings(latency_ms=60)
    sim.clear_calls()
    playbook = write_play([{"name": "many", MANY: {"assignments": ITEMS}}], tmp_path)
    with launch(playbook, tmp_path, sim.environment) as process:
        wait_for_round_trips(sim, process, point)
        # From here on a call takes longer than the end of a process: whatever comes later was sent too late.
        sim.settings(latency_ms=3000)
        before = len(writes(sim))
        workers = children(process)
        process.send_signal(number)
        process.communicate(timeout=60)
    assert process.returncode != 0
    wait_until_gone(workers)
    assert workers
    assert len(writes(sim)) - before <= IN_FLIGHT
    check_second_run(sim)


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("keywords", [{}, SHIPPED], ids=["in process", "shipped"])
def test_a_task_whose_time_is_up(sim: Running, playing: Play, keywords: Json, point: int) -> None:
    """After the task has failed, the simulator forgets what was sent; nothing comes behind that."""
    sim.load(crowd(PEOPLE))
    sim.settings(latency_ms=1000 / point * 2)
    options = {"url": f"{sim.url}/_sim/calls/clear", "method": "POST", "ca_path": sim.ca_path}
    tasks: list[Json] = [
        {"name": "many", MANY: {"assignments": ITEMS}, "timeout": 1, "ignore_errors": True, **keywords},
        {"name": "forget", "ansible.builtin.uri": {**options, "body": {}, "body_format": "json"}},
    ]
    done = playing(tasks)
    assert [task.status for task in done.tasks] == ["failed", "ok"], done.output
    assert re.search(r"[Tt]imed out|expected time frame", done.tasks[0].result["msg"])
    assert writes(sim) == []
    check_second_run(sim)


def wait_for_round_trips(sim: Running, process: subprocess.Popen[str], count: int) -> None:
    """Return once the simulator has seen so many HTTP calls."""
    until = time.monotonic() + 60
    while round_trips(sim) < count:
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < until


def children(process: subprocess.Popen[str]) -> list[str]:
    listed = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, check=False, encoding="utf-8")
    return listed.stdout.split()


def wait_until_gone(processes: list[str]) -> None:
    """Return once none of these runs any more; one that nobody has buried yet does not run."""
    until = time.monotonic() + 60
    while any(is_running(each) for each in processes):
        assert time.monotonic() < until


def is_running(process: str) -> bool:
    listed = subprocess.run(["ps", "-o", "stat=", "-p", process], capture_output=True, check=False, encoding="utf-8")
    return bool(listed.stdout.strip()) and not listed.stdout.startswith("Z")


def check_second_run(sim: Running) -> None:
    sim.settings(latency_ms=0)
    again = assign_many(sim, ITEMS)
    assert not again["failed"], again["msg"]
    state = sim.dump()
    held = Counter(a["user"] for a in state["assignments"] if a["state"] == "delivered")
    asked = Counter(r["user"] for r in state["requests"])
    assert (len(held), set(held.values())) == (PEOPLE, {1})
    assert (len(asked), set(asked.values())) == (PEOPLE, {1})
