# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated clock, and instants and durations as Graph writes them."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta, timezone

_DURATION = re.compile(
    r"(?P<sign>[+-])?P(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?(Z|[+-]\d\d:\d\d)")


class Clock:
    """A clock that runs with real time unless frozen, and can be set and moved."""

    def __init__(self, start: datetime | None = None) -> None:
        self._base = start or datetime.now(timezone.utc)
        self._since = time.monotonic()
        self._frozen = False

    def now(self) -> datetime:
        """Return the simulated instant, in UTC."""
        if self._frozen:
            return self._base
        return self._base + timedelta(seconds=time.monotonic() - self._since)

    def set(self, instant: datetime) -> None:
        """Move to an instant; running or frozen stays as it is."""
        self._base = instant
        self._since = time.monotonic()

    def advance(self, span: timedelta) -> None:
        """Move on by a span."""
        self.set(self.now() + span)

    def freeze(self) -> None:
        """Stop where it is."""
        self.set(self.now())
        self._frozen = True

    def run(self) -> None:
        """Run on from where it is."""
        self.set(self.now())
        self._frozen = False

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still."""
        return self._frozen


def parse_instant(text: str) -> datetime:
    """Read an Edm.DateTimeOffset; ValueError if it is none (a zone is required)."""
    match = _INSTANT.fullmatch(text)
    if not match:
        raise ValueError(f"not an instant with a zone: {text!r}")
    whole, fraction, zone = match.groups()
    offset = "+00:00" if zone == "Z" else zone
    micros = (fraction or "").ljust(6, "0")[:6]
    return datetime.fromisoformat(f"{whole}.{micros}{offset}").astimezone(timezone.utc)


def format_instant(instant: datetime) -> str:
    """Write an instant as the service does: UTC, milliseconds without trailing zeros, Z."""
    text = instant.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    millis = instant.microsecond // 1000
    return text + (f".{millis:03d}".rstrip("0") if millis else "") + "Z"


def parse_duration(text: str) -> timedelta:
    """Read an Edm.Duration (days and below); ValueError if it is none."""
    match = _DURATION.fullmatch(text)
    if not match or text.endswith(("P", "T")):
        raise ValueError(f"not a duration: {text!r}")
    parts = match.groupdict()
    span = timedelta(
        days=int(parts["days"] or 0),
        hours=int(parts["hours"] or 0),
        minutes=int(parts["minutes"] or 0),
        seconds=float(parts["seconds"] or 0),
    )
    return -span if parts["sign"] == "-" else span


def format_duration(span: timedelta) -> str:
    """Write a positive duration in its shortest form, ``P365D`` or ``PT1H30M``."""
    seconds = span.seconds
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    clock = "".join(f"{value}{unit}" for value, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if value)
    days = f"{span.days}D" if span.days else ""
    return f"P{days}T{clock}" if clock else f"P{days or '0D'}"
