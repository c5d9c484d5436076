# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading Graph's JSON into values, member by member.

A null or missing member is never a fault, except for what everything else hangs on; one of another type than Graph's raises
Unreadable, which names it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from ansible_collections.idgov.entra.plugins.module_utils._core.times import parse_duration
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    ASSIGNMENT_STATES,
    ENDED_STATES,
    OPEN_STATES,
    REQUEST_TYPES,
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
from ansible_collections.idgov.entra.plugins.module_utils._graph.members import (
    Json,
    child,
    children,
    flag,
    instant,
    needed_text,
    text,
    word,
)

Value = TypeVar("Value")
# Words that decide, by their lower case.
_WORDS = {known.lower(): known for known in (*OPEN_STATES, *ENDED_STATES, *ASSIGNMENT_STATES, *REQUEST_TYPES)}
# What stands for the settings of an automatic policy where a version of Graph has no member for them.
NOT_TOLD = "notTold"
_NOTHING: Json = {}


def parse_assignment(row: Json) -> Assignment:
    """Read an ``accessPackageAssignment`` with what of it was expanded."""
    return assignment_reader()(row)


def assignment_reader() -> Callable[[Json], Assignment]:
    """Return a reader for many of them: a package or policy that they share is read once and held once."""
    packages: dict[str, Named] = {}
    policies: dict[str, Policy] = {}

    def read(row: Json) -> Assignment:
        return Assignment(
            id=needed_text(row, "id"),
            state=_known_word(row, "state"),
            status=text(row, "status"),
            package=child(row, "accessPackage", lambda value: _shared(packages, value, parse_named)),
            policy=child(row, "assignmentPolicy", lambda value: _shared(policies, value, parse_policy)),
            target=child(row, "target", _subject),
            schedule=child(row, "schedule", parse_schedule) or Schedule(),
            expired=instant(row, "expiredDateTime"),
        )

    return read


def parse_request(row: Json) -> Request:
    """Read an ``accessPackageAssignmentRequest``.

    The page of the create operation shows names of beta in answers of v1.0, so both are read
    (Graph documentation, "Create accessPackageAssignmentRequest", examples 1 and 2).
    """
    about = child(row, "assignment", _about) or _About()
    return Request(
        id=needed_text(row, "id"),
        type=_known_word(row, "requestType"),
        state=_known_word(row, "state") or _known_word(row, "requestState"),
        status=text(row, "status") or text(row, "requestStatus"),
        justification=text(row, "justification") or None,
        created=instant(row, "createdDateTime"),
        completed=instant(row, "completedDateTime") or instant(row, "completedDate"),
        schedule=child(row, "schedule", parse_schedule) or Schedule(),
        answers=children(row, "answers", _answer) or (),
        assignment_id=about.assignment_id,
        policy_id=about.policy_id,
        target=about.target,
        callouts=children(row, "customExtensionCalloutInstances", _callout) or (),
        package=child(row, "accessPackage", parse_named) or about.package,
        requestor=child(row, "requestor", _subject),
    )


def read_accepted(row: Json) -> Request:
    """Read of the answer to a create call what is needed of it: which request was made, if it says so, and how far it is."""
    return Request(
        id=text(row, "id") or None,
        type=word(row, "requestType"),
        state=word(row, "state") or word(row, "requestState"),
        status=text(row, "status") or text(row, "requestStatus"),
    )


def parse_schedule(row: Json | None) -> Schedule:
    """Read an ``entitlementManagementSchedule``."""
    row = row or _NOTHING
    start = instant(row, "startDateTime")
    return child(row, "expiration", lambda value: _expiration(value, start=start)) or Schedule(start=start)


def parse_policy(row: Json) -> Policy:
    """Read an ``accessPackageAssignmentPolicy``."""
    justified, for_add, for_update = child(row, "requestApprovalSettings", _approval) or (False, False, False)
    return Policy(
        id=needed_text(row, "id"),
        display_name=text(row, "displayName"),
        scope=text(row, "allowedTargetScope"),
        automatic=_is_automatic(row),
        expiration=child(row, "expiration", lambda value: _expiration(value, start=None)) or Schedule(),
        justification_required=justified,
        questions=children(row, "questions", _question),
        package_id=child(row, "accessPackage", lambda value: text(value, "id")),
        description=text(row, "description") or None,
        approval_for_add=for_add,
        approval_for_update=for_update,
    )


def read_questions(row: Json) -> tuple[Question, ...] | None:
    """Read the questions of a policy, selected alone or listed; null where the answer has none of either."""
    return children(row, "questions" if "questions" in row else "value", _question)


def parse_requirements(row: Json) -> Policy:
    """Read an ``accessPackageAssignmentRequestRequirements``: a policy as it binds the requests of one user."""
    # One sample shows an empty list where there is no schedule.
    schedule = None if row.get("schedule") == [] else child(row, "schedule", parse_schedule)
    return Policy(
        id=needed_text(row, "policyId"),
        display_name=text(row, "policyDisplayName"),
        expiration=schedule or Schedule(),
        justification_required=bool(flag(row, "isRequestorJustificationRequired")),
        custom_schedule=flag(row, "allowCustomAssignmentSchedule") is not False,
        approval_for_add=bool(flag(row, "isApprovalRequiredForAdd")),
        approval_for_update=bool(flag(row, "isApprovalRequiredForUpdate")),
        questions=children(row, "questions", _question) or (),
    )


