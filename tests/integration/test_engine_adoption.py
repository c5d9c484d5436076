# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a tenant holds, written down as files that declare assignments, is converged without a change."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.idgov.entra.plugins.module_utils._tasks import access_package_assignment_info
from ansible_collections.idgov.entra.plugins.plugin_utils.declared import declared_in
from tests.simulator.running import Running
from tests.support.calls import writes
from tests.support.engine import assign, assign_many, run_task

Json = dict[str, Any]
HELD = ["delivering", "delivered", "partiallyDelivered"]


def written(sim: Running) -> str:
    """Write down what is held, by ids, as a person would who follows the format."""
    found = run_task(access_package_assignment_info, sim, {"states": HELD})["assignments"]
    items = [
        {
            "access_package": row["access_package"]["id"],
            "policy": row["policy"]["id"],
            "user": row["target"]["object_id"],
            "schedule": row["schedule"],
        }
        for row in found
        if row["policy"]["display_name"] != "Automatic"
    ]
    return yaml.safe_dump({"assignments": items})


@pytest.mark.parametrize("scope", ["policy", "package"])
def test_todays_state_converges_without_a_change(frozen: Running, scope: str) -> None:
    assign(
        frozen, access_package="VPN Access", policy="Everybody", user="kim@contoso.com", schedule={"duration": "P9D"}
    )
    assign(frozen, access_package="Training", user="rosa@contoso.com", schedule={"end_date_time": "2026-12-24"})
    declared = declared_in([{"path": "today.yml", "content": yaml.safe_load(written(frozen))}])
    assert len(declared["assignments"]) == 6
    frozen.clear_calls()
    result = assign_many(frozen, declared["assignments"], exclusive=True, exclusive_scope=scope)
    assert (result["failed"], result["changed"], writes(frozen)) == (False, False, [])
    assert result["summary"]["unchanged"] == 6
