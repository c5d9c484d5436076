# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Custom extensions: a request that waits for a callback, and resume."""

from __future__ import annotations

import pytest

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.unit.simulator.graph_client import ADA, WRITE, Graph, Json, add, code_of

STAGES = ["assignmentRequestCreated", "assignmentRequestGranted"]


def waiting_world(stage: str) -> Json:
    policy = {
        "name": "Checked",
        "scope": "allMemberUsers",
        "extensions": [{"name": "check", "stage": stage, "callback": True}],
    }
    return {
        "tenant": {"domain": "contoso.onmicrosoft.com"},
        "apps": [{"name": "automation", "secret": "s", "permissions": [WRITE]}],
        "users": [{"upn": "ada@contoso.com"}],
        "catalogs": [{"name": "C"}],
        "packages": [{"name": "Engineering Laptop", "catalog": "C", "policies": [policy]}],
    }


def callback(stage: str, callout_id: str, **data: str) -> Json:
    kind = f"microsoft.graph.accessPackageCustomExtensionStage.{stage}"
    return {
        "source": "Contoso.Checks",
        "type": kind,
        "data": {
            "@odata.type": "microsoft.graph.accessPackageAssignmentRequestCallbackData",
            "stage": stage,
            "customExtensionStageInstanceId": callout_id,
            **data,
        },
    }


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
    wrong = callback("assignmentRequestRemoved", callout_id)
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
    created, granted = STAGES
    request_id, callout_id = waiting_request(clock, graph, created)
    path = f"/assignmentRequests/{request_id}/resume"
    assert graph.post(path, callback(created, callout_id, state=decision)).status_code == 204
    assert graph.em(f"/assignmentRequests/{request_id}").json()["state"] == ends
    request_id, callout_id = waiting_request(clock, graph, granted)
    late = callback(granted, callout_id, state=decision)
    assert code_of(graph.post(f"/assignmentRequests/{request_id}/resume", late)) == (400, "InvalidRequest")
