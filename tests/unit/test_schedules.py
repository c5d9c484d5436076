# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an update sends as schedule, when a schedule ends, and what a policy's span allows."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant
from ansible_collections.idgov.entra.plugins.module_utils._decide.schedules import (
    TOLERANCE,
    beyond_span,
    counted_from,
    effective_end,
    for_update,
    same_end,
    same_start,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Request, Schedule
from tests.unit.samples import DAY, END, ENDING, NOW, START, request

MOVED = NOW - 3 * DAY
SOON = NOW + 5 * DAY


@pytest.mark.parametrize(
    ("schedule", "start", "end"),
    [
        pytest.param(ENDING, None, END, id="an end"),
        pytest.param(Schedule(START, duration="P90D"), None, END, id="a duration"),
        pytest.param(Schedule(duration="P60D"), NOW, END, id="a duration from a given start"),
        pytest.param(Schedule(START, duration="P90D"), NOW, END, id="its own start goes first"),
        pytest.param(Schedule(duration="P60D"), None, None, id="a duration from nowhere"),
        pytest.param(Schedule(START, no_expiration=True), NOW, None, id="no expiration"),
        pytest.param(Schedule(), NOW, None, id="nothing"),
    ],
)
def test_the_end_of_a_schedule(schedule: Schedule, start: datetime | None, end: datetime | None) -> None:
    assert effective_end(schedule, start) == end


@pytest.mark.parametrize(
    ("wish", "stored", "sent"),
    [
        pytest.param(Schedule(end=END + DAY), ENDING, Schedule(START, END + DAY), id="another end"),
        pytest.param(Schedule(no_expiration=True), ENDING, Schedule(START, no_expiration=True), id="no expiration"),
        pytest.param(Schedule(duration="P91D"), ENDING, Schedule(START, END + DAY), id="a duration, as its end"),
        pytest.param(
            Schedule(duration="P91D"),
            Schedule(MOVED, END),
            Schedule(MOVED, END + DAY),
            id="a duration, counted from where it began, with the present start",
        ),
        pytest.param(Schedule(SOON + DAY), Schedule(SOON, END), Schedule(SOON + DAY, END), id="a start alone"),
        pytest.param(
            Schedule(SOON + DAY),
            Schedule(SOON, no_expiration=True),
            Schedule(SOON + DAY, no_expiration=True),
            id="a start alone, where nothing expires",
        ),
        pytest.param(
            Schedule(SOON + DAY),
            Schedule(SOON, duration="P9D"),
            Schedule(SOON + DAY, duration="P9D"),
            id="a start alone, with the stored duration",
        ),
        pytest.param(
            Schedule(SOON + DAY, duration="P9D"),
            Schedule(SOON, END),
            Schedule(SOON + DAY, SOON + 10 * DAY),
            id="a start and a duration",
        ),
        pytest.param(
            Schedule(NOW - 9 * DAY, END + DAY),
            ENDING,
            Schedule(START, END + DAY),
            id="a start that has passed is not sent",
        ),
        pytest.param(Schedule(SOON, END + DAY), ENDING, Schedule(START, END + DAY), id="no start after the start"),
    ],
)
def test_an_update_sends_an_absolute_end_and_the_present_start(
    wish: Schedule, stored: Schedule, sent: Schedule
) -> None:
    starts = [START] if stored.start != SOON else [SOON]
    assert for_update(wish, stored, starts, NOW) == sent


HISTORIES = [
    pytest.param([request(schedule=Schedule(START))], [START, MOVED], id="the request that made it, then the stored"),
    pytest.param(
        [request(schedule=Schedule(), created=START)], [START, MOVED], id="its creation, where it has no start"
    ),
    pytest.param([request("userAdd", schedule=Schedule(START))], [START, MOVED], id="of the person's own"),
    pytest.param([request("adminRemove", schedule=Schedule(START))], [MOVED], id="no remove"),
    pytest.param([], [MOVED], id="no request"),
]


@pytest.mark.parametrize(("requests", "starts"), HISTORIES)
def test_a_duration_was_counted_from_where_the_assignment_began(
    requests: list[Request], starts: list[datetime]
) -> None:
    assert counted_from(Schedule(MOVED, END), requests) == starts


UNTIL = Schedule(end=END)
SPAN = Schedule(duration="P90D")


@pytest.mark.parametrize(
    ("wish", "allowed", "said"),
    [
        pytest.param(Schedule(end=END), UNTIL, None, id="until the last day"),
        pytest.param(Schedule(end=END + TOLERANCE), UNTIL, None, id="within the tolerance"),
        pytest.param(Schedule(end=END + DAY), UNTIL, "2026-08-01", id="a day later"),
        pytest.param(Schedule(duration="P61D"), UNTIL, "2026-08-01", id="a duration that ends later"),
        pytest.param(Schedule(duration="P60D"), UNTIL, None, id="a duration that ends then"),
        pytest.param(Schedule(no_expiration=True), UNTIL, "without an end", id="no expiration, an end"),
        pytest.param(Schedule(duration="P90D"), SPAN, None, id="as long as allowed"),
        pytest.param(Schedule(duration="P91D"), SPAN, "2026-08-31", id="longer than allowed"),
        pytest.param(Schedule(end=NOW + 91 * DAY), SPAN, "2026-08-31", id="an end after the duration allowed"),
        pytest.param(Schedule(no_expiration=True), SPAN, "without an end", id="no expiration, a duration"),
        pytest.param(Schedule(end=END + 9000 * DAY), Schedule(no_expiration=True), None, id="no limit"),
        pytest.param(Schedule(no_expiration=True), Schedule(no_expiration=True), None, id="no limit, no end"),
        pytest.param(Schedule(no_expiration=True), Schedule(), None, id="nothing known of the policy"),
        pytest.param(Schedule(SOON), SPAN, None, id="a start alone: the policy's own end follows"),
    ],
)
def test_an_end_beyond_what_the_policy_allows_is_named(wish: Schedule, allowed: Schedule, said: str | None) -> None:
    found = beyond_span(wish, allowed, NOW)
    assert (found is None) == (said is None)
    assert (said or "") in (found or "")


def test_a_span_is_counted_from_the_wanted_start() -> None:
    wish = Schedule(SOON, SOON + 90 * DAY)
    assert beyond_span(wish, SPAN, SOON) is None
    assert format_instant(NOW + 90 * DAY) in str(beyond_span(wish, SPAN, NOW))


ENDS = st.one_of(
    st.builds(Schedule, start=st.just(START), end=st.integers(1, 900).map(lambda days: START + days * DAY)),
    st.builds(Schedule, start=st.just(START), duration=st.integers(1, 900).map("P{}D".format)),
    st.just(Schedule(START, no_expiration=True)),
)


@given(ENDS, ENDS)
def test_what_an_update_sent_counts_as_the_same_afterwards(wish: Schedule, stored: Schedule) -> None:
    kept = for_update(wish, stored, [START], NOW)
    assert same_start(wish, kept, NOW)
    assert same_end(wish, kept, [START])


@given(st.integers(1, 900), st.integers(1, 900), st.booleans())
def test_a_changed_start_counts_as_the_same_afterwards(old: int, new: int, with_duration: bool) -> None:
    stored = Schedule(NOW + old * DAY, NOW + 2000 * DAY)
    wish = Schedule(NOW + new * DAY, duration="P30D" if with_duration else None)
    kept = for_update(wish, stored, [NOW + old * DAY], NOW)
    assert same_start(wish, kept, NOW)
    assert kept.start is not None
    assert same_end(wish, kept, [kept.start])


def test_a_policy_that_ends_at_the_end_of_time_allows_every_end() -> None:
    """Services write the last instant that they can count for never."""
    never = Schedule(end=datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone.utc))
    assert beyond_span(Schedule(end=NOW), never, NOW) is None
