# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client against a server that answers as the test tells it, a clock that is nobody's, and no real pauses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._http import throttling as retry
from ansible_collections.idgov.entra.plugins.module_utils._http.session import HttpSession
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import resolve_connection
from ansible_collections.idgov.entra.plugins.module_utils._signin.credentials import ReadyToken
from ansible_collections.idgov.entra.plugins.module_utils._signin.tokens import TokenSource
from tests.support.scripted import Scripted, scripted
from tests.unit.samples import NOW

NewClient = Callable[..., GraphClient]


class StoppedClock:
    """A clock that stands still and notes the pauses."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    def now(self) -> datetime:
        return NOW

    def elapsed(self) -> float:
        return sum(self.pauses)

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


@pytest.fixture(scope="session")
def scripted_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scripted]:
    """One server for all tests of a process."""
    with scripted(tmp_path_factory.mktemp("scripted")) as running:
        yield running


@pytest.fixture
def server(scripted_server: Scripted) -> Iterator[Scripted]:
    """The server, with nothing received and nothing to answer."""
    scripted_server.calls.clear()
    scripted_server.connections = 0
    scripted_server.answers()
    scripted_server.let_go.clear()
    yield scripted_server
    scripted_server.let_go.set()


@pytest.fixture
def clock() -> StoppedClock:
    """The clock that the client is given."""
    return StoppedClock()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between tries of one call: noted instead of taken."""
    found: list[float] = []
    monkeypatch.setattr(retry, "pause", lambda _closed, seconds: found.append(seconds))
    return found


@pytest.fixture
def new_client(server: Scripted, clock: StoppedClock) -> Iterator[NewClient]:
    """Make clients of the server with the options of a task, and an environment that is not the process's."""
    sessions: list[HttpSession] = []

    def make(environ: dict[str, str] | None = None, *, token: str = "token-1", **options: Any) -> GraphClient:
        given = {
            "graph_url": server.url,
            "authority_host": "https://login.microsoftonline.com",
            "ca_path": server.ca_path,
        }
        connection = resolve_connection({**given, "timeout": 5, "retries": 2, **options}, environ or {})
        sessions.append(HttpSession(connection))
        tokens = TokenSource(ReadyToken(token), connection, sessions[-1], keep_secret=lambda _secret: None)
        return GraphClient(sessions[-1], connection, tokens, clock=clock, version="v1.0")

    yield make
    for session in sessions:
        session.close()


@pytest.fixture
def client(new_client: NewClient, pauses: list[float]) -> GraphClient:
    """A client that tries twice more, without pausing."""
    return new_client()
