# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From people who leave and what is held or asked for to what is to be taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import NameNotFound
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import is_id

Json = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]


class LeaverError(Exception):
    """It is not known who somebody is."""


@dataclass
class Removals:
    """What to take away, whom that leaves out and why, and what is kept.

    ``gone`` are those whom the directory does not know, ``names`` are names of people by object id.
    """

    assignments: list[Json] = field(default_factory=list)
    refused: list[Json] = field(default_factory=list)
    kept: list[Json] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)


def plan_offboarding(reads: Rows, everybody: Rows, requests: Rows, keep: Sequence[str]) -> Removals:
    """Return what is to be taken away from whom.

    ``reads`` are the results of reading each user's assignments, ``everybody`` all assignments where a user is not in the
    directory any more, ``requests`` the open requests, ``keep`` ids of packages.
    """
    plan = Removals(gone=[read["item"] for read in reads if _is_gone(read)])
    seen: set[str] = set()
    for read in reads:
        try:
            subject = _subject(read, everybody, requests)
        except LeaverError as error:
            plan.refused.append({"user": read["item"], "place": read["item"], "reason": str(error)})
            continue
        if subject is not None and _key(subject) not in seen:
            seen.add(_key(subject))
            _add(plan, read, subject, [*(read.get("assignments") or ()), *everybody], requests, keep)
    return plan


def _add(
    plan: Removals,
    read: Mapping[str, Any],
    subject: Mapping[str, Any],
    assignments: Rows,
    requests: Rows,
    keep: Sequence[str],
) -> None:
    held = [a for a in assignments if a["state"] != "expired"]
    asked = [r for r in requests if str(r["request_type"]).endswith("Add")]
    packages = {
        row["access_package"]["id"].lower(): row["access_package"]
        for row in [*held, *asked]
        if row["access_package"] and row["target"] and _key(row["target"]) == _key(subject)
    }
    known = not _is_gone(read)
    who = (
        {"email": subject["email"]}
        if not subject["object_id"]
        else {"user": read["item"] if known else subject["object_id"]}
    )
    if subject["object_id"]:
        plan.names[subject["object_id"].lower()] = read["item"] if not is_id(read["item"]) else _label(subject)
    kept = {text.lower() for text in keep}
    for package_id, package in packages.items():
        if package_id in kept:
            plan.kept.append({"user": read["item"], "access_package": package})
        else:
            plan.assignments.append({"access_package": package["id"], **who, "state": "absent"})


def _subject(read: Mapping[str, Any], everybody: Rows, requests: Rows) -> Mapping[str, Any] | None:
    """Find out who is meant; null where there is nothing about somebody whom the directory knows. Raises LeaverError."""
    name = str(read["item"]).lower()
    if "assignments" not in read and not _is_gone(read):
        raise LeaverError(str(read.get("msg") or "the assignments could not be read"))
    own = [row["target"] for row in read.get("assignments") or () if row["target"]]
    rows = [*everybody, *requests] if _is_gone(read) else requests
    found = own or [row["target"] for row in rows if row["target"] and name in _texts(row["target"])]
    subjects = {_key(subject): subject for subject in found}
    if len(subjects) > 1:
        listed = "; ".join(f"{_label(s)} ({s['object_id'] or s['email']})" for s in subjects.values())
        raise LeaverError(f"{len(subjects)} people match this name: {listed}; use the object id")
    if not subjects and _is_gone(read):
        raise LeaverError(
            "no user of the directory and nobody with an assignment has this principal name or mail address"
        )
    return next(iter(subjects.values()), None)


def _is_gone(read: Mapping[str, Any]) -> bool:
    """Return whether the directory does not know somebody.

    A package that is not there is of the same kind; the role reads packages once more, and that fails the role.
    """
    return (read.get("error") or {}).get("kind") == NameNotFound.kind


def _texts(subject: Mapping[str, Any]) -> set[str]:
    return {str(subject[key]).lower() for key in ("object_id", "principal_name", "email") if subject[key]}


def _key(subject: Mapping[str, Any]) -> str:
    return str(subject["object_id"] or subject["email"] or "").lower()


def _label(subject: Mapping[str, Any]) -> str:
    return str(subject["principal_name"] or subject["email"] or subject["display_name"] or subject["object_id"])
