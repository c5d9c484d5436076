# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From when a report looks, how far ahead, and after how long something that moves counts as stuck."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from ansible_collections.idgov.entra.plugins.module_utils._core.clock import SystemClock
from ansible_collections.idgov.entra.plugins.module_utils._core.times import parse_duration, parse_instant

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The instant from which a report looks, and its two spans."""

    now: datetime
    expiring_within: timedelta
    stuck_after: timedelta

    @property
    def expiring_by(self) -> datetime:
        """The instant by which an end is soon."""
        try:
            return self.now + self.expiring_within
        except OverflowError:
            return datetime.max.replace(tzinfo=self.now.tzinfo)

    def is_old(self, moment: datetime | None) -> bool:
        """Return whether something has been moving for too long; what has no date has not."""
        return moment is not None and self.now - moment >= self.stuck_after


def read_terms(*, expiring_within: str, stuck_after: str, now: str | None) -> Terms:
    """Read texts; without ``now`` it is the present. Raises ValueError, with the name of the option ahead."""
    return Terms(
        now=_read("now", parse_instant, now) if now else SystemClock().now(),
        expiring_within=_read("expiring_within", parse_duration, expiring_within),
        stuck_after=_read("stuck_after", parse_duration, stuck_after),
    )


def _read(name: str, parse: Callable[[str], Value], text: str) -> Value:
    try:
        return parse(text)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
