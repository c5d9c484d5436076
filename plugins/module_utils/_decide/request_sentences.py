# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences behind the rows of the table of requests that refuse or warn. Each names what it is about."""

from __future__ import annotations

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    GraphError,
    NameNotFound,
    Refused,
    RequestFailed,
)
from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant
from ansible_collections.idgov.entra.plugins.module_utils._decide.request_table import (
    CANCELABLE,
    DELETABLE,
    REPROCESSABLE,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.requests import RequestDecision, WantedRequest
from ansible_collections.idgov.entra.plugins.module_utils._decide.sentences import CANCEL_HINT
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Request

_UNCHANGED = "it is {state}{status}"
# name -> sentence, hint
REQUEST_REFUSALS: dict[str, tuple[str, str]] = {
    "not_found": (
        "there is no request with this id",
        "check request_id: the request may have been deleted, or be one of another tenant",
    ),
    "cannot_cancel": (
        f"{_UNCHANGED}{{start}}, and Graph does not let this caller cancel it",
        CANCEL_HINT,
    ),
    "not_cancelable": (
        f"{_UNCHANGED}, and only what is {', '.join(CANCELABLE)} can be canceled",
        "to take access away that was given, use access_package_assignment with state: absent",
    ),
    "failed_again": (
        f"{_UNCHANGED} once more, after it was processed again",
        "look at the request and the resources of the access package in the Microsoft Entra admin center",
    ),
    "failed_too_old": (
        f"{_UNCHANGED} since {{completed}}, and Graph processes a request again for 14 days only",
        "use access_package_assignment with state: absent, then with state: present",
    ),
    "not_reprocessable": (
        f"{_UNCHANGED}, and only what is {', '.join(REPROCESSABLE)} can be processed again",
        "make a new request with access_package_assignment",
    ),
    "other_callback": (
        "it waits for the callback {awaited}, not for {instance}",
        "give as instance_id what the custom extension was called with, customExtensionStageInstanceId",
    ),
    "not_waiting": (
        f"{_UNCHANGED}, and does not wait for a callback; only a request in the status WaitingForCallback can be resumed",
        "look whether the custom extension of the policy launches and waits, and whether instance_id belongs to this"
        " request",
    ),
    "not_deletable": (
        f"{_UNCHANGED}, and only what is {', '.join(DELETABLE)} can be deleted",
        "cancel it first, or wait until it has ended",
    ),
}
REQUEST_WARNINGS: dict[str, str] = {
    "in_part": "request {request} was processed again and is delivered in part only{status}",
    "decided_otherwise": "request {request} waits for this callback no longer and is {state}, not {decision}",
}
# what a wait that was too long, or a write that does not show, is about
REQUEST_STILL = {"reprocessed": f"{_UNCHANGED} still", "resumed": f"{_UNCHANGED} and waits for no callback yet"}
REQUEST_UNSEEN = "Graph has accepted to {purpose}, but does not show it yet"


def request_refusal(
    decision: RequestDecision, wanted: WantedRequest, found: Request | None, cancel_refused: GraphError | None = None
) -> EntraError:
    """Make the error of a row that refuses; C(cancel_refused) is Graph's word where it did not let the caller cancel."""
    name = decision.row.refuse or ""
    sentence, hint = (say_of_request(text, wanted, found) for text in REQUEST_REFUSALS[name])
    if name == "cannot_cancel":
        return Refused(sentence, hint=hint, answer=cancel_refused)
    kind = {"not_found": NameNotFound, "failed_again": RequestFailed}.get(name, Refused)
    return kind(sentence, hint=hint)


def request_warning(decision: RequestDecision, wanted: WantedRequest, found: Request | None) -> str | None:
    """Make the warning of a row, or give null where it has none."""
    name = decision.row.warn
    return say_of_request(REQUEST_WARNINGS[name], wanted, found) if name else None


def say_of_request(sentence: str, wanted: WantedRequest, found: Request | None) -> str:
    """Fill a sentence with the words of a request and of what is wanted of it."""
    callback = wanted.callback
    awaited = [c.id for c in found.callouts if c.status == "waitingForCallback"] if found else []
    status = found.status if found else None
    start = found.schedule.start if found and found.state == "scheduled" else None
    return sentence.format(
        request=wanted.request_id,
        purpose=wanted.purpose,
        state=found.state if found else "away",
        status=f" ({status})" if status else "",
        start=f", starts {format_instant(start)}" if start else "",
        completed=format_instant(found.completed) if found and found.completed else "an unknown date",
        awaited=" or ".join(awaited) or "of unknown id",
        instance=callback.instance_id if callback else "",
        decision=(callback.decision if callback else None) or "",
    )
