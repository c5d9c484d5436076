# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access package assignments and subjects: read, and reprocess."""

from __future__ import annotations

from collections.abc import Iterable

from .access import OWN, READ, Reach, reading, require_covers, require_package_filter, require_user, writing
from .errors import refusal, unauthorized
from .filters import Filterable, field
from .graph import Answer, Call
from .ids import is_guid
from .listing import FUNCTION, Positioned, Query, answer_item, answer_page, read_function_query, read_query, writer
from .model import Assignment
from .odata_filter import required_equals
from .packages import not_found
from .store import Store

_KIND = "accessPackageAssignment"
_CONTEXT = "identityGovernance/entitlementManagement/assignments"


def filterable(store: Store) -> Filterable:
    """Return what a filter on assignments may name (list accessPackageAssignments page)."""
    return Filterable(
        {
            "state": field(lambda item: item.state, "accessPackageAssignmentState", "eq"),
            "accesspackage/id": field(lambda item: item.package_id, "guid", "eq"),
            "assignmentpolicy/id": field(lambda item: item.policy_id, "guid", "eq"),
            "target/objectid": field(lambda item: store.subjects[item.subject_id].object_id, "guid", "eq"),
        },
        state_or_switch="assignment_state_or",
    )


def _page(call: Call, query: Query, items: Positioned) -> Answer:
    return answer_page(call, query, items, writer(call, _KIND, query.options), _CONTEXT)


def _positioned(items: Iterable[Assignment]) -> Positioned:
    return ((item.number, item) for item in items)


def list_assignments(call: Call) -> Answer:
    """GET /assignments: current and expired ones."""
    reach = reading(call.caller)
    query = read_query(call, _KIND, filterable(call.store))
    package_id = required_equals(query.tree, "accesspackage/id") if query.tree else None
    require_package_filter(reach, call.store, package_id)
    return _page(call, query, _positioned(_candidates(call.store, query, package_id)))


def _candidates(store: Store, query: Query, package_id: str | None) -> Iterable[Assignment]:
    """Narrow a list down where its filter names package and target, so that big worlds stay quick."""
    object_id = required_equals(query.tree, "target/objectid") if query.tree else None
    if package_id is None or object_id is None:
        return store.assignments.values()
    return store.assignments_of(package_id.lower(), object_id.lower())


def _assignment(call: Call, reach: Reach) -> Assignment:
    assignment = call.store.assignments.get(call.params["assignment_id"])
    if assignment is None:
        raise not_found("access package assignment", call.params["assignment_id"])
    require_covers(reach, call.store.packages[assignment.package_id])
    return assignment


def get_assignment(call: Call) -> Answer:
    """GET /assignments/{id}."""
    return answer_item(call, _KIND, _assignment(call, reading(call.caller)), _CONTEXT)


def assignments_of_caller(call: Call) -> Answer:
    """GET /assignments/filterByCurrentUser(on='target' or 'createdBy')."""
    own = OWN if call.sim.switches.is_("own_assignments", "accept") else frozenset()
    user_id = require_user(call.caller, READ | own)
    on = call.params["on"]
    if on not in ("target", "createdBy"):
        raise refusal(400, "InvalidRequest", f"The value '{on}' of parameter 'on' is not supported.")
    query = read_function_query(call, _KIND, filterable(call.store))
    store = call.store

    def mine(item: Assignment) -> bool:
        if on == "target":
            return store.subjects[item.subject_id].object_id == user_id
        request = store.requests.get(item.created_by or "")
        return request is not None and request.created_by == user_id

    return _page(call, query, _positioned(item for item in store.assignments.values() if mine(item)))


def additional_access(call: Call) -> Answer:
    """GET /assignments/additionalAccess(...): who holds a package although also holding an incompatible one."""
    if not call.caller.delegated and call.sim.switches.is_("additional_access_app", "refuse"):
        raise unauthorized()
    reach = reading(call.caller)
    package_id, other_id = (call.params[name].lower() for name in ("access_package", "incompatible_access_package"))
    if not is_guid(package_id) or not is_guid(other_id):
        raise refusal(400, "InvalidRequest", "Unrecognized Guid format")
    store = call.store
    for each in (package_id, other_id):
        if each not in store.packages:
            raise not_found("access package", each)
        require_covers(reach, store.packages[each])
    query = read_query(call, _KIND, filterable(store), FUNCTION)
    write = writer(call, _KIND, query.options)
    both = (
        item
        for item in store.assignments.values()
        if item.package_id == package_id
        and item.state != "expired"
        and store.active_assignment(other_id, item.subject_id) is not None
    )
    typed = {"@odata.type": f"#microsoft.graph.{_KIND}"}
    return answer_page(call, query, _positioned(both), lambda item: {**typed, **write(item)}, _CONTEXT)


def reprocess_assignment(call: Call) -> Answer:
    """POST /assignments/{id}/reprocess: enforce a delivered assignment once more."""
    assignment = _assignment(call, writing(call.caller))
    call.operation.expect_no_body()
    if assignment.state != "delivered":
        raise refusal(400, "InvalidRequest", "Only a delivered assignment can be reprocessed.")
    call.sim.lifecycle.reprocess_assignment(assignment, call.now)
    return Answer(202)


def get_subject(call: Call) -> Answer:
    """GET /subjects/{id} and /subjects(objectId='...')."""
    if not reading(call.caller).everywhere:
        raise unauthorized()
    if "subject_id" in call.params:
        wanted = call.params["subject_id"]
        subject = call.store.subjects.get(wanted)
    else:
        wanted = call.params["object"].lower()
        subject = next((item for item in call.store.subjects.values() if item.object_id == wanted), None)
    if subject is None:
        raise not_found("subject", wanted)
    context = "identityGovernance/entitlementManagement/subjects"
    return answer_item(call, "accessPackageSubject", subject, context)
