# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading Graph's JSON into values, member by member; a null or missing member is never a fault."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from ansible_collections.idgov.entra.plugins.module_utils._core.times import parse_duration, parse_instant
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Answer,
    Assignment,
    Callout,
    Choice,
    Localization,
    Named,
    Package,
    Policy,
    Question,
    Request,
    Schedule,
    Subject,
    User,
)

Json = Mapping[str, Any]
Value = TypeVar("Value")
# What stands for the settings of an automatic policy where a version of Graph has no member for them.
NOT_TOLD = "notTold"


def read_assignment(row: Json) -> Assignment:
    """Read an C(accessPackageAssignment) with what of it was expanded."""
    return next(read_assignments([row]))


def read_assignments(rows: Iterable[Json]) -> Iterator[Assignment]:
    """Read many of them; a package or policy that they share is read once and held once."""
    packages: dict[str, Named] = {}
    policies: dict[str, Policy] = {}
    for row in rows:
        package, policy = row.get("accessPackage"), row.get("assignmentPolicy")
        yield Assignment(
            id=_text(row, "id"),
            state=_word(row.get("state")),
            status=_text(row, "status"),
            package=_shared(packages, package, read_named) if package else None,
            policy=_shared(policies, policy, read_policy) if policy else None,
            target=_subject(row.get("target")),
            schedule=read_schedule(row.get("schedule")),
            expired=_instant(row, "expiredDateTime"),
        )


def read_request(row: Json) -> Request:
    """Read an C(accessPackageAssignmentRequest).

    The page of the create operation shows names of beta in answers of v1.0, so both are read
    (Graph documentation, "Create accessPackageAssignmentRequest", examples 1 and 2).
    """
    assignment = row.get("assignment") or {}
    # On direct assignment the requestor is who was assigned; every other request may be asked for by anybody.
    is_direct = _word(row.get("requestType")) in ("adminAdd", "systemAdd")
    return Request(
        id=_text(row, "id"),
        type=_word(row.get("requestType")),
        state=_word(row.get("state") or row.get("requestState")),
        status=_text(row, "status") or _text(row, "requestStatus"),
        justification=_text(row, "justification") or None,
        created=_instant(row, "createdDateTime"),
        completed=_instant(row, "completedDateTime") or _instant(row, "completedDate"),
        schedule=read_schedule(row.get("schedule")),
        answers=tuple(_answer(answer) for answer in row.get("answers") or []),
        assignment_id=_text(assignment, "id"),
        policy_id=_text(assignment.get("assignmentPolicy") or {}, "id"),
        target=_subject(assignment.get("target")) or (_subject(row.get("requestor")) if is_direct else None),
        callouts=tuple(
            Callout(str(callout.get("id")), _word(callout.get("status")))
            for callout in row.get("customExtensionCalloutInstances") or []
        ),
        package=_named(row.get("accessPackage")),
        requestor=_subject(row.get("requestor")),
    )


def read_schedule(value: Json | None) -> Schedule:
    """Read an C(entitlementManagementSchedule)."""
    value = value or {}
    expiration = value.get("expiration") or {}
    return _expiration(expiration, start=_instant(value, "startDateTime"))


def read_policy(row: Json) -> Policy:
    """Read an C(accessPackageAssignmentPolicy)."""
    approval = row.get("requestApprovalSettings") or {}
    questions = row.get("questions")
    return Policy(
        id=str(row.get("id")),
        display_name=_text(row, "displayName"),
        scope=_text(row, "allowedTargetScope"),
        automatic=_is_automatic(row.get("automaticRequestSettings")),
        expiration=_expiration(row.get("expiration") or {}, start=None),
        justification_required=bool(approval.get("isRequestorJustificationRequired")),
        questions=None if questions is None else tuple(_question(question) for question in questions),
        package_id=_text(row.get("accessPackage") or {}, "id"),
        description=_text(row, "description") or None,
        approval_for_add=bool(approval.get("isApprovalRequiredForAdd")),
        approval_for_update=bool(approval.get("isApprovalRequiredForUpdate")),
    )


def read_requirements(row: Json) -> Policy:
    """Read an C(accessPackageAssignmentRequestRequirements): a policy as it binds the requests of one user."""
    schedule = row.get("schedule")
    questions = row.get("questions") or []
    return Policy(
        id=str(row.get("policyId")),
        display_name=_text(row, "policyDisplayName"),
        # One sample shows an empty list where there is no schedule.
        expiration=read_schedule(schedule if isinstance(schedule, Mapping) else None),
        justification_required=bool(row.get("isRequestorJustificationRequired")),
        custom_schedule=row.get("allowCustomAssignmentSchedule") is not False,
        approval_for_add=bool(row.get("isApprovalRequiredForAdd")),
        approval_for_update=bool(row.get("isApprovalRequiredForUpdate")),
        questions=tuple(_question(question) for question in questions),
    )


