# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""POST /assignmentRequests: who may ask for what, the conflicts, and the request that comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .access import OWN, WRITE, Reach, require_covers, require_user, writing
from .errors import GraphError, refusal
from .graph import Answer, Call
from .listing import context_of, view_of
from .model import Assignment, Package, Policy, Request, Schedule, Subject
from .policy_checks import check_answers, check_justification, check_schedule
from .policy_fit import admits, conflicts, in_sets, may_request, may_request_for, strictest
from .views import accepted_request
from .wanted import Wanted, read_wanted


def create_request(call: Call) -> Answer:
    """Answer a create call: 201 and the accepted request, or why not."""
    wanted = read_wanted(call.operation.json(), call.dialect, call.sim.switches)
    maker = _MAKERS.get(wanted.type)
    if maker is None:
        raise _no(f"The request type '{wanted.type}' is not supported.")
    request = maker(call, wanted)
    call.store.add_request(request)
    call.sim.lifecycle.submit(request, call.now)
    context = context_of(call, "identityGovernance/entitlementManagement/assignmentRequests/$entity")
    body = {"@odata.context": context, **accepted_request(view_of(call), request)}
    empty = call.sim.switches.is_("create_answer", "empty")
    return Answer(int(call.sim.switches["create_status"]), None if empty else body)


def _no(message: str) -> GraphError:
    return refusal(400, "InvalidRequest", message)


def _no_valid_policy() -> GraphError:
    return _no("No valid policy was found in the request")


_BY_KIND = {
    "access package": (404, "AccessPackageNotFound"),
    "assignment policy": (404, "PolicyNotFound"),
    "subject": (400, "ResourceNotFoundInOriginSystem"),
}


def _unknown(call: Call, what: str, entity_id: str) -> GraphError:
    text = f"The {what} '{entity_id}' was not found."
    if call.sim.switches.is_("unknown_entity", "by_kind"):
        status, code = _BY_KIND[what]
        return refusal(status, code, text)
    if call.sim.switches.is_("unknown_entity", "not_found"):
        return refusal(404, "ResourceNotFound", text)
    return refusal(400, "InvalidRequest", text)


def _existing_open_request() -> GraphError:
    return refusal(
        400,
        "InvalidRequest",
        "The request is invalid.",
        ("ExistingOpenRequest", "There is already an open request for this subject and access package."),
    )


def _no_active_grant() -> GraphError:
    return refusal(404, "InvalidRequestNoActiveGrant", "The subject has no active assignment of this access package.")


def _package(call: Call, wanted: Wanted) -> Package:
    if wanted.package_id is None:
        raise _no("The access package is required.")
    package = call.store.packages.get(wanted.package_id)
    if package is None:
        raise _unknown(call, "access package", wanted.package_id)
    return package


def _policy(call: Call, wanted: Wanted, package: Package) -> Policy:
    if wanted.policy_id is None:
        raise _no("The assignment policy is required.")
    policy = call.store.policies.get(wanted.policy_id)
    if policy is None:
        raise _unknown(call, "assignment policy", wanted.policy_id)
    if policy.package_id != package.id:
        raise _no("The assignment policy belongs to another access package.")
    return policy


def _subject(call: Call, wanted: Wanted) -> Subject:
    if wanted.object_id is not None:
        principal = call.store.principals.get(wanted.object_id)
        if principal is None:
            raise _unknown(call, "subject", wanted.object_id)
        return call.store.subject_of(principal)
    if not wanted.email or "@" not in wanted.email:
        raise _no("The target is required: an object id or an email address.")
    user = call.store.user_by_mail(wanted.email)
    if user is None:
        return call.store.outsider(wanted.email)
    if not user.enabled:
        raise _no("The sign-in of the user with this email address is blocked.")
    return call.store.subject_of(user)


def _admin_add(call: Call, wanted: Wanted) -> Request:
    reach = writing(call.caller)
    package = _package(call, wanted)
    require_covers(reach, package)
    policy = _policy(call, wanted, package)
    subject = _subject(call, wanted)
    if policy.automatic:
        raise _no("Assignments under an automatic assignment policy cannot be requested.")
    if not admits(call.store, policy, subject):
        raise _no("You don't meet policy requirements to request this entitlement")
    return _add(call, wanted, policy, subject)


