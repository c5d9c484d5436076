# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a observed state to the one call that is sent: its exact body, and what is refused before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, OptionError, Refused
from ansible_collections.idgov.entra.plugins.module_utils._decide.decide import decide
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Desired
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Observed
from ansible_collections.idgov.entra.plugins.module_utils._decide.plan import Write, carried_over, plan
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Policy, Schedule
from tests.unit.samples import (
    ADA,
    ADA_SUBJECT,
    ASSIGNMENT_ID,
    BECAUSE,
    DAY,
    END,
    ENDING,
    LARGE,
    NOW,
    OTHER_POLICY,
    OTHER_POLICY_ID,
    OUTSIDER,
    PACKAGE_ID,
    POLICY,
    POLICY_ID,
    REASON,
    REASON_ID,
    RULE,
    SIZE,
    SIZE_ID,
    START,
    answered,
    assignment,
    desired,
    named,
    observed,
    request,
)

REQUESTS = "/identityGovernance/entitlementManagement/assignmentRequests"
ADA_ADD = {"targetId": ADA, "assignmentPolicyId": POLICY_ID, "accessPackageId": PACKAGE_ID}
BOB_ADD = {
    "target": {"email": "bob@fabrikam.com"},
    "assignmentPolicy": {"id": POLICY_ID},
    "accessPackage": {"id": PACKAGE_ID},
}
LARGE_SENT = {
    "@odata.type": "#microsoft.graph.accessPackageAnswerString",
    "value": "l",
    "displayValue": "Large",
    "answeredQuestion": {"@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion", "id": SIZE_ID},
}
REASON_SENT = {
    "@odata.type": "#microsoft.graph.accessPackageAnswerString",
    "value": "Because",
    "displayValue": "Because",
    "answeredQuestion": {"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", "id": REASON_ID},
}
CET = timezone(timedelta(hours=2))


def planned(wish: Desired, there: Observed, *, may_cancel: bool = False) -> Write:
    """What the next step of this wish sends."""
    decision = decide(wish, there, NOW, may_cancel=may_cancel)
    if decision.step is Step.REPLACE and decision.assignment is not None:
        wish = carried_over(wish, decision.assignment, there, NOW)
    return plan(decision, wish, there, NOW)


def policy_now(**members: Any) -> Observed:
    """Nothing there, but the policy is as told."""
    return observed().with_policy(replace(POLICY, **members))


OPEN_POLICY = replace(POLICY, scope="allExternalUsers")
ADDS = [
    pytest.param({}, {"assignment": ADA_ADD}, id="nothing but the three ids"),
    pytest.param(
        {"schedule": Schedule(datetime(2026, 6, 20, 2, tzinfo=CET), END)},
        {
            "assignment": ADA_ADD,
            "schedule": {
                "startDateTime": "2026-06-20T00:00:00Z",
                "expiration": {"type": "afterDateTime", "endDateTime": "2026-07-31T12:00:00Z"},
            },
        },
        id="start and end, in UTC",
    ),
    pytest.param(
        {"schedule": Schedule(duration="P90D")},
        {"assignment": ADA_ADD, "schedule": {"expiration": {"type": "afterDuration", "duration": "P90D"}}},
        id="a duration, without an end",
    ),
    pytest.param(
        {"schedule": Schedule(no_expiration=True)},
        {"assignment": ADA_ADD, "schedule": {"expiration": {"type": "noExpiration"}}},
        id="no expiration",
    ),
    pytest.param(
        {"schedule": Schedule(NOW + DAY)},
        {"assignment": ADA_ADD, "schedule": {"startDateTime": "2026-06-02T12:00:00Z"}},
        id="a start alone: the policy says the end",
    ),
    pytest.param(
        {"answers": (LARGE, BECAUSE)}, {"assignment": ADA_ADD, "answers": [LARGE_SENT, REASON_SENT]}, id="answers"
    ),
    pytest.param(
        {"justification": "Joins on Monday"},
        {"assignment": ADA_ADD, "justification": "Joins on Monday"},
        id="justification",
    ),
    pytest.param(
        {"bypass_approval": False},
        {"assignment": ADA_ADD, "parameters": {"bypassApproval": False}},
        id="bypass_approval is sent when set, also to false",
    ),
    pytest.param({"person": OUTSIDER, "policy": OPEN_POLICY}, {"assignment": BOB_ADD}, id="an outsider, by mail alone"),
]


