# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The script that the benchmark takes for its floor is an honest one: it converges, also where Graph throttles."""

from __future__ import annotations

import json
from pathlib import Path

from tests.benchmark import convergence, tenant
from tests.benchmark.process import run
from tests.simulator.running import Running
from tests.support.calls import sign_ins, writes


def test_the_floor_converges_and_then_changes_nothing(sim: Running, tmp_path: Path) -> None:
    people = 45
    sim.load(tenant.tenant(people))
    job = tmp_path / "job.json"
    job.write_text(json.dumps(tenant.job(tenant.ids(people))), encoding="utf-8")
    sim.faults({"method": "POST", "batch": True, "every": 7, "effect": {"status": 429, "retry_after": 0.01}})
    run(convergence.script("floor.py")(job), tmp_path, sim.environment)
    tenant.check(sim, people)
    assert sign_ins(sim) == 1
    assert len([call for call in writes(sim) if call["status"] == 201]) == people
    sim.clear_calls()
    run(convergence.script("floor.py")(job), tmp_path, sim.environment)
    assert writes(sim) == []
