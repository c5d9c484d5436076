# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the simulator knows of the types of v1.0."""

from __future__ import annotations

from .schema import GraphType, Schema, graph_type

_TYPES: dict[str, GraphType] = {
    "entity": graph_type("id String", abstract=True),
    "accessPackageAssignmentRequest": graph_type(
        """answers [accessPackageAnswer]?; completedDateTime DateTimeOffset?; createdDateTime DateTimeOffset?;
        customExtensionCalloutInstances [customExtensionCalloutInstance]?; justification String?;
        requestType accessPackageRequestType?; schedule entitlementManagementSchedule?;
        state accessPackageRequestState?; status String?; accessPackage @accessPackage?;
        assignment @accessPackageAssignment?; requestor @accessPackageSubject?;
        parameters accessPackageAssignmentRequestParameters?""",
        "entity",
    ),
    "accessPackageAssignmentRequestParameters": graph_type("bypassApproval Boolean?"),
    "accessPackageAssignment": graph_type(
        """customExtensionCalloutInstances [customExtensionCalloutInstance]?; expiredDateTime DateTimeOffset?;
        schedule entitlementManagementSchedule?; state accessPackageAssignmentState?; status String?;
        accessPackage @accessPackage?; assignmentPolicy @accessPackageAssignmentPolicy?;
        target @accessPackageSubject?""",
        "entity",
    ),
    "accessPackageSubject": graph_type(
        """displayName String?; email String?; objectId String?; onPremisesSecurityIdentifier String?;
        principalName String?; subjectLifecycle accessPackageSubjectLifecycle;
        subjectType accessPackageSubjectType?; connectedOrganization @connectedOrganization?""",
        "entity",
    ),
    "accessPackage": graph_type(
        """createdDateTime DateTimeOffset?; description String?; displayName String?; isHidden Boolean?;
        modifiedDateTime DateTimeOffset?; accessPackagesIncompatibleWith @[accessPackage]?;
        assignmentPolicies @[accessPackageAssignmentPolicy]?; catalog @accessPackageCatalog?;
        incompatibleAccessPackages @[accessPackage]?; incompatibleGroups @[group]?""",
        "entity",
    ),
    "accessPackageCatalog": graph_type(
        """catalogType accessPackageCatalogType?; createdDateTime DateTimeOffset?; description String?;
        displayName String?; isExternallyVisible Boolean?; modifiedDateTime DateTimeOffset?;
        state accessPackageCatalogState?; accessPackages @[accessPackage]?""",
        "entity",
    ),
    "accessPackageAssignmentPolicy": graph_type(
        """allowedTargetScope allowedTargetScope?; automaticRequestSettings accessPackageAutomaticRequestSettings?;
        createdDateTime DateTimeOffset?; description String?; displayName String?; expiration expirationPattern?;
        modifiedDateTime DateTimeOffset?; requestApprovalSettings accessPackageAssignmentApprovalSettings?;
        requestorSettings accessPackageAssignmentRequestorSettings?;
        reviewSettings accessPackageAssignmentReviewSettings?; specificAllowedTargets [subjectSet]?;
        accessPackage @accessPackage?; catalog @accessPackageCatalog?;
        customExtensionStageSettings @[customExtensionStageSetting]?; questions @[accessPackageQuestion]?""",
        "entity",
    ),
    "accessPackageAssignmentReviewSettings": graph_type("isEnabled Boolean?"),
    "accessPackageAutomaticRequestSettings": graph_type(
        """gracePeriodBeforeAccessRemoval Duration?; removeAccessWhenTargetLeavesAllowedTargets Boolean?;
        requestAccessForAllowedTargets Boolean?"""
    ),
    "accessPackageAssignmentApprovalSettings": graph_type(
        """isApprovalRequiredForAdd Boolean?; isApprovalRequiredForUpdate Boolean?;
        isRequestorJustificationRequired Boolean?; stages [accessPackageApprovalStage]?"""
    ),
    "accessPackageApprovalStage": graph_type(
        """approverInformationVisibility approverInformationVisibility; durationBeforeAutomaticDenial Duration?;
        durationBeforeEscalation Duration?; escalationApprovers [subjectSet]?;
        fallbackEscalationApprovers [subjectSet]?; fallbackPrimaryApprovers [subjectSet]?;
        isApproverJustificationRequired Boolean?; isEscalationEnabled Boolean?; primaryApprovers [subjectSet]?"""
    ),
    "accessPackageAssignmentRequestorSettings": graph_type(
        """allowCustomAssignmentSchedule Boolean?; enableOnBehalfRequestorsToAddAccess Boolean?;
        enableOnBehalfRequestorsToRemoveAccess Boolean?; enableOnBehalfRequestorsToUpdateAccess Boolean?;
        enableTargetsToSelfAddAccess Boolean?; enableTargetsToSelfRemoveAccess Boolean?;
        enableTargetsToSelfUpdateAccess Boolean?; onBehalfRequestors [subjectSet]?"""
    ),
    "subjectSet": graph_type(abstract=True),
    "singleUser": graph_type("userId String?; description String?", "subjectSet"),
    "groupMembers": graph_type("groupId String?; description String?", "subjectSet"),
    "connectedOrganizationMembers": graph_type("connectedOrganizationId String?; description String?", "subjectSet"),
    "requestorManager": graph_type("managerLevel Int32?", "subjectSet"),
    "targetManager": graph_type("managerLevel Int32?", "subjectSet"),
    "customExtensionStageSetting": graph_type(
        "stage accessPackageCustomExtensionStage; customExtension @customCalloutExtension?", "entity"
    ),
    "customCalloutExtension": graph_type("description String?; displayName String?", "entity", abstract=True),
    "accessPackageAssignmentRequestWorkflowExtension": graph_type(
        "createdDateTime DateTimeOffset?; lastModifiedDateTime DateTimeOffset?", "customCalloutExtension"
    ),
    "customExtensionCalloutInstance": graph_type(
        """customExtensionId String?; detail String?; externalCorrelationId String?; id String?;
        status customExtensionCalloutInstanceStatus?"""
    ),
    "customExtensionData": graph_type(abstract=True),
    "accessPackageAssignmentRequestCallbackData": graph_type(
        """customExtensionStageInstanceDetail String?; customExtensionStageInstanceId String?;
        stage accessPackageCustomExtensionStage?; state String?""",
        "customExtensionData",
    ),
    "entitlementManagementSchedule": graph_type(
        "expiration expirationPattern?; recurrence patternedRecurrence?; startDateTime DateTimeOffset?"
    ),
    "patternedRecurrence": graph_type(),
    "expirationPattern": graph_type("duration Duration?; endDateTime DateTimeOffset?; type expirationPatternType?"),
    "accessPackageQuestion": graph_type(
        """isAnswerEditable Boolean?; isRequired Boolean?; localizations [accessPackageLocalizedText]?;
        sequence Int32?; text String?""",
        "entity",
        abstract=True,
    ),
    "accessPackageTextInputQuestion": graph_type(
        "isSingleLineQuestion Boolean?; regexPattern String?", "accessPackageQuestion"
    ),
    "accessPackageMultipleChoiceQuestion": graph_type(
        "choices [accessPackageAnswerChoice]?; isMultipleSelectionAllowed Boolean?", "accessPackageQuestion"
    ),
    "accessPackageAnswerChoice": graph_type(
        "actualValue String?; localizations [accessPackageLocalizedText]?; text String?"
    ),
    "accessPackageLocalizedText": graph_type("languageCode String; text String?"),
    "accessPackageAnswer": graph_type("displayValue String?; answeredQuestion @accessPackageQuestion?", abstract=True),
    "accessPackageAnswerString": graph_type("value String?", "accessPackageAnswer"),
    "accessPackageAssignmentRequestRequirements": graph_type(
        """allowCustomAssignmentSchedule Boolean?; isApprovalRequiredForAdd Boolean?;
        isApprovalRequiredForUpdate Boolean?; isRequestorJustificationRequired Boolean?; policyDescription String?;
        policyDisplayName String?; policyId String?; schedule entitlementManagementSchedule?;
        questions @[accessPackageQuestion]?"""
    ),
    "connectedOrganization": graph_type(
        """createdDateTime DateTimeOffset?; description String?; displayName String?;
        identitySources [identitySource]?; modifiedDateTime DateTimeOffset?; state connectedOrganizationState?""",
        "entity",
    ),
    "identitySource": graph_type(abstract=True),
    "domainIdentitySource": graph_type("displayName String?; domainName String?", "identitySource"),
}

# Members that Microsoft's generated Python SDK has and the service metadata of 2026-08 lacks.
_NEWER = {
    "accessPackageAssignmentRequest": frozenset({"parameters"}),
    "accessPackageAssignmentRequestParameters": frozenset({"bypassApproval"}),
}

_ENUMS: dict[str, tuple[str, ...]] = {
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

# Members that the documentation sends on these types although they are not declared there.
_UNDECLARED = {
    "accessPackageAssignment": frozenset({"targetId", "assignmentPolicyId", "accessPackageId"}),
}

V1 = Schema(_TYPES, _ENUMS, _NEWER, _UNDECLARED)