@pytest.mark.parametrize(("members", "body"), ADDS)
def test_add(members: dict[str, Any], body: dict[str, Any]) -> None:
    wish = desired(**{"policy": POLICY, **members})
    write = planned(wish, observed().with_policy(wish.policy or POLICY))
    assert write.step is Step.ADD
    assert (write.call.method, write.call.path) == ("POST", REQUESTS)
    assert write.call.body == {"requestType": "adminAdd", **body}


@pytest.mark.parametrize(
    ("start", "state"), [(None, "delivered"), (NOW - DAY, "delivered"), (NOW, "delivered"), (NOW + DAY, "scheduled")]
)
def test_an_add_is_foreseen_to_wait_for_a_start_that_is_to_come(start: datetime | None, state: str) -> None:
    write = planned(desired(policy=POLICY, schedule=Schedule(start, END)), observed())
    assert write.request.state == state
    assert write.request.schedule == Schedule(start or NOW, END)


EXPIRES_LATER = {
    "startDateTime": "2026-05-02T12:00:00Z",
    "expiration": {"type": "afterDateTime", "endDateTime": "2026-08-01T12:00:00Z"},
}
UPDATES = [
    pytest.param({"schedule": Schedule(end=END + DAY)}, {"schedule": EXPIRES_LATER}, id="end"),
    pytest.param({"schedule": Schedule(duration="P91D")}, {"schedule": EXPIRES_LATER}, id="duration, as its end"),
    pytest.param(
        {"schedule": Schedule(no_expiration=True)},
        {"schedule": {"startDateTime": "2026-05-02T12:00:00Z", "expiration": {"type": "noExpiration"}}},
        id="no expiration",
    ),
    pytest.param({"answers": (LARGE,)}, {"answers": [LARGE_SENT]}, id="an answer: no schedule is sent"),
    pytest.param({"answers": (LARGE, BECAUSE)}, {"answers": [LARGE_SENT, REASON_SENT]}, id="every answer named"),
    pytest.param(
        {"answers": (BECAUSE,), "schedule": Schedule(end=END + DAY)},
        {"schedule": EXPIRES_LATER},
        id="an answer that is there already is not sent with another end",
    ),
    pytest.param(
        {"schedule": Schedule(end=END + DAY), "justification": "Stays on", "bypass_approval": True},
        {"schedule": EXPIRES_LATER, "justification": "Stays on"},
        id="justification",
    ),
]


@pytest.mark.parametrize(("members", "body"), UPDATES)
def test_update_sends_only_what_differs(members: dict[str, Any], body: dict[str, Any]) -> None:
    history = (request(state="delivered", created=START, answers=(answered(REASON, "Because"),)),)
    write = planned(desired(**members), observed(assignment(schedule=ENDING), history=history))
    assert write.step is Step.UPDATE
    assert write.call.path == REQUESTS
    assert write.call.body == {"requestType": "adminUpdate", "assignment": {"id": ASSIGNMENT_ID}, **body}


def test_an_update_of_the_start_alone_sends_the_present_expiration_along() -> None:
    there = observed(assignment(schedule=Schedule(NOW + 5 * DAY, END)))
    body = planned(desired(schedule=Schedule(NOW + 6 * DAY)), there).call.body
    assert body is not None
    assert body["schedule"] == {
        "startDateTime": "2026-06-07T12:00:00Z",
        "expiration": {"type": "afterDateTime", "endDateTime": "2026-07-31T12:00:00Z"},
    }


