# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop: read, decide, do, wait, and again, until nothing is left to do or the time is up.

Works on any number of items; one assignment is the case of one. Check mode is the same loop, except that what would
be sent is imagined.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ansible_collections.idgov.entra.plugins.module_utils._core.clock import Clock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError
from ansible_collections.idgov.entra.plugins.module_utils._decide.wanted import Declaration
from ansible_collections.idgov.entra.plugins.module_utils._engine.choose import choose_step
from ansible_collections.idgov.entra.plugins.module_utils._engine.foresee import foresee
from ansible_collections.idgov.entra.plugins.module_utils._engine.item import Item
from ansible_collections.idgov.entra.plugins.module_utils._engine.readers import Readers, SituationReader
from ansible_collections.idgov.entra.plugins.module_utils._engine.resolve_own import resolve_all
from ansible_collections.idgov.entra.plugins.module_utils._engine.transmit import Transmitter
from ansible_collections.idgov.entra.plugins.module_utils._engine.wait import Patience, Waiter
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient


def converge(
    declarations: Sequence[Declaration],
    *,
    graph: GraphClient,
    clock: Clock,
    patience: Patience,
    may_cancel: Callable[[], bool],
    check_mode: bool,
) -> list[Item]:
    """Bring every declared assignment about, or in check mode find out what that would take.

    Gives one item for each declaration, in order, ended well or with its error. Raises only what concerns all of
    them: what signing in raises.
    """
    items = _resolved(declarations, graph, may_cancel)
    reader = Readers(graph)
    _read(_live(items), reader)
    for item in items:
        item.before = item.situation
    transmitter = None if check_mode else Transmitter(graph, clock, Waiter(graph, clock, patience))
    while live := _live(items):
        now = clock.now()
        chosen = [choose_step(item, reader, now, may_cancel=may_cancel()) for item in live]
        steps = [step for step in chosen if step is not None]
        if transmitter is None:
            foresee(steps, now)
        else:
            transmitter.carry_out(steps)
            _read(_live(items), reader)
    if not check_mode:
        _read_what_failed(items, reader)
    return items


def _read_what_failed(items: Sequence[Item], reader: SituationReader) -> None:
    """Read once more where a write was accepted and the item failed all the same: the result says what is there."""
    failed = [item for item in items if item.error and item.writes and item.wanted]
    situations = reader.situations([item.wanted for item in failed if item.wanted]) if failed else []
    for item, situation in zip(failed, situations, strict=True):
        if not isinstance(situation, EntraError):
            item.learn(situation)


def _resolved(declarations: Sequence[Declaration], graph: GraphClient, is_delegated: Callable[[], bool]) -> list[Item]:
    items = [Item(declaration) for declaration in declarations]
    for item, wanted in zip(items, resolve_all(declarations, graph, is_delegated), strict=True):
        if isinstance(wanted, EntraError):
            item.fail(wanted)
        else:
            item.wanted = wanted
    return items


def _read(items: Sequence[Item], reader: SituationReader) -> None:
    """Read the situation of each item anew."""
    situations = reader.situations([item.wanted for item in items if item.wanted]) if items else []
    for item, situation in zip(items, situations, strict=True):
        if isinstance(situation, EntraError):
            item.fail(situation)
        else:
            item.situation = situation


def _live(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if not item.done]
