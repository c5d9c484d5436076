# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparing a desired schedule with a stored one, and what to send to bring the two together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant, parse_duration
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Request, Schedule

# Graph rounds and moves instants by less than this; a schedule that is nearer counts as the same.
TOLERANCE = timedelta(seconds=60)


def same_instant(one: datetime | None, other: datetime | None) -> bool:
    """Compare two instants with the tolerance."""
    return one is not None and other is not None and abs(one - other) <= TOLERANCE


def same_start(desired: Schedule, stored: Schedule, now: datetime) -> bool:
    """Compare the starts; one that has passed cannot be changed any more and counts as the same."""
    if desired.start is None or stored.start is None or stored.start <= now:
        return True
    return same_instant(desired.start, stored.start)


def same_end(desired: Schedule, stored: Schedule, starts: Sequence[datetime]) -> bool:
    """Compare the ends; ``starts`` are the instants from which a desired duration may have been counted."""
    if not desired.has_end:
        return True
    if desired.no_expiration:
        return stored.no_expiration
    if desired.duration is None:
        return same_instant(desired.end, effective_end(stored))
    if stored.duration is not None and parse_duration(stored.duration) == parse_duration(desired.duration):
        return True
    end = effective_end(stored)
    return any(same_instant(later(start, desired.duration), end) for start in starts)


def later(start: datetime, duration: str) -> datetime:
    """Add a duration to an instant; raises OptionError where the sum lies beyond the year 9999."""
    try:
        return start + parse_duration(duration)
    except OverflowError:
        raise OptionError("schedule.duration", f"{duration} ends after the year 9999") from None


def effective_end(schedule: Schedule, start: datetime | None = None) -> datetime | None:
    """Return the instant at which a schedule ends, counted from its own start or from ``start``; null if it has none."""
    if schedule.end is not None:
        return schedule.end
    begin = schedule.start or start
    if schedule.duration is None or begin is None:
        return None
    return later(begin, schedule.duration)


def is_over(schedule: Schedule | None, now: datetime) -> bool:
    """Return whether a schedule has an end and that is past."""
    end = effective_end(schedule) if schedule else None
    return end is not None and end <= now


def counted_from(stored: Schedule, requests: Sequence[Request]) -> list[datetime]:
    """Return the instants from which a duration may have been counted, the one to count from first.

    An update may move the stored start (Graph documentation, "Create accessPackageAssignmentRequest", example 7), so
    the start of the request that made the assignment comes first; ``requests`` are those of this assignment,
    newest first.
    """
    creating = next((r for r in reversed(requests) if r.type.endswith("Add")), None)
    own = [creating.schedule.start or creating.created] if creating else []
    updates = [request.schedule.start for request in requests if request.type.endswith("Update")]
    # What was asked for without an end is cut to what the policy allows from the time of processing on (recorded).
    endless = [moment for r in requests if r.schedule.no_expiration for moment in (r.completed, r.created)]
    return [start for start in (*own, stored.start, *updates, *endless) if start is not None]


def for_update(desired: Schedule, stored: Schedule, starts: Sequence[datetime], now: datetime) -> Schedule:
    """Return the schedule that an update sends: an absolute end and the present start.

    A start alone takes the present expiration along, because what is not sent falls back to the policy's own.
    """
    moves = not same_start(desired, stored, now)
    start = desired.start if moves else stored.start
    if not desired.has_end:
        return Schedule(start, stored.end, stored.duration, stored.no_expiration)
    if desired.no_expiration or desired.end is not None:
        return Schedule(start, desired.end, None, desired.no_expiration)
    begin = desired.start or next(iter(starts), now)
    return Schedule(start, later(begin, desired.duration or ""))


def beyond_span(desired: Schedule, allowed: Schedule, start: datetime) -> str | None:
    """Return in words how a desired end goes beyond what a policy allows, or null.

    ``allowed`` is the policy's ``expiration``; ``start`` is when the assignment starts.
    """
    limit = effective_end(allowed, start)
    if limit is None or not desired.has_end:
        return None
    rule = f"until {format_instant(limit.replace(microsecond=0))}" + (
        f" ({allowed.duration})" if allowed.duration else ""
    )
    if desired.no_expiration:
        return f"the policy allows access {rule}, not without an end"
    end = effective_end(desired, start)
    if end is not None and end - limit > TOLERANCE:
        return f"the policy allows access {rule}, not until {format_instant(end.replace(microsecond=0))}"
    return None
