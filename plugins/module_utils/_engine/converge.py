# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop: read, decide, do, wait, and again, until nothing is left to do or the time is up.

Works on any number of items; one assignment is the case of one. Check mode is the same loop, except that what would
be sent is imagined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, NotSent
from ansible_collections.idgov.entra.plugins.module_utils._decide.exact import ExactSet
from ansible_collections.idgov.entra.plugins.module_utils._decide.wanted import Declaration
from ansible_collections.idgov.entra.plugins.module_utils._engine.choose import NextStep, choose_steps
from ansible_collections.idgov.entra.plugins.module_utils._engine.foresee import foresee
from ansible_collections.idgov.entra.plugins.module_utils._engine.item import Item
from ansible_collections.idgov.entra.plugins.module_utils._engine.progress import Progress
from ansible_collections.idgov.entra.plugins.module_utils._engine.readers import Readers, SituationReader
from ansible_collections.idgov.entra.plugins.module_utils._engine.resolve import Meant, Resolver
from ansible_collections.idgov.entra.plugins.module_utils._engine.resolve_own import resolve_all
from ansible_collections.idgov.entra.plugins.module_utils._engine.run import Run
from ansible_collections.idgov.entra.plugins.module_utils._engine.surplus import Surplus, find_surplus, packages_in_full
from ansible_collections.idgov.entra.plugins.module_utils._engine.transmit import Transmitter
from ansible_collections.idgov.entra.plugins.module_utils._engine.twins import check_twins
from ansible_collections.idgov.entra.plugins.module_utils._engine.wait import Waiter


def converge(declarations: Sequence[Declaration], run: Run) -> list[Item]:
    """Bring every declared assignment about, or in check mode find out what that would take.

    Gives the items in the order of the declarations, one for each person, ended well or with its error. Raises what
    concerns all of them: what signing in raises, and OptionError where two declarations contradict each other.
    """
    items = _items(declarations, resolve_all(declarations, run.graph, run.is_delegated), run)
    reader = Readers(run.graph)
    _read(_live(items), reader)
    _bring_about(items, reader, run)
    return items


def converge_exactly(declarations: Sequence[Declaration], exact: ExactSet, run: Run) -> tuple[list[Item], Surplus]:
    """Bring every declared assignment about and take away what is held beside them, last of all.

    Gives the items, the removals behind them, and what was found beside the declared. Where an item fails nothing is
    taken away. Raises as C(converge()), and Refused where more would be taken away than may be.
    """
    # Only administrators make exact sets, so what they look up is all there is.
    resolver = Resolver(run.graph)
    meant = resolver.resolve(declarations)
    items = _items(declarations, meant, run)
    named, _nobody = resolver.find(exact.access_packages, None, ())
    packages = packages_in_full((each for each in meant if isinstance(each, Meant)), items, named or ())
    reader = Readers(run.graph)
    _read(_live(items), reader, in_full=list(packages))
    # Where an item has failed who is meant is not known for sure.
    surplus = Surplus() if _any_failed(items) else find_surplus(packages, reader.admin, exact)
    _bring_about(items, reader, run)
    if _any_failed(items):
        return items, replace(surplus, removals=())
    _bring_about(surplus.removals, reader, run)
    return [*items, *surplus.removals], surplus


def _bring_about(items: Sequence[Item], reader: Readers, run: Run) -> None:
    """Take items whose situation was read to their ends."""
    progress = Progress(len(items), run.clock, run.tell)
    transmitter = None if run.check_mode else Transmitter(run, Waiter(run.graph, run.clock, run.patience), progress)
    while live := _live(items):
        now = run.clock.now()
        steps = choose_steps(live, reader, now)
        if run.stops and _any_failed(items):
            steps = _without_writes(steps)
        progress.note(item for item in items if item.done)
        if transmitter is None:
            foresee(steps, now, is_delegated=run.is_delegated)
        else:
            transmitter.carry_out(steps)
            _read(_live(items), reader)
    progress.note(items)
    if not run.check_mode:
        _read_what_failed(items, reader)
    for item in items:
        item.share()


def _without_writes(steps: Sequence[NextStep]) -> list[NextStep]:
    """Fail the items that would send something; the others go on waiting for what was sent before."""
    for step in steps:
        if step.write:
            step.item.fail(NotSent())
    return [step for step in steps if not step.write]


def _read_what_failed(items: Sequence[Item], reader: SituationReader) -> None:
    """Read once more where a write was accepted and the item failed all the same: the result says what is there."""
    failed = [item for item in items if item.error and item.writes and item.wanted]
    situations = reader.situations([item.wanted for item in failed if item.wanted]) if failed else []
    for item, situation in zip(failed, situations, strict=True):
        if not isinstance(situation, EntraError):
            item.learn(situation)


def _items(declarations: Sequence[Declaration], meant: Sequence[Meant | EntraError], run: Run) -> list[Item]:
    items: list[Item] = []
    for index, (declaration, each) in enumerate(zip(declarations, meant, strict=True)):
        if isinstance(each, EntraError):
            items.append(Item(declaration, index))
            items[-1].fail(each)
        else:
            items += [Item(declaration, index, wanted) for wanted in each.wanted]
            if not each.wanted:
                run.warn(f"assignments[{index}]: no user is among {declaration.person}")
    check_twins(items, run.caller_id)
    return items


def _read(items: Sequence[Item], reader: SituationReader, in_full: Sequence[str] = ()) -> None:
    """Read the situation of each item anew."""
    wanted = [item.wanted for item in items if item.wanted]
    situations = reader.situations(wanted, in_full) if items or in_full else []
    for item, situation in zip(items, situations, strict=True):
        if isinstance(situation, EntraError):
            item.fail(situation)
        else:
            item.see(situation)


def _any_failed(items: Sequence[Item]) -> bool:
    return any(item.error for item in items)


def _live(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if not item.done]
