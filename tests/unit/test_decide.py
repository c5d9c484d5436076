# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is decided where an assignment is wanted: one test for every line of the table that users read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._decide.decide import decide
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Wanted
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Situation
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Request, Schedule
from tests.unit.samples import (
    DAY,
    NOW,
    OTHER_POLICY,
    POLICY,
    RULE,
    SIZE,
    answered,
    assignment,
    expired,
    named,
    request,
    situation,
    wanted,
)

AHEAD = Schedule(end=NOW + 30 * DAY)
PAST = Schedule(end=NOW - DAY)
MONTH = Schedule(duration="P30D")
ENDING = Schedule(NOW - 30 * DAY, NOW + 60 * DAY)
LARGE = (named(SIZE, "l"),)
SMALL_GIVEN = request("adminAdd", "delivered", answers=(answered(SIZE, "s"),))
BY_RULE = assignment(policy=RULE)
FAILED = assignment("deliveryFailed")
PARTIAL = assignment("partiallyDelivered")


def failed_ago(days: int, state: str = "deliveryFailed") -> tuple[Request, ...]:
    return (request("adminAdd", state, completed=NOW - timedelta(days=days)),)


ROWS = [
    # none, or only expired
    ("nothing there", wanted(), situation(), Step.ADD, "none, or ran out"),
    ("only one that ran out", wanted(), situation(expired()), Step.ADD, "none, or ran out"),
    ("a wanted end ahead", wanted(schedule=AHEAD), situation(), Step.ADD, "none, or ran out"),
    (
        "a wanted end that is past",
        wanted(schedule=PAST),
        situation(),
        Step.NOTHING,
        "never held, the wanted end is past",
    ),
    (
        "a wanted end that is now",
        wanted(schedule=Schedule(end=NOW)),
        situation(),
        Step.NOTHING,
        "never held, the wanted end is past",
    ),
    (
        "a wanted end that is past, one ran out",
        wanted(schedule=PAST),
        situation(expired()),
        Step.NOTHING,
        "none, the wanted end is past",
    ),
    (
        "a wanted end that is past, one was taken away",
        wanted(schedule=PAST),
        situation(expired(schedule=Schedule(NOW - 40 * DAY, NOW + DAY))),
        Step.NOTHING,
        "none, the wanted end is past",
    ),
    (
        "a wanted duration that is over since its start",
        wanted(schedule=Schedule(NOW - 40 * DAY, duration="P30D")),
        situation(),
        Step.NOTHING,
        "never held, the wanted end is past",
    ),
    ("a duration and none before", wanted(schedule=MONTH), situation(), Step.ADD, "none, or ran out"),
    ("a duration, one ran out", wanted(schedule=MONTH), situation(expired()), Step.NOTHING, "ran out, granted once"),
    (
        "a duration, one ran out, renew",
        wanted(schedule=MONTH, renew=True),
        situation(expired()),
        Step.ADD,
        "none, or ran out",
    ),
    (
        "ended before its scheduled end",
        wanted(),
        situation(expired(schedule=Schedule(NOW - 40 * DAY, NOW + DAY))),
        Step.ADD,
        "taken away by somebody",
    ),
    (
        "ended before its scheduled end, a duration",
        wanted(schedule=MONTH),
        situation(expired(schedule=Schedule(NOW - 40 * DAY, NOW + DAY))),
        Step.ADD,
        "taken away by somebody",
    ),
    (
        "had no end and ended",
        wanted(),
        situation(expired(schedule=Schedule(NOW - 40 * DAY, no_expiration=True))),
        Step.ADD,
        "taken away by somebody",
    ),
    (
        "the newest of two was taken away",
        wanted(schedule=MONTH),
        situation(
            expired(id="old", expired=NOW - 200 * DAY, schedule=Schedule(NOW - 230 * DAY, NOW - 200 * DAY)),
            expired(schedule=Schedule(NOW - 40 * DAY, NOW + DAY)),
        ),
        Step.ADD,
        "taken away by somebody",
    ),
    (
        "the newest of two ran out",
        wanted(schedule=MONTH),
        situation(expired(id="old", expired=NOW - 200 * DAY, schedule=Schedule(NOW - 230 * DAY, NOW + DAY)), expired()),
        Step.NOTHING,
        "ran out, granted once",
    ),
    # an automatic policy
    ("a rule gave it", wanted(), situation(BY_RULE), Step.NOTHING, "governed by a rule, nothing else wanted"),
    (
        "a rule gave it, a request is open",
        wanted(),
        situation(BY_RULE, request("systemUpdate")),
        Step.NOTHING,
        "governed by a rule, nothing else wanted",
    ),
    (
        "a rule gave it, its own policy wanted",
        wanted(policy=RULE),
        situation(BY_RULE),
        Step.NOTHING,
        "governed by a rule, nothing else wanted",
    ),
    (
        "a rule gave it, a schedule wanted",
        wanted(schedule=AHEAD),
        situation(BY_RULE),
        Step.REFUSE,
        "governed by a rule, something else wanted",
    ),
    (
        "a rule gave it, answers wanted",
        wanted(answers=LARGE),
        situation(BY_RULE).with_policy(replace(RULE, questions=(SIZE,))),
        Step.REFUSE,
        "governed by a rule, something else wanted",
    ),
    *(
        (
            f"a rule gave it, another policy wanted, {choice}",
            wanted(policy=POLICY, on_policy_mismatch=choice),
            situation(BY_RULE),
            Step.REFUSE,
            "governed by a rule, something else wanted",
        )
        for choice in ("fail", "replace")
    ),
    # active, as wanted
    ("delivered, nothing managed", wanted(), situation(assignment()), Step.NOTHING, "as wanted"),
    (
        "delivering, nothing managed",
        wanted(),
        situation(assignment("delivering")),
        Step.NOTHING,
        "as wanted, still delivering",
    ),
    (
        "delivered, its schedule wanted",
        wanted(schedule=ENDING),
        situation(assignment(schedule=ENDING)),
        Step.NOTHING,
        "as wanted",
    ),
    (
        "a past end that is the present one",
        wanted(schedule=PAST),
        situation(assignment(schedule=Schedule(NOW - 30 * DAY, NOW - DAY))),
        Step.NOTHING,
        "as wanted",
    ),
    # active, something differs
    (
        "active, the wanted end is past",
        wanted(schedule=PAST),
        situation(assignment()),
        Step.REFUSE,
        "active, the wanted end is past",
    ),
    (
        "active, the end of the wanted duration is past",
        wanted(schedule=Schedule(duration="P10D")),
        situation(assignment()),
        Step.REFUSE,
        "active, the wanted end is past",
    ),
    ("delivered, another end", wanted(schedule=AHEAD), situation(assignment()), Step.UPDATE, "given, details differ"),
    (
        "delivered in part, another end",
        wanted(schedule=AHEAD),
        situation(PARTIAL),
        Step.UPDATE,
        "given, details differ",
    ),
    (
        "delivered, another answer",
        wanted(answers=LARGE),
        situation(assignment(), history=(SMALL_GIVEN,)),
        Step.UPDATE,
        "given, details differ",
    ),
    (
        "delivering, another end",
        wanted(schedule=AHEAD),
        situation(assignment("delivering")),
        Step.WAIT,
        "delivering, details differ, waited for",
    ),
    (
        "delivering, another end, no waiting",
        wanted(schedule=AHEAD, wait=False),
        situation(assignment("delivering")),
        Step.REFUSE,
        "delivering, details differ, no waiting",
    ),
    (
        "another policy",
        wanted(policy=OTHER_POLICY),
        situation(assignment()),
        Step.REFUSE,
        "active under another policy",
    ),
    (
        "another policy, keep",
        wanted(policy=OTHER_POLICY, on_policy_mismatch="keep"),
        situation(assignment()),
        Step.NOTHING,
        "as wanted",
    ),
    (
        "another policy and another end, keep",
        wanted(policy=OTHER_POLICY, schedule=AHEAD, on_policy_mismatch="keep"),
        situation(assignment()),
        Step.UPDATE,
        "given, details differ",
    ),
    (
        "another policy, replace",
        wanted(policy=OTHER_POLICY, on_policy_mismatch="replace"),
        situation(assignment()),
        Step.REPLACE,
        "active under another policy, replace",
    ),
    (
        "no policy wanted: any counts",
        wanted(on_policy_mismatch="replace"),
        situation(assignment(policy=OTHER_POLICY)),
        Step.NOTHING,
        "as wanted",
    ),
    # a failed delivery
    ("failed", wanted(), situation(FAILED, history=failed_ago(1)), Step.REPROCESS, "failed, recent"),
    ("failed 14 days ago", wanted(), situation(FAILED, history=failed_ago(14)), Step.REPROCESS, "failed, recent"),
    (
        "failed 15 days ago",
        wanted(),
        situation(FAILED, history=failed_ago(15)),
        Step.REFUSE,
        "failed, too old or unknown",
    ),
    (
        "the newest of two failed requests counts",
        wanted(),
        situation(FAILED, history=failed_ago(1) + failed_ago(40)),
        Step.REPROCESS,
        "failed, recent",
    ),
    ("failed, no request of it", wanted(), situation(FAILED), Step.REFUSE, "failed, too old or unknown"),
    ("failed, fail", wanted(on_delivery_failed="fail"), situation(FAILED), Step.REFUSE, "failed, fail"),
    ("failed, keep", wanted(on_delivery_failed="keep"), situation(FAILED), Step.NOTHING, "failed, kept"),
    # delivered in part
    ("in part", wanted(), situation(PARTIAL), Step.NOTHING, "partial, kept"),
    ("in part, fail", wanted(on_partial_delivery="fail"), situation(PARTIAL), Step.REFUSE, "partial, fail"),
    (
        "in part, reprocess",
        wanted(on_partial_delivery="reprocess"),
        situation(PARTIAL, history=failed_ago(14, "partiallyDelivered")),
        Step.REPROCESS,
        "partial, recent",
    ),
    (
        "in part, reprocess after 15 days",
        wanted(on_partial_delivery="reprocess"),
        situation(PARTIAL, history=failed_ago(15, "partiallyDelivered")),
        Step.REFUSE,
        "partial, too old or unknown",
    ),
    # a state that did not exist when this was written
    (
        "an unknown state",
        wanted(),
        situation(assignment("suspended")),
        Step.REFUSE,
        "a state that this version does not know",
    ),
]


@pytest.mark.parametrize(("wish", "there", "step", "name"), [pytest.param(*row[1:], id=row[0]) for row in ROWS])
def test_present(wish: Wanted, there: Situation, step: Step, name: str) -> None:
    decision = decide(wish, there, NOW, may_cancel=False)
    assert (decision.step, decision.row.name) == (step, name)
