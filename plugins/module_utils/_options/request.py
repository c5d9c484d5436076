# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one declaration of the options that say what is wanted of a request."""

from __future__ import annotations

from typing import Any

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
