# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tenant of the integration tests with requests in every state, and a package whose requests wait for callbacks."""

from __future__ import annotations

from typing import Any

import yaml

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.engine import assign
from tests.support.paths import ROOT

Json = dict[str, Any]
CREATED, APPROVED = "assignmentRequestCreated", "assignmentRequestApproved"
GRANTED, REMOVED = "assignmentRequestGranted", "assignmentRequestRemoved"
STAGES = (CREATED, APPROVED, GRANTED, REMOVED)
PACKAGE = "Production Access"
# name -> what the request is; the policy asks nothing and calls nobody
REQUESTS: dict[str, Json] = {
    "pendingApproval": {"state": "pendingApproval"},
    "scheduled": {"state": "scheduled", "start": "+P60D"},
    "denied": {"state": "denied"},
    "canceled": {"state": "canceled"},
    "delivered": {"state": "delivered"},
    "deliveryFailed": {"state": "deliveryFailed"},
    "partiallyDelivered": {"state": "partiallyDelivered"},
    "failed long ago": {"state": "deliveryFailed", "created": "-P30D", "completed": "-P15D"},
}


def load(sim: Running) -> None:
    """Load the world."""
    world = yaml.safe_load((ROOT / "tests" / "simulator" / "worlds" / "contoso.yml").read_text(encoding="utf-8"))
    policies = [_policy("Plain"), *(_policy(stage, stage) for stage in STAGES), _policy("Two", CREATED, GRANTED)]
    world["packages"].append({"name": PACKAGE, "catalog": "Engineering", "policies": policies})
    world["requests"] = [
        {"key": name, "user": "olga@contoso.com", "package": PACKAGE, "policy": "Plain", "type": "adminAdd", **request}
        for name, request in REQUESTS.items()
    ]
    sim.load(world)


def request_id(name: str) -> str:
    """Return the id of one of the requests."""
    return id_of("request", name)


def instance_of(sim: Running, request: str) -> str:
    """Return the id of the callback that a request waits for."""
    (found,) = (row for row in sim.dump()["requests"] if row["id"] == request)
    (waiting,) = (
        row["id"] for row in found["customExtensionCalloutInstances"] if row["status"] == "waitingForCallback"
    )
    return str(waiting)


def state_of(sim: Running, request: str) -> str | None:
    """Return the state in which a request is, null where it is gone."""
    return next((row["state"] for row in sim.dump()["requests"] if row["id"] == request), None)


def waiting(sim: Running, stage: str) -> Json:
    """Make a request that waits for the callback of a stage, and give the options that answer it."""
    options: Json = {"access_package": PACKAGE, "policy": stage, "user": "ada@contoso.com"}
    made = assign(sim, **options, wait=stage == REMOVED)
    if stage == REMOVED:
        made = assign(sim, **options, state="absent", wait=False)
    sim.advance(60)
    request = made["request"]["id"]
    return {
        "request_id": request,
        "state": "resumed",
        "source": "Contoso.Checks",
        "stage": stage,
        "instance_id": instance_of(sim, request),
    }


def callout(sim: Running, stage: str, user: str) -> Json:
    """Make a request that waits, and give what the custom extension is called with.

    The members are those of accessPackageAssignmentRequestCalloutData, capitalised as a Logic App gets them.
    """
    made = assign(sim, access_package=PACKAGE, policy=stage, user=user, wait=False)["request"]["id"]
    sim.advance(60)
    (request,) = (row for row in sim.dump()["requests"] if row["id"] == made)
    return {
        "AccessPackageAssignmentRequestId": made,
        "CallbackUriPath": f"/accessPackageAssignmentRequests/{made}/resume",
        "CustomExtensionStageInstanceId": instance_of(sim, made),
        "Stage": stage[:1].upper() + stage[1:],
        "RequestType": "AdminAdd",
        "State": "Submitted",
        "Status": "WaitingForCallback",
        "AccessPackage": {"Id": request["packageId"], "DisplayName": PACKAGE},
        "Assignment": {"Target": {"Id": request["subjectId"], "ObjectId": request["objectId"]}},
    }


def _policy(name: str, *stages: str) -> Json:
    extensions = [{"name": stage, "stage": stage, "callback": True} for stage in stages]
    return {"name": name, "scope": "allMemberUsers", "extensions": extensions}
