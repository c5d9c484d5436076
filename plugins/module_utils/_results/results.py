# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an item that has ended to the values that a task returns; the same shapes in every module."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._apply.item import Item
from ansible_collections.idgov.entra.plugins.module_utils._apply.request import Change
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import ItemsFailed
from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable, printable_value
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import same_id
from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant
from ansible_collections.idgov.entra.plugins.module_utils._decide.answers import given_answers
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Observed
from ansible_collections.idgov.entra.plugins.module_utils._decide.requests import callback_word
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
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
from ansible_collections.idgov.entra.plugins.module_utils._results.shapes import (
    AnswerResult,
    AssignmentResult,
    ChangeResult,
    DiffResult,
    DiffState,
    ItemDiff,
    ItemResult,
    NamedResult,
    Outcome,
    RequestResult,
    ScheduleResult,
    SubjectResult,
    Summary,
)


def item_result(item: Item) -> ItemResult:
    """Return the results of one item, without ``failed`` and ``msg``."""
    return {
        "changed": bool(item.writes),
        "action": item.action,
        "pending": item.pending,
        "ended": item.ended,
        "assignment": _present_assignment(item),
        "request": _request(item),
        "diff": _shown_diff(item),
    }


def assignment_result(assignment: Assignment) -> AssignmentResult:
    """Return an assignment as results show it."""
    return {
        "id": assignment.id,
        "state": assignment.state,
        "status": assignment.status,
        "access_package": named_result(assignment.package),
        "policy": named_result(assignment.policy),
        "target": subject_result(assignment.target),
        "schedule": schedule_result(assignment.schedule),
        "expired_date_time": _instant(assignment.expired),
    }


def request_result(request: Request) -> RequestResult:
    """Return a request as results show it."""
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


def schedule_result(schedule: Schedule) -> ScheduleResult:
    """Return a schedule in the shape in which the option of the same name takes it."""
    return {
        "start_date_time": _instant(schedule.start),
        "end_date_time": _instant(schedule.end),
        "duration": schedule.duration,
        "no_expiration": schedule.no_expiration,
    }


def answer_result(answer: Answer) -> AnswerResult:
    """Return an answer in the shape in which the option ``answers`` takes it."""
    return {
        "question_id": answer.question_id,
        "question": answer.question,
        "value": answer.value,
        "display_value": answer.display_value,
    }


def _present_assignment(item: Item) -> AssignmentResult | None:
    active = item.observed.active
    if active is None:
        return None
    result = assignment_result(active)
    if result["access_package"] is None and item.desired is not None:
        # Foreseen: it takes from the task what Graph would have filled in.
        result["access_package"] = named_result(item.desired.package)
    return result


def _shown_diff(item: Item) -> DiffResult:
    shown: DiffResult = printable_value(_diff(item))
    return shown


def _diff(item: Item) -> DiffResult:
    """Show what is managed, before and after; built from named members, never from what Graph sent."""
    if item.desired is None:
        return {"before": {}, "after": {}}
    before = _managed(item, item.before)
    if item.error and item.writes:
        # Not what was desired, but what there is.
        return {"before": before, "after": _managed(item, item.observed)}
    # Without a write of this task it may still be that an open request was waited for.
    effect: DiffState = _effect(item, before) if item.writes else {"state": _state(item.observed)}
    return {"before": before, "after": {**before, **effect}}


def _state(observed: Observed) -> str:
    return "present" if observed.active else "absent"


def _managed(item: Item, observed: Observed) -> DiffState:
    active = observed.active
    if active is None:
        return {"state": "absent"}
    shown: DiffState = {"state": "present", "policy": _name(active.policy)}
    # A replacement takes along what is not declared, and with a removal goes whatever there is.
    is_concerned = item.desired and (item.desired.schedule is not None or item.desired.state == "absent")
    if is_concerned and (schedule := _shown_schedule(active.schedule, item)):
        shown["schedule"] = schedule
    if item.desired and item.desired.answers:
        given = given_answers(observed.history or item.before.history or ())
        shown["answers"] = _shown_answers(list(given.values()), item)
    return shown


