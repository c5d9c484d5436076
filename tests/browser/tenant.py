# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An invented tenant of any size, as the info modules would return it; the same each time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import product
from random import Random
from typing import Any

from tests.simulator.ids import id_of

Json = dict[str, Any]
NOW = datetime(2026, 11, 22, 10, 45, tzinfo=timezone.utc)
# A name that would be a script, if anything took it for markup.
SCRIPT = "</td><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
_FIRST = (
    "Ada",
    "Bo",
    "Chen",
    "Dara",
    "Elif",
    "Femi",
    "Grace",
    "Hana",
    "Ines",
    "Jürgen",
    "Kim",
    "Lee",
    "Mira",
    "Noor",
    "Olga",
    "Søren",
)
_LAST = (
    "Adeyemi",
    "Byrne",
    "Castro",
    "Dahl",
    "Evans",
    "Fischer",
    "Größe",
    "Haddad",
    "Ito",
    "Jensen",
    "Kaya",
    "Larsen",
    "Meyer",
)
_PACKAGES = {
    "Engineering": ("Engineering Laptop", "Source Code Read", "Source Code Write", "Build Farm", "Test Devices"),
    "Finance": ("Payroll", "Payroll Approver", "Ledger Read", "Expense Audit"),
    "General": ("VPN Access", "Team Site", "Training", "Meeting Rooms", "Travel Booking"),
    "Partners": ("Partner Portal", "Shared Design Files"),
}
# As much as of each in a hundred assignments.
_STATES = [*["delivered"] * 93, *["delivering"] * 3, *["partiallyDelivered"] * 2, *["deliveryFailed"] * 2]


def tenant(size: int) -> dict[str, list[Json]]:
    """Return ``assignments``, so many of them, ``requests`` and ``access_packages``."""
    chance = Random(size)
    packages = [_package(name, catalog) for catalog, names in _PACKAGES.items() for name in names]
    # Nobody holds the last one.
    pairs = product(range(1 + size // 6), packages[:-1])
    chosen = sorted(chance.sample(list(pairs), size), key=lambda pair: (pair[1]["display_name"], pair[0]))
    assignments = [_assignment(number, package, chance) for number, package in chosen]
    assignments[0]["target"]["display_name"] = SCRIPT
    waiting = [_request(number, packages[number % 5], chance) for number in range(max(3, size // 60))]
    return {"assignments": assignments, "requests": waiting, "access_packages": packages}


def _package(name: str, catalog: str) -> Json:
    policies = [("Direct assignment", False), ("By department", True)][: 2 if name in ("Team Site", "Training") else 1]
    return {
        "id": id_of("package", name),
        "display_name": name,
        "catalog": {"id": id_of("catalog", catalog), "display_name": catalog},
        "policies": [
            {"id": id_of("policy", f"{name}/{policy}"), "display_name": policy, "is_automatic": automatic}
            for policy, automatic in policies
        ],
    }


def _target(number: int) -> Json:
    # The two lengths have no common divisor, so that all combinations come up.
    first, last = _FIRST[number % len(_FIRST)], _LAST[number % len(_LAST)]
    again = number // (len(_FIRST) * len(_LAST))
    address = f"{first}.{last}{again or ''}@contoso.com".lower()
    return {
        "object_id": id_of("user", address),
        "display_name": f"{first} {last}",
        "principal_name": address,
        "email": address,
        "subject_type": "user",
    }


def _named(thing: Json) -> Json:
    return {"id": thing["id"], "display_name": thing["display_name"]}


def _assignment(number: int, package: Json, chance: Random) -> Json:
    policy = package["policies"][-1]
    start = NOW - timedelta(days=chance.randrange(1, 300), minutes=chance.randrange(1440))
    end = None if policy["is_automatic"] or chance.random() < 0.2 else NOW + timedelta(days=chance.randrange(1, 420))
    state = "delivered" if policy["is_automatic"] else chance.choice(_STATES)
    return {
        "id": id_of("assignment", f"{number}/{package['display_name']}"),
        "state": state,
        "status": state[:1].upper() + state[1:],
        "access_package": _named(package),
        "policy": _named(policy),
        "target": _target(number),
        "schedule": {
            "start_date_time": _text(start),
            "end_date_time": _text(end) if end else None,
            "duration": None,
            "no_expiration": end is None,
        },
        "expired_date_time": None,
    }


def _request(number: int, package: Json, chance: Random) -> Json:
    person = _target(number * 7 + 3)
    later = number % 3 == 2
    return {
        "id": id_of("request", str(number)),
        "request_type": "adminAdd" if later else "userAdd",
        "state": "scheduled" if later else "pendingApproval",
        "status": "Scheduled" if later else "PendingApproval",
        "justification": ("Joins the project", "Month-end closing", "Starts in January")[number % 3],
        "created_date_time": _text(NOW - timedelta(hours=chance.randrange(2, 200))),
        "completed_date_time": None,
        "answers": [],
        "assignment_id": None,
        "access_package": _named(package),
        "target": person,
        "requestor": _target(0) if later else person,
        "schedule": {
            "start_date_time": _text(NOW + timedelta(days=40)) if later else None,
            "end_date_time": None,
            "duration": None,
            "no_expiration": False,
        },
    }


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
