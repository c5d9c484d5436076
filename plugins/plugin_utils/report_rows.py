# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what the info modules return to the rows of a report: flat, one for each thing to be seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable
from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant, parse_instant
from ansible_collections.idgov.entra.plugins.module_utils._decide.schedules import effective_end
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Assignment,
    Named,
    Schedule,
    Subject,
)

Json = dict[str, Any]
Given = Mapping[str, Any]
# Access packages by their id in lower case, as `access_package_info` returns them.
Packages = Mapping[str, Given]


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
    return parse_instant(text) if text else None


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
