# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Doubts: what Graph may do otherwise than its pages say, as changes to what is asked and to what is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .graph import ENTITLEMENT, Answer, Operation

Json = dict[str, Any]
Rows = list[Json]
# Asks the simulator itself for a whole list, past all doubts.
Ask = Callable[[Operation], Rows]
_KINDS = {
    "assignments": "assignment",
    "accessPackageAssignments": "assignment",
    "assignmentRequests": "request",
    "accessPackageAssignmentRequests": "request",
    "accessPackages": "package",
    "incompatibleAccessPackages": "package",
    "accessPackagesIncompatibleWith": "package",
    "assignmentPolicies": "policy",
    "accessPackageAssignmentPolicies": "policy",
}
_PARTS = {
    "assignment": "assignment",
    "accessPackageAssignment": "assignment",
    "assignmentPolicy": "policy",
    "accessPackageAssignmentPolicy": "policy",
    "assignmentPolicies": "policy",
    "accessPackageAssignmentPolicies": "policy",
    "accessPackage": "package",
    "target": "subject",
    "requestor": "subject",
}


@dataclass(frozen=True)
class Doubt:
    """One doubt. ``ends_right`` tells whether every errand must still come to its right end, without an error.

    ``asked`` changes what is asked, or answers it. ``listed`` changes the pages of a list. ``row`` changes an entity in
    place, given its kind and the kind of the entity that it is a part of. ``answered`` changes an answer. ``faults`` are
    rules for the simulator, ``switches`` readings of its switches.
    """

    meaning: str
    ends_right: bool
    asked: Callable[[Operation], Operation | Answer] | None = None
    listed: Callable[[list[Rows], Operation, Ask], list[Rows]] | None = None
    row: Callable[[Json, str, str | None], None] | None = None
    answered: Callable[[Operation, Answer], Answer] | None = None
    faults: tuple[Json, ...] = ()
    switches: Mapping[str, str] = field(default_factory=dict)


def kind_of(operation: Operation) -> str | None:
    """Return the kind of the entities that an operation of entitlement management answers, or null."""
    if not operation.path.startswith(f"{ENTITLEMENT}/"):
        return None
    names = operation.path.split("/")[3:]
    return next((_KINDS[name] for name in reversed(names) if name in _KINDS), None)


def visit(entity: Any, kind: str, change: Callable[[Json, str, str | None], None], parent: str | None = None) -> None:
    """Change an entity, and all entities in it."""
    if not isinstance(entity, dict):
        return
    for name, part in list(entity.items()):
        for each in part if isinstance(part, list) else [part]:
            if name in _PARTS:
                visit(each, _PARTS[name], change, kind)
    change(entity, kind, parent)


def option(operation: Operation, name: str) -> str:
    """Return a query option, or nothing."""
    return dict(operation.query).get(name, "")


def refuse(message: str, status: int = 400) -> Answer:
    """Answer as Graph's gateway refuses."""
    return Answer(status, {"error": {"code": "BadRequest", "message": message, "innerError": {}}})


def _without(operation: Operation, *names: str) -> Operation:
    return replace(operation, query=tuple(pair for pair in operation.query if pair[0] not in names))


def _is_entitlement(operation: Operation) -> bool:
    return operation.method == "GET" and operation.path.startswith(ENTITLEMENT)


def _is_function(operation: Operation) -> bool:
    return "filterByCurrentUser" in operation.path


def _is_create(operation: Operation) -> bool:
    return operation.method == "POST" and operation.path.lower().endswith("assignmentrequests")


def _ignored(name: str) -> Callable[[Operation], Operation]:
    return lambda operation: _without(operation, name) if _is_entitlement(operation) else operation


def _refused(name: str, part: str = "") -> Callable[[Operation], Operation | Answer]:
    def asked(operation: Operation) -> Operation | Answer:
        value = option(operation, name)
        if _is_entitlement(operation) and value and part in value:
            return refuse(f"The query option '{name}' is not supported here.")
        return operation

    return asked


