# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading Graph's JSON: every documented answer can be read, and nothing that is null or missing is a fault."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.times import parse_instant
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Answer,
    Choice,
    Localization,
    Named,
    Policy,
    Question,
    Schedule,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.parse import (
    parse_assignment,
    parse_package,
    parse_policy,
    parse_request,
    parse_schedule,
    parse_user,
)
from tests.unit.examples import Json, example, examples

READERS: dict[str, Callable[[Json], Any]] = {
    "assignment": parse_assignment,
    "request": parse_request,
    "package": parse_package,
    "policy": parse_policy,
}


def rows(name: str) -> list[Json]:
    """The objects of an example's answer, of a list or alone."""
    body = example(name)["response"]["body"]
    return list(body.get("value", [body]))


ASSIGNMENTS = (
    "v1.0__*assignments__01",
    "v1.0__docs-accesspackageassignment-*",
    "v1.0__zh-accesspackageassignment-filter*",
)
REQUESTS = (
    *(
        "v1.0__seed000-post-*",
        "v1.0__zh-entitlementmanagement-post-*",
        "v1.0__zh-entitlementmanagement-list-*requests__*",
    ),
    *("v1.0__*accesspackageassignmentrequest-filter*", "v1.0__*accesspackageassignmentrequest-get__*"),
)
PACKAGES = ("v1.0__zh-accesspackage-get__*", "v1.0__zh-accesspackage-filter*", "v1.0__*list-accesspackages__*")
POLICIES = ("v1.0__zh-accesspackageassignmentpolicy-get__*", "v1.0__*list-assignmentpolicies__*")


def moment(row: Json, *members: str) -> datetime | None:
    """The instant that one of these members shows."""
    text = next((row[member] for member in members if row.get(member) not in (None, "null")), None)
    return parse_instant(text) if text else None


@pytest.mark.parametrize("name", examples(*ASSIGNMENTS, "field__assignment-delivered-expand-all"))
def test_documented_assignments(name: str) -> None:
    for row in rows(name):
        found = parse_assignment(row)
        assert (found.id, found.state, found.status) == (row["id"], row.get("state", ""), row.get("status"))
        assert found.expired == moment(row, "expiredDateTime")
        assert (found.target.object_id if found.target else None) == row.get("target", {}).get("objectId")
        assert found.package == (Named(row["accessPackage"]["id"], "<displayName>") if "accessPackage" in row else None)


@pytest.mark.parametrize("name", examples(*REQUESTS))
def test_documented_requests(name: str) -> None:
    """Some pages of v1.0 show names of beta; what they say is read all the same."""
    for row in rows(name):
        found = parse_request(row)
        kind, state = row["requestType"], row.get("state") or row["requestState"]
        assert (found.id, found.type) == (row["id"], kind[0].lower() + kind[1:])
        assert found.state == state[0].lower() + state[1:]
        assert found.is_open == (found.state == "submitted")
        assert found.status == (row.get("status") or row.get("requestStatus"))
        assert found.created == moment(row, "createdDateTime")
        assert found.completed == moment(row, "completedDateTime", "completedDate")
        assert [(a.value, a.question_id) for a in found.answers] == [
            (answer["value"], answer["answeredQuestion"]["id"]) for answer in row.get("answers", [])
        ]
        assert found.schedule == Schedule()


@pytest.mark.parametrize("name", examples(*PACKAGES))
def test_documented_packages(name: str) -> None:
    for row in rows(name):
        found = parse_package(row)
        assert (found.id, found.display_name, found.policies) == (row["id"], row["displayName"], None)


@pytest.mark.parametrize("name", examples(*POLICIES))
def test_documented_policies(name: str) -> None:
    for row in rows(name):
        found = parse_policy(row)
        assert (found.id, found.display_name) == (row["id"], row["displayName"])
        assert found.scope == row.get("allowedTargetScope")
        assert found.expiration.duration == row.get("expiration", {}).get("duration")
        assert found.questions is None
        assert not found.automatic


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("value", [None, {}])
def test_members_may_be_null_or_empty(reader: str, value: object) -> None:
    members = (
        *("state", "status", "schedule", "target", "accessPackage", "assignmentPolicy", "expiredDateTime"),
        *("requestType", "createdDateTime", "completedDateTime", "answers", "assignment", "requestor", "justification"),
        *("displayName", "catalog", "expiration", "questions", "requestApprovalSettings"),
    )
    objects = {
        "schedule",
        "target",
        "accessPackage",
        "assignmentPolicy",
        "assignment",
        "requestor",
        "catalog",
        "expiration",
    }
    row = {"id": "x", **{name: value if name in objects else None for name in members}}
    found = READERS[reader](row)
    assert found == READERS[reader]({"id": "x"})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("value", "schedule"),
    [
        pytest.param(None, Schedule(), id="null"),
        pytest.param({"@odata.type": "microsoft.graph.entitlementManagementSchedule"}, Schedule(), id="its type alone"),
        pytest.param({"startDateTime": "null", "expiration": None}, Schedule(), id="the word null"),
        pytest.param(
            {"startDateTime": None, "expiration": {"type": "notSpecified", "endDateTime": None, "duration": None}},
            Schedule(),
            id="as echoed",
        ),
        pytest.param(
            {"startDateTime": "2021-12-12T20:08:52.82Z", "expiration": {"type": "noExpiration"}},
            Schedule(utc("2021-12-12T20:08:52.820"), no_expiration=True),
            id="no expiration",
        ),
        pytest.param(
            {"expiration": {"type": "afterDateTime", "endDateTime": "2026-06-01T00:00:00Z", "duration": None}},
            Schedule(end=utc("2026-06-01T00:00:00")),
            id="an end",
        ),
        pytest.param(
            {"expiration": {"type": "AfterDuration", "endDateTime": "2026-06-01T00:00:00Z", "duration": "P90D"}},
            Schedule(duration="P90D"),
            id="a duration, capitalised, with an end beside it",
        ),
        pytest.param(
            {"expiration": {"type": "noExpiration", "endDateTime": "2026-06-01T00:00:00Z"}},
            Schedule(no_expiration=True),
            id="no expiration, with an end beside it",
        ),
        pytest.param({"expiration": {"duration": "P90D"}}, Schedule(duration="P90D"), id="a duration without a type"),
    ],
)
def test_schedules(value: Json | None, schedule: Schedule) -> None:
    assert parse_schedule(value) == schedule


