# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator: one store, one clock, and the way an operation takes through it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from . import calls
from .access import Caller
from .calls import CallLog
from .contrary import Contrary
from .device_code import DeviceCodes
from .errors import GraphError, bad_request, envelope
from .faults import Effect, Faults, Lag
from .foreign_issuer import ForeignIssuer
from .graph import LONGEST, Answer, Call, Operation
from .ids import IdSource
from .lifecycle import Lifecycle
from .routes import VERSIONS
from .settings import Settings
from .store import Store
from .switches import Switches
from .times import Clock
from .tokens import TokenIssuer
from .world import build_store


class Checker(Protocol):
    """What checks answers against the service metadata."""

    def check(self, operation: Operation, answer: Answer) -> list[str]:
        """Return what is wrong with an answer."""


@dataclass
class Transport:
    """What the connection does with an answer: wait, break off, cut the body short."""

    slow: float = 0.0
    reset: bool = False
    truncate: int | None = None


class Simulator:
    """Holds the state; every operation runs to its end before the next one starts."""

    def __init__(self, world: dict[str, Any], seed: int, settings: Settings, start: datetime | None) -> None:
        self.issuer = TokenIssuer()
        self.checkers: dict[str, Checker] = {}
        self.foreign_issuer = ForeignIssuer()
        self._world = world
        self._seed = seed
        self._settings = settings
        self._start = start
        self.reset()

    def reset(self) -> None:
        """Go back to the state at the start of the process; tokens stay valid."""
        self.clock = Clock(self._start)
        self.ids = IdSource(self._seed)
        self.settings = replace(self._settings)
        self.switches = Switches()
        self.faults = Faults()
        self.calls = CallLog()
        self.contrary = Contrary(self.handle, Transport)
        self.devices = DeviceCodes()
        self.issuer.demand(None)
        self.violations: list[str] = []
        self.load(self._world)

    def load(self, world: dict[str, Any]) -> None:
        """Put another world in place of the present one; clock, calls and settings stay."""
        now = self.clock.now()
        self.store = build_store(world, now)
        self.lifecycle = Lifecycle(self.store, self.ids, self.settings, self.switches)
        self.lifecycle.adopt(now)
        self._lag: Lag | None = None

    def handle(self, operation: Operation) -> tuple[Answer, Transport]:
        """Answer an operation that came over the wire."""
        transport = Transport()
        return self._perform(operation, None, transport, None), transport

    def handle_item(self, operation: Operation, batch: int, transport: Transport, caller: Caller) -> Answer:
        """Answer an item of a batch; what its faults do to the connection is added to the batch's."""
        return self._perform(operation, batch, transport, caller)

    def _perform(self, operation: Operation, batch: int | None, transport: Transport, caller: Caller | None) -> Answer:
        now = self.clock.now()
        self.lifecycle.settle(now)
        row = self.calls.start(operation, batch)
        effects = self.faults.strike(operation, batch is not None)
        try:
            answer = self._answer(operation, now, effects, transport, row, caller)
        except GraphError as error:
            answer = self._refuse(error, operation, now)
        checker = self.checkers.get(operation.version)
        # What a rule puts into an answer is meant to be unknown to the metadata.
        as_documented = not any(effect.members for effect in effects)
        if checker is not None and as_documented and not transport.reset:
            problems = checker.check(operation, answer)
            self.violations += [
                f"{operation.method} /{operation.version}{operation.path}: {problem}" for problem in problems
            ]
        for effect in effects:
            self._bend(effect, answer, transport)
        self._dress(answer, operation)
        row["status"] = answer.status
        return answer

    def _answer(
        self,
        operation: Operation,
        now: datetime,
        effects: list[Effect],
        transport: Transport,
        row: dict[str, Any],
        caller: Caller | None,
    ) -> Answer:
        if operation.length > LONGEST:
            raise GraphError(414, "UnknownError", "The request URL is too long.")
        for effect in effects:
            error = effect.error(now)
            if error is not None and not effect.carried_out:
                raise error
            if effect.redirect is not None:
                return Answer(302, None, {"Location": f"{effect.redirect}{operation.path}"})
            if effect.reset == "before":
                transport.reset = True
                return Answer(500)
        if caller is None:
            authorization = operation.headers.get("authorization")
            caller = self.issuer.caller(authorization, self.audiences(operation.origin), now, self.store)
        calls.set_caller(row, caller)
        answer = self._dispatch(operation, now, effects, caller, transport, row["number"])
        for effect in effects:
            error = effect.error(now)
            if error is not None:
                raise error
        return answer

    def _dispatch(
        self,
        operation: Operation,
        now: datetime,
        effects: list[Effect],
        caller: Caller,
        transport: Transport,
        number: int,
    ) -> Answer:
        version = VERSIONS.get(operation.version)
        if version is None:
            raise bad_request(f"Invalid version: {operation.version}")
        store = self._store_for(operation, now)
        call = Call(self, store, caller, operation, now, transport, number, version.dialect)
        for effect in effects:
            call.ordered.update(effect.members or {})
        lags = [effect.lag for effect in effects if effect.lag is not None]
        before = Lag.of(self.store, lags[0], now) if lags and operation.method != "GET" and not self._lag else None
        outcomes = [effect.outcome for effect in effects if effect.outcome is not None]
        known = set(self.store.requests) if outcomes else set()
        answer = version.router.dispatch(call)
        if before is not None:
            self._lag = before
        if outcomes:
            self._order_outcome(outcomes[0], call, known)
        return answer

    def _order_outcome(self, outcome: str, call: Call, known: set[str]) -> None:
        """Give the request that a call made or reprocessed the outcome that a rule orders."""
        touched = set(self.store.requests) - known or {call.params.get("request_id", "")}
        for request_id in touched & set(self.store.requests):
            self.store.requests[request_id].outcome = outcome

    def _store_for(self, operation: Operation, now: datetime) -> Store:
        """Return what this operation sees: reads may lag behind, writes never do."""
        if operation.method != "GET" or self._lag is None:
            return self.store
        if self._lag.over(now):
            self._lag = None
            return self.store
        if self._lag.reads is not None:
            self._lag.reads -= 1
        return self._lag.store

    def _refuse(self, error: GraphError, operation: Operation, now: datetime) -> Answer:
        request_id = str(uuid.uuid4())
        client_id = operation.headers.get("client-request-id", request_id)
        headers = {**error.headers, "request-id": request_id}
        return Answer(error.status, envelope(error, now, request_id, client_id), headers)

    def _bend(self, effect: Effect, answer: Answer, transport: Transport) -> None:
        """Let the effects that spare the operation itself act on its answer."""
        transport.slow += effect.slow
        transport.reset = transport.reset or effect.reset == "after"
        if effect.truncate is not None:
            transport.truncate = effect.truncate
        link = answer.body.get("@odata.nextLink") if isinstance(answer.body, dict) else None
        if effect.next_link is not None and link is not None:
            answer.body["@odata.nextLink"] = effect.next_link + link[link.index("/v") :]

    def _dress(self, answer: Answer, operation: Operation) -> None:
        request_id = answer.headers.setdefault("request-id", str(uuid.uuid4()))
        answer.headers.setdefault("client-request-id", operation.headers.get("client-request-id", request_id))
        answer.headers["x-ms-ags-diagnostic"] = (
            '{"ServerInfo":{"DataCenter":"Simulated","Slice":"E","Ring":"1","ScaleUnit":"000","RoleInstance":"SIM"}}'
        )

    def audiences(self, origin: str) -> tuple[str, ...]:
        """Return the names under which a token may mean this Graph."""
        port = origin.rpartition(":")[2]
        return f"https://localhost:{port}", f"https://127.0.0.1:{port}"
