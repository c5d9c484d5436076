# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A refusal of the sign-in service, as Entra words it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass
class SignInError(Exception):
    """A refusal of the sign-in service: HTTP status, OAuth error, AADSTS number and text."""

    status: int
    error: str
    number: int
    text: str

    def body(self, now: datetime) -> dict[str, Any]:
        """Write it as Entra does."""
        stamp = now.strftime("%Y-%m-%d %H:%M:%SZ")
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        return {
            "error": self.error,
            "error_description": f"AADSTS{self.number}: {self.text} Trace ID: {trace} "
            f"Correlation ID: {correlation} Timestamp: {stamp}",
            "error_codes": [self.number],
            "timestamp": stamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={self.number}",
        }


def missing(name: str) -> SignInError:
    """Build the answer to a form that lacks a field."""
    text = f"The request body must contain the following parameter: '{name}'."
    return SignInError(400, "invalid_request", 900144, text)
