# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows what the store holds with its expansions: which navigation leads where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import render
from .model import Assignment, Extension, Group, Package, Policy, Request
from .odata_query import Expand, Options
from .store import Store
from .switches import Switches

Json = dict[str, Any]
Link = tuple[str, Any]
ACCEPT_ALL = Options()


@dataclass(frozen=True)
class View:
    """The store a caller sees, and the readings in force."""

    store: Store
    switches: Switches


@dataclass(frozen=True)
class FutureAssignment:
    """The assignment of a request that has not made it yet."""

    id: str
    request: Request


# Members that the v1.0 schemas of the national clouds lack.
_GLOBAL_ONLY = {
    "accessPackageAssignmentRequest": ("justification",),
    "accessPackageSubject": ("subjectLifecycle",),
    "accessPackageAssignmentRequestRequirements": ("isRequestorJustificationRequired",),
}


def trim(switches: Switches, kind: str, body: Json) -> Json:
    """Return a body without the members that the simulated cloud lacks."""
    lacking = () if switches.is_("cloud", "global") else _GLOBAL_ONLY.get(kind, ())
    return {name: value for name, value in body.items() if name not in lacking}


def show(view: View, kind: str, item: Any, options: Options = ACCEPT_ALL) -> Json:
    """Write an item of a kind, with the members and expansions asked for."""
    body = options.keep(trim(view.switches, kind, RENDER[kind](item)))
    for name, nested in options.expand.items():
        linked_kind, linked = NAVIGATION[kind][name](view, item)
        if isinstance(linked, list):
            body[name] = [show(view, linked_kind, each, nested) for each in linked]
        else:
            body[name] = show(view, linked_kind, linked, nested) if linked is not None else None
    return body


def _group(item: Group) -> Json:
    return {"id": item.id, "displayName": item.display_name, "description": item.description}


RENDER: dict[str, Callable[[Any], Json]] = {
    "accessPackageAssignment": render.assignment,
    "futureAssignment": lambda item: render.assignment_stub(item.id),
    "accessPackageAssignmentRequest": render.request,
    "accessPackageSubject": render.subject,
    "accessPackage": render.package,
    "accessPackageCatalog": render.catalog,
    "accessPackageAssignmentPolicy": render.policy,
    "accessPackageQuestion": render.question,
    "customExtensionStageSetting": render.stage_setting,
    "customCalloutExtension": render.extension,
    "group": _group,
}


def _assignment_of(view: View, item: Request) -> Link:
    made = view.store.assignments.get(item.assignment_id)
    if made is not None:
        return "accessPackageAssignment", made
    if view.switches.is_("open_request_assignment", "null"):
        return "accessPackageAssignment", None
    return "futureAssignment", FutureAssignment(item.assignment_id, item)


def _package(view: View, item: Assignment | Request | Policy) -> Link:
    return "accessPackage", view.store.packages[item.package_id]


def _policy(view: View, item: Assignment) -> Link:
    return "accessPackageAssignmentPolicy", view.store.policies[item.policy_id]


def _target(view: View, item: Assignment) -> Link:
    return "accessPackageSubject", view.store.subjects[item.subject_id]


def _incompatible_with(view: View, item: Package) -> Link:
    others = [other for other in view.store.packages.values() if item.id in other.incompatible_package_ids]
    return "accessPackage", others


NAVIGATION: dict[str, dict[str, Callable[[View, Any], Link]]] = {
    "accessPackageAssignment": {"accessPackage": _package, "assignmentPolicy": _policy, "target": _target},
    "futureAssignment": {"target": lambda view, item: _target(view, item.request)},
    "accessPackageAssignmentRequest": {
        "accessPackage": _package,
        "assignment": _assignment_of,
        "requestor": lambda view, item: ("accessPackageSubject", view.store.subjects[item.requestor_id]),
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
