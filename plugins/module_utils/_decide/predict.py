# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What will be there once a request is carried out: for judging open requests, and for check mode. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ansible_collections.idgov.entra.plugins.module_utils._core.texts import same_id
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Situation
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Assignment,
    Policy,
    Request,
    Schedule,
)


def carried_out(situation: Situation, request: Request, now: datetime) -> Situation:
    """Imagine the situation after an open request has ended well."""
    rest = tuple(r for r in situation.open_requests if r is not request)
    done = replace(request, state="delivered", completed=now)
    if request.type.endswith("Add"):
        # A new assignment has no past but this request.
        made = _made_by(done, situation)
        others = tuple(a for a in situation.assignments if a.state == "expired")
        return replace(situation, assignments=(*others, made), open_requests=rest, history=(done,))
    history = None if situation.history is None else (done, *situation.history)
    active = situation.active
    if active is None:
        return replace(situation, open_requests=rest, history=history)
    changed = _removed(active, now) if request.type.endswith("Remove") else _updated(active, done)
    assignments = tuple(changed if a is active else a for a in situation.assignments)
    return replace(situation, assignments=assignments, open_requests=rest, history=history)


def taken_back(situation: Situation, request: Request) -> Situation:
    """Imagine the situation after an open request was canceled."""
    return replace(situation, open_requests=tuple(r for r in situation.open_requests if r is not request))


def delivered_again(situation: Situation) -> Situation:
    """Imagine the situation after a failed delivery was repeated with success."""
    active = situation.active
    return replace(
        situation,
        assignments=tuple(
            replace(a, state="delivered", status=None) if a is active else a for a in situation.assignments
        ),
    )


def parked(situation: Situation, request: Request) -> Situation:
    """Imagine the situation after a request was sent that waits for its start."""
    return replace(situation, open_requests=(*situation.open_requests, request))


def _made_by(request: Request, situation: Situation) -> Assignment:
    policy = next((p for p in situation.policies if same_id(p.id, request.policy_id)), None)
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
