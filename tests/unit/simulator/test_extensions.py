# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Custom extensions: a request that waits for a callback, and resume."""

from __future__ import annotations

import pytest

from tests.simulator.ids import id_of
from tests.simulator.running import DoorError, Running
from tests.unit.simulator.extensions_world import callback, waiting_world
from tests.unit.simulator.graph_client import ADA, Graph, add, change, code_of

CREATED, GRANTED, REMOVED = "assignmentRequestCreated", "assignmentRequestGranted", "assignmentRequestRemoved"
APPROVED = "assignmentRequestApproved"
STAGES = [CREATED, APPROVED, GRANTED]


def waiting_request(clock: Running, graph: Graph, stage: str) -> tuple[str, str]:
    clock.load(waiting_world(stage))
    request_id = graph.request(add(policy=id_of("policy", "Engineering Laptop/Checked"))).json()["id"]
    clock.advance(60)
    request = graph.em(f"/assignmentRequests/{request_id}").json()
    assert request["status"] == "WaitingForCallback"
    (callout,) = request["customExtensionCalloutInstances"]
    assert callout["status"] == "waitingForCallback"
    return request_id, callout["id"]


@pytest.mark.parametrize("stage", STAGES)
def test_resume_goes_on(clock: Running, stage: str) -> None:
    graph = Graph(clock, clock.token())
    request_id, callout_id = waiting_request(clock, graph, stage)
    path = f"/assignmentRequests/{request_id}/resume"
    wrong = callback(REMOVED, callout_id)
    assert code_of(graph.post(path, wrong)) == (400, "InvalidRequest")
    assert code_of(graph.post(path, callback(stage, ADA))) == (400, "InvalidRequest")
    assert code_of(graph.post(path, {**wrong, "type": "other"})) == (400, "InvalidModel")
    assert graph.post(path, callback(stage, callout_id, customExtensionStageInstanceDetail="fine")).status_code == 204
    clock.advance(60)
    assert graph.em(f"/assignmentRequests/{request_id}").json()["state"] == "delivered"
    assert code_of(graph.post(path, callback(stage, callout_id))) == (400, "InvalidRequest")


@pytest.mark.parametrize(("decision", "ends"), [("Denied", "denied"), ("Canceled", "canceled")])
def test_resume_decides_at_creation_only(clock: Running, decision: str, ends: str) -> None:
    graph = Graph(clock, clock.token())
    request_id, callout_id = waiting_request(clock, graph, CREATED)
    path = f"/assignmentRequests/{request_id}/resume"
    assert graph.post(path, callback(CREATED, callout_id, state=decision)).status_code == 204
    assert graph.em(f"/assignmentRequests/{request_id}").json()["state"] == ends
    request_id, callout_id = waiting_request(clock, graph, GRANTED)
    late = callback(GRANTED, callout_id, state=decision)
    assert code_of(graph.post(f"/assignmentRequests/{request_id}/resume", late)) == (400, "InvalidRequest")


def test_a_removal_waits_for_the_callback_of_its_own_stage(clock: Running) -> None:
    graph = Graph(clock, clock.token())
    clock.load(waiting_world(REMOVED))
    graph.request(add(policy=id_of("policy", "Engineering Laptop/Checked")))
    clock.advance(60)
    (held,) = clock.dump()["assignments"]
    assert held["state"] == "delivered"
    request_id = graph.request(change("adminRemove", held["id"])).json()["id"]
    clock.advance(60)
    request = graph.em(f"/assignmentRequests/{request_id}").json()
    assert (request["state"], request["status"]) == ("delivering", "WaitingForCallback")
    (callout,) = request["customExtensionCalloutInstances"]
    assert graph.post(f"/assignmentRequests/{request_id}/resume", callback(REMOVED, callout["id"])).status_code == 204
    assert graph.em(f"/assignmentRequests/{request_id}").json()["status"] != "WaitingForCallback"
    clock.advance(60)
    (gone,) = clock.dump()["assignments"]
    assert gone["state"] == "expired"


def test_a_request_goes_on_when_every_extension_of_its_stage_has_answered(clock: Running) -> None:
    graph = Graph(clock, clock.token())
    world = waiting_world(CREATED)
    world["packages"][0]["policies"][0]["extensions"].append({"name": "second", "stage": CREATED, "callback": True})
    clock.load(world)
    request_id = graph.request(add(policy=id_of("policy", "Engineering Laptop/Checked"))).json()["id"]
    clock.advance(60)
    path = f"/assignmentRequests/{request_id}"
    first, second = (callout["id"] for callout in graph.em(path).json()["customExtensionCalloutInstances"])
    for callout_id, status in ((second, "WaitingForCallback"), (first, "Fulfilled")):
        assert graph.post(f"{path}/resume", callback(CREATED, callout_id)).status_code == 204
        clock.advance(60)
        assert graph.em(path).json()["status"] == status


def test_an_approved_request_that_waits_is_neither_decided_nor_timed_out(clock: Running) -> None:
    world = waiting_world(APPROVED)
    approval = {"add": True, "approvers": [{"user": "ada@contoso.com"}], "timeout": "P2D"}
    world["packages"][0]["policies"][0].update(approval=approval)
    world["requests"] = [{"user": "ada@contoso.com", "package": "Engineering Laptop", "state": "pendingApproval"}]
    clock.load(world)
    request_id = id_of("request", "ada@contoso.com/Engineering Laptop")
    clock.approve(request_id)
    with pytest.raises(DoorError, match="WaitingForCallback"):
        clock.deny(request_id)
    clock.advance(days=3)
    graph = Graph(clock, clock.token())
    request = graph.em(f"/assignmentRequests/{request_id}").json()
    assert (request["state"], request["status"]) == ("pendingApproval", "WaitingForCallback")
