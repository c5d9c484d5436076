# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How beta speaks of what the store holds: v1.0's words under beta's names, and what only one of the two has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from . import render, v1
from .filters import Field, Filterable
from .model import Answer, Assignment, Catalog, Expiration, Package, Policy, Question, Request, Subject, SubjectSet
from .odata_query import Expand
from .schema_beta import BETA as SCHEMA
from .schema_v1 import V1 as V1_SCHEMA
from .views import Applicable, Dialect, FutureAssignment, Link, Navigate, Render, View, show

Json = dict[str, Any]
# A navigation property of v1.0 and its name in beta; collections and members of bodies go by the same names.
NAMES = {
    "assignment": "accessPackageAssignment",
    "assignmentPolicy": "accessPackageAssignmentPolicy",
    "assignmentPolicies": "accessPackageAssignmentPolicies",
    "assignments": "accessPackageAssignments",
    "catalog": "accessPackageCatalog",
    "catalogs": "accessPackageCatalogs",
}
_SCOPES = {
    "notSpecified": "NoSubjects",
    "specificDirectoryUsers": "SpecificDirectorySubjects",
    "specificConnectedOrganizationUsers": "SpecificConnectedOrganizationSubjects",
    "allMemberUsers": "AllExistingDirectoryMemberUsers",
    "allDirectoryUsers": "AllExistingDirectorySubjects",
    "allConfiguredConnectedOrganizationUsers": "AllConfiguredConnectedOrganizationSubjects",
    "allExternalUsers": "AllExternalSubjects",
}
_USER_SETS = frozenset({"singleUser", "groupMembers", "connectedOrganizationMembers"})


def word(value: str) -> str:
    """Write a word of an enum of v1.0 as beta's string."""
    return value[:1].upper() + value[1:]


def _renamed(body: Json, **names: str) -> Json:
    """Return a body with members under other names."""
    return {names.get(name, name): value for name, value in body.items()}


def assignment(view: View, item: Assignment | FutureAssignment) -> Json:
    """Write an accessPackageAssignment; the ids of one that is not there yet are not known."""
    body = _renamed(
        v1.RENDER["accessPackageAssignment"](view, item), state="assignmentState", status="assignmentStatus"
    )
    if isinstance(item, FutureAssignment):
        names = ("catalogId", "accessPackageId", "assignmentPolicyId", "targetId", "isExtended")
        return {**body, **dict.fromkeys(names)}
    made = view.store.requests_of(item.package_id, item.subject_id)
    extended = (
        each.type.endswith("Update") and each.state == "delivered" and each.schedule.expiration != Expiration()
        for each in made
        if each.assignment_id == item.id
    )
    subject = view.store.subjects[item.subject_id]
    return {
        **body,
        "assignmentState": word(item.state),
        "catalogId": view.store.packages[item.package_id].catalog_id,
        "accessPackageId": item.package_id,
        "assignmentPolicyId": item.policy_id,
        "targetId": subject.id if view.switches.is_("beta_target_id", "subject") else subject.object_id,
        "isExtended": any(extended),
    }


def request(view: View, item: Request) -> Json:
    """Write an accessPackageAssignmentRequest."""
    if view.switches.is_("beta_request_names", "v1.0"):
        return render.request(item)
    names = {"state": "requestState", "status": "requestStatus", "completedDateTime": "completedDate"}
    asked = view.store.policies[item.policy_id].questions
    questions = {each.id: show(view, "accessPackageQuestion", each) for each in asked}
    return {
        **_renamed(render.request(item), **names),
        "answers": [_with_question(each, questions) for each in item.answers],
        "requestType": word(item.type),
        "requestState": word(item.state),
        "isValidationOnly": False,
        "expirationDateTime": None,
        "verifiedCredentialsData": [],
        "customExtensionHandlerInstances": [],
    }


def subject(view: View, item: Subject) -> Json:
    """Write an accessPackageSubject."""
    body = _renamed(render.subject(item), subjectType="type")
    organization = view.store.organization_of(item.email)
    return {
        **body,
        "type": word(item.kind),
        "altSecId": None,
        "cleanupScheduledDateTime": None,
        "connectedOrganizationId": organization,
    }


