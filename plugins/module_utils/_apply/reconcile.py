# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop: observe, decide, apply, wait, and again, until nothing is left to do or the time is up.

Works on any number of items; one assignment is the case of one. Check mode is the same loop, except that what would
be sent is imagined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ansible_collections.idgov.entra.plugins.module_utils._apply.apply import Applier
from ansible_collections.idgov.entra.plugins.module_utils._apply.choose import (
    choose_all_steps,
    choose_steps,
    without_writes,
)
from ansible_collections.idgov.entra.plugins.module_utils._apply.dry_run import dry_run
from ansible_collections.idgov.entra.plugins.module_utils._apply.item import Item, mark_duplicates
from ansible_collections.idgov.entra.plugins.module_utils._apply.outlook import foresee_changes
from ansible_collections.idgov.entra.plugins.module_utils._apply.run import Progress, Run
from ansible_collections.idgov.entra.plugins.module_utils._apply.undeclared import (
    UndeclaredItems,
    find_undeclared_items,
    packages_in_full,
)
from ansible_collections.idgov.entra.plugins.module_utils._apply.wait import Waiter
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, Refused
from ansible_collections.idgov.entra.plugins.module_utils._decide.caps import Caps, over_caps
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import (
    Declaration,
    Desired,
    Identity,
    Reference,
    Settings,
    part_of,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.exact_set import ExactSet
from ansible_collections.idgov.entra.plugins.module_utils._declare.resolve import Resolved, Resolver
from ansible_collections.idgov.entra.plugins.module_utils._declare.resolve_own import resolve_all
from ansible_collections.idgov.entra.plugins.module_utils._fetch.readers import ObservedReader, Readers


@dataclass(frozen=True)
class Reached:
    """What became of many declarations.

    ``items`` are in their order, one for each person, and behind them the removals of an exact set. ``left_alone``
    counts what such a set never touches. ``over_cap`` says why nothing was sent, or in check mode would be.
    """

    items: Sequence[Item] = ()
    left_alone: int = 0
    over_cap: Refused | None = None


def reconcile(declarations: Sequence[Declaration], run: Run) -> Sequence[Item]:
    """Bring every declared assignment about, or in check mode find out what that would take.

    Gives the items in the order of the declarations, one for each person, ended well or with its error. Raises what
    concerns all of them: what signing in raises, and OptionError where two declarations contradict each other.
    """
    return reconcile_within(declarations, Caps(), run).items


def reconcile_within(declarations: Sequence[Declaration], caps: Caps, run: Run) -> Reached:
    """Bring every declared assignment about unless that goes over a cap; raises as ``reconcile()``."""
    items = _items(declarations, resolve_all(_references(declarations), run.graph, run.is_delegated), run)
    reader = Readers(run.graph)
    whole = {item.desired.package.id: None for item in _live(items) if item.desired} if caps.need_holders else {}
    _read(_live(items), reader, in_full=list(whole))
    return _reconcile_within(items, UndeclaredItems(), caps, reader, run)


def reconcile_exact_set(declarations: Sequence[Declaration], exact: ExactSet, caps: Caps, run: Run) -> Reached:
    """Bring every declared assignment about and take away what is held beside them, last of all.

    Where an item fails nothing beside them is taken away. Raises as ``reconcile()``.
    """
    # Only administrators make exact sets, so what they look up is all there is.
    resolver = Resolver(run.graph)
    resolved = resolver.resolve(_references(declarations))
    items = _items(declarations, resolved, run)
    named, _nobody = resolver.find(exact.access_packages, None, ())
    packages = packages_in_full((each for each in resolved if isinstance(each, Resolved)), items, named or ())
    reader = Readers(run.graph)
    _read(_live(items), reader, in_full=list(packages))
    # Where an item has failed who is meant is not known for sure.
    undeclared_items = UndeclaredItems() if any_failed(items) else find_undeclared_items(packages, reader.admin, exact)
    return _reconcile_within(items, undeclared_items, caps, reader, run)


def read_items(
    declarations: Sequence[Declaration], resolved: Sequence[Resolved | EntraError], reader: Readers, run: Run
) -> list[Item]:
    """Return the items of resolved declarations, with what is there for each; raises as ``reconcile()``."""
    items = _items(declarations, resolved, run)
    _read(_live(items), reader)
    return items


def dry_run_of(items: Sequence[Item], reader: Readers, run: Run) -> list[Item]:
    """Do a dry run of items whose observed state was read, and return copies that have come to their ends.

    What decisions find missing is learnt by the items themselves, so that carrying out does not read it again.
    """
    choose_all_steps(_live(items), reader, run.clock.now())
    copies = [replace(item, writes=[], warnings=list(item.warnings)) for item in items]
    reconcile_items(copies, reader, replace(run, check_mode=True, stops=False, log=lambda line: None))
    return copies


def _reconcile_within(
    items: Sequence[Item], undeclared_items: UndeclaredItems, caps: Caps, reader: Readers, run: Run
) -> Reached:
    """Take items, and then removals, to their ends, unless all of them together go over a cap."""
    everything = [*items, *undeclared_items.removals]
    over = None if caps.are_none else _over_caps(everything, caps, reader, run)
    if over and not run.check_mode:
        _hold_back(everything, reader, run)
        return Reached(everything, undeclared_items.left_alone, over)
    reconcile_items(items, reader, run)
    if any_failed(items):
        return Reached(items, undeclared_items.left_alone, over)
    reconcile_items(undeclared_items.removals, reader, run)
    return Reached(everything, undeclared_items.left_alone, over)


def _over_caps(items: Sequence[Item], caps: Caps, reader: Readers, run: Run) -> Refused | None:
    live, now = _live(items), run.clock.now()
    changes = foresee_changes(live, reader, now, with_holders=caps.need_holders)
    return over_caps(changes, caps)


def _hold_back(items: Sequence[Item], reader: Readers, run: Run) -> None:
    """End the items for which nothing is to do as ever, and all others without sending anything."""
    for step in choose_steps(_live(items), reader, run.clock.now()):
        step.item.fail(Refused("nothing was sent for this item, because the task exceeds a limit"))
    for item in items:
        item.share()


def reconcile_items(items: Sequence[Item], reader: Readers, run: Run) -> None:
    """Take items whose observed state was read to their ends."""
    progress = Progress(len(items), run.clock, run.log)
    applier = None if run.check_mode else Applier(run, Waiter(run.graph, run.clock, run.patience), progress)
    while live := _live(items):
        now = run.clock.now()
        steps = choose_steps(live, reader, now)
        if run.stops and any_failed(items):
            steps = without_writes(steps)
        progress.count(item for item in items if item.done)
        if applier is None:
            dry_run(steps, now, is_delegated=run.is_delegated)
        else:
            applier.apply(steps)
            _read(_live(items), reader)
    progress.count(items)
    if not run.check_mode:
        _fetch_what_failed(items, reader)
    for item in items:
        item.share()


def _fetch_what_failed(items: Sequence[Item], reader: ObservedReader) -> None:
    """Read once more where a write was, or may have been, accepted and the item failed: the result says what is there."""
    failed = [item for item in items if item.error and (item.writes or item.lost) and item.desired]
    all_observed = reader.fetch([part_of(item.desired, Identity) for item in failed if item.desired]) if failed else []
    for item, observed in zip(failed, all_observed, strict=True):
        if not isinstance(observed, EntraError):
            item.see(observed)
            item.claim_lost()


def _references(declarations: Sequence[Declaration]) -> list[Reference]:
    return [part_of(declaration, Reference) for declaration in declarations]


def _items(declarations: Sequence[Declaration], resolved: Sequence[Resolved | EntraError], run: Run) -> list[Item]:
    items: list[Item] = []
    for index, (declaration, each) in enumerate(zip(declarations, resolved, strict=True)):
        if isinstance(each, EntraError):
            items.append(Item(declaration, index))
            items[-1].fail(each)
        else:
            settings = vars(part_of(declaration, Settings))
            items += [Item(declaration, index, Desired(**vars(who), **settings)) for who in each.identities]
            if not each.identities:
                run.warn(f"assignments[{index}]: no user is among {declaration.person}")
    mark_duplicates(items, run.caller_id)
    return items


def _read(items: Sequence[Item], reader: ObservedReader, in_full: Sequence[str] = ()) -> None:
    """Read the observed state of each item anew."""
    identities = [part_of(item.desired, Identity) for item in items if item.desired]
    all_observed = reader.fetch(identities, in_full) if items or in_full else []
    for item, observed in zip(items, all_observed, strict=True):
        if isinstance(observed, EntraError):
            item.fail(observed)
        else:
            item.see(observed)


def any_failed(items: Sequence[Item]) -> bool:
    """Return whether an item has ended with an error."""
    return any(item.error for item in items)


def _live(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if not item.done]
