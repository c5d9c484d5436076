# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode: the steps of the loop, imagined instead of sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ansible_collections.idgov.entra.plugins.module_utils._decide.imagine import (
    carried_out,
    delivered_again,
    parked,
    taken_back,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.situation import Situation
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._engine.choose import NextStep


def foresee(steps: Sequence[NextStep], now: datetime) -> None:
    """Take each step in imagination and leave its item in the situation that follows."""
    for step in steps:
        item = step.item
        if step.write and item.writes and item.writes[-1].step is step.write.step:
            # The same write again: the real run would wait for the first one to be seen.
            item.finish()
            continue
        if step.write and not step.wanted.choices.wait and not _goes_on(step):
            step.accept()
            item.request = replace(step.write.request, state=_accepted_as(step.write.step))
            item.finish(pending=True)
            continue
        item.situation = _after(step, item.situation, now)
        step.accept()


def _accepted_as(step: Step) -> str:
    """Name the state that a request has while nobody has waited for it."""
    return "delivering" if step is Step.REPROCESS else "submitted"


def _goes_on(step: NextStep) -> bool:
    return step.is_replacing or step.decision.step is Step.CANCEL


def _after(step: NextStep, situation: Situation, now: datetime) -> Situation:
    request = step.decision.request
    if step.write is None:
        return carried_out(situation, request, now) if request else delivered_again(situation)
    if step.write.step is Step.CANCEL and request:
        return taken_back(situation, request)
    if step.write.step is Step.REPROCESS:
        return delivered_again(situation)
    made = step.write.request
    if made.is_open:
        return parked(situation, replace(made, created=now))
    return carried_out(situation, made, now)
