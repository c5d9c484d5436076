# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words and members that are newer than a caller: as unknownFutureValue, in full on demand, and on order."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.running import DoorError, Running
from tests.unit.simulator.graph_client import (
    ADA,
    ENTITLEMENT,
    LAPTOP,
    LEE,
    PAYROLL,
    PAYROLL_POLICY,
    READ,
    Graph,
    Json,
    add,
    held,
)

PREFER = {"Prefer": "include-unknown-enum-members"}


def order(sim: Running, **members: Json) -> None:
    sim.faults({"effect": {"members": members}})


@pytest.mark.parametrize(
    ("kind", "member", "path", "expand"),
    [
        ("accessPackageAssignment", "state", f"/assignments/{held('VPN Access')}", None),
        ("accessPackageSubject", "subjectType", f"/assignments/{held('VPN Access')}", "target"),
        ("accessPackageAssignmentPolicy", "allowedTargetScope", f"/assignmentPolicies/{PAYROLL_POLICY}", None),
    ],
)
def test_a_word_never_seen_shows_on_demand_only(
    sim: Running, graph: Graph, kind: str, member: str, path: str, expand: str | None
) -> None:
    order(sim, **{kind: {member: "hitherto"}})
    query = {"$expand": expand} if expand else {}
    for headers, shown in (({}, "unknownFutureValue"), (PREFER, "hitherto")):
        body = graph.get(ENTITLEMENT + path, params=query, headers=headers).json()
        assert (body[expand] if expand else body)[member] == shown


def test_requests_show_words_never_seen_in_lists_and_batches(sim: Running, graph: Graph) -> None:
    order(sim, accessPackageAssignmentRequest={"requestType": "agentAdd", "state": "paused"})
    path = f"{ENTITLEMENT}/assignmentRequests"
    plain = graph.get(path).json()["value"][0]
    assert (plain["requestType"], plain["state"]) == ("unknownFutureValue", "unknownFutureValue")
    item: Json = {"method": "GET", "url": path, "headers": PREFER}
    full = graph.batch(item).json()["responses"][0]["body"]["value"][0]
    assert (full["requestType"], full["state"]) == ("agentAdd", "paused")
    made = graph.call("POST", path, json=add(), headers=PREFER).json()
    assert (made["requestType"], made["state"]) == ("agentAdd", "paused")


def test_words_of_beta_are_strings_and_always_show(sim: Running) -> None:
    beta = Graph(sim, sim.token(), "beta")
    order(sim, accessPackageAssignmentRequest={"requestState": "Paused"}, accessPackageSubject={"type": "Agent"})
    rows = beta.em("/assignmentRequests", expand="requestor").json()["value"]
    found = next(row for row in rows if row["requestor"])
    assert (found["requestState"], found["requestor"]["type"]) == ("Paused", "Agent")


@pytest.mark.parametrize("version", ["v1.0", "beta"])
def test_a_question_of_a_type_never_seen(sim: Running, version: str) -> None:
    order(sim, accessPackageQuestion={"@odata.type": "#microsoft.graph.accessPackageDateQuestion", "earliest": "today"})
    lee = Graph(sim, sim.token("delegated", user=LEE, permissions=[READ]), version)
    (found,) = lee.post(f"/accessPackages/{PAYROLL}/getApplicablePolicyRequirements").json()["value"]
    assert {item["@odata.type"] for item in found["questions"]} == {"#microsoft.graph.accessPackageDateQuestion"}
    assert {item["earliest"] for item in found["questions"]} == {"today"}


def test_other_members_come_on_top_and_go_with_the_rule(sim: Running, graph: Graph) -> None:
    order(sim, accessPackageAssignment={"colour": {"name": "red"}})
    path = f"/assignments/{held('VPN Access')}"
    assert graph.em(path).json()["colour"] == {"name": "red"}
    assert "colour" not in graph.em(path, select="id").json()
    sim.faults()
    assert "colour" not in graph.em(path).json()
    assert graph.request(add(ADA, LAPTOP)).status_code == 201


@pytest.mark.parametrize("members", [{"accessPackageColour": {"name": "red"}}, {"accessPackage": ["red"]}])
def test_members_of_unknown_types_are_refused(sim: Running, members: Any) -> None:
    with pytest.raises(DoorError, match="members takes"):
        sim.faults({"effect": {"members": members}})
