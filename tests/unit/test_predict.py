# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is imagined once a request is carried out: the wish that led to it is then fulfilled, and nothing else is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._decide.decide import decide
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Desired
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Observed
from ansible_collections.idgov.entra.plugins.module_utils._decide.plan import plan
from ansible_collections.idgov.entra.plugins.module_utils._decide.predict import (
    carried_out,
    delivered_again,
    parked,
    taken_back,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Schedule
from tests.unit.samples import (
    BECAUSE,
    DAY,
    END,
    ENDING,
    LARGE,
    NOW,
    OTHER_POLICY_ID,
    POLICY,
    REASON,
    SIZE,
    START,
    answered,
    assignment,
    desired,
    expired,
    observed,
    request,
)

GIVEN = request(state="delivered", created=START, answers=(answered(SIZE, "s"), answered(REASON, "Because")))

WISHES = [
    ("add", desired(policy=POLICY), observed()),
    ("add again", desired(policy=POLICY), observed(expired())),
    ("add with an end", desired(policy=POLICY, schedule=Schedule(end=END)), observed()),
    ("add with a duration", desired(policy=POLICY, schedule=Schedule(duration="P90D")), observed(expired(expired=END))),
    ("renew", desired(policy=POLICY, schedule=Schedule(duration="P9D"), renew=True), observed(expired())),
    ("add without expiration", desired(policy=POLICY, schedule=Schedule(no_expiration=True)), observed()),
    ("add with answers", desired(policy=POLICY, answers=(LARGE, BECAUSE)), observed()),
    ("another end", desired(schedule=Schedule(end=END)), observed(assignment())),
    ("a duration", desired(schedule=Schedule(duration="P90D")), observed(assignment(), history=(GIVEN,))),
    ("no expiration", desired(schedule=Schedule(no_expiration=True)), observed(assignment(schedule=ENDING))),
    ("another answer", desired(answers=(LARGE,)), observed(assignment(), history=(GIVEN,))),
    ("an end and an answer", desired(schedule=Schedule(end=END), answers=(LARGE,)), observed(assignment(), history=(GIVEN,))),
    ("a later start", desired(schedule=Schedule(END)), observed(assignment(schedule=Schedule(NOW + DAY, END + DAY)))),
    ("remove", desired(state="absent"), observed(assignment())),
    ("remove what failed", desired(state="absent"), observed(assignment("deliveryFailed"), expired())),
]  # fmt: skip


@pytest.mark.parametrize(("wish", "there"), [pytest.param(*row[1:], id=row[0]) for row in WISHES])
def test_once_a_write_is_carried_out_nothing_is_left_to_do(wish: Desired, there: Observed) -> None:
    decision = decide(wish, there, NOW, may_cancel=False)
    write = plan(decision, wish, there, NOW)
    after = carried_out(there, write.request, NOW)
    assert decide(wish, after, NOW, may_cancel=False).step is Step.NOTHING
    assert after.open_requests == ()


def test_an_update_of_answers_keeps_the_schedule_and_the_other_answers() -> None:
    schedule = ENDING
    there = observed(assignment(schedule=schedule), history=(GIVEN,))
    after = carried_out(there, request("adminUpdate", answers=(answered(SIZE, "l"),)), NOW)
    assert after.active is not None
    assert after.active.schedule == schedule
    wish = desired(answers=(LARGE, BECAUSE), schedule=Schedule(end=END))
    assert decide(wish, after, NOW, may_cancel=False).step is Step.NOTHING


def test_an_update_of_the_end_alone_keeps_the_start() -> None:
    after = carried_out(observed(assignment()), request("adminUpdate", schedule=Schedule(end=END)), NOW)
    assert after.active is not None
    assert after.active.schedule == ENDING


def test_an_add_takes_nothing_over_from_the_past() -> None:
    there = observed(expired(), history=(GIVEN,))
    after = carried_out(there, request("adminAdd", policy_id=OTHER_POLICY_ID), NOW)
    assert after.history is not None
    assert [past.answers for past in after.history] == [()]
    assert after.active is not None
    assert after.active.policy is not None
    assert after.active.policy.id == OTHER_POLICY_ID


def test_a_removed_assignment_was_taken_away_and_did_not_run_out() -> None:
    after = carried_out(observed(assignment()), request("adminRemove"), NOW)
    assert after.active is None
    assert decide(desired(), after, NOW, may_cancel=False).row.name == "removed by somebody"


def test_a_request_that_is_taken_back_leaves_the_rest() -> None:
    waiting = request(state="scheduled")
    there = observed(expired(), waiting)
    assert taken_back(there, waiting) == replace(there, open_requests=())


def test_a_delivery_that_is_repeated_with_success_leaves_the_rest() -> None:
    after = delivered_again(observed(assignment("deliveryFailed"), expired()))
    assert after == observed(assignment("delivered", status=None), expired())


def test_a_request_that_waits_for_its_start_is_open() -> None:
    waiting = request(state="scheduled", schedule=Schedule(NOW + DAY))
    after = parked(observed(), waiting)
    assert decide(desired(schedule=Schedule(NOW + DAY)), after, NOW, may_cancel=False).row.pending
