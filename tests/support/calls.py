# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the simulator received, as tests ask about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.simulator.running import Running

Json = dict[str, Any]
# What is sent with POST and changes nothing.
READING = ("$batch", "/getApplicablePolicyRequirements")
# The call that creates a request, as faults of the simulator name it.
CREATE: Json = {"method": "POST", "path": "assignmentRequests$"}


def round_trips(sim: Running) -> int:
    """Count the HTTP calls to Graph; a batch is one."""
    return sum(1 for call in _graph(sim) if call["batch"] is None)


def operations(sim: Running) -> int:
    """Count what Graph was asked to do; a batch counts as what it holds."""
    return sum(1 for call in _graph(sim) if not call["path"].endswith("$batch"))


def sign_ins(sim: Running) -> int:
    """Count the tokens that were asked for."""
    return sum(1 for call in sim.calls() if call["service"] == "signin" and call["method"] == "POST")


def writes(sim: Running) -> list[Json]:
    """Return the operations that ask Graph to change something, in order, items of a batch among them."""
    return writes_among(sim.calls())


def writes_among(calls: Sequence[Json]) -> list[Json]:
    """Return those of these calls that ask Graph to change something."""
    graph = [call for call in calls if call["service"] == "graph"]
    return [call for call in graph if call["method"] != "GET" and not call["path"].endswith(READING)]


def accepted_writes(sim: Running) -> list[Json]:
    """Return the writes that Graph took, in order."""
    return [call for call in writes(sim) if call["status"] < 300]


def sent(sim: Running) -> list[Json]:
    """Return the bodies of the writes, in order."""
    return [call["body"] for call in writes(sim)]


def _graph(sim: Running) -> list[Json]:
    return [call for call in sim.calls() if call["service"] == "graph"]
