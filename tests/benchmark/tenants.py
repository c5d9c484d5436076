# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many tenants in one run of ansible-playbook, a fork for each, beside a run for one of them.

The job is that of convergence in each tenant: a package that nobody holds, and a hundred people who shall. The simulated
tenants share one process, whose computing is part of what is measured.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmark import tenant
from tests.benchmark.convergence import LATENCY, WAYS
from tests.benchmark.process import Cost, playbook, run
from tests.simulator.running import Running, start_tenants
from tests.support.calls import round_trips, sign_ins

PEOPLE = 100
ONE, MANY = 1, 20
# What a simulator gives as the environment of a run, as variables of a host.
_VARIABLES = {
    "AZURE_TENANT_ID": "idgov_entra_tenant_id",
    "AZURE_CLIENT_ID": "idgov_entra_client_id",
    "AZURE_CLIENT_SECRET": "idgov_entra_client_secret",
    "AZURE_AUTHORITY_HOST": "idgov_entra_authority_host",
    "IDGOV_GRAPH_URL": "idgov_entra_graph_url",
    "IDGOV_CA_PATH": "idgov_entra_ca_path",
}


@dataclass(frozen=True)
class TenantsRow:
    """What a run for so many tenants costs; ``ratio`` is that of its seconds to those of the run for one."""

    tenants: int
    round_trips: int
    sign_ins: int
    seconds: float
    processor: float
    megabytes: float
    ratio: float


def measure(rounds: int = 3) -> list[TenantsRow]:
    """Measure both, taking turns, and give the medians."""
    with start_tenants(MANY, latency_ms=LATENCY) as started, tempfile.TemporaryDirectory() as name:
        costs: dict[int, list[Cost]] = {ONE: [], MANY: []}
        traffic: dict[int, tuple[int, int]] = {}
        for _dummy in range(rounds):
            for count, found in costs.items():
                print(f"{PEOPLE} people in each of {count} tenants", file=sys.stderr, flush=True)
                found.append(_run(started[:count], Path(name)))
                traffic[count] = sum(map(round_trips, started[:count])), sum(map(sign_ins, started[:count]))
    one = statistics.median(cost.seconds for cost in costs[ONE])
    return [_row(count, traffic[count], found, one) for count, found in costs.items()]


def _run(tenants: Sequence[Running], directory: Path) -> Cost:
    """Converge empty tenants; RuntimeError if that does not lead to the desired state in each."""
    for sim in tenants:
        sim.load(tenant.tenant(PEOPLE))
        sim.clear_calls()
    job, inventory = directory / "job.json", directory / "inventory.json"
    job.write_text(json.dumps(tenant.job(tenant.ids(PEOPLE))), encoding="utf-8")
    inventory.write_text(json.dumps(_inventory(tenants)), encoding="utf-8")
    command = [*playbook(str(WAYS / "tenants.yml"), job), "-i", str(inventory), "--forks", str(MANY)]
    environment = {"AZURE_DISABLE_INSTANCE_DISCOVERY": "true"}
    cost = run(command, directory, environment)
    for sim in tenants:
        tenant.check(sim, PEOPLE)
    return cost


def _inventory(tenants: Sequence[Running]) -> Mapping[str, Any]:
    hosts = {
        f"tenant{number:02}": {variable: sim.environment[name] for name, variable in _VARIABLES.items()}
        for number, sim in enumerate(tenants)
    }
    return {"tenants": {"hosts": hosts}}


def _row(count: int, traffic: tuple[int, int], costs: Sequence[Cost], one: float) -> TenantsRow:
    seconds = statistics.median(cost.seconds for cost in costs)
    processor = statistics.median(cost.processor for cost in costs)
    return TenantsRow(count, *traffic, seconds, processor, max(cost.megabytes for cost in costs), seconds / one)
