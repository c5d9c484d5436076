# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A short selection of random worlds in which plans are made and applied, the same each time; `make soak` plays the rest."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.running import Running
from tests.soak import plans
from tests.soak.plans import play_plan, play_plan_with_faults
from tests.soak.schedules import draw

Json = dict[str, Any]
WORLDS = range(1, 41)
FAULTS = range(1, 9)


@pytest.mark.parametrize("seed", WORLDS)
def test_a_plan_is_carried_out_or_nothing_is(process: Running, seed: int) -> None:
    assert play_plan(process, draw(seed)) == []


@pytest.mark.parametrize("seed", FAULTS)
def test_whatever_goes_wrong_only_the_plan_is_sent(process: Running, seed: int) -> None:
    assert play_plan_with_faults(process, draw(seed)) == []


def test_what_is_beside_a_plan_is_noticed(process: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test of the test: one more change is carried out than the one that is said to be planned."""
    honest = plans._apply

    def apply_more(sim: Running, plan: Json, *arguments: Any, **keywords: Any) -> Json:
        done: Json = honest(sim, plan, *arguments, **keywords)
        plan["items"] = plan["items"][:-1]
        return done

    monkeypatch.setattr(plans, "_apply", apply_more)
    found = [fault for seed in range(1, 5) for fault in play_plan(process, draw(seed))]
    assert any(fault.startswith("sent beside the plan") for fault in found)
