# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real steps of the loop: sends writes once, waits for their requests, and judges how they ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ansible_collections.idgov.entra.plugins.module_utils._apply.choose import NextStep, without_writes
from ansible_collections.idgov.entra.plugins.module_utils._apply.item import Item
from ansible_collections.idgov.entra.plugins.module_utils._apply.run import Progress, Run
from ansible_collections.idgov.entra.plugins.module_utils._apply.send import Sent, send_writes
from ansible_collections.idgov.entra.plugins.module_utils._apply.wait import Waiter, Watched, timed_out
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    GraphError,
    Refused,
    RequestFailed,
    not_planned,
)
from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant
from ansible_collections.idgov.entra.plugins.module_utils._decide.plan import Write
from ansible_collections.idgov.entra.plugins.module_utils._decide.schedules import effective_end
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Request
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import get_user
from ansible_collections.idgov.entra.plugins.module_utils._fetch.readers import requests_shown_to
from ansible_collections.idgov.entra.plugins.module_utils._graph.errors import is_held, open_request_exists
from ansible_collections.idgov.entra.plugins.module_utils._http.throttling import back_off

MOST_REPEATS = 5
_FAILED = frozenset({"deliveryFailed", "denied", "canceled"})


@dataclass(frozen=True)
class _Wait:
    """A request that an item waits for; ``own`` is the write that made it, null for somebody else's request."""

    item: Item
    request: Request
    own: Write | None