def _user_add(call: Call, wanted: Wanted) -> Request:
    user_id = require_user(call.caller, OWN | WRITE)
    package = _package(call, wanted)
    principal = call.store.principals.get(user_id)
    if principal is None:
        raise _unknown(call, "subject", user_id)
    own = call.store.subject_of(principal)
    others = wanted.object_id not in (None, user_id) or (wanted.object_id is None and wanted.email is not None)
    subject = _report(call, wanted) if others else own
    fits: Callable[[Policy], bool] = lambda policy: (  # noqa: E731
        may_request_for(call.store, policy, user_id, subject) if others else may_request(call.store, policy, user_id)
    )
    candidates = [each for each in call.store.policies_of(package.id) if fits(each)]
    if wanted.policy_id is not None:
        named = _policy(call, wanted, package)
        candidates = [each for each in candidates if each.id == named.id]
    policy = strictest(candidates)
    if policy is None:
        raise _no_valid_policy()
    if conflicts(call.store, package, subject):
        raise _no("The subject holds something that is incompatible with this access package.")
    return _add(call, wanted, policy, subject)


def _report(call: Call, wanted: Wanted) -> Subject:
    """Find for whom a manager asks: in the directory, named by target.objectId (create page, on-behalf example)."""
    if wanted.target_object_id is None:
        raise _no_valid_policy()
    if wanted.policy_id is None and call.sim.switches.is_("behalf_policy", "required"):
        raise _no("The assignment policy is required.")
    return _subject(call, wanted)


def _add(call: Call, wanted: Wanted, policy: Policy, subject: Subject) -> Request:
    start = max(wanted.schedule.start or call.now, call.now)
    check_schedule(wanted, policy, start, call.now, call.sim.switches)
    check_justification(wanted, policy, call.sim.switches)
    check_answers(wanted, policy, call.sim.switches)
    if call.store.open_request(policy.package_id, subject.id):
        raise _existing_open_request()
    if call.store.active_assignment(policy.package_id, subject.id):
        raise refusal(
            409, "InvalidRequestExistingGrant", "The subject already has an active assignment of this access package."
        )
    schedule = replace(wanted.schedule, start=start) if wanted.schedule.start else wanted.schedule
    return _request(call, wanted, policy, subject, call.sim.ids.new(), schedule)


def _request(
    call: Call,
    wanted: Wanted,
    policy: Policy,
    subject: Subject,
    assignment_id: str,
    schedule: Schedule,
) -> Request:
    return Request(
        id=call.sim.ids.new(),
        number=call.store.next_number(),
        type=wanted.type,
        state="submitted",
        status="Accepted",
        created=call.now,
        package_id=policy.package_id,
        policy_id=policy.id,
        subject_id=subject.id,
        requestor_id=_caller(call),
        assignment_id=assignment_id,
        created_by=call.caller.user_id,
        schedule=schedule,
        answers=wanted.answers,
        justification=wanted.justification,
        bypass_approval=wanted.bypass_approval,
    )


def _caller(call: Call) -> str | None:
    """Return the subject of who asks, as requestors are recorded; of an application nothing is known, so it has none."""
    principal = call.store.principals.get(call.caller.user_id or "")
    return call.store.subject_of(principal).id if principal else None


def _named_assignment(call: Call, wanted: Wanted) -> Assignment:
    if wanted.assignment_id is None:
        raise _no("The assignment is required.")
    assignment = call.store.assignments.get(wanted.assignment_id)
    if assignment is None:
        raise _no_active_grant()
    return assignment


