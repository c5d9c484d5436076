# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deciding what to do to one request: pure functions of what is desired of it, what it is, and the time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    GraphError,
    NameNotFound,
    Refused,
    RequestFailed,
)
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import same_id
from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant
from ansible_collections.idgov.entra.plugins.module_utils._decide.decide import REPROCESS_SPAN
from ansible_collections.idgov.entra.plugins.module_utils._decide.plan import Write
from ansible_collections.idgov.entra.plugins.module_utils._decide.request_table import (
    CANCELABLE,
    DELETABLE,
    REPROCESSABLE,
    REQUEST_FACTS,
    RequestFacts,
    find_request_row,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.sentences import CANCEL_HINT
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Row, Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Callout, Request
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import (
    cancel_request,
    delete_request,
    reprocess_request,
    resume_request,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.request_bodies import resume_body
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call

_AWAITED = "waitingForCallback"
_DONE = {"canceled": "cancel", "reprocessed": "reprocess", "resumed": "resume", "absent": "delete"}


@dataclass(frozen=True)
class Callback:
    """The answer of a custom extension; ``decision`` is denied, canceled or null to let the request go on."""

    source: str
    stage: str
    instance_id: str
    instance_detail: str | None = None
    decision: str | None = None


@dataclass(frozen=True)
class DesiredRequest:
    """What a task wants of one request; ``callback`` is there with the state resumed only."""

    request_id: str
    state: str
    callback: Callback | None = None
    wait: bool = True

    @property
    def purpose(self) -> str:
        """Name what the task is about, as in "could not ...": a verb and its object."""
        return f"{_DONE[self.state]} request {self.request_id}"


@dataclass(frozen=True)
class RequestDecision:
    """What to do next, and by which row."""

    row: Row
    facts: RequestFacts


def decide_request(
    desired: DesiredRequest,
    found: Request | None,
    now: datetime,
    *,
    written: Request | None,
    may_cancel: bool,
) -> RequestDecision:
    """Choose the row of the table.

    ``found`` is the request as it is, null where there is none; ``written`` is the request as it was before a write of
    this task was accepted, null where none was.
    """
    facts = RequestFacts(
        state=desired.state,
        found=_word(found),
        failure=_failure(found, written, now),
        callback=callback_word(desired, found, written=written is not None),
        decision=_decision(desired, found),
        written="no" if written is None else "yes",
        cancel="allowed" if may_cancel else "refused",
        wait="yes" if desired.wait else "no",
    )
    return RequestDecision(find_request_row(facts), facts)


def plan_request(step: Step, desired: DesiredRequest, found: Request, *, by_user: bool = False) -> Write:
    """Return the write of a step, with the request as it is before it.

    ``by_user`` is true for a caller who is no administrator, of whom beta asks more.
    """
    return Write(step, _call(step, desired, by_user=by_user), found)


def predict_request(step: Step, desired: DesiredRequest, found: Request | None, now: datetime) -> Request | None:
    """Imagine the request after a step was carried out, or after what is waited for has come."""
    if found is None or step is Step.DELETE:
        return None
    if step is Step.CANCEL:
        return replace(found, state="canceled")
    if step is Step.RESUME:
        answered = (replace(c, status="callbackReceived") if _is_own(c, desired) else c for c in found.callouts)
        decision = desired.callback.decision if desired.callback else None
        return replace(found, state=decision or found.state, status=None, callouts=tuple(answered))
    if desired.state == "resumed":
        return replace(found, status=_AWAITED)
    if step is Step.REPROCESS and not desired.wait:
        return replace(found, state="delivering", status=None, completed=None)
    return replace(found, state="delivered", status=None, completed=now)


def callback_word(desired: DesiredRequest, found: Request | None, *, written: bool) -> str:
    """Return how the request stands to the callback that a task answers, in a word of the table."""
    if desired.callback is None or found is None:
        return REQUEST_FACTS["callback"][0]
    own = next((callout for callout in found.callouts if _is_own(callout, desired)), None)
    if not found.is_open or (own is not None and own.status != _AWAITED):
        return "answered"
    if not found.awaits_callback:
        return "answered" if written else "unseen"
    others = any(callout.status == _AWAITED for callout in found.callouts)
    # Where no callout is listed as waiting, the status alone says so, and Graph judges the id.
    return "other" if own is None and others else "awaited"


def _word(found: Request | None) -> str:
    if found is None:
        return "nothing"
    return found.state if found.state in REQUEST_FACTS["found"] else "unknown"


def _failure(found: Request | None, written: Request | None, now: datetime) -> str:
    if found is None or found.completed is None:
        return "recent"
    if written is not None and written.completed != found.completed:
        return "repeated"
    return "recent" if now - found.completed <= REPROCESS_SPAN else "old"


def _decision(desired: DesiredRequest, found: Request | None) -> str:
    decision = desired.callback.decision if desired.callback else None
    if found is None or decision is None or found.state in (decision, "submitted"):
        return "kept"
    return "missed"


def _is_own(callout: Callout, desired: DesiredRequest) -> bool:
    return desired.callback is not None and same_id(callout.id, desired.callback.instance_id)


def _call(step: Step, desired: DesiredRequest, *, by_user: bool) -> Call:
    callback = desired.callback
    if step is Step.CANCEL:
        return cancel_request(desired.request_id, by_user=by_user)
    if step is Step.REPROCESS:
        return reprocess_request(desired.request_id)
    if step is Step.RESUME and callback is not None:
        body = resume_body(
            source=callback.source,
            stage=callback.stage,
            instance_id=callback.instance_id,
            detail=callback.instance_detail,
            state=callback.decision.capitalize() if callback.decision else None,
        )
        return resume_request(desired.request_id, body)
    return delete_request(desired.request_id)


_UNCHANGED = "it is {state}{status}"
# name -> sentence, hint
REQUEST_REFUSALS: dict[str, tuple[str, str]] = {
    "not_found": (
        "there is no request with this id",
        "check request_id: the request may have been deleted, or belong to another tenant",
    ),
    "cannot_cancel": (
        f"{_UNCHANGED}{{start}}, and Graph does not allow this caller to cancel it",
        CANCEL_HINT,
    ),
    "not_cancelable": (
        f"{_UNCHANGED}, and only a request that is {', '.join(CANCELABLE)} can be canceled",
        "to remove access that was given, use access_package_assignment with state: absent",
    ),
    "failed_again": (
        f"{_UNCHANGED} again after it was reprocessed",
        "check the request and the resources of the access package in the Microsoft Entra admin center",
    ),
    "failed_too_old": (
        f"{_UNCHANGED} since {{completed}}, and Graph reprocesses a request for 14 days only",
        "use access_package_assignment with state: absent, then with state: present",
    ),
    "not_reprocessable": (
        f"{_UNCHANGED}, and only a request that is {', '.join(REPROCESSABLE)} can be reprocessed",
        "make a new request with access_package_assignment",
    ),
    "other_callback": (
        "it waits for the callback {awaited}, not for {instance}",
        "set instance_id to the customExtensionStageInstanceId that the custom extension was called with",
    ),
    "not_waiting": (
        f"{_UNCHANGED}, and does not wait for a callback; only a request in the status WaitingForCallback can be resumed",
        "check whether the custom extension of the policy is set to launch and wait, and whether instance_id belongs to this"
        " request",
    ),
    "not_deletable": (
        f"{_UNCHANGED}, and only a request that is {', '.join(DELETABLE)} can be deleted",
        "cancel it first, or wait until it has ended",
    ),
}
REQUEST_WARNINGS: dict[str, str] = {
    "in_part": "request {request} was reprocessed and is only partially delivered{status}",
    "decided_otherwise": "request {request} no longer waits for this callback and is {state}, not {decision}",
}
# what a wait that was too long, or a write that does not show, is about
REQUEST_STILL = {"reprocessed": f"{_UNCHANGED} still", "resumed": f"{_UNCHANGED} and waits for no callback yet"}
REQUEST_UNSEEN = "Graph has accepted the request to {purpose}, but does not show it yet"


def request_refusal(
    decision: RequestDecision, desired: DesiredRequest, found: Request | None, cancel_refused: GraphError | None = None
) -> EntraError:
    """Make the error of a row that refuses; ``cancel_refused`` is Graph's word where it did not let the caller cancel."""
    name = decision.row.refuse or ""
    sentence, hint = (say_of_request(text, desired, found) for text in REQUEST_REFUSALS[name])
    if name == "cannot_cancel":
        return Refused(sentence, hint=hint, answer=cancel_refused)
    kind = {"not_found": NameNotFound, "failed_again": RequestFailed}.get(name, Refused)
    return kind(sentence, hint=hint)


def request_warning(decision: RequestDecision, desired: DesiredRequest, found: Request | None) -> str | None:
    """Make the warning of a row, or give null where it has none."""
    name = decision.row.warn
    return say_of_request(REQUEST_WARNINGS[name], desired, found) if name else None


def say_of_request(sentence: str, desired: DesiredRequest, found: Request | None) -> str:
    """Fill a sentence with the words of a request and of what is desired of it."""
    callback = desired.callback
    awaited = [c.id for c in found.callouts if c.status == "waitingForCallback"] if found else []
    status = found.status if found else None
    start = found.schedule.start if found and found.state == "scheduled" else None
    return sentence.format(
        request=desired.request_id,
        purpose=desired.purpose,
        state=found.state if found else "away",
        status=f" ({status})" if status else "",
        start=f", starts {format_instant(start)}" if start else "",
        completed=format_instant(found.completed) if found and found.completed else "an unknown date",
        awaited=" or ".join(awaited) or "with an unknown id",
        instance=callback.instance_id if callback else "",
        decision=(callback.decision if callback else None) or "",
    )
