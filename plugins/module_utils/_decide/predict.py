# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What will be there once a request is carried out: for judging open requests, and for check mode. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ansible_collections.idgov.entra.plugins.module_utils._core.texts import same_id
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Observed
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Assignment,
    Policy,
    Request,
    Schedule,
)


def carried_out(observed: Observed, request: Request, now: datetime) -> Observed:
    """Imagine the observed state after an open request has ended well."""
    rest = tuple(r for r in observed.open_requests if r is not request)
    done = replace(request, state="delivered", completed=now)
    if request.type.endswith("Add"):
        # A new assignment has no past but this request.
        made = _made_by(done, observed)
        others = tuple(a for a in observed.assignments if a.state == "expired")
        return replace(observed, assignments=(*others, made), open_requests=rest, history=(done,))
    history = None if observed.history is None else (done, *observed.history)
    active = observed.active
    if active is None:
        return replace(observed, open_requests=rest, history=history)
    changed = _removed(active, now) if request.type.endswith("Remove") else _updated(active, done)
    assignments = tuple(changed if a is active else a for a in observed.assignments)
    return replace(observed, assignments=assignments, open_requests=rest, history=history)


def taken_back(observed: Observed, request: Request) -> Observed:
    """Imagine the observed state after an open request was canceled."""
    return replace(observed, open_requests=tuple(r for r in observed.open_requests if r is not request))


def delivered_again(observed: Observed, request: Request | None = None) -> Observed:
    """Imagine the observed state after a failed delivery was repeated with success, of this request as it is then."""
    delivered = tuple(
        replace(a, state="delivered", status=None) if a is observed.active else a for a in observed.assignments
    )
    history = observed.history
    if history is not None and request is not None:
        history = tuple(request if same_id(each.id, request.id) else each for each in history)
    return replace(observed, assignments=delivered, history=history)


def parked(observed: Observed, request: Request) -> Observed:
    """Imagine the observed state after a request was sent that waits for its start."""
    return replace(observed, open_requests=(*observed.open_requests, request))


def _made_by(request: Request, observed: Observed) -> Assignment:
    policy = next((p for p in observed.policies if same_id(p.id, request.policy_id)), None)
    if policy is None and request.policy_id:
        policy = Policy(request.policy_id, None)
    return Assignment(
        id=request.assignment_id,
        state="delivered",
        policy=policy,
        target=request.target,
        schedule=request.schedule,
    )


def _removed(active: Assignment, now: datetime) -> Assignment:
    return replace(active, state="expired", expired=now)


def _updated(active: Assignment, request: Request) -> Assignment:
    schedule = request.schedule
    if schedule == Schedule():
        return active
    return replace(active, schedule=schedule if schedule.start else replace(schedule, start=active.schedule.start))
