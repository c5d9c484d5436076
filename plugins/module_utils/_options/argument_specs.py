# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one declaration of every module's options, besides those of connection and sign-in."""

from __future__ import annotations

from typing import Any

# `value`, `duration` and the instants are raw, so that what YAML makes of an unquoted text is seen and not
# silently turned into another text; they are checked where they are read.
ANSWER_SPEC: dict[str, dict[str, Any]] = {
    "question": {"type": "str"},
    "question_id": {"type": "str"},
    "value": {"type": "raw", "required": True},
    "display_value": {"type": "str"},
}
SCHEDULE_SPEC: dict[str, dict[str, Any]] = {
    "start_date_time": {"type": "raw"},
    "end_date_time": {"type": "raw"},
    "duration": {"type": "str"},
    "no_expiration": {"type": "bool"},
}
ASSIGNMENT_SPEC: dict[str, dict[str, Any]] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "access_package": {"type": "str"},
    "catalog": {"type": "str"},
    "policy": {"type": "str"},
    "user": {"type": "str"},
    "email": {"type": "str"},
    "assignment_id": {"type": "str"},
    "request_as": {"type": "str", "choices": ["admin", "self", "manager"], "default": "admin"},
    "schedule": {"type": "dict", "options": SCHEDULE_SPEC},
    "renew": {"type": "bool", "default": False},
    "answers": {"type": "list", "elements": "dict", "options": ANSWER_SPEC},
    "justification": {"type": "str"},
    "on_policy_mismatch": {"type": "str", "choices": ["fail", "keep", "replace"], "default": "fail"},
    "on_open_request": {"type": "str", "choices": ["wait", "cancel", "fail"], "default": "wait"},
    "on_delivery_failed": {"type": "str", "choices": ["reprocess", "fail", "keep"], "default": "reprocess"},
    "on_partial_delivery": {"type": "str", "choices": ["keep", "reprocess", "fail"], "default": "keep"},
    "check_conflicts": {"type": "bool", "default": False},
    "bypass_approval": {"type": "bool"},
}
WAIT_SPEC: dict[str, dict[str, Any]] = {
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 300},
    "wait_interval": {"type": "int", "default": 5},
}
VERSION_SPEC: dict[str, dict[str, Any]] = {
    "api_version": {"type": "str", "choices": ["v1.0", "beta"], "default": "v1.0"},
}


# Without their defaults, so that what an item does not say can be told from what it says; they come last, behind the
# option `defaults`.
ITEM_SPEC: dict[str, dict[str, Any]] = {
    **{name: {k: v for k, v in spec.items() if k != "default"} for name, spec in ASSIGNMENT_SPEC.items()},
    "members_of": {"type": "str"},
}
ITEM_DEFAULTS: dict[str, Any] = {name: spec.get("default") for name, spec in ASSIGNMENT_SPEC.items()}
ASSIGNMENTS_SPEC: dict[str, dict[str, Any]] = {
    "assignments": {"type": "list", "elements": "dict", "options": ITEM_SPEC},
    "defaults": {"type": "dict", "options": ITEM_SPEC},
    "exclusive": {"type": "bool", "default": False},
    "exclusive_scope": {"type": "str", "choices": ["policy", "package"], "default": "policy"},
    "access_packages": {"type": "list", "elements": "str"},
    "max_removals": {"type": "str"},
    "max_additions": {"type": "str"},
    "allow_empty": {"type": "bool", "default": False},
    "on_item_error": {"type": "str", "choices": ["continue", "stop"], "default": "continue"},
    "concurrency": {"type": "int", "default": 4},
    # A dictionary or its text form; read strictly, so that nothing is converted on the way.
    "plan": {"type": "raw"},
    "plan_max_age": {"type": "str", "default": "P1D"},
}
# What a plan was made of, and cannot be given beside it.
PLANNED_OPTIONS = (
    *("assignments", "defaults", "exclusive", "exclusive_scope", "access_packages"),
    *("max_removals", "max_additions", "allow_empty"),
)


REQUEST_SPEC: dict[str, dict[str, Any]] = {
    "request_id": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["canceled", "reprocessed", "resumed", "absent"], "required": True},
    "source": {"type": "str"},
    "stage": {
        "type": "str",
        "choices": [
            "assignmentRequestCreated",
            "assignmentRequestApproved",
            "assignmentRequestGranted",
            "assignmentRequestRemoved",
        ],
    },
    "instance_id": {"type": "str"},
    "instance_detail": {"type": "str"},
    "decision": {"type": "str", "choices": ["denied", "canceled"]},
}


_LIST: dict[str, Any] = {"type": "list", "elements": "str"}
_STATES = ("submitted", "pendingApproval", "scheduled", "delivering", "delivered", "partiallyDelivered")
_TYPES = ("userAdd", "userUpdate", "userRemove", "adminAdd", "adminUpdate", "adminRemove")

PACKAGE_QUERY_SPEC: dict[str, dict[str, Any]] = {
    "access_package": _LIST,
    "catalog": {"type": "str"},
    "mine": {"type": "bool", "default": False},
}
# `created_after` is raw, so that what YAML makes of an unquoted date is seen; it is checked where it is read.
ASSIGNMENT_QUERY_SPEC: dict[str, dict[str, Any]] = {
    **PACKAGE_QUERY_SPEC,
    "policy": _LIST,
    "user": _LIST,
    "states": {
        **_LIST,
        "choices": ["delivering", "partiallyDelivered", "delivered", "expired", "deliveryFailed"],
    },
    "expiring_within": {"type": "str"},
    "current": {"type": "bool", "default": False},
    "id": _LIST,
}
REQUEST_QUERY_SPEC: dict[str, dict[str, Any]] = {
    **PACKAGE_QUERY_SPEC,
    "mine_as": {"type": "str", "choices": ["target", "createdBy", "approver"], "default": "target"},
    "user": _LIST,
    "states": {**_LIST, "choices": [*_STATES, "deliveryFailed", "denied", "canceled"]},
    "request_types": {**_LIST, "choices": [*_TYPES, "systemAdd", "systemUpdate", "systemRemove"]},
    "created_after": {"type": "raw"},
    "id": _LIST,
}


REPORT_SPEC: dict[str, dict[str, Any]] = {
    "paths": {
        "type": "dict",
        "required": True,
        "options": {name: {"type": "path"} for name in ("html", "csv", "json", "yaml")},
    },
    "mode": {"type": "raw", "default": "0600"},
    "access_package": _LIST,
    "catalog": {"type": "str"},
    "expiring_within": {"type": "str", "default": "P30D"},
    "stuck_after": {"type": "str", "default": "P1D"},
    "declare_by": {"type": "str", "choices": ["id", "name"], "default": "id"},
}


SELFCHECK_SPEC: dict[str, dict[str, Any]] = {
    "write": {"type": "bool", "default": False},
    "access_package": {"type": "str"},
    "policy": {"type": "str"},
    "user": {"type": "str"},
    "wait_timeout": {"type": "int", "default": 300},
    "wait_interval": {"type": "int", "default": 5},
}
