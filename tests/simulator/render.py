# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what the store holds as Microsoft Graph v1.0 JSON, without navigation properties."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .model import (
    Answer,
    Approval,
    Assignment,
    Callout,
    Catalog,
    Expiration,
    Extension,
    Package,
    Policy,
    Question,
    Request,
    RequestorRules,
    Schedule,
    Subject,
    SubjectSet,
)
from .times import format_duration, format_instant

Json = dict[str, Any]
_REFERENCE = {
    "singleUser": "userId",
    "groupMembers": "groupId",
    "connectedOrganizationMembers": "connectedOrganizationId",
}


def instant(value: datetime | None) -> str | None:
    """Write an instant or null."""
    return format_instant(value) if value else None


def schedule(value: Schedule) -> Json:
    """Write an entitlementManagementSchedule."""
    return {
        "startDateTime": instant(value.start),
        "recurrence": None,
        "expiration": expiration(value.expiration),
    }


def expiration(value: Expiration) -> Json:
    """Write an expirationPattern."""
    return {
        "endDateTime": instant(value.end),
        "duration": format_duration(value.duration) if value.duration is not None else None,
        "type": value.type,
    }


def assignment(value: Assignment) -> Json:
    """Write an accessPackageAssignment."""
    return {
        "id": value.id,
        "state": value.state,
        "status": value.status,
        "expiredDateTime": instant(value.expired),
        "schedule": schedule(value.schedule),
        "customExtensionCalloutInstances": [],
    }


def assignment_stub(assignment_id: str) -> Json:
    """Write the assignment of a request that has not made it yet."""
    return {
        "id": assignment_id,
        "state": None,
        "status": None,
        "expiredDateTime": None,
        "schedule": None,
        "customExtensionCalloutInstances": [],
    }


def request(value: Request) -> Json:
    """Write an accessPackageAssignmentRequest."""
    return {
        "id": value.id,
        "requestType": value.type,
        "state": value.state,
        "status": value.status,
        "createdDateTime": instant(value.created),
        "completedDateTime": instant(value.completed),
        "schedule": schedule(value.schedule),
        "answers": [answer(item) for item in value.answers],
        "customExtensionCalloutInstances": [callout(item) for item in value.callouts],
        # newer than the recorded answers, which have no place for it
        "justification": value.justification,
    }


def answer(value: Answer) -> Json:
    """Write an accessPackageAnswerString that names its question only."""
    kinds = {"text": "accessPackageTextInputQuestion", "choice": "accessPackageMultipleChoiceQuestion"}
    return {
        "@odata.type": "#microsoft.graph.accessPackageAnswerString",
        "displayValue": value.display_value,
        "value": value.value,
        "answeredQuestion": {"@odata.type": f"#microsoft.graph.{kinds[value.kind]}", "id": value.question_id},
    }


def callout(value: Callout) -> Json:
    """Write a customExtensionCalloutInstance."""
    return {
        "id": value.id,
        "customExtensionId": value.extension_id,
        "externalCorrelationId": None,
        "detail": value.detail,
        "status": value.status,
    }


def subject(value: Subject) -> Json:
    """Write an accessPackageSubject."""
    return {
        "id": value.id,
        "objectId": value.object_id,
        "displayName": value.display_name,
        "principalName": value.principal_name,
        "email": value.email,
        "onPremisesSecurityIdentifier": None,
        "subjectType": value.kind,
        "subjectLifecycle": "notDefined",
    }


def package(value: Package) -> Json:
    """Write an accessPackage."""
    return {
        "id": value.id,
        "displayName": value.display_name,
        "description": value.description,
        "isHidden": value.hidden,
        "createdDateTime": instant(value.created),
        "modifiedDateTime": instant(value.created),
    }


def catalog(value: Catalog) -> Json:
    """Write an accessPackageCatalog."""
    return {
        "id": value.id,
        "displayName": value.display_name,
        "description": value.description,
        "catalogType": "userManaged",
        "state": "published",
        "isExternallyVisible": True,
        "createdDateTime": instant(value.created),
        "modifiedDateTime": instant(value.created),
    }


def policy(value: Policy) -> Json:
    """Write an accessPackageAssignmentPolicy."""
    automatic = {
        "requestAccessForAllowedTargets": True,
        "removeAccessWhenTargetLeavesAllowedTargets": True,
        "gracePeriodBeforeAccessRemoval": None,
    }
    return {
        "id": value.id,
        "displayName": value.display_name,
        "description": value.description,
        "allowedTargetScope": value.scope,
        "createdDateTime": instant(value.created),
        "modifiedDateTime": instant(value.created),
        "automaticRequestSettings": automatic if value.automatic else None,
        "reviewSettings": None,
        "specificAllowedTargets": [subject_set(item) for item in value.targets],
        "expiration": expiration(value.expiration),
        "requestorSettings": requestor_settings(value.requestor),
        "requestApprovalSettings": approval_settings(value.approval),
    }


