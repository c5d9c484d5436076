# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading 10,000 assignments in 100 pages, with the modules and the lookup.

Beside it stands a bare loop of requests over the same pages, which is the least that reading them can cost. Each is measured
as a whole process; the time of a playbook is given less that of a playbook that does nothing.
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

from ansible_collections.idgov.entra.plugins.module_utils._graph.page_size import LARGEST
from tests.benchmark.process import Cost, run
from tests.simulator.ids import id_of
from tests.simulator.running import Running, start
from tests.simulator.world import read_world
from tests.support.calls import round_trips
from tests.support.playbook import SHIPPED

Json = dict[str, Any]
PEOPLE = 10_000
PAGES = 100
LARGE_PAGES = PEOPLE // LARGEST
LATENCY_MS = 100
PACKAGE = "Everybody's package"
BARE = "bare loop of requests"
NOTHING = "playbook that does nothing"
IN_PROCESS = "access_package_assignment_info"
AS_A_MODULE = "access_package_assignment_info, shipped"
LOOKUP = "lookup access_package_assignments"

LOOP = """
import os, sys, requests
session = requests.Session()
session.trust_env = False
session.verify = os.environ["IDGOV_CA_PATH"]
session.headers["Authorization"] = "Bearer " + os.environ["IDGOV_ACCESS_TOKEN"]
url, rows = sys.argv[1], []
while url:
    response = session.get(url, timeout=60)
    response.raise_for_status()
    page = response.json()
    rows += page["value"]
    url = page.get("@odata.nextLink")
assert len(rows) == int(sys.argv[2]), len(rows)
"""


@dataclass(frozen=True)
class ReadingRow:
    """What one way to read them costs; ``ratio`` is that of its seconds to those of the bare loop."""

    way: str
    round_trips: int
    seconds: float
    processor: float
    megabytes: float
    ratio: float


def measure(rounds: int = 3) -> list[ReadingRow]:
    """Measure every way, taking turns so that they share noise, and give the medians."""
    with start(latency_ms=LATENCY_MS) as sim, tempfile.TemporaryDirectory() as name:
        sim.load(_tenant())
        commands = _commands(sim, Path(name))
        costs: dict[str, list[Cost]] = {way: [] for way in commands}
        trips: dict[str, int] = {}
        for _dummy in range(rounds):
            for way, command in commands.items():
                sim.clear_calls()
                costs[way].append(run(command, Path(name), _environment(sim)))
                trips[way] = round_trips(sim)
    medians = {way: _median(found) for way, found in costs.items()}
    return [_row(way, trips[way], cost, medians) for way, cost in medians.items() if way != NOTHING]


def _row(way: str, trips: int, cost: Cost, medians: Mapping[str, Cost]) -> ReadingRow:
    idle = medians[NOTHING]
    is_bare = way == BARE
    seconds = cost.seconds - (0 if is_bare else idle.seconds)
    processor = cost.processor - (0 if is_bare else idle.processor)
    return ReadingRow(way, trips, seconds, processor, cost.megabytes, seconds / medians[BARE].seconds)


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.seconds for cost in costs),
        statistics.median(cost.processor for cost in costs),
        statistics.median(cost.megabytes for cost in costs),
    )


def _tenant() -> Json:
    """Build a world in which everybody holds the package."""
    people = [f"person{number:05}@contoso.com" for number in range(PEOPLE)]
    policy = {"name": "Members", "scope": "allMemberUsers", "expiration": {"duration": "P365D"}}
    known = read_world("contoso")
    return {
        "tenant": known["tenant"],
        "apps": known["apps"],
        "users": [{"upn": person} for person in people],
        "catalogs": [{"name": "General"}],
        "packages": [{"name": PACKAGE, "catalog": "General", "policies": [policy]}],
        "assignments": [{"user": person, "package": PACKAGE} for person in people],
    }


def _commands(sim: Running, directory: Path) -> dict[str, list[str]]:
    """Return each way as a command; the bare loop is told the id of the package, the others its name."""
    expression = f"q('idgov.entra.access_package_assignments', access_package=\"{PACKAGE}\") | length == {PEOPLE}"
    module: Json = {"idgov.entra.access_package_assignment_info": {"access_package": [PACKAGE]}, "register": "found"}
    enough = {"ansible.builtin.assert": {"that": f"found.assignments | length == {PEOPLE}"}}
    tasks: dict[str, list[Json]] = {
        NOTHING: [{"ansible.builtin.assert": {"that": "true"}}],
        IN_PROCESS: [module, enough],
        AS_A_MODULE: [{**module, **SHIPPED}, enough],
        LOOKUP: [{"ansible.builtin.assert": {"that": expression}}],
    }
    loop = directory / "loop.py"
    loop.write_text(LOOP, encoding="utf-8")
    address = (
        f"{sim.url}/v1.0/identityGovernance/entitlementManagement/assignments"
        f"?$filter=accessPackage/id eq '{id_of('package', PACKAGE)}'"
        "&$select=id,state,status,schedule,expiredDateTime&$expand=target,accessPackage,assignmentPolicy"
    )
    commands = {BARE: [sys.executable, str(loop), address, str(PEOPLE)]}
    for number, (way, play) in enumerate(tasks.items()):
        playbook = directory / f"{number}.yml"
        playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": play}]), "utf-8")
        commands[way] = [str(Path(sys.executable).with_name("ansible-playbook")), str(playbook)]
    return commands


def _environment(sim: Running) -> dict[str, str]:
    plugins = Path(__file__).parents[1] / "support" / "ansible" / "become"
    return {
        **sim.environment,
        "ANSIBLE_BECOME_PLUGINS": str(plugins),
        "IDGOV_ACCESS_TOKEN": sim.token(seconds=86400),
    }
