# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From rows of Graph, and what is known of them, to facts: pure functions, the same fact with the same id for ever.

A reading may be late, out of order or repeated. So each fact has a mark, which is told once, and what is known of a
request or an assignment goes forward only: a row from before its end says nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant
from ansible_collections.idgov.entra.plugins.module_utils._decide.schedules import effective_end
from ansible_collections.idgov.entra.plugins.module_utils._decide.selection import ends_by
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Assignment, Request

REQUEST_KINDS = (
    "request_pending_approval",
    "request_scheduled",
    "request_delivered",
    "request_failed",
    "request_denied",
    "request_canceled",
    "request_waiting_for_callback",
    "request_stuck",
)
ASSIGNMENT_KINDS = ("assignment_granted", "assignment_ended", "assignment_expiring")
KINDS = (*REQUEST_KINDS, *ASSIGNMENT_KINDS)
# What an end of a request is called; a failed one can be delivered again and so comes to another end.
_ENDS = {"delivered": "request_delivered", "denied": "request_denied", "canceled": "request_canceled"}
_FAILURES = ("deliveryFailed", "partiallyDelivered")
_OPENINGS = {"pendingApproval": "request_pending_approval", "scheduled": "request_scheduled"}
_HELD = ("delivered", "partiallyDelivered")

# How far a request or an assignment has come, as far as it is known.
PHASES = OPEN, FAILED, HELD, ENDED = "open", "failed", "held", "ended"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one request or assignment: how far it has come, and the marks of its facts.

    ``since`` is when a request was first seen delivering, ``gone`` when it had first come to its end, or was first not
    found any more.
    """

    id: str
    phase: str = OPEN
    marks: frozenset[str] = frozenset()
    since: datetime | None = None
    gone: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is so. ``mark`` is its kind and, where it can be so again, a date or an id that tells which time."""

    mark: str
    occurred: datetime | None
    row: Request | Assignment

    @property
    def kind(self) -> str:
        """The word for what has happened."""
        return self.mark.partition(":")[0]

    @property
    def object_id(self) -> str:
        """Whose fact it is: the request's or the assignment's id."""
        return (self.row.id or "").lower()

    @property
    def id(self) -> str:
        """The same for the same fact for ever: kind, object id, and the rest of the mark."""
        kind, _colon, rest = self.mark.partition(":")
        return ":".join(filter(None, (kind, self.object_id, rest)))


def request_facts(
    row: Request, known: Known | None, *, now: datetime, stuck_after: timedelta
) -> tuple[list[Fact], Known]:
    """Return the facts that a row of a request tells and that are not known, and what is known after it."""
    before = known or Known((row.id or "").lower())
    if _is_stale(row, before):
        return [], before
    after = _after_request(row, before, now)
    facts = [fact for fact in _of_request(row, before, after, now, stuck_after) if fact.mark not in before.marks]
    return facts, replace(after, marks=before.marks | {fact.mark for fact in facts})


def assignment_facts(
    row: Assignment, known: Known | None, *, now: datetime, within: timedelta, was_granted: bool
) -> tuple[list[Fact], Known]:
    """Return the facts that a row of an assignment tells and that are not known, and what is known after it.

    ``was_granted`` is true where a request says that an assignment which has ended was delivered before.
    """
    before = known or Known((row.id or "").lower())
    new = [f for f in _of_assignment(row, now, within, was_granted) if f.mark not in before.marks]
    # Of what has ended, no more than that it was held is news.
    facts = new if before.phase != ENDED else [f for f in new if was_granted and f.kind == "assignment_granted"]
    marks = before.marks | {fact.mark for fact in facts}
    if before.phase == ENDED:
        return facts, replace(before, marks=marks)
    if row.state == "expired":
        return facts, replace(before, phase=ENDED, marks=marks, gone=now)
    held = before.phase == HELD or row.state in _HELD
    return facts, replace(before, phase=HELD if held else OPEN, marks=marks, gone=None)


def _is_stale(row: Request, known: Known) -> bool:
    """Return whether a row shows what was before its end; what has failed may be delivered again."""
    if known.phase == ENDED:
        return True
    return known.phase == FAILED and row.state in ("submitted", *_OPENINGS)


def _after_request(row: Request, known: Known, now: datetime) -> Known:
    if row.state in _ENDS:
        return replace(known, phase=ENDED, since=None, gone=now)
    if row.state in _FAILURES:
        return replace(known, phase=FAILED, since=None, gone=known.gone if known.phase == FAILED else now)
    since = (known.since or now) if row.state == "delivering" else None
    return replace(known, phase=OPEN, since=since, gone=None)


def _of_request(row: Request, before: Known, after: Known, now: datetime, stuck_after: timedelta) -> Iterator[Fact]:
    if row.state in _ENDS:
        yield Fact(_dated(_ENDS[row.state], row.completed), row.completed, row)
    elif row.state in _FAILURES:
        yield Fact(_dated("request_failed", row.completed), row.completed, row)
    elif row.state in _OPENINGS:
        yield Fact(_OPENINGS[row.state], row.created, row)
    if after.phase == OPEN and row.awaits_callback:
        yield from _waiting(row, before)
    if after.since is not None and now - after.since >= stuck_after:
        # Which delivery, where it is not the first: the one after this failure.
        failures = sorted(mark.partition(":")[2] for mark in before.marks if mark.startswith("request_failed:"))
        yield Fact(":".join(["request_stuck", *failures[-1:]]), after.since + stuck_after, row)


def _waiting(row: Request, before: Known) -> Iterator[Fact]:
    """Return a fact for each call that is waited for; where Graph shows none of them, one alone."""
    kind = "request_waiting_for_callback"
    waiting = [callout.id.lower() for callout in row.callouts if callout.status == "waitingForCallback"]
    if not waiting and any(mark.startswith(kind) for mark in before.marks):
        return
    for suffix in waiting or [""]:
        yield Fact(f"{kind}:{suffix}" if suffix else kind, row.created, row)


def _of_assignment(row: Assignment, now: datetime, within: timedelta, was_granted: bool) -> Iterator[Fact]:
    if row.state in _HELD or (row.state == "expired" and was_granted):
        yield Fact("assignment_granted", row.schedule.start, row)
    if row.state == "expired":
        yield Fact(_dated("assignment_ended", row.expired), row.expired, row)
        return
    end = effective_end(row.schedule) if ends_by(row, now + within) else None
    if end is not None:
        begin = end - within
        yield Fact(_dated("assignment_expiring", end), max(begin, row.schedule.start or begin), row)


def _dated(kind: str, moment: datetime | None) -> str:
    """Mark a fact with a date, in whole seconds: Graph has shown the same date with more and with fewer digits."""
    return f"{kind}:{format_instant(moment.replace(microsecond=0))}" if moment else kind
