# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is decided where an assignment is desired while another request of this person and package is open."""

from __future__ import annotations

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._decide.decide import decide
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Desired
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Observed
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Schedule
from tests.unit.samples import (
    AHEAD,
    DAY,
    ENDING,
    LARGE,
    NOW,
    OTHER_POLICY_ID,
    POLICY,
    SIZE,
    answered,
    assignment,
    desired,
    expired,
    observed,
    request,
)

KEEPS = "as desired, and the open request keeps it so"
ROWS = [
    # an open add
    ("an add is open", desired(), observed(request()), Step.WAIT, "open request fits, waited for"),
    (
        "the same add is open",
        desired(schedule=AHEAD, policy=POLICY, answers=(LARGE,)),
        observed(request(schedule=AHEAD, answers=(answered(SIZE, "l"),))),
        Step.WAIT,
        "open request fits, waited for",
    ),
    (
        "delivering by its own add",
        desired(),
        observed(assignment("delivering"), request(state="delivering")),
        Step.WAIT,
        "open request fits, waited for",
    ),
    (
        "a fitting add waits for approval",
        desired(),
        observed(request(state="pendingApproval")),
        Step.NOTHING,
        "open request fits, not waited for",
    ),
    (
        "a fitting add waits for its start",
        desired(schedule=Schedule(NOW + DAY)),
        observed(request(state="scheduled", schedule=Schedule(NOW + DAY))),
        Step.NOTHING,
        "open request fits, not waited for",
    ),
    (
        "a fitting add, no waiting",
        desired(wait=False),
        observed(request()),
        Step.NOTHING,
        "open request fits, not waited for",
    ),
    # an open remove, an open update
    (
        "a remove is open",
        desired(),
        observed(assignment(), request("adminRemove")),
        Step.WAIT,
        "open request contradicts, waited for",
    ),
    (
        "a remove is open and nothing is left",
        desired(),
        observed(expired(), request("userRemove", "delivering")),
        Step.WAIT,
        "open request contradicts, waited for",
    ),
    (
        "an update is open",
        desired(schedule=AHEAD),
        observed(assignment(), request("adminUpdate", schedule=ENDING)),
        Step.WAIT,
        "open update, waited for",
    ),
    (
        "an update is open that brings what is wanted",
        desired(schedule=AHEAD),
        observed(assignment(), request("adminUpdate", schedule=AHEAD)),
        Step.WAIT,
        "open request fits, waited for",
    ),
    (
        "an update is open that undoes what is wanted",
        desired(schedule=AHEAD),
        observed(assignment(schedule=AHEAD), request("adminUpdate", schedule=ENDING)),
        Step.WAIT,
        "open update, waited for",
    ),
    (
        "an update is open, and on_open_request is fail",
        desired(schedule=AHEAD, on_open_request="fail"),
        observed(assignment(), request("adminUpdate", schedule=ENDING)),
        Step.WAIT,
        "open update, waited for",
    ),
    # who has access already is not pending
    (
        "delivered as wanted, an update waits for approval",
        desired(),
        observed(assignment(), request("userUpdate", "pendingApproval")),
        Step.NOTHING,
        KEEPS,
    ),
    (
        "delivered as wanted, an update that changes nothing wanted, no waiting",
        desired(schedule=AHEAD, wait=False),
        observed(assignment(schedule=AHEAD), request("adminUpdate", schedule=AHEAD)),
        Step.NOTHING,
        KEEPS,
    ),
]


@pytest.mark.parametrize(("wish", "there", "step", "name"), [pytest.param(*row[1:], id=row[0]) for row in ROWS])
def test_present(wish: Desired, there: Observed, step: Step, name: str) -> None:
    decision = decide(wish, there, NOW, may_cancel=False)
    assert (decision.step, decision.row.name) == (step, name)


# An open add that contradicts, in each of the ways in which it can.
CONTRADICTIONS = [
    pytest.param({"schedule": AHEAD}, {"schedule": ENDING}, id="schedule"),
    pytest.param({"policy": POLICY}, {"policy_id": OTHER_POLICY_ID}, id="policy"),
    pytest.param({"answers": (LARGE,)}, {"answers": (answered(SIZE, "s"),)}, id="answers"),
]


@pytest.mark.parametrize(("wish", "open_add"), CONTRADICTIONS)
@pytest.mark.parametrize(
    ("choice", "state", "may_cancel", "wait", "step", "name"),
    [
        ("wait", "submitted", False, True, Step.WAIT, "open request contradicts, waited for"),
        ("wait", "delivering", False, True, Step.WAIT, "open request contradicts, waited for"),
        ("wait", "submitted", True, False, Step.REFUSE, "open request contradicts, no waiting"),
        ("wait", "pendingApproval", True, True, Step.REFUSE, "open request contradicts, nothing to wait for"),
        ("wait", "scheduled", True, True, Step.REFUSE, "open request contradicts, nothing to wait for"),
        ("fail", "submitted", True, True, Step.REFUSE, "open request contradicts, fail"),
        ("fail", "scheduled", True, True, Step.REFUSE, "open request contradicts, fail"),
        ("cancel", "submitted", True, True, Step.CANCEL, "open request contradicts, canceled"),
        ("cancel", "pendingApproval", True, True, Step.CANCEL, "open request contradicts, canceled"),
        ("cancel", "scheduled", True, False, Step.CANCEL, "open request contradicts, canceled"),
        ("cancel", "scheduled", False, True, Step.REFUSE, "open request contradicts, cannot be canceled"),
        ("cancel", "delivering", True, True, Step.WAIT, "open request contradicts, waited for"),
    ],
)
def test_an_open_add_that_contradicts(
    wish: dict[str, object],
    open_add: dict[str, object],
    choice: str,
    state: str,
    may_cancel: bool,
    wait: bool,
    step: Step,
    name: str,
) -> None:
    there = observed(request("adminAdd", state, **open_add))
    decision = decide(desired(**wish, on_open_request=choice, wait=wait), there, NOW, may_cancel=may_cancel)
    assert (decision.step, decision.row.name) == (step, name)
    assert decision.request is there.open_request


def test_an_open_add_is_pending_and_one_beside_its_access_is_not() -> None:
    waiting = request("userAdd", "pendingApproval")
    assert decide(desired(), observed(waiting), NOW, may_cancel=False).row.pending
    assert not decide(desired(), observed(assignment(), waiting), NOW, may_cancel=False).row.pending


def test_an_open_add_whose_policy_graph_does_not_show_contradicts_by_its_answers() -> None:
    there = observed(request(policy_id=None, answers=(answered(SIZE, "s"),)))
    wish = desired(policy=POLICY, answers=(LARGE,), on_open_request="fail")
    assert decide(wish, there, NOW, may_cancel=False).row.name == "open request contradicts, fail"
