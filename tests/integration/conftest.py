# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator, taken back to its start before each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.running import Running
from tests.support.playbook import Played, play
from tests.support.sign_in import open_every_door

Play = Callable[..., Played]


@pytest.fixture
def sim(process: Running) -> Iterator[Running]:
    """The simulator at its start; afterwards no answer may have broken the metadata."""
    process.reset()
    yield process
    assert process.violations() == []


@pytest.fixture
def frozen(sim: Running) -> Running:
    """The simulator with its clock stopped; it moves when the engine pauses."""
    sim.freeze()
    return sim


@pytest.fixture
def playing(sim: Running, tmp_path: Path) -> Play:
    """Run a play of tasks against the simulator; ``env`` replaces parts of the environment."""

    def run(
        tasks: Sequence[Mapping[str, Any]], *arguments: str, env: Mapping[str, str] | None = None, **keywords: Any
    ) -> Played:
        sim.clear_calls()
        return play(tasks, tmp_path, {**sim.environment, **(env or {})}, *arguments, **keywords)

    return run


@pytest.fixture
def opened(frozen: Running) -> Running:
    """The simulator whose application may prove itself in every way."""
    open_every_door(frozen)
    return frozen
