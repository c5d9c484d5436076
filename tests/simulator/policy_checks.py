# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a policy and its questions demand of a request."""

from __future__ import annotations

import re
from datetime import datetime

from .errors import GraphError, refusal
from .model import Answer, Policy, Question, Schedule
from .spans import goes_beyond, last_instant
from .switches import Switches
from .wanted import Wanted


def _no(message: str) -> GraphError:
    return refusal(400, "InvalidRequest", message)


def check_schedule(wanted: Wanted, policy: Policy, start: datetime, now: datetime, switches: Switches) -> None:
    """Refuse a schedule that ends before it starts, or beyond the policy, or that the policy does not take."""
    if wanted.schedule == Schedule():
        return
    by_admin = wanted.type.startswith("admin")
    bound = not by_admin or switches.is_("admin_custom_schedule", "policy")
    if bound and not policy.requestor.custom_schedule:
        raise _no("The policy does not allow a custom assignment schedule.")
    end = last_instant(Schedule(start, wanted.schedule.expiration))
    if end is not None and end <= max(start, now):
        raise _no("The end of the schedule must lie in the future and after its start.")
    if switches.is_("end_beyond_policy", "refuse") and goes_beyond(wanted.schedule, policy, start):
        raise _no("The requested schedule is longer than the policy allows.")


def check_justification(wanted: Wanted, policy: Policy, switches: Switches) -> None:
    """Refuse a request without the reason that the policy requires."""
    bound = not wanted.type.startswith("admin") or switches.is_("admin_justification", "required")
    if bound and policy.approval.justification and not wanted.justification:
        raise _no("The policy requires a justification.")


def check_answers(wanted: Wanted, policy: Policy, switches: Switches) -> None:
    """Refuse answers that do not fit the policy's questions; an add must answer every required one."""
    questions = {question.id: question for question in policy.questions}
    answered = [answer.question_id for answer in wanted.answers]
    if len(set(answered)) != len(answered):
        raise _no("A question is answered more than once.")
    adding = wanted.type.endswith("Add")
    for answer in wanted.answers:
        question = questions.get(answer.question_id)
        if question is None:
            raise _no(f"The question '{answer.question_id}' is not asked by the policy.")
        if not adding and not question.editable:
            raise _no(f"The answer to the question '{question.text}' cannot be edited.")
        _check_answer(answer, question, switches)
    for question in policy.questions:
        if adding and question.required and question.id not in answered:
            raise _no(f"The required question '{question.text}' is not answered.")


def _check_answer(answer: Answer, question: Question, switches: Switches) -> None:
    if answer.kind != question.kind:
        raise _no(f"The question '{question.text}' is of another type.")
    if question.required and not answer.value:
        raise _no(f"The required question '{question.text}' is not answered.")
    if question.kind == "choice" and answer.value not in {choice.value for choice in question.choices}:
        raise _no(f"The answer to '{question.text}' is none of its choices.")
    match = re.fullmatch if switches.is_("regex_match", "full") else re.search
    if question.regex and not match(question.regex, answer.value):
        raise _no(f"The answer to '{question.text}' does not match its pattern.")