class Applier:
    """Takes the steps of a round and leaves each item ready for the next one, or ended."""

    def __init__(self, run: Run, waiter: Waiter, progress: Progress) -> None:
        self._run = run
        self._graph = run.graph
        self._clock = run.clock
        self._waiter = waiter
        self._progress = progress

    def apply(self, steps: Sequence[NextStep]) -> None:
        """Send what is to be sent, each write once, then wait for all requests together.

        Raises only what signing in raises.
        """
        waiting, steps = self._found_again(steps)
        repeated = [s for s in steps if _is_unseen(s)]
        writing = self._within_plan([s for s in steps if s.write and not _is_unseen(s)])
        idle = [s for s in steps if not s.write]
        waiting += [_Wait(s.item, request, s.item.recognise(request)) for s in idle if (request := s.decision.request)]
        for step in repeated:
            self._repeat(step, None)
        strangers: list[tuple[NextStep, Sent]] = []
        answers = self._send(writing)
        if any(sent.request for sent in answers):
            # Before anything is judged: however long the sending took, patience starts with what was accepted.
            self._waiter.moved()
        for step, sent in zip(writing, answers, strict=True):
            if sent.forbidden:
                step.item.refuse_cancel(sent.forbidden)
            elif sent.unknown_person:
                strangers.append((step, sent))
            elif sent.unsure:
                repeated.append(step)
                if sent.is_lost:
                    step.item.lose(step.write)
                self._repeat(step, sent)
            elif self._accepted(step, sent) and sent.request:
                waiting.append(_Wait(step.item, sent.request, step.write))
        appearing = self._appearing(strangers)
        self._settle(waiting)
        self._wait_for_delivery([s for s in idle if not s.decision.request])
        self._pause([step.item for step in repeated if not step.item.done])
        if appearing:
            self._waiter.pause()

    def _send(self, steps: Sequence[NextStep]) -> list[Sent]:
        for step in steps:
            if step.write and step.write.step is step.item.delivered:
                # What was seen to come and go is sent once more, but not for ever.
                step.item.repeat()

        def goes_on(sent: Mapping[int, Sent]) -> bool:
            self._progress.count(steps[index].item for index in sent)
            return not (self._run.stops and any(each.is_failure for each in sent.values()))

        return send_writes(self._graph, [s.write for s in steps if s.write], goes_on)

    def _within_plan(self, steps: Sequence[NextStep]) -> list[NextStep]:
        """Fail the items that would send what is not in the plan that is carried out, and return the other steps."""
        for step in steps:
            if step.write and not step.item.may_send(step.write):
                step.item.fail(not_planned(step.write.step.value))
        within = [step for step in steps if not step.item.done]
        return without_writes(within) if self._run.stops and len(within) < len(steps) else within

    def _found_again(self, steps: Sequence[NextStep]) -> tuple[list[_Wait], list[NextStep]]:
        """Look how requests have ended that vanished from the open ones without the desired effect.

        Gives those that still move after all, and the steps that are left to take.
        """
        vanished = [
            _Wait(s.item, s.item.request, s.item.writes[-1]) for s in steps if s.item.vanished and s.item.request
        ]
        moving = []
        for wait, found in zip(vanished, self._waiter.look([_watched(w) for w in vanished]), strict=True):
            if isinstance(found, Request) and found.is_moving and not self._waiter.time_is_up:
                wait.item.watch(found)
                moving.append(replace(wait, request=found))
            else:
                _judge(wait, found)
        still = {id(wait.item) for wait in moving}
        return moving, [s for s in steps if not s.item.done and id(s.item) not in still]

    def _accepted(self, step: NextStep, sent: Sent) -> bool:
        """Record what became of a write; return whether its request is waited for."""
        item = step.item
        if sent.error is not None:
            item.fail(sent.error)
            return False
        step.accept(sent.request)
        if step.decision.step is Step.CANCEL:
            return False
        if step.write and sent.request and sent.request.id is None:
            # Accepted without a word about its request: the next reading shows it, or what it has brought about.
            item.await_sight(step.write, sent.unread)
            return False
        if not step.desired.handling.wait and not step.is_replacing:
            item.finish(pending=sent.request is not None and sent.request.is_open)
            return False
        return True

    def _appearing(self, strangers: Sequence[tuple[NextStep, Sent]]) -> bool:
        """Return whether people whom Graph does not know may only be new; fails the items of the others.

        The directory knows a new person, or may not be asked; entitlement management learns of new users with some
        delay.
        """
        ids = [step.desired.person.object_id for step, _dummy in strangers]
        known = iter(self._graph.send_all([get_user(i) for i in ids if i and not self._waiter.time_is_up]))
        appearing = False
        for (step, sent), object_id in zip(strangers, ids, strict=True):
            found = next(known, None) if object_id else None
            error = sent.error
            if isinstance(found, GraphError) and found.status == 404 and error:
                error = error.replace(hint="no object of the directory has this id either; check the option user")
                found = None
            if found is None and error:
                step.item.fail(error)
            appearing = appearing or not step.item.done
        return appearing

    def _repeat(self, step: NextStep, sent: Sent | None) -> None:
        """Let an item read and decide again, or end it when that has not helped often enough."""
        item = step.item
        item.repeat()
        if item.repeats > _most_repeats(step, sent) or self._waiter.time_is_up:
            _give_up(step, sent.error if sent else None)

    def _pause(self, items: Sequence[Item]) -> None:
        if items:
            self._clock.pause(max(back_off(item.repeats) for item in items))

    def _settle(self, waiting: Sequence[_Wait]) -> None:
        watched = [_watched(w) for w in waiting]
        for wait, ended in zip(waiting, self._waiter.settle(watched), strict=True):
            _judge(wait, ended)

    def _wait_for_delivery(self, steps: Sequence[NextStep]) -> None:
        """Wait for assignments that are being delivered without a request that could be watched."""
        if steps and self._waiter.time_is_up:
            for step in steps:
                assignment = step.decision.assignment
                step.item.fail(timed_out(f"assignment {assignment.id if assignment else ''} is still being delivered"))
        elif steps:
            self._waiter.pause()


def _watched(wait: _Wait) -> Watched:
    desired = wait.item.desired
    caller = desired.request_as if desired else "admin"
    return Watched(
        wait.request,
        listed_at=requests_shown_to(caller),
        package_id=desired.package.id if desired and caller == "admin" else None,
    )


def _most_repeats(step: NextStep, sent: Sent | None) -> int:
    """Return how often reading is repeated; what others made for a report no manager is ever shown, so one look is enough."""
    of_others = sent is not None and not sent.is_lost and step.item.lost is None and not step.item.writes
    return 1 if of_others and step.desired.request_as == "manager" else MOST_REPEATS


def _is_unseen(step: NextStep) -> bool:
    """Return whether a step would send once more what has ended well and is only not to be seen yet."""
    return bool(step.write and step.write.step is step.item.delivered and not _has_come_and_gone(step.item))


