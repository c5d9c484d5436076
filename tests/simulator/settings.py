# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings: numbers that a test may change, none of them a fact about Graph."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass
class Settings:
    """Page size, the time each state lasts (seconds), the time each answer takes (milliseconds), lives of tokens."""

    page_size: int = 100
    submitted_seconds: float = 0.05
    delivering_seconds: float = 0.05
    guest_seconds: float = 0.05
    latency_ms: float = 0.0
    token_seconds: int = 3599
    device_interval: int = 5

    def update(self, values: dict[str, object]) -> None:
        """Take new values; ValueError names what is unknown or of the wrong kind."""
        known = {item.name: getattr(self, item.name) for item in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"unknown setting {name!r}; known: {', '.join(sorted(known))}")
            if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
                raise ValueError(f"setting {name} takes a number from 0 up, not {value!r}")
            if name == "page_size" and value < 1:
                raise ValueError("setting page_size takes a number from 1 up")
            setattr(self, name, type(known[name])(value))
