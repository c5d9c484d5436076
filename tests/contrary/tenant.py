# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small tenant with somebody for each errand, and bystanders whom no errand is about."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
NOW = "2030-01-01T00:00:00Z"
_MANAGED = {"on_behalf": True, "on_behalf_requestors": [{"target_manager": 1}]}
_APPROVAL = {"add": True, "approvers": [{"user": "grace@contoso.com"}], "timeout": "P14D"}
_PEOPLE = (
    *("new", "longer", "happy", "leaver", "nobody", "mover", "ruled", "waiting", "planned", "broken", "twice"),
    *("back", "quiz", "quizzed", "list1", "list2", "list3", "list4", "club1", "club2", "club3", "club4", "member1"),
    *("member2", "asks", "asked", "gives", "waits", "bystander", "failed", "denied", "pending"),
)


def name(who: str) -> str:
    """Return the principal name of somebody."""
    return f"{who}@contoso.com"


def _held(who: str, package: str, **more: Any) -> Json:
    return {"user": name(who), "package": package, "start": "-P20D", **more}


def _request(who: str, package: str, **more: Any) -> Json:
    return {"key": who, "user": name(who), "package": package, "type": "adminAdd", **more}


TENANT: Json = {
    "tenant": {"domain": "contoso.onmicrosoft.com"},
    "apps": [
        {
            "name": "automation",
            "secret": "not-a-real-secret",
            "permissions": ["EntitlementManagement.ReadWrite.All", "User.ReadBasic.All", "GroupMember.Read.All"],
        }
    ],
    "organizations": [{"name": "Fabrikam", "domains": ["fabrikam.com"]}],
    "users": [
        {"upn": name("grace"), "roles": ["Identity Governance Administrator"]},
        {"upn": name("boss")},
        {"upn": name("report"), "manager": name("boss")},
        *({"upn": name(who)} for who in _PEOPLE),
    ],
    "groups": [{"name": "Crew", "members": [name("member1"), name("member2")]}, {"name": "Others", "members": []}],
    "catalogs": [{"name": "General"}],
    "packages": [
        {
            "name": "Tools",
            "catalog": "General",
            "policies": [{"name": "Members", "scope": "allMemberUsers", "expiration": {"duration": "P365D"}}],
        },
        {
            "name": "Room",
            "catalog": "General",
            "policies": [
                {"name": "Staff", "scope": "allDirectoryUsers"},
                {"name": "Guests", "scope": "allDirectoryUsers"},
                {"name": "By rule", "scope": "specificDirectoryUsers", "automatic": True},
            ],
        },
        {
            "name": "Vault",
            "catalog": "General",
            "policies": [{"name": "Approved", "scope": "allMemberUsers", "approval": _APPROVAL}],
        },
        {
            "name": "Quiz",
            "catalog": "General",
            "policies": [
                {
                    "name": "Asked",
                    "scope": "allMemberUsers",
                    "questions": [
                        {"text": "Cost centre", "required": True, "regex": "[0-9]{4}"},
                        {"text": "Region", "choices": [{"value": "emea", "text": "Europe"}, {"value": "amer"}]},
                    ],
                }
            ],
        },
        {
            "name": "Club",
            "catalog": "General",
            "policies": [{"name": "Members", "scope": "allMemberUsers"}],
        },
        {
            "name": "Portal",
            "catalog": "General",
            "policies": [{"name": "Partners", "scope": "allConfiguredConnectedOrganizationUsers"}],
        },
        {
            "name": "Wiki",
            "catalog": "General",
            "policies": [{"name": "Open", "scope": "allMemberUsers", "requestor": _MANAGED}],
        },
        {
            "name": "Lab",
            "catalog": "General",
            "policies": [{"name": "Approved", "scope": "allMemberUsers", "requestor": _MANAGED, "approval": _APPROVAL}],
        },
    ],
    "assignments": [
        _held("longer", "Tools", end="+P60D"),
        _held("happy", "Tools", end="+P60D"),
        _held("leaver", "Tools"),
        _held("leaver", "Wiki"),
        _held("mover", "Room", policy="Staff", end="+P90D"),
        _held("ruled", "Room", policy="By rule", request_type="systemAdd"),
        _held("broken", "Tools", start="-P2D", state="deliveryFailed"),
        _held("twice", "Tools"),
        _held("back", "Tools"),
        _held("quizzed", "Quiz", answers={"Cost centre": "4711", "Region": "emea"}),
        _held("list2", "Tools", end="+P60D"),
        _held("list3", "Tools"),
        *(_held(who, "Club") for who in ("club1", "club2", "club3")),
        _held("club2", "Wiki"),
        _held("gives", "Wiki", request_type="userAdd"),
        _held("asked", "Wiki", request_type="userAdd"),
        *(_held("bystander", package) for package in ("Tools", "Quiz", "Wiki", "Vault")),
        _held("bystander", "Room", policy="Staff"),
    ],
    "requests": [
        _request("waiting", "Vault"),
        _request("pending", "Vault"),
        _request("planned", "Tools", state="scheduled", start="+P60D"),
        _request("failed", "Tools", state="deliveryFailed"),
        _request("denied", "Tools", state="denied"),
        _request("waits", "Lab", type="userAdd"),
        _request("bystander", "Lab", type="userAdd"),
    ],
}
