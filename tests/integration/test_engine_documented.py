# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every create body that Microsoft's pages show can be brought about by a task: what is sent is what they show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.integration import documented_world as world
from tests.simulator.running import Running
from tests.support.calls import sent
from tests.support.documented import Documented, canonical, documented_bodies
from tests.support.engine import assign

Json = dict[str, Any]
ALL = [
    "EntitlementManagement.ReadWrite.All",
    "EntitlementManagement.Read.All",
    "EntitlementMgmt-SubjectAccess.ReadWrite",
]


@dataclass(frozen=True)
class Case:
    """One way of asking: who signs in, the options that a user would write, and the body that has to be sent.

    ``body`` is v1.0's; beta's has another wrapper and the same members unless ``in_beta`` says otherwise.
    """

    user: str
    options: Json
    body: Json
    in_beta: Json = field(default_factory=dict)
    scope: str = "allDirectoryUsers"


def answer(question: str, kind: str, value: str, shown: str) -> Json:
    return {
        "@odata.type": "#microsoft.graph.accessPackageAnswerString",
        "value": value,
        "displayValue": shown,
        "answeredQuestion": {"@odata.type": f"#microsoft.graph.accessPackage{kind}Question", "id": question},
    }


def given(question: str, value: str, shown: str | None = None) -> Json:
    return {"question_id": question, "value": value, "display_value": shown}