def _check_active(call: Call, wanted: Wanted, assignment: Assignment) -> None:
    """Refuse in the order of the service: an open request first, then a missing grant."""
    updating = wanted.type.endswith("Update")
    lenient = updating and call.sim.switches.is_("update_while_open", "accept")
    if call.store.open_request(assignment.package_id, assignment.subject_id) and not lenient:
        raise _existing_open_request()
    if assignment.state == "expired":
        if not updating and call.sim.switches.is_("remove_expired", "not_found"):
            raise refusal(404, "ResourceNotFound", f"The assignment '{assignment.id}' was not found.")
        raise _no_active_grant()
    if call.store.policies[assignment.policy_id].automatic:
        raise _no("Assignments under an automatic assignment policy cannot be changed by requests.")


def _change(call: Call, wanted: Wanted, assignment: Assignment) -> Request:
    """Build an update or removal of an assignment."""
    policy = call.store.policies[assignment.policy_id]
    subject = call.store.subjects[assignment.subject_id]
    _check_active(call, wanted, assignment)
    if wanted.type.endswith("Remove"):
        if wanted.schedule != Schedule() or wanted.answers:
            raise _no("A removal takes the id of the assignment only.")
        return _request(call, wanted, policy, subject, assignment.id, Schedule())
    if wanted.schedule == Schedule() and not wanted.answers:
        raise _no("An update needs a schedule or answers.")
    schedule = _moved(call, wanted.schedule)
    start = schedule.start or assignment.schedule.start or call.now
    check_schedule(replace(wanted, schedule=schedule), policy, start, call.now, call.sim.switches)
    check_justification(wanted, policy, call.sim.switches)
    check_answers(wanted, policy, call.sim.switches)
    return _request(call, wanted, policy, subject, assignment.id, schedule)


def _moved(call: Call, schedule: Schedule) -> Schedule:
    """Move a past start to now, as the service does on an update (create page, example 7)."""
    moves = not call.sim.switches.is_("update_start", "kept")
    if moves and schedule.start is not None and schedule.start < call.now:
        return replace(schedule, start=call.now)
    return schedule


def _admin_change(call: Call, wanted: Wanted) -> Request:
    reach: Reach = writing(call.caller)
    assignment = _named_assignment(call, wanted)
    require_covers(reach, call.store.packages[assignment.package_id])
    return _change(call, wanted, assignment)


def _own_assignment(call: Call, wanted: Wanted) -> Assignment:
    """Find the caller's assignment: by its id, or (older texts) by package."""
    user_id = require_user(call.caller, OWN | WRITE)
    principal = call.store.principals.get(user_id)
    if principal is None:
        raise _unknown(call, "subject", user_id)
    subject = call.store.subject_of(principal)
    if wanted.assignment_id is None and wanted.package_id is not None:
        held = call.store.active_assignment(wanted.package_id, subject.id)
        if held is None:
            raise _no_active_grant()
        return held
    assignment = _named_assignment(call, wanted)
    if assignment.subject_id != subject.id:
        raise _no_valid_policy()
    return assignment


def _user_update(call: Call, wanted: Wanted) -> Request:
    assignment = _own_assignment(call, wanted)
    if not call.store.policies[assignment.policy_id].requestor.self_update:
        raise _no_valid_policy()
    return _change(call, wanted, assignment)


def _user_remove(call: Call, wanted: Wanted) -> Request:
    assignment = _own_assignment(call, wanted)
    if not call.store.policies[assignment.policy_id].requestor.self_remove:
        raise _no_valid_policy()
    return _change(call, wanted, assignment)


def _approver_remove(call: Call, wanted: Wanted) -> Request:
    user_id = require_user(call.caller, OWN | WRITE)
    assignment = _named_assignment(call, wanted)
    approvers = call.store.policies[assignment.policy_id].approval.approvers
    principal = call.store.principals.get(user_id)
    if principal is None or not in_sets(call.store, approvers, call.store.subject_of(principal)):
        raise _no_valid_policy()
    return _change(call, wanted, assignment)


_MAKERS: dict[str, Callable[[Call, Wanted], Request]] = {
    "adminAdd": _admin_add,
    "adminUpdate": _admin_change,
    "adminRemove": _admin_change,
    "userAdd": _user_add,
    "userUpdate": _user_update,
    "userRemove": _user_remove,
    "approverRemove": _approver_remove,
}