def read_package(row: Json) -> Package:
    """Read an C(accessPackage)."""
    policies = row.get("assignmentPolicies")
    return Package(
        id=str(row.get("id")),
        display_name=_text(row, "displayName"),
        catalog=_named(row.get("catalog")),
        policies=None if policies is None else tuple(read_policy(policy) for policy in policies),
        description=_text(row, "description") or None,
        hidden=bool(row.get("isHidden")),
    )


def read_named(row: Json) -> Named:
    """Read the id and the name of anything that has both."""
    return Named(str(row.get("id")), _text(row, "displayName"))


def read_user(row: Json) -> User:
    """Read a C(user) of the directory."""
    return User(
        object_id=str(row.get("id")),
        principal_name=_text(row, "userPrincipalName"),
        mail=_text(row, "mail"),
        user_type=_text(row, "userType"),
        display_name=_text(row, "displayName"),
    )


def _is_automatic(settings: Any) -> bool | None:
    """Tell whether a policy assigns by a rule: only such a one has settings for it; null where Graph does not tell."""
    if settings == NOT_TOLD:
        return None
    return settings is not None and settings.get("requestAccessForAllowedTargets") is not False


def _question(row: Json) -> Question:
    kind = str(row.get("@odata.type") or "").rpartition(".")[2]
    return Question(
        id=str(row.get("id")),
        texts=_texts(row),
        kind=kind,
        required=bool(row.get("isRequired")),
        editable=row.get("isAnswerEditable") is not False,
        pattern=_text(row, "regexPattern") or None,
        choices=tuple(
            Choice(str(c.get("actualValue")), _texts(c), _localizations(c)) for c in row.get("choices") or []
        ),
        localizations=_localizations(row),
        several=bool(row.get("isMultipleSelectionAllowed")),
    )


def _answer(row: Json) -> Answer:
    question = row.get("answeredQuestion") or {}
    return Answer(
        question_id=str(question.get("id")),
        value=_text(row, "value"),
        display_value=_text(row, "displayValue"),
        question=_text(question, "text"),
    )


def _texts(row: Json) -> tuple[str, ...]:
    found = [row.get("text"), *(each.text for each in _localizations(row))]
    return tuple(dict.fromkeys(str(text) for text in found if text))


def _localizations(row: Json) -> tuple[Localization, ...]:
    listed: Iterable[Json] = row.get("localizations") or []
    return tuple(Localization(_text(each, "languageCode"), str(each["text"])) for each in listed if each.get("text"))


def _expiration(value: Json, *, start: datetime | None) -> Schedule:
    kind = _word(value.get("type"))
    return Schedule(
        start=start,
        end=_instant(value, "endDateTime") if kind in ("afterDateTime", "") else None,
        duration=_duration(value) if kind in ("afterDuration", "") else None,
        no_expiration=kind == "noExpiration",
    )


def _duration(row: Json) -> str | None:
    """Read a duration; one that cannot be counted with is none."""
    text = _text(row, "duration")
    try:
        return text if text and parse_duration(text) else None
    except ValueError:
        return None


def _subject(row: Json | None) -> Subject | None:
    if not row:
        return None
    return Subject(
        id=_text(row, "id"),
        object_id=_text(row, "objectId"),
        display_name=_text(row, "displayName"),
        principal_name=_text(row, "principalName"),
        email=_text(row, "email"),
        subject_type=_word(row.get("subjectType")) or None,
    )


def _shared(known: dict[str, Value], row: Json, read: Callable[[Json], Value]) -> Value:
    key = str(row.get("id"))
    if key not in known:
        known[key] = read(row)
    return known[key]


def _named(row: Json | None) -> Named | None:
    return read_named(row) if row else None


def _text(row: Json, member: str) -> str | None:
    value = row.get(member)
    return None if value is None else str(value)


def _word(value: Any) -> str:
    """Give a member of an enumeration in camelCase, as v1.0 spells it; samples also show it capitalised."""
    text = str(value or "")
    return text[:1].lower() + text[1:]


def _instant(row: Json, member: str) -> datetime | None:
    """Read an instant; samples of Graph also show the word null, or a placeholder, where there is none."""
    try:
        return parse_instant(str(row.get(member)))
    except ValueError:
        return None