def _effect(item: Item, before: DiffState) -> DiffState:
    """What the accepted writes change of that, the same in check mode and in earnest."""
    after: DiffState = {}
    for write in item.writes:
        request = write.request
        if write.step is Step.REMOVE:
            after = {"state": "absent"}
        elif write.step is Step.ADD:
            policy = next((p for p in item.observed.policies if same_id(p.id, request.policy_id)), None)
            after = {"state": "present", "policy": _name(policy) or request.policy_id}
        elif write.step is Step.UPDATE:
            after["state"] = "present"
        elif write.step is Step.CANCEL:
            after["open_request"] = "canceled"
        elif write.step is Step.REPROCESS:
            after["delivery"] = "processed again"
        schedule = _shown_schedule(request.schedule, item)
        if write.step in (Step.ADD, Step.UPDATE) and schedule:
            after["schedule"] = schedule
        if write.step in (Step.ADD, Step.UPDATE) and request.answers:
            after["answers"] = {**before.get("answers", {}), **_shown_answers(request.answers, item)}
    return after


def _shown_schedule(schedule: Schedule, item: Item) -> dict[str, str | bool]:
    """Show a start only where this task sets it: Graph chooses its own otherwise, and one that is over stays."""
    start = item.desired.schedule.start if item.desired and item.desired.schedule else None
    sets = start is not None and any(write.request.schedule.start == start for write in item.writes)
    shown: Mapping[str, Any] = schedule_result(schedule if sets else replace(schedule, start=None))
    return {name: value for name, value in shown.items() if value}


def _shown_answers(answers: Sequence[Answer], item: Item) -> dict[str, str | None]:
    names = _question_names(item)
    return {str(names.get(a.question_id.lower()) or a.question or a.question_id): a.value for a in answers}


def _question_names(item: Item) -> dict[str, str]:
    """Return the text of each question that was read, by its id: Graph names answered questions by id alone."""
    questions = [question for policy in item.observed.policies for question in policy.questions or ()]
    return {question.id.lower(): question.texts[0] for question in questions if question.texts}


def _request(item: Item) -> RequestResult | None:
    if item.request is None:
        return None
    names = _question_names(item)
    answers = (replace(a, question=a.question or names.get(a.question_id.lower())) for a in item.request.answers)
    return request_result(replace(item.request, answers=tuple(answers)))


def _name(policy: Policy | None) -> str | None:
    return (policy.display_name or policy.id) if policy else None


def named_result(value: Named | Package | Policy | None) -> NamedResult | None:
    """Return the id and the name of something."""
    return {"id": value.id, "display_name": value.display_name} if value else None


def subject_result(subject: Subject | None) -> SubjectResult | None:
    """Return whom something is about."""
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


_SHOWN = 10
_MOST_WARNINGS = 20


def outcome(item: Item) -> Outcome:
    """Return what became of one person of one declaration; ``index`` is null for a removal that nobody declared."""
    done = item.duplicate_of or item
    concerned = done.observed.active or done.before.active
    return {
        "index": item.index,
        "access_package": named_result(item.desired.package) if item.desired else None,
        "user": item.who,
        "action": "none" if item.duplicate_of else item.action,
        "pending": done.pending,
        "assignment_id": concerned.id if concerned else None,
        "assignment": _present_assignment(done),
        "request": _request(done),
        "error": item.error.as_result() if item.error else None,
    }


def diffs(items: Sequence[Item]) -> list[ItemDiff]:
    """Return the differences of the changed items only."""
    return [_item_diff(item) for item in items if item.writes]


