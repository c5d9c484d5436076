# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a schedule or an answer counts as the same: the rules that deciding stands on, asked through deciding."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._decide.decide import decide
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import NamedAnswer
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import NotRead
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Request, Schedule
from tests.unit.samples import (
    ASSIGNMENT_ID,
    DAY,
    END,
    ENDING,
    LARGE,
    NOW,
    REASON,
    SIZE,
    START,
    answered,
    assignment,
    desired,
    observed,
    request,
)

SOON = NOW + 5 * DAY
SECOND = timedelta(seconds=1)
MADE = request("adminAdd", "delivered", schedule=Schedule(START))


def step_for(wish: Schedule, stored: Schedule, *history: Request) -> Step:
    """What is done about an assignment with one schedule where another is desired."""
    there = observed(assignment(schedule=stored), history=history)
    return decide(desired(schedule=wish), there, NOW, may_cancel=False).step


SAME = [
    ("the end", Schedule(end=END), ENDING),
    ("an end 60 s later", Schedule(end=END), Schedule(START, END + 60 * SECOND)),
    ("an end 60 s earlier", Schedule(end=END), Schedule(START, END - 60 * SECOND)),
    ("no expiration", Schedule(no_expiration=True), Schedule(START, no_expiration=True)),
    ("an end, stored as a duration", Schedule(end=END), Schedule(START, duration="P90D")),
    ("the duration", Schedule(duration="P90D"), Schedule(START, duration="P90D")),
    ("the duration, written otherwise", Schedule(duration="P90D"), Schedule(START, duration="P12W6D")),
    ("a duration, stored as its end", Schedule(duration="P90D"), ENDING),
    ("a duration, stored as its end and 60 s", Schedule(duration="P90D"), Schedule(START, END - 60 * SECOND)),
    ("weeks", Schedule(duration="P12W"), Schedule(START, START + 84 * DAY)),
    ("a start alone that has passed", Schedule(NOW - 10 * DAY), ENDING),
    ("a start ahead, but the assignment has started", Schedule(SOON, END), ENDING),
    ("the start ahead", Schedule(SOON), Schedule(SOON, END)),
    ("the start ahead and 60 s", Schedule(SOON + 60 * SECOND), Schedule(SOON, END)),
    ("the end alone, whatever the start ahead", Schedule(end=END), Schedule(SOON, END)),
    ("a duration from a start ahead", Schedule(SOON, duration="P55D"), Schedule(SOON, END)),
]  # fmt: skip
OTHER = [
    ("an end 61 s later", Schedule(end=END), Schedule(START, END + 61 * SECOND)),
    ("an end 61 s earlier", Schedule(end=END), Schedule(START, END - 61 * SECOND)),
    ("an end where there is none", Schedule(end=END), Schedule(START, no_expiration=True)),
    ("an end where nothing is said", Schedule(end=END), Schedule(START)),
    ("no expiration where there is an end", Schedule(no_expiration=True), ENDING),
    ("another duration", Schedule(duration="P91D"), Schedule(START, duration="P90D")),
    ("a duration, stored as another end", Schedule(duration="P90D"), Schedule(START, END + 61 * SECOND)),
    ("a duration where there is no end", Schedule(duration="P90D"), Schedule(START, no_expiration=True)),
    ("another start ahead", Schedule(SOON + 61 * SECOND), Schedule(SOON, END)),
    ("the end, but another start ahead", Schedule(SOON + DAY, END), Schedule(SOON, END)),
]


@pytest.mark.parametrize(("wish", "stored"), [pytest.param(*row[1:], id=row[0]) for row in SAME])
def test_the_same_schedule_needs_nothing(wish: Schedule, stored: Schedule) -> None:
    assert step_for(wish, stored, MADE) is Step.NOTHING


@pytest.mark.parametrize(("wish", "stored"), [pytest.param(*row[1:], id=row[0]) for row in OTHER])
def test_another_schedule_is_brought_about(wish: Schedule, stored: Schedule) -> None:
    assert step_for(wish, stored, MADE) is Step.UPDATE


@pytest.mark.parametrize("stored", [ENDING, Schedule(START, no_expiration=True)])
def test_a_duration_beyond_the_year_9999_is_an_input_error(stored: Schedule) -> None:
    with pytest.raises(OptionError, match="9999"):
        step_for(Schedule(duration="P3650000D"), stored, MADE)


MOVED = Schedule(NOW - DAY, END)


