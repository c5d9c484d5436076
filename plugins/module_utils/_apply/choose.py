# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Choosing the next step of an item: decides, and fetches more where the decision hangs on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from ansible_collections.idgov.entra.plugins.module_utils._apply.item import Item
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, NotSent
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Identity, part_of
from ansible_collections.idgov.entra.plugins.module_utils._decide.look_ahead import Planned, plan_step, steps_ahead
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import NotRead
from ansible_collections.idgov.entra.plugins.module_utils._decide.sentences import refusal, warning
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Request
from ansible_collections.idgov.entra.plugins.module_utils._fetch.observed import Missing
from ansible_collections.idgov.entra.plugins.module_utils._fetch.readers import ObservedReader

T = TypeVar("T")


@dataclass(frozen=True)
class NextStep(Planned):
    """The step that an item takes next."""

    item: Item

    def accept(self, request: Request | None, *, imagined: bool = False) -> None:
        """Record on the item that the write was accepted with this request, or in check mode would be."""
        if self.write is not None:
            self.item.accept(self.write, request, imagined=imagined)
        if self.is_replacing:
            self.item.make_room_for(self.desired)


def choose_steps(items: Sequence[Item], reader: ObservedReader, now: datetime) -> list[NextStep]:
    """Choose the next step of each item; one for which none is left or allowed is ended and has none.

    What decisions find missing is read for all items together. Raises what signing in raises.
    """
    chosen = _with_what_is_missing(items, reader, lambda item: _try(item, now))
    return [step for item, step in chosen if step is not None and _goes_on(item, step)]


def choose_all_steps(items: Sequence[Item], reader: ObservedReader, now: datetime) -> list[tuple[Item, list[Planned]]]:
    """Foresee the steps of each item to its end and leave it where it is; one that cannot go on has none.

    What decisions find missing is read for all items together. Raises what signing in raises.
    """
    return _with_what_is_missing(items, reader, lambda item: _look_ahead(item, now))


def without_writes(steps: Sequence[NextStep]) -> list[NextStep]:
    """Fail the items that would send something; the others go on waiting for what was sent before."""
    for step in steps:
        if step.write:
            step.item.fail(NotSent())
    return [step for step in steps if not step.write]


def _with_what_is_missing(
    items: Sequence[Item], reader: ObservedReader, attempt: Callable[[Item], T | Missing]
) -> list[tuple[Item, T]]:
    """Try each item that is not done, and again once what was missing is read; ends those of which it cannot be."""
    found: list[tuple[Item, T]] = []
    undecided = [item for item in items if not item.done]
    while undecided:
        missing: list[tuple[Item, Missing]] = []
        for item in undecided:
            result = attempt(item)
            if isinstance(result, Missing):
                missing.append((item, result))
            else:
                found.append((item, result))
        for (item, _dummy), more in zip(missing, reader.more([m for _dummy, m in missing]), strict=True):
            item.fail(more) if isinstance(more, EntraError) else item.learn(more)
        undecided = [item for item, _dummy in missing if not item.done]
    return found


def _look_ahead(item: Item, now: datetime) -> list[Planned] | Missing:
    if item.desired is None:
        return []
    try:
        return steps_ahead(item.desired, item.observed, now, may_cancel=item.cancel_refused is None)
    except NotRead as missing:
        return Missing(part_of(item.desired, Identity), item.observed, missing, bool(item.desired.answers))
    except EntraError:
        # The item will end with it, when its turn comes.
        return []


def _try(item: Item, now: datetime) -> NextStep | Missing | None:
    """Decide about an item, or say what has to be read first; null where it ends with an error."""
    desired = item.desired
    if desired is None:
        return None
    try:
        planned = plan_step(desired, item.observed, now, may_cancel=item.cancel_refused is None)
        return NextStep(planned.decision, planned.desired, planned.write, item)
    except NotRead as missing:
        return Missing(part_of(desired, Identity), item.observed, missing, bool(desired.answers))
    except EntraError as error:
        item.fail(error)
        return None


def _goes_on(item: Item, step: NextStep) -> bool:
    """Record the warnings of a decision, and end the item where nothing is left or allowed to do."""
    desired, row = item.desired or step.desired, step.decision.row
    if not item.replaced:
        # After the removal of a replacement nobody else has taken anything away.
        item.warn(warning(step.decision, desired.person, desired.policy))
    if step.is_replacing and desired.person.kind == "unknown":
        item.warn(
            f"Graph does not show whether {desired.person.label} is a guest; a guest's account may depend on the assignment"
        )
    for sentence in item.observed.conflicts.unread if item.observed.conflicts else ():
        item.warn(sentence)
    if row.step is Step.NOTHING and not item.may_have_failed:
        item.claim_lost()
        item.finish(pending=row.pending, ended=row.ended, seen=step.decision.request)
    elif row.step is Step.REFUSE:
        item.fail(
            refusal(step.decision, desired.person, desired.policy, item.cancel_refused), seen=step.decision.request
        )
    return not item.done
