# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the simulator knows of the types of beta.

The metadata at hand is that of one national cloud, a part of what the global service has: what the simulator takes
or shows beyond it is listed as newer, and stands in Microsoft's generated Python SDK for beta.
"""

from __future__ import annotations

from .schema import GraphType, Schema, graph_type
from .schema_v1 import V1

_TYPES: dict[str, GraphType] = {
    "entity": graph_type("id String", abstract=True),
    "accessPackageAssignmentRequest": graph_type(
        """answers [accessPackageAnswer]?; completedDate DateTimeOffset?; createdDateTime DateTimeOffset?;
        customExtensionCalloutInstances [customExtensionCalloutInstance]?;
        customExtensionHandlerInstances [customExtensionHandlerInstance]?; expirationDateTime DateTimeOffset?;
        isValidationOnly Boolean?; justification String?; requestState String?; requestStatus String?;
        requestType String?; schedule requestSchedule?; verifiedCredentialsData [verifiedCredentialData]?;
        accessPackage @accessPackage?; accessPackageAssignment @accessPackageAssignment?;
        requestor @accessPackageSubject?; parameters accessPackageAssignmentRequestParameters?""",
        "entity",
    ),
    "accessPackageAssignmentRequestParameters": graph_type("bypassApproval Boolean?"),
    "accessPackageAssignment": graph_type(
        """accessPackageId String?; assignmentPolicyId String?; assignmentState String?; assignmentStatus String?;
        catalogId String?; customExtensionCalloutInstances [customExtensionCalloutInstance]?;
        expiredDateTime DateTimeOffset?; isExtended Boolean?; schedule requestSchedule?; targetId String?;
        accessPackage @accessPackage?; accessPackageAssignmentPolicy @accessPackageAssignmentPolicy?;
        target @accessPackageSubject?""",
        "entity",
    ),
    "accessPackageSubject": graph_type(
        """altSecId String?; cleanupScheduledDateTime DateTimeOffset?; connectedOrganizationId String?;
        displayName String?; email String?; objectId String?; onPremisesSecurityIdentifier String?;
        principalName String?; type String?; connectedOrganization @connectedOrganization?;
        subjectLifecycle accessPackageSubjectLifecycle?""",
        "entity",
    ),
    "accessPackage": graph_type(
        """catalogId String?; createdBy String?; createdDateTime DateTimeOffset?; description String?;
        displayName String?; isHidden Boolean?; isRoleScopesVisible Boolean?; modifiedBy String?;
        modifiedDateTime DateTimeOffset?; accessPackageAssignmentPolicies @[accessPackageAssignmentPolicy]?;
        accessPackageCatalog @accessPackageCatalog?; accessPackagesIncompatibleWith @[accessPackage]?;
        incompatibleAccessPackages @[accessPackage]?; incompatibleGroups @[group]?""",
        "entity",
    ),
    "accessPackageCatalog": graph_type(
        """catalogStatus String?; catalogType String?; createdBy String?; createdDateTime DateTimeOffset?;
        description String?; displayName String?; isExternallyVisible Boolean?; modifiedBy String?;
        modifiedDateTime DateTimeOffset?; accessPackages @[accessPackage]?""",
        "entity",
    ),
    "accessPackageAssignmentPolicy": graph_type(
        """accessPackageId String?; accessReviewSettings assignmentReviewSettings?; canExtend Boolean?;
        createdBy String?; createdDateTime DateTimeOffset?; description String?; displayName String?;
        durationInDays Int32?; expirationDateTime DateTimeOffset?; modifiedBy String?;
        modifiedDateTime DateTimeOffset?; questions [accessPackageQuestion]?;
        requestApprovalSettings approvalSettings?; requestorSettings requestorSettings?;
        accessPackage @accessPackage?; customExtensionStageSettings @[customExtensionStageSetting]?""",
        "entity",
    ),
    "assignmentReviewSettings": graph_type("isEnabled Boolean?"),
    "approvalSettings": graph_type(
        """approvalMode String?; approvalStages [approvalStage]?; isApprovalRequired Boolean?;
        isApprovalRequiredForExtension Boolean?; isRequestorJustificationRequired Boolean?"""
    ),
    "approvalStage": graph_type(
        """approvalStageTimeOutInDays Int32?; escalationApprovers [userSet]?; escalationTimeInMinutes Int32?;
        isApproverJustificationRequired Boolean?; isEscalationEnabled Boolean?; primaryApprovers [userSet]?"""
    ),
    "requestorSettings": graph_type("acceptRequests Boolean?; allowedRequestors [userSet]?; scopeType String?"),
    "userSet": graph_type("isBackup Boolean?", abstract=True),
    "singleUser": graph_type("description String?; id String?", "userSet"),
    "groupMembers": graph_type("description String?; id String?", "userSet"),
    "connectedOrganizationMembers": graph_type("description String?; id String?", "userSet"),
    "requestorManager": graph_type("", "userSet"),
    "customExtensionStageSetting": V1.types["customExtensionStageSetting"],
    "customCalloutExtension": V1.types["customCalloutExtension"],
    "accessPackageAssignmentRequestWorkflowExtension": V1.types["accessPackageAssignmentRequestWorkflowExtension"],
    "customExtensionCalloutInstance": V1.types["customExtensionCalloutInstance"],
    "customExtensionHandlerInstance": graph_type("customExtensionId String?; externalCorrelationId String?"),
    "customExtensionData": V1.types["customExtensionData"],
    "accessPackageAssignmentRequestCallbackData": V1.types["accessPackageAssignmentRequestCallbackData"],
    "verifiedCredentialData": graph_type("authority String?"),
    "requestSchedule": V1.types["entitlementManagementSchedule"],
    "patternedRecurrence": V1.types["patternedRecurrence"],
    "expirationPattern": V1.types["expirationPattern"],
    "accessPackageQuestion": graph_type(
        "id String?; isRequired Boolean?; sequence Int32?; text accessPackageLocalizedContent?; isAnswerEditable Boolean?",
        abstract=True,
    ),
    "accessPackageTextInputQuestion": graph_type(
        "isSingleLineQuestion Boolean?; regexPattern String?", "accessPackageQuestion"
    ),
    "accessPackageMultipleChoiceQuestion": graph_type(
        "allowsMultipleSelection Boolean?; choices [accessPackageAnswerChoice]?", "accessPackageQuestion"
    ),
    "accessPackageAnswerChoice": graph_type("actualValue String?; displayValue accessPackageLocalizedContent?"),
    "accessPackageLocalizedContent": graph_type("defaultText String?; localizedTexts [accessPackageLocalizedText]?"),
    "accessPackageLocalizedText": graph_type("languageCode String?; text String?"),
    "accessPackageAnswer": graph_type("answeredQuestion accessPackageQuestion?; displayValue String?", abstract=True),
    "accessPackageAnswerString": graph_type("value String?", "accessPackageAnswer"),
    "accessPackageAssignmentRequestRequirements": graph_type(
        """existingAnswers [accessPackageAnswer]?; isApprovalRequired Boolean?;
        isApprovalRequiredForExtension Boolean?; isCustomAssignmentScheduleAllowed Boolean?;
        isRequestorJustificationRequired Boolean?; policyDescription String?; policyDisplayName String?;
        policyId String?; questions [accessPackageQuestion]?; schedule requestSchedule?"""
    ),
    "connectedOrganization": graph_type(
        """createdBy String?; createdDateTime DateTimeOffset?; description String?; displayName String?;
        identitySources [identitySource]?; modifiedBy String?; modifiedDateTime DateTimeOffset?;
        state connectedOrganizationState?""",
        "entity",
    ),
    "identitySource": V1.types["identitySource"],
    "domainIdentitySource": V1.types["domainIdentitySource"],
}
_NEWER = {
    # The last three are names of v1.0, which half of the examples of the create page show.
    "accessPackageAssignmentRequest": frozenset({"parameters", "state", "status", "completedDateTime"}),
    "accessPackageAssignmentRequestParameters": frozenset({"bypassApproval"}),
    "accessPackageSubject": frozenset({"subjectLifecycle"}),
    "accessPackageQuestion": frozenset({"isAnswerEditable"}),
    "accessPackageTextInputQuestion": frozenset({"regexPattern"}),
}
_SHARED_ENUMS = (
    *("expirationPatternType", "accessPackageSubjectLifecycle", "accessPackageCustomExtensionStage"),
    *("customExtensionCalloutInstanceStatus", "connectedOrganizationState"),
)
# The example of a request for a direct report sends v1.0's name of type (create page, example 5).
_UNDECLARED = {"accessPackageSubject": frozenset({"subjectType"})}

BETA = Schema(_TYPES, {name: V1.enums[name] for name in _SHARED_ENUMS}, _NEWER, _UNDECLARED)
