# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What would be sent last is checked before anything is taken back or taken away."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.running import Running
from tests.support.calls import sent, writes
from tests.support.engine import administrator, assign

Json = dict[str, Any]
ADA: Json = {"access_package": "Lab", "user": "ada@contoso.com"}
LATER = "2099-01-01T00:00:00Z"
GOOD: Json = {
    "policy": "Asks",
    "schedule": {"start_date_time": "2099-02-01", "end_date_time": "2099-03-01"},
    "answers": [{"question": "Why?", "value": "Work"}, {"question": "Team", "value": "a"}],
    "justification": "Ticket 1",
}
# name -> what of the good is replaced (null: left out), and a word of the error
MISTAKES: dict[str, tuple[Json, str]] = {
    "no justification": ({"justification": None}, "justification"),
    "no answers": ({"answers": None}, "Why?"),
    "an answer that is none of the choices": (
        {"answers": [{"question": "Why?", "value": "Work"}, {"question": "Team", "value": "c"}]},
        "Team",
    ),
    "an answer to nothing": ({"answers": [*GOOD["answers"], {"question": "Who?", "value": "me"}]}, "Who?"),
    "beyond the span of the policy": (
        {"schedule": {"start_date_time": "2099-02-01", "end_date_time": "2099-12-01"}},
        "P90D",
    ),
    "a policy that is closed to the person": ({"policy": "Guests"}, "allExternalUsers"),
}
# A person's user type is seen with more than User.ReadBasic.All.
PERMISSIONS = ("EntitlementManagement.ReadWrite.All", "User.Read.All")


@pytest.fixture
def lab(frozen: Running) -> Running:
    """A tenant in which Ada's request for the lab waits for its start, and Bo's assignment is being removed."""
    policies: list[Json] = [
        {
            "name": "Asks",
            "scope": "allMemberUsers",
            "expiration": {"duration": "P90D"},
            "approval": {"justification": True, "approvers": [{"user": "grace@contoso.com"}]},
            "questions": [
                {"text": "Why?", "required": True},
                {"text": "Team", "choices": [{"value": "a"}, {"value": "b"}]},
            ],
        },
        {"name": "Guests", "scope": "allExternalUsers"},
    ]
    frozen.load(
        {
            "tenant": {"domain": "contoso.onmicrosoft.com"},
            "apps": [
                {
                    "name": "automation",
                    "secret": "not-a-real-secret",
                    "permissions": ["EntitlementManagement.ReadWrite.All", "User.Read.All"],
                }
            ],
            "users": [
                {"upn": "grace@contoso.com", "roles": ["Identity Governance Administrator"]},
                {"upn": "ada@contoso.com"},
                {"upn": "bo@contoso.com"},
            ],
            "catalogs": [{"name": "General"}],
            "packages": [{"name": "Lab", "catalog": "General", "policies": policies}],
            "assignments": [{"user": "bo@contoso.com", "package": "Lab", "policy": "Asks", "start": "-P9D"}],
            "requests": [
                {"user": "ada@contoso.com", "package": "Lab", "policy": "Asks", "state": "scheduled", "start": LATER}
            ],
        }
    )
    return frozen


def wish(changes: Json) -> Json:
    return {name: value for name, value in {**GOOD, **changes}.items() if value is not None}


@pytest.mark.parametrize("name", MISTAKES)
def test_an_open_request_stays_where_what_would_follow_is_refused(lab: Running, name: str) -> None:
    changes, word = MISTAKES[name]
    token = administrator(lab, *PERMISSIONS)
    options: Json = {**ADA, **wish(changes), "on_open_request": "cancel"}
    foreseen = assign(lab, token=token, check=True, **options)
    failed = assign(lab, token=token, **options)
    assert (foreseen["failed"], failed["failed"]) == (True, True)
    assert foreseen["msg"] == failed["msg"]
    assert word in failed["msg"]
    assert (failed["changed"], failed["action"], writes(lab)) == (False, "none", [])
    assert [r["state"] for r in lab.dump()["requests"] if r["state"] != "delivered"] == ["scheduled"]


def test_an_open_request_is_taken_back_where_what_follows_is_right(lab: Running) -> None:
    token = administrator(lab, *PERMISSIONS)
    options: Json = {**ADA, **GOOD, "on_open_request": "cancel"}
    foreseen = assign(lab, token=token, check=True, **options)
    done = assign(lab, token=token, **options)
    assert not done["failed"], done.get("msg")
    assert (foreseen["action"], done["action"]) == ("add", "add")
    assert foreseen["diff"] == done["diff"]
    assert [call["path"].rsplit("/", 1)[-1] for call in writes(lab)] == ["cancel", "assignmentRequests"]


@pytest.mark.parametrize("name", MISTAKES)
def test_a_removal_is_not_waited_for_where_the_add_after_it_is_refused(lab: Running, name: str) -> None:
    changes, word = MISTAKES[name]
    bo: Json = {"access_package": "Lab", "user": "bo@contoso.com"}
    assign(lab, **bo, state="absent", wait=False)
    lab.clear_calls()
    before = lab.clock()
    foreseen = assign(lab, check=True, **bo, **wish(changes))
    failed = assign(lab, **bo, **wish(changes))
    assert foreseen["msg"] == failed["msg"]
    assert word in failed["msg"]
    assert (writes(lab), lab.clock()) == ([], before)


def test_a_removal_is_waited_for_where_the_add_after_it_is_right(lab: Running) -> None:
    bo: Json = {"access_package": "Lab", "user": "bo@contoso.com"}
    assign(lab, **bo, state="absent", wait=False)
    done = assign(lab, **bo, **GOOD)
    assert (done["failed"], done["action"], done["pending"]) == (False, "add", True)
    assert [body["requestType"] for body in sent(lab)] == ["adminRemove", "adminAdd"]
