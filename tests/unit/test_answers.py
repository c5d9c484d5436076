# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers matched with the questions of a policy, checked beforehand, and compared with what was answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._decide.answers import (
    check_complete,
    check_editable,
    differing,
    given_answers,
    match_answers,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import NamedAnswer
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Answer, Question
from tests.unit.samples import BECAUSE, LARGE, REASON, REASON_ID, SIZE, SIZE_ID, answered, named, request

TWIN = replace(REASON, id="eeeeeeee-0000-4000-8000-000000000009")
FREE = Question("eeeeeeee-0000-4000-8000-000000000003", ("Notes?",), "accessPackageTextInputQuestion")
QUESTIONS = (SIZE, REASON, FREE)


@pytest.mark.parametrize(
    ("answer", "value", "shown"),
    [
        pytest.param(NamedAnswer("Which size?", None, "l"), "l", "Large", id="a choice by its value"),
        pytest.param(NamedAnswer("Which size?", None, "Large"), "l", "Large", id="a choice by its text"),
        pytest.param(NamedAnswer("Which size?", None, "Groß"), "l", "Large", id="a choice by another language's text"),
        pytest.param(NamedAnswer("Welche Größe?", None, "s"), "s", "Small", id="a question in another language"),
        pytest.param(NamedAnswer(None, SIZE_ID.upper(), "s"), "s", "Small", id="a question by its id in capitals"),
        pytest.param(NamedAnswer("Which size?", None, "s", "Tiny"), "s", "Tiny", id="what is shown is given"),
        pytest.param(NamedAnswer("Why?", None, "Because"), "Because", "Because", id="a text that meets the pattern"),
        pytest.param(NamedAnswer("Notes?", None, ""), "", "", id="an empty text"),
        pytest.param(NamedAnswer("Notes?", None, "a\nb"), "a\nb", "a\nb", id="a text of two lines"),
    ],
)
def test_an_answer_is_matched_with_its_question(answer: NamedAnswer, value: str, shown: str) -> None:
    (found,) = match_answers([answer], QUESTIONS)
    assert (found.value, found.display_value) == (value, shown)


def test_a_matched_answer_names_its_question_and_the_kind_of_it() -> None:
    found = match_answers([LARGE, BECAUSE], QUESTIONS)
    assert found == (
        Answer(SIZE_ID, "l", "Large", "Which size?", "accessPackageMultipleChoiceQuestion"),
        Answer(REASON_ID, "Because", "Because", "Why?", "accessPackageTextInputQuestion"),
    )


@pytest.mark.parametrize(
    ("answers", "said", "hint"),
    [
        pytest.param([NamedAnswer("Who?", None, "x")], "has no question 'Who", "Which size?", id="no such question"),
        pytest.param(
            [NamedAnswer("which size?", None, "s")], "has no question", "Which size?", id="another letter case"
        ),
        pytest.param(
            [NamedAnswer(None, REASON_ID[:-1] + "7", "x")], "has no question", SIZE_ID, id="no such question id"
        ),
        pytest.param([named(SIZE, "m")], "not a choice", "s (Small), l (Large)", id="no such choice"),
        pytest.param([named(SIZE, "s,l")], "not a choice", "one of its choices", id="two choices in one text"),
        pytest.param([named(SIZE, "")], "not a choice", "s (Small)", id="an empty choice"),
        pytest.param([named(REASON, "because")], "does not match the pattern ^[A-Z]", None, id="pattern not met"),
        pytest.param([named(SIZE, "s"), NamedAnswer("Which size?", None, "l")], "more than once", None, id="twice"),
        pytest.param([NamedAnswer("Why?", None, "X")], "2 questions read", TWIN.id, id="two questions of one text"),
    ],
)
def test_an_answer_that_does_not_suit_its_question_is_refused(
    answers: list[NamedAnswer], said: str, hint: str | None
) -> None:
    questions = (*QUESTIONS, TWIN) if "2 questions" in said else QUESTIONS
    with pytest.raises(OptionError) as raised:
        match_answers(answers, questions)
    assert raised.value.option == "answers"
    assert said in raised.value.message
    assert (hint or "") in (raised.value.hint or "")


@pytest.mark.parametrize("pattern", [r"(?i-x)[", r"(?<name>a)\k<name>", r"\p{Lu}+"])
def test_a_pattern_of_another_dialect_is_left_to_the_service(pattern: str) -> None:
    question = replace(REASON, pattern=pattern)
    (found,) = match_answers([named(question, "because")], [question])
    assert found.value == "because"


def test_a_pattern_may_be_met_anywhere_in_the_text() -> None:
    question = replace(REASON, pattern=r"\d{3}")
    assert match_answers([named(question, "Room 123, left")], [question])[0].value == "Room 123, left"


MUST = replace(REASON, required=True)


@pytest.mark.parametrize(
    ("answers", "questions", "complete"),
    [
        pytest.param([], [SIZE, REASON], True, id="nothing required"),
        pytest.param([answered(MUST, "Because")], [SIZE, MUST], True, id="answered"),
        pytest.param([answered(SIZE, "s")], [SIZE, MUST], False, id="another one answered"),
        pytest.param([answered(MUST, "")], [MUST], False, id="answered by nothing"),
        pytest.param([], [MUST], False, id="not answered"),
    ],
)
def test_required_questions_must_be_answered(answers: list[Answer], questions: list[Question], complete: bool) -> None:
    if complete:
        check_complete(answers, questions)
        return
    with pytest.raises(OptionError, match="Why"):
        check_complete(answers, questions)


FIXED = replace(SIZE, editable=False)


@pytest.mark.parametrize(
    ("answers", "questions", "allowed"),
    [
        pytest.param([answered(SIZE, "s")], [SIZE], True, id="editable"),
        pytest.param([answered(REASON, "X")], [FIXED, REASON], True, id="another one changed"),
        pytest.param([], [FIXED], True, id="nothing changed"),
        pytest.param([answered(FIXED, "s")], [FIXED, REASON], False, id="fixed"),
    ],
)
def test_an_answer_that_may_not_be_changed_is_refused(
    answers: list[Answer], questions: list[Question], allowed: bool
) -> None:
    if allowed:
        check_editable(answers, questions)
        return
    with pytest.raises(OptionError, match="Which size"):
        check_editable(answers, questions)


def test_given_answers_are_those_of_the_newest_fulfilled_request_for_each_question() -> None:
    given = given_answers(
        [
            request("adminUpdate", "denied", answers=(answered(SIZE, "never"),)),
            request("adminUpdate", "partiallyDelivered", answers=(answered(SIZE, "new"),)),
            request("adminAdd", "delivered", answers=(answered(SIZE, "old"), answered(REASON, "Because"))),
        ]
    )
    assert {key: answer.value for key, answer in given.items()} == {SIZE_ID: "new", REASON_ID: "Because"}


def test_answers_differ_by_their_value_alone() -> None:
    given = {SIZE_ID: Answer(SIZE_ID, "l", "Gross")}
    large, reason = answered(replace(SIZE, id=SIZE_ID.upper()), "l"), answered(REASON, "Because")
    assert differing([large, reason], given) == (reason,)
    assert differing([answered(SIZE, "s")], given) == (answered(SIZE, "s"),)
