# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the simulator knows of Graph's v1.0 types, in its own table.

A type is a base and its members. A member is written ``Type`` (never null), ``Type?`` (may be null),
``[Type]`` (a collection), with a leading ``@`` for a navigation property.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Member:
    """One member of a type."""

    type: str
    collection: bool
    nullable: bool
    navigation: bool


@dataclass(frozen=True)
class GraphType:
    """One type: its base, whether it can be instantiated, and its own members."""

    base: str | None
    abstract: bool
    own: dict[str, Member]


def _members(text: str) -> dict[str, Member]:
    members = {}
    for line in text.split(";"):
        if not line.strip():
            continue
        name, kind = line.split()
        bare = kind.lstrip("@").rstrip("?").strip("[]")
        members[name] = Member(bare, "[" in kind, kind.endswith("?"), kind.startswith("@"))
    return members


def _type(members: str = "", base: str | None = None, abstract: bool = False) -> GraphType:
    return GraphType(base, abstract, _members(members))


TYPES: dict[str, GraphType] = {
    "entity": _type("id String", abstract=True),
    "accessPackageAssignmentRequest": _type(
        """answers [accessPackageAnswer]?; completedDateTime DateTimeOffset?; createdDateTime DateTimeOffset?;
        customExtensionCalloutInstances [customExtensionCalloutInstance]?; justification String?;
        requestType accessPackageRequestType?; schedule entitlementManagementSchedule?;
        state accessPackageRequestState?; status String?; accessPackage @accessPackage?;
        assignment @accessPackageAssignment?; requestor @accessPackageSubject?;
        parameters accessPackageAssignmentRequestParameters?""",
        "entity",
    ),
    "accessPackageAssignmentRequestParameters": _type("bypassApproval Boolean?"),
    "accessPackageAssignment": _type(
        """customExtensionCalloutInstances [customExtensionCalloutInstance]?; expiredDateTime DateTimeOffset?;
        schedule entitlementManagementSchedule?; state accessPackageAssignmentState?; status String?;
        accessPackage @accessPackage?; assignmentPolicy @accessPackageAssignmentPolicy?;
        target @accessPackageSubject?""",
        "entity",
    ),
    "accessPackageSubject": _type(
        """displayName String?; email String?; objectId String?; onPremisesSecurityIdentifier String?;
        principalName String?; subjectLifecycle accessPackageSubjectLifecycle;
        subjectType accessPackageSubjectType?; connectedOrganization @connectedOrganization?""",
        "entity",
    ),
    "accessPackage": _type(
        """createdDateTime DateTimeOffset?; description String?; displayName String?; isHidden Boolean?;
        modifiedDateTime DateTimeOffset?; accessPackagesIncompatibleWith @[accessPackage]?;
        assignmentPolicies @[accessPackageAssignmentPolicy]?; catalog @accessPackageCatalog?;
        incompatibleAccessPackages @[accessPackage]?; incompatibleGroups @[group]?""",
        "entity",
    ),
    "accessPackageCatalog": _type(
        """catalogType accessPackageCatalogType?; createdDateTime DateTimeOffset?; description String?;
        displayName String?; isExternallyVisible Boolean?; modifiedDateTime DateTimeOffset?;
        state accessPackageCatalogState?; accessPackages @[accessPackage]?""",
        "entity",
    ),
    "accessPackageAssignmentPolicy": _type(
        """allowedTargetScope allowedTargetScope?; automaticRequestSettings accessPackageAutomaticRequestSettings?;
        createdDateTime DateTimeOffset?; description String?; displayName String?; expiration expirationPattern?;
        modifiedDateTime DateTimeOffset?; requestApprovalSettings accessPackageAssignmentApprovalSettings?;
        requestorSettings accessPackageAssignmentRequestorSettings?;
        reviewSettings accessPackageAssignmentReviewSettings?; specificAllowedTargets [subjectSet]?;
        accessPackage @accessPackage?; catalog @accessPackageCatalog?;
        customExtensionStageSettings @[customExtensionStageSetting]?; questions @[accessPackageQuestion]?""",
        "entity",
    ),
    "accessPackageAssignmentReviewSettings": _type("isEnabled Boolean?"),
    "accessPackageAutomaticRequestSettings": _type(
        """gracePeriodBeforeAccessRemoval Duration?; removeAccessWhenTargetLeavesAllowedTargets Boolean?;
        requestAccessForAllowedTargets Boolean?"""
    ),
    "accessPackageAssignmentApprovalSettings": _type(
        """isApprovalRequiredForAdd Boolean?; isApprovalRequiredForUpdate Boolean?;
        isRequestorJustificationRequired Boolean?; stages [accessPackageApprovalStage]?"""
    ),
    "accessPackageApprovalStage": _type(
        """approverInformationVisibility approverInformationVisibility; durationBeforeAutomaticDenial Duration?;
        durationBeforeEscalation Duration?; escalationApprovers [subjectSet]?;
        fallbackEscalationApprovers [subjectSet]?; fallbackPrimaryApprovers [subjectSet]?;
        isApproverJustificationRequired Boolean?; isEscalationEnabled Boolean?; primaryApprovers [subjectSet]?"""
    ),
    "accessPackageAssignmentRequestorSettings": _type(
        """allowCustomAssignmentSchedule Boolean?; enableOnBehalfRequestorsToAddAccess Boolean?;
        enableOnBehalfRequestorsToRemoveAccess Boolean?; enableOnBehalfRequestorsToUpdateAccess Boolean?;
        enableTargetsToSelfAddAccess Boolean?; enableTargetsToSelfRemoveAccess Boolean?;
        enableTargetsToSelfUpdateAccess Boolean?; onBehalfRequestors [subjectSet]?"""
    ),
    "subjectSet": _type(abstract=True),
    "singleUser": _type("userId String?; description String?", "subjectSet"),
    "groupMembers": _type("groupId String?; description String?", "subjectSet"),
    "connectedOrganizationMembers": _type("connectedOrganizationId String?; description String?", "subjectSet"),
    "requestorManager": _type("managerLevel Int32?", "subjectSet"),
    "targetManager": _type("managerLevel Int32?", "subjectSet"),
    "customExtensionStageSetting": _type(
        "stage accessPackageCustomExtensionStage; customExtension @customCalloutExtension?", "entity"
    ),
    "customCalloutExtension": _type("description String?; displayName String?", "entity", abstract=True),
    "accessPackageAssignmentRequestWorkflowExtension": _type(
        "createdDateTime DateTimeOffset?; lastModifiedDateTime DateTimeOffset?", "customCalloutExtension"
    ),
    "customExtensionCalloutInstance": _type(
        """customExtensionId String?; detail String?; externalCorrelationId String?; id String?;
        status customExtensionCalloutInstanceStatus?"""
    ),
    "customExtensionData": _type(abstract=True),
    "accessPackageAssignmentRequestCallbackData": _type(
        """customExtensionStageInstanceDetail String?; customExtensionStageInstanceId String?;
        stage accessPackageCustomExtensionStage?; state String?""",
        "customExtensionData",
    ),
    "entitlementManagementSchedule": _type(
        "expiration expirationPattern?; recurrence patternedRecurrence?; startDateTime DateTimeOffset?"
    ),
    "patternedRecurrence": _type(),
    "expirationPattern": _type("duration Duration?; endDateTime DateTimeOffset?; type expirationPatternType?"),
    "accessPackageQuestion": _type(
        """isAnswerEditable Boolean?; isRequired Boolean?; localizations [accessPackageLocalizedText]?;
        sequence Int32?; text String?""",
        "entity",
        abstract=True,
    ),
    "accessPackageTextInputQuestion": _type(
        "isSingleLineQuestion Boolean?; regexPattern String?", "accessPackageQuestion"
    ),
    "accessPackageMultipleChoiceQuestion": _type(
        "choices [accessPackageAnswerChoice]?; isMultipleSelectionAllowed Boolean?", "accessPackageQuestion"
    ),
    "accessPackageAnswerChoice": _type(
        "actualValue String?; localizations [accessPackageLocalizedText]?; text String?"
    ),
    "accessPackageLocalizedText": _type("languageCode String; text String?"),
    "accessPackageAnswer": _type("displayValue String?; answeredQuestion @accessPackageQuestion?", abstract=True),
    "accessPackageAnswerString": _type("value String?", "accessPackageAnswer"),
    "accessPackageAssignmentRequestRequirements": _type(
        """allowCustomAssignmentSchedule Boolean?; isApprovalRequiredForAdd Boolean?;
        isApprovalRequiredForUpdate Boolean?; isRequestorJustificationRequired Boolean?; policyDescription String?;
        policyDisplayName String?; policyId String?; schedule entitlementManagementSchedule?;
        questions @[accessPackageQuestion]?"""
    ),
    "connectedOrganization": _type(
        """createdDateTime DateTimeOffset?; description String?; displayName String?;
        identitySources [identitySource]?; modifiedDateTime DateTimeOffset?; state connectedOrganizationState?""",
        "entity",
    ),
    "identitySource": _type(abstract=True),
    "domainIdentitySource": _type("displayName String?; domainName String?", "identitySource"),
}

