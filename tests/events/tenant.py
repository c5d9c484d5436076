# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant in which things happen, drawn from a seed: people get access and lose it, approvers decide, deliveries fail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import requests

from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant, parse_instant
from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support import requests_world

Json = dict[str, Any]
PEOPLE = tuple(
    f"{name}@contoso.com" for name in ("ada", "bo", "chen", "kim", "lee", "mira", "olga", "quinn", "rosa", "sam")
)
POLICIES = (
    ("Engineering Laptop", "Direct assignment"),
    ("VPN Access", "Everybody"),
    ("Source Code Read", "Engineers"),
    ("Test Devices", "Administrators"),
    *((requests_world.PACKAGE, policy) for policy in ("Plain", requests_world.CREATED, requests_world.GRANTED, "Two")),
)
OUTCOMES = ("limbo", "deliveryFailed", "deliveryFailed", "partiallyDelivered")
NOW = "2030-01-01T00:00:00Z"
# How long reads may show what was before a write.
LONGEST_LAG = 600
_ROOT = "v1.0/identityGovernance/entitlementManagement"


class Tenant:
    """The simulated tenant; ``happen`` lets one thing happen in it."""

    def __init__(self, sim: Running, random: Random) -> None:
        self.sim = sim
        self.random = random
        self.happened = 0
        self._now = parse_instant(NOW)
        # Until when reads may lag behind.
        self.lags_until = parse_instant(NOW)
        sim.reset()
        sim.freeze()
        sim.set_clock(NOW)
        requests_world.load(sim)
        sim.settings(submitted_seconds=random.choice((0.05, 3)), delivering_seconds=random.choice((0.05, 20, 4000)))
        self._rules: list[Json] = []
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = sim.ca_path
        self._deeds: list[Callable[[], bool]] = [
            *(3 * [self._add]),
            *(2 * [self._remove, self._ask]),
            *(self._update, self._decide, self._cancel, self._reprocess, self._resume),
        ]

    def now(self) -> datetime:
        """Return the simulated instant."""
        return self._now

    def elapsed(self) -> float:
        """Return the simulated seconds since some moment."""
        return self._now.timestamp()

    def pause(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)
        self.sim.advance(seconds)

    def disturb(self, *rules: Json) -> None:
        """Put faults in force for what is read."""
        self._rules = list(rules)
        self.sim.faults(*rules)

    @property
    def is_disturbed(self) -> bool:
        return bool(self._rules) or self.now() < self.lags_until

    def happen(self) -> None:
        """Let one thing happen; not every one is possible."""
        self._state = self.sim.dump()
        self.happened += any(self.random.choice(self._deeds)() for _try in range(4))

    def _add(self) -> bool:
        package, policy = self.random.choice(POLICIES)
        body = {"requestType": "adminAdd", "assignment": self._assignment(self.random.choice(PEOPLE), package, policy)}
        if self.random.random() < 0.6:
            body["schedule"] = self._schedule()
        effect: Json = {}
        if self.random.random() < 0.3:
            effect["outcome"] = self.random.choice(OUTCOMES)
        if self.random.random() < 0.2:
            effect["lag"] = {"seconds": self.random.randrange(LONGEST_LAG)}
        return self._post("assignmentRequests", body, effect=effect)

    def _ask(self) -> bool:
        person = self.random.choice(PEOPLE)
        token = self.sim.token("delegated", user=person, permissions=["EntitlementMgmt-SubjectAccess.ReadWrite"])
        body = {"requestType": "userAdd", "assignment": self._assignment(person, "VPN Access", "Members")}
        return self._post("assignmentRequests", {**body, "justification": "{{ 1 // 0 }}"}, token=token)

    def _remove(self) -> bool:
        row = self._one("assignments", "delivered", "partiallyDelivered", "deliveryFailed")
        body = {"requestType": "adminRemove", "assignment": {"id": row["id"]}} if row else None
        lag = {"lag": {"seconds": self.random.randrange(LONGEST_LAG)}} if self.random.random() < 0.2 else {}
        return body is not None and self._post("assignmentRequests", body, effect=lag)

    def _update(self) -> bool:
        row = self._one("assignments", "delivered")
        if row is None:
            return False
        schedule = {**self._schedule(), "startDateTime": row["schedule"]["startDateTime"]}
        body = {"requestType": "adminUpdate", "assignment": {"id": row["id"]}, "schedule": schedule}
        return self._post("assignmentRequests", body)

    def _decide(self) -> bool:
        row = self._one("requests", "pendingApproval")
        if row is None:
            return False
        self.random.choice((self.sim.approve, self.sim.approve, self.sim.deny))(row["id"])
        return True

    def _cancel(self) -> bool:
        row = self._one("requests", "pendingApproval", "scheduled")
        return row is not None and self._post(f"assignmentRequests/{row['id']}/cancel", None)

    def _reprocess(self) -> bool:
        row = self._one("requests", "deliveryFailed", "partiallyDelivered")
        outcome = self.random.choice(("delivered", "delivered", "deliveryFailed"))
        return row is not None and self._post(
            f"assignmentRequests/{row['id']}/reprocess", None, effect={"outcome": outcome}
        )

    def _resume(self) -> bool:
        waiting = [row for row in self._state["requests"] if row["status"] == "WaitingForCallback"]
        if not waiting:
            return False
        row = self.random.choice(waiting)
        callout = next(c for c in row["customExtensionCalloutInstances"] if c["status"] == "waitingForCallback")
        stage = callout.get("stage") or requests_world.CREATED
        data = {
            "@odata.type": "microsoft.graph.accessPackageAssignmentRequestCallbackData",
            "stage": stage,
            "customExtensionStageInstanceId": callout["id"],
            "customExtensionStageInstanceDetail": "resumed",
        }
        body = {"source": "x", "type": f"microsoft.graph.accessPackageCustomExtensionStage.{stage}", "data": data}
        return self._post(f"assignmentRequests/{row['id']}/resume", body)

    def _assignment(self, person: str, package: str, policy: str) -> Json:
        return {
            "targetId": id_of("user", person),
            "assignmentPolicyId": id_of("policy", f"{package}/{policy}"),
            "accessPackageId": id_of("package", package),
        }

    def _schedule(self) -> Json:
        now = self.now()
        start = now + timedelta(hours=self.random.choice((0, 0, 0, 3, 50)))
        end = start + timedelta(hours=self.random.choice((1, 20, 200, 380, 700)))
        return {
            "startDateTime": format_instant(start),
            "expiration": {"type": "afterDateTime", "endDateTime": format_instant(end)},
        }

    def _one(self, what: str, *states: str) -> Json | None:
        found = [row for row in self._state[what] if row["state"] in states]
        return self.random.choice(found) if found else None

    def _post(self, path: str, body: Json | None, *, token: str | None = None, effect: Json | None = None) -> bool:
        """Send a write; tell whether it was accepted."""
        if effect:
            self.sim.faults(
                {"method": "POST", "path": "assignmentRequests", "times": 1, "effect": effect}, *self._rules
            )
        answer = self._session.post(
            f"{self.sim.url}/{_ROOT}/{path}",
            json=body,
            # Fresh each time: a history is longer than a token lives.
            headers={"Authorization": f"Bearer {token or self.sim.token()}"},
            timeout=30,
        )
        if effect:
            self.sim.faults(*self._rules)
        if effect and "lag" in effect:
            self.lags_until = self.now() + timedelta(seconds=LONGEST_LAG)
        return answer.ok
