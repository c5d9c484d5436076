# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A session that is closed: no thread sends anything any more, nor tries again."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._http.session import HttpSession
from ansible_collections.idgov.entra.plugins.module_utils._http.throttling import SessionClosed
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import resolve_connection
from tests.support.scripted import Answer, Received, Scripted


@pytest.fixture
def session(server: Scripted) -> Iterator[HttpSession]:
    given = {
        "graph_url": server.url,
        "authority_host": "https://login.microsoftonline.com",
        "ca_path": server.ca_path,
        "timeout": 30,
        "retries": 5,
    }
    opened = HttpSession(resolve_connection(given, {}))
    yield opened
    opened.close()


def send_behind(session: HttpSession, url: str) -> tuple[threading.Thread, list[Exception]]:
    """Send a call in another thread, and note what it raises."""
    raised: list[Exception] = []

    def send() -> None:
        try:
            session.request("GET", url)
        except SessionClosed as error:
            raised.append(error)

    thread = threading.Thread(target=send)
    thread.start()
    return thread, raised


def test_nothing_is_sent_any_more(server: Scripted, session: HttpSession) -> None:
    session.close()
    with pytest.raises(SessionClosed):
        session.request("GET", f"{server.url}/v1.0/users")
    assert (server.calls, server.connections) == ([], 0)


@pytest.mark.parametrize(
    "answer", [Answer(503, headers={"Retry-After": "60"}), Answer(429, headers={"Retry-After": "60"})]
)
def test_a_pause_before_another_try_ends_at_once(server: Scripted, session: HttpSession, answer: Answer) -> None:
    received = threading.Event()

    def answered(call: Received) -> Answer:
        received.set()
        return answer

    server.answer = answered
    thread, raised = send_behind(session, f"{server.url}/v1.0/users")
    assert received.wait(10)
    begin = time.monotonic()
    session.close()
    thread.join(10)
    assert not thread.is_alive()
    assert time.monotonic() - begin < 10
    assert [type(error) for error in raised] == [SessionClosed]
    assert len(server.calls) == 1