@pytest.mark.parametrize(
    ("members", "body"),
    [
        pytest.param({}, {}, id="the id and nothing else"),
        pytest.param(
            {"schedule": ENDING, "answers": (LARGE,), "bypass_approval": True}, {}, id="whatever else is given"
        ),
        pytest.param({"justification": "Left"}, {"justification": "Left"}, id="justification"),
    ],
)
def test_remove(members: dict[str, Any], body: dict[str, Any]) -> None:
    write = planned(desired(state="absent", **members), observed(assignment()))
    assert write.step is Step.REMOVE
    assert write.call.body == {"requestType": "adminRemove", "assignment": {"id": ASSIGNMENT_ID}, **body}


def test_replace_begins_with_the_removal() -> None:
    wish = desired(policy=OTHER_POLICY, on_policy_mismatch="replace", justification="Moves")
    write = planned(wish, observed(assignment()))
    assert write.call.body == {"requestType": "adminRemove", "assignment": {"id": ASSIGNMENT_ID}}


def test_replace_then_gives_the_end_and_the_answers_that_were_there() -> None:
    request_as_ = replace(OTHER_POLICY, questions=(SIZE,))
    history = (request(state="delivered", answers=(answered(SIZE, "l"), answered(REASON, "Because"))),)
    there = observed(assignment(schedule=ENDING), history=history).with_policy(request_as_)
    wish = desired(policy=OTHER_POLICY, on_policy_mismatch="replace")
    carried = carried_over(wish, assignment(schedule=ENDING), there, NOW)
    write = planned(carried, replace(there, assignments=()))
    assert write.call.body == {
        "requestType": "adminAdd",
        "assignment": {"targetId": ADA, "assignmentPolicyId": OTHER_POLICY_ID, "accessPackageId": PACKAGE_ID},
        "schedule": {"expiration": {"type": "afterDateTime", "endDateTime": "2026-07-31T12:00:00Z"}},
        "answers": [{**LARGE_SENT, "displayValue": "l"}],
    }


CARRIED = [
    pytest.param(ENDING, Schedule(end=END), id="the end"),
    pytest.param(
        Schedule(START, duration="P90D"), Schedule(end=END), id="the end of a duration, not the duration anew"
    ),
    pytest.param(Schedule(START, no_expiration=True), Schedule(no_expiration=True), id="no expiration"),
    pytest.param(Schedule(NOW + DAY, END), Schedule(NOW + DAY, END), id="a start that is still to come"),
    pytest.param(Schedule(START), None, id="nothing but a start that has passed"),
]


@pytest.mark.parametrize(("stored", "carried"), CARRIED)
def test_a_replacement_lasts_as_long_as_the_old_assignment_would_have(
    stored: Schedule, carried: Schedule | None
) -> None:
    old = assignment(schedule=stored)
    wish = desired(policy=OTHER_POLICY, on_policy_mismatch="replace")
    assert carried_over(wish, old, observed(old), NOW).schedule == carried


def test_a_replacement_by_what_is_given_carries_nothing_over() -> None:
    old = assignment(schedule=ENDING)
    wish = desired(policy=OTHER_POLICY, on_policy_mismatch="replace", schedule=Schedule(duration="P9D"))
    assert carried_over(wish, old, observed(old), NOW).schedule == Schedule(duration="P9D")


def test_cancel_and_reprocess_address_the_request() -> None:
    waiting = request(state="scheduled")
    canceled = planned(desired(state="absent"), observed(waiting), may_cancel=True)
    assert (canceled.call.method, canceled.call.url) == ("POST", f"{REQUESTS}/{waiting.id}/cancel")
    failed = request("adminAdd", "deliveryFailed", completed=NOW - DAY)
    again = planned(desired(), observed(assignment("deliveryFailed"), history=(failed,)))
    assert (again.call.method, again.call.url) == ("POST", f"{REQUESTS}/{failed.id}/reprocess")
    assert canceled.call.body is again.call.body is None


