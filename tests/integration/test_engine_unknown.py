# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words and members that nobody has seen before pass through, and nothing is granted, repeated or called done by them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.running import Running
from tests.support.calls import sent, writes
from tests.support.engine import assign

Json = dict[str, Any]
LAPTOP: Json = {"access_package": "Engineering Laptop", "user": "ada@contoso.com"}
LEE: Json = {"access_package": "Engineering Laptop", "user": "lee@contoso.com"}
PAYROLL: Json = {
    "access_package": "Payroll",
    "user": "kim@contoso.com",
    "answers": [{"question": "Cost centre", "value": "1234"}, {"question": "Region", "value": "emea"}],
}


def told(sim: Running, kind: str, **members: Any) -> None:
    """Have every object of a type carry these members in each answer."""
    sim.faults({"method": "GET", "effect": {"members": {kind: members}}})


def test_graph_is_asked_for_new_words_everywhere(frozen: Running) -> None:
    assign(frozen, **LAPTOP)
    graph = [call for call in frozen.calls() if call["service"] == "graph"]
    headers = [{name.lower(): value for name, value in call["headers"].items()} for call in graph]
    assert {each.get("prefer") for each in headers} == {"include-unknown-enum-members"}
    assert any(call["batch"] for call in graph)


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        ("accessPackageAssignment", {"colour": "red", "shades": [{"@odata.type": "#microsoft.graph.shade"}]}),
        ("accessPackageSubject", {"subjectType": "robot"}),
        ("accessPackageAssignmentRequest", {"requestType": "agentAdd", "mood": None}),
        ("accessPackageAssignmentPolicy", {"allowedTargetScope": "allRobots"}),
        ("accessPackage", {"state": {"nested": 1}}),
    ],
    ids=["assignment", "subject", "request", "policy", "package"],
)
def test_what_is_new_beside_what_is_known_changes_nothing(frozen: Running, kind: str, members: Json) -> None:
    told(frozen, kind, **members)
    assert assign(frozen, **LEE)["action"] == "none"
    done = assign(frozen, **LAPTOP)
    assert (done["failed"], done["action"]) == (False, "add")
    assert assign(frozen, **LAPTOP)["action"] == "none"
    assert len(writes(frozen)) == 1


def test_a_new_kind_of_subject_is_shown_as_it_is(frozen: Running) -> None:
    told(frozen, "accessPackageSubject", subjectType="robot")
    assert assign(frozen, **LEE)["assignment"]["target"]["subject_type"] == "robot"


def test_an_assignment_in_a_new_state_is_left_alone(frozen: Running) -> None:
    told(frozen, "accessPackageAssignment", state="paused", status="Paused")
    refused = assign(frozen, **LEE)
    assert refused["failed"]
    assert "paused" in refused["msg"]
    assert refused["assignment"]["state"] == "paused"
    assert writes(frozen) == []


def test_a_request_in_a_new_state_is_neither_repeated_nor_called_done(frozen: Running) -> None:
    frozen.settings(submitted_seconds=86400)
    told(frozen, "accessPackageAssignmentRequest", state="paused", status="Paused")
    done = assign(frozen, **LAPTOP)
    assert (done["failed"], done["changed"], done["pending"]) == (False, True, True)
    assert done["request"]["state"] == "paused"
    assert "paused" in done["warnings"][0]
    assert len(writes(frozen)) == 1


def test_a_new_kind_of_question_is_answered_in_its_own_type(frozen: Running) -> None:
    told(frozen, "accessPackageQuestion", **{"@odata.type": "#microsoft.graph.accessPackageDateQuestion"})
    assign(frozen, check=True, **PAYROLL)
    refused = assign(frozen, **PAYROLL)
    assert refused["error"]["status"] == 400
    kinds = {answer["answeredQuestion"]["@odata.type"] for answer in sent(frozen)[0]["answers"]}
    assert kinds == {"#microsoft.graph.accessPackageDateQuestion"}


@pytest.mark.parametrize("cloud", ["us_government", "china"])
def test_a_national_cloud_is_sent_no_member_that_it_lacks(frozen: Running, cloud: str) -> None:
    frozen.switches(cloud=cloud)
    name = {"us_government": "AzureUSGovernment", "china": "AzureChinaCloud"}[cloud]
    done = assign(frozen, cloud_environment=name, **LAPTOP)
    assert (done["failed"], done["action"]) == (False, "add")
    refused = assign(frozen, cloud_environment=name, justification="Tests", **{**LAPTOP, "user": "bo@contoso.com"})
    assert refused["failed"]
    assert name in refused["msg"]
    assert len(writes(frozen)) == 1
