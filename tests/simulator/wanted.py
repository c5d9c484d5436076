# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the body of a create call: what is asked for, in the spellings the documentation shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .bodies import check_body
from .errors import invalid_model, refusal
from .ids import is_guid
from .model import Answer, Expiration, Schedule
from .switches import Switches
from .times import parse_duration, parse_instant
from .views import Dialect

_READ_ONLY = (
    *("state", "status", "createdDateTime", "completedDateTime", "requestor", "accessPackage"),
    *("customExtensionCalloutInstances", "requestState", "requestStatus", "completedDate", "expirationDateTime"),
    *("customExtensionHandlerInstances", "verifiedCredentialsData"),
)
_QUESTION_KINDS = {
    "accessPackageTextInputQuestion": "text",
    "accessPackageMultipleChoiceQuestion": "choice",
}


@dataclass(frozen=True)
class Wanted:
    """What a create call asks for; ids are lower case.

    ``object_id`` is the person however it was named, ``target_object_id`` the same only where it was ``target.objectId``.
    """

    type: str
    assignment_id: str | None
    package_id: str | None
    policy_id: str | None
    object_id: str | None
    target_object_id: str | None
    email: str | None
    schedule: Schedule
    answers: tuple[Answer, ...]
    justification: str | None
    bypass_approval: bool


def read_wanted(body: Any, dialect: Dialect, switches: Switches) -> Wanted:
    """Read a create body of a version; GraphError InvalidModel or InvalidRequest for what does not fit."""
    if not isinstance(body, dict):
        raise invalid_model("The body must be an object.")
    key = _assignment_key(dialect)
    body = _with_declared_key(body, key, dialect, switches)
    nested = body.get(key)
    if isinstance(nested, dict):
        # The on-behalf example of the create page carries a schedule with members of no schema here.
        body[key] = {name: value for name, value in nested.items() if name != "schedule"}
    check_body(
        body, dialect.schemas[switches["cloud"]], "accessPackageAssignmentRequest", "accessPackageAssignmentRequest"
    )
    for name in _READ_ONLY:
        if body.get(name) is not None:
            raise invalid_model(f"The property '{name}' is read-only.")
    if body.get("isValidationOnly"):
        raise refusal(400, "InvalidRequest", "A request for validation only is not supported.")
    known = {dialect.body_names.get(name, name): value for name, value in (body.get(key) or {}).items()}
    return _wanted(body, known, dialect)


def _assignment_key(dialect: Dialect) -> str:
    """Return the declared name of the assignment in a request of a version."""
    return next((name for name, in_v1 in dialect.body_names.items() if in_v1 == "assignment"), "assignment")


def _check_mixture(body: dict[str, Any], dialect: Dialect) -> None:
    """Refuse beta's key around a subject in the names of v1.0: no page and no public code shows the two together."""
    target = (body.get("accessPackageAssignment") or {}).get("target") or {}
    if dialect.body_names and "subjectType" in target:
        raise invalid_model("The property 'subjectType' does not exist on type 'microsoft.graph.accessPackageSubject'.")


def _with_declared_key(body: dict[str, Any], key: str, dialect: Dialect, switches: Switches) -> dict[str, Any]:
    """Return a body with the assignment under its declared name; pages use that of the other version too."""
    other = "accessPackageAssignment" if key == "assignment" else "assignment"
    taken = bool(dialect.body_names) or switches.is_("access_package_assignment_key", "accept")
    _check_mixture(body, dialect)
    if other not in body or not taken:
        return dict(body)
    if key in body:
        raise invalid_model(f"The assignment is there twice, as '{key}' and as '{other}'.")
    return {key if name == other else name: value for name, value in body.items()}


def _wanted(body: dict[str, Any], assignment: dict[str, Any], dialect: Dialect) -> Wanted:
    target = assignment.get("target") or {}
    parameters = body.get("parameters") or {}
    asked = body.get("requestType")
    if asked is None:
        raise invalid_model("requestType is required.")
    if asked.lower() not in dialect.request_types:
        raise invalid_model(f"The request type '{asked}' is not known.")
    return Wanted(
        type=dialect.request_types[asked.lower()],
        assignment_id=_id("assignment.id", assignment.get("id")),
        package_id=_one_id("access package", assignment.get("accessPackageId"), assignment.get("accessPackage")),
        policy_id=_one_id(
            "assignment policy", assignment.get("assignmentPolicyId"), assignment.get("assignmentPolicy")
        ),
        object_id=_same("target", assignment.get("targetId"), target.get("objectId")),
        target_object_id=_id("target.objectId", target.get("objectId")),
        email=target.get("email"),
        schedule=_schedule(body.get("schedule") or {}),
        answers=tuple(_answer(item) for item in body.get("answers") or ()),
        justification=body.get("justification"),
        bypass_approval=bool(parameters.get("bypassApproval")),
    )


def _id(what: str, value: str | None) -> str | None:
    if value is not None and not is_guid(value):
        raise invalid_model(f"{what}: Unrecognized Guid format")
    return value.lower() if value is not None else None


def _one_id(what: str, flat: str | None, nested: dict[str, Any] | None) -> str | None:
    return _same(what, flat, (nested or {}).get("id"))


def _same(what: str, one: str | None, other: str | None) -> str | None:
    first, second = _id(what, one), _id(what, other)
    if first is not None and second is not None and first != second:
        raise invalid_model(f"The {what} is named twice, differently.")
    return first if first is not None else second


def _schedule(body: dict[str, Any]) -> Schedule:
    if body.get("recurrence") is not None:
        raise refusal(400, "InvalidRequest", "A request takes no recurrence.")
    start = body.get("startDateTime")
    return Schedule(parse_instant(start) if start else None, _expiration(body.get("expiration") or {}))


def _expiration(body: dict[str, Any]) -> Expiration:
    """Read an expirationPattern; its type decides which member goes with it (expirationPattern page)."""
    kind, end, duration = body.get("type"), body.get("endDateTime"), body.get("duration")
    expected = {"afterDateTime": (True, False), "afterDuration": (False, True)}.get(kind or "", (False, False))
    if (end is not None, duration is not None) != expected:
        raise refusal(400, "InvalidRequest", f"An expiration of type {kind!r} has the wrong members.")
    if duration is not None:
        span = parse_duration(duration)
        if span.total_seconds() <= 0:
            raise refusal(400, "InvalidRequest", "The duration must be positive.")
        return Expiration("afterDuration", duration=span)
    return Expiration(kind or "notSpecified", end=parse_instant(end) if end else None)


def _answer(body: dict[str, Any]) -> Answer:
    question = body.get("answeredQuestion") or {}
    kind = str(question.get("@odata.type", "")).rpartition(".")[2]
    if kind not in _QUESTION_KINDS or question.get("id") is None or body.get("value") is None:
        raise invalid_model("An answer needs a value and the id and type of the question it answers.")
    return Answer(
        str(_id("answeredQuestion.id", question["id"])), _QUESTION_KINDS[kind], body["value"], body.get("displayValue")
    )
