# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deciding: a pure function of what is there, what is wanted and the time; it reads no service and no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ansible_collections.idgov.entra.plugins.module_utils._core.texts import same_id
from ansible_collections.idgov.entra.plugins.module_utils._decide.answers import differing, given_answers, match_answers
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import NamedAnswer, Wanted
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Situation
from ansible_collections.idgov.entra.plugins.module_utils._decide.predict import carried_out
from ansible_collections.idgov.entra.plugins.module_utils._decide.schedules import (
    TOLERANCE,
    counted_from,
    effective_end,
    same_end,
    same_start,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Facts, Row, Step, find_row
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Answer,
    Assignment,
    Policy,
    Request,
    Schedule,
)

# How long after its end Graph takes a failed request up again (Graph documentation, "accessPackageAssignmentRequest:
# reprocess").
REPROCESS_SPAN = timedelta(days=14)
_HOLDS = {
    "delivering": "delivering",
    "delivered": "delivered",
    "partiallyDelivered": "partial",
    "deliveryFailed": "failed",
}


@dataclass(frozen=True)
class Decision:
    """What to do next, by which row, and what it is about; C(assignment) may be a past one."""

    row: Row
    facts: Facts
    assignment: Assignment | None
    request: Request | None

    @property
    def step(self) -> Step:
        """The step of the row."""
        return self.row.step


def decide(wanted: Wanted, situation: Situation, now: datetime, *, may_cancel: bool) -> Decision:
    """Choose the row of the table for one person and package.

    Raises NotRead where the answer hangs on something that was not read yet, and OptionError where
    answers do not suit the questions of the policy.
    """
    facts = _facts(wanted, situation, now, may_cancel=may_cancel)
    return Decision(find_row(facts), facts, situation.current, situation.open_request)


def assignment_requests(assignment: Assignment, situation: Situation) -> list[Request]:
    """Give the ended requests of one assignment, newest first; raises NotRead."""
    return [
        request
        for request in situation.past_requests()
        if request.assignment_id is None or same_id(request.assignment_id, assignment.id)
    ]


def failed_request(assignment: Assignment, situation: Situation) -> Request | None:
    """Give the newest request behind a failed or partial delivery; raises NotRead."""
    state = assignment.state
    return next((r for r in assignment_requests(assignment, situation) if r.state == state), None)


def duration_starts(assignment: Assignment, situation: Situation) -> list[datetime]:
    """Give the instants from which the assignment's duration may have been counted; raises NotRead."""
    return counted_from(assignment.schedule, assignment_requests(assignment, situation))


def same_schedule(wanted: Schedule, assignment: Assignment, situation: Situation, now: datetime) -> bool:
    """Compare a wanted schedule with that of an assignment; raises NotRead where its past must be known."""
    stored = assignment.schedule
    if not same_start(wanted, stored, now):
        return False
    known = [start for start in (wanted.start, stored.start) if start]
    if same_end(wanted, stored, known):
        return True
    return wanted.duration is not None and same_end(wanted, stored, duration_starts(assignment, situation))


def _facts(wanted: Wanted, situation: Situation, now: datetime, *, may_cancel: bool) -> Facts:
    active, request = situation.active, situation.open_request
    choices = wanted.choices
    holds = _holds(situation, now)
    return Facts(
        state=wanted.state,
        holds=holds,
        governed="rule" if active and situation.is_by_rule(active.policy) else "requests",
        open=_kind(request) if request else "nothing",
        stage=_stage(request, now) if request else "submitted",
        fits="yes" if request is None or _fits(wanted, situation, request, now) else "no",
        policy="hidden" if request and _hides_policy(request, wanted, situation) else "shown",
        differs=_differs(wanted, active, situation, now) if active else "nothing",
        wanted_end="past" if active is None and _is_over(wanted.schedule, now) else "ahead",
        again="once" if _is_granted_once(wanted, situation) else "always",
        failure=_failure(wanted, active, situation, now) if active else "recent",
        cancel="allowed" if may_cancel else "refused",
        wait="yes" if choices.wait else "no",
        on_open_request=choices.on_open_request,
        on_policy_mismatch=choices.on_policy_mismatch,
        on_delivery_failed=choices.on_delivery_failed,
        on_partial_delivery=choices.on_partial_delivery,
    )


def _holds(situation: Situation, now: datetime) -> str:
    current = situation.current
    if current is None:
        return "nothing"
    if current.state != "expired":
        return _HOLDS.get(current.state, "unknown")
    end = effective_end(current.schedule)
    ended = current.expired or now
    return "ran_out" if end is not None and end - ended <= TOLERANCE else "taken_away"


