# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A manager asks for a direct report: one kind of request, and sight of nothing but what they asked for themselves."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.request_as_world import OWN, WORLD
from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import CREATE, sent, writes
from tests.support.engine import assign

Json = dict[str, Any]
LOOK_UP = [*OWN, "User.ReadBasic.All"]
WIKI: Json = {
    "request_as": "manager",
    "access_package": id_of("package", "Wiki"),
    "policy": id_of("policy", "Wiki/Open"),
    "user": "ada@contoso.com",
}
HIDDEN: Json = {
    **WIKI,
    "access_package": id_of("package", "Reports only"),
    "policy": id_of("policy", "Reports only/Managers ask"),
}


@pytest.fixture
def request_as_(frozen: Running) -> Running:
    frozen.load(WORLD)
    return frozen


def as_grace(sim: Running, *, permissions: list[str] | None = None, **options: Any) -> Json:
    token = sim.token("delegated", user="grace@contoso.com", permissions=permissions or LOOK_UP)
    return assign(sim, token=token, **options)


@pytest.mark.parametrize("options", [WIKI, HIDDEN], ids=["open to the manager too", "open to managers alone"])
def test_a_manager_asks_once(request_as_: Running, options: Json) -> None:
    results = [as_grace(request_as_, check=check, **options) for check in (True, False, True, False)]
    assert [each["failed"] for each in results] == [False] * 4, results
    assert [each["action"] for each in results] == ["add", "add", "none", "none"]
    assert results[0]["diff"] == results[1]["diff"]
    assert sent(request_as_) == [
        {
            "requestType": "userAdd",
            "assignment": {
                "target": {"objectId": id_of("user", "ada@contoso.com"), "subjectType": "user"},
                "assignmentPolicyId": options["policy"],
                "accessPackageId": options["access_package"],
            },
        }
    ]
    assert results[1]["assignment"]["target"]["principal_name"] == "ada@contoso.com"
    assert [call for call in request_as_.calls() if call["status"] >= 400] == []


def test_ids_need_no_directory_permission(request_as_: Running) -> None:
    options = {**WIKI, "user": id_of("user", "ada@contoso.com")}
    assert as_grace(request_as_, permissions=OWN, **options)["action"] == "add"


def test_names_are_looked_up_among_what_the_manager_may_ask_for(request_as_: Running) -> None:
    done = as_grace(request_as_, **{**WIKI, "access_package": "Wiki", "policy": "Open"})
    assert done["action"] == "add"
    refused = as_grace(request_as_, **{**HIDDEN, "access_package": "Reports only"})
    assert refused["failed"]
    assert "id" in refused["error"]["hint"]


def test_answers_are_matched_where_the_questions_can_be_read(request_as_: Running) -> None:
    done = as_grace(request_as_, **WIKI, answers=[{"question": "Team", "value": "a"}])
    assert done["action"] == "add"
    refused = as_grace(request_as_, **HIDDEN, answers=[{"question": "Team", "value": "a"}])
    assert refused["failed"]
    assert "questions" in refused["msg"]
    assert len(writes(request_as_)) == 1


def test_what_somebody_else_gave_is_no_error(request_as_: Running) -> None:
    kim = id_of("user", "kim@contoso.com")
    world = {
        **WORLD,
        "users": [{**u, "manager": "grace@contoso.com"} if "kim" in u["upn"] else u for u in WORLD["users"]],
    }
    request_as_.load(world)
    done = as_grace(request_as_, **{**WIKI, "user": kim})
    assert (done["failed"], done["action"], done["changed"]) == (False, "none", False)
    assert "holds the access package" in done["warnings"][0]
    assert {call["status"] for call in writes(request_as_)} == {409}


def test_what_somebody_else_has_asked_for_is_pending(request_as_: Running) -> None:
    request_as_.settings(submitted_seconds=86400)
    token = request_as_.token("delegated", user="ada@contoso.com", permissions=OWN)
    assign(request_as_, token=token, request_as="self", access_package="Wiki", wait=False)
    done = as_grace(request_as_, **WIKI)
    assert (done["failed"], done["action"], done["pending"]) == (False, "none", True)


def test_a_lost_answer_is_found_again_although_reads_lag_behind(request_as_: Running) -> None:
    create: Json = {**CREATE, "times": 1}
    request_as_.faults({**create, "effect": {"reset": "after", "lag": {"reads": 6}}})
    done = as_grace(request_as_, **WIKI)
    assert (done["failed"], done["changed"]) == (False, True), done
    assert [call["status"] for call in writes(request_as_)].count(201) == 1


def test_who_is_no_report_is_refused_by_graph(request_as_: Running) -> None:
    refused = as_grace(request_as_, **{**WIKI, "user": "kim@contoso.com"})
    assert refused["failed"]
    assert refused["error"]["status"] == 400


def test_a_manager_cannot_change_what_they_asked_for(request_as_: Running) -> None:
    as_grace(request_as_, **WIKI)
    request_as_.clear_calls()
    refused = as_grace(request_as_, **WIKI, schedule={"duration": "P9D"})
    assert refused["failed"]
    assert "update" in refused["msg"]
    assert writes(request_as_) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"user": None}, ("user", "direct report")),
        ({"policy": None}, ("policy", "id")),
        ({"state": "absent"}, ("state", "present")),
        ({"user": None, "email": "x@fabrikam.com"}, ("email", "administrators")),
        ({"access_package": None, "user": None, "assignment_id": id_of("assignment", "x")}, ("assignment_id",)),
        ({"on_policy_mismatch": "replace"}, ("on_policy_mismatch",)),
        ({"user": "nobody@contoso.com"}, ("nobody@contoso.com",)),
    ],
    ids=["no user", "no policy", "absent", "email", "assignment_id", "replace", "unknown user"],
)
def test_what_a_manager_may_not_ask(request_as_: Running, options: Json, words: tuple[str, ...]) -> None:
    refused = as_grace(request_as_, **{**WIKI, **options})
    assert refused["failed"]
    assert [word for word in words if word not in refused["msg"]] == [], refused["msg"]
    assert writes(request_as_) == []


def test_beta_takes_what_a_manager_asks_for(request_as_: Running) -> None:
    done = as_grace(request_as_, **WIKI, api_version="beta")
    assert (done["failed"], done["action"]) == (False, "add")
    (body,) = sent(request_as_)
    assert body["assignment"]["target"] == {"objectId": id_of("user", "ada@contoso.com"), "subjectType": "user"}
    request_as_.clear_calls()
    assert as_grace(request_as_, **WIKI, api_version="beta")["action"] == "none"
    reads = [call["path"] for call in request_as_.calls() if "equests/filterByCurrentUser" in call["path"]]
    assert reads
    assert all("/accessPackageAssignmentRequests/" in path for path in reads)
