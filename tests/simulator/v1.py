# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How v1.0 speaks of what the store holds: how each kind is written, and which navigation leads where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import render
from .model import Assignment, Extension, Group, Package, Policy, Request
from .odata_query import Expand
from .schema_v1 import V1 as SCHEMA
from .views import Applicable, Dialect, FutureAssignment, Link, Navigate, Render, View, show

Json = dict[str, Any]

# Members that the v1.0 schemas of the national clouds lack.
_GLOBAL_ONLY = {
    "accessPackageAssignmentRequest": frozenset({"justification", "parameters"}),
    "accessPackageSubject": frozenset({"subjectLifecycle"}),
    "accessPackageAssignmentRequestRequirements": frozenset({"isRequestorJustificationRequired"}),
}


def _plain(write: Callable[[Any], Json]) -> Render:
    return lambda view, item: write(item)


def _assignment(view: View, item: Assignment | FutureAssignment) -> Json:
    return render.assignment_stub(item.id) if isinstance(item, FutureAssignment) else render.assignment(item)


def _request(view: View, item: Request) -> Json:
    """Write a request, its answers with their whole questions (recorded)."""
    asked = {each.id: each for each in view.store.policies[item.policy_id].questions}
    place = f"{view.root}/$metadata#identityGovernance/entitlementManagement/assignmentRequests('{item.id}')/answers"
    context = f"{place}/microsoft.graph.accessPackageAnswerString/answeredQuestion/$entity"
    answers = []
    for each in item.answers:
        body = render.answer(each)
        question = body.pop("answeredQuestion")
        body["answeredQuestion@odata.context"] = context
        body["answeredQuestion"] = render.question(asked[each.question_id]) if each.question_id in asked else question
        answers.append(body)
    return {**render.request(item), "answers": answers}


def _requirements(view: View, item: Applicable) -> Json:
    questions = [show(view, "accessPackageQuestion", question) for question in item.policy.questions]
    return {**render.requirements(item.policy), "questions": questions}


def _questions_of_held(view: View, item: Policy) -> Json:
    """Write the questions in the policy of an assignment, which do not tell whether answers may be changed (recorded)."""
    return {"questions": [{**render.question(each), "isAnswerEditable": None} for each in item.questions]}


def _group(item: Group) -> Json:
    return {"id": item.id, "displayName": item.display_name, "description": item.description}


RENDER: dict[str, Render] = {
    "accessPackageAssignment": _assignment,
    "accessPackageAssignmentRequest": _request,
    "accessPackageAssignmentRequestRequirements": _requirements,
    "accessPackageSubject": _plain(render.subject),
    "accessPackage": _plain(render.package),
    "accessPackageCatalog": _plain(render.catalog),
    "accessPackageAssignmentPolicy": _plain(render.policy),
    "accessPackageQuestion": _plain(render.question),
    "customExtensionStageSetting": _plain(render.stage_setting),
    "customCalloutExtension": _plain(render.extension),
    "group": _plain(_group),
}


def _assignment_of(view: View, item: Request) -> Link:
    made = view.store.assignments.get(item.assignment_id)
    if made is not None:
        return "accessPackageAssignment", made
    if view.switches.is_("open_request_assignment", "null"):
        return "accessPackageAssignment", None
    return "accessPackageAssignment", FutureAssignment(item.assignment_id, item.subject_id)


def _package(view: View, item: Assignment | Request | Policy) -> Link:
    return "accessPackage", view.store.packages[item.package_id]


def _package_of(view: View, item: Request) -> Link:
    if item.removes and view.switches.is_("removal_package", "null"):
        return "accessPackage", None
    return _package(view, item)


def _policy(view: View, item: Assignment) -> Link:
    return "accessPackageAssignmentPolicy", view.store.policies[item.policy_id]


def _target(view: View, item: Assignment | FutureAssignment) -> Link:
    return "accessPackageSubject", view.store.subjects[item.subject_id]


