# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays a schedule through the engine and the simulator, and says what must not be.

While things go wrong: nobody holds anything twice, and nothing is claimed that is not so. Afterwards: what was given stays
given, whoever is not named keeps what they had, the run after a clean one writes nothing, and no output has a secret in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._tasks import access_package_assignments
from tests.simulator.running import Running
from tests.soak.schedules import NOW, Schedule
from tests.support.calls import accepted_writes
from tests.support.engine import Task, administrator, run_task
from tests.support.invariants import held_twice, wrong_success

Json = dict[str, Any]
PERMISSIONS = ("EntitlementManagement.ReadWrite.All", "User.ReadBasic.All", "GroupMember.Read.All")


def play(sim: Running, schedule: Schedule, task: Task = access_package_assignments) -> list[str]:
    """Play it from the start of the tenant; gives one sentence for each thing that must not be."""
    sim.reset()
    sim.freeze()
    sim.set_clock(NOW)
    sim.load("contoso")
    sim.switches(**schedule.readings)
    token = administrator(sim, *PERMISSIONS, seconds=10_000_000) if schedule.is_person else None
    before = sim.dump()
    sim.faults(*schedule.rules)
    faults = [f"while it went wrong: {fault}" for fault in _run(sim, schedule, token, task)]
    sim.faults()
    # What lags by a time has caught up by then; what lags by a number of reads is read until it has.
    sim.advance(120)
    _look(sim, schedule, token, task)
    faults += [f"after it: {fault}" for fault in _run(sim, schedule, token, task)]
    middle = sim.dump()
    sim.clear_calls()
    faults += [f"once more: {fault}" for fault in _run(sim, schedule, token, task)]
    faults += [f"once more: wrote {call['body'] or call['path']}" for call in accepted_writes(sim)]
    faults += _lost(before, middle, schedule)
    return faults


def _run(sim: Running, schedule: Schedule, token: str | None, task: Task) -> Iterator[str]:
    """Run the list once; yields what must not be of it."""
    lines: list[str] = []
    options = {"assignments": schedule.items, **schedule.options}
    result = run_task(task, sim, options, token=token, log=lines.append, trace=lines.append)
    state = sim.dump()
    yield from held_twice(state)
    for outcome in result["outcomes"]:
        if outcome["index"] is not None and outcome["error"] is None:
            wrong = wrong_success(state, schedule.items[outcome["index"]], {**outcome, "ended": False})
            yield from [wrong] if wrong else []
    if result["failed"] and not str(result["msg"]).endswith("."):
        yield f"failed without a sentence: {result['msg']}"
    yield from _secrets(json.dumps([result, lines], default=str), sim, token)


def _look(sim: Running, schedule: Schedule, token: str | None, task: Task) -> None:
    options = {"assignments": schedule.items, **schedule.options}
    for _dummy in range(2):
        run_task(task, sim, options, token=token, check=True)


def _lost(before: Json, after: Json, schedule: Schedule) -> Iterator[str]:
    """Name whoever was not named, or was to have access, and has lost it."""
    desired = {
        (item["access_package"], str(item.get("user") or item.get("email"))): item.get("state", "present")
        for item in schedule.items
    }
    exact = {item["access_package"] for item in schedule.items} if schedule.options.get("exclusive") else set()
    now = {(row["package"], row["user"]) for row in after["assignments"] if row["state"] != "expired"}
    for row in before["assignments"]:
        pair = (row["package"], row["user"])
        is_kept = desired.get(pair, "absent" if row["package"] in exact else "present") == "present"
        if row["state"] != "expired" and is_kept and pair not in now:
            yield f"{row['user']} has lost {row['package']!r}"


def _secrets(text: str, sim: Running, token: str | None) -> Iterator[str]:
    secrets = {sim.environment["AZURE_CLIENT_SECRET"], "eyJ", "Bearer", *([token] if token else [])}
    yield from (f"{secret[:6]}... is in the output" for secret in secrets if secret in text)