def summary(items: Sequence[Item], *, left_alone: int, http_calls: int, operations: int) -> Summary:
    """Count what became of the items; one that failed counts as nothing else."""
    counts = Counter("failed" if item.error else item.action for item in items)
    return {
        "added": counts["add"],
        "updated": counts["update"],
        "removed": counts["remove"],
        "replaced": counts["replace"],
        "reprocessed": counts["reprocess"],
        "canceled": counts["cancel"],
        "unchanged": counts["none"],
        "pending": sum(item.pending for item in items),
        "ended": sum(item.ended for item in items),
        "failed": counts["failed"],
        "left_alone": left_alone,
        "http_calls": http_calls,
        "operations": operations,
    }


def first_warnings(items: Sequence[Item]) -> tuple[list[str], int]:
    """Return the first warnings of all items, each once, and how many more there are.

    Thousands of people who wait for an approval would fill the screen.
    """
    sentences = list(dict.fromkeys(sentence for item in items for sentence in item.warnings))
    return sentences[:_MOST_WARNINGS], max(0, len(sentences) - _MOST_WARNINGS)


def failed_items(items: Sequence[Item], *, exclusive: bool, check_mode: bool = False) -> ItemsFailed | None:
    """Return the error that names every failed item, with the reasons of the first ones; null where none failed.

    With ``exclusive`` a declared item that failed has kept everybody else's access as it was, or would in check mode.
    """
    failed = [item for item in items if item.error]
    if not failed:
        return None
    # An item whose person is unknown has no package of its own; another one may know what the same id is called.
    names = {item.declaration.access_package: item.desired.package.display_name for item in items if item.desired}
    reasons = [f"{_place(item, names)}: {item.error.message if item.error else ''}" for item in failed[:_SHOWN]]
    others = ", ".join(_place(item, names) for item in failed[_SHOWN:])
    words = "; ".join([*reasons, *([f"and {others}"] if others else [])])
    declared = any(item.index is not None for item in failed)
    removed = "would be removed" if check_mode else "was removed"
    spared = f"; therefore nothing {removed} from people who are not listed" if exclusive and declared else ""
    hints = list(dict.fromkeys(item.error.hint for item in failed if item.error and item.error.hint))
    return ItemsFailed(
        f"{len(failed)} of {len(items)} assignments failed: {words}{spared}",
        hint=hints[0] if len(hints) == 1 else "outcomes has the error and the hint of each",
    )


def _place(item: Item, names: Mapping[str | None, str | None]) -> str:
    declared = item.declaration
    package = names.get(declared.access_package) or declared.access_package or declared.assignment_id
    place = "removal" if item.index is None else f"assignments[{item.index}]"
    return f"{place} ({item.who}, {package})"


def _item_diff(item: Item) -> ItemDiff:
    package = item.desired.package if item.desired else None
    header = printable(f"{(package.display_name or package.id) if package else ''}: {item.who}")
    return {"before_header": header, "after_header": header, **_shown_diff(item)}


def change_result(change: Change) -> ChangeResult:
    """Return the results of one change, without ``failed`` and ``msg``."""
    found = change.found
    return {
        "changed": change.write is not None,
        "action": change.write.step.value if change.write else "none",
        "pending": change.pending,
        "request": request_result(found) if found else None,
        "diff": printable_value(_request_diff(change)),
    }


def _request_diff(change: Change) -> DiffResult:
    """Show what is managed, before and after; built from named members, never from what Graph sent."""
    if change.before is None and change.found is None:
        absent: DiffState = {"state": "absent"} if change.desired.state == "absent" else {}
        return {"before": absent, "after": absent}
    after = _managed_of_request(change, change.found, written=change.write is not None)
    callback = change.desired.callback
    if callback and change.write and change.write.step is Step.RESUME:
        if callback.decision is not None:
            after["decision"] = callback.decision
        if callback.instance_detail is not None:
            after["instance_detail"] = callback.instance_detail
    return {"before": _managed_of_request(change, change.before, written=False), "after": after}


def _managed_of_request(change: Change, request: Request | None, *, written: bool) -> DiffState:
    if request is None:
        return {"state": "absent"}
    if change.desired.callback is not None:
        return {"callback": callback_word(change.desired, request, written=written)}
    return {"state": request.state}
