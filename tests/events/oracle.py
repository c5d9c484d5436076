# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is so in the simulated tenant, as ids of facts: written down from the documentation, not from the source's own code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

Json = dict[str, Any]
ENDS = {
    "delivered": "request_delivered",
    "deliveryFailed": "request_failed",
    "partiallyDelivered": "request_failed",
    "denied": "request_denied",
    "canceled": "request_canceled",
}
OPENINGS = {"pendingApproval": "request_pending_approval", "scheduled": "request_scheduled"}


def facts_of(state: Json, now: datetime, within: timedelta) -> set[str]:
    """Return the ids of all facts that are so now, but for how long a request has been delivered."""
    return {*_of_requests(state["requests"]), *_of_assignments(state["assignments"], now, within)}


def granted_by_requests(state: Json) -> set[str]:
    """Return the ids of grants that came about by what a request says, also where they have ended before anybody looked."""
    adds = [row for row in state["requests"] if row["requestType"].endswith("Add")]
    return {
        f"assignment_granted:{row['assignmentId']}"
        for row in adds
        if row["state"] in ("delivered", "partiallyDelivered")
    }


def _of_requests(requests: list[Json]) -> Iterator[str]:
    for row in requests:
        if row["state"] in ENDS:
            yield f"{ENDS[row['state']]}:{row['id']}:{second(row['completedDateTime'])}"
            continue
        if row["state"] in OPENINGS:
            yield f"{OPENINGS[row['state']]}:{row['id']}"
        if row["status"] == "WaitingForCallback":
            for callout in row["customExtensionCalloutInstances"]:
                if callout["status"] == "waitingForCallback":
                    yield f"request_waiting_for_callback:{row['id']}:{callout['id']}"


def _of_assignments(assignments: list[Json], now: datetime, within: timedelta) -> Iterator[str]:
    for row in assignments:
        if row["state"] == "expired":
            yield f"assignment_ended:{row['id']}:{second(row['expiredDateTime'])}"
            continue
        if row["state"] in ("delivered", "partiallyDelivered"):
            yield f"assignment_granted:{row['id']}"
        end = row["schedule"]["expiration"]["endDateTime"]
        if end is not None and datetime.fromisoformat(end) <= now + within:
            yield f"assignment_expiring:{row['id']}:{second(end)}"


def second(text: str) -> str:
    """Return an instant without its fraction."""
    return text.partition(".")[0].rstrip("Z") + "Z"
