# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instants and durations as Graph writes them: ISO 8601, UTC."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timedelta, timezone
from typing import NamedTuple

_INSTANT = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})"
    r"(?:[Tt ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:\.(?P<fraction>\d+))? ?(?P<zone>[Zz]|[+-]\d{2}(?::?\d{2})?)?)?"
)
_DURATION = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)


class Duration(NamedTuple):
    """A length of time: calendar months, which have no fixed length, and the rest."""

    months: int
    rest: timedelta

    def after(self, start: datetime) -> datetime:
        """Add this duration to C(start); the last day of a shorter month stands for a day it lacks.

        Raises OverflowError when the sum lies beyond the year 9999.
        """
        year, month = divmod(start.year * 12 + start.month - 1 + self.months, 12)
        if year > 9999:
            raise OverflowError("the sum lies beyond the year 9999")
        day = min(start.day, calendar.monthrange(year, month + 1)[1])
        return start.replace(year=year, month=month + 1, day=day) + self.rest


def parse_instant(value: str | date) -> datetime:
    """Read an instant: a text in ISO 8601 (a blank may stand for C(T)), or a date or datetime as YAML makes them.

    What has no time is 00:00, what has no zone is UTC; the result is in UTC. Raises ValueError.
    """
    if isinstance(value, datetime):
        return _utc(value)
    if isinstance(value, date):
        return datetime.combine(value, time(), tzinfo=timezone.utc)
    found = _INSTANT.fullmatch(value.strip())
    if found is None:
        raise ValueError(f"{value!r} is not an ISO 8601 date or time")
    clock = found["time"] or "00:00"
    moment = datetime.strptime(f"{found['date']} {clock}", "%Y-%m-%d %H:%M:%S" if len(clock) == 8 else "%Y-%m-%d %H:%M")
    fraction = (found["fraction"] or "").ljust(6, "0")[:6]
    return _utc(moment.replace(microsecond=int(fraction), tzinfo=_zone(found["zone"])))


def format_instant(moment: datetime) -> str:
    """Write an instant as Graph does, with C(Z) and without needless fractions."""
    text = moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    # strftime does not pad years below 1000 on every platform
    fraction = f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else ""
    return f"{text.rjust(19, '0')}{fraction}Z"


def parse_duration(text: str) -> Duration:
    """Read an ISO 8601 duration such as C(P90D) or C(PT8H); raises ValueError, also where it is empty."""
    found = _DURATION.fullmatch(text.strip())
    if found is None or text.strip().endswith("T") or not any(found.groupdict().values()):
        raise ValueError(f"{text!r} is not an ISO 8601 duration such as P90D")
    part = {name: value or "0" for name, value in found.groupdict().items()}
    rest = timedelta(
        weeks=int(part["weeks"]),
        days=int(part["days"]),
        hours=int(part["hours"]),
        minutes=int(part["minutes"]),
        seconds=float(part["seconds"]),
    )
    duration = Duration(int(part["years"]) * 12 + int(part["months"]), rest)
    if duration == Duration(0, timedelta()):
        raise ValueError(f"{text!r} is a duration of no length")
    return duration


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc)


def _zone(text: str | None) -> timezone:
    if text is None or text in "Zz":
        return timezone.utc
    hours, minutes = int(text[1:3]), int(text[3:].lstrip(":") or 0)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)
