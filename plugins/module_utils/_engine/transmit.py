# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real steps of the loop: sends writes once, waits for their requests, and judges how they ended."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.idgov.entra.plugins.module_utils._core.clock import Clock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    GraphError,
    Refused,
    RequestFailed,
    WaitTimeout,
)
from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant
from ansible_collections.idgov.entra.plugins.module_utils._decide.plan import Write
from ansible_collections.idgov.entra.plugins.module_utils._decide.schedules import effective_end
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._engine.act import Sent, open_request_exists, send_writes
from ansible_collections.idgov.entra.plugins.module_utils._engine.choose import NextStep
from ansible_collections.idgov.entra.plugins.module_utils._engine.item import Item
from ansible_collections.idgov.entra.plugins.module_utils._engine.readers import request_seen_at
from ansible_collections.idgov.entra.plugins.module_utils._engine.wait import Waiter
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Request
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import get_user
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._http.retry import back_off

MOST_REPEATS = 5
_FAILED = frozenset({"deliveryFailed", "denied", "canceled"})


class Transmitter:
    """Takes the steps of a round and leaves each item ready for the next one, or ended."""

    def __init__(self, graph: GraphClient, clock: Clock, waiter: Waiter) -> None:
        self._graph = graph
        self._clock = clock
        self._waiter = waiter

    def carry_out(self, steps: Sequence[NextStep]) -> None:
        """Send what is to be sent, each write once, then wait for all requests together.

        Raises only what signing in raises.
        """
        unseen = [s for s in steps if s.write and s.write.step is s.item.delivered and not _has_come_and_gone(s.item)]
        writing = [s for s in steps if s.write and s not in unseen]
        waiting = [s for s in steps if not s.write]
        repeated = [s.item for s in unseen]
        appearing: list[NextStep] = []
        for step in unseen:
            self._repeat(step, None)
        for step, sent in zip(writing, send_writes(self._graph, [s.write for s in writing if s.write]), strict=True):
            if step.write and step.write.step is step.item.delivered:
                step.item.repeats += 1
            if sent.unknown_person and self._may_appear(step, sent):
                appearing.append(step)
            elif sent.unsure:
                repeated.append(step.item)
                step.item.lost = step.write if sent.is_lost else step.item.lost
                self._repeat(step, sent)
            elif self._accepted(step, sent):
                waiting.append(step)
        self._wait(waiting)
        self._pause([item for item in repeated if not item.done])
        if appearing:
            self._waiter.pause()

    def _accepted(self, step: NextStep, sent: Sent) -> bool:
        """Note what became of a write; tell whether its request is waited for."""
        item = step.item
        if sent.error is not None:
            item.fail(sent.error)
            return False
        step.accept()
        item.request = sent.request
        self._waiter.moved()
        if step.decision.step is Step.CANCEL:
            return False
        if not step.wanted.choices.wait and not step.is_replacing:
            item.finish(pending=sent.request is not None and sent.request.is_open)
            return False
        return True

    def _may_appear(self, step: NextStep, sent: Sent) -> bool:
        """Tell whether a person whom Graph does not know may only be new: the directory knows, or may not be asked.

        Entitlement management learns of new users with some delay.
        """
        object_id = step.wanted.person.object_id
        if object_id is None or self._waiter.time_is_up:
            return False
        (known,) = self._graph.send_all([get_user(object_id)])
        if isinstance(known, GraphError) and known.status == 404:
            if sent.error:
                sent.error.hint = "the directory does not know this object id either: check the option user"
            return False
        return True

    def _repeat(self, step: NextStep, sent: Sent | None) -> None:
        """Let an item read and decide again, or end it when that has not helped often enough."""
        item = step.item
        item.repeats += 1
        if item.repeats > _most_repeats(step, sent) or self._waiter.time_is_up:
            _give_up(step, sent.error if sent else None)

    def _pause(self, items: Sequence[Item]) -> None:
        if items:
            self._clock.pause(max(back_off(item.repeats) for item in items))

    def _wait(self, steps: Sequence[NextStep]) -> None:
        watched = [s for s in steps if _request(s)]
        requests = [r for r in map(_request, watched) if r]
        places = {
            r.id or "": request_seen_at(s.wanted.request_as, r.id or "") for s, r in zip(watched, requests, strict=True)
        }
        for step, ended in zip(watched, self._waiter.settle(requests, places), strict=True):
            _judge(step, ended)
        self._wait_for_delivery([s for s in steps if not _request(s)])

    def _wait_for_delivery(self, steps: Sequence[NextStep]) -> None:
        """Wait for assignments that are being delivered without a request that could be watched."""
        if steps and self._waiter.time_is_up:
            for step in steps:
                assignment = step.decision.assignment
                step.item.fail(_timeout(f"assignment {assignment.id if assignment else ''} is still being delivered"))
        elif steps:
            self._waiter.pause()


