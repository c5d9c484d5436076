# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The counts of a report: per access package, per state, and per month of the coming year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable

Json = dict[str, Any]
Given = Mapping[str, Any]
_STATES = ("delivered", "delivering", "partiallyDelivered", "deliveryFailed")
_MONTHS = 12
# As many bars as can be told apart; the table has them all.
_BARS = 15


def package_rows(access_packages: Iterable[Given], shown: Mapping[str, Sequence[Given]]) -> list[Json]:
    """Count for each access package, also those that nobody holds, and those that only an assignment names."""
    rows: dict[str, Json] = {}
    for package in access_packages:
        catalog = package.get("catalog") or {}
        policies = package.get("policies")
        rows[str(package["id"]).lower()] = {
            "access_package": printable(str(package.get("display_name") or package["id"])),
            "access_package_id": package["id"],
            "catalog": printable(catalog.get("display_name") or catalog.get("id") or "") or None,
            "policies": None if policies is None else len(policies),
        }
    for row in (row for listed in shown.values() for row in listed):
        rows.setdefault(
            str(row["access_package_id"]).lower(),
            {**{name: row[name] for name in ("access_package", "access_package_id", "catalog")}, "policies": None},
        )
    counts = {name: _per_package(listed) for name, listed in shown.items()}
    counts["automatic"] = _per_package(row for row in shown["assignments"] if row["is_automatic"])
    found = [{**row, **{name: count[key] for name, count in counts.items()}} for key, row in rows.items()]
    return sorted(found, key=lambda row: (str(row["access_package"]).casefold(), str(row["access_package_id"])))


def figures(rows: Sequence[Given], by_package: Sequence[Given], now: datetime) -> Json:
    """Return what the charts show: lists of ``label`` and ``count``, in the order in which they are drawn."""
    held = sorted((row for row in by_package if row["assignments"]), key=lambda row: -row["assignments"])
    packages = [{"label": row["access_package"], "count": row["assignments"]} for row in held[:_BARS]]
    states = Counter(str(row["state"]) for row in rows)
    named = [*_STATES, *sorted(states.keys() - set(_STATES))]
    return {
        "packages": packages,
        "other_packages": sum(row["assignments"] for row in held[_BARS:]),
        "states": [{"label": state, "count": states[state]} for state in named if states[state]],
        "endings": _endings(rows, now),
    }


def _endings(rows: Iterable[Given], now: datetime) -> list[Json]:
    """Count ends per month from this one on; an end that is overdue counts with this month."""
    first = now.year * 12 + now.month - 1
    months = [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(first, first + _MONTHS)]
    ends = Counter(max(str(row["end_date_time"])[:7], months[0]) for row in rows if row["end_date_time"])
    found = [{"label": month, "count": ends.pop(month, 0)} for month in months]
    return [*found, {"label": "later", "count": sum(ends.values())}]


def _per_package(rows: Iterable[Given]) -> Counter[str]:
    return Counter(str(row["access_package_id"]).lower() for row in rows)
