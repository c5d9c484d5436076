# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report says: who has what, what ends soon, what is stuck or failed, what waits, and how much of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant
from ansible_collections.idgov.entra.plugins.module_utils._decide.selection import current_ones, ends_by
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import MOVING_STATES
from ansible_collections.idgov.entra.plugins.plugin_utils.report_declared import declared_item
from ansible_collections.idgov.entra.plugins.plugin_utils.report_figures import figures, package_rows
from ansible_collections.idgov.entra.plugins.plugin_utils.report_rows import (
    Given,
    Json,
    Packages,
    as_assignment,
    assignment_row,
    instant,
    key_of,
    request_row,
)
from ansible_collections.idgov.entra.plugins.plugin_utils.report_terms import Terms

# What gives access, or is about to.
_HELD = ("delivered", "partiallyDelivered", "delivering")
_WAITS_FOR = {"pendingApproval": "approval", "scheduled": "start date"}


def make_report(
    assignments: Iterable[Given], requests: Iterable[Given], access_packages: Sequence[Given], terms: Terms
) -> Json:
    """Return all that a report says, ready to be written.

    What is given are the rows of the three info modules, past assignments and ended requests among them or not. Of several
    assignments of one person and access package the one that counts is taken, as the option ``current`` of the module does.
    """
    packages = {str(package["id"]).lower(): package for package in access_packages}
    current = _current(assignments)
    asked = list(requests)
    rows = [assignment_row(given, packages) for given in current]
    pairs = list(zip(current, rows, strict=True))
    expiring = [row for given, row in pairs if ends_by(as_assignment(given), terms.expiring_by)]
    troubled = _troubled(current, asked, packages, terms)
    waiting = [{**request_row(given, packages), "waits_for": _waits_for(given)} for given in asked if _waits_for(given)]
    expiring.sort(key=lambda row: str(row["end_date_time"]))
    shown = {"assignments": rows, "expiring": expiring, "troubled": troubled, "waiting": waiting}
    by_package = package_rows(access_packages, shown)
    declared = [declared_item(given, row) for given, row in pairs if not row["is_automatic"]]
    return {
        "generated_at": format_instant(terms.now.replace(microsecond=0)),
        "expiring_by": format_instant(terms.expiring_by.replace(microsecond=0)),
        "totals": {
            "assignments": len(rows),
            "people": len({key_of(given)[1] for given in current}),
            "access_packages": len(by_package),
            "automatic": sum(1 for row in rows if row["is_automatic"]),
            "without_end": sum(1 for row in rows if row["end_date_time"] is None),
            **{name: len(shown[name]) for name in ("expiring", "troubled", "waiting")},
        },
        **shown,
        "access_packages": by_package,
        "figures": figures(rows, by_package, terms.now),
        "declared": [item for item in declared if item],
    }


def _current(assignments: Iterable[Given]) -> list[Given]:
    given = {row["id"]: row for row in assignments}
    current = current_ones(as_assignment(row) for row in given.values())
    return [given[assignment.id] for assignment in current if assignment.id and assignment.state != "expired"]


def _waits_for(request: Given) -> str | None:
    if str(request.get("status") or "").lower() == "waitingforcallback":
        return "custom extension"
    return _WAITS_FOR.get(request["state"])


def _troubled(assignments: Sequence[Given], requests: Sequence[Given], packages: Packages, terms: Terms) -> list[Json]:
    """Return what is stuck or failed: each assignment once, then requests about what is not told by then."""
    newest = {key_of(request): request for request in sorted(requests, key=_created)}
    held = {key_of(given) for given in assignments if given["state"] in _HELD}
    found: dict[tuple[str, str], Json] = {}
    for given in assignments:
        request = newest.get(key_of(given), {})
        since = request.get("created_date_time") or (given.get("schedule") or {}).get("start_date_time")
        problem = _problem_of_assignment(given["state"], instant(since), terms)
        if problem:
            of_request = {"request_id": request.get("id"), "request_type": request.get("request_type")}
            found[key_of(given)] = {**assignment_row(given, packages), **of_request, "problem": problem, "since": since}
    for request in newest.values():
        problem = _problem_of_request(request, key_of(request) in held, terms)
        if problem:
            row = request_row(request, packages)
            found.setdefault(key_of(request), {**row, "problem": problem, "since": row["created_date_time"]})
    return sorted(found.values(), key=lambda row: str(row["since"] or ""))


def _problem_of_assignment(state: str, since: datetime | None, terms: Terms) -> str | None:
    if state == "deliveryFailed":
        return "delivery failed"
    if state == "partiallyDelivered":
        return "delivered in part"
    return "stuck in delivery" if state == "delivering" and terms.is_old(since) else None


def _problem_of_request(request: Given, held: bool, terms: Terms) -> str | None:
    """A failed request is one of the past where what it was to bring about is the case now."""
    kind = str(request.get("request_type") or "").lower()
    if request["state"] == "deliveryFailed":
        done = (held and kind.endswith("add")) or (not held and kind.endswith("remove"))
        return None if done else "request failed"
    moves = request["state"] in MOVING_STATES and not _waits_for(request)
    return "request does not move" if moves and terms.is_old(instant(request.get("created_date_time"))) else None


def _created(request: Given) -> str:
    return str(request.get("created_date_time") or "")
