# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""National clouds lack members and operations: they are not shown, and refused where they are sent."""

from __future__ import annotations

import pytest

from tests.simulator.running import Running
from tests.unit.simulator.graph_client import LEE, PAYROLL, READ, WRITE, Graph, Json, add, code_of, held

NATIONAL = ["us_government", "china"]


BYPASS: Json = {"parameters": {"bypassApproval": True}}
# Members of a request that not every cloud takes.
GLOBAL_ONLY: dict[str, list[Json]] = {"v1.0": [{"justification": "because"}, BYPASS], "beta": [BYPASS]}


@pytest.mark.parametrize("cloud", ["global", *NATIONAL])
@pytest.mark.parametrize("version", ["v1.0", "beta"])
def test_members_that_a_cloud_lacks_are_refused_in_bodies(sim: Running, version: str, cloud: str) -> None:
    sim.switches(cloud=cloud)
    graph = Graph(sim, sim.token(), version)
    for member in GLOBAL_ONLY[version]:
        sim.load("contoso")
        answer = graph.request(add(**member))
        assert answer.status_code == (201 if cloud == "global" else 400)
        if cloud != "global":
            assert f"'{next(iter(member))}' does not exist" in answer.json()["error"]["message"]


@pytest.mark.parametrize("cloud", NATIONAL)
def test_members_that_a_cloud_lacks_are_not_shown_nor_selected(sim: Running, cloud: str) -> None:
    sim.switches(cloud=cloud)
    graph = Graph(sim, sim.token())
    rows = graph.em("/assignmentRequests", expand="requestor").json()["value"]
    shown = next(row for row in rows if row["requestor"])
    assert "justification" not in shown
    assert "subjectLifecycle" not in shown["requestor"]
    assert code_of(graph.em("/assignmentRequests", select="justification")) == (400, "BadRequest")
    lee = Graph(sim, sim.token("delegated", user=LEE, permissions=[READ]))
    (found,) = lee.post(f"/accessPackages/{PAYROLL}/getApplicablePolicyRequirements").json()["value"]
    assert "isRequestorJustificationRequired" not in found
    assert found["questions"]


@pytest.mark.parametrize(
    ("path", "clouds"),
    [
        ("/assignmentRequests", ["global"]),
        ("/accessPackageAssignmentRequests", ["global", "us_government"]),
        ("/accessPackageAssignments", ["global", "us_government"]),
        (f"/accessPackageAssignments/{held('VPN Access')}", ["global", "us_government"]),
        (f"/subjects(objectId='{LEE}')", ["global"]),
        (f"/accessPackages/{PAYROLL}", ["global", *NATIONAL]),
        ("/accessPackageAssignmentPolicies", ["global", *NATIONAL]),
    ],
)
def test_what_of_beta_each_cloud_reads(sim: Running, path: str, clouds: list[str]) -> None:
    graph = Graph(sim, sim.token(), "beta")
    found = []
    for cloud in ("global", *NATIONAL):
        sim.switches(cloud=cloud)
        if graph.em(path).status_code == 200:
            found.append(cloud)
    assert found == clouds


@pytest.mark.parametrize(
    ("action", "clouds"), [("cancel", ["global", "china"]), ("reprocess", ["global", "us_government"])]
)
@pytest.mark.parametrize("collection", ["assignmentRequests", "accessPackageAssignmentRequests"])
def test_what_of_beta_each_cloud_does(sim: Running, collection: str, action: str, clouds: list[str]) -> None:
    grace = Graph(sim, sim.token("delegated", user="grace@contoso.com", permissions=[WRITE]), "beta")
    found = []
    for cloud in ("global", *NATIONAL):
        sim.load("contoso")
        sim.switches(cloud=cloud)
        sim.faults({"method": "POST", "path": "Requests$", "effect": {"outcome": "deliveryFailed"}})
        request_id = grace.request(add()).json()["id"]
        if action == "reprocess":
            sim.advance(60)
        if grace.post(f"/{collection}/{request_id}/{action}").status_code < 300:
            found.append(cloud)
    assert found == clouds
