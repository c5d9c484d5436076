# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The EXAMPLES of the documentation run as they stand in the simulated tenant, and change nothing the second time."""

from __future__ import annotations

import importlib

import pytest
import yaml

from tests.integration.conftest import Play
from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import writes
from tests.support.paths import ROOT

# Those that change something; a module that only reads has its examples run where the rest of it is tested.
MODULES = sorted(
    path.stem for path in (ROOT / "plugins" / "modules").glob("[a-z]*.py") if not path.stem.endswith("_info")
)


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_a_module(sim: Running, playing: Play, module: str) -> None:
    documentation = importlib.import_module(f"ansible_collections.idgov.entra.plugins.modules.{module}")
    tasks = yaml.safe_load(documentation.EXAMPLES)
    variables = {
        "laptop_package_id": id_of("package", "Engineering Laptop"),
        "laptop_policy_id": id_of("policy", "Engineering Laptop/Direct assignment"),
        "contractor_object_id": id_of("user", "chen@contoso.com"),
        "entra_client_id": sim.environment["AZURE_CLIENT_ID"],
        "entra_client_secret": sim.environment["AZURE_CLIENT_SECRET"],
    }
    defaults = {"group/idgov.entra.entra": {"wait_interval": 1}}
    first = playing(tasks, vars=variables, module_defaults=defaults)
    assert first.status == 0, first.output
    assert {done.status for done in first.tasks} == {"changed"}
    assert len(writes(sim)) == len(first.tasks)
    second = playing(tasks, vars=variables, module_defaults=defaults)
    assert {done.status for done in second.tasks} == {"ok"}
    assert writes(sim) == []
