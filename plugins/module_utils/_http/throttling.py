# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Throttling and retries: what is sent again, after which pause, and how much is in flight meanwhile.

A call that travels alone is sent again by urllib3's Retry, taught what Graph does; one in a batch by whoever dispatches
batches, who asks here.
"""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import GraphError, TransportError, Unreadable
from ansible_collections.idgov.entra.plugins.module_utils._http.libraries import MaxRetryError, Retry

if TYPE_CHECKING:
    from types import TracebackType

    from urllib3.connectionpool import ConnectionPool
    from urllib3.response import BaseHTTPResponse

LONGEST_PAUSE = 300.0
# All pauses of one call, or of many without any progress between them: who asks for more does not want to answer.
LONGEST_PAUSES = 3600.0
# Busy, unavailable, gateway timed out (Graph documentation, "Microsoft Graph error responses").
THROTTLED = 429
TOO_SLOW = 504
WORTH_ANOTHER_TRY = (THROTTLED, 503, TOO_SLOW)
# What only an operation in a batch may meet for a passing reason: another one that it depends on, or the batch, failed.
_PASSING_IN_BATCHES = (424, 500)
# So many rows have Graph's own pages, about: asking for fewer is of no use.
USUAL_PAGE = 100
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


def retry_after(status: int, headers: Mapping[str, str]) -> float | None:
    """Return the seconds after which an answer asks to be called again; ``headers`` have names in lower case.

    Recorded answers have the header at other times, too, and then it means something else.
    """
    return parse_retry_after(headers.get("retry-after")) if status in WORTH_ANOTHER_TRY else None


def is_throttled(reply: object) -> bool:
    """Return whether Graph has refused an operation because it is too busy for this application."""
    return isinstance(reply, GraphError) and reply.status == THROTTLED


def may_be_sent_again(reply: object, *, is_read: bool) -> bool:
    """Return whether a failed operation is tried again: what was throttled always, the rest only if it reads."""
    if isinstance(reply, TransportError):
        return reply.sent and is_read
    if isinstance(reply, Unreadable):
        return is_read
    if isinstance(reply, GraphError):
        return is_throttled(reply) or (is_read and reply.status in (*WORTH_ANOTHER_TRY, *_PASSING_IN_BATCHES))
    return False


def asks_for_large_pages(url: str | None) -> bool:
    """Return whether an address asks for pages that may be too large, as links to next pages do, too."""
    sizes = parse_qs(urlsplit(url or "").query).get("$top", ())
    # Links come from outside: any text, of any length.
    return any(size.isdecimal() and int(size[:9]) >= USUAL_PAGE for size in sizes)


def pause_after(reply: object, tries: int) -> float:
    """Return the seconds to pause after a failed operation: what its answer asks for, or more after each try."""
    asked = reply.retry_after if isinstance(reply, GraphError) else None
    return back_off(tries) if asked is None else asked


# How many batches in a row must go well, for each that is in flight, before one more is.
_RECOVERY = 4


class Pace:
    """How many calls may be in flight: halved when Graph throttles, slowly raised again up to ``most``."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.width = most
        self.paused = 0.0
        self._went_well = 0

    @property
    def is_patient(self) -> bool:
        """Return whether anything is still sent again: not after an hour of pauses without progress."""
        return self.paused < LONGEST_PAUSES

    def throttled(self) -> None:
        """Count that Graph asked for less."""
        self.width = max(1, self.width // 2)
        self._went_well = 0

    def went_well(self) -> None:
        """Count a batch without throttling."""
        self.paused = 0.0
        self._went_well += 1
        if self._went_well >= _RECOVERY * self.width and self.width < self.most:
            self.width += 1
            self._went_well = 0


class SessionClosed(Exception):
    """The session was closed while a call of another thread was to be sent, perhaps again."""


def pause(closed: threading.Event, seconds: float) -> None:
    """Let so many seconds pass; raises SessionClosed as soon as the session is closed."""
    if closed.wait(seconds):
        raise SessionClosed


class PatientRetry(Retry):
    """Retry with jittered back-off and decimal ``Retry-After``.

    429 means that nothing was carried out, so it is tried again with every method; 503, 504 and broken
    connections only with the methods in ``allowed_methods``, because a write may have been carried out. A page whose size
    was asked for is not tried again after 504: the caller asks for a smaller one.
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

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> PatientRetry:
        if response is not None and response.status == TOO_SLOW and _pool and asks_for_large_pages(url):
            raise MaxRetryError(_pool, url or "")
        copy: PatientRetry = super().increment(method, url, response, error, _pool, _stacktrace)
        return copy

    def get_backoff_time(self) -> float:
        return back_off(len(self.history)) if self.history else 0.0

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        return parse_retry_after(response.headers.get("Retry-After"))

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        if self.status == 0 or self.paused >= LONGEST_PAUSES:
            return False
        if status_code == THROTTLED:
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
