# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on order: rules that say which operations go wrong, and how. The README lists the effects."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .errors import GraphError
from .graph import Operation
from .schema_beta import BETA
from .schema_v1 import V1
from .store import Store
from .tokens import invalid_token

OUTCOMES = frozenset({"delivered", "partiallyDelivered", "deliveryFailed", "limbo", "ignored"})
_RULE_KEYS = frozenset({"service", "method", "path", "body", "nth", "times", "every", "batch", "effect"})
_EFFECT_KEYS = frozenset(
    {
        *("status", "code", "message", "retry_after", "carried_out", "reset", "slow", "truncate"),
        *("token_expired", "lag", "outcome", "redirect", "next_link", "members"),
    }
)
# What can go wrong with a call to the sign-in, which has no state.
_SIGN_IN_EFFECTS = frozenset({"status", "message", "retry_after", "reset", "slow"})
GRAPH, SIGN_IN = "graph", "signin"
_CODES = {
    429: ("TooManyRequests", "Please retry again later."),
    500: ("InternalServerError", "An internal error occurred."),
    503: ("ServiceUnavailable", "The service is temporarily unavailable."),
    504: ("GatewayTimeout", "The operation timed out."),
}


@dataclass
class Effect:
    """What goes wrong with one operation. See the README for each."""

    status: int | None = None
    code: str | None = None
    message: str | None = None
    retry_after: str | None = None
    carried_out: bool = False
    reset: str | None = None
    slow: float = 0.0
    truncate: int | None = None
    token_expired: bool = False
    lag: dict[str, float] | None = None
    outcome: str | None = None
    redirect: str | None = None
    next_link: str | None = None
    members: dict[str, dict[str, Any]] | None = None

    def error(self, now: datetime) -> GraphError | None:
        """Return the refusal this effect puts in place of the answer, if it does."""
        if self.token_expired:
            return invalid_token("Lifetime validation failed, the token is expired.")
        if self.status is None:
            return None
        code, message = _CODES.get(self.status, ("UnknownError", "A simulated fault."))
        headers = {"Retry-After": self.retry_after} if self.retry_after is not None else {}
        return GraphError(self.status, self.code or code, self.message or message, None, headers)


@dataclass
class Rule:
    """One rule: which operations it looks at, which of them it hits, and the effect."""

    method: str | None
    path: re.Pattern[str] | None
    body: re.Pattern[str] | None
    nth: int | None
    times: int | None
    every: int | None
    batch: bool | None
    effect: Effect
    service: str = GRAPH
    seen: int = 0
    hit: int = 0

    def strikes(self, operation: Operation, in_batch: bool, service: str) -> bool:
        """Count an operation if the rule looks at it, and tell whether it is hit."""
        if service != self.service or not self._looks_at(operation, in_batch):
            return False
        self.seen += 1
        if self.nth is not None:
            struck = self.seen == self.nth
        elif self.every is not None:
            struck = self.seen % self.every == 0
        else:
            struck = True
        if struck and self.times is not None and self.hit >= self.times:
            return False
        self.hit += struck
        return struck

    def _looks_at(self, operation: Operation, in_batch: bool) -> bool:
        if self.method is not None and operation.method != self.method:
            return False
        if self.batch is not None and in_batch != self.batch:
            return False
        if self.path is not None and not self.path.search(operation.path):
            return False
        return self.body is None or bool(self.body.search(operation.body.decode("utf-8", "replace")))


def read_rule(entry: dict[str, Any]) -> Rule:
    """Read a rule; ValueError names what is wrong with it."""
    _expect_keys("rule", entry, _RULE_KEYS)
    effect = dict(entry.get("effect") or {})
    _expect_keys("effect", effect, _EFFECT_KEYS)
    if not effect:
        raise ValueError("a rule needs an effect")
    if effect.get("reset") not in (None, "before", "after"):
        raise ValueError("reset takes before or after")
    if effect.get("outcome") is not None and effect["outcome"] not in OUTCOMES:
        raise ValueError(f"outcome takes {', '.join(sorted(OUTCOMES))}")
    for kind, members in (effect.get("members") or {}).items():
        if kind not in {**V1.types, **BETA.types} or not isinstance(members, dict):
            raise ValueError(f"members takes an object for each type of Graph; {kind!r} is none, or has none")
    service = entry.get("service", GRAPH)
    if service not in (GRAPH, SIGN_IN):
        raise ValueError(f"service takes {GRAPH} or {SIGN_IN}")
    if service == SIGN_IN:
        _expect_keys("effect on the sign-in", effect, _SIGN_IN_EFFECTS)
    if effect.get("retry_after") is not None:
        effect["retry_after"] = str(effect["retry_after"])
    return Rule(
        method=entry.get("method"),
        path=re.compile(entry["path"]) if entry.get("path") else None,
        body=re.compile(entry["body"]) if entry.get("body") else None,
        nth=entry.get("nth"),
        times=entry.get("times"),
        every=entry.get("every"),
        batch=entry.get("batch"),
        effect=Effect(**effect),
        service=service,
    )


def _expect_keys(what: str, entry: dict[str, Any], known: frozenset[str]) -> None:
    unknown = set(entry) - known
    if unknown:
        raise ValueError(f"{what}: unknown {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")


@dataclass
class Faults:
    """The rules in force, and the reads that still lag."""

    rules: list[Rule] = field(default_factory=list)

    def strike(self, operation: Operation, in_batch: bool, service: str = GRAPH) -> list[Effect]:
        """Return the effects that hit an operation, in the order of the rules."""
        return [rule.effect for rule in self.rules if rule.strikes(operation, in_batch, service)]


@dataclass
class Lag:
    """A past state that reads still show, for a number of reads or until an instant."""

    store: Store
    reads: float | None
    until: datetime | None

    @classmethod
    def of(cls, store: Store, lag: dict[str, float], now: datetime) -> Lag:
        """Copy the present state as what reads will show."""
        seconds = lag.get("seconds")
        until = now + timedelta(seconds=seconds) if seconds is not None else None
        return cls(store.copy(), lag.get("reads"), until)

    def over(self, now: datetime) -> bool:
        """Return whether reads have caught up."""
        if self.until is not None and now >= self.until:
            return True
        return self.reads is not None and self.reads <= 0
