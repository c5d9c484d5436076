# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report says: who has what, what ends soon, what is stuck or failed, what waits, and how much of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from ansible_collections.idgov.entra.plugins.module_utils._core.clock import SystemClock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable
from ansible_collections.idgov.entra.plugins.module_utils._core.times import (
    format_instant,
    parse_duration,
    parse_instant,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.schedules import effective_end
from ansible_collections.idgov.entra.plugins.module_utils._decide.selection import current_ones
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Assignment,
    Named,
    Schedule,
    Subject,
)
from ansible_collections.idgov.entra.plugins.plugin_utils.declared_item import Names, declared_item

Json = dict[str, Any]
Given = Mapping[str, Any]
# Access packages by their id in lower case, as `access_package_info` returns them.
Packages = Mapping[str, Given]
Value = TypeVar("Value")
_NO_NAMES = Names()
_MONTHS = 12
# As many bars as can be told apart; the table has them all.
_BARS = 15


@dataclass(frozen=True, kw_only=True)
class State:
    """What a report makes of one of Graph's states.

    ``label`` is its name on the page, ``tone`` the class that colours it there. What has a ``problem`` needs attention, at once
    or ``when_old`` only; ``waits_for`` names what a request waits for.
    """

    label: str = ""
    tone: str = ""
    gives_access: bool = False
    problem: str | None = None
    when_old: bool = False
    waits_for: str | None = None


# Everything that a report knows of states. What is read are these keys; a tone has its colour in roles/access_report/files/report.css.
# The order is that of the chart.
ASSIGNMENT_STATES: Mapping[str, State] = {
    "delivered": State(label="Delivered", tone="good", gives_access=True),
    "delivering": State(
        label="Delivering", tone="moving", gives_access=True, problem="stuck in delivery", when_old=True
    ),
    "partiallyDelivered": State(
        label="Delivered in part", tone="partial", gives_access=True, problem="delivered in part"
    ),
    "deliveryFailed": State(label="Delivery failed", tone="failed", problem="delivery failed"),
}
REQUEST_STATES: Mapping[str, State] = {
    "submitted": State(problem="request does not move", when_old=True),
    "pendingApproval": State(waits_for="approval"),
    "scheduled": State(waits_for="start date"),
    "delivering": State(problem="request does not move", when_old=True),
    "deliveryFailed": State(problem="request failed"),
}
# The one status that counts, whatever the state is: a custom extension has not answered yet.
_CALLBACK = State(waits_for="custom extension")


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """The instant from which a report looks, and its two spans."""

    now: datetime
    expiring_within: timedelta
    stuck_after: timedelta

    @property
    def expiring_by(self) -> datetime:
        """The instant by which an end is soon."""
        try:
            return self.now + self.expiring_within
        except OverflowError:
            return datetime.max.replace(tzinfo=self.now.tzinfo)

    def is_old(self, moment: datetime | None) -> bool:
        """Return whether something has been moving for too long; what has no date has not."""
        return moment is not None and self.now - moment >= self.stuck_after


def parse_thresholds(*, expiring_within: str, stuck_after: str, now: str | None) -> Thresholds:
    """Read texts; without ``now`` it is the present. Raises ValueError, with the name of the option ahead."""
    return Thresholds(
        now=_read("now", parse_instant, now) if now else SystemClock().now(),
        expiring_within=_read("expiring_within", parse_duration, expiring_within),
        stuck_after=_read("stuck_after", parse_duration, stuck_after),
    )


def _read(name: str, parse: Callable[[str], Value], text: str) -> Value:
    try:
        return parse(text)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def make_report(
    assignments: Iterable[Given],
    requests: Iterable[Given],
    access_packages: Sequence[Given],
    thresholds: Thresholds,
    names: Names = _NO_NAMES,
) -> Json:
    """Return all that a report says, ready to be written; what is declared has these names in place of ids.

    What is given are the rows of the three info modules, past assignments and ended requests among them or not. Of several
    assignments of one person and access package the one that counts is taken, as the option ``current`` of the module does.
    """
    packages = {str(package["id"]).lower(): package for package in access_packages}
    current = _current(assignments)
    asked = list(requests)
    rows = [assignment_row(given, packages) for given in current]
    pairs = list(zip(current, rows, strict=True))
    expiring = [row for row in rows if _ends_by(row, thresholds.expiring_by)]
    troubled = _troubled(current, asked, packages, thresholds)
    waiting = [
        {**request_row(given, packages), "waits_for": waits_for}
        for given in asked
        if (waits_for := _state_of(given).waits_for)
    ]
    expiring.sort(key=lambda row: str(row["end_date_time"]))
    shown = {"assignments": rows, "expiring": expiring, "troubled": troubled, "waiting": waiting}
    by_package = package_rows(access_packages, shown)
    declared = [declared_item(given, row, names) for given, row in pairs if not row["is_automatic"]]
    return {
        "generated_at": format_instant(thresholds.now.replace(microsecond=0)),
        "expiring_by": format_instant(thresholds.expiring_by.replace(microsecond=0)),
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
        "figures": figures(rows, by_package, thresholds.now),
        "declared": [item for item in declared if item],
    }


