# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small forward proxy: it knows CONNECT and nothing else, and notes what it was asked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Proxy:
    """A running proxy: its address, and the head of every call that it received."""

    port: int
    heads: list[str] = field(default_factory=list)
    answer: str = "200 Connection established"

    @property
    def url(self) -> str:
        """The address as the option and the variables take it."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def proxy() -> Iterator[Proxy]:
    """Run a proxy on a port of its own until the end."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        running = Proxy(listening.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(listening, running), daemon=True)
        thread.start()
        yield running
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def _serve(listening: socket.socket, running: Proxy) -> None:
    with suppress(OSError):
        while True:
            client, _address = listening.accept()
            threading.Thread(target=_connect, args=(client, running), daemon=True).start()


def _connect(client: socket.socket, running: Proxy) -> None:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += client.recv(1)
    running.heads.append(head.decode())
    client.sendall(f"HTTP/1.1 {running.answer}\r\n\r\n".encode())
    if not running.answer.startswith("200"):
        client.close()
        return
    host, _colon, port = head.split()[1].decode().rpartition(":")
    server = socket.create_connection((host, int(port)))
    threading.Thread(target=_relay, args=(server, client), daemon=True).start()
    _relay(client, server)


def _relay(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while content := source.recv(65536):
            target.sendall(content)
        target.shutdown(socket.SHUT_WR)
