# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes plans of a crowd and applies them, as tests of plans do."""

from __future__ import annotations

import json
from typing import Any

from tests.simulator.running import Running
from tests.support.calls import writes
from tests.support.crowd import TOOLS, upn
from tests.support.engine import apply_plan, assign_many

Json = dict[str, Any]


def item(number: int, package: str = TOOLS, **options: Any) -> Json:
    """Return the item of a list of changes that is about one of the crowd."""
    return {"access_package": package, "user": upn(number), **options}


def plan_of(sim: Running, items: list[Json], **options: Any) -> Json:
    """Make a plan, which sends nothing."""
    result = assign_many(sim, items, check=True, **options)
    assert not result["failed"], result["msg"]
    assert writes(sim) == []
    plan: Json = result["plan"]
    return plan


def apply(sim: Running, plan: Json | str, **options: Any) -> Json:
    """Apply a plan that has travelled as JSON, with the simulator's list of calls cleared before."""
    sim.clear_calls()
    return apply_plan(sim, plan if isinstance(plan, str) else json.loads(json.dumps(plan)), **options)
