# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of lists, held against what was asked for: a row counts for a package and person because it says so.

That Graph was asked for a package or a person is no proof: a filter may be ignored, or lost on the way to the next
page, and members that were asked for may be missing. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, Unreadable
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import same_id
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Assignment, Request, Subject
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.parse import assignment_reader, parse_request
from ansible_collections.idgov.entra.plugins.module_utils._graph.members import Json


@dataclass(frozen=True)
class IncompleteRow:
    """A row that does not tell all that counts, whose it may be (null: anybody's), and what it lacks.

    It is ``of_assignment``, or of a request that may add or change something.
    """

    error: EntraError
    subject: Subject | None
    of_assignment: bool = False
    adds: bool = False
    changes: bool = False


@dataclass(frozen=True)
class AssignmentRow:
    """An assignment, and which member its row lacks that has to be told; null where it lacks none."""

    assignment: Assignment
    missing: str | None


@dataclass(frozen=True)
class RequestRow:
    """A request, and which member its row lacks that every request has; null where it lacks none."""

    request: Request
    missing: str | None


def lacking(kind: str, row_id: str | None, member: str) -> Unreadable:
    """Make the error about a row that lacks a member without which nobody can tell what it is about."""
    return Unreadable(
        f"of {kind} {row_id or 'without an id'} is missing",
        member=member,
        hint="nothing was assumed; run the task again, and check the answers of Graph at -vvv if the error persists",
    )


def missing_of_assignment(row: Json, *, of_caller: bool = False) -> str | None:
    """Name the first member that the row of an assignment lacks; null where it tells all that counts.

    A past assignment need not show a policy, which may be gone. What is ``of_caller`` need not tell whose it is.
    """
    if not row.get("id"):
        return "id"
    if not row.get("state"):
        return "state"
    if not _part(row, "accessPackage").get("id"):
        return "accessPackage.id"
    if not of_caller and not _names_somebody(row.get("target")):
        return "target.objectId"
    if str(row["state"]).lower() == "expired":
        return None
    if not _part(row, "assignmentPolicy").get("id"):
        return "assignmentPolicy.id"
    return None if "schedule" in row else "schedule"


def missing_of_request(row: Json) -> str | None:
    """Name the first member that the row of a request lacks, beside those that tell whose it is and of what."""
    if not row.get("id"):
        return "id"
    if not (row.get("state") or row.get("requestState")):
        return "state"
    return None if row.get("requestType") else "requestType"


def assignment_row_reader(*, of_caller: bool = False) -> Callable[[Json], AssignmentRow]:
    """Return a reader for the rows of a list of assignments; it raises Unreadable for what cannot be read at all."""
    read = assignment_reader()
    return lambda row: AssignmentRow(read(row), missing_of_assignment(row, of_caller=of_caller))


def read_request_row(row: Json) -> RequestRow:
    """Read a row of a list of requests; raises Unreadable for what cannot be read at all."""
    return RequestRow(parse_request(row), missing_of_request(row))


def assignments_in(rows: Iterable[AssignmentRow], package_id: str) -> tuple[list[Assignment], list[IncompleteRow]]:
    """Return the assignments of a package among rows, each once, and those of which nobody can tell.

    A row of another package is left out. Of one that comes twice the later counts.
    """
    complete: dict[str, Assignment] = {}
    incomplete: list[IncompleteRow] = []
    for row in rows:
        assignment = row.assignment
        if assignment.package and not same_id(assignment.package.id, package_id):
            continue
        if row.missing is None:
            complete[str(assignment.id).lower()] = assignment
        else:
            error = lacking("assignment", assignment.id, row.missing)
            incomplete.append(IncompleteRow(error, _known(assignment.target), of_assignment=True))
    return list(complete.values()), incomplete


def requests_in(
    rows: Iterable[RequestRow], package_id: str, assignments: Iterable[Assignment], *, of_caller: bool = False
) -> tuple[list[Request], list[IncompleteRow]]:
    """Return the requests about a package among rows, each once, and those of which nobody can tell.

    A request tells its package by itself or by its assignment, which is one of ``assignments``, those of the package that
    were read. A row of another package is left out. Of one that comes twice the later counts.
    """
    known = {str(assignment.id).lower() for assignment in assignments}
    complete: dict[str, Request] = {}
    incomplete: list[IncompleteRow] = []
    for row in rows:
        request = row.request
        if request.package and not same_id(request.package.id, package_id):
            continue
        is_known = request.assignment_id is not None and request.assignment_id.lower() in known
        if request.package is None and request.assignment_id and not is_known and not request.adds:
            # Whatever changes or removes an assignment names one that is there: this one is of another package.
            continue
        missing = row.missing or _missing_member(request, is_known, of_caller)
        if missing is None:
            complete[str(request.id).lower()] = request
        else:
            error = lacking("request", request.id, missing)
            may_add = request.adds or not request.type
            incomplete.append(IncompleteRow(error, _known(request.target), adds=may_add, changes=not request.adds))
    return list(complete.values()), incomplete


def _missing_member(request: Request, is_known: bool, of_caller: bool) -> str | None:
    """Name what a request lacks to tell its package, or the person, who is told by the assignment as well."""
    if is_known:
        return None
    if request.package is None:
        return "accessPackage.id"
    if of_caller or _known(request.target) or (request.assignment_id and not request.adds):
        return None
    return "assignment.target.objectId"


def _known(subject: Subject | None) -> Subject | None:
    return subject if subject and (subject.object_id or subject.email) else None


def _names_somebody(subject: Any) -> bool:
    """Return whether a subject is named, or is said to have neither an object id nor a mail."""
    if not isinstance(subject, Mapping):
        return False
    return bool(subject.get("objectId") or subject.get("email")) or {"objectId", "email"} <= subject.keys()


def _part(row: Json, name: str) -> Json:
    part = row.get(name)
    return part if isinstance(part, Mapping) else {}
