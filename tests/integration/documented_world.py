# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant in which the ids of Microsoft's documented create bodies mean something."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
NOW = "2023-06-01T00:00:00Z"
ADMINISTRATOR, REQUEST_AS, MANAGER = "admin@contoso.com", "asking@contoso.com", "manager@contoso.com"
TARGET = "46184453-e63b-4f20-86c2-c557ed5d5df9"
REPORT = "21aceaba-fe13-4e3b-aa8c-4c588d5e7387"
DIRECT, DIRECT_POLICY = "a914b616-e04e-476b-aa37-91038f0b165b", "2264bf65-76ba-417b-a27d-54d291f0cbc8"
DATED_PACKAGE = "114d3459-3459-114d-5934-4d1159344d11"
PLAIN = "d7be3253-b9c6-4fab-adef-30d30de8da2b"
ASKED = "977c7ff4-ef8f-4910-9d31-49048ddf3120"
MANAGED, MANAGED_POLICY = "5b98f958-0dea-4a5b-836e-109dccbd530c", "c5f7847f-83a8-4315-a754-d94a6f39b875"
HELD = "a6bb6942-3ae1-4259-9908-0133aaee9377"
ANSWERED = "44c741c1-2cf4-40db-83b6-e0112f8e5a83"
DATED = "329f8dac-8062-4c1b-a9b8-39b7132f9bff"
CHOICE, TEXT = "8fe745e7-80b2-490d-bd22-4e708c77288c", "7aaa18c9-8e4f-440f-bd5a-3a7ce312cbe6"
STATE, REASON = "a714ec6f-4ee0-4614-bd81-37e0c5ecbbff", "aa615ee9-d9d8-4c03-be91-bee37106deda"

_QUESTIONS = [
    {
        "id": CHOICE,
        "text": "Which?",
        "choices": [{"value": "MultipleChoiceAnswerValue"}, {"value": "UpdatedAnswerValue"}],
    },
    {"id": TEXT, "text": "Why?"},
]
_MORE = [{"id": STATE, "text": "Where?", "choices": [{"value": "Arizona"}]}, {"id": REASON, "text": "What for?"}]
_BY_MANAGERS = {"on_behalf": True, "on_behalf_requestors": [{"target_manager": 1}]}


def _package(package_id: str, name: str, **policy: Any) -> Json:
    rules = {"name": "Policy", "scope": "allDirectoryUsers", **policy}
    return {"id": package_id, "name": name, "catalog": "General", "policies": [rules]}


def world(scope: str) -> Json:
    """Return the tenant; ``scope`` is whom the policy for direct assignments admits."""
    return {
        "tenant": {"domain": "contoso.onmicrosoft.com"},
        "apps": [{"name": "automation", "secret": "not-a-real-secret"}],
        "users": [
            {"upn": ADMINISTRATOR, "roles": ["Identity Governance Administrator"]},
            {"upn": MANAGER},
            {"upn": REQUEST_AS},
            {"id": TARGET, "upn": "target@contoso.com"},
            {"id": REPORT, "upn": "report@contoso.com", "manager": MANAGER},
        ],
        "catalogs": [{"name": "General"}],
        "packages": [
            _package(DIRECT, "Direct", id=DIRECT_POLICY, scope=scope, questions=_MORE),
            _package(PLAIN, "Plain"),
            _package(ASKED, "Asked", questions=_QUESTIONS),
            _package(MANAGED, "Managed", id=MANAGED_POLICY, requestor=_BY_MANAGERS),
            _package(DATED_PACKAGE, "Dated"),
        ],
        "assignments": [
            {"id": HELD, "user": TARGET, "package": PLAIN},
            {"id": ANSWERED, "user": TARGET, "package": ASKED},
            {"id": DATED, "user": TARGET, "package": DATED_PACKAGE, "start": "2023-05-23T20:04:02.39Z", "end": "+P90D"},
        ],
    }
