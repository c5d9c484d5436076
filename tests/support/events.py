# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the event source tells of a tenant as it is."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._events.source import Host, run_source
from ansible_collections.idgov.entra.plugins.plugin_utils.masking import masked
from tests.simulator.running import Running
from tests.support.engine import SimulatedClock

Json = dict[str, Any]


class _Read(BaseException):
    """The source has read once."""


class _List:
    """A queue of which nobody takes anything."""

    def __init__(self) -> None:
        self.events: list[Json] = []

    async def put(self, event: Json) -> None:
        self.events.append(event)


def told(sim: Running, directory: Path, **arguments: Any) -> list[Json]:
    """Return the events of the first reading that tells everything there is."""

    async def end(seconds: float) -> None:
        raise _Read

    queue = _List()
    said: list[str] = []
    host = Host(sim.environment, said.append, said.append, masked, SimulatedClock(sim), end)
    with suppress(_Read):
        asyncio.run(run_source(queue, {"state_path": str(directory / "state.db"), "start": "all", **arguments}, host))
    return queue.events
