# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small tenant in which users ask for themselves and managers for their reports."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
# What a user's token says in the least case.
OWN = ["EntitlementMgmt-SubjectAccess.ReadWrite", "EntitlementManagement.Read.All"]
MANAGED = {"on_behalf": True, "on_behalf_requestors": [{"target_manager": 1}]}

WORLD: Json = {
    "tenant": {"domain": "contoso.onmicrosoft.com"},
    "apps": [
        {
            "name": "automation",
            "secret": "not-a-real-secret",
            "permissions": ["EntitlementManagement.ReadWrite.All", "User.ReadBasic.All"],
        }
    ],
    "users": [
        {"upn": "grace@contoso.com"},
        {"upn": "ada@contoso.com", "manager": "grace@contoso.com"},
        {"upn": "bo@contoso.com", "manager": "grace@contoso.com"},
        {"upn": "kim@contoso.com"},
    ],
    "catalogs": [{"name": "General"}],
    "packages": [
        {
            "name": "Wiki",
            "catalog": "General",
            "policies": [
                {
                    "name": "Open",
                    "scope": "allMemberUsers",
                    "expiration": {"duration": "P90D"},
                    "requestor": MANAGED,
                    "questions": [{"text": "Why?"}, {"text": "Team", "choices": [{"value": "a"}, {"value": "b"}]}],
                },
                {"name": "Closed", "scope": "allMemberUsers", "requestor": {"add": False}},
            ],
        },
        {
            "name": "Lab",
            "catalog": "General",
            "policies": [
                {
                    "name": "Approved",
                    "scope": "allMemberUsers",
                    "requestor": {**MANAGED, "custom_schedule": False},
                    "approval": {"add": True, "justification": True, "approvers": [{"user": "kim@contoso.com"}]},
                },
                {"name": "Second", "scope": "allDirectoryUsers"},
            ],
        },
        {
            "name": "Reports only",
            "catalog": "General",
            "policies": [{"name": "Managers ask", "scope": "allMemberUsers", "requestor": {"add": False, **MANAGED}}],
        },
    ],
    "assignments": [
        {"user": "kim@contoso.com", "package": "Wiki", "policy": "Open", "start": "-P10D", "end": "+P20D"},
        {"user": "kim@contoso.com", "package": "Reports only", "start": "-P10D"},
    ],
}
