# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is decided where no assignment is desired: nothing may be active, and no open request may grant access."""

from __future__ import annotations

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._decide.decide import decide
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Desired
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Observed
from ansible_collections.idgov.entra.plugins.module_utils._decide.sentences import refusal, warning
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Schedule
from tests.unit.samples import (
    DAY,
    LARGE,
    NOW,
    OTHER_POLICY,
    POLICY,
    RULE,
    assignment,
    desired,
    expired,
    observed,
    request,
)

ABSENT = desired(state="absent")
NO_WAIT = desired(state="absent", wait=False)
CANCEL = desired(state="absent", on_open_request="cancel")
FAIL = desired(state="absent", on_open_request="fail")
HELD = assignment()
PENDING, SCHEDULED = request(state="pendingApproval"), request(state="scheduled", schedule=Schedule(NOW + 9 * DAY))

APP, PERSON = False, True
ROWS = [
    ("nothing there", ABSENT, observed(), APP, Step.NOTHING, "already absent"),
    ("only past ones", ABSENT, observed(expired()), APP, Step.NOTHING, "already absent"),
    ("delivered", ABSENT, observed(HELD), APP, Step.REMOVE, "active"),
    ("delivering", ABSENT, observed(assignment("delivering")), APP, Step.REMOVE, "active"),
    ("delivered in part", ABSENT, observed(assignment("partiallyDelivered")), APP, Step.REMOVE, "active"),
    ("failed", ABSENT, observed(assignment("deliveryFailed")), APP, Step.REMOVE, "active"),
    ("in an unknown state", ABSENT, observed(assignment("suspended")), APP, Step.REMOVE, "active"),
    ("active beside a past one", ABSENT, observed(expired(id="old"), HELD), APP, Step.REMOVE, "active"),
    ("no waiting", NO_WAIT, observed(HELD), APP, Step.REMOVE, "active"),
    # an open remove
    ("a remove is open", ABSENT, observed(HELD, request("adminRemove")), APP, Step.WAIT, "open remove, waited for"),
    ("a remove of the person's own", ABSENT, observed(HELD, request("userRemove")), APP, Step.WAIT, "open remove, waited for"),
    (
        "a remove is open, no waiting",
        NO_WAIT,
        observed(HELD, request("adminRemove", "delivering")),
        APP,
        Step.NOTHING,
        "open remove, not waited for",
    ),
    # an open add that moves
    ("an add was sent", ABSENT, observed(request()), APP, Step.WAIT, "open request can still grant, waited for"),
    (
        "an add is delivering",
        ABSENT,
        observed(assignment("delivering"), request(state="delivering")),
        PERSON,
        Step.WAIT,
        "open request can still grant, waited for",
    ),
    ("an add, no waiting", NO_WAIT, observed(request()), APP, Step.REFUSE, "open request can still grant, no waiting"),
    ("an add, fail", FAIL, observed(request()), PERSON, Step.REFUSE, "open request can still grant, fail"),
    ("an add, cancel", CANCEL, observed(request()), PERSON, Step.CANCEL, "open request just sent, canceled"),
    ("an add beside a past one", ABSENT, observed(expired(), request()), APP, Step.WAIT, "open request can still grant, waited for"),
    # an open add that waits for somebody or for a date
    ("pending, a person asks", ABSENT, observed(PENDING), PERSON, Step.CANCEL, "open request waits for somebody, canceled"),
    ("pending, an application asks", ABSENT, observed(PENDING), APP, Step.REFUSE, "open request waits for somebody, cannot be canceled"),
    ("scheduled, a person asks", ABSENT, observed(SCHEDULED), PERSON, Step.CANCEL, "open request waits for somebody, canceled"),
    ("scheduled, an application asks", ABSENT, observed(SCHEDULED), APP, Step.REFUSE, "open request waits for somebody, cannot be canceled"),
    ("scheduled, no waiting", NO_WAIT, observed(SCHEDULED), PERSON, Step.CANCEL, "open request waits for somebody, canceled"),
    ("pending, fail", FAIL, observed(PENDING), PERSON, Step.REFUSE, "open request can still grant, fail"),
    # another policy, an automatic one
    (
        "under another policy",
        desired(state="absent", policy=OTHER_POLICY),
        observed(HELD),
        APP,
        Step.NOTHING,
        "another policy than the one to remove",
    ),
    ("under this policy", desired(state="absent", policy=POLICY), observed(HELD), APP, Step.REMOVE, "active"),
    (
        "another policy, and on_policy_mismatch changes nothing",
        desired(state="absent", policy=OTHER_POLICY, on_policy_mismatch="replace"),
        observed(HELD),
        APP,
        Step.NOTHING,
        "another policy than the one to remove",
    ),
    ("by a rule", ABSENT, observed(assignment(policy=RULE)), APP, Step.REFUSE, "automatic assignment"),
    (
        "by a rule, named",
        desired(state="absent", policy=RULE),
        observed(assignment(policy=RULE)),
        APP,
        Step.REFUSE,
        "automatic assignment",
    ),
    (
        "by a rule, while another policy is to be taken away",
        desired(state="absent", policy=POLICY),
        observed(assignment(policy=RULE)),
        APP,
        Step.NOTHING,
        "another policy than the one to remove",
    ),
    # what would differ if it were present does not matter
    (
        "a schedule and answers are given",
        desired(state="absent", schedule=Schedule(end=NOW - DAY), answers=(LARGE,)),
        observed(HELD, history=None),
        APP,
        Step.REMOVE,
        "active",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wish", "there", "may_cancel", "step", "name"), [pytest.param(*row[1:], id=row[0]) for row in ROWS]
)
def test_absent(wish: Desired, there: Observed, may_cancel: bool, step: Step, name: str) -> None:
    decision = decide(wish, there, NOW, may_cancel=may_cancel)
    assert (decision.step, decision.row.name) == (step, name)


@pytest.mark.parametrize(
    ("open_request", "named_parts"),
    [
        (PENDING, (str(PENDING.id), "pendingApproval")),
        (SCHEDULED, (str(SCHEDULED.id), "scheduled", "2026-06-10T12:00:00Z")),
    ],
)
def test_what_an_application_cannot_take_back_is_named(open_request: object, named_parts: tuple[str, ...]) -> None:
    decision = decide(ABSENT, observed(open_request), NOW, may_cancel=False)  # type: ignore[arg-type]
    error = refusal(decision, ABSENT.person, ABSENT.policy)
    assert all(part in error.message for part in named_parts)
    assert "delegated" in str(error.hint)


def test_the_policy_that_is_left_is_named() -> None:
    wish = desired(state="absent", policy=OTHER_POLICY)
    said = warning(decide(wish, observed(HELD), NOW, may_cancel=False), wish.person, wish.policy)
    assert said is not None
    assert "Direct assignment" in said
    assert "Members" in said
