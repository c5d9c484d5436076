# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A short selection of the random fault schedules, the same each time; `make soak` plays the rest."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._tasks import access_package_assignments
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import Context
from tests.simulator.faults import _EFFECT_KEYS
from tests.simulator.running import Running
from tests.soak.play import play
from tests.soak.schedules import FAULTS, draw

Json = dict[str, Any]
SHORT = range(1, 25)


@pytest.mark.parametrize("seed", SHORT)
def test_whatever_goes_wrong(process: Running, seed: int) -> None:
    assert play(process, draw(seed)) == []


def test_the_selection_has_every_kind_of_fault() -> None:
    kinds: set[str] = set().union(*(draw(seed).kinds for seed in SHORT))
    assert kinds == set(FAULTS)


def test_every_kind_that_the_simulator_knows_is_drawn() -> None:
    words_of_status = {"code", "message", "retry_after"}
    assert set(FAULTS) == set(_EFFECT_KEYS) - words_of_status


def test_a_seed_always_gives_the_same_schedule() -> None:
    assert draw(7) == draw(7)


class Wrong:
    """A task that does what must not be."""

    ARGUMENT_SPEC = access_package_assignments.ARGUMENT_SPEC

    def __init__(self, sim: Running, what: str) -> None:
        self._sim = sim
        self._what = what

    def run(self, context: Context) -> Json:
        result: Json = {**access_package_assignments.run(context)}
        if self._what == "shows a secret":
            return {**result, "diff": self._sim.environment["AZURE_CLIENT_SECRET"]}
        if self._what == "claims what is not so":
            return {**result, "outcomes": [{**each, "error": None, "pending": False} for each in result["outcomes"]]}
        # Everybody has again what they had at the start, and nobody anything else.
        self._sim.load("contoso")
        return result


@pytest.mark.parametrize("what", ["shows a secret", "claims what is not so", "does it again each time"])
def test_what_must_not_be_is_noticed(process: Running, what: str) -> None:
    assert play(process, draw(2), Wrong(process, what))
