# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs applications over TLS, each on a port of 127.0.0.1, until a signal or the end of the input."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import trustme
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .app import TRANSPORT


class _Protocol(HttpToolsProtocol):
    """Lets the application reach its own connection, to break it off."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        application = self.app

        async def reachable(scope: Any, receive: Any, send: Any) -> None:
            scope[TRANSPORT] = lambda: self.transport
            await application(scope, receive, send)

        self.app = reachable


class _Server(uvicorn.Server):
    """A server that says when it is ready and leaves without complaint when told to stop."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Clients keep their connections open; waiting for them would only hold up whoever stops us.
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # They stop all servers of the process, see _serve.
        yield

    def stop(self) -> None:
        self.should_exit = True


def listen(port: int) -> socket.socket:
    """Open the listening socket; port 0 takes a free one."""
    # The protocol is named so that asyncio turns Nagle's algorithm off on the connections.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", port))
    sock.listen(128)
    return sock


def write_certificates(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for localhost and 127.0.0.1; return the paths of the CA and of chain with key."""
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost", "127.0.0.1")
    ca_path, chain_path = folder / "ca.pem", folder / "server.pem"
    authority.cert_pem.write_to_path(str(ca_path))
    certificate.private_key_and_cert_chain_pem.write_to_path(str(chain_path))
    return ca_path, chain_path


def serve(
    apps: Mapping[socket.socket, Starlette], chain_path: Path, on_ready: Callable[[], None], until_input_ends: bool
) -> None:
    """Serve until SIGTERM, SIGINT or (if asked) the end of standard input; ``on_ready`` is called once all are there."""
    waiting = set(apps)

    def ready(sock: socket.socket) -> None:
        waiting.remove(sock)
        if not waiting:
            on_ready()

    servers = {sock: _Server(_config(app, chain_path), partial(ready, sock)) for sock, app in apps.items()}
    asyncio.run(_serve(servers, until_input_ends))


def _config(app: Starlette, chain_path: Path) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_Protocol,
        ssl_certfile=str(chain_path),
        ssl_keyfile=str(chain_path),
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=120,
        timeout_graceful_shutdown=1,
    )


async def _serve(servers: Mapping[socket.socket, _Server], until_input_ends: bool) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, _stop, list(servers.values()))
    watcher = asyncio.create_task(_watch_input(list(servers.values()))) if until_input_ends else None
    await asyncio.gather(*(server.serve(sockets=[sock]) for sock, server in servers.items()))
    if watcher is not None:
        watcher.cancel()


def _stop(servers: Sequence[_Server]) -> None:
    for server in servers:
        server.stop()


async def _watch_input(servers: Sequence[_Server]) -> None:
    """Stop the servers when whoever holds the other end of standard input has gone."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.read(1024):
        pass
    _stop(servers)
