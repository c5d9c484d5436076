# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one declaration of the options that say what to read."""

from __future__ import annotations

from typing import Any

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