def _is_listed(operation: Operation) -> bool:
    """Return whether assignments or requests are listed, of everybody."""
    is_listed = kind_of(operation) in ("assignment", "request") and not _is_function(operation)
    return is_listed and operation.method == "GET"


def _filter_ignored(operation: Operation) -> Operation:
    return _without(operation, "$filter") if _is_listed(operation) else operation


def _names_ignored(operation: Operation) -> Operation:
    is_by_name = kind_of(operation) == "package" or operation.path in ("/users", "/groups")
    return _without(operation, "$filter") if is_by_name and operation.method == "GET" else operation


def _nested_ignored(operation: Operation) -> Operation:
    query = tuple((name, value.partition("(")[0] if name == "$expand" else value) for name, value in operation.query)
    return replace(operation, query=query) if _is_entitlement(operation) else operation


def _function_ignored(operation: Operation) -> Operation:
    return _without(operation, "$filter", "$select", "$expand") if _is_function(operation) else operation


def _function_refused(operation: Operation) -> Operation | Answer:
    is_asked = any(option(operation, name) for name in ("$filter", "$select", "$expand"))
    return (
        refuse("Query options are not supported on this function.")
        if _is_function(operation) and is_asked
        else operation
    )


def _batch_refused(operation: Operation) -> Operation | Answer:
    return refuse("Invalid batch payload format.") if operation.path == "/$batch" else operation


def _top_refused(operation: Operation) -> Operation | Answer:
    return refuse("The query parameter '$top' is not supported.") if option(operation, "$top") else operation


def _big_pages(operation: Operation) -> Operation | Answer:
    top = option(operation, "$top")
    if not top:
        return operation
    if int(top) > 50:
        return Answer(504, {"error": {"code": "UnknownError", "message": ""}}, {"Retry-After": "0"})
    return _without(operation, "$top")


def _cancel_forbidden(operation: Operation) -> Operation | Answer:
    if not operation.path.endswith("/cancel"):
        return operation
    return Answer(403, {"error": {"code": "UnAuthorized", "message": "The caller is not authorized.", "details": []}})


def _filter_lost(pages: list[Rows], operation: Operation, ask: Ask) -> list[Rows]:
    if not _is_listed(operation) or not option(operation, "$filter"):
        return pages
    first = [row for page in pages for row in page]
    known = {row.get("id") for row in first}
    return [first, [row for row in ask(_without(operation, "$filter", "$skiptoken")) if row.get("id") not in known]]


def _twice(pages: list[Rows], operation: Operation, ask: Ask) -> list[Rows]:
    rows = [row for page in pages for row in page]
    if not rows:
        return pages
    return [rows, [{**row} for row in rows]]


def _short(pages: list[Rows], operation: Operation, ask: Ask) -> list[Rows]:
    return [[row] for page in pages for row in page] or [[]]


def _empty(pages: list[Rows], operation: Operation, ask: Ask) -> list[Rows]:
    return [[], *(part for page in pages for part in (page, []))]


def _reordered(pages: list[Rows], operation: Operation, ask: Ask) -> list[Rows]:
    return [[row for page in pages for row in page][::-1]]


def _is_removal(row: Json) -> bool:
    return str(row.get("requestType")).endswith("Remove")


def _removals_hidden(pages: list[Rows], operation: Operation, ask: Ask) -> list[Rows]:
    is_by_package = "accessPackage/id" in option(operation, "$filter")
    if kind_of(operation) != "request" or not is_by_package:
        return pages
    return [[row for row in page if not _is_removal(row)] for page in pages]


def _removal_without_package(row: Json, kind: str, parent: str | None) -> None:
    if kind == "request" and _is_removal(row) and "accessPackage" in row:
        row["accessPackage"] = None


def _lacks(of: str, *names: str, nested: bool = False) -> Callable[[Json, str, str | None], None]:
    """Leave members out of the entities of a kind: of those that are no part of another, or of those that are."""

    def change(row: Json, kind: str, parent: str | None) -> None:
        if kind == of and nested is (parent is not None):
            for name in names:
                row.pop(name, None)

    return change


