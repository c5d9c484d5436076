# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access package assignment requests: read, cancel, reprocess, resume, delete."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from .access import OWN, READ, WRITE, reading, require_covers, require_package_filter, require_user, writing
from .bodies import check_body
from .errors import bad_request, invalid_model, refusal
from .filters import Filterable, field
from .graph import Answer, Call
from .listing import Positioned, answer_item, answer_page, read_function_query, read_query, writer
from .model import OPEN_REQUEST_STATES, Callout, Request
from .odata_filter import required_equals
from .packages import not_found
from .policy_fit import in_sets
from .schema import Schema
from .store import Store

_KIND = "accessPackageAssignmentRequest"
_CONTEXT = "identityGovernance/entitlementManagement/assignmentRequests"
REPROCESS_SPAN = timedelta(days=14)
FILTERABLE = Filterable(
    {
        "state": field(lambda item: item.state, "accessPackageRequestState", "eq"),
        "accesspackage/id": field(lambda item: item.package_id, "guid", "eq"),
        "createddatetime": field(lambda item: item.created, "instant", "gt"),
    },
    state_or_switch="request_state_or",
)
_RESUME_STAGES = (
    *("assignmentRequestCreated", "assignmentRequestApproved", "assignmentRequestGranted"),
    "assignmentRequestRemoved",
)


def _positioned(items: Iterable[Request]) -> Positioned:
    return ((item.number, item) for item in items)


def list_requests(call: Call) -> Answer:
    """GET /assignmentRequests: open and completed ones."""
    reach = reading(call.caller)
    query = read_query(call, _KIND, FILTERABLE)
    assignment = call.dialect.collections.get("assignment", "assignment")
    nested = query.options.expand.get(assignment)
    if nested is not None and nested.expand and call.sim.switches.is_("nested_list_expand", "refuse"):
        raise bad_request("Parsing OData Select and Expand failed: nested expansions are not supported on this list.")
    package_id = required_equals(query.tree, "accesspackage/id") if query.tree else None
    require_package_filter(reach, call.store, package_id)
    write = writer(call, _KIND, query.options)
    hidden = package_id is not None and call.sim.switches.is_("removal_package", "null")
    items = (each for each in call.store.requests.values() if not (hidden and each.removes))
    return answer_page(call, query, _positioned(items), write, _CONTEXT)


def requests_of_caller(call: Call) -> Answer:
    """GET /assignmentRequests/filterByCurrentUser(on='target', 'createdBy' or 'approver')."""
    user_id = require_user(call.caller, OWN | READ)
    on = call.params["on"]
    if on not in ("target", "createdBy", "approver"):
        raise refusal(400, "InvalidRequest", f"The value '{on}' of parameter 'on' is not supported.")
    query = read_function_query(call, _KIND, FILTERABLE)
    mine = (item for item in call.store.requests.values() if _is_of(call.store, item, on, user_id))
    write = writer(call, _KIND, query.options)
    return answer_page(call, query, _positioned(mine), write, _CONTEXT)


def _is_of(store: Store, request: Request, on: str, user_id: str) -> bool:
    if on == "target":
        return store.subjects[request.subject_id].object_id == user_id
    if on == "createdBy":
        return request.created_by == user_id
    policy = store.policies[request.policy_id]
    subject = store.subject_of(store.principals[user_id])
    return request.awaits_approval and in_sets(store, policy.approval.approvers, subject)


def _request(call: Call) -> Request:
    request = call.store.requests.get(call.params["request_id"])
    if request is None:
        raise not_found("access package assignment request", call.params["request_id"])
    return request


def get_request(call: Call) -> Answer:
    """GET /assignmentRequests/{id}."""
    request = _request(call)
    if not _is_own(call, request) or call.sim.switches.is_("read_own", "refuse"):
        require_covers(reading(call.caller), call.store.packages[request.package_id])
    return answer_item(call, _KIND, request, _CONTEXT)


def _is_own(call: Call, request: Request) -> bool:
    user_id = call.caller.user_id
    return user_id is not None and request.created_by == user_id and bool(call.caller.permissions & OWN)


def cancel(call: Call) -> Answer:
    """POST /assignmentRequests/{id}/cancel: for a signed-in user, and by one reading for an application, too."""
    if call.sim.switches.is_("cancel_app", "refuse") or call.caller.delegated:
        require_user(call.caller, OWN | WRITE)
    user_id = call.caller.user_id
    request = _request(call)
    mine = user_id is not None and request.created_by == user_id and bool(call.caller.permissions & WRITE)
    if not mine and (not _is_own(call, request) or call.sim.switches.is_("cancel_own", "refuse")):
        require_covers(writing(call.caller), call.store.packages[request.package_id])
    _expect_cancel_body(call, request)
    cancelable = {"submitted", "pendingApproval", "scheduled"}
    if call.sim.switches.is_("cancel_delivery_failed", "accept"):
        cancelable.add("deliveryFailed")
    waits = request.status == "WaitingForCallback" and call.sim.switches.is_("cancel_waiting", "refuse")
    if request.state not in cancelable or waits:
        raise refusal(400, "InvalidRequest", f"A request in state '{request.state}' cannot be canceled.")
    call.sim.lifecycle.cancel(request, call.now)
    return Answer(int(call.sim.switches["cancel_status"]))