def package(view: View, item: Package) -> Json:
    """Write an accessPackage."""
    return {
        **render.package(item),
        "catalogId": item.catalog_id,
        "isRoleScopesVisible": False,
        "createdBy": None,
        "modifiedBy": None,
    }


def catalog(view: View, item: Catalog) -> Json:
    """Write an accessPackageCatalog."""
    body = _renamed(render.catalog(item), state="catalogStatus")
    words = {name: word(body[name]) for name in ("catalogType", "catalogStatus")}
    return {**body, **words, "createdBy": None, "modifiedBy": None}


def policy(view: View, item: Policy) -> Json:
    """Write an accessPackageAssignmentPolicy. Beta has no member that tells an automatic one."""
    duration = item.expiration.duration
    return {
        "id": item.id,
        "accessPackageId": item.package_id,
        "displayName": item.display_name,
        "description": item.description,
        "canExtend": item.requestor.self_update,
        "durationInDays": duration.days if duration is not None else 0,
        "expirationDateTime": render.instant(item.expiration.end),
        "requestorSettings": _requestor_settings(item),
        "requestApprovalSettings": _approval_settings(item),
        "accessReviewSettings": None,
        "questions": [show(view, "accessPackageQuestion", each) for each in item.questions],
        "createdBy": None,
        "createdDateTime": render.instant(item.created),
        "modifiedBy": None,
        "modifiedDateTime": render.instant(item.created),
    }


def _requestor_settings(item: Policy) -> Json:
    asked = item.requestor.self_add or item.requestor.behalf_add
    return {
        "scopeType": _SCOPES.get(item.scope),
        "acceptRequests": asked and not item.automatic and item.scope != "notSpecified",
        "allowedRequestors": _user_sets(item.targets),
    }


def _approval_settings(item: Policy) -> Json:
    approval = item.approval
    timeout = approval.timeout
    stage = {
        "approvalStageTimeOutInDays": timeout.days if timeout is not None else None,
        "isApproverJustificationRequired": False,
        "isEscalationEnabled": False,
        "escalationTimeInMinutes": 0,
        "primaryApprovers": _user_sets(approval.approvers),
        "escalationApprovers": [],
    }
    needed = approval.for_add or approval.for_update
    return {
        "isApprovalRequired": approval.for_add,
        "isApprovalRequiredForExtension": approval.for_update,
        "isRequestorJustificationRequired": approval.justification,
        "approvalMode": "SingleStage" if needed else "NoApproval",
        "approvalStages": [stage] if needed else [],
    }


def _user_sets(sets: tuple[SubjectSet, ...]) -> list[Json]:
    """Write userSets, leaving out the kinds that beta lacks."""
    written = []
    for each in sets:
        body: Json = {"@odata.type": f"#microsoft.graph.{each.kind}", "isBackup": False}
        if each.kind in _USER_SETS:
            written.append({**body, "id": each.reference, "description": None})
        elif each.kind == "requestorManager":
            written.append(body)
    return written


def question(view: View, item: Question) -> Json:
    """Write an accessPackageQuestion of its derived type, its texts as accessPackageLocalizedContent."""
    body = _renamed(render.question(item), isMultipleSelectionAllowed="allowsMultipleSelection")
    body["text"] = _content(body["text"], body.pop("localizations"))
    if item.kind == "choice":
        body["choices"] = [
            {"actualValue": each["actualValue"], "displayValue": _content(each["text"], each["localizations"])}
            for each in body["choices"]
        ]
    return body


def _content(text: str, localizations: list[Json]) -> Json:
    return {"defaultText": text, "localizedTexts": localizations}


def requirements(view: View, item: Applicable) -> Json:
    """Write accessPackageAssignmentRequestRequirements, with what was answered before."""
    body = _renamed(
        render.requirements(item.policy),
        isApprovalRequiredForAdd="isApprovalRequired",
        isApprovalRequiredForUpdate="isApprovalRequiredForExtension",
        allowCustomAssignmentSchedule="isCustomAssignmentScheduleAllowed",
    )
    questions = {each.id: show(view, "accessPackageQuestion", each) for each in item.policy.questions}
    answered = [_with_question(each, questions) for each in item.answers if each.question_id in questions]
    return {**body, "questions": list(questions.values()), "existingAnswers": answered}