@pytest.mark.parametrize(
    ("settings", "automatic"),
    [
        (None, False),
        ({}, True),
        ({"requestAccessForAllowedTargets": True}, True),
        ({"requestAccessForAllowedTargets": False}, False),
    ],
)
def test_an_automatic_policy_is_told_by_its_settings(settings: Json | None, automatic: bool) -> None:
    assert parse_policy({"id": "p", "automaticRequestSettings": settings}).automatic is automatic


def test_a_policy_in_full() -> None:
    text = "#microsoft.graph.accessPackageTextInputQuestion"
    choice = "#microsoft.graph.accessPackageMultipleChoiceQuestion"
    found = parse_policy(
        {
            "id": "p",
            "displayName": "Members",
            "description": "Everybody on board",
            "allowedTargetScope": "allMemberUsers",
            "expiration": {"type": "afterDuration", "duration": "P365D"},
            "requestApprovalSettings": {"isRequestorJustificationRequired": True, "isApprovalRequiredForAdd": True},
            "accessPackage": {"id": "a"},
            "automaticRequestSettings": None,
            "questions": [
                {
                    "@odata.type": text,
                    "id": "1",
                    "text": "Why?",
                    "isRequired": True,
                    "regexPattern": "",
                    "isAnswerEditable": False,
                },
                {
                    "@odata.type": choice,
                    "id": "2",
                    "text": "Size?",
                    "localizations": [
                        {"languageCode": "de", "text": "Größe?"},
                        {"languageCode": "en", "text": "Size?"},
                    ],
                    "isMultipleSelectionAllowed": True,
                    "choices": [{"actualValue": "s", "text": "Small", "localizations": [{"text": "Klein"}]}],
                },
            ],
        }
    )
    assert found == Policy(
        "p",
        "Members",
        scope="allMemberUsers",
        expiration=Schedule(duration="P365D"),
        justification_required=True,
        package_id="a",
        description="Everybody on board",
        approval_for_add=True,
        questions=(
            Question("1", ("Why?",), "accessPackageTextInputQuestion", required=True, editable=False),
            Question(
                "2",
                ("Size?", "Größe?"),
                "accessPackageMultipleChoiceQuestion",
                choices=(Choice("s", ("Small", "Klein"), (Localization(None, "Klein"),)),),
                localizations=(Localization("de", "Größe?"), Localization("en", "Size?")),
                several=True,
            ),
        ),
    )


def test_a_request_in_full() -> None:
    found = parse_request(
        {
            "id": "r",
            "requestType": "AdminAdd",
            "state": "PendingApproval",
            "justification": "",
            "assignment": {
                "id": "a",
                "target": {"objectId": "t", "subjectType": "User"},
                "assignmentPolicy": {"id": "p"},
            },
            "requestor": {"objectId": "boss"},
            "answers": [{"value": "s", "displayValue": "Small", "answeredQuestion": {"id": "2", "text": "Size?"}}],
        }
    )
    assert (found.type, found.state, found.is_open, found.is_moving) == ("adminAdd", "pendingApproval", True, False)
    assert (found.assignment_id, found.policy_id, found.justification) == ("a", "p", None)
    assert found.answers == (Answer("2", "s", "Small", "Size?"),)
    assert found.target is not None
    assert (found.target.object_id, found.target.subject_type) == ("t", "user")


@pytest.mark.parametrize("kind", ["adminAdd", "systemAdd", "userAdd", "adminRemove", "adminUpdate"])
def test_who_asked_is_never_taken_for_whom_a_request_is_about(kind: str) -> None:
    """The requestor is the caller, also on direct assignment (recorded)."""
    found = parse_request({"id": "r", "requestType": kind, "assignment": {"id": "a"}, "requestor": {"objectId": "o"}})
    assert found.target is None


@pytest.mark.parametrize("word", ["pendingApproval", "PendingApproval", "PENDINGAPPROVAL", "pendingapproval"])
def test_the_letter_case_of_words_that_decide_tells_nothing(word: str) -> None:
    assert parse_request({"id": "r", "requestType": "ADMINREMOVE", "state": word}).state == "pendingApproval"
    assert parse_request({"id": "r", "requestType": "ADMINREMOVE"}).removes


def test_a_request_tells_its_package_by_its_assignment_too() -> None:
    found = parse_request({"id": "r", "accessPackage": None, "assignment": {"accessPackage": {"id": "p"}}})
    assert found.package == Named("p", None)


@pytest.mark.parametrize("name", examples("v1.0__seed004-autogenerated-stub__01"))
def test_placeholders_in_the_place_of_instants_are_no_instants(name: str) -> None:
    (row,) = rows(name)
    found = parse_request(row)
    assert found.id == row["id"]
    assert (found.created, found.completed) == (None, None)


def test_a_user() -> None:
    found = parse_user({"id": "u", "userPrincipalName": "ada@contoso.com", "mail": None, "userType": "Guest"})
    assert (found.object_id, found.principal_name, found.mail, found.user_type) == (
        "u",
        "ada@contoso.com",
        None,
        "Guest",
    )