def _most_repeats(step: NextStep, sent: Sent | None) -> int:
    """Say how often reading is repeated; what others made for a report no manager is ever shown, so one look is enough."""
    of_others = sent is not None and not sent.is_lost and step.item.lost is None and not step.item.writes
    return 1 if of_others and step.wanted.request_as == "manager" else MOST_REPEATS


def _has_come_and_gone(item: Item) -> bool:
    """Tell whether the reads show an assignment that this task made: then somebody has taken it away again."""
    known = {assignment.id for assignment in item.before.assignments}
    return item.repeats < MOST_REPEATS and any(a.id not in known for a in item.situation.assignments)


def _request(step: NextStep) -> Request | None:
    """The request that a step waits for: its own, or the open one."""
    return step.item.request if step.write else step.decision.request


def _judge(step: NextStep, ended: Request | EntraError) -> None:
    item = step.item
    if isinstance(ended, EntraError):
        item.fail(ended)
    elif ended.is_moving:
        item.request = ended
        item.fail(_timeout(f"request {ended.id} is still in the state {ended.state}"))
    elif step.write:
        _judge_own(item, step.write, ended)


def _judge_own(item: Item, write: Write, ended: Request) -> None:
    item.request = ended
    if ended.is_open:
        start = ended.schedule.start
        until = f"until {format_instant(start)}" if ended.state == "scheduled" and start else "for an approval"
        item.warn(
            f"access is not there yet: request {ended.id} waits {until}, and only a delegated token can cancel it"
        )
        item.finish(pending=True)
    elif write.step is Step.REPROCESS and ended.completed == write.request.completed:
        # Still what it was before: the reads have not caught up.
        item.delivered = write.step
    elif ended.state in _FAILED:
        status = f" ({ended.status})" if ended.status else ""
        item.fail(
            RequestFailed(
                f"request {ended.id} ended in the state {ended.state}{status}",
                hint="look at the request in the Microsoft Entra admin center; a re-run decides anew",
            )
        )
    else:
        item.delivered = write.step


def _timeout(what: str) -> WaitTimeout:
    return WaitTimeout(f"{what} and the time is up", hint="run again to go on from there, or raise wait_timeout")


def _give_up(step: NextStep, error: EntraError | None) -> None:
    """End an item whose write Graph refuses, or says to have carried out, while its reads show otherwise."""
    item, write = step.item, step.write
    adding = write is not None and write.step is Step.ADD
    request = step.item.request
    if adding and error is None and request and not request.is_known:
        item.warn(f"request {request.id} is in the state {request.state}, which this version does not know")
        item.finish(pending=True)
    elif adding and error is None:
        item.warn(f"Graph delivered the request for {step.wanted.person.label}, but does not list the assignment yet")
        item.finish()
    elif adding and getattr(error, "status", None) == 409:
        item.warn(f"Graph says that {step.wanted.person.label} holds the access package, but does not list it yet")
        item.finish()
    elif adding and open_request_exists(error):
        item.warn(f"Graph says that a request for {step.wanted.person.label} is open, but does not list it yet")
        item.finish(pending=True)
    else:
        item.fail(error or _not_kept(step))


def _not_kept(step: NextStep) -> Refused:
    """Say what Graph shows although the request of this task has ended well."""
    request, active = step.item.request, step.item.situation.active
    ended = f"request {request.id} ended in the state {request.state}" if request else "the request ended"
    if active is None:
        return Refused(f"{ended}, but Graph does not show what it was to bring about")
    shown = f"{ended}, but Graph shows assignment {active.id} as {active.state}"
    if step.write is None or step.write.step is not Step.UPDATE:
        return Refused(shown, hint="look at the request in the Microsoft Entra admin center, or run again later")
    start, end = active.schedule.start, effective_end(active.schedule)
    kept = f"from {format_instant(start) if start else 'no date'} until {format_instant(end) if end else 'no end'}"
    return Refused(
        f"{shown} {kept}, which is not what was asked for",
        hint="change the option schedule to what Graph keeps, or look at the limits of the policy",
    )