def parse_package(row: Json) -> Package:
    """Read an ``accessPackage``."""
    return Package(
        id=needed_text(row, "id"),
        display_name=text(row, "displayName"),
        catalog=child(row, "catalog", parse_named),
        policies=children(row, "assignmentPolicies", parse_policy),
        description=text(row, "description") or None,
        hidden=bool(flag(row, "isHidden")),
    )


def parse_named(row: Json) -> Named:
    """Read the id and the name of anything that has both."""
    return Named(needed_text(row, "id"), text(row, "displayName"))


def parse_user(row: Json) -> User:
    """Read a ``user`` of the directory."""
    return User(
        object_id=needed_text(row, "id"),
        principal_name=text(row, "userPrincipalName"),
        mail=text(row, "mail"),
        user_type=text(row, "userType"),
        display_name=text(row, "displayName"),
    )


def _is_automatic(row: Json) -> bool | None:
    """Return whether a policy assigns by a rule: only such a one has settings for it; null where Graph does not tell."""
    settings = row.get("automaticRequestSettings", NOT_TOLD)
    if settings == NOT_TOLD or settings is None:
        return None if settings else False
    if settings == {}:
        return True
    return child(
        row, "automaticRequestSettings", lambda value: flag(value, "requestAccessForAllowedTargets") is not False
    )


def _approval(row: Json) -> tuple[bool, bool, bool]:
    return (
        bool(flag(row, "isRequestorJustificationRequired")),
        bool(flag(row, "isApprovalRequiredForAdd")),
        bool(flag(row, "isApprovalRequiredForUpdate")),
    )


@dataclass(frozen=True)
class _About:
    """The assignment that a request is about, as far as the request shows it."""

    assignment_id: str | None = None
    policy_id: str | None = None
    target: Subject | None = None
    package: Named | None = None


def _about(row: Json) -> _About:
    return _About(
        assignment_id=text(row, "id"),
        policy_id=child(row, "assignmentPolicy", lambda value: text(value, "id")),
        target=child(row, "target", _subject),
        package=child(row, "accessPackage", parse_named),
    )


def _known_word(row: Json, member: str) -> str:
    """Return a word that decides, as v1.0 spells it: letter case tells nothing."""
    value = word(row, member)
    return _WORDS.get(value.lower(), value)


def _callout(row: Json) -> Callout:
    return Callout(needed_text(row, "id"), word(row, "status"))


def _question(row: Json) -> Question:
    kind = (text(row, "@odata.type") or "").rpartition(".")[2]
    return Question(
        id=needed_text(row, "id"),
        texts=_texts(row),
        kind=kind,
        required=bool(flag(row, "isRequired")),
        editable=flag(row, "isAnswerEditable") is not False,
        pattern=text(row, "regexPattern") or None,
        choices=children(row, "choices", _choice) or (),
        localizations=_localizations(row),
        several=bool(flag(row, "isMultipleSelectionAllowed")),
    )


def _choice(row: Json) -> Choice:
    return Choice(needed_text(row, "actualValue"), _texts(row), _localizations(row))


def _answer(row: Json) -> Answer:
    question_id, question = child(row, "answeredQuestion", _answered) or ("", None)
    return Answer(
        question_id=question_id,
        value=text(row, "value"),
        display_value=text(row, "displayValue"),
        question=question,
    )


def _answered(row: Json) -> tuple[str, str | None]:
    return needed_text(row, "id"), text(row, "text")


def _texts(row: Json) -> tuple[str, ...]:
    found = [text(row, "text"), *(each.text for each in _localizations(row))]
    return tuple(dict.fromkeys(each for each in found if each))


def _localizations(row: Json) -> tuple[Localization, ...]:
    return tuple(each for each in children(row, "localizations", _localization) or () if each.text)


def _localization(row: Json) -> Localization:
    return Localization(text(row, "languageCode"), text(row, "text") or "")


def _expiration(row: Json, *, start: datetime | None) -> Schedule:
    kind = word(row, "type")
    return Schedule(
        start=start,
        end=instant(row, "endDateTime") if kind in ("afterDateTime", "") else None,
        duration=_duration(row) if kind in ("afterDuration", "") else None,
        no_expiration=kind == "noExpiration",
    )


def _duration(row: Json) -> str | None:
    """Read a duration; one that cannot be counted with is none."""
    value = text(row, "duration")
    try:
        return value if value and parse_duration(value) else None
    except ValueError:
        return None


def _subject(row: Json) -> Subject:
    return Subject(
        id=text(row, "id"),
        object_id=text(row, "objectId"),
        display_name=text(row, "displayName"),
        principal_name=text(row, "principalName"),
        email=text(row, "email"),
        subject_type=word(row, "subjectType") or None,
    )


def _shared(known: dict[str, Value], row: Json, read: Callable[[Json], Value]) -> Value:
    key = needed_text(row, "id")
    if key not in known:
        known[key] = read(row)
    return known[key]