# Members that Microsoft's generated Python SDK has and the service metadata of 2026-08 lacks.
NEWER_THAN_METADATA = {
    "accessPackageAssignmentRequest": {"parameters"},
    "accessPackageAssignmentRequestParameters": {"bypassApproval"},
}

ENUMS: dict[str, tuple[str, ...]] = {
    "accessPackageRequestType": (
        *("notSpecified", "userAdd", "userUpdate", "userRemove", "adminAdd", "adminUpdate", "adminRemove"),
        *("systemAdd", "systemUpdate", "systemRemove", "onBehalfAdd", "unknownFutureValue", "approverRemove"),
    ),
    "accessPackageRequestState": (
        *("submitted", "pendingApproval", "delivering", "delivered", "deliveryFailed", "denied", "scheduled"),
        *("canceled", "partiallyDelivered", "unknownFutureValue"),
    ),
    "accessPackageAssignmentState": (
        *("delivering", "partiallyDelivered", "delivered", "expired", "deliveryFailed", "unknownFutureValue"),
    ),
    "expirationPatternType": ("notSpecified", "noExpiration", "afterDateTime", "afterDuration"),
    "accessPackageSubjectType": ("notSpecified", "user", "servicePrincipal", "unknownFutureValue"),
    "accessPackageSubjectLifecycle": ("notDefined", "notGoverned", "governed", "unknownFutureValue"),
    "allowedTargetScope": (
        *("notSpecified", "specificDirectoryUsers", "specificConnectedOrganizationUsers"),
        *("specificDirectoryServicePrincipals", "allMemberUsers", "allDirectoryUsers"),
        *("allDirectoryServicePrincipals", "allConfiguredConnectedOrganizationUsers", "allExternalUsers"),
        *("allDirectoryAgentIdentities", "unknownFutureValue"),
    ),
    "accessPackageCatalogType": ("userManaged", "serviceDefault", "serviceManaged", "unknownFutureValue"),
    "accessPackageCatalogState": ("unpublished", "published", "unknownFutureValue"),
    "accessPackageCustomExtensionStage": (
        *("assignmentRequestCreated", "assignmentRequestApproved", "assignmentRequestGranted"),
        *("assignmentRequestRemoved", "assignmentFourteenDaysBeforeExpiration"),
        *("assignmentOneDayBeforeExpiration", "unknownFutureValue"),
    ),
    "customExtensionCalloutInstanceStatus": (
        *("calloutSent", "callbackReceived", "calloutFailed", "callbackTimedOut", "waitingForCallback"),
        "unknownFutureValue",
    ),
    "approverInformationVisibility": ("default", "notVisible", "visible", "unknownFutureValue"),
    "connectedOrganizationState": ("configured", "proposed", "unknownFutureValue"),
}


@cache
def members_of(name: str) -> dict[str, Member]:
    """Return all members of a type, inherited ones included."""
    graph_type = TYPES[name]
    inherited = members_of(graph_type.base) if graph_type.base else {}
    return {**inherited, **graph_type.own}


def derives_from(name: str, ancestor: str) -> bool:
    """Tell whether a type is the ancestor or derives from it."""
    current: str | None = name
    while current is not None:
        if current == ancestor:
            return True
        current = TYPES[current].base if current in TYPES else None
    return False