def _ends_by(row: Given, moment: datetime) -> bool:
    end = instant(row["end_date_time"])
    return end is not None and end <= moment


def _current(assignments: Iterable[Given]) -> list[Given]:
    given = {row["id"]: row for row in assignments}
    current = current_ones(as_assignment(row) for row in given.values())
    return [given[assignment.id] for assignment in current if assignment.id and assignment.state != "expired"]


def _state_of(request: Given) -> State:
    if str(request.get("status") or "").lower() == "waitingforcallback":
        return _CALLBACK
    return REQUEST_STATES.get(request["state"], State())


def _troubled(
    assignments: Sequence[Given], requests: Sequence[Given], packages: Packages, thresholds: Thresholds
) -> list[Json]:
    """Return what is stuck or failed: each assignment once, then requests about what is not told by then."""
    newest = {key_of(request): request for request in sorted(requests, key=_created)}
    held = {key_of(given) for given in assignments if _held_state(given).gives_access}
    found: dict[tuple[str, str], Json] = {}
    for given in assignments:
        request = newest.get(key_of(given), {})
        since = request.get("created_date_time") or (given.get("schedule") or {}).get("start_date_time")
        problem = _problem(_held_state(given), since, thresholds)
        if problem:
            of_request = {"request_id": request.get("id"), "request_type": request.get("request_type")}
            found[key_of(given)] = {**assignment_row(given, packages), **of_request, "problem": problem, "since": since}
    for request in newest.values():
        since = request.get("created_date_time")
        problem = _problem(_state_of(request), since, thresholds)
        if problem and not _is_past(request, key_of(request) in held):
            found.setdefault(key_of(request), {**request_row(request, packages), "problem": problem, "since": since})
    return sorted(found.values(), key=lambda row: str(row["since"] or ""))


def _held_state(assignment: Given) -> State:
    return ASSIGNMENT_STATES.get(assignment["state"], State())


def shown_state(state: str) -> dict[str, str]:
    """Return how the page shows the state of an assignment: its ``label``, and the ``tone`` that colours it."""
    known = ASSIGNMENT_STATES.get(state, State(label=state, tone="other"))
    return {"label": known.label, "tone": known.tone}


def _problem(state: State, since: str | None, thresholds: Thresholds) -> str | None:
    return state.problem if not state.when_old or thresholds.is_old(instant(since)) else None


def _is_past(request: Given, held: bool) -> bool:
    """A failed request is one of the past where what it was to bring about is the case now."""
    kind = str(request.get("request_type") or "").lower()
    done = (held and kind.endswith("add")) or (not held and kind.endswith("remove"))
    return request["state"] == "deliveryFailed" and done


def _created(request: Given) -> str:
    return str(request.get("created_date_time") or "")


def as_assignment(given: Given) -> Assignment:
    """Read an assignment back from the shape in which results show it, as far as choosing among them needs."""
    package, target = given.get("access_package"), given.get("target")
    return Assignment(
        id=given["id"],
        state=given["state"],
        package=Named(package["id"], package.get("display_name")) if package else None,
        target=_subject(target) if target else None,
        schedule=as_schedule(given.get("schedule") or {}),
        expired=instant(given.get("expired_date_time")),
    )


def as_schedule(given: Given) -> Schedule:
    """Read a schedule back from the shape in which results show it."""
    return Schedule(
        start=instant(given.get("start_date_time")),
        end=instant(given.get("end_date_time")),
        duration=given.get("duration"),
        no_expiration=bool(given.get("no_expiration")),
    )


