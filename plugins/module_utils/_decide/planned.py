# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A write that a plan allows, held against one that is to be sent. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ansible_collections.idgov.entra.plugins.module_utils._decide.plan import Write
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call


@dataclass(frozen=True)
class PlannedWrite:
    """One write of a plan.

    Where it ``waits`` for an open request, the assignment that this makes is not known before: neither its id, which is
    empty then, nor the start that an update sends along.
    """

    step: Step
    call: Call
    waits: bool = False

    def allows(self, write: Write) -> bool:
        """Return whether this is the write that is to be sent."""
        call = _filled_in(self.call, write.call) if self.waits else self.call
        return write.step is self.step and write.call == call


def is_allowed(write: Write, planned: Sequence[PlannedWrite], sent: Sequence[Write]) -> bool:
    """Return whether a plan has a write that was not accepted yet; each of its writes is sent once."""
    left = list(planned)
    for done in sent:
        match = next((each for each in left if each.allows(done)), None)
        if match:
            left.remove(match)
    return any(each.allows(write) for each in left)


def is_rest_of(writes: Sequence[Write], planned: Sequence[PlannedWrite]) -> bool:
    """Return whether writes are the last ones of a plan, in its order."""
    last = planned[len(planned) - len(writes) :]
    return len(last) == len(writes) and all(each.allows(w) for each, w in zip(last, writes, strict=True))


def _filled_in(planned: Call, found: Call) -> Call:
    """Fill in what was not known of the assignment when the plan was made."""
    body, there = dict(planned.body or {}), found.body or {}
    assignment, schedule = body.get("assignment"), body.get("schedule")
    if assignment == {"id": ""}:
        body["assignment"] = there.get("assignment")
    start = _member(there.get("schedule"), "startDateTime")
    if isinstance(schedule, Mapping) and "startDateTime" not in schedule and start is not None:
        body["schedule"] = {"startDateTime": start, **schedule}
    return replace(planned, body=body if planned.body is not None else None)


def _member(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, Mapping) else None