def _is_granted_once(wanted: Wanted, situation: Situation) -> bool:
    """A duration is granted once, unless it is renewed or a start after the last assignment means a new one."""
    schedule, last = wanted.schedule, situation.current
    if schedule is None or schedule.duration is None or wanted.choices.renew:
        return False
    ended = last and (last.expired or effective_end(last.schedule))
    return not (schedule.start and ended and schedule.start > ended)


def _kind(request: Request) -> str:
    for ending in ("add", "remove"):
        if request.type.lower().endswith(ending):
            return ending
    return "update"


def _hides_policy(request: Request, wanted: Wanted, situation: Situation) -> bool:
    """Tell whether an open add may be under another policy than the named one without Graph showing it."""
    others = [
        p for p in situation.policies if not p.automatic and wanted.policy and not same_id(p.id, wanted.policy.id)
    ]
    unsure = bool(others) or (wanted.policy is not None and not situation.policies_read)
    return _kind(request) == "add" and request.policy_id is None and unsure


def _stage(request: Request, now: datetime) -> str:
    """Tell how far a request has come; an add that was just sent and starts later will wait for that, too."""
    start = request.schedule.start
    if request.state == "submitted" and _kind(request) == "add" and start is not None and start > now:
        return "parked"
    return request.state if request.is_moving else "parked"


def _fits(wanted: Wanted, situation: Situation, request: Request, now: datetime) -> bool:
    """An open request contradicts if, once it is carried out, the table would still act."""
    after = carried_out(situation, request, now)
    return find_row(_facts(wanted, after, now, may_cancel=False)).step is Step.NOTHING


def _is_over(schedule: Schedule | None, now: datetime) -> bool:
    if schedule is None:
        return False
    end = effective_end(schedule)
    return end is not None and end <= now


def _differs(wanted: Wanted, active: Assignment, situation: Situation, now: datetime) -> str:
    """Name the gravest difference between the wanted and an active assignment."""
    other_policy = wanted.policy and active.policy and not same_id(wanted.policy.id, active.policy.id)
    if wanted.state == "absent":
        return "policy" if other_policy else "nothing"
    schedule_differs = wanted.schedule is not None and not same_schedule(wanted.schedule, active, situation, now)
    if wanted.schedule is not None and schedule_differs and _will_be_over(wanted.schedule, active, situation, now):
        return "past_end"
    if other_policy and wanted.choices.on_policy_mismatch != "keep":
        return "policy"
    return "details" if schedule_differs or _answers_differ(wanted, active, situation) else "nothing"


def _will_be_over(wanted: Schedule, active: Assignment, situation: Situation, now: datetime) -> bool:
    if wanted.duration is None:
        return _is_over(wanted, now)
    starts = [wanted.start] if wanted.start else duration_starts(active, situation)
    return bool(starts) and _is_over(Schedule(starts[0], duration=wanted.duration), now)


def _answers_differ(wanted: Wanted, active: Assignment, situation: Situation) -> bool:
    if not wanted.answers:
        return False
    given = given_answers(assignment_requests(active, situation))
    if active.policy:
        return _answers_miss(wanted.answers, active.policy, situation, given)
    # Graph does not show under which policy an open request will give access, only the ids of what it answers.
    policies = [wanted.policy] if wanted.policy else [p for p in situation.all_policies() if not p.automatic]
    return all(_answers_miss(wanted.answers, policy, situation, given) for policy in policies)


def _answers_miss(named: Sequence[NamedAnswer], policy: Policy, situation: Situation, given: dict[str, Answer]) -> bool:
    answers = match_answers(named, situation.policy_in_full(policy.id).questions or ())
    return bool(differing(answers, given))


def _failure(wanted: Wanted, active: Assignment, situation: Situation, now: datetime) -> str:
    choices = wanted.choices
    asked = {"deliveryFailed": choices.on_delivery_failed, "partiallyDelivered": choices.on_partial_delivery}
    if wanted.state == "absent" or asked.get(active.state) != "reprocess":
        return "recent"
    request = failed_request(active, situation)
    if request is None:
        newest = next(iter(assignment_requests(active, situation)), None)
        return "mended" if newest and newest.state == "delivered" else "missing"
    ended = request.completed or request.created
    return "recent" if ended is None or now - ended <= REPROCESS_SPAN else "old"