def _expect_cancel_body(call: Call, request: Request) -> None:
    """Refuse a body, but for the one that the cancel page of beta asks of a non-administrator."""
    is_user = call.caller.delegated and not call.caller.permissions & WRITE
    if call.operation.version == "beta" and (is_user or call.operation.body.strip()):
        if call.operation.json() != {"id": request.id, "requestStatus": "cancelled"}:
            raise bad_request("The request body must be empty, or name the request and the status 'cancelled'.")
    else:
        call.operation.expect_no_body()


def reprocess(call: Call) -> Answer:
    """POST /assignmentRequests/{id}/reprocess: deliver again what failed, up to 14 days after completion."""
    reach = writing(call.caller)
    request = _request(call)
    require_covers(reach, call.store.packages[request.package_id])
    call.operation.expect_no_body()
    if request.state not in ("deliveryFailed", "partiallyDelivered") or request.completed is None:
        raise refusal(400, "InvalidRequest", f"A request in state '{request.state}' cannot be reprocessed.")
    if call.now - request.completed > REPROCESS_SPAN:
        raise refusal(400, "InvalidRequest", "The request completed more than 14 days ago and cannot be reprocessed.")
    call.sim.lifecycle.reprocess_request(request, call.now)
    return Answer(202)


def delete(call: Call) -> Answer:
    """DELETE /assignmentRequests/{id}: denied or completed requests without an assignment."""
    reach = writing(call.caller)
    request = _request(call)
    require_covers(reach, call.store.packages[request.package_id])
    if request.state in OPEN_REQUEST_STATES:
        raise refusal(400, "InvalidRequest", f"A request in state '{request.state}' cannot be deleted.")
    has_assignment = request.assignment_id in call.store.assignments
    if has_assignment and call.sim.switches.is_("delete_delivered", "refuse"):
        raise refusal(400, "InvalidRequest", "A request that has an assignment cannot be deleted.")
    call.store.remove_request(request)
    return Answer(204)


def resume(call: Call) -> Answer:
    """POST /assignmentRequests/{id}/resume: the answer of a custom extension that a request waits for."""
    reach = writing(call.caller)
    request = _request(call)
    require_covers(reach, call.store.packages[request.package_id])
    body = call.operation.json()
    waiting = _waiting(request)
    data = _resume_data(body, call.schema)
    answered = (data["stage"], data["customExtensionStageInstanceId"])
    callout = next((item for item in waiting if (item.stage, item.id) == answered), None)
    if callout is None:
        raise refusal(400, "InvalidRequest", "The callback is not the one the request waits for.")
    decision = data.get("state")
    allowed = ("Denied", "Canceled") if callout.stage == "assignmentRequestCreated" else ()
    if decision is not None and decision not in allowed:
        raise refusal(400, "InvalidRequest", "state takes Denied or Canceled, at assignmentRequestCreated only.")
    callout.detail = data.get("customExtensionStageInstanceDetail")
    _continue(call, request, callout, decision)
    return Answer(204)


def _continue(call: Call, request: Request, callout: Callout, decision: str | None) -> None:
    if decision is None:
        call.sim.lifecycle.call_back(request, callout, call.now)
        return
    callout.status = "callbackReceived"
    if decision == "Denied":
        call.sim.lifecycle.decide(request, False, call.now)
    else:
        call.sim.lifecycle.cancel(request, call.now)


def _waiting(request: Request) -> list[Callout]:
    waiting = [item for item in request.callouts if item.status == "waitingForCallback"]
    if not waiting or request.status != "WaitingForCallback":
        raise refusal(400, "InvalidRequest", "The request does not wait for a callback.")
    return waiting


def _resume_data(body: Any, schema: Schema) -> dict[str, Any]:
    if not isinstance(body, dict) or set(body) - {"source", "type", "data"}:
        raise invalid_model("resume takes source, type and data.")
    if not isinstance(body.get("source"), str):
        raise invalid_model("source is a string.")
    data = body.get("data")
    check_body(data, schema, "accessPackageAssignmentRequestCallbackData", "data")
    assert isinstance(data, dict)
    stage = data.get("stage")
    if stage not in _RESUME_STAGES or body.get("type") != f"microsoft.graph.accessPackageCustomExtensionStage.{stage}":
        raise invalid_model("type and data.stage do not name the same stage.")
    if data.get("customExtensionStageInstanceId") is None:
        raise invalid_model("data.customExtensionStageInstanceId is required.")
    return data
