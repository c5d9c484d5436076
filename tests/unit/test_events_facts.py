# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What rows of Graph tell, as pure functions: late rows, rows out of order, and the same fact under the same id."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Assignment,
    Callout,
    Request,
    Schedule,
)
from ansible_collections.idgov.entra.plugins.module_utils._events.facts import (
    ENDED,
    FAILED,
    Known,
    assignment_facts,
    request_facts,
)

NOW = datetime(2030, 1, 1, 12, tzinfo=timezone.utc)
ID = "AAAAAAAA-0000-0000-0000-000000000001"
HOUR = timedelta(hours=1)


def request(state: str, *, completed: datetime | None = None, **members: Any) -> Request:
    return Request(id=ID, type="adminAdd", state=state, created=NOW - 5 * HOUR, completed=completed, **members)


def told(rows: list[Request], known: Known | None = None) -> list[str]:
    """Return the ids of what a row after the other tells, one an hour."""
    found = []
    for hour, row in enumerate(rows):
        facts, known = request_facts(row, known, now=NOW + hour * HOUR, stuck_after=2 * HOUR)
        found += [fact.id.replace(ID.lower(), "x") for fact in facts]
    return found


FIRST, SECOND = NOW + timedelta(seconds=1, microseconds=1234), NOW + 5 * HOUR


@pytest.mark.parametrize(
    ("rows", "ids"),
    [
        ([request("submitted")], []),
        ([request("pendingApproval")] * 2, ["request_pending_approval:x"]),
        ([request("scheduled"), request("delivered")], ["request_scheduled:x", "request_delivered:x"]),
        ([request("delivered", completed=FIRST)] * 2, ["request_delivered:x:2030-01-01T12:00:01Z"]),
        # Late rows: what was before the end tells nothing.
        ([request("delivered"), request("pendingApproval"), request("delivered")], ["request_delivered:x"]),
        ([request("denied"), request("pendingApproval")], ["request_denied:x"]),
        ([request("canceled"), request("scheduled")], ["request_canceled:x"]),
        # The same date, once with all its digits.
        (
            [
                request("partiallyDelivered", completed=FIRST),
                request("deliveryFailed", completed=FIRST.replace(microsecond=0)),
            ],
            ["request_failed:x:2030-01-01T12:00:01Z"],
        ),
        # Delivered again: another failure, another end.
        (
            [
                request("deliveryFailed", completed=FIRST),
                request("delivering"),
                request("deliveryFailed", completed=FIRST),
                request("delivering"),
                request("deliveryFailed", completed=SECOND),
                request("delivered", completed=SECOND + HOUR),
                request("delivering"),
            ],
            [
                "request_failed:x:2030-01-01T12:00:01Z",
                "request_failed:x:2030-01-01T17:00:00Z",
                "request_delivered:x:2030-01-01T18:00:00Z",
            ],
        ),
        ([request("delivering")] * 5, ["request_stuck:x"]),
        (
            [*[request("delivering")] * 3, request("deliveryFailed", completed=FIRST), *[request("delivering")] * 3],
            ["request_stuck:x", "request_failed:x:2030-01-01T12:00:01Z", "request_stuck:x:2030-01-01T12:00:01Z"],
        ),
        ([request("delivering"), request("delivering"), request("delivered")], ["request_delivered:x"]),
        ([request("unknownFutureValue"), request("delivered")], ["request_delivered:x"]),
    ],
    ids=lambda value: " ".join(row.state for row in value) if value and isinstance(value[0], Request) else "",
)
def test_what_rows_of_a_request_tell(rows: list[Request], ids: list[str]) -> None:
    assert told(rows) == ids


def waiting(*callouts: str) -> Request:
    return request(
        "submitted",
        status="WaitingForCallback",
        callouts=(*(Callout(each, "waitingForCallback") for each in callouts), Callout("z", "calloutSent")),
    )


def test_each_call_that_is_waited_for_is_told_once() -> None:
    assert told([waiting("A"), waiting("A"), waiting("B"), request("submitted"), waiting("A", "B")]) == [
        "request_waiting_for_callback:x:a",
        "request_waiting_for_callback:x:b",
    ]
    # Where Graph does not show the calls, once.
    assert told([waiting(), waiting()]) == ["request_waiting_for_callback:x"]
    assert told([waiting("A"), waiting()]) == ["request_waiting_for_callback:x:a"]


def assignment(state: str, *, days: float | None = None, expired: datetime | None = None) -> Assignment:
    end = None if days is None else NOW + timedelta(days=days)
    return Assignment(id=ID, state=state, schedule=Schedule(start=NOW - 100 * HOUR, end=end), expired=expired)


def told_of(rows: list[Assignment], *, was_granted: bool = False) -> list[str]:
    known = None
    found = []
    for row in rows:
        facts, known = assignment_facts(row, known, now=NOW, within=timedelta(days=14), was_granted=was_granted)
        found += [fact.id.replace(ID.lower(), "x") for fact in facts]
    return found


@pytest.mark.parametrize(
    ("rows", "ids"),
    [
        ([assignment("delivering"), assignment("deliveryFailed")], []),
        (
            [assignment("delivering"), assignment("delivered"), assignment("delivering"), assignment("delivered")],
            ["assignment_granted:x"],
        ),
        ([assignment("partiallyDelivered")], ["assignment_granted:x"]),
        (
            [
                assignment("delivered"),
                assignment("expired", expired=NOW),
                assignment("delivered"),
                assignment("expired"),
            ],
            ["assignment_granted:x", "assignment_ended:x:2030-01-01T12:00:00Z"],
        ),
        ([assignment("expired", expired=NOW)], ["assignment_ended:x:2030-01-01T12:00:00Z"]),
        ([assignment("deliveryFailed"), assignment("expired")], ["assignment_ended:x"]),
        (
            # Put off, and back again.
            [*(assignment("delivered", days=days) for days in (3, 3, 300, 5, 3))],
            [
                "assignment_granted:x",
                "assignment_expiring:x:2030-01-04T12:00:00Z",
                "assignment_expiring:x:2030-01-06T12:00:00Z",
            ],
        ),
    ],
    ids=lambda value: " ".join(row.state for row in value) if value and isinstance(value[0], Assignment) else "",
)
def test_what_rows_of_an_assignment_tell(rows: list[Assignment], ids: list[str]) -> None:
    assert told_of(rows) == ids


def test_a_request_may_say_that_an_assignment_was_held_before_it_ended() -> None:
    ended = assignment("expired", expired=NOW)
    assert told_of([ended], was_granted=True) == ["assignment_granted:x", "assignment_ended:x:2030-01-01T12:00:00Z"]


def test_when_a_fact_has_come_about() -> None:
    row = assignment("delivered", days=3)
    facts, _known = assignment_facts(row, None, now=NOW, within=timedelta(days=14), was_granted=False)
    assert [fact.occurred for fact in facts] == [row.schedule.start, row.schedule.start]
    facts, _known = assignment_facts(row, None, now=NOW, within=timedelta(days=4), was_granted=False)
    assert facts[1].occurred == NOW - timedelta(days=1)
    (fact,), known = request_facts(request("deliveryFailed", completed=FIRST), None, now=NOW, stuck_after=HOUR)
    assert (fact.kind, fact.occurred, known.phase, known.gone) == ("request_failed", FIRST, FAILED, NOW)
    (fact,), known = request_facts(request("delivered"), known, now=NOW, stuck_after=HOUR)
    assert (fact.occurred, known.phase) == (None, ENDED)
