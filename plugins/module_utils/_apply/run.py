# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run of the engine works with, and the line about its progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ansible_collections.idgov.entra.plugins.module_utils._apply.item import Item
from ansible_collections.idgov.entra.plugins.module_utils._core.clock import Clock
from ansible_collections.idgov.entra.plugins.module_utils._declare.declaration import Patience
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient

_STEP = 100


class Progress:
    """Counts the items that are decided or answered, and logs each hundred; below a hundred it logs nothing."""

    def __init__(self, total: int, clock: Clock, log: Callable[[str], None]) -> None:
        self._total = total
        self._clock = clock
        self._log = log
        self._since = clock.elapsed()
        self._seen: set[int] = set()
        self._logged = 0

    def count(self, items: Iterable[Item]) -> None:
        """Count these items, each once."""
        self._seen.update(map(id, items))
        done = len(self._seen)
        if self._total >= _STEP and done // _STEP > self._logged:
            self._logged = done // _STEP
            rate = done / max(self._clock.elapsed() - self._since, 0.001)
            self._log(f"{done} of {self._total} done, {rate:.0f} per second")


@dataclass(frozen=True)
class Run:
    """One run of the engine.

    ``is_delegated`` tells whether a person may be signed in, ``caller_id`` who that is, null where nobody knows, and
    ``is_user`` whether one is who can be no administrator.
    With ``stops`` nothing more is sent once an item has failed. ``warn`` takes a sentence for the user, ``log`` a line
    about the progress of long work.
    """

    graph: GraphClient
    clock: Clock
    patience: Patience
    is_delegated: Callable[[], bool]
    caller_id: Callable[[], str | None]
    check_mode: bool
    stops: bool = False
    is_user: Callable[[], bool] = lambda: False
    warn: Callable[[str], None] = lambda sentence: None
    log: Callable[[str], None] = lambda line: None
