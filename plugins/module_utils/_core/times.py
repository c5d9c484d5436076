# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instants and durations as Graph writes them: ISO 8601, UTC."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone

_INSTANT = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
    r"(?:[Tt ](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d+))?)?"
    r" ?(?P<zone>[Zz]|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?)?"
)
_PARTS = ("year", "month", "day", "hour", "minute", "second")
_DURATION = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?P<clock>T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_CALENDAR = re.compile(r"P[^T]*\d[YM]")


def parse_instant(value: str | date) -> datetime:
    """Read an instant: a text in ISO 8601 (a blank may stand for ``T``), or a date or datetime as YAML makes them.

    What has no time is 00:00, what has no zone is UTC; the result is in UTC. Raises ValueError.
    """
    if isinstance(value, datetime):
        return _utc(value)
    if isinstance(value, date):
        return datetime.combine(value, time(), tzinfo=timezone.utc)
    found = _INSTANT.fullmatch(value.strip())
    if found is None:
        raise ValueError(f"{value!r} is not an ISO 8601 date or time")
    fraction = (found["fraction"] or "").ljust(6, "0")[:6]
    year, month, day, hour, minute, second = (int(found[part] or 0) for part in _PARTS)
    try:
        # Not strptime, which took most of the time that reading a long list takes.
        moment = datetime(year, month, day, hour, minute, second, int(fraction), _zone(found["zone"]))
    except ValueError:
        raise ValueError(f"{value!r} is not a valid date and time") from None
    return _utc(moment)


def format_instant(moment: datetime) -> str:
    """Write an instant as Graph does, with ``Z`` and without needless fractions."""
    text = moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    # strftime does not pad years below 1000 on every platform
    fraction = f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else ""
    return f"{text.rjust(19, '0')}{fraction}Z"


def parse_duration(text: str) -> timedelta:
    """Read an ISO 8601 duration such as ``P90D`` or ``PT8H``; raises ValueError, also where it has no length.

    Years and months have no fixed length and are no part of the type that Graph takes
    (OData 4.01, "CSDL XML Representation", Edm.Duration).
    """
    found = _DURATION.fullmatch(text.strip())
    units = ("weeks", "days", "hours", "minutes", "seconds")
    given = {unit: float(found[unit]) for unit in units if found[unit]} if found else {}
    if not given or text.strip().endswith("T"):
        why = "counts years or months, which have no fixed length" if _CALENDAR.match(text.strip()) else "is not valid"
        raise ValueError(f"a duration must be in ISO 8601 format such as P90D, and {text!r} {why}")
    try:
        length = timedelta(**given)
    except OverflowError:
        raise ValueError(f"{text!r} is too long") from None
    if not length:
        raise ValueError(f"{text!r} is a duration of zero length")
    return length


def in_days(text: str) -> str:
    """Write weeks as days, the longest unit that Graph takes; any other duration stays as it is."""
    found = _DURATION.fullmatch(text.strip())
    if found is None or not found["weeks"]:
        return text.strip()
    return f"P{int(found['weeks']) * 7 + int(found['days'] or 0)}D{found['clock'] or ''}"


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=timezone.utc)
    try:
        return moment.astimezone(timezone.utc)
    except OverflowError:
        raise ValueError(f"{moment} is out of the range of dates") from None


def _zone(text: str | None) -> timezone:
    if text is None or text in "Zz":
        return timezone.utc
    hours, minutes = int(text[1:3]), int(text[3:].lstrip(":") or 0)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)
