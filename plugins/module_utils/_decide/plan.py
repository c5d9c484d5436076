# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a decision to the one call that carries it out, checked beforehand as far as that can be done. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError, Refused
from ansible_collections.idgov.entra.plugins.module_utils._decide.answers import (
    check_complete,
    check_editable,
    given_answers,
    match_answers,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.decide import Decision
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Desired, NamedAnswer
from ansible_collections.idgov.entra.plugins.module_utils._decide.differences import Differences, assignment_requests
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Conflicts, Observed
from ansible_collections.idgov.entra.plugins.module_utils._decide.policies import choose_policy
from ansible_collections.idgov.entra.plugins.module_utils._decide.request_as import REQUEST_AS
from ansible_collections.idgov.entra.plugins.module_utils._decide.schedules import (
    beyond_span,
    effective_end,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Answer,
    Assignment,
    Policy,
    Request,
    Schedule,
    Subject,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import (
    cancel_request,
    create_request,
    reprocess_request,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.request_bodies import change_body, extras
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call


@dataclass(frozen=True)
class Write:
    """One write: its call, and the request that it makes or touches as it will be once carried out."""

    step: Step
    call: Call
    request: Request


def plan(decision: Decision, desired: Desired, observed: Observed, now: datetime) -> Write:
    """Return the write for a decision whose step writes; for a replacement ``desired`` comes from ``carried_over()``.

    Raises NotRead where something must be read first, and OptionError or Refused where it would not be right.
    """
    assignment, request = decision.assignment, decision.request
    if decision.step is Step.ADD:
        return _add(desired, observed, now)
    if decision.step is Step.CANCEL and request is not None:
        call = cancel_request(_id(request.id), by_user=desired.request_as != "admin")
        return Write(Step.CANCEL, call, replace(request, state="canceled"))
    if decision.step is Step.UPDATE and decision.differences is not None:
        return _update(decision.differences)
    if decision.step is Step.REPROCESS and decision.differences is not None:
        REQUEST_AS[desired.request_as].check_reprocess()
        return _reprocess(decision.differences.failed_request)
    if decision.step is Step.REPLACE:
        # Everything about the new assignment is checked while the old one is still there.
        _add(desired, observed, now)
    return _remove(desired, assignment.id if assignment else None)


def carried_over(desired: Desired, assignment: Assignment, observed: Observed, now: datetime) -> Desired:
    """Add to what is desired what a replacement must not lose: the schedule and the answers of the old assignment.

    Raises NotRead, and Refused for guests and outsiders.
    """
    _check_replaceable(desired, assignment)
    policy = observed.policy_in_full(choose_policy(desired.policy, desired.person, observed.all_policies()).id)
    schedule = desired.schedule or _rest_of(assignment.schedule, now)
    answers = desired.answers
    if answers is None and policy.questions:
        answers = _old_answers(policy, given_answers(assignment_requests(assignment, observed)))
    return replace(desired, schedule=schedule, answers=answers, assignment_id=None)


def _add(desired: Desired, observed: Observed, now: datetime) -> Write:
    if desired.assignment_id is not None:
        raise Refused(
            f"assignment {desired.assignment_id} has ended in the meantime",
            hint="use access_package and user instead, so that access is given again",
        )
    request_as_ = REQUEST_AS[desired.request_as]
    chosen = choose_policy(desired.policy, desired.person, observed.all_policies())
    policy = observed.policy_in_full(chosen.id)
    # Known in full it may be closed after all: a list need not show that a policy assigns by a rule.
    choose_policy(policy, desired.person, [policy])
    questions = policy.questions or ()
    answers = match_answers(desired.answers or (), questions)
    check_complete(answers, questions)
    start = desired.schedule.start if desired.schedule and desired.schedule.start else now
    _check_span(desired.schedule, policy, start)
    _check_justification(policy, desired)
    if desired.check_conflicts:
        _check_conflicts(observed.known_conflicts())
    required = request_as_.add_body(desired.package.id, desired.person, policy.id, desired.policy is not None)
    body = required | extras(
        schedule=desired.schedule,
        answers=answers,
        justification=desired.justification,
        bypass_approval=desired.bypass_approval,
    )
    schedule = desired.schedule or Schedule()
    request = Request(
        id=None,
        type=request_as_.type_for(Step.ADD),
        state=_final_state(request_as_.needs_approval and policy.approval_for_add, start, now),
        justification=desired.justification,
        schedule=replace(schedule, start=start),
        answers=answers,
        policy_id=policy.id,
        target=Subject(id=None, object_id=desired.person.object_id, email=desired.person.email, subject_type="user"),
    )
    return Write(Step.ADD, create_request(body), request)


def _update(differences: Differences) -> Write:
    """Send what differs, and of the answers all where one does."""
    desired, assignment, now = differences.desired, differences.assignment, differences.now
    request_as_ = REQUEST_AS[desired.request_as]
    request_type = request_as_.type_for(Step.UPDATE)
    policy = differences.observed.policy_in_full(assignment.policy.id) if assignment.policy else None
    if policy is not None:
        _check_justification(policy, desired)
    schedule = differences.schedule_to_send
    if policy is not None and schedule is not None:
        _check_span(schedule, policy, schedule.start or now)
    if policy is not None:
        check_editable(differences.answers, policy.questions or ())
    answers = differences.matched if differences.answers else ()
    body = change_body(request_type, _id(assignment.id)) | extras(
        schedule=schedule, answers=answers, justification=desired.justification, bypass_approval=None
    )
    request = Request(
        id=None,
        type=request_type,
        state=_final_state(request_as_.needs_approval and bool(policy and policy.approval_for_update), now, now),
        justification=desired.justification,
        schedule=schedule or Schedule(),
        answers=answers,
        assignment_id=assignment.id,
    )
    return Write(Step.UPDATE, create_request(body), request)


def _reprocess(failed: Request | None) -> Write:
    request = failed or Request(id=None, type="adminAdd", state="deliveryFailed")
    return Write(Step.REPROCESS, reprocess_request(_id(request.id)), replace(request, state="delivered"))


def _remove(desired: Desired, assignment_id: str | None) -> Write:
    request_type = REQUEST_AS[desired.request_as].type_for(Step.REMOVE)
    body = change_body(request_type, _id(assignment_id))
    if desired.state == "absent":
        body |= extras(schedule=None, answers=(), justification=desired.justification, bypass_approval=None)
    request = Request(id=None, type=request_type, state="delivered", assignment_id=assignment_id)
    return Write(Step.REMOVE, create_request(body), request)


def _final_state(approval: bool, start: datetime, now: datetime) -> str:
    """Name the state in which a request will stop moving."""
    if approval:
        return "pendingApproval"
    return "scheduled" if start > now else "delivered"


def _check_span(schedule: Schedule | None, policy: Policy, start: datetime) -> None:
    if schedule and not policy.custom_schedule:
        raise OptionError(
            "schedule",
            f"the policy {policy.display_name or policy.id} does not allow a custom schedule",
            hint="omit schedule; the policy sets it",
        )
    beyond = beyond_span(schedule, policy.expiration, start) if schedule else None
    if beyond:
        most = f"duration: {policy.expiration.duration}" if policy.expiration.duration else "the policy's end_date_time"
        hint = f"for the longest access that the policy allows, use {most}, or omit the end and let the policy set it"
        raise OptionError("schedule", f"{beyond}", hint=f"{hint}; or change the expiration of the policy")


def _check_justification(policy: Policy, desired: Desired) -> None:
    if policy.justification_required and not desired.justification:
        raise OptionError("justification", f"the policy {policy.display_name} requires a justification")


def _check_conflicts(conflicts: Conflicts) -> None:
    if conflicts.held:
        raise Refused(
            f"this access package is incompatible with what the person holds: {'; '.join(conflicts.held)}",
            hint="remove that first, or set check_conflicts to false and let Graph decide",
        )


def _check_replaceable(desired: Desired, assignment: Assignment) -> None:
    """The last assignment of a guest may be what keeps the account: taking it away can block or delete it."""
    target = assignment.target
    principal = (target.principal_name if target else None) or ""
    outside = target is None or target.object_id is None or "#EXT#" in principal.upper()
    if outside or desired.person.kind in ("guest", "outsider"):
        raise Refused(
            "the assignment of a guest or external user is not replaced, because removing the last one may block or"
            " delete the account",
            hint="use on_policy_mismatch: keep, or remove and add the assignment in two tasks",
        )


def _rest_of(stored: Schedule, now: datetime) -> Schedule | None:
    """Return what is left of a schedule: its end as an instant, and its start only if that is still to come."""
    start = stored.start if stored.start and stored.start > now else None
    rest = Schedule(start, effective_end(stored), None, stored.no_expiration)
    return None if rest == Schedule() else rest


def _old_answers(policy: Policy, given: dict[str, Answer]) -> tuple[NamedAnswer, ...] | None:
    """Find for each question of the new policy what was answered to it, or to one of the same text, before."""
    found = []
    for question in policy.questions or ():
        same_text = (a for a in given.values() if a.question in question.texts)
        answer = given.get(question.id.lower()) or next(same_text, None)
        if answer is not None and answer.value:
            found.append(NamedAnswer(None, question.id, answer.value, answer.display_value))
    return tuple(found) or None


def _id(value: str | None) -> str:
    """Return an id for an address; what check mode only foresees has none, and is never sent."""
    return value or ""
