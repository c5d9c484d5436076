# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many tenants in one run of ansible-playbook: each with its own sign-in, its own changes and its own files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.simulator.running import Running
from tests.support.calls import writes
from tests.support.playbook import run_playbook
from tests.support.runner import LOCAL

Json = dict[str, Any]


def inventory(directory: Path, hosts: Json) -> str:
    """Write an inventory with a group of tenants, and give its path."""
    path = directory / "tenants.yml"
    path.write_text(yaml.safe_dump({"tenants": {"hosts": hosts, "vars": LOCAL}}), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("playbook", "hosts", "words"),
    [
        ("joiner", "nobody", "idgov_hosts must name exactly one host; it names 0"),
        ("joiner", "tenants", "idgov_hosts must name exactly one host; it names 2"),
        ("onboard", "fabrikam", "idgov_entra_tenant_id is required for the host fabrikam"),
    ],
)
def test_a_playbook_reaches_no_tenant_that_was_not_named(
    sim: Running, tmp_path: Path, playbook: str, hosts: str, words: str
) -> None:
    known = inventory(tmp_path, {"contoso": {"idgov_entra_tenant_id": "contoso.onmicrosoft.com"}, "fabrikam": {}})
    done = run_playbook(f"idgov.entra.{playbook}", tmp_path, sim.environment, "-i", known, "-e", f"idgov_hosts={hosts}")
    assert done.status == 2
    assert {task.result["msg"] for task in done.tasks if task.status == "failed"} != set()
    assert all(task.result["msg"].startswith(words) for task in done.tasks if task.status == "failed")
    assert (sim.calls(), writes(sim)) == ([], [])