def _incompatible_with(view: View, item: Package) -> Link:
    others = [other for other in view.store.packages.values() if item.id in other.incompatible_package_ids]
    return "accessPackage", others


NAVIGATION: dict[str, dict[str, Navigate]] = {
    "accessPackageAssignment": {"accessPackage": _package, "assignmentPolicy": _policy, "target": _target},
    "accessPackageAssignmentRequest": {
        "accessPackage": _package_of,
        "assignment": _assignment_of,
        "requestor": lambda view, item: ("accessPackageSubject", view.store.subjects.get(item.requestor_id)),
    },
    "accessPackage": {
        "assignmentPolicies": lambda view, item: ("accessPackageAssignmentPolicy", view.store.policies_of(item.id)),
        "catalog": lambda view, item: ("accessPackageCatalog", view.store.catalogs[item.catalog_id]),
        "incompatibleAccessPackages": lambda view, item: (
            "accessPackage",
            [view.store.packages[each] for each in item.incompatible_package_ids],
        ),
        "accessPackagesIncompatibleWith": _incompatible_with,
        "incompatibleGroups": lambda view, item: (
            "group",
            [view.store.groups[each] for each in item.incompatible_group_ids],
        ),
    },
    "accessPackageAssignmentPolicy": {
        "accessPackage": _package,
        "questions": lambda view, item: ("accessPackageQuestion", list(item.questions)),
        "customExtensionStageSettings": lambda view, item: ("customExtensionStageSetting", list(item.extensions)),
    },
    "customExtensionStageSetting": {
        "customExtension": lambda view, item: ("customCalloutExtension", _itself(item)),
    },
    "accessPackageCatalog": {
        "accessPackages": lambda view, item: (
            "accessPackage",
            [each for each in view.store.packages.values() if each.catalog_id == item.id],
        ),
    },
}


def _itself(item: Extension) -> Extension:
    return item


# What may be expanded where (query options named on each documentation page).
EXPAND: dict[str, dict[str, Expand]] = {
    "accessPackageAssignment": {
        "target": Expand("accessPackageSubject"),
        "accessPackage": Expand("accessPackage"),
        "assignmentPolicy": Expand("accessPackageAssignmentPolicy"),
        # Reported from the field, here and nowhere else.
        "*": Expand("accessPackageAssignment"),
    },
    "accessPackageAssignmentRequest": {
        "accessPackage": Expand("accessPackage"),
        "assignment": Expand("accessPackageAssignment", {"target": Expand("accessPackageSubject")}),
        "requestor": Expand("accessPackageSubject"),
    },
    "accessPackage": {
        "assignmentPolicies": Expand("accessPackageAssignmentPolicy"),
        "catalog": Expand("accessPackageCatalog"),
        "incompatibleAccessPackages": Expand("accessPackage"),
        "accessPackagesIncompatibleWith": Expand("accessPackage"),
        "incompatibleGroups": Expand("group"),
    },
    "accessPackageAssignmentPolicy": {
        "accessPackage": Expand("accessPackage"),
        "questions": Expand("accessPackageQuestion"),
        "customExtensionStageSettings": Expand(
            "customExtensionStageSetting", {"customExtension": Expand("customCalloutExtension")}
        ),
    },
    "accessPackageCatalog": {"accessPackages": Expand("accessPackage")},
}

_NATIONAL = SCHEMA.without(_GLOBAL_ONLY)
V1 = Dialect(
    schemas={"global": SCHEMA, "us_government": _NATIONAL, "china": _NATIONAL},
    render=RENDER,
    navigation=NAVIGATION,
    expand=EXPAND,
    collections={},
    body_names={},
    request_types={name.lower(): name for name in SCHEMA.enums["accessPackageRequestType"]},
    filterable=lambda kind, known: known,
    unasked={("accessPackageAssignment", "assignmentPolicy"): _questions_of_held},
)
