# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a change to a request that has ended to the values that a task returns."""

from __future__ import annotations

from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable_value
from ansible_collections.idgov.entra.plugins.module_utils._decide.requests import callback_word
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._engine.change_request import Change
from ansible_collections.idgov.entra.plugins.module_utils._engine.outcome import Result, request_result
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Request


def change_result(change: Change) -> Result:
    """Give the results of one change, without C(failed) and C(msg)."""
    found = change.found
    return {
        "changed": change.write is not None,
        "action": change.write.step.value if change.write else "none",
        "pending": change.pending,
        "request": request_result(found) if found else None,
        "diff": printable_value(_diff(change)),
    }


def _diff(change: Change) -> Result:
    """Show what is managed, before and after; built from named members, never from what Graph sent."""
    if change.before is None and change.found is None:
        absent: Result = {"state": "absent"} if change.wanted.state == "absent" else {}
        return {"before": absent, "after": absent}
    after = _managed(change, change.found, written=change.write is not None)
    callback = change.wanted.callback
    if callback and change.write and change.write.step is Step.RESUME:
        told = {"decision": callback.decision, "instance_detail": callback.instance_detail}
        after.update({name: value for name, value in told.items() if value is not None})
    return {"before": _managed(change, change.before, written=False), "after": after}


def _managed(change: Change, request: Request | None, *, written: bool) -> Result:
    if request is None:
        return {"state": "absent"}
    if change.wanted.callback is not None:
        return {"callback": callback_word(change.wanted, request, written=written)}
    return {"state": request.state}