def _nulls(of: str, *names: str) -> Callable[[Json, str, str | None], None]:
    def change(row: Json, kind: str, parent: str | None) -> None:
        if kind == of and parent is None:
            row.update({name: None for name in names if name in row})

    return change


def _thin(row: Json, kind: str, parent: str | None) -> None:
    if kind == "policy" and parent == "assignment":
        kept: Json = {name: row[name] for name in ("id", "displayName") if name in row}
        row.clear()
        row.update(kept)


def _capitals(row: Json, kind: str, parent: str | None) -> None:
    for name in ("state", "requestState", "assignmentState", "requestType", "subjectType", "type"):
        if isinstance(row.get(name), str):
            row[name] = row[name][:1].upper() + row[name][1:]
    for schedule in (row.get("schedule"), row):
        expiration = schedule.get("expiration") if isinstance(schedule, dict) else None
        if isinstance(expiration, dict) and isinstance(expiration.get("type"), str):
            expiration["type"] = expiration["type"][:1].upper() + expiration["type"][1:]


def _fractions(value: Any) -> Any:
    if isinstance(value, list):
        return [_fractions(each) for each in value]
    if isinstance(value, dict):
        return {name: _instant(each) if name.endswith("DateTime") else _fractions(each) for name, each in value.items()}
    return value


def _instant(value: Any) -> Any:
    if not isinstance(value, str) or not value.endswith("Z"):
        return value
    second, _dummy, fraction = value[:-1].partition(".")
    return f"{second}.{fraction:0<7}Z"


def _with_fractions(operation: Operation, answer: Answer) -> Answer:
    return replace(answer, body=_fractions(answer.body))


def _error(change: Callable[[Json], Json]) -> Callable[[Operation, Answer], Answer]:
    """Change the errors of entitlement management."""

    def answered(operation: Operation, answer: Answer) -> Answer:
        if answer.status < 400 or not isinstance(answer.body, dict) or "error" not in answer.body:
            return answer
        if not operation.path.startswith(ENTITLEMENT):
            return answer
        return replace(answer, body={"error": change({**answer.body["error"]})})

    return answered


def _words(error: Json) -> str:
    details = error.get("details") or [{}]
    return f"{error['code']}: {details[0].get('code', '')} {error['message']}"


def _created_thin(operation: Operation, answer: Answer) -> Answer:
    if not _is_create(operation) or answer.status >= 300:
        return answer
    return replace(answer, body={"id": answer.body["id"]})


def _created_without_id(operation: Operation, answer: Answer) -> Answer:
    if not _is_create(operation) or answer.status >= 300:
        return answer
    return replace(answer, body={name: value for name, value in answer.body.items() if name != "id"})


def _told_to_wait(operation: Operation, answer: Answer) -> Answer:
    return replace(answer, headers={**answer.headers, "Retry-After": "300"}) if answer.status < 300 else answer


