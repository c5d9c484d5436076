# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recorded answers of a live tenant go through the parsers of live answers and give the right values."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.times import parse_instant
from ansible_collections.idgov.entra.plugins.module_utils._decide.differences import same_schedule
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Observed
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Schedule
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.parse import (
    parse_assignment,
    parse_package,
    parse_policy,
    parse_request,
    parse_user,
)
from tests.support.reference import reference

Json = dict[str, Any]
REFERENCE = reference()
FIELD = REFERENCE / "field" / "payloads" if REFERENCE else None
LISTS: dict[str, Callable[[Json], Any]] = {
    "v1_accessPackages_list": parse_package,
    "v1_assignmentPolicies_list": parse_policy,
    "v1_assignments_list_expand_accesspackage_policy_2024-05-14": parse_assignment,
    "v1_assignments_list_expand_accesspackage_policy_2024-05-15": parse_assignment,
    "v1_requests_list_expand_requestor_2024-05-14_delivering": parse_request,
    "v1_requests_list_expand_requestor_2024-05-28": parse_request,
    "v1_users_list_select": parse_user,
}
# What the engine never asks for.
NEVER_MET = {
    *("v1_catalog_resources_expand_scopes_roles", "v1_catalogs_list", "v1_catalogs_list_expand_accessPackages"),
    *("v1_groups_list", "v1_approval_get_approved", "v1_approval_get_expired"),
}
pytestmark = pytest.mark.skipif(FIELD is None, reason="the reference data are not beside the checkout")


def recorded(name: str) -> list[Json]:
    assert FIELD
    rows: list[Json] = json.loads((FIELD / f"{name}.json").read_text(encoding="utf-8"))["body"]["value"]
    return rows


def test_every_recorded_answer_is_met_or_listed() -> None:
    assert FIELD
    answers = {path.stem: json.loads(path.read_text(encoding="utf-8"))["body"] for path in FIELD.glob("*.json")}
    assert {name for name, body in answers.items() if "error" not in body} == {*LISTS, *NEVER_MET}


def expiration(row: Json) -> Json:
    return (row.get("schedule") or row)["expiration"] or {}


def instant(text: str | None) -> datetime | None:
    return parse_instant(text) if text else None


def schedule_of(row: Json, start: str | None) -> Schedule:
    end = expiration(row)
    kind = end["type"]
    return Schedule(
        start=instant(start),
        end=instant(end["endDateTime"]) if kind == "afterDateTime" else None,
        duration=end["duration"] if kind == "afterDuration" else None,
        no_expiration=kind == "noExpiration",
    )


@pytest.mark.parametrize("name", [name for name in LISTS if "assignments_list" in name])
def test_assignments(name: str) -> None:
    for row in recorded(name):
        read = parse_assignment(row)
        assert (read.id, read.state, read.status) == (row["id"], row["state"], row["status"])
        assert read.expired is None
        assert read.schedule == schedule_of(row, row["schedule"]["startDateTime"])
        assert read.package
        assert read.package.id == row["accessPackage"]["id"]
        assert read.policy
        assert read.policy.automatic is False
        assert read.policy.id == row["assignmentPolicy"]["id"]
        assert read.policy.expiration == Schedule(duration="P365D")
        assert read.target is None


@pytest.mark.parametrize("name", [name for name in LISTS if "requests_list" in name])
def test_requests(name: str) -> None:
    seen = set()
    for row in recorded(name):
        read = parse_request(row)
        seen.add((read.state, read.status))
        assert (read.id, read.type, read.state, read.status) == tuple(
            row[member] for member in ("id", "requestType", "state", "status")
        )
        assert read.created == instant(row["createdDateTime"])
        assert read.completed == instant(row["completedDateTime"])
        assert read.schedule == schedule_of(row, row["schedule"]["startDateTime"])
        assert read.requestor
        assert read.requestor.object_id == row["requestor"]["objectId"]
        assert len(read.answers) == len(row["answers"])
        assert read.justification is None
        assert read.is_open is (row["state"] == "delivering")
    assert ("delivering", "ReadyToFulfill") in seen or ("deliveryFailed", "Failed") in seen


def test_the_words_of_endings_that_were_recorded() -> None:
    words = {(row["state"], row["status"]) for row in recorded("v1_requests_list_expand_requestor_2024-05-28")}
    assert {
        ("delivered", "Fulfilled"),
        ("partiallyDelivered", "PartiallyDelivered"),
        ("deliveryFailed", "Failed"),
        ("denied", "ApprovalTimedOut"),
    } <= words


def test_policies_come_with_their_questions_without_being_asked() -> None:
    for row in recorded("v1_assignmentPolicies_list"):
        read = parse_policy(row)
        assert read.questions is not None
        assert [question.id for question in read.questions] == [question["id"] for question in row["questions"]]
        assert [question.required for question in read.questions] == [q["isRequired"] for q in row["questions"]]
        # Null in the policy, although the answers say true.
        assert all(question.editable for question in read.questions)
        assert read.expiration == schedule_of(row, None)
        approval = row["requestApprovalSettings"]
        assert read.approval_for_add is approval["isApprovalRequiredForAdd"]
        assert read.automatic is False
        assert read.scope == row["allowedTargetScope"]


@pytest.mark.parametrize("name", ["v1_accessPackages_list", "v1_users_list_select"])
def test_packages_and_users(name: str) -> None:
    for row in recorded(name):
        read = LISTS[name](row)
        assert read.display_name == row["displayName"]
        assert row["id"] in (getattr(read, "id", None), getattr(read, "object_id", None))


def test_the_longest_that_a_policy_allows_is_what_graph_made_of_no_end() -> None:
    """An update without an end, under a policy of 365 days: the assignment kept its start and got a date."""
    update = next(
        row for row in recorded("v1_requests_list_expand_requestor_2024-05-28") if row["id"].startswith("eb24e84d")
    )
    held = next(
        row
        for row in recorded("v1_assignments_list_expand_accesspackage_policy_2024-05-15")
        if row["id"].startswith("102ad778")
    )
    assignment, request = parse_assignment(held), parse_request(update)
    observed = Observed(assignments=(assignment,), history=(request,))
    now = parse_instant("2024-05-28T00:00:00Z")
    assert same_schedule(Schedule(duration="P365D"), assignment, observed, now)
    assert not same_schedule(Schedule(duration="P364D"), assignment, observed, now)


@pytest.mark.parametrize("digits", range(8))
def test_an_instant_has_up_to_seven_digits_of_a_second(digits: int) -> None:
    fraction = "1234567"[:digits]
    read = parse_instant(f"2024-05-13T11:20:46{'.' if digits else ''}{fraction}Z")
    assert read - datetime(2024, 5, 13, 11, 20, 46, tzinfo=timezone.utc) == timedelta(
        microseconds=int(fraction.ljust(6, "0")[:6])
    )
