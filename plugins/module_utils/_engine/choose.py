# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Choosing the next step of an item: decides, and reads more where the decision hangs on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError
from ansible_collections.idgov.entra.plugins.module_utils._decide.decide import Decision, decide
from ansible_collections.idgov.entra.plugins.module_utils._decide.plan import Write, carried_over, plan
from ansible_collections.idgov.entra.plugins.module_utils._decide.sentences import refusal, warning
from ansible_collections.idgov.entra.plugins.module_utils._decide.situation import NotRead
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._decide.wanted import Wanted
from ansible_collections.idgov.entra.plugins.module_utils._engine.item import Item
from ansible_collections.idgov.entra.plugins.module_utils._engine.readers import SituationReader

_IDLE = frozenset({Step.NOTHING, Step.WAIT, Step.REFUSE})


@dataclass(frozen=True)
class NextStep:
    """A step that an item takes next: its write, or (null) to wait.

    C(wanted) is what the item wants from then on; a replacement takes along what the old assignment had.
    """

    item: Item
    decision: Decision
    wanted: Wanted
    write: Write | None

    @property
    def is_replacing(self) -> bool:
        """Tell whether this is the removal that makes room for another policy."""
        return self.decision.step is Step.REPLACE

    def accept(self) -> None:
        """Note on the item that the write was accepted, or in check mode would be."""
        if self.write is not None:
            self.item.accept(self.write, self.write.request)
            self.item.replaced = self.item.replaced or self.is_replacing
            self.item.wanted = self.wanted


def choose_step(item: Item, reader: SituationReader, now: datetime, *, may_cancel: bool) -> NextStep | None:
    """Choose the next step of an item; where none is left or allowed, end the item and give null.

    Raises what signing in raises.
    """
    wanted = item.wanted
    if wanted is None or item.done:
        return None
    try:
        step = _decided(item, wanted, reader, now, may_cancel=may_cancel)
    except EntraError as error:
        item.fail(error)
        return None
    if not item.replaced:
        # After the removal of a replacement nobody else has taken anything away.
        item.warn(warning(step.decision, wanted))
    if step.is_replacing and wanted.person.kind == "unknown":
        item.warn(
            f"whether {wanted.person.label} is a guest cannot be told; a guest's account may hang on the assignment"
        )
    for sentence in item.situation.conflicts.unread if item.situation.conflicts else ():
        item.warn(sentence)
    row = step.decision.row
    if row.step is Step.NOTHING:
        item.claim_lost()
        item.request = item.request or step.decision.request
        item.finish(pending=row.pending, ended=row.ended)
    elif row.step is Step.REFUSE:
        item.request = item.request or step.decision.request
        item.fail(refusal(step.decision, wanted))
    return None if item.done else step


def _decided(item: Item, wanted: Wanted, reader: SituationReader, now: datetime, *, may_cancel: bool) -> NextStep:
    while True:
        try:
            decision = decide(wanted, item.situation, now, may_cancel=may_cancel)
            then = wanted
            if decision.step is Step.REPLACE and decision.assignment is not None:
                then = carried_over(wanted, decision.assignment, item.situation, now)
            write = None if decision.step in _IDLE else plan(decision, then, item.situation, now)
            return NextStep(item, decision, then, write)
        except NotRead as missing:
            item.learn(reader.more(wanted, item.situation, missing))
