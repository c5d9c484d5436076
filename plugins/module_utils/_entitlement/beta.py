# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Beta's names for what v1.0 says, both ways: the only place that knows them (Graph documentation, the beta pages)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._entitlement.parse import NOT_TOLD
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call, Dialect

Json = dict[str, Any]
_ROOT = "/identityGovernance/entitlementManagement/"
# v1.0 -> beta. The pages say of accessPackageAssignmentRequests that it will be retired, so assignmentRequests stays for
# what is sent. Read there, the only page has names of v1.0; beta's names hold at the older path by every source.
_COLLECTIONS = {
    "assignments": "accessPackageAssignments",
    "assignmentPolicies": "accessPackageAssignmentPolicies",
    "catalogs": "accessPackageCatalogs",
}
_READ_AT = {**_COLLECTIONS, "assignmentRequests": "accessPackageAssignmentRequests"}
_NAVIGATION = {
    "assignment": "accessPackageAssignment",
    "assignmentPolicy": "accessPackageAssignmentPolicy",
    "assignmentPolicies": "accessPackageAssignmentPolicies",
    "catalog": "accessPackageCatalog",
}
# In beta the questions of a policy are always there and cannot be expanded.
_NOT_EXPANDED = "questions"
_STATES = {"assignments": "assignmentState", "assignmentRequests": "requestState"}
# beta -> v1.0
_MEMBERS = {
    **{beta: name for name, beta in _NAVIGATION.items()},
    "requestState": "state",
    "requestStatus": "status",
    "completedDate": "completedDateTime",
    "assignmentState": "state",
    "assignmentStatus": "status",
    "isApprovalRequired": "isApprovalRequiredForAdd",
    "isApprovalRequiredForExtension": "isApprovalRequiredForUpdate",
    "isCustomAssignmentScheduleAllowed": "allowCustomAssignmentSchedule",
}
_SCOPES = {
    "NoSubjects": "notSpecified",
    "SpecificDirectorySubjects": "specificDirectoryUsers",
    "SpecificConnectedOrganizationSubjects": "specificConnectedOrganizationUsers",
    "AllConfiguredConnectedOrganizationSubjects": "allConfiguredConnectedOrganizationUsers",
    "AllExistingDirectoryMemberUsers": "allMemberUsers",
    "AllExistingDirectorySubjects": "allDirectoryUsers",
    "AllExternalSubjects": "allExternalUsers",
}
_FILTER_TOKEN = re.compile(r"'(?:[^']|'')*'|[A-Za-z]+")
# Beta documents no filter by the time of creation; whoever asks for it looks at the rows, too.
_NOT_FILTERED = re.compile(r"(?: and |^)createdDateTime gt [^' ]+$")
_EXPAND_NAME = re.compile(r"(?<![$\w])[A-Za-z]+")
_OLD_QUESTION = re.compile(r"#microsoft\.graph\.(?!accessPackage)(\w)")


def beta_call(call: Call) -> Call:
    """Return a call of v1.0 in the words of beta; what is not of entitlement management is the same in both."""
    if not call.path.startswith(_ROOT):
        return call
    collection, slash, rest = call.path.removeprefix(_ROOT).partition("/")
    places = _READ_AT if call.method == "GET" else _COLLECTIONS
    return replace(
        call,
        path=f"{_ROOT}{places.get(collection, collection)}{slash}{rest}",
        query={
            name: translated for name, value in call.query.items() if (translated := _OPTIONS[name](value, collection))
        },
        body=_beta_cancel(rest) if call.by_user and rest.endswith("/cancel") else _beta_body(call.body),
    )


def v1_answer(call: Call, body: Any) -> Any:
    """Return the answer of beta to a call as v1.0 would have given it."""
    return _v1(body) if call.path.startswith(_ROOT) else body


BETA = Dialect(call=beta_call, answer=v1_answer)


def _filter(text: str, collection: str) -> str:
    """Rename the members of a filter; its literals stay, but for those of states, which beta capitalises."""
    state = False
    text = _NOT_FILTERED.sub("", text)

    def renamed(match: re.Match[str]) -> str:
        nonlocal state
        token = match[0]
        if token.startswith("'"):
            word, state = state, False
            return f"'{token[1:2].upper()}{token[2:]}" if word else token
        if token == "state" and collection in _STATES:
            state = True
            return _STATES[collection]
        return _NAVIGATION.get(token, token)

    return _FILTER_TOKEN.sub(renamed, text)


