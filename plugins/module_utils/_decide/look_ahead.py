# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One step, planned and checked, and the steps that will follow it: known before anything is sent. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ansible_collections.idgov.entra.plugins.module_utils._decide.decide import Decision, decide
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Desired
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Observed
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

    ``desired`` is what is desired from then on; a replacement takes along what the old assignment had.
    """

    decision: Decision
    desired: Desired
    write: Write | None

    @property
    def is_replacing(self) -> bool:
        """Return whether this is the removal that makes room for another policy."""
        return self.decision.step is Step.REPLACE

    @property
    def is_last(self) -> bool:
        """Return whether nobody waits for what this sends, so that nothing comes after it."""
        goes_on = self.is_replacing or self.decision.step is Step.CANCEL
        return self.write is not None and not self.desired.handling.wait and not goes_on


def plan_step(desired: Desired, observed: Observed, now: datetime, *, may_cancel: bool) -> Planned:
    """Decide and plan the next step, and check what is to follow it where it takes something back or away.

    Raises NotRead where something must be read first, and OptionError or Refused where this step, or one that it only
    makes room for, would not be right.
    """
    planned = _plan(desired, observed, now, may_cancel=may_cancel)
    if _makes_room(planned):
        after = situation_after(planned, observed, now)
        for step in steps_ahead(planned.desired, after, now, may_cancel=may_cancel):
            if step.decision.step is Step.REFUSE:
                raise refusal(step.decision, step.desired.person, step.desired.policy)
    return planned


def steps_ahead(desired: Desired, observed: Observed, now: datetime, *, may_cancel: bool) -> list[Planned]:
    """Return the steps as check mode foresees them, to the one that brings about what is desired or is a refusal.

    Raises as ``plan_step()``.
    """
    steps: list[Planned] = []
    while len(steps) < _MOST_STEPS:
        planned = _plan(desired, observed, now, may_cancel=may_cancel)
        if planned.decision.step is Step.NOTHING:
            break
        steps.append(planned)
        if planned.is_last or planned.decision.step in _FINAL:
            break
        desired, observed = planned.desired, situation_after(planned, observed, now)
    return steps


def situation_after(planned: Planned, observed: Observed, now: datetime) -> Observed:
    """Imagine the observed state once a step was taken with success."""
    request, write = planned.decision.request, planned.write
    if write is None:
        return carried_out(observed, request, now) if request else delivered_again(observed)
    if write.step is Step.CANCEL and request:
        return taken_back(observed, request)
    if write.step is Step.REPROCESS:
        return delivered_again(observed, write.request)
    if write.request.is_open:
        return parked(observed, replace(write.request, created=now))
    return carried_out(observed, write.request, now)


def _plan(desired: Desired, observed: Observed, now: datetime, *, may_cancel: bool) -> Planned:
    decision = decide(desired, observed, now, may_cancel=may_cancel)
    if decision.step is Step.REPLACE and decision.assignment is not None:
        desired = carried_over(desired, decision.assignment, observed, now)
    return Planned(decision, desired, None if decision.step in _IDLE else plan(decision, desired, observed, now))


def _makes_room(planned: Planned) -> bool:
    """Return whether a step takes back or away, or waits for what takes away, so that something else can be sent."""
    step, facts = planned.decision.step, planned.decision.facts
    awaited = step is Step.WAIT and facts.open == "remove" and facts.fits == "no"
    return facts.state == "present" and (step in (Step.CANCEL, Step.REPLACE) or awaited)