@pytest.mark.parametrize(
    ("history", "step"),
    [
        pytest.param([MADE], Step.NOTHING, id="from the start of the request that made it"),
        pytest.param(
            [request("adminAdd", "delivered", schedule=Schedule(), created=START)],
            Step.NOTHING,
            id="from its creation, where it named no start",
        ),
        pytest.param(
            [request("adminUpdate", "delivered"), MADE, request("adminRemove", "delivered")],
            Step.NOTHING,
            id="among other requests",
        ),
        pytest.param(
            [request("adminAdd", "delivered", schedule=Schedule(START - 9 * DAY))], Step.UPDATE, id="from another start"
        ),
        pytest.param(
            [request("adminAdd", "delivered", schedule=Schedule(START), assignment_id=ASSIGNMENT_ID[:-1] + "9")],
            Step.UPDATE,
            id="of another assignment",
        ),
        pytest.param([], Step.UPDATE, id="no request known"),
    ],
)
def test_a_duration_is_found_again_although_an_update_moved_the_start(history: list[Request], step: Step) -> None:
    assert step_for(Schedule(duration="P90D"), MOVED, *history) is step


def test_the_history_is_asked_for_only_where_a_start_may_have_moved() -> None:
    def ask(stored: Schedule) -> Step:
        there = observed(assignment(schedule=stored), history=None)
        return decide(desired(schedule=Schedule(duration="P90D")), there, NOW, may_cancel=False).step

    assert ask(ENDING) is Step.NOTHING
    with pytest.raises(NotRead) as raised:
        ask(MOVED)
    assert raised.value.what == "history"


# Requests of one assignment, newest first, and whether the answer "l" to the question of the size is there already.
ANSWERED = [
    ("answered so", [request(state="delivered", answers=(answered(SIZE, "l"),))], Step.NOTHING),
    ("answered so in part of a delivery", [request(state="partiallyDelivered", answers=(answered(SIZE, "l"),))], Step.NOTHING),
    ("answered otherwise", [request(state="delivered", answers=(answered(SIZE, "s"),))], Step.UPDATE),
    ("never answered", [request(state="delivered")], Step.UPDATE),
    ("no request known", [], Step.UPDATE),
    (
        "the newest counts",
        [
            request("adminUpdate", "delivered", answers=(answered(SIZE, "l"),)),
            request(state="delivered", answers=(answered(SIZE, "s"),)),
        ],
        Step.NOTHING,
    ),
    (
        "the newest counts, the other way round",
        [
            request("adminUpdate", "delivered", answers=(answered(SIZE, "s"),)),
            request(state="delivered", answers=(answered(SIZE, "l"),)),
        ],
        Step.UPDATE,
    ),
    (
        "one that does not answer it does not count",
        [
            request("adminUpdate", "delivered", answers=(answered(REASON, "Because"),)),
            request(state="delivered", answers=(answered(SIZE, "l"),)),
        ],
        Step.NOTHING,
    ),
    *(
        (
            f"one that ended {state} does not count",
            [
                request("adminUpdate", state, answers=(answered(SIZE, "s"),)),
                request(state="delivered", answers=(answered(SIZE, "l"),)),
            ],
            Step.NOTHING,
        )
        for state in ("denied", "canceled", "deliveryFailed")
    ),
    (
        "of another assignment",
        [request(state="delivered", answers=(answered(SIZE, "l"),), assignment_id=ASSIGNMENT_ID[:-1] + "9")],
        Step.UPDATE,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("history", "step"), [pytest.param(*row[1:], id=row[0]) for row in ANSWERED])
def test_an_answer_is_compared_with_the_newest_fulfilled_request(history: list[Request], step: Step) -> None:
    there = observed(assignment(), history=tuple(history))
    assert decide(desired(answers=(LARGE,)), there, NOW, may_cancel=False).step is step


@pytest.mark.parametrize("text", ["l", "Large", "Groß"])
@pytest.mark.parametrize("question", ["Which size?", "Welche Größe?"])
def test_questions_and_choices_are_known_by_each_of_their_texts(question: str, text: str) -> None:
    there = observed(assignment(), history=(request(state="delivered", answers=(answered(SIZE, "l"),)),))
    wish = desired(answers=(NamedAnswer(question, None, text),))
    assert decide(wish, there, NOW, may_cancel=False).step is Step.NOTHING


def test_an_answer_to_no_question_of_the_policy_is_an_input_error() -> None:
    with pytest.raises(OptionError):
        decide(desired(answers=(NamedAnswer("Who?", None, "l"),)), observed(assignment()), NOW, may_cancel=False)
