# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carrying out a plan: everything is read and decided anew, and nothing is sent unless all of it still holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from ansible_collections.idgov.entra.plugins.module_utils._apply.item import Item
from ansible_collections.idgov.entra.plugins.module_utils._apply.reconcile import (
    any_failed,
    dry_run_of,
    read_items,
    reconcile_items,
)
from ansible_collections.idgov.entra.plugins.module_utils._apply.run import Run
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, NotSent, StalePlan
from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Declaration, Person
from ansible_collections.idgov.entra.plugins.module_utils._decide.planned import is_rest_of
from ansible_collections.idgov.entra.plugins.module_utils._declare.resolve import Resolved
from ansible_collections.idgov.entra.plugins.module_utils._declare.resolve_own import resolve_all
from ansible_collections.idgov.entra.plugins.module_utils._fetch.readers import Readers
from ansible_collections.idgov.entra.plugins.module_utils._plan.parse import Plan, PlannedItem
from ansible_collections.idgov.entra.plugins.module_utils._results.results import item_result
from ansible_collections.idgov.entra.plugins.module_utils._results.shapes import StaleResult

# What these say is decided from what is there; any other error says that it could not be found out.
_DECIDED = frozenset({"option", "refused", "not_found", "ambiguous"})
_SHOWN = 10


class Standing(Enum):
    """What has become of one change of a plan."""

    DONE = "done"
    STILL_RIGHT = "still right"
    STALE = "stale"
    # what is there could not be read
    UNREAD = "unread"


@dataclass(frozen=True)
class Stale:
    """A change of a plan that does not fit any more, and what would be done for it now."""

    planned: PlannedItem
    found: Item

    @property
    def why(self) -> str:
        """Say in words what has changed."""
        if self.found.error:
            return self.found.error.message
        if self.found.ended:
            return "access has ended in the meantime"
        planned, found = self.planned.shown["action"], self.found.action
        if found != planned:
            return f"the plan has {planned}, and now it would be {found}"
        if _is_as_it_was(self.planned, self.found):
            return f"the {planned} would send something else now"
        return "what is held has changed since it was planned"


@dataclass(frozen=True)
class Applied:
    """What became of a plan: its items in order, and where nothing was sent because of them, the stale ones."""

    items: Sequence[Item] = ()
    stale: Sequence[Stale] = ()

    @property
    def error(self) -> StalePlan | None:
        """Return the error that names the stale items; null where there is none."""
        if not self.stale:
            return None
        reasons = [f"{each.planned.label} ({_package(each.planned)}): {each.why}" for each in self.stale[:_SHOWN]]
        more = len(self.stale) - _SHOWN
        words = "; ".join([*reasons, *([f"and {more} more"] if more > 0 else [])])
        return StalePlan(
            f"the plan is stale and nothing was sent: {len(self.stale)} of {len(self.items)} changes do not fit what is"
            f" there now: {words}",
            hint="make a new plan",
        )


def apply_plan(plan: Plan, run: Run) -> Applied:
    """Carry out a plan, or in check mode only find out whether it can be.

    No other writes than those of the plan are sent, and none if one item is stale or cannot be read. A write that was
    sent before, by a plan that was broken off or by somebody else, is not sent again. Raises what signing in raises.
    """
    reader = Readers(run.graph)
    declarations = [planned.declaration for planned in plan.items]
    resolved = resolve_all(declarations, run.graph, run.is_delegated)
    named = [_named(planned, each) for planned, each in zip(plan.items, resolved, strict=True)]
    items = [
        replace(
            item,
            declaration=_called(planned, item.declaration),
            index=planned.shown.get("index"),
            planned=planned.writes,
        )
        for planned, item in zip(plan.items, read_items(declarations, named, reader, run), strict=True)
    ]
    foreseen = dry_run_of(items, reader, run)
    found = [standing(planned, item) for planned, item in zip(plan.items, foreseen, strict=True)]
    stale = [
        Stale(planned, item)
        for planned, item, each in zip(plan.items, foreseen, found, strict=True)
        if each is Standing.STALE
    ]
    # What is done need not be waited for twice, but what is open is.
    if stale or Standing.UNREAD in found:
        held = StalePlan("nothing was sent for this item") if stale else NotSent()
        of_all = zip(plan.items, items, foreseen, found, strict=True)
        return Applied([_held_back(*each, held) for each in of_all], stale)
    if run.check_mode:
        return Applied(foreseen)
    _carry_out(items, reader, run)
    return Applied(items)