def _has_come_and_gone(item: Item) -> bool:
    """Return whether the reads show an assignment that this task made: then somebody has taken it away again."""
    known = {assignment.id for assignment in item.before.assignments}
    return item.repeats < MOST_REPEATS and any(a.id not in known for a in item.observed.assignments)


def _judge(wait: _Wait, ended: Request | EntraError | None) -> None:
    item = wait.item
    if ended is None:
        # Whether it brought what it was to bring, the next reading tells.
        item.vanish(wait.own) if wait.own else item.decide_anew()
    elif isinstance(ended, EntraError):
        item.fail(ended)
    elif ended.is_moving:
        item.settle(ended)
        item.fail(timed_out(f"request {ended.id} is still in the state {ended.state}"))
    elif wait.own:
        _judge_own(item, wait.own, ended)


def _judge_own(item: Item, write: Write, ended: Request) -> None:
    item.settle(ended)
    if ended.is_open:
        start = ended.schedule.start
        until = f"until {format_instant(start)}" if ended.state == "scheduled" and start else "for an approval"
        item.warn(
            f"{item.who} has not been granted access yet: request {ended.id} waits {until};"
            " state: absent cancels it where Graph allows the caller to"
        )
        item.finish(pending=True)
    elif write.step is Step.REPROCESS and ended.completed == write.request.completed:
        # Still what it was before: the reads have not caught up.
        item.deliver(write)
    elif ended.state in _FAILED:
        status = f" ({ended.status})" if ended.status else ""
        item.fail(
            RequestFailed(
                f"request {ended.id} ended in the state {ended.state}{status}",
                hint="check the request in the Microsoft Entra admin center, then run the task again",
            )
        )
    else:
        item.deliver(write)


def _give_up(step: NextStep, error: EntraError | None) -> None:
    """End an item whose write Graph refuses, or says to have carried out, while its reads show otherwise."""
    item, write = step.item, step.write
    adding = write is not None and write.step is Step.ADD
    request = step.item.request
    if adding and error is None and item.unnamed:
        item.warn(
            f"Graph accepted the request for {step.desired.person.label}, but shows neither it nor the assignment yet"
        )
        item.finish(pending=True)
    elif adding and error is None and request and not request.is_known:
        item.warn(
            f"request {request.id} is in the state {request.state}, which this version of the collection does not know"
        )
        item.finish(pending=True)
    elif adding and error is None:
        item.warn(f"Graph delivered the request for {step.desired.person.label}, but does not list the assignment yet")
        item.finish()
    elif adding and is_held(error):
        item.warn(f"Graph says that {step.desired.person.label} holds the access package, but does not list it yet")
        item.finish()
    elif open_request_exists(error) and _is_asked_for(step):
        item.warn(f"Graph says that a request for {step.desired.person.label} is open, but does not list it yet")
        item.finish(pending=True)
    else:
        item.fail(error or item.unread or _not_kept(step))


def _is_asked_for(step: NextStep) -> bool:
    """Return whether an open request that no list shows can be taken for the one that was to be sent."""
    kind = step.write.step if step.write else None
    return kind is Step.ADD or (kind is Step.REMOVE and not step.is_replacing)


def _not_kept(step: NextStep) -> Refused:
    """Return an error with what Graph shows although the request of this task has ended well."""
    request, active = step.item.request, step.item.observed.active
    named = request is not None and request.id is not None
    ended = f"request {request.id} ended in the state {request.state}" if request and named else "the request ended"
    if active is None:
        return Refused(f"{ended}, but Graph does not show its effect")
    shown = f"{ended}, but Graph shows assignment {active.id} as {active.state}"
    if step.write is None or step.write.step is not Step.UPDATE:
        return Refused(shown, hint="check the request in the Microsoft Entra admin center, or run the task again later")
    start, end = active.schedule.start, effective_end(active.schedule)
    kept = f"from {format_instant(start) if start else 'no date'} until {format_instant(end) if end else 'no end'}"
    return Refused(
        f"{shown} {kept}, which is not what was requested",
        hint="set schedule to what Graph has stored, or check the limits of the policy",
    )