OWN: Json = {"request_as": "self"}
CASES = {
    "direct": Case(
        world.ADMINISTRATOR,
        {"access_package": world.DIRECT, "policy": world.DIRECT_POLICY, "user": world.TARGET},
        {
            "requestType": "adminAdd",
            "assignment": {
                "targetId": world.TARGET,
                "assignmentPolicyId": world.DIRECT_POLICY,
                "accessPackageId": world.DIRECT,
            },
        },
    ),
    "outsider": Case(
        world.ADMINISTRATOR,
        {"access_package": world.DIRECT, "policy": world.DIRECT_POLICY, "email": "user@contoso.com"},
        {
            "requestType": "adminAdd",
            "assignment": {
                "target": {"email": "user@contoso.com"},
                "assignmentPolicy": {"id": world.DIRECT_POLICY},
                "accessPackage": {"id": world.DIRECT},
            },
        },
        in_beta={
            "target": {"email": "user@contoso.com"},
            "assignmentPolicyId": world.DIRECT_POLICY,
            "accessPackageId": world.DIRECT,
        },
        scope="allExternalUsers",
    ),
    "removed": Case(
        world.ADMINISTRATOR,
        {"assignment_id": world.HELD, "state": "absent"},
        {"requestType": "adminRemove", "assignment": {"id": world.HELD}},
    ),
    "answers changed": Case(
        world.ADMINISTRATOR,
        {
            "assignment_id": world.ANSWERED,
            "answers": [
                given(world.CHOICE, "UpdatedAnswerValue"),
                given(world.TEXT, "My updated answer.", "This is my updated answer to the question."),
            ],
        },
        {
            "requestType": "adminUpdate",
            "assignment": {"id": world.ANSWERED},
            "answers": [
                answer(world.CHOICE, "MultipleChoice", "UpdatedAnswerValue", "UpdatedAnswerValue"),
                answer(world.TEXT, "TextInput", "My updated answer.", "This is my updated answer to the question."),
            ],
        },
    ),
    "end changed": Case(
        world.ADMINISTRATOR,
        {"assignment_id": world.DATED, "schedule": {"end_date_time": "2024-07-01"}},
        {
            "requestType": "adminUpdate",
            "assignment": {"id": world.DATED},
            "schedule": {
                "startDateTime": "2023-05-23T20:04:02.39Z",
                "expiration": {"type": "afterDateTime", "endDateTime": "2024-07-01T00:00:00Z"},
            },
        },
    ),
    "own": Case(
        world.REQUEST_AS,
        {**OWN, "access_package": world.PLAIN},
        {"requestType": "userAdd", "assignment": {"accessPackageId": world.PLAIN}},
    ),
    "own, with answers": Case(
        world.REQUEST_AS,
        {
            **OWN,
            "access_package": world.ASKED,
            "answers": [
                given(world.CHOICE, "MultipleChoiceAnswerValue", "This is the answer to a multiple choice question"),
                given(world.TEXT, "This is my answer to a text input question.", "This is my answer."),
            ],
        },
        {
            "requestType": "userAdd",
            "assignment": {"accessPackageId": world.ASKED},
            "answers": [
                answer(
                    world.CHOICE,
                    "MultipleChoice",
                    "MultipleChoiceAnswerValue",
                    "This is the answer to a multiple choice question",
                ),
                answer(world.TEXT, "TextInput", "This is my answer to a text input question.", "This is my answer."),
            ],
        },
    ),
    "own, with a reason": Case(
        world.REQUEST_AS,
        {**OWN, "access_package": world.DIRECT, "justification": "Need access to New Hire access package"},
        {
            "requestType": "userAdd",
            "assignment": {"accessPackageId": world.DIRECT},
            "justification": "Need access to New Hire access package",
        },
    ),
    "own, with a policy and answers": Case(
        world.REQUEST_AS,
        {
            **OWN,
            "access_package": world.DIRECT,
            "policy": world.DIRECT_POLICY,
            "answers": [
                given(world.STATE, "Arizona"),
                given(world.REASON, "Need access to marketing campaign material"),
            ],
        },
        {
            "requestType": "userAdd",
            "assignment": {"accessPackageId": world.DIRECT, "assignmentPolicyId": world.DIRECT_POLICY},
            "answers": [
                answer(world.STATE, "MultipleChoice", "Arizona", "Arizona"),
                answer(
                    world.REASON,
                    "TextInput",
                    "Need access to marketing campaign material",
                    "Need access to marketing campaign material",
                ),
            ],
        },
    ),
    "for a report": Case(
        world.MANAGER,
        {
            "request_as": "manager",
            "access_package": world.MANAGED,
            "policy": world.MANAGED_POLICY,
            "user": world.REPORT,
            "justification": "Access for direct employee",
        },
        {
            "requestType": "userAdd",
            "assignment": {
                "target": {"objectId": world.REPORT, "subjectType": "user"},
                "assignmentPolicyId": world.MANAGED_POLICY,
                "accessPackageId": world.MANAGED,
            },
            "justification": "Access for direct employee",
        },
    ),
}
# Where a body is shown -> the case that brings it about.
SHOWN = {
    "beta__seed001-post-assignmentrequests__01": "direct",
    "beta__seed001-post-assignmentrequests__02": "removed",
    "beta__seed001-post-assignmentrequests__03": "own, with answers",
    "beta__seed001-post-assignmentrequests__04": "own, with a reason",
    "beta__seed001-post-assignmentrequests__05": "for a report",
    "beta__seed001-post-assignmentrequests__06": "outsider",
    "beta__seed001-post-assignmentrequests__07": "answers changed",
    "beta__seed001-post-assignmentrequests__08": "end changed",
    "beta__zh-entitlementmanagement-post-accesspackageassignmentrequests__01": "direct",
    "beta__zh-entitlementmanagement-post-accesspackageassignmentrequests__02": "own, with a policy and answers",
    "beta__zh-entitlementmanagement-post-accesspackageassignmentrequests__03": "own, with a reason",
    "beta__zh-entitlementmanagement-post-accesspackageassignmentrequests__04": "removed",
    "beta__zh-entitlementmanagement-post-accesspackageassignmentrequests__05": "outsider",
    "v1.0__seed000-post-assignmentrequests__01": "direct",
    "v1.0__seed000-post-assignmentrequests__02": "removed",
    "v1.0__seed000-post-assignmentrequests__03": "own",
    "v1.0__seed000-post-assignmentrequests__04": "own, with answers",
    "v1.0__seed000-post-assignmentrequests__05": "answers changed",
    "v1.0__zh-entitlementmanagement-post-assignmentrequests__01": "direct",
    "v1.0__zh-entitlementmanagement-post-assignmentrequests__02": "removed",
    "seed 000, request 1": "direct",
    "seed 000, request 2": "removed",
    "seed 000, request 3": "own",
    "seed 000, request 4": "own, with answers",
    "seed 000, request 5": "answers changed",
    "seed 001, request 1": "direct",
    "seed 001, request 2": "removed",
    "seed 001, request 3": "own, with answers",
    "seed 001, request 4": "own, with a reason",
    "seed 001, request 5": "for a report",
    "seed 001, request 6": "outsider",
    "seed 001, request 7": "answers changed",
    "seed 001, request 8": "end changed",
    "seed 003, request 1": "own, with answers",
    "seed 003, request 2": "answers changed",
    "seed 003, snippet 1": "direct",
    "seed 003, snippet 2": "removed",
    "seed 003, snippet 3": "own",
}
# What is shown and cannot be asked for, with the reason.
NO_REQUEST = {
    "v1.0__seed004-autogenerated-stub__01": "placeholders such as 'String' stand for every value",
    "seed 004, request 1": "the same stub",
}
# The members in which a body that is sent differs from the one that is shown: case -> member -> the reason.
ODDITIES: dict[str, dict[str, str]] = {
    "answers changed": {
        "id": "the id of the request of another example; a request gets its id from the service",
        "answers[0].displayValue": "left out there; it is what approvers see, so it is always sent",
    },
    "own, with a policy and answers": {
        "assignment.targetId": "the id of the user who asks, whom the token names",
        "answers[0].displayValue": "left out there; it is what approvers see, so it is always sent",
        "answers[1].displayValue": "the same",
    },
    "for a report": {
        "assignment.target.displayName": "the page says that the object id alone names the target",
        "assignment.target.email": "the same",
    },
}
RECEIVED: dict[tuple[str, str], Json] = {}
DOCUMENTED = {each.place: each for each in documented_bodies()}


