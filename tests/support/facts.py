# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The facts about Graph that the self-check finds out."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
# Those that reading alone shows, and those that a rehearsal shows, with what it takes.
BY_READING = ("request_state_or", "assignment_state_or", "list_options", "nested_list_expand", "nested_select")
BY_WRITING: dict[str, Json] = {
    "open_request_assignment": {},
    "unknown_entity": {},
    "end_beyond_policy": {},
    "stored_expiration": {},
    "update_while_open": {},
    "update_start": {},
    "delete_delivered": {},
    "remove_expired": {},
    "admin_add_approval": {"access_package": "VPN Access", "policy": "Members", "person": True},
    "admin_justification": {"access_package": "Strict"},
    "admin_custom_schedule": {"access_package": "Strict"},
    "cancel_status": {"person": True},
    "cancel_app": {},
    "create_status": {},
    "create_answer": {},
    "policy_questions": {},
    "function_options": {"person": True},
    "additional_access_app": {},
}
# Refusals that only public reports tell of, as the rehearsal writes them down.
BY_REPORT = {
    "existing_open_request": "400 InvalidRequest ExistingOpenRequest",
    "existing_grant": "409 InvalidRequestExistingGrant",
}
