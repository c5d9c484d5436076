# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many assignments by callers of all kinds: users beside administrators, roles on one catalog, outsiders, beta."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._tasks import access_package_assignment_info
from tests.integration.request_as_world import OWN, WORLD
from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import sent, writes
from tests.support.engine import administrator, assign_many, run_task

Json = dict[str, Any]
ADMINISTRATOR = [*OWN, "EntitlementManagement.ReadWrite.All", "User.ReadBasic.All"]
GRACE = {"upn": "grace@contoso.com", "roles": ["Identity Governance Administrator"]}
OPEN = id_of("policy", "Wiki/Open")
CALLERS: list[Json] = [
    {"access_package": "Wiki", "policy": "Open", "request_as": "self"},
    {"access_package": "Wiki", "policy": OPEN, "request_as": "manager", "user": "ada@contoso.com"},
    {"access_package": "Wiki", "policy": "Open", "user": "bo@contoso.com"},
    {"access_package": "Wiki", "policy": "Open", "user": "kim@contoso.com", "state": "absent"},
]
SCOPED: list[Json] = [
    {"access_package": "VPN Access", "policy": "Everybody", "user": "bo@contoso.com"},
    {"access_package": "Training", "members_of": "Engineers"},
]
OUTSIDERS: list[Json] = [
    {"access_package": "Partner Portal", "email": "sam@fabrikam.com"},
    {"access_package": "Partner Portal", "email": "pat@fabrikam.com"},
    {"access_package": "VPN Access", "policy": "Everybody", "email": "juergen@contoso.com"},
]
VERSIONS = pytest.mark.parametrize("version", ["v1.0", "beta"])


def three_times(sim: Running, items: list[Json], **options: Any) -> list[Json]:
    """Run in check mode, for real and again; the second run foresaw the first, and the third has nothing to do."""
    foreseen = assign_many(sim, items, check=True, **options)
    assert writes(sim) == []
    done = assign_many(sim, items, **options)
    asked = len(writes(sim))
    again = assign_many(sim, items, **options)
    for result in (foreseen, done, again):
        assert not result["failed"], result["msg"]
        del result["summary"]["http_calls"], result["summary"]["operations"]
    assert (foreseen["summary"], foreseen["diff"]) == (done["summary"], done["diff"])
    assert (again["changed"], len(writes(sim))) == (False, asked)
    outcomes: list[Json] = done["outcomes"]
    return outcomes


@VERSIONS
def test_users_and_administrators_stand_in_one_list(frozen: Running, version: str) -> None:
    frozen.load({**WORLD, "users": [GRACE, *WORLD["users"][1:]]})
    token = administrator(frozen, *ADMINISTRATOR)
    outcomes = three_times(frozen, CALLERS, token=token, api_version=version)
    assert [outcome["action"] for outcome in outcomes] == ["add", "add", "add", "remove"]
    assert Counter(body["requestType"] for body in sent(frozen)) == {"userAdd": 2, "adminAdd": 1, "adminRemove": 1}


@VERSIONS
def test_an_administrator_is_foreseen_to_need_no_approval(frozen: Running, version: str) -> None:
    approval = {"add": True, "update": True, "approvers": [{"user": "kim@contoso.com"}]}
    policy = {"name": "Approved", "scope": "allMemberUsers", "approval": approval}
    held = {"user": "kim@contoso.com", "package": "Lab", "start": "-P10D"}
    lab = {"name": "Lab", "catalog": "General", "policies": [policy]}
    frozen.load({**WORLD, "packages": [lab], "assignments": [held]})
    items = [
        {"access_package": "Lab", "user": user, "schedule": {"duration": "P30D"}}
        for user in ("ada@contoso.com", "kim@contoso.com")
    ]
    outcomes = three_times(frozen, items, api_version=version)
    assert [(outcome["action"], outcome["pending"]) for outcome in outcomes] == [("add", False), ("update", False)]


def test_what_an_application_cannot_ask_for_fails_alone(frozen: Running) -> None:
    frozen.load(WORLD)
    done = assign_many(frozen, CALLERS)
    refused = [outcome["error"] and outcome["error"]["message"] for outcome in done["outcomes"]]
    assert refused[2:] == [None, None]
    assert all("delegated token" in str(message) for message in refused[:2]), refused
    assert sorted(body["requestType"] for body in sent(frozen)) == ["adminAdd", "adminRemove"]


@VERSIONS
def test_a_role_on_one_catalog_is_enough(frozen: Running, version: str) -> None:
    role = {"catalog": "General", "role": "Access package assignment manager"}
    token = frozen.token(permissions=["User.ReadBasic.All", "GroupMember.Read.All"], roles=[role])
    exact: Json = {"exclusive": True, "max_removals": "100%", "allow_empty": True} if version == "v1.0" else {}
    outcomes = three_times(frozen, SCOPED, token=token, api_version=version, **exact)
    removed = ["remove"] if exact else []
    assert [outcome["action"] for outcome in outcomes] == ["add"] * 4 + removed


@VERSIONS
def test_outsiders_are_asked_for_by_mail_and_found_again(frozen: Running, version: str) -> None:
    outcomes = three_times(frozen, OUTSIDERS, api_version=version)
    assert [outcome["user"] for outcome in outcomes] == [item["email"] for item in OUTSIDERS]
    wrapper = "assignment" if version == "v1.0" else "accessPackageAssignment"
    targets = [body[wrapper].get("target", {}).get("email") for body in sent(frozen)]
    assert targets == ["sam@fabrikam.com", None, None]
    assert all(outcome["assignment"]["target"]["object_id"] for outcome in outcomes)


def test_what_was_read_is_what_many_take(frozen: Running) -> None:
    read = run_task(access_package_assignment_info, frozen, {"current": True})["assignments"]
    items = [
        {
            "access_package": row["access_package"]["id"],
            "policy": row["policy"]["id"],
            "user": row["target"]["object_id"],
            "schedule": None if row["policy"]["display_name"] == "Automatic" else row["schedule"],
        }
        for row in read
        if row["state"] != "expired"
    ]
    assert len(items) > 5
    again = assign_many(frozen, items)
    assert (again["failed"], again["changed"]) == (False, False), again["msg"]
    assert [outcome["assignment"]["id"] for outcome in again["outcomes"]] == [
        row["id"] for row in read if row["state"] != "expired"
    ]


def test_whoever_asks_for_themselves_is_known_among_the_others(frozen: Running) -> None:
    """Or each run would give with one item what it takes with another."""
    frozen.load({**WORLD, "users": [GRACE, *WORLD["users"][1:]]})
    token = administrator(frozen, *ADMINISTRATOR)
    own, taken = CALLERS[0], {"access_package": "Wiki", "user": "grace@contoso.com", "state": "absent"}
    done = assign_many(frozen, [own, taken], token=token)
    assert done["msg"].startswith("assignments[1]: it contradicts assignments[0]")
    assert writes(frozen) == []
