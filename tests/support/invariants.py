# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold in the simulated tenant whatever has happened to a task, as functions over its state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
OPEN = ("submitted", "pendingApproval", "scheduled", "delivering")


def held_twice(state: Json) -> list[str]:
    """Name whoever has more than one active assignment of a package, or more than one open add for it."""
    held = Counter((row["subjectId"], row["package"]) for row in state["assignments"] if row["state"] != "expired")
    added = Counter(
        (str(row.get("subjectId")), row["package"])
        for row in state["requests"]
        if row["state"] in OPEN and row["requestType"].endswith("Add")
    )
    twice = [f"active twice: {key}" for key, count in held.items() if count > 1]
    return twice + [f"asked for twice: {key}" for key, count in added.items() if count > 1]


def active(state: Json, package: str, person: str) -> list[Json]:
    """Return the active assignments of one person, by principal name or mail, and one package."""
    return [row for row in _of(state, "assignments", package, person) if row["state"] != "expired"]


def holders(state: Json, package: str) -> list[str]:
    """Return whoever has an active assignment of a package, by principal name, in order."""
    return sorted(
        row["user"] for row in state["assignments"] if row["state"] != "expired" and row["package"] == package
    )


def open_adds(state: Json, package: str, person: str) -> list[Json]:
    """Return the open requests that can still grant access."""
    found = _of(state, "requests", package, person)
    return [row for row in found if row["state"] in OPEN and row["requestType"].endswith("Add")]


def _of(state: Json, kind: str, package: str, person: str) -> list[Json]:
    # Somebody from outside has a principal name once there is a guest.
    ids = {user["id"] for user in state["users"] if (user["mail"] or "").lower() == person.lower()}
    return [
        row
        for row in state[kind]
        if row["package"] == package and (row["objectId"] in ids or str(row["user"]).lower() == person.lower())
    ]


def wrong_success(state: Json, item: Mapping[str, Any], outcome: Mapping[str, Any]) -> str | None:
    """Return where a success claims what is not so; ``item`` has access_package, user or email, and state."""
    if outcome["pending"] or outcome["ended"]:
        return None
    package, person = str(item["access_package"]), str(item.get("user") or item.get("email"))
    holds = active(state, package, person)
    if item.get("state", "present") == "present":
        return None if holds else f"{person} is said to hold {package!r} and does not"
    if holds:
        return f"{person} is said not to hold {package!r} and does"
    return f"{person} may still get {package!r}" if open_adds(state, package, person) else None
