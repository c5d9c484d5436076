# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small HTTPS server that answers as a test tells it, also in ways in which no service should."""

from __future__ import annotations

import json
import os
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme


@dataclass(frozen=True)
class Received:
    """One call as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Answer:
    """How a call is answered. ``body`` is JSON, or bytes as they are; ``cut`` breaks off after so many bytes of it.

    ``instead`` puts something in the place of an answer: ``close`` ends the connection, ``garbage`` sends what is no TLS,
    ``silence`` says nothing until the test lets go. A header without a value is left out.
    """

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    instead: str | None = None


Script = Callable[[Received], Answer]


@dataclass
class Scripted:
    """A running server: where it is, whom it makes clients trust, and what it received."""

    url: str
    ca_path: str
    calls: list[Received] = field(default_factory=list)
    connections: int = 0
    let_go: threading.Event = field(default_factory=threading.Event)
    answer: Script = lambda _call: Answer(500)

    def answers(self, *answers: Answer) -> None:
        """Answer with these, one after the other; more calls than answers are answered by 500."""
        left = iter(answers)
        self.answer = lambda _call: next(left, Answer(500))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of connections that broke: some tests are about that."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


@contextmanager
def scripted(folder: Path) -> Iterator[Scripted]:
    """Run a server on a port of its own until the end; its certificate authority is written into the folder."""
    authority = trustme.CA()
    ca_path = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    server = _Server(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    running = Scripted(f"https://localhost:{server.server_port}", str(ca_path))
    server.RequestHandlerClass = _handler(running)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(running: Scripted) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            running.connections += 1

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            content = self.rfile.read(length)
            headers = {name.lower(): value for name, value in self.headers.items()}
            call = Received(self.command, self.path, headers, _read(content))
            running.calls.append(call)
            answer = running.answer(call)
            if answer.instead == "silence":
                running.let_go.wait(30)
            _send(self, answer)

        do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    if answer.instead is not None:
        handler.close_connection = True
        if answer.instead == "garbage":
            os.write(handler.connection.fileno(), b"this is no TLS record at all\r\n\r\n")
        handler.connection.shutdown(socket.SHUT_RDWR)
        return
    content = answer.body if isinstance(answer.body, bytes) else b"" if answer.body is None else _json(answer.body)
    handler.send_response(answer.status)
    for name, value in {"Content-Length": str(len(content)), **answer.headers}.items():
        if value:
            handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(content[: answer.cut])
    if answer.cut is not None:
        handler.close_connection = True


def _read(content: bytes) -> Any:
    """Return the body of a call: JSON read, and anything else, such as a form, as text."""
    try:
        return json.loads(content) if content else None
    except ValueError:
        return content.decode()


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()
