# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instants and durations as options give them, each mistake with its option and what to write instead."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._core.times import parse_duration, parse_instant


def checked_instant(option: str, value: object) -> datetime | None:
    """Read an option that is an instant, in UTC; null stays null. Raises OptionError."""
    if value is None:
        return None
    hint = "write it as 2026-12-31T17:00:00Z"
    if not isinstance(value, (str, date)):
        raise OptionError(option, f"{value!r} is not a date", hint=hint)
    try:
        return parse_instant(value)
    except (ValueError, OverflowError) as error:
        raise OptionError(option, str(error), hint=hint) from None


def checked_duration(option: str, text: str) -> timedelta:
    """Read an option that is a duration; raises OptionError."""
    try:
        return parse_duration(text)
    except (ValueError, OverflowError) as error:
        raise OptionError(option, str(error), hint="write 90 days as P90D, 8 hours as PT8H") from None
