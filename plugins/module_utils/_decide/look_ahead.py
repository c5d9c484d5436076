# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One step, planned and checked, and the steps that will follow it: known before anything is sent. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ansible_collections.idgov.entra.plugins.module_utils._decide.decide import Decision, decide
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Wanted
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Situation
from ansible_collections.idgov.entra.plugins.module_utils._decide.plan import Write, carried_over, plan
from ansible_collections.idgov.entra.plugins.module_utils._decide.predict import (
    carried_out,
    delivered_again,
    parked,
    taken_back,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.sentences import refusal
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step

_IDLE = frozenset({Step.NOTHING, Step.WAIT, Step.REFUSE})
# What comes after these only sees that they are done.
_FINAL = frozenset({Step.ADD, Step.UPDATE, Step.REMOVE, Step.REFUSE})
# More steps than the table ever takes one after the other.
_MOST_STEPS = 12


@dataclass(frozen=True)
class Planned:
    """A decision with its write; null where nothing is sent.

    ``wanted`` is what is wanted from then on; a replacement takes along what the old assignment had.
    """

    decision: Decision
    wanted: Wanted
    write: Write | None

    @property
    def is_replacing(self) -> bool:
        """Tell whether this is the removal that makes room for another policy."""
        return self.decision.step is Step.REPLACE

    @property
    def is_last(self) -> bool:
        """Tell whether nobody waits for what this sends, so that nothing comes after it."""
        goes_on = self.is_replacing or self.decision.step is Step.CANCEL
        return self.write is not None and not self.wanted.choices.wait and not goes_on


def plan_step(wanted: Wanted, situation: Situation, now: datetime, *, may_cancel: bool) -> Planned:
    """Decide and plan the next step, and check what is to follow it where it takes something back or away.

    Raises NotRead where something must be read first, and OptionError or Refused where this step, or one that it only
    makes room for, would not be right.
    """
    planned = _plan(wanted, situation, now, may_cancel=may_cancel)
    if _makes_room(planned):
        after = situation_after(planned, situation, now)
        for step in steps_ahead(planned.wanted, after, now, may_cancel=may_cancel):
            if step.decision.step is Step.REFUSE:
                raise refusal(step.decision, step.wanted)
    return planned


def steps_ahead(wanted: Wanted, situation: Situation, now: datetime, *, may_cancel: bool) -> list[Planned]:
    """Give the steps as check mode foresees them, to the one that brings about what is wanted or is a refusal.

    Raises as ``plan_step()``.
    """
    steps: list[Planned] = []
    while len(steps) < _MOST_STEPS:
        planned = _plan(wanted, situation, now, may_cancel=may_cancel)
        if planned.decision.step is Step.NOTHING:
            break
        steps.append(planned)
        if planned.is_last or planned.decision.step in _FINAL:
            break
        wanted, situation = planned.wanted, situation_after(planned, situation, now)
    return steps


def situation_after(planned: Planned, situation: Situation, now: datetime) -> Situation:
    """Imagine the situation once a step was taken with success."""
    request, write = planned.decision.request, planned.write
    if write is None:
        return carried_out(situation, request, now) if request else delivered_again(situation)
    if write.step is Step.CANCEL and request:
        return taken_back(situation, request)
    if write.step is Step.REPROCESS:
        return delivered_again(situation)
    if write.request.is_open:
        return parked(situation, replace(write.request, created=now))
    return carried_out(situation, write.request, now)


def _plan(wanted: Wanted, situation: Situation, now: datetime, *, may_cancel: bool) -> Planned:
    decision = decide(wanted, situation, now, may_cancel=may_cancel)
    if decision.step is Step.REPLACE and decision.assignment is not None:
        wanted = carried_over(wanted, decision.assignment, situation, now)
    return Planned(decision, wanted, None if decision.step in _IDLE else plan(decision, wanted, situation, now))


def _makes_room(planned: Planned) -> bool:
    """Tell whether a step takes back or away, or waits for what takes away, so that something else can be sent."""
    step, facts = planned.decision.step, planned.decision.facts
    awaited = step is Step.WAIT and facts.open == "remove" and facts.fits == "no"
    return facts.state == "present" and (step in (Step.CANCEL, Step.REPLACE) or awaited)