def differences(shown: Any, received: Any, where: str = "") -> set[str]:
    """Name the members in which two bodies differ."""
    if isinstance(shown, dict) and isinstance(received, dict):
        names = shown.keys() | received.keys()
        found = (differences(shown.get(n), received.get(n), f"{where}.{n}".lstrip(".")) for n in names)
        return set().union(*found)
    if isinstance(shown, list) and isinstance(received, list) and len(shown) == len(received):
        pairs = zip(shown, received, strict=True)
        return set().union(*(differences(s, r, f"{where}[{i}]") for i, (s, r) in enumerate(pairs)))
    return set() if shown == received else {where}


def ask(sim: Running, name: str, version: str) -> Json:
    """Return the one body that the task of a case has sent; it runs once in its tenant."""
    if (name, version) not in RECEIVED:
        RECEIVED[name, version] = _ask(sim, CASES[name], version)
    return RECEIVED[name, version]


def _ask(sim: Running, case: Case, version: str) -> Json:
    sim.set_clock(world.NOW)
    sim.load(world.world(case.scope))
    token = sim.token("delegated", user=case.user, permissions=[*ALL, "User.ReadBasic.All"])
    result = assign(sim, token=token, api_version=version, **case.options)
    assert (result["failed"], result["changed"]) == (False, True), result
    (body,) = sent(sim)
    return dict(body)


@pytest.mark.parametrize("name", CASES)
def test_the_body_that_is_sent(frozen: Running, name: str) -> None:
    case = CASES[name]
    assert ask(frozen, name, "v1.0") == case.body


@pytest.mark.parametrize("name", CASES)
def test_the_body_that_is_sent_to_beta(frozen: Running, name: str) -> None:
    case = CASES[name]
    rest = {member: value for member, value in case.body.items() if member != "assignment"}
    nested = case.in_beta or case.body["assignment"]
    # The one example of a manager's request in beta has v1.0's key.
    key = "assignment" if name == "for a report" else "accessPackageAssignment"
    assert ask(frozen, name, "beta") == {**rest, key: nested}


@pytest.mark.usefixtures("reference_data")
def test_every_documented_body_has_a_row() -> None:
    assert DOCUMENTED.keys() == SHOWN.keys() | NO_REQUEST.keys()


@pytest.mark.usefixtures("reference_data")
@pytest.mark.parametrize("place", SHOWN)
def test_a_documented_body_is_sent(frozen: Running, place: str) -> None:
    shown: Documented = DOCUMENTED[place]
    name = SHOWN[place]
    received = ask(frozen, name, shown.version)
    assert differences(canonical(shown.body), canonical(received)) == set(ODDITIES.get(name, {}))


@pytest.mark.usefixtures("reference_data")
@pytest.mark.parametrize("place", NO_REQUEST)
def test_a_stub_asks_for_nothing(place: str) -> None:
    assert DOCUMENTED[place].body["requestType"] == "String"