def _with_question(item: Answer, questions: dict[str, Json]) -> Json:
    body = render.answer(item)
    return {**body, "answeredQuestion": questions.get(item.question_id, body["answeredQuestion"])}


def _organization(view: View, item: Any) -> Json:
    return {"id": item.id, "displayName": item.display_name, "description": None, "state": item.state}


def _organization_of(view: View, item: Subject) -> Link:
    return "connectedOrganization", view.store.organizations.get(view.store.organization_of(item.email) or "")


_RENDER: dict[str, Render] = {
    **v1.RENDER,
    "accessPackageAssignment": assignment,
    "accessPackageAssignmentRequest": request,
    "accessPackageAssignmentRequestRequirements": requirements,
    "accessPackageSubject": subject,
    "accessPackage": package,
    "accessPackageCatalog": catalog,
    "accessPackageAssignmentPolicy": policy,
    "accessPackageQuestion": question,
    "connectedOrganization": _organization,
}
_NAVIGATION: dict[str, dict[str, Navigate]] = {
    **{kind: _renamed(links, **NAMES) for kind, links in v1.NAVIGATION.items()},
    "accessPackageSubject": {"connectedOrganization": _organization_of},
}
_ASSIGNMENT = Expand("accessPackageAssignment", {"target": Expand("accessPackageSubject")})
_EXPAND: dict[str, dict[str, Expand]] = {
    **{
        kind: {NAMES.get(name, name): each for name, each in known.items() if name != "*"}
        for kind, known in v1.EXPAND.items()
    },
    "accessPackageAssignmentRequest": {
        "accessPackage": Expand("accessPackage"),
        "accessPackageAssignment": _ASSIGNMENT,
        "requestor": Expand("accessPackageSubject", {"connectedOrganization": Expand("connectedOrganization")}),
    },
    # The questions of a policy are no navigation property in beta: they are always there.
    "accessPackageAssignmentPolicy": {
        name: known for name, known in v1.EXPAND["accessPackageAssignmentPolicy"].items() if name != "questions"
    },
}
# What a filter may name, and the same in v1.0 (list pages of beta).
_FILTERS = {
    "accessPackageAssignment": {
        "assignmentstate": "state",
        "accesspackage/id": "accesspackage/id",
        "accesspackageassignmentpolicy/id": "assignmentpolicy/id",
        "target/objectid": "target/objectid",
    },
    "accessPackageAssignmentRequest": {"requeststate": "state", "accesspackage/id": "accesspackage/id"},
    "accessPackage": {"displayname": "displayname"},
    "accessPackageCatalog": {"displayname": "displayname"},
    "accessPackageAssignmentPolicy": {"displayname": "displayname"},
}


def _filterable(kind: str, known: Filterable) -> Filterable:
    """Return what a filter may name here; 'or' of states is not documented."""
    names = _FILTERS.get(kind, {})
    return Filterable({name: _spelled(known.fields[path]) for name, path in names.items() if path in known.fields})


def _spelled(known: Field) -> Field:
    """Compare states as the strings that they are in beta, in the one spelling of its pages."""
    if known.kind not in V1_SCHEMA.enums:
        return known
    words = frozenset(word(each) for each in V1_SCHEMA.enums[known.kind])
    return replace(known, read=lambda item: word(known.read(item)), kind="exact", words=words)


_NATIONAL = SCHEMA.without(SCHEMA.newer)
BETA = Dialect(
    schemas={"global": SCHEMA, "us_government": _NATIONAL, "china": _NATIONAL},
    render=_RENDER,
    navigation=_NAVIGATION,
    expand=_EXPAND,
    collections=NAMES,
    body_names={name: in_v1 for in_v1, name in NAMES.items()},
    # UserExtend is the old word for userUpdate.
    request_types={**v1.V1.request_types, "userextend": "userUpdate"},
    filterable=_filterable,
)
