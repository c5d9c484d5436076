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

    Where its body names the assignment by an empty id, it means the one that an open request will make: that id is not
    known before the request is carried out.
    """

    step: Step
    call: Call

    def allows(self, write: Write) -> bool:
        """Return whether this is the write that is to be sent."""
        return write.step is self.step and write.call in (self.call, _with_id_of(self.call, write.call))


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


def _with_id_of(planned: Call, found: Call) -> Call:
    """Fill in the id of an assignment that was not known when the plan was made."""
    assignment = (planned.body or {}).get("assignment")
    there = (found.body or {}).get("assignment")
    if not isinstance(assignment, Mapping) or assignment.get("id") != "" or not isinstance(there, Mapping):
        return planned
    return replace(planned, body={**(planned.body or {}), "assignment": {**assignment, "id": there.get("id")}})
