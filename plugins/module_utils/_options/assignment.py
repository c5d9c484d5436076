# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one declaration of the options that describe an assignment and how to bring it about."""

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
