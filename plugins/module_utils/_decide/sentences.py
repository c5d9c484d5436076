# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences behind the rows of the decision table that refuse or warn. Each names what it is about."""

from __future__ import annotations

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import GraphError, Refused
from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant
from ansible_collections.idgov.entra.plugins.module_utils._decide.decide import Decision
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Person
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Policy, Request

# What helps where Graph refuses cancel (Graph documentation, "accessPackageAssignmentRequest: cancel", which offers it to
# delegated callers only; a public client cancels as an application).
CANCEL_HINT = (
    "cancel it in the Microsoft Entra admin center, or use a delegated token of somebody with"
    " EntitlementManagement.ReadWrite.All and a role on the catalog; Graph may not allow an application to cancel requests"
)
# name -> sentence, hint
REFUSALS: dict[str, tuple[str, str]] = {
    "unknown_state": (
        "assignment {assignment} is in the state {state}, which this version of the collection does not know, so nothing was sent",
        "check the assignment in the Microsoft Entra admin center, or update the collection",
    ),
    "governed_by_rule": (
        "assignment {assignment} is governed by the rule of the automatic policy {policy}",
        "change the rule or the attributes that it evaluates; a request cannot change such an assignment",
    ),
    "open_request": (
        "request {request} ({type}, {request_state}) is open and contradicts this",
        "wait until it has ended, or set on_open_request to wait or cancel",
    ),
    "open_request_no_wait": (
        "request {request} ({type}, {request_state}) is open and contradicts this, and wait is false",
        "run the task again once it has ended, or set wait to true",
    ),
    "parked_request": (
        "request {request} ({type}, {request_state}{start}) contradicts this, and the task does not wait for an"
        " approval or a start date",
        "set on_open_request to cancel, or have the request approved, denied or canceled",
    ),
    "cannot_cancel": (
        "request {request} ({type}, {request_state}{start}) is open, and Graph does not allow this caller to cancel it",
        CANCEL_HINT,
    ),
    "hidden_policy": (
        "request {request} ({type}, {request_state}{start}) is open, and Graph does not show whether it is under the policy"
        " {desired_policy}",
        "omit policy to cancel any request of this person, or have the request approved, denied or canceled",
    ),
    "past_end": (
        "the requested end is in the past, and assignment {assignment} is active",
        "to end access now, use state: absent",
    ),
    "policy_mismatch": (
        "assignment {assignment} is under the policy {policy}, not under {desired_policy}",
        "set on_policy_mismatch to keep or replace, or omit policy",
    ),
    "delivery_failed": (
        "the delivery of assignment {assignment} failed ({status})",
        "set on_delivery_failed to reprocess, or check the resources of the access package",
    ),
    "failed_too_old": (
        "the delivery of assignment {assignment} failed, and there is no failed request of the last 14 days to"
        " reprocess",
        "run with state: absent, then with state: present",
    ),
    "still_delivering": (
        "assignment {assignment} is still being delivered and cannot be changed until then, and wait is false",
        "run the task again once it is delivered, or set wait to true",
    ),
    "partial_delivery": (
        "assignment {assignment} is only partially delivered ({status})",
        "set on_partial_delivery to keep or reprocess, or check the resources of the access package",
    ),
}
WARNINGS: dict[str, str] = {
    "never_given": "the requested end is in the past, so {person} was not given access",
    "taken_away": "the assignment {assignment} of {person} was removed on {expired}, before its end;"
    " it is created again",
    "delivery_failed": "the delivery of assignment {assignment} of {person} failed ({status}) and was left unchanged",
    "partial_delivery": "assignment {assignment} of {person} is only partially delivered ({status})",
    "hidden_policy": "request {request} of {person} is open, and Graph does not show whether it is under the policy"
    " {desired_policy}; run the task again once it has ended",
    "other_policy": "{person} holds the package under the policy {policy}, not under {desired_policy}; it was left unchanged",
}


def refusal(
    decision: Decision, person: Person, policy: Policy | None, cancel_refused: GraphError | None = None
) -> Refused:
    """Make the error of a row that refuses, about a person and the policy that was named.

    ``cancel_refused`` is Graph's word where it did not let the caller cancel.
    """
    name = decision.row.refuse or ""
    sentence, hint = REFUSALS[name]
    words = _words(decision, person, policy)
    answer = cancel_refused if name == "cannot_cancel" else None
    return Refused(sentence.format(**words), hint=hint.format(**words), answer=answer)


def cancel_warning(request: Request) -> str:
    """Warn an application, in check mode, of a cancel that Graph may refuse."""
    return (
        f"request {request.id} would be canceled; Graph may not allow an application to do that, and then it stays open"
    )


def warning(decision: Decision, person: Person, policy: Policy | None) -> str | None:
    """Make the warning of a row, or return null where it has none."""
    name = decision.row.warn
    return WARNINGS[name].format(**_words(decision, person, policy)) if name else None


def _words(decision: Decision, person: Person, policy: Policy | None) -> dict[str, str]:
    assignment, request = decision.assignment, decision.request
    held = assignment.policy if assignment else None
    start = request.schedule.start if request else None
    return {
        "person": person.label,
        "assignment": (assignment.id if assignment else None) or "that will be created",
        "state": assignment.state if assignment else "",
        "status": (assignment.status or assignment.state) if assignment else "",
        "expired": format_instant(assignment.expired) if assignment and assignment.expired else "an unknown date",
        "policy": (held.display_name or held.id) if held else "unknown",
        "desired_policy": (policy.display_name or policy.id) if policy else "",
        "request": (request.id if request else None) or "with an unknown id",
        "type": request.type if request else "",
        "request_state": request.state if request else "",
        "start": f", starts {format_instant(start)}" if start and request and request.state == "scheduled" else "",
    }