def requirements(value: Policy) -> Json:
    """Write accessPackageAssignmentRequestRequirements, without the questions."""
    settings = approval_settings(value.approval)
    return {
        "policyId": value.id,
        "policyDisplayName": value.display_name,
        "policyDescription": value.description,
        "allowCustomAssignmentSchedule": value.requestor.custom_schedule,
        "isApprovalRequiredForAdd": settings["isApprovalRequiredForAdd"],
        "isApprovalRequiredForUpdate": settings["isApprovalRequiredForUpdate"],
        "isRequestorJustificationRequired": settings["isRequestorJustificationRequired"],
        "schedule": {
            "startDateTime": None,
            "recurrence": None,
            "expiration": expiration(value.expiration),
        },
    }


def requestor_settings(value: RequestorRules) -> Json:
    """Write accessPackageAssignmentRequestorSettings."""
    return {
        "enableTargetsToSelfAddAccess": value.self_add,
        "enableTargetsToSelfUpdateAccess": value.self_update,
        "enableTargetsToSelfRemoveAccess": value.self_remove,
        "allowCustomAssignmentSchedule": value.custom_schedule,
        "enableOnBehalfRequestorsToAddAccess": value.behalf_add,
        "enableOnBehalfRequestorsToUpdateAccess": False,
        "enableOnBehalfRequestorsToRemoveAccess": False,
        "onBehalfRequestors": [subject_set(item) for item in value.behalf_requestors],
    }


def approval_settings(value: Approval) -> Json:
    """Write accessPackageAssignmentApprovalSettings."""
    stage = {
        "durationBeforeAutomaticDenial": format_duration(value.timeout) if value.timeout else None,
        "isApproverJustificationRequired": False,
        "isEscalationEnabled": False,
        "durationBeforeEscalation": None,
        "approverInformationVisibility": "default",
        "primaryApprovers": [subject_set(item) for item in value.approvers],
        "fallbackPrimaryApprovers": [],
        "escalationApprovers": [],
        "fallbackEscalationApprovers": [],
    }
    return {
        "isApprovalRequiredForAdd": value.for_add,
        "isApprovalRequiredForUpdate": value.for_update,
        "isRequestorJustificationRequired": value.justification,
        "stages": [stage] if value.for_add or value.for_update else [],
    }


def subject_set(value: SubjectSet) -> Json:
    """Write a subjectSet of its derived type."""
    body: Json = {"@odata.type": f"#microsoft.graph.{value.kind}"}
    if value.kind in _REFERENCE:
        body[_REFERENCE[value.kind]] = value.reference
        body["description"] = None
    else:
        body["managerLevel"] = value.level
    return body


def question(value: Question) -> Json:
    """Write an accessPackageQuestion of its derived type."""
    body: Json = {
        "id": value.id,
        "isRequired": value.required,
        "isAnswerEditable": value.editable,
        "text": value.text,
        "sequence": value.sequence,
    }
    if value.kind == "text":
        kind = "accessPackageTextInputQuestion"
        body.update(isSingleLineQuestion=value.single_line, regexPattern=value.regex)
    else:
        kind = "accessPackageMultipleChoiceQuestion"
        choices = [
            {"actualValue": item.value, "text": item.text, "localizations": localizations(item.localizations)}
            for item in value.choices
        ]
        body.update(isMultipleSelectionAllowed=value.multiple, choices=choices)
    return {
        "@odata.type": f"#microsoft.graph.{kind}",
        **body,
        "localizations": localizations(value.localizations),
    }


def localizations(value: tuple[tuple[str, str], ...]) -> list[Json]:
    """Write a list of accessPackageLocalizedText."""
    return [{"languageCode": language, "text": text} for language, text in value]


def stage_setting(value: Extension) -> Json:
    """Write a customExtensionStageSetting."""
    return {"id": value.id, "stage": value.stage}


def extension(value: Extension) -> Json:
    """Write the custom extension of a stage setting."""
    return {
        "@odata.type": "#microsoft.graph.accessPackageAssignmentRequestWorkflowExtension",
        "id": value.id,
        "displayName": value.display_name,
        "description": None,
    }
