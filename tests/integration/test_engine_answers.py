# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers: by question text in any language, checked beforehand, compared one by one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import sent, writes
from tests.support.engine import assign

PAYROLL: dict[str, Any] = {"access_package": "Payroll", "user": "mira@contoso.com"}
LEE: dict[str, Any] = {"access_package": "Payroll", "user": "lee@contoso.com"}
COST: dict[str, Any] = {"question": "Cost centre", "value": "1234"}
REGION: dict[str, Any] = {"question": "Region", "value": "emea"}


def question(text: str) -> str:
    return id_of("question", f"Payroll/Payroll staff/{text}")


def test_answers_are_sent_once_and_compared_with_what_was_answered(frozen: Running) -> None:
    answers = [COST, REGION]
    added = assign(frozen, **PAYROLL, answers=answers)
    assert added["action"] == "add"
    (body,) = sent(frozen)
    assert body["answers"] == [
        {
            "@odata.type": "#microsoft.graph.accessPackageAnswerString",
            "value": "1234",
            "displayValue": "1234",
            "answeredQuestion": {
                "@odata.type": "#microsoft.graph.accessPackageTextInputQuestion",
                "id": question("Cost centre"),
            },
        },
        {
            "@odata.type": "#microsoft.graph.accessPackageAnswerString",
            "value": "emea",
            "displayValue": "Europe and Africa",
            "answeredQuestion": {
                "@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion",
                "id": question("Region"),
            },
        },
    ]
    frozen.clear_calls()
    assert assign(frozen, **PAYROLL, answers=answers)["action"] == "none"
    assert writes(frozen) == []


@pytest.mark.parametrize(
    "answers",
    [
        [{"question": "Kostenstelle", "value": "1234"}, {"question": "Gebiet", "value": "Europa und Afrika"}],
        [{"question": "Centre de coûts", "value": "1234"}, {"question": "Region", "value": "Europe and Africa"}],
        [{"question_id": question("Cost centre"), "value": "1234"}, REGION],
        [{"question_id": question("Cost centre").upper(), "value": "1234"}, {**REGION, "display_value": "EMEA"}],
    ],
    ids=["german", "french", "id", "upper case id"],
)
def test_any_way_to_name_question_and_choice_means_the_same(frozen: Running, answers: list[dict[str, str]]) -> None:
    assign(frozen, **PAYROLL, answers=[COST, REGION])
    assert assign(frozen, **PAYROLL, answers=answers)["action"] == "none"


def test_one_answer_alone_is_changed(frozen: Running) -> None:
    kept = assign(frozen, **LEE, answers=[{"question": "Cost centre", "value": "4711"}])
    assert kept["action"] == "none"
    changed = assign(frozen, **LEE, answers=[COST])
    assert changed["action"] == "update"
    (body,) = sent(frozen)
    assert body["requestType"] == "adminUpdate"
    assert [answer["value"] for answer in body["answers"]] == ["1234"]
    assert "schedule" not in body
    assert changed["diff"]["before"]["answers"]["Cost centre"] == "4711"
    assert changed["diff"]["after"]["answers"]["Cost centre"] == "1234"
    assert assign(frozen, **LEE, answers=[COST])["action"] == "none"
    both = assign(frozen, **LEE, answers=[COST, REGION])
    assert both["action"] == "none"


def test_an_update_sends_every_named_answer(frozen: Running) -> None:
    assign(frozen, **LEE, answers=[COST, REGION])
    (body,) = sent(frozen)
    assert [answer["value"] for answer in body["answers"]] == ["1234", "emea"]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([COST], "requires an answer to 'Region'"),
        ([], "requires an answer"),
        (None, "requires an answer"),
        ([COST, {"question": "Region", "value": "mars"}], "'mars' is not a choice"),
        ([{"question": "Cost centre", "value": "12"}, REGION], "does not match the pattern"),
        ([COST, REGION, {"question": "Shoe size", "value": "43"}], "has no question 'Shoe size'"),
        ([COST, COST, REGION], "more than once"),
        ([{"question": "Cost centre", "value": ""}, REGION], "Cost centre"),
        ([{"question": "Cost centre", "value": 1234}, REGION], "quote it"),
        ([{"question": "Cost centre", "value": True}, REGION], "quote it"),
        ([COST, {"question": "Region", "value": ["emea", "amer"]}], "several"),
        ([{"value": "1234"}, REGION], "question"),
    ],
)
def test_answers_that_do_not_suit_are_refused_beforehand(
    frozen: Running, answers: list[dict[str, Any]] | None, words: str
) -> None:
    refused = assign(frozen, **PAYROLL, answers=answers)
    assert refused["failed"]
    assert words in refused["msg"] + str(refused["error"]["hint"])
    assert writes(frozen) == []


def test_an_answer_that_may_not_be_changed_is_refused_beforehand(frozen: Running) -> None:
    same = [{"question": "Badge number", "value": "77"}]
    assert assign(frozen, **LEE, answers=same)["action"] == "none"
    refused = assign(frozen, **LEE, answers=[{"question": "Badge number", "value": "78"}])
    assert refused["failed"]
    assert "Badge number" in refused["msg"]
    assert writes(frozen) == []
