# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an item that has ended to the values that a task returns; the same shapes in every module."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant
from ansible_collections.idgov.entra.plugins.module_utils._engine.answers import given_answers
from ansible_collections.idgov.entra.plugins.module_utils._engine.item import Item
from ansible_collections.idgov.entra.plugins.module_utils._engine.situation import Situation
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Answer,
    Assignment,
    Named,
    Package,
    Policy,
    Request,
    Schedule,
    Subject,
)

Result = dict[str, Any]


def item_result(item: Item) -> Result:
    """Give the results of one item, without C(failed) and C(msg)."""
    return {
        "changed": bool(item.writes),
        "action": item.action,
        "pending": item.pending,
        "ended": item.ended,
        "assignment": _present_assignment(item),
        "request": request_result(item.request) if item.request else None,
        "diff": _diff(item),
    }


def assignment_result(assignment: Assignment) -> Result:
    """Give an assignment as results show it."""
    return {
        "id": assignment.id,
        "state": assignment.state,
        "status": assignment.status,
        "access_package": _named(assignment.package),
        "policy": _named(assignment.policy),
        "target": _subject(assignment.target),
        "schedule": schedule_result(assignment.schedule),
        "expired_date_time": _instant(assignment.expired),
    }


def request_result(request: Request) -> Result:
    """Give a request as results show it."""
    return {
        "id": request.id,
        "request_type": request.type,
        "state": request.state,
        "status": request.status,
        "justification": request.justification,
        "created_date_time": _instant(request.created),
        "completed_date_time": _instant(request.completed),
        "answers": [answer_result(answer) for answer in request.answers],
    }


def schedule_result(schedule: Schedule) -> Result:
    """Give a schedule in the shape in which the option of the same name takes it."""
    return {
        "start_date_time": _instant(schedule.start),
        "end_date_time": _instant(schedule.end),
        "duration": schedule.duration,
        "no_expiration": schedule.no_expiration,
    }


def answer_result(answer: Answer) -> Result:
    """Give an answer in the shape in which the option C(answers) takes it."""
    return {
        "question_id": answer.question_id,
        "question": answer.question,
        "value": answer.value,
        "display_value": answer.display_value,
    }


def _present_assignment(item: Item) -> Result | None:
    active = item.situation.active
    if active is None:
        return None
    result = assignment_result(active)
    if result["access_package"] is None and item.wanted is not None:
        # Foreseen: it takes from the task what Graph would have filled in.
        result["access_package"] = _named(item.wanted.package)
    return result


def _diff(item: Item) -> Result:
    """Show what is managed, before and after; built from named members, never from what Graph sent."""
    if item.wanted is None:
        return {"before": {}, "after": {}}
    before = _managed(item, item.before)
    return {"before": before, "after": {**before, **_effect(item, before)}}


def _managed(item: Item, situation: Situation) -> Result:
    active = situation.active
    wanted = item.wanted
    if active is None or wanted is None:
        return {"state": "absent"}
    shown: Result = {"state": "present", "policy": _name(active.policy)}
    if wanted.schedule is not None:
        shown["schedule"] = schedule_result(active.schedule)
    if wanted.answers:
        given = given_answers(situation.history or item.situation.history or ())
        shown["answers"] = {a.question or a.question_id: a.value for a in given.values()}
    return shown


def _effect(item: Item, before: Result) -> Result:
    """What the accepted writes change of that, the same in check mode and in earnest."""
    after: Result = {}
    for write in item.writes:
        request = write.request
        kind = write.step.value
        if kind == "remove":
            after = {"state": "absent"}
        elif kind == "add":
            policy = next((p for p in item.situation.policies if p.id == request.policy_id), None)
            after = {"state": "present", "policy": _name(policy)}
        elif kind == "cancel":
            after["open_request"] = "canceled"
        elif kind == "reprocess":
            after["delivery"] = "processed again"
        if kind in ("add", "update") and request.schedule.has_end:
            after["schedule"] = schedule_result(request.schedule)
        if kind in ("add", "update") and request.answers:
            shown = {answer.question or answer.question_id: answer.value for answer in request.answers}
            after["answers"] = {**before.get("answers", {}), **shown}
    return after


def _name(policy: Policy | None) -> str | None:
    return (policy.display_name or policy.id) if policy else None


def _named(value: Named | Package | Policy | None) -> Result | None:
    return {"id": value.id, "display_name": value.display_name} if value else None


def _subject(subject: Subject | None) -> Result | None:
    if subject is None:
        return None
    return {
        "object_id": subject.object_id,
        "display_name": subject.display_name,
        "principal_name": subject.principal_name,
        "email": subject.email,
        "subject_type": subject.subject_type,
    }


def _instant(moment: datetime | None) -> str | None:
    return format_instant(moment) if moment else None
