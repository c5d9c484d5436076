# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking for oneself: what a user without any role can do, with what they may read and no more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant, parse_instant
from tests.integration.request_as_world import OWN, WORLD
from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import CREATE, round_trips, sent, writes
from tests.support.engine import assign

Json = dict[str, Any]
WIKI: Json = {"request_as": "self", "access_package": "Wiki"}
LAB: Json = {"request_as": "self", "access_package": "Lab", "policy": "Approved", "justification": "Tests"}


@pytest.fixture
def request_as_(frozen: Running) -> Running:
    frozen.load(WORLD)
    return frozen


def as_user(sim: Running, name: str, **options: Any) -> Json:
    return assign(sim, token=sim.token("delegated", user=f"{name}@contoso.com", permissions=OWN), **options)


def thrice(sim: Running, name: str, **options: Any) -> tuple[Json, Json, Json, Json]:
    """Foresee, do, foresee again and do again."""
    first, second = (as_user(sim, name, check=check, **options) for check in (True, False))
    third, fourth = (as_user(sim, name, check=check, **options) for check in (True, False))
    return first, second, third, fourth


def test_a_user_asks_once(request_as_: Running) -> None:
    foreseen, done, still, again = thrice(request_as_, "ada", **WIKI)
    assert [each["action"] for each in (foreseen, done, still, again)] == ["add", "add", "none", "none"]
    assert [each["failed"] for each in (foreseen, done, still, again)] == [False] * 4
    assert sent(request_as_) == [
        {"requestType": "userAdd", "assignment": {"accessPackageId": id_of("package", "Wiki")}},
    ]
    assert foreseen["diff"] == done["diff"]
    assert done["request"]["request_type"] == "userAdd"
    assert done["assignment"]["policy"]["display_name"] == "Open"
    assert done["assignment"]["target"]["principal_name"] == "ada@contoso.com"


def test_nothing_is_read_that_a_user_may_not_read(request_as_: Running) -> None:
    as_user(request_as_, "ada", **WIKI)
    refused = [call for call in request_as_.calls() if call["status"] >= 400]
    assert refused == []


def test_by_id_a_satisfied_user_costs_one_round_trip(request_as_: Running) -> None:
    options = {**WIKI, "access_package": id_of("package", "Wiki")}
    assert as_user(request_as_, "kim", **options)["action"] == "none"
    assert round_trips(request_as_) == 1


def test_a_list_that_is_gone_while_a_request_is_waited_for_is_an_error_and_no_waiting(request_as_: Running) -> None:
    lost = {"status": 404, "code": "ResourceNotFound", "message": "Graph's own words."}
    request_as_.faults({"method": "GET", "path": "assignmentRequests/filterByCurrentUser", "nth": 2, "effect": lost})
    done = as_user(request_as_, "ada", **WIKI)
    assert (done["error"]["kind"], done["error"]["status"], done["error"]["code"]) == ("graph", 404, "ResourceNotFound")
    assert "Graph's own words" in done["msg"]
    assert len(writes(request_as_)) == 1


def test_what_has_failed_is_shown_with_the_answers_that_there_are(request_as_: Running) -> None:
    request_as_.faults({**CREATE, "effect": {"outcome": "ignored"}})
    answers = [{"question": "Team", "value": "b"}]
    done = as_user(request_as_, "kim", **WIKI, schedule={"end_date_time": "2027-02-01"}, answers=answers)
    assert (done["failed"], done["action"]) == (True, "update")
    before, after = done["diff"]["before"], done["diff"]["after"]
    assert (before["answers"], after["answers"]) == ({}, {"Team": "b"})
    assert before["schedule"] == after["schedule"]


def test_a_named_policy_is_sent_and_waits_for_its_approval(request_as_: Running) -> None:
    foreseen, done, still, again = thrice(request_as_, "ada", **LAB)
    assert [each["action"] for each in (foreseen, done, still, again)] == ["add", "add", "none", "none"]
    assert [each["pending"] for each in (foreseen, done, still, again)] == [True] * 4
    (body,) = sent(request_as_)
    assert body["assignment"]["assignmentPolicyId"] == id_of("policy", "Lab/Approved")
    assert body["justification"] == "Tests"
    request_as_.approve(done["request"]["id"])
    request_as_.advance(60)
    granted = as_user(request_as_, "ada", **LAB)
    assert (granted["action"], granted["pending"]) == ("none", False)
    assert granted["assignment"]["policy"]["display_name"] == "Approved"


