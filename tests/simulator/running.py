# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the simulator as a process of its own, for tests, the demo and the benchmark."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]


class DoorError(RuntimeError):
    """The admin door refused an order."""


class Door:
    """The admin door of a running simulator, over one connection that stays open; safe to use from threads.

    A clock that stands still is asked once: only an order moves it on.
    """

    def __init__(self, url: str, ca_path: str) -> None:
        context = ssl.create_default_context(cafile=ca_path)
        parts = urlsplit(url)
        self._lock = threading.Lock()
        self._connection = http.client.HTTPSConnection(str(parts.hostname), parts.port, timeout=30, context=context)
        self._still: Json | None = None

    def send(self, method: str, path: str, body: Json | None) -> Any:
        """Send one order and return the answer; DoorError if it is refused."""
        data = json.dumps(body) if body is not None else None
        with self._lock:
            if (method, path) == ("GET", "clock") and self._still is not None:
                return self._still
            if method != "GET":
                self._still = None
            try:
                status, text = self._exchange(method, path, data)
            except (http.client.RemoteDisconnected, ConnectionError, ssl.SSLEOFError):
                # The other side closes connections that were idle for long; the order was not read.
                self._connection.close()
                status, text = self._exchange(method, path, data)
            if status != 200:
                raise DoorError(f"{path}: {text}")
            answer = json.loads(text)
            if path == "clock" and answer["frozen"]:
                self._still = answer
            return answer

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _exchange(self, method: str, path: str, data: str | None) -> tuple[int, str]:
        self._connection.request(method, f"/_sim/{path}", data)
        response = self._connection.getresponse()
        return response.status, response.read().decode()


@dataclass(frozen=True)
class Running:
    """A running simulator: where it is, the environment that points a playbook at it, and its admin door."""

    url: str
    ca_path: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    door: Door

    def reset(self) -> None:
        """Go back to the state at the start; tokens stay valid."""
        self._post("reset")

    def load(self, world: Json | str | Path) -> None:
        """Put another world (dict, path, or name of a shipped one) in place; clock, calls and settings stay."""
        self._post("load", world=world if isinstance(world, dict) else str(world))

    def dump(self) -> Json:
        """Return the state: users, groups, packages, policies, subjects, assignments, requests."""
        return self._object("GET", "dump")

    def calls(self) -> list[Json]:
        """Return the calls received since the start or the last clear_calls."""
        return self._list("GET", "calls")

    def clear_calls(self) -> None:
        """Forget the calls received."""
        self._post("calls/clear")

    def clock(self) -> str:
        """Return the simulated instant."""
        return str(self._object("GET", "clock")["now"])

    def set_clock(self, now: str) -> None:
        """Set the simulated clock to an instant, ``2026-01-31T08:00:00Z``."""
        self._post("clock", now=now)

    def advance(self, seconds: float = 0, *, days: float = 0) -> None:
        """Move the simulated clock on; everything due until then has happened when this returns."""
        self._post("clock", advance=seconds + days * 86400)

    def freeze(self) -> None:
        """Stop the simulated clock: nothing moves until advance or run."""
        self._post("clock", frozen=True)

    def run(self) -> None:
        """Let the simulated clock run on."""
        self._post("clock", frozen=False)

    def faults(self, *rules: Json) -> None:
        """Put these rules in force, in place of those before; none ends all faults."""
        self._post("faults", rules=list(rules))

    def fault_counts(self) -> list[Json]:
        """Return for each rule how many operations it saw and hit."""
        return self._list("GET", "faults")

    def contrary(self, *doubts: str) -> None:
        """Let Graph do these things otherwise (table in doubts.py), in place of those before; none ends them all."""
        self._post("contrary", doubts=list(doubts))

    def fuzz(self, seed: int, every: int = 4) -> None:
        """Give odd shapes to about one answer in ``every`` (fuzz.py), drawn from the seed; contrary() ends it."""
        self._post("contrary", seed=seed, every=every)

    def contradicted(self) -> Json:
        """Return how often each doubt has ``struck``, the kinds of odd shapes (``fuzzed``), and whether a write's answer was ``lost`` by one."""
        return self._object("GET", "contrary")

    def switches(self, **readings: str) -> None:
        """Set switches (table in switches.py)."""
        self._post("switches", **readings)

    def settings(self, **values: float) -> None:
        """Change settings (settings.py): page size, delays, latency."""
        self._post("settings", **values)

    def token(
        self,
        kind: str = "app",
        *,
        user: str | None = None,
        permissions: Sequence[str] | None = None,
        roles: Sequence[str | Json] | None = None,
        **claims: str | float,
    ) -> str:
        """Return an access token.

        ``kind`` is app or delegated (then ``user`` is an id or principal name). Permissions left out are the
        app's own. ``roles`` holds directory role names or ``{"catalog": name, "role": name}``; left out, the
        world's roles count. ``claims`` may hold client_id, tenant, audience and seconds (lifetime).
        """
        body: Json = {"kind": kind, **claims}
        for name, value in (("user", user), ("permissions", permissions), ("roles", roles)):
            if value is not None:
                body[name] = value if isinstance(value, str) else list(value)
        return str(self._object("POST", "token", body)["access_token"])

    def challenge(self) -> Json:
        """Revoke all tokens: Graph asks for new ones by a claims challenge; return the claims that it asks for."""
        answer = self.door.send("POST", "challenge", {})
        assert isinstance(answer, dict)
        return answer

    def device_person(self, user: str, decision: str = "approve", *, after_polls: int = 0) -> None:
        """Put somebody before the page for device codes, who decides on each after so many polls of the device."""
        self._post("device", user=user, decision=decision, after_polls=after_polls)

    def foreign_token(self, **claims: str | float) -> str:
        """Return a token of the build service; ``claims`` may hold issuer, subject, audience and seconds."""
        return str(self._object("POST", "foreign_token", dict(claims))["token"])

    def approve(self, request_id: str) -> None:
        """Approve a pending request."""
        self._post("decide", request=request_id, decision="approve")

    def deny(self, request_id: str) -> None:
        """Deny a pending request."""
        self._post("decide", request=request_id, decision="deny")

    def violations(self) -> list[str]:
        """Return what was wrong with answers, where the process checks them against the metadata."""
        return self._list("GET", "violations")

    def _post(self, path: str, **body: Any) -> None:
        self.door.send("POST", path, body)

    def _object(self, method: str, path: str, body: Json | None = None) -> Json:
        answer = self.door.send(method, path, body)
        assert isinstance(answer, dict)
        return answer

    def _list(self, method: str, path: str) -> list[Any]:
        answer = self.door.send(method, path, None)
        assert isinstance(answer, list)
        return answer