YEAR = Schedule(duration="P365D")
MUST_SAY_WHY = replace(REASON, required=True)
FIXED = replace(SIZE, editable=False)
OTHER_MUST = replace(OTHER_POLICY, questions=(MUST_SAY_WHY,))
GUEST = assignment(target=replace(ADA_SUBJECT, principal_name="ada_x.com#EXT#@contoso.com"))
MAIL_ONLY = assignment(target=replace(ADA_SUBJECT, object_id=None))
REPLACE = {"policy": OTHER_POLICY, "on_policy_mismatch": "replace"}
REFUSED = [
    ("add beyond the span", {"schedule": Schedule(end=NOW + 366 * DAY)}, policy_now(expiration=YEAR), OptionError, "allows"),
    ("add without an end", {"schedule": Schedule(no_expiration=True)}, policy_now(expiration=YEAR), OptionError, "allows"),
    ("add, beyond the year 9999", {"schedule": Schedule(duration="P3650000D")}, policy_now(expiration=YEAR), OptionError, "9999"),
    ("add, required answer missing", {}, policy_now(questions=(MUST_SAY_WHY,)), OptionError, "requires an answer"),
    ("add, no such choice", {"answers": (named(SIZE, "m"),)}, policy_now(), OptionError, "not a choice"),
    ("add, pattern not met", {"answers": (named(REASON, "b"),)}, policy_now(), OptionError, "pattern"),
    ("add, no justification", {}, policy_now(justification_required=True), OptionError, "justification"),
    ("add, no justification but blank", {"justification": ""}, policy_now(justification_required=True), OptionError, "just"),
    ("add, closed", {}, policy_now(scope="allExternalUsers"), Refused, "does not admit"),
    ("add, foreign policy", {"policy": Policy(ADA, "Foreign")}, policy_now(), OptionError, "does not belong"),
    ("add, by rule", {"policy": RULE}, policy_now(), Refused, "does not admit"),
    ("add, several policies", {"policy": None}, policy_now(), Refused, "may apply"),
    (
        "update beyond the span",
        {"schedule": Schedule(end=START + 366 * DAY), "policy": None},
        observed(assignment(schedule=ENDING)).with_policy(replace(POLICY, expiration=YEAR)),
        OptionError,
        "allows",
    ),
    (
        "update of an answer that is fixed",
        {"answers": (LARGE,), "policy": None},
        observed(assignment()).with_policy(replace(POLICY, questions=(FIXED,))),
        OptionError,
        "does not allow",
    ),
    ("replace, a guest by name", REPLACE, observed(GUEST), Refused, "is not replaced"),
    ("replace, nobody of the directory", REPLACE, observed(MAIL_ONLY), Refused, "is not replaced"),
    (
        "replace, a guest by kind",
        {**REPLACE, "person": replace(desired().person, kind="guest")},
        observed(assignment()).with_policy(replace(OTHER_POLICY, scope="allDirectoryUsers")),
        Refused,
        "is not replaced",
    ),
    ("replace, answers missing", REPLACE, observed(assignment()).with_policy(OTHER_MUST), OptionError, "requires"),
    (
        "replace, beyond the span",
        REPLACE,
        observed(assignment()).with_policy(replace(OTHER_POLICY, expiration=YEAR)),
        OptionError,
        "allows",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("members", "there", "error", "said"), [pytest.param(*row[1:], id=row[0]) for row in REFUSED])
def test_what_would_not_be_right_is_refused_before_anything_is_sent(
    members: dict[str, Any], there: Observed, error: type[EntraError], said: str
) -> None:
    with pytest.raises(error, match=said):
        planned(desired(**{"policy": POLICY, **members}), there)
