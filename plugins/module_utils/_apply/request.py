# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop around one request: read, decide, do, and read again, until nothing is left to do or the time is up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ansible_collections.idgov.entra.plugins.module_utils._apply.apply import MOST_REPEATS
from ansible_collections.idgov.entra.plugins.module_utils._apply.run import Run
from ansible_collections.idgov.entra.plugins.module_utils._apply.send import send_writes
from ansible_collections.idgov.entra.plugins.module_utils._apply.wait import Waiter, timed_out
from ansible_collections.idgov.entra.plugins.module_utils._core.clock import Clock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, GraphError, MissingLibrary
from ansible_collections.idgov.entra.plugins.module_utils._decide.plan import Write
from ansible_collections.idgov.entra.plugins.module_utils._decide.requests import (
    REQUEST_STILL,
    REQUEST_UNSEEN,
    DesiredRequest,
    RequestDecision,
    decide_request,
    plan_request,
    predict_request,
    request_refusal,
    request_warning,
    say_of_request,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.sentences import cancel_warning
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Request
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.parse import parse_request
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import get_request
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._graph.page import parse_reply
from ansible_collections.idgov.entra.plugins.module_utils._http.throttling import back_off


@dataclass
class Change:
    """How far a task about one request has come; ``done`` once it has ended well, ``error`` where it has not."""

    desired: DesiredRequest
    before: Request | None = None
    found: Request | None = None
    # the write that was accepted, or in check mode would be; and one whose answer was lost
    write: Write | None = None
    lost: Write | None = None
    warnings: list[str] = field(default_factory=list)
    error: EntraError | None = None
    # Graph's word that this caller may not cancel
    cancel_refused: GraphError | None = None
    pending: bool = False
    done: bool = False
    # how often a write was refused or lost, so that reading had to be repeated
    repeats: int = 0

    def learn(self, found: Request | None) -> None:
        """Take in what was read; a lost write counts as done where the request is not as it was before it."""
        self.found = found
        if self.lost is not None and self.write is None and found != self.lost.request:
            self.warnings.append("the answer to a call of this task was lost; Graph shows that it was carried out")
            self.write = self.lost

    def finish(self, *, pending: bool = False) -> None:
        """End well."""
        self.pending, self.done = pending, True


@dataclass(frozen=True)
class _Means:
    """What the steps of the loop work with."""

    graph: GraphClient
    clock: Clock
    waiter: Waiter
    is_user: Callable[[], bool]


def change_request(desired: DesiredRequest, run: Run) -> Change:
    """Bring one request to what is desired of it, or in check mode find out what that would take.

    What went wrong is in the change, with what was done before it; raises MissingLibrary only.
    """
    change = Change(desired)
    means = _Means(run.graph, run.clock, Waiter(run.graph, run.clock, run.patience), run.is_user)
    try:
        change.before = change.found = _read(means, desired)
        while not change.done:
            written = change.write.request if change.write else None
            decision = decide_request(
                desired, change.found, run.clock.now(), written=written, may_cancel=change.cancel_refused is None
            )
            if decision.row.step in (Step.NOTHING, Step.REFUSE):
                _end(change, decision)
            elif run.check_mode:
                _dry_run(change, decision.row.step, run)
            elif decision.row.step is Step.WAIT:
                _wait(change, means)
            else:
                _do(change, decision.row.step, means)
    except MissingLibrary:
        raise
    except EntraError as error:
        change.error = error
    return change


def _end(change: Change, decision: RequestDecision) -> None:
    if decision.row.step is Step.REFUSE:
        raise request_refusal(decision, change.desired, change.found, change.cancel_refused)
    warning = request_warning(decision, change.desired, change.found)
    change.warnings += [warning] if warning else []
    change.finish(pending=decision.row.pending)


def _dry_run(change: Change, step: Step, run: Run) -> None:
    """Take a step in imagination."""
    if step is Step.CANCEL and change.found is not None and not run.is_delegated():
        change.warnings.append(cancel_warning(change.found))
    if step is not Step.WAIT and change.found is not None:
        change.write = plan_request(step, change.desired, change.found)
    change.found = predict_request(step, change.desired, change.found, run.clock.now())


def _do(change: Change, step: Step, means: _Means) -> None:
    """Send the write of a step once, and read what there is then."""
    if change.found is None:
        return
    write = plan_request(step, change.desired, change.found, by_user=means.is_user())
    (sent,) = send_writes(means.graph, [write])
    if sent.error is None:
        change.write = write
        means.waiter.moved()
        if change.desired.wait:
            change.learn(_read(means, change.desired))
        else:
            change.found = predict_request(step, change.desired, change.found, means.clock.now())
            change.finish(pending=step is Step.REPROCESS)
    elif sent.forbidden:
        change.cancel_refused = sent.forbidden
        change.learn(_read(means, change.desired))
    elif sent.unsure:
        change.lost = write if sent.is_lost else change.lost
        _fetch_again(change, means, sent.error, until_moved=not sent.is_lost)
    else:
        raise sent.error


def _fetch_again(change: Change, means: _Means, error: EntraError, *, until_moved: bool) -> None:
    """Read after a doubt; a write that was refused is not sent again before the request has moved."""
    refused = change.found
    while True:
        change.repeats += 1
        if change.repeats > MOST_REPEATS or means.waiter.time_is_up:
            raise error
        means.clock.pause(back_off(change.repeats))
        change.learn(_read(means, change.desired))
        if not until_moved or change.found != refused:
            return


def _wait(change: Change, means: _Means) -> None:
    """Look again after a pause; a write that was accepted is only waited for to be seen, except for a delivery."""
    desired, found = change.desired, change.found
    if means.waiter.time_is_up:
        if change.write is None or desired.state == "reprocessed":
            raise timed_out(say_of_request(REQUEST_STILL[desired.state], desired, found))
        change.warnings.append(say_of_request(REQUEST_UNSEEN, desired, found))
        change.finish()
        return
    means.waiter.pause()
    change.learn(_read(means, desired))
    if change.found != found:
        means.waiter.moved()


def _read(means: _Means, desired: DesiredRequest) -> Request | None:
    """Read the request; null where there is none."""
    try:
        call = get_request(desired.request_id)
        return parse_reply(call, means.graph.send(call), parse_request)
    except GraphError as error:
        if error.status == 404:
            return None
        raise