def test_several_policies_are_listed(request_as_: Running) -> None:
    refused = as_user(request_as_, "ada", request_as="self", access_package="Lab")
    assert refused["failed"]
    assert "Approved" in refused["msg"]
    assert "Second" in refused["msg"]
    assert writes(request_as_) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"access_package": "Nowhere"}, ("'Nowhere'", "Wiki")),
        ({"access_package": "Wiki", "policy": "Closed"}, ("'Closed'", "Open")),
        ({"access_package": "Wiki", "policy": id_of("policy", "Wiki/Closed")}, ("signed-in user", "Open")),
        ({"access_package": "Lab", "policy": "Approved"}, ("justification",)),
        ({**LAB, "schedule": {"duration": "P10D"}}, ("schedule", "Approved")),
        ({"access_package": "Wiki", "schedule": {"duration": "P91D"}}, ("P90D",)),
        ({"access_package": "Wiki", "answers": [{"question": "Team", "value": "c"}]}, ("'c'",)),
        ({"access_package": "Wiki", "user": "ada@contoso.com"}, ("user", "signed-in")),
        ({"access_package": "Wiki", "email": "ada@contoso.com"}, ("email", "administrators")),
        ({"access_package": "Wiki", "catalog": "General"}, ("catalog", "administrators")),
        ({"access_package": "Wiki", "bypass_approval": True}, ("bypass_approval", "administrators")),
        ({"access_package": "Wiki", "bypass_approval": False}, ("bypass_approval", "administrators")),
        ({"access_package": "Wiki", "check_conflicts": True}, ("check_conflicts", "administrators")),
        ({"access_package": "Wiki", "on_policy_mismatch": "replace"}, ("on_policy_mismatch", "keep")),
        ({"assignment_id": id_of("assignment", "kim@contoso.com/Wiki")}, ("assignment",)),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_what_a_user_may_not_ask(request_as_: Running, options: Json, words: tuple[str, ...]) -> None:
    refused = as_user(request_as_, "ada", **{"request_as": "self", **options})
    assert refused["failed"]
    assert [word for word in words if word not in refused["msg"]] == [], refused["msg"]
    assert writes(request_as_) == []


def test_an_application_cannot_ask_for_itself(request_as_: Running) -> None:
    refused = assign(request_as_, **WIKI)
    assert refused["failed"]
    assert "delegated" in refused["msg"]
    assert [call for call in request_as_.calls() if call["service"] == "graph"] == []


def test_a_token_that_cannot_be_read_is_left_to_graph(request_as_: Running) -> None:
    refused = assign(request_as_, token="opaque", **WIKI)
    assert refused["error"]["status"] == 401


def test_a_missing_permission_is_named(request_as_: Running) -> None:
    token = request_as_.token("delegated", user="ada@contoso.com", permissions=OWN[:1])
    refused = assign(request_as_, token=token, **WIKI)
    assert refused["error"]["status"] == 403
    assert [name for name in OWN if name not in refused["error"]["hint"]] == []
    token = request_as_.token("delegated", user="ada@contoso.com", permissions=OWN[1:])
    refused = assign(request_as_, token=token, **WIKI)
    assert (refused["error"]["status"], refused["error"]["method"]) == (403, "POST")
    assert OWN[0] in refused["error"]["hint"]


def test_a_graph_that_shows_no_packages_there_is_not_taken_for_nothing_held(request_as_: Running) -> None:
    request_as_.switches(function_options="refuse")
    refused = as_user(request_as_, "kim", **WIKI)
    assert refused["error"]["status"] == 400
    assert writes(request_as_) == []


def test_a_user_extends_answers_and_gives_up(request_as_: Running) -> None:
    later = parse_instant(request_as_.clock()) + timedelta(days=30)
    longer = {**WIKI, "schedule": {"end_date_time": format_instant(later)}}
    held = next(a for a in request_as_.dump()["assignments"] if a["id"] == id_of("assignment", "kim@contoso.com/Wiki"))
    for options, kind in (
        (longer, "userUpdate"),
        ({**WIKI, "answers": [{"question": "Team", "value": "b"}]}, "userUpdate"),
        ({**WIKI, "state": "absent"}, "userRemove"),
    ):
        request_as_.clear_calls()
        foreseen, done, still, again = thrice(request_as_, "kim", **options)
        assert [each["action"] for each in (still, again)] == ["none", "none"], (still, again)
        assert foreseen["action"] == done["action"] != "none"
        assert foreseen["diff"] == done["diff"]
        (body,) = sent(request_as_)
        assert (body["requestType"], body["assignment"]) == (kind, {"id": held["id"]})


def test_a_user_takes_back_a_request_that_waits(request_as_: Running) -> None:
    as_user(request_as_, "ada", **LAB)
    request_as_.switches(cancel_own="accept")
    foreseen, done, still, again = thrice(request_as_, "ada", request_as="self", access_package="Lab", state="absent")
    assert [each["action"] for each in (foreseen, done, still, again)] == ["cancel", "cancel", "none", "none"]


def test_a_failed_delivery_is_for_administrators(request_as_: Running) -> None:
    request_as_.faults({**CREATE, "effect": {"outcome": "deliveryFailed"}})
    assert as_user(request_as_, "ada", **WIKI)["failed"]
    request_as_.faults()
    refused = as_user(request_as_, "ada", **WIKI)
    assert refused["failed"]
    assert "reprocess" in refused["msg"]
    assert as_user(request_as_, "ada", **WIKI, on_delivery_failed="keep")["action"] == "none"


def test_a_lost_answer_is_found_again(request_as_: Running) -> None:
    request_as_.faults({**CREATE, "times": 1, "effect": {"reset": "after"}})
    done = as_user(request_as_, "ada", **WIKI)
    assert (done["failed"], done["changed"]) == (False, True)
    assert len(writes(request_as_)) == 1


def test_an_assignment_is_addressed_by_its_id(request_as_: Running) -> None:
    held = id_of("assignment", "kim@contoso.com/Wiki")
    done = as_user(request_as_, "kim", request_as="self", assignment_id=held, state="absent")
    assert done["action"] == "remove"
    assert as_user(request_as_, "kim", request_as="self", assignment_id=held, state="absent")["action"] == "none"


def test_a_user_under_a_policy_that_takes_no_requests_cannot_leave_unnoticed(request_as_: Running) -> None:
    done = as_user(request_as_, "kim", request_as="self", access_package="Reports only", state="absent")
    assert done["action"] == "remove"
