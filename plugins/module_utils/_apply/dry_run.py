# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode: the steps of the loop, imagined instead of sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from ansible_collections.idgov.entra.plugins.module_utils._apply.choose import NextStep
from ansible_collections.idgov.entra.plugins.module_utils._decide.look_ahead import situation_after
from ansible_collections.idgov.entra.plugins.module_utils._decide.sentences import cancel_warning
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step


def dry_run(steps: Sequence[NextStep], now: datetime, *, is_delegated: Callable[[], bool]) -> None:
    """Take each step in imagination and leave its item in the observed state that follows."""
    for step in steps:
        item = step.item
        if step.write and step.write.step is Step.CANCEL and not is_delegated():
            item.warn(cancel_warning(step.write.request))
        if step.write and item.writes and item.writes[-1].step is step.write.step:
            # The same write again: the real run would wait for the first one to be seen.
            item.finish()
            continue
        if step.write and step.is_last:
            step.accept(replace(step.write.request, state=_accepted_as(step.write.step)), imagined=True)
            item.finish(pending=True)
            continue
        item.assume(situation_after(step, item.observed, now))
        step.accept(step.write.request if step.write else None, imagined=True)


def _accepted_as(step: Step) -> str:
    """Name the state that a request has while nobody has waited for it."""
    return "delivering" if step is Step.REPROCESS else "submitted"
