# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several runs at once against one tenant, as slices of a job or two operators: none is in the way of another."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.simulator.running import Running
from tests.support.calls import writes
from tests.support.crowd import ROOM, TOOLS, crowd, object_id, package_id, upn
from tests.support.engine import assign_many
from tests.support.playbook import MANY
from tests.support.runner import run_job

Json = dict[str, Any]
RUNS = 4
PEOPLE = 180
SHARE = 120


def desired(number: int) -> Json:
    """What every run wants for a person: some by name, some to be gone, some under another policy."""
    person = {"user": upn(number) if number % 2 else object_id(number)}
    if number % 6 == 0:
        return {**person, "access_package": TOOLS, "state": "absent"}
    if number % 6 == 1:
        return {**person, "access_package": ROOM, "policy": "Guests", "on_policy_mismatch": "replace"}
    return {**person, "access_package": package_id(TOOLS)}


def slice_of(run: int) -> list[Json]:
    """Return the list of one run: two thirds of all people, each run beginning elsewhere."""
    return [desired((run * PEOPLE // RUNS + place) % PEOPLE) for place in range(SHARE)]


def test_four_runs_at_the_same_time(sim: Running, tmp_path: Path) -> None:
    gone, moved = range(0, PEOPLE, 6), range(1, PEOPLE, 6)
    sim.load(crowd(PEOPLE, held={TOOLS: gone, f"{ROOM}/Staff": moved}))
    sim.clear_calls()
    sim.settings(latency_ms=20, submitted_seconds=0.2, delivering_seconds=0.4)
    tasks = ({"name": "many", MANY: {"assignments": slice_of(run), "wait_interval": 1}} for run in range(RUNS))
    plays = [{"hosts": "localhost", "gather_facts": False, "tasks": [task]} for task in tasks]
    with ThreadPoolExecutor(RUNS) as pool:
        jobs = list(pool.map(lambda run: run_job([plays[run]], tmp_path / str(run), sim.environment), range(RUNS)))
    assert [job.status for job in jobs] == [0] * RUNS, "\n".join(job.texts["printed"] for job in jobs)
    state = sim.dump()
    held = Counter((a["user"], a["package"]) for a in state["assignments"] if a["state"] != "expired")
    assert set(held.values()) == {1}
    assert {user for user, package in held if package == ROOM} == {upn(number) for number in moved}
    assert {user for user, package in held if package == TOOLS} == {upn(n) for n in range(PEOPLE) if n % 6 > 1}
    accepted = Counter(str(call["body"]["assignment"]) for call in writes(sim) if call["status"] < 300)
    assert set(accepted.values()) == {1}
    assert len(accepted) == PEOPLE + len(moved)
    sim.clear_calls()
    again = assign_many(sim, [desired(number) for number in range(PEOPLE)])
    assert (again["changed"], writes(sim)) == (False, [])
