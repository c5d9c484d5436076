# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulator process for all tests here, taken back to its start before each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulator.running import Running
from tests.unit.simulator.graph_client import START, Graph


@pytest.fixture
def sim(process: Running) -> Iterator[Running]:
    """The simulator at its start, its clock frozen; afterwards no answer may have broken the metadata."""
    process.reset()
    process.freeze()
    yield process
    assert process.violations() == []


@pytest.fixture
def clock(sim: Running) -> Running:
    """The simulator with its clock at a round instant, every state lasting ten seconds."""
    sim.set_clock(START)
    sim.load("contoso")
    sim.settings(submitted_seconds=10, delivering_seconds=10, guest_seconds=10)
    return sim


@pytest.fixture
def graph(sim: Running) -> Graph:
    """A client with the app-only token of the world's app."""
    return Graph(sim, sim.token())