def instant(text: str | None) -> datetime | None:
    """Read an instant of a result; null stays null."""
    return _parsed_instant(text) if text else None


# A hundred thousand rows have far fewer instants.
_parsed_instant = lru_cache(maxsize=1 << 16)(parse_instant)


def key_of(given: Given) -> tuple[str, str]:
    """Return what an assignment and a request about the same person and access package have in common."""
    package, target = given.get("access_package") or {}, given.get("target") or {}
    who = target.get("object_id") or target.get("email") or ""
    return str(package.get("id") or "").lower(), str(who).lower()


def assignment_row(given: Given, packages: Packages) -> Json:
    """Return the row of an assignment."""
    policy = given.get("policy") or {}
    schedule = given.get("schedule") or {}
    end = _end(as_schedule(schedule))
    return {
        **_who_and_what(given, packages),
        "policy": _shown(policy.get("display_name") or policy.get("id")),
        "policy_id": policy.get("id"),
        "is_automatic": _is_automatic(given, packages),
        "state": given["state"],
        "status": given.get("status"),
        "start_date_time": schedule.get("start_date_time"),
        "end_date_time": format_instant(end) if end else None,
        "no_expiration": bool(schedule.get("no_expiration")),
        "assignment_id": given["id"],
    }


def request_row(given: Given, packages: Packages) -> Json:
    """Return the row of a request."""
    requestor = given.get("requestor") or {}
    return {
        **_who_and_what(given, packages),
        "request_type": given.get("request_type"),
        "state": given["state"],
        "status": given.get("status"),
        "created_date_time": given.get("created_date_time"),
        "start_date_time": (given.get("schedule") or {}).get("start_date_time"),
        "justification": _shown(given.get("justification")),
        "requestor": _shown(_name(requestor)),
        "request_id": given["id"],
        "assignment_id": given.get("assignment_id"),
    }


def _who_and_what(given: Given, packages: Packages) -> Json:
    package, target = given.get("access_package") or {}, given.get("target") or {}
    known = packages.get(str(package.get("id") or "").lower(), {})
    catalog = known.get("catalog") or {}
    return {
        "person": _shown(_name(target)),
        "principal_name": target.get("principal_name"),
        "email": target.get("email"),
        "object_id": target.get("object_id"),
        "subject_type": target.get("subject_type"),
        "access_package": _shown(package.get("display_name") or known.get("display_name") or package.get("id")),
        "access_package_id": package.get("id"),
        "catalog": _shown(catalog.get("display_name") or catalog.get("id")),
    }


def _name(subject: Given) -> str | None:
    names = ("display_name", "principal_name", "email", "object_id")
    return next((str(subject[name]) for name in names if subject.get(name)), None)


def _shown(text: str | None) -> str | None:
    """Names and reasons are for people to read; ids and addresses stay as they are."""
    return None if text is None else printable(str(text))


def _is_automatic(given: Given, packages: Packages) -> bool | None:
    """Return whether a rule gave the assignment; null where the caller may not read the policies."""
    package, policy = given.get("access_package") or {}, given.get("policy") or {}
    policies = packages.get(str(package.get("id") or "").lower(), {}).get("policies") or ()
    desired = str(policy.get("id") or "").lower()
    return next((bool(known["is_automatic"]) for known in policies if known["id"].lower() == desired), None)


def _end(schedule: Schedule) -> datetime | None:
    try:
        return effective_end(schedule)
    except OptionError:
        # It ends beyond the years that can be counted.
        return None


def _subject(given: Given) -> Subject:
    members = ("object_id", "display_name", "principal_name", "email", "subject_type")
    return Subject(id=None, **{name: given.get(name) for name in members})


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
    """Return what the charts show: lists of ``label`` and ``count``, of states ``tone``, too, in the order in which they are drawn."""
    held = sorted((row for row in by_package if row["assignments"]), key=lambda row: -row["assignments"])
    packages = [{"label": row["access_package"], "count": row["assignments"]} for row in held[:_BARS]]
    states = Counter(str(row["state"]) for row in rows)
    named = [*ASSIGNMENT_STATES, *sorted(states.keys() - set(ASSIGNMENT_STATES))]
    return {
        "packages": packages,
        "other_packages": sum(row["assignments"] for row in held[_BARS:]),
        "states": [{**shown_state(state), "count": states[state]} for state in named if states[state]],
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
