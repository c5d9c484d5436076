# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Matches declared answers with the questions of a policy, by id or text, and tells which of them differ."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import same_id
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import NamedAnswer
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Answer, Question, Request

_MOST_STEPS = 1_000_000
_LONGEST, _DEEPEST = 2000, 50
# Escapes and sets count as one letter; what follows them is looked at by itself.
_PARTS = re.compile(r"\\(?P<escaped>.)|\[\^?\]?(?:\\.|[^\]\\])*\]|(?P<mark>\{[^}]*\}|[()|*+?])", re.DOTALL)
_SPECIAL_GROUP = re.compile(r"\(\?(?!:|[aiLmsux]+\))")


def is_quick(pattern: str, value: str) -> bool:
    """Return whether matching takes few steps whatever the value; where it may not, the service is left to judge.

    Repeated groups, references to groups and look-arounds may take a time that grows exponentially. Everything else is
    reckoned at its worst: each repetition may end anywhere in the value, and each alternative may be tried.
    """
    if len(pattern) > _LONGEST or _SPECIAL_GROUP.search(pattern):
        return False
    steps, alternatives, before, ended = 1 if pattern.startswith("^") else len(value) + 1, [1], "", 0
    for part in _PARTS.finditer(pattern):
        mark, escaped = part["mark"] or "", part["escaped"] or ""
        if (escaped.isdigit() and escaped != "0") or len(alternatives) > _DEEPEST:
            return False
        follows_group = before == ")" and part.start() == ended
        if mark == "(":
            alternatives.append(1)
        elif mark == "|":
            alternatives[-1] += 1
        elif mark == ")":
            steps *= alternatives.pop() if len(alternatives) > 1 else 1
        elif mark and pattern[part.start() - 1 : part.start()] != "(":
            if follows_group and mark != "?":
                return False
            steps *= 2 if mark == "?" else 1 if mark[1:-1].isdigit() else len(value) + 1
        if steps > _MOST_STEPS:
            return False
        before, ended = mark, part.end()
    return True


_CHOICE = "accessPackageMultipleChoiceQuestion"
_FULFILLED = frozenset({"delivered", "partiallyDelivered"})


def match_answers(named: Sequence[NamedAnswer], questions: Sequence[Question]) -> tuple[Answer, ...]:
    """Find the question of each answer and check the answer against it; raises OptionError."""
    answers = tuple(_match(answer, questions) for answer in named)
    for answer in answers:
        if sum(same_id(answer.question_id, other.question_id) for other in answers) > 1:
            raise OptionError("answers", f"the question {answer.question!r} is answered more than once")
    return answers


def check_complete(answers: Sequence[Answer], questions: Sequence[Question]) -> None:
    """Raise OptionError where a required question has no answer."""
    missing = [
        question
        for question in questions
        if question.required and not any(same_id(question.id, a.question_id) and a.value for a in answers)
    ]
    if missing:
        named = ", ".join(repr(_name(question)) for question in missing)
        choices = "".join(_choices_hint(question) for question in missing)
        raise OptionError("answers", f"the policy requires an answer to {named}", hint=f"add it to answers{choices}")


def check_editable(answers: Sequence[Answer], questions: Sequence[Question]) -> None:
    """Raise OptionError where an answer may not be changed once it was given."""
    for question in questions:
        if not question.editable and any(same_id(question.id, a.question_id) for a in answers):
            raise OptionError(
                "answers",
                f"the policy does not allow the answer to {_name(question)!r} to be changed",
                hint="leave this question out of answers, or remove the assignment and create it again",
            )


def given_answers(requests: Sequence[Request]) -> dict[str, Answer]:
    """Return, for each question id in lower case, the answer of the newest fulfilled request that answers it."""
    given: dict[str, Answer] = {}
    for request in requests:
        if request.state in _FULFILLED:
            for answer in request.answers:
                given.setdefault(answer.question_id.lower(), answer)
    return given


def differing(answers: Sequence[Answer], given: dict[str, Answer]) -> tuple[Answer, ...]:
    """Return those answers that differ from what was answered."""
    return tuple(a for a in answers if (had := given.get(a.question_id.lower())) is None or had.value != a.value)


def _match(answer: NamedAnswer, questions: Sequence[Question]) -> Answer:
    question = _find(answer, questions)
    value, shown = answer.value, answer.display_value
    if question.kind == _CHOICE:
        value, shown = _choice(answer, question)
    elif question.pattern and not _meets(value, question.pattern):
        raise OptionError(
            "answers", f"{value!r} does not match the pattern {question.pattern} of the question {_name(question)!r}"
        )
    return Answer(question.id, value, shown or value, _name(question), question.kind)


def _find(answer: NamedAnswer, questions: Sequence[Question]) -> Question:
    if answer.question_id is not None:
        found = [q for q in questions if same_id(q.id, answer.question_id)]
    else:
        found = [q for q in questions if answer.question in q.texts]
    if len(found) == 1:
        return found[0]
    asked = answer.question or answer.question_id
    if found:
        ids = ", ".join(q.id for q in found)
        raise OptionError("answers", f"{len(found)} questions read {asked!r}", hint=f"use question_id, one of {ids}")
    known = "; ".join(f"{_name(q)} ({q.id})" for q in questions) or "none"
    raise OptionError("answers", f"the policy has no question {asked!r}", hint=f"its questions are: {known}")


def _choice(answer: NamedAnswer, question: Question) -> tuple[str, str | None]:
    exact = [choice for choice in question.choices if choice.value == answer.value]
    found = exact or [choice for choice in question.choices if answer.value in choice.texts]
    if len(found) == 1:
        return found[0].value, answer.display_value or next(iter(found[0].texts), None)
    if found:
        raise OptionError(
            "answers",
            f"{len(found)} choices of the question {_name(question)!r} read {answer.value!r}",
            hint="use the value of one of them" + _choices_hint(question),
        )
    raise OptionError(
        "answers",
        f"{answer.value!r} is not a choice of the question {_name(question)!r}",
        hint="use one of its choices" + _choices_hint(question),
    )


def _choices_hint(question: Question) -> str:
    listed = ", ".join(f"{c.value} ({c.texts[0]})" if c.texts else c.value for c in question.choices)
    return f": {listed}" if listed else ""


def _meets(value: str, pattern: str) -> bool:
    if not is_quick(pattern, value):
        return True
    try:
        return re.search(pattern, value) is not None
    except re.error:
        # The service's own dialect of regular expressions is larger; it will judge itself.
        return True


def _name(question: Question) -> str:
    return question.texts[0] if question.texts else question.id