_LAGS = {"method": "POST", "path": "assignmentRequests$", "effect": {"lag": {"reads": 3}}}
DOUBTS: dict[str, Doubt] = {
    "select_ignored": Doubt("$select changes nothing", True, _ignored("$select")),
    "select_refused": Doubt("$select is refused", False, _refused("$select")),
    "expand_ignored": Doubt("$expand changes nothing", False, _ignored("$expand")),
    "expand_refused": Doubt("$expand is refused", False, _refused("$expand")),
    "nested_expand_ignored": Doubt("$expand within $expand changes nothing", False, _nested_ignored),
    "nested_expand_refused": Doubt("$expand within $expand is refused", False, _refused("$expand", "(")),
    "questions_inline": Doubt(
        "questions cannot be expanded and are always there", True, switches={"policy_questions": "inline"}
    ),
    "questions_hidden": Doubt(
        "the questions of a policy are not shown", False, switches={"policy_questions": "hidden"}
    ),
    "filter_ignored": Doubt("$filter of assignments and requests changes nothing", True, _filter_ignored),
    "filter_lost": Doubt("the link to the next page has lost its $filter", True, listed=_filter_lost),
    "names_ignored": Doubt("$filter by names changes nothing", False, _names_ignored),
    "function_ignored": Doubt("filterByCurrentUser ignores its query options", False, _function_ignored),
    "function_refused": Doubt("filterByCurrentUser refuses query options", False, _function_refused),
    "batch_refused": Doubt("$batch is refused as a whole", True, _batch_refused),
    "cast_refused": Doubt("members by type are an advanced query", True, switches={"member_cast": "advanced"}),
    "top_refused": Doubt("$top is refused", True, _top_refused),
    "big_pages": Doubt("big pages end in 504", True, _big_pages),
    "cancel_forbidden": Doubt("cancel is refused", False, _cancel_forbidden),
    "target_missing": Doubt("assignments come without target", False, row=_lacks("assignment", "target", "targetId")),
    "target_null": Doubt("assignments come with target null", False, row=_nulls("assignment", "target")),
    "package_missing": Doubt(
        "assignments come without package", False, row=_lacks("assignment", "accessPackage", "accessPackageId")
    ),
    "policy_missing": Doubt(
        "assignments come without policy",
        False,
        row=_lacks("assignment", "assignmentPolicy", "accessPackageAssignmentPolicy", "assignmentPolicyId"),
    ),
    "state_missing": Doubt(
        "assignments come without state", False, row=_lacks("assignment", "state", "assignmentState")
    ),
    "schedule_missing": Doubt("assignments come without schedule", False, row=_lacks("assignment", "schedule")),
    "request_assignment_null": Doubt(
        "requests come with assignment null", False, row=_nulls("request", "assignment", "accessPackageAssignment")
    ),
    "request_target_missing": Doubt(
        "the assignments of requests come without target",
        False,
        row=_lacks("assignment", "target", "targetId", nested=True),
    ),
    "request_state_missing": Doubt(
        "requests come without state", False, row=_lacks("request", "state", "requestState")
    ),
    "request_type_missing": Doubt("requests come without type", False, row=_lacks("request", "requestType")),
    "policies_missing": Doubt(
        "packages come without their policies",
        False,
        row=_lacks("package", "assignmentPolicies", "accessPackageAssignmentPolicies"),
    ),
    "rows_twice": Doubt("rows come again on the next page", True, listed=_twice),
    "short_pages": Doubt("pages of one row", True, listed=_short),
    "empty_pages": Doubt("empty pages with a link to the next", True, listed=_empty),
    "reordered": Doubt("lists in another order", True, listed=_reordered),
    "lagging": Doubt("lists lag behind writes", True, faults=(_LAGS,)),
    "thin_policies": Doubt("policies of assignments have id and name only", True, row=_thin),
    "removals_without_package": Doubt(
        "removals have no package", True, listed=_removals_hidden, row=_removal_without_package
    ),
    "capitals": Doubt("words of states and types begin with a capital", True, row=_capitals),
    "fractions": Doubt("instants with seven digits of a second", True, answered=_with_fractions),
    "code_empty": Doubt("errors without a code", True, answered=_error(lambda error: {**error, "code": ""})),
    "code_other": Doubt(
        "errors with another code", True, answered=_error(lambda error: {**error, "code": "BadRequest"})
    ),
    "details_missing": Doubt(
        "errors without details",
        True,
        answered=_error(lambda error: {name: value for name, value in error.items() if name != "details"}),
    ),
    "code_in_message": Doubt(
        "errors tell their codes in the message only",
        True,
        answered=_error(lambda error: {"code": "", "message": _words(error)}),
    ),
    "create_200": Doubt("create answers 200", True, switches={"create_status": "200"}),
    "create_empty": Doubt("create answers without a body", True, switches={"create_answer": "empty"}),
    "create_thin": Doubt("create answers the id alone", True, answered=_created_thin),
    "create_without_id": Doubt("create answers without an id", True, answered=_created_without_id),
    "told_to_wait": Doubt("Retry-After on answers that went well", True, answered=_told_to_wait),
}
