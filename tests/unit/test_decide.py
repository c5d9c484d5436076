# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is decided where an assignment is desired: one test for every line of the table that users read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._decide.decide import decide
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Desired
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Observed
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Request, Schedule
from tests.unit.samples import (
    AHEAD,
    DAY,
    ENDING,
    LARGE,
    NOW,
    OTHER_POLICY,
    POLICY,
    RULE,
    SIZE,
    START,
    answered,
    assignment,
    desired,
    expired,
    observed,
    request,
)

PAST = Schedule(end=NOW - DAY)
MONTH = Schedule(duration="P30D")
SMALL_GIVEN = request("adminAdd", "delivered", answers=(answered(SIZE, "s"),))
BY_RULE = assignment(policy=RULE)
FAILED = assignment("deliveryFailed")
PARTIAL = assignment("partiallyDelivered")


def failed_ago(days: int, state: str = "deliveryFailed") -> tuple[Request, ...]:
    return (request("adminAdd", state, completed=NOW - timedelta(days=days)),)


ROWS = [
    # none, or only expired
    ("nothing there", desired(), observed(), Step.ADD, "none, or expired"),
    ("only one that ran out", desired(), observed(expired()), Step.ADD, "none, or expired"),
    ("a wanted end ahead", desired(schedule=AHEAD), observed(), Step.ADD, "none, or expired"),
    (
        "a wanted end that is past",
        desired(schedule=PAST),
        observed(),
        Step.NOTHING,
        "never held, the desired end is past",
    ),
    (
        "a wanted end that is now",
        desired(schedule=Schedule(end=NOW)),
        observed(),
        Step.NOTHING,
        "never held, the desired end is past",
    ),
    (
        "a wanted end that is past, one ran out",
        desired(schedule=PAST),
        observed(expired()),
        Step.NOTHING,
        "none, the desired end is past",
    ),
    (
        "a wanted end that is past, one was taken away",
        desired(schedule=PAST),
        observed(expired(schedule=Schedule(NOW - 40 * DAY, NOW + DAY))),
        Step.NOTHING,
        "none, the desired end is past",
    ),
    (
        "a wanted duration that is over since its start",
        desired(schedule=Schedule(NOW - 40 * DAY, duration="P30D")),
        observed(),
        Step.NOTHING,
        "never held, the desired end is past",
    ),
    ("a duration and none before", desired(schedule=MONTH), observed(), Step.ADD, "none, or expired"),
    ("a duration, one ran out", desired(schedule=MONTH), observed(expired()), Step.NOTHING, "expired, granted once"),
    (
        "a duration, one ran out, renew",
        desired(schedule=MONTH, renew=True),
        observed(expired()),
        Step.ADD,
        "none, or expired",
    ),
    (
        "ended before its scheduled end",
        desired(),
        observed(expired(schedule=Schedule(NOW - 40 * DAY, NOW + DAY))),
        Step.ADD,
        "removed by somebody",
    ),
    (
        "ended before its scheduled end, a duration",
        desired(schedule=MONTH),
        observed(expired(schedule=Schedule(NOW - 40 * DAY, NOW + DAY))),
        Step.ADD,
        "removed by somebody",
    ),
    (
        "had no end and ended",
        desired(),
        observed(expired(schedule=Schedule(NOW - 40 * DAY, no_expiration=True))),
        Step.ADD,
        "removed by somebody",
    ),
    (
        "the newest of two was taken away",
        desired(schedule=MONTH),
        observed(
            expired(id="old", expired=NOW - 200 * DAY, schedule=Schedule(NOW - 230 * DAY, NOW - 200 * DAY)),
            expired(schedule=Schedule(NOW - 40 * DAY, NOW + DAY)),
        ),
        Step.ADD,
        "removed by somebody",
    ),
    (
        "the newest of two ran out",
        desired(schedule=MONTH),
        observed(expired(id="old", expired=NOW - 200 * DAY, schedule=Schedule(NOW - 230 * DAY, NOW + DAY)), expired()),
        Step.NOTHING,
        "expired, granted once",
    ),
    # an automatic policy
    ("a rule gave it", desired(), observed(BY_RULE), Step.NOTHING, "automatic assignment, as desired"),
    (
        "a rule gave it, a request is open",
        desired(),
        observed(BY_RULE, request("systemUpdate")),
        Step.NOTHING,
        "automatic assignment, as desired",
    ),
    (
        "a rule gave it, its own policy wanted",
        desired(policy=RULE),
        observed(BY_RULE),
        Step.NOTHING,
        "automatic assignment, as desired",
    ),
    (
        "a rule gave it, a schedule wanted",
        desired(schedule=AHEAD),
        observed(BY_RULE),
        Step.REFUSE,
        "automatic assignment, differs",
    ),
    (
        "a rule gave it, answers wanted",
        desired(answers=(LARGE,)),
        observed(BY_RULE).with_policy(replace(RULE, questions=(SIZE,))),
        Step.REFUSE,
        "automatic assignment, differs",
    ),
    *(
        (
            f"a rule gave it, another policy wanted, {choice}",
            desired(policy=POLICY, on_policy_mismatch=choice),
            observed(BY_RULE),
            Step.REFUSE,
            "automatic assignment, differs",
        )
        for choice in ("fail", "replace")
    ),
    # active, as wanted
    ("delivered, nothing managed", desired(), observed(assignment()), Step.NOTHING, "as desired"),
    (
        "delivering, nothing managed",
        desired(),
        observed(assignment("delivering")),
        Step.NOTHING,
        "as desired, still delivering",
    ),
    (
        "delivered, its schedule wanted",
        desired(schedule=ENDING),
        observed(assignment(schedule=ENDING)),
        Step.NOTHING,
        "as desired",
    ),
    (
        "a past end that is the present one",
        desired(schedule=PAST),
        observed(assignment(schedule=Schedule(START, NOW - DAY))),
        Step.NOTHING,
        "as desired",
    ),
    # active, something differs
    (
        "active, the desired end is past",
        desired(schedule=PAST),
        observed(assignment()),
        Step.REFUSE,
        "active, the desired end is past",
    ),
    (
        "active, the end of the wanted duration is past",
        desired(schedule=Schedule(duration="P10D")),
        observed(assignment()),
        Step.REFUSE,
        "active, the desired end is past",
    ),
    (
        "delivered, another end",
        desired(schedule=AHEAD),
        observed(assignment()),
        Step.UPDATE,
        "delivered, details differ",
    ),
    (
        "delivered in part, another end",
        desired(schedule=AHEAD),
        observed(PARTIAL),
        Step.UPDATE,
        "delivered, details differ",
    ),
    (
        "delivered, another answer",
        desired(answers=(LARGE,)),
        observed(assignment(), history=(SMALL_GIVEN,)),
        Step.UPDATE,
        "delivered, details differ",
    ),
    (
        "delivering, another end",
        desired(schedule=AHEAD),
        observed(assignment("delivering")),
        Step.WAIT,
        "delivering, details differ, waited for",
    ),
    (
        "delivering, another end, no waiting",
        desired(schedule=AHEAD, wait=False),
        observed(assignment("delivering")),
        Step.REFUSE,
        "delivering, details differ, no waiting",
    ),
    (
        "another policy",
        desired(policy=OTHER_POLICY),
        observed(assignment()),
        Step.REFUSE,
        "active under another policy",
    ),
    (
        "another policy, keep",
        desired(policy=OTHER_POLICY, on_policy_mismatch="keep"),
        observed(assignment()),
        Step.NOTHING,
        "as desired",
    ),
    (
        "another policy and another end, keep",
        desired(policy=OTHER_POLICY, schedule=AHEAD, on_policy_mismatch="keep"),
        observed(assignment()),
        Step.UPDATE,
        "delivered, details differ",
    ),
    (
        "another policy, replace",
        desired(policy=OTHER_POLICY, on_policy_mismatch="replace"),
        observed(assignment()),
        Step.REPLACE,
        "active under another policy, replace",
    ),
    (
        "no policy wanted: any counts",
        desired(on_policy_mismatch="replace"),
        observed(assignment(policy=OTHER_POLICY)),
        Step.NOTHING,
        "as desired",
    ),
    # a failed delivery
    ("failed", desired(), observed(FAILED, history=failed_ago(1)), Step.REPROCESS, "failed, recent"),
    ("failed 14 days ago", desired(), observed(FAILED, history=failed_ago(14)), Step.REPROCESS, "failed, recent"),
    (
        "failed 15 days ago",
        desired(),
        observed(FAILED, history=failed_ago(15)),
        Step.REFUSE,
        "failed, too old or unknown",
    ),
    (
        "the newest of two failed requests counts",
        desired(),
        observed(FAILED, history=failed_ago(1) + failed_ago(40)),
        Step.REPROCESS,
        "failed, recent",
    ),
    ("failed, no request of it", desired(), observed(FAILED), Step.REFUSE, "failed, too old or unknown"),
    ("failed, fail", desired(on_delivery_failed="fail"), observed(FAILED), Step.REFUSE, "failed, fail"),
    ("failed, keep", desired(on_delivery_failed="keep"), observed(FAILED), Step.NOTHING, "failed, kept"),
    # delivered in part
    ("in part", desired(), observed(PARTIAL), Step.NOTHING, "partial, kept"),
    ("in part, fail", desired(on_partial_delivery="fail"), observed(PARTIAL), Step.REFUSE, "partial, fail"),
    (
        "in part, reprocess",
        desired(on_partial_delivery="reprocess"),
        observed(PARTIAL, history=failed_ago(14, "partiallyDelivered")),
        Step.REPROCESS,
        "partial, recent",
    ),
    (
        "in part, reprocess after 15 days",
        desired(on_partial_delivery="reprocess"),
        observed(PARTIAL, history=failed_ago(15, "partiallyDelivered")),
        Step.REFUSE,
        "partial, too old or unknown",
    ),
    # a state that did not exist when this was written
    (
        "an unknown state",
        desired(),
        observed(assignment("suspended")),
        Step.REFUSE,
        "a state that this version of the collection does not know",
    ),
]


@pytest.mark.parametrize(("wish", "there", "step", "name"), [pytest.param(*row[1:], id=row[0]) for row in ROWS])
def test_present(wish: Desired, there: Observed, step: Step, name: str) -> None:
    decision = decide(wish, there, NOW, may_cancel=False)
    assert (decision.step, decision.row.name) == (step, name)
