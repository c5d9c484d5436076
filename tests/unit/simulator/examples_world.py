# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A world in which the ids of Microsoft's documented examples mean something."""

from __future__ import annotations

import copy
from typing import Any

TARGET = "46184453-e63b-4f20-86c2-c557ed5d5df9"
CALLER = "cdbdf152-82ce-479c-b5b8-df90f561d5c7"
ADD_PACKAGE, ADD_POLICY = "a914b616-e04e-476b-aa37-91038f0b165b", "2264bf65-76ba-417b-a27d-54d291f0cbc8"
QUESTIONS_PACKAGE = "977c7ff4-ef8f-4910-9d31-49048ddf3120"
BOTH, EITHER = "2506aef1-3929-4d24-a61e-7c8b83d95e6f", "d5d99728-8c0b-4ede-83d2-cf9b0e8dabfb"
ONE_POLICY = "87e1c7f7-c7f7-87e1-f7c7-e187f7c7e187"
FAILED_REQUEST = "d82eb508-acc4-43cc-bcf1-7c1c4a2c073b"
PENDING_REQUEST, DENIED_REQUEST = "7999249e-249e-7999-9e24-99799e249979", "8999249e-249e-7999-9e24-99799e249979"
EXPIRED_ASSIGNMENT = "a0134a12-ef14-42ff-adac-6fef258e720a"
HELD_ASSIGNMENT = "a6bb6942-3ae1-4259-9908-0133aaee9377"
ANSWERED_ASSIGNMENT = "44c741c1-2cf4-40db-83b6-e0112f8e5a83"
BEHALF_PACKAGE, BEHALF_POLICY = "5b98f958-0dea-4a5b-836e-109dccbd530c", "c5f7847f-83a8-4315-a754-d94a6f39b875"
REPORT = "21aceaba-fe13-4e3b-aa8c-4c588d5e7387"
ASKED_PACKAGE, PLAIN_POLICY = "fb449cf8-3a59-4d86-bdfd-a1b7299681de", "b2eba9a1-b357-42ee-83a8-336522ed6cbf"
EXTENDED_ASSIGNMENT = "329f8dac-8062-4c1b-a9b8-39b7132f9bff"
PLAIN_PACKAGE = "d7be3253-b9c6-4fab-adef-30d30de8da2b"


def _package(package_id: str, name: str, **policy: Any) -> dict[str, Any]:
    rules = {"name": "All Users", "scope": "allDirectoryUsers", **policy}
    return {"id": package_id, "name": name, "description": f"About {name}", "catalog": "General", "policies": [rules]}


_QUESTIONS = [
    {
        "id": "8fe745e7-80b2-490d-bd22-4e708c77288c",
        "text": "Which?",
        "choices": [{"value": "MultipleChoiceAnswerValue"}, {"value": "UpdatedAnswerValue"}],
    },
    {"id": "7aaa18c9-8e4f-440f-bd5a-3a7ce312cbe6", "text": "Why?"},
]
_OLDER_QUESTIONS = [
    {
        "id": "a714ec6f-4ee0-4614-bd81-37e0c5ecbbff",
        "text": "what state are you from?",
        "choices": [{"value": "Arizona"}, {"value": "California"}],
    },
    {"id": "aa615ee9-d9d8-4c03-be91-bee37106deda", "text": "Who is your manager?"},
]
_BY_MANAGERS = {"on_behalf": True, "on_behalf_requestors": [{"target_manager": 1}]}

WORLD: dict[str, Any] = {
    "tenant": {"domain": "contoso.onmicrosoft.com"},
    "apps": [{"name": "automation", "secret": "not-a-real-secret"}],
    "users": [
        {"id": CALLER, "upn": "user1@contoso.com", "roles": ["Identity Governance Administrator"]},
        {"id": TARGET, "upn": "user2@contoso.com"},
        {"id": REPORT, "upn": "IdrisIbrahim@woodgrovebank.com", "manager": CALLER},
    ],
    "catalogs": [{"name": "General"}],
    "packages": [
        _package(ADD_PACKAGE, "Add", id=ADD_POLICY, questions=_OLDER_QUESTIONS),
        _package(PLAIN_PACKAGE, "Plain", id=PLAIN_POLICY, expiration={"duration": "P365D"}),
        _package(QUESTIONS_PACKAGE, "Questions", questions=_QUESTIONS),
        _package("114d3459-3459-114d-5934-4d1159344d11", "Access package for testing"),
        _package(BOTH, "Both", id=ONE_POLICY, expiration={"duration": "P365D"}),
        _package(EITHER, "Either"),
        _package(ASKED_PACKAGE, "Asked", questions=[{"text": "Enter your mail"}]),
        _package(BEHALF_PACKAGE, "For reports", id=BEHALF_POLICY, requestor=_BY_MANAGERS),
    ],
    "assignments": [
        {"id": EXPIRED_ASSIGNMENT, "user": TARGET, "package": PLAIN_PACKAGE, "state": "expired"},
        {"id": HELD_ASSIGNMENT, "user": TARGET, "package": PLAIN_PACKAGE},
        {"id": ANSWERED_ASSIGNMENT, "user": TARGET, "package": QUESTIONS_PACKAGE},
        {"id": EXTENDED_ASSIGNMENT, "user": REPORT, "package": QUESTIONS_PACKAGE, "start": "-P5D"},
        {"id": FAILED_REQUEST, "user": TARGET, "package": ASKED_PACKAGE},
        {"user": CALLER, "package": ASKED_PACKAGE, "answers": {"Enter your mail": "admin@contoso.com"}},
        {"user": CALLER, "package": BOTH},
        {"user": CALLER, "package": EITHER},
    ],
    "requests": [
        {"id": FAILED_REQUEST, "user": TARGET, "package": BOTH, "state": "deliveryFailed", "type": "adminAdd"},
        {"id": PENDING_REQUEST, "user": TARGET, "package": EITHER, "state": "pendingApproval"},
        {"id": DENIED_REQUEST, "user": TARGET, "package": EITHER, "state": "denied"},
    ],
}


def open_to_outsiders(package_id: str) -> dict[str, Any]:
    """Return the world with the policy of a package open to everybody who is not in the directory."""
    world = copy.deepcopy(WORLD)
    for package in world["packages"]:
        if package["id"] == package_id:
            package["policies"][0]["scope"] = "allExternalUsers"
    return world