@contextlib.contextmanager
def start(
    world: str | Path = "contoso",
    *,
    seed: int = 1,
    port: int = 0,
    clock: str | None = None,
    check_metadata: Mapping[str, str | Path] | None = None,
    **settings: float,
) -> Iterator[Running]:
    """Start a simulator, yield it once it accepts connections, stop it at the end.

    ``check_metadata`` leads from a version to the ``$metadata`` document that its answers are checked against.
    The process also ends by itself when this one dies. RuntimeError (with what it printed) if it does not start.
    """
    arguments = ["--world", str(world), "--seed", str(seed), "--port", str(port), *_as_arguments(settings)]
    arguments += ["--clock", clock] if clock else []
    arguments += [f"--check-metadata={version}={path}" for version, path in (check_metadata or {}).items()]
    with _started(arguments) as (running,):
        yield running


@contextlib.contextmanager
def start_tenants(count: int, **settings: float) -> Iterator[list[Running]]:
    """Start so many simulators in one process, each with its own state, address and admin door, as ``start`` does."""
    with _started(["--tenants", str(count), *_as_arguments(settings)]) as tenants:
        yield tenants


def _as_arguments(settings: Mapping[str, float]) -> list[str]:
    return [f"--setting={name}={value}" for name, value in settings.items()]


@contextlib.contextmanager
def _started(arguments: Sequence[str]) -> Iterator[list[Running]]:
    command = [sys.executable, "-m", "tests.simulator", "--until-input-ends", *arguments]
    with tempfile.TemporaryFile() as errors:
        process, text = _launch(command, errors)
        if not text:
            process.wait()
            errors.seek(0)
            raise RuntimeError(f"the simulator did not start:\n{errors.read().decode()}")
        doors = [(facts, Door(facts["url"], facts["ca_path"])) for facts in json.loads(text)]
        try:
            yield [Running(process=process, door=door, **facts) for facts, door in doors]
        finally:
            for _dummy, door in doors:
                door.close()
            _stop(process)


def _launch(command: list[str], errors: Any) -> tuple[subprocess.Popen[bytes], str]:
    """Start the process and wait until it says, through a pipe, that it is ready (or ends)."""
    reading, writing = os.pipe()
    try:
        process = subprocess.Popen(
            [*command, "--ready-fd", str(writing)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            pass_fds=[writing],
            start_new_session=True,
        )
    finally:
        os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        return process, pipe.read()


def _stop(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
