# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a call is sent again by itself, and after which pause."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.exceptions import MaxRetryError, ProtocolError, ReadTimeoutError, SSLError
from urllib3.response import HTTPResponse

from ansible_collections.idgov.entra.plugins.module_utils._http.throttling import (
    LONGEST_PAUSE,
    SAFE_METHODS,
    back_off,
    parse_retry_after,
    patient_retry,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        pytest.param("2.128", 2.128, id="decimal, as Graph sends it"),
        pytest.param("120", 120.0, id="whole"),
        pytest.param(" 7 ", 7.0, id="blanks around"),
        pytest.param("0", 0.0, id="nought"),
        pytest.param("-5", 0.0, id="negative"),
        pytest.param("86400", LONGEST_PAUSE, id="a day"),
        pytest.param("1e300", LONGEST_PAUSE, id="absurd"),
        pytest.param("inf", None, id="infinite"),
        pytest.param("-inf", None, id="infinite and negative"),
        pytest.param("nan", None, id="no number"),
        pytest.param("Fri, 20 Nov 2026 12:00:00 GMT", None, id="date"),
        pytest.param("soon", None, id="word"),
        pytest.param("1,5", None, id="decimal comma"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="missing"),
    ],
)
def test_retry_after_is_read_as_seconds(text: str | None, seconds: float | None) -> None:
    assert parse_retry_after(text) == seconds


@given(st.floats().map(str) | st.text())
def test_no_header_stops_a_run_for_longer_than_the_bound(text: str) -> None:
    seconds = parse_retry_after(text)
    assert seconds is None or 0 <= seconds <= LONGEST_PAUSE


@given(st.integers(1, 10_000))
def test_pauses_grow_are_jittered_and_bounded(tries: int) -> None:
    plain = min(30.0, 0.5 * 2.0 ** (min(tries, 7) - 1))
    assert plain * 0.5 <= back_off(tries) <= plain * 1.5


def test_two_pauses_are_not_the_same() -> None:
    assert len({back_off(3) for _dummy in range(20)}) > 1


@pytest.mark.parametrize(
    ("method", "status", "again"),
    [
        *((method, 429, True) for method in ("GET", "POST", "PATCH", "DELETE")),
        *(("GET", status, True) for status in (503, 504)),
        *((method, status, False) for method in ("POST", "PATCH", "DELETE") for status in (503, 504)),
        *((method, status, False) for method in ("GET", "POST") for status in (200, 302, 400, 401, 403, 404, 409, 424)),
        *((method, 502, False) for method in ("POST",)),
    ],
)
def test_which_answers_are_tried_again(method: str, status: int, again: bool) -> None:
    retry = patient_retry(5, threading.Event(), methods=SAFE_METHODS)
    assert retry.is_retry(method, status) is again
    assert retry.is_retry(method, status, has_retry_after=True) is again


@pytest.mark.parametrize(
    ("method", "status", "again"), [("POST", 429, True), ("POST", 503, True), ("POST", 504, True), ("POST", 400, False)]
)
def test_a_sign_in_is_tried_again_whatever_its_method(method: str, status: int, again: bool) -> None:
    assert patient_retry(5, threading.Event(), methods=None).is_retry(method, status) is again


@pytest.mark.parametrize("status", [429, 503])
def test_with_no_retries_nothing_is_tried_again(status: int) -> None:
    retry = patient_retry(0, threading.Event(), methods=SAFE_METHODS)
    if retry.is_retry("GET", status):
        with pytest.raises(MaxRetryError):
            retry.increment("GET", "/", response=HTTPResponse(status=status))


def test_a_refused_certificate_is_final() -> None:
    with pytest.raises(MaxRetryError):
        patient_retry(5, threading.Event(), methods=SAFE_METHODS).increment("GET", "/", error=SSLError("x"))


@pytest.mark.parametrize("error", [ProtocolError("reset"), ReadTimeoutError(None, "/", "slow")])  # type: ignore[arg-type]
def test_a_broken_connection_is_tried_again_only_where_nothing_can_have_been_written(error: Exception) -> None:
    retry = patient_retry(2, threading.Event(), methods=SAFE_METHODS)
    assert retry.increment("GET", "/", error=error).total == 1
    with pytest.raises(type(error)):
        retry.increment("POST", "/", error=error)
    assert patient_retry(2, threading.Event(), methods=None).increment("POST", "/", error=error).total == 1


@pytest.mark.parametrize(("header", "pause"), [("0.25", 0.25), ("9999999", LONGEST_PAUSE), ("soon", None)])
def test_the_pause_that_graph_asks_for_is_taken(header: str, pause: float | None) -> None:
    retry = patient_retry(5, threading.Event(), methods=SAFE_METHODS)
    assert retry.get_retry_after(HTTPResponse(status=429, headers={"Retry-After": header})) == pause


def test_without_a_failure_there_is_no_pause() -> None:
    retry = patient_retry(5, threading.Event(), methods=SAFE_METHODS)
    assert retry.get_backoff_time() == 0
    assert retry.increment("GET", "/", response=HTTPResponse(status=503)).get_backoff_time() > 0