def standing(planned: PlannedItem, found: Item) -> Standing:
    """Hold a planned change against what a dry run finds now; the table in docs/plans.md says the same."""
    if found.error:
        return Standing.STALE if found.error.kind in _DECIDED else Standing.UNREAD
    if not found.writes:
        return Standing.STALE if found.ended else Standing.DONE
    if not is_rest_of(found.writes, planned.writes):
        return Standing.STALE
    begun = len(found.writes) < len(planned.writes) or _is_over(planned.shown.get("waits_for"), found)
    return Standing.STILL_RIGHT if begun or _is_as_it_was(planned, found) else Standing.STALE


def _is_as_it_was(planned: PlannedItem, found: Item) -> bool:
    return bool(item_result(found)["diff"]["before"] == planned.shown["before"])


def _is_over(request_id: str | None, found: Item) -> bool:
    """Return whether the open request that a plan waits for has ended."""
    return request_id is not None and all(request.id != request_id for request in found.before.open_requests)


def _carry_out(items: Sequence[Item], reader: Readers, run: Run) -> None:
    """Take items to their ends: what an exact set takes away last, and not where something declared has failed."""
    declared = [item for item in items if item.index is not None]
    undeclared = [item for item in items if item.index is None]
    reconcile_items(declared, reader, run)
    if not any_failed(declared):
        reconcile_items(undeclared, reader, run)
    for item in undeclared:
        if not item.done:
            item.fail(NotSent())


def _held_back(planned: PlannedItem, item: Item, foreseen: Item, found: Standing, held: EntraError) -> Item:
    """Return an item for which nothing was sent: as it is where nothing is to be done, else with an error.

    ``held`` is the error of what is still right.
    """
    if found is Standing.DONE or foreseen.error:
        return foreseen
    is_stale = found is Standing.STALE
    item.fail(StalePlan(f"the plan is stale here: {Stale(planned, foreseen).why}") if is_stale else held)
    return item


def _named(planned: PlannedItem, resolved: Resolved | EntraError) -> Resolved | EntraError:
    """Give the person the name and kind that the plan has, where an id was all that was looked up."""
    if isinstance(resolved, EntraError):
        return resolved
    identities = (replace(each, person=_person(planned, each.person)) for each in resolved.identities)
    return replace(resolved, identities=tuple(identities))


def _person(planned: PlannedItem, person: Person) -> Person:
    kind = planned.kind if person.kind == "unknown" else person.kind
    return replace(person, label=planned.label, kind=kind)


def _called(planned: PlannedItem, declaration: Declaration) -> Declaration:
    """Give a declaration that is resolved the names that the plan has, for sentences: an id tells nobody whom it is about."""
    return replace(declaration, access_package=_package(planned), user=planned.label, email=None)


def stale_result(stale: Stale) -> StaleResult:
    """Return a stale change as results show it: what the plan has, and what was found."""
    shown, found = stale.planned.shown, item_result(stale.found)
    return {
        "access_package": shown["access_package"],
        "target": shown["target"],
        "planned": {"action": shown["action"], "before": shown["before"], "after": shown["after"]},
        "found": {
            "action": found["action"],
            "before": found["diff"]["before"],
            "after": found["diff"]["after"],
            "ended": found["ended"],
            "why": printable(stale.why),
        },
    }


def _package(planned: PlannedItem) -> str:
    package = planned.shown["access_package"]
    return str(package.get("display_name") or package["id"])
