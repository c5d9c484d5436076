# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a call is sent again, and after which pause: urllib3's Retry, taught what Graph does."""

from __future__ import annotations

import math
import random
import threading
from typing import TYPE_CHECKING, Any

from ansible_collections.idgov.entra.plugins.module_utils._http.libraries import Retry

if TYPE_CHECKING:
    from urllib3.response import BaseHTTPResponse

LONGEST_PAUSE = 300.0
# All pauses of one call, or of many without any progress between them: who asks for more does not want to answer.
LONGEST_PAUSES = 3600.0
# Busy, unavailable, gateway timed out (Graph documentation, "Microsoft Graph error responses").
WORTH_ANOTHER_TRY = (429, 503, 504)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def back_off(tries: int) -> float:
    """Return the seconds to pause after so many failed tries: doubling from half a second, jittered, 30 at most."""
    return min(30.0, 0.5 * 2.0 ** min(tries - 1, 10)) * random.uniform(0.5, 1.5)


def parse_retry_after(text: str | None) -> float | None:
    """Read the seconds of a ``Retry-After`` header, which Graph also sends as a decimal number.

    Null where it is no number; bounded, so that no header can stop a run for longer than five minutes.
    """
    try:
        seconds = float(text or "")
    except ValueError:
        return None
    return min(max(seconds, 0.0), LONGEST_PAUSE) if math.isfinite(seconds) else None


class SessionClosed(Exception):
    """The session was closed while a call of another thread was to be sent, perhaps again."""


def pause(closed: threading.Event, seconds: float) -> None:
    """Let so many seconds pass; raises SessionClosed as soon as the session is closed."""
    if closed.wait(seconds):
        raise SessionClosed


class PatientRetry(Retry):
    """Retry with jittered back-off and decimal ``Retry-After``.

    429 means that nothing was carried out, so it is tried again with every method; 503, 504 and broken
    connections only with the methods in ``allowed_methods``, because a write may have been carried out.
    With ``status=0`` no answer is tried again: the caller does that. Once ``closed`` is set nothing is.
    """

    closed: threading.Event
    paused: float = 0.0

    def new(self, **changes: Any) -> PatientRetry:
        copy: PatientRetry = super().new(**changes)
        copy.closed = self.closed
        copy.paused = self.paused
        return copy

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        asked = self.get_retry_after(response) if response is not None else None
        seconds = self.get_backoff_time() if asked is None else asked
        self.paused += seconds
        pause(self.closed, seconds)

    def get_backoff_time(self) -> float:
        return back_off(len(self.history)) if self.history else 0.0

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        return parse_retry_after(response.headers.get("Retry-After"))

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        if self.status == 0 or self.paused >= LONGEST_PAUSES:
            return False
        if status_code == 429:
            return bool(self.total)
        return bool(self._is_method_retryable(method)) and status_code in WORTH_ANOTHER_TRY


def patient_retry(retries: int, closed: threading.Event, *, methods: frozenset[str] | None) -> PatientRetry:
    """Make the retry rule of one service; ``methods`` may be sent again whatever happened, null means all.

    TLS failures are final: another try meets the same certificate.
    """
    retry = PatientRetry(
        total=retries, connect=retries, read=retries, other=0, allowed_methods=methods, raise_on_status=False
    )
    retry.closed = closed
    return retry


def connecting_retry(retries: int, closed: threading.Event) -> PatientRetry:
    """Make the retry rule of a service whose answers the caller judges: only connecting is tried again."""
    retry = PatientRetry(total=retries, connect=retries, read=0, other=0, status=0, raise_on_status=False)
    retry.closed = closed
    return retry
