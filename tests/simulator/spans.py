# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long access lasts: a schedule against the expiration of a policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from .model import Expiration, Policy, Schedule


def latest_end(policy: Policy, start: datetime) -> datetime | None:
    """Return the last instant the policy allows for access that starts then; None is no limit."""
    if policy.expiration.type == "afterDuration" and policy.expiration.duration is not None:
        return start + policy.expiration.duration
    if policy.expiration.type == "afterDateTime":
        return policy.expiration.end
    return None


def end_of(schedule: Schedule, policy: Policy, start: datetime, keep_duration: bool) -> Schedule:
    """Return the schedule an assignment gets: with its start, and an end from the schedule or the policy."""
    wanted = schedule.expiration
    if wanted.type == "notSpecified":
        end = latest_end(policy, start)
        expiration = Expiration("afterDateTime", end=end) if end else Expiration("noExpiration")
    elif wanted.type == "afterDuration" and wanted.duration is not None and not keep_duration:
        expiration = Expiration("afterDateTime", end=start + wanted.duration)
    else:
        expiration = wanted
    return Schedule(start, expiration)


def last_instant(schedule: Schedule) -> datetime | None:
    """Return when a stored schedule ends; None is never."""
    expiration = schedule.expiration
    if expiration.type == "afterDuration" and schedule.start and expiration.duration is not None:
        return schedule.start + expiration.duration
    return expiration.end


def goes_beyond(schedule: Schedule, policy: Policy, start: datetime) -> bool:
    """Return whether a wanted schedule ends later than the policy allows."""
    limit = latest_end(policy, start)
    if limit is None or schedule.expiration.type == "notSpecified":
        return False
    end = last_instant(replace(schedule, start=start))
    return end is None or end > limit