def _expand(text: str, _collection: str) -> str:
    kept = ",".join(part for part in text.split(",") if part != _NOT_EXPANDED)
    return _EXPAND_NAME.sub(lambda match: _NAVIGATION.get(match[0], match[0]), kept)


def _select(text: str, collection: str) -> str:
    state = _STATES.get(collection, "state")
    names = {"state": state, "status": state.replace("State", "Status")}
    return ",".join(names.get(name, name) for name in text.split(","))


_OPTIONS: Mapping[str, Callable[[str, str], str]] = {
    "$filter": _filter,
    "$expand": _expand,
    "$select": _select,
    "$top": lambda size, _collection: size,
}


def _beta_cancel(rest: str) -> Json:
    """Write what a caller who is no administrator sends (Graph documentation, beta, "... cancel")."""
    return {"id": rest.partition("/")[0], "requestStatus": "cancelled"}


def _beta_body(body: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Write the body of a create call: the wrapper's name differs, and ids are members of their own.

    A manager's is as its one example shows it, in the names of v1.0 (Graph documentation, beta, "Create
    accessPackageAssignmentRequest", example 5): beta's own subject has no ``subjectType``.
    """
    if not body or "assignment" not in body or "subjectType" in (body["assignment"].get("target") or {}):
        return body
    assignment = dict(body["assignment"])
    for name in ("assignmentPolicy", "accessPackage"):
        if name in assignment:
            assignment[f"{name}Id"] = assignment.pop(name)["id"]
    rest = {name: value for name, value in body.items() if name != "assignment"}
    return {**rest, _NAVIGATION["assignment"]: assignment}


def _v1(value: Any) -> Any:
    if isinstance(value, list):
        return [_v1(each) for each in value]
    if not isinstance(value, dict):
        return value
    row: Json = {_MEMBERS.get(str(name), str(name)): _v1(each) for name, each in value.items()}
    for shape in (_with_parts, _with_scope, _with_subject, _with_text):
        row.update(shape(row))
    return row


def _with_parts(row: Json) -> Json:
    """Beta names the package and policy of an assignment by id also where they are not expanded."""
    ids = {"accessPackage": row.get("accessPackageId"), "assignmentPolicy": row.get("assignmentPolicyId")}
    return {name: {"id": part_id} for name, part_id in ids.items() if part_id and not row.get(name)}


def _with_scope(row: Json) -> Json:
    """Beta tells who may be assigned, and for how long, in other members of a policy, and nothing about a rule."""
    settings = row.get("requestorSettings")
    if not isinstance(settings, dict) or "scopeType" not in settings:
        return {}
    scope = settings["scopeType"]
    days, end = row.get("durationInDays"), row.get("expirationDateTime")
    expiration: Json = {"type": "noExpiration"}
    if end:
        expiration = {"type": "afterDateTime", "endDateTime": end}
    elif days:
        # Whatever is no number of days is no duration either, and is told where it is read.
        expiration = {"type": "afterDuration", "duration": f"P{days}D" if isinstance(days, int) else days}
    return {
        "allowedTargetScope": _SCOPES.get(scope, scope) if isinstance(scope, str) else scope,
        "expiration": expiration,
        "automaticRequestSettings": row.get("automaticRequestSettings", NOT_TOLD),
    }


def _with_subject(row: Json) -> Json:
    found: Json = {}
    for name in ("target", "requestor"):
        subject = row.get(name)
        if isinstance(subject, dict) and "type" in subject:
            found[name] = {**subject, "subjectType": subject["type"]}
    return found


def _with_text(row: Json) -> Json:
    """Beta has texts with their translations in one object; an old page names question types without their prefix."""
    found: Json = {}
    for name in ("text", "displayValue"):
        content = row.get(name)
        if isinstance(content, dict) and "defaultText" in content:
            found |= {"text": content["defaultText"], "localizations": content.get("localizedTexts") or []}
    kind = row.get("@odata.type")
    if isinstance(kind, str) and kind.endswith("Question"):
        found["@odata.type"] = _OLD_QUESTION.sub(lambda m: f"#microsoft.graph.accessPackage{m[1].upper()}", kind)
    return found
