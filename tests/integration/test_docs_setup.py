# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In a tenant with the sandbox that the page makes, what the page does next works."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from tests.simulator.running import Running
from tests.support.calls import writes
from tests.support.engine import assign, check_tenant
from tests.support.guide import blocks, page

Json = dict[str, Any]
PAGE = page("setup-sandbox.md")
PERSON = "test@contoso.onmicrosoft.com"
ALL = {"permissions": ["EntitlementManagement.ReadWrite.All", "User.ReadBasic.All", "GroupMember.Read.All"]}
SMALLER = {
    "permissions": ["User.ReadBasic.All"],
    "roles": [{"catalog": "Sandbox", "role": "Access package assignment manager"}],
}


def sandbox(granted: Json) -> Json:
    """The tenant after the page: the sandbox beside a package of somebody else, and an application with this grant.

    That the bodies of the page say the same is held by ``test_the_page_makes_this_sandbox``.
    """
    policy = {
        "name": "By administrators",
        "scope": "notSpecified",
        "requestor": {"add": False, "custom_schedule": True},
    }
    return {
        "tenant": {"domain": "contoso.onmicrosoft.com"},
        "apps": [{"name": "automation", "secret": "not-a-real-secret", **granted}],
        "users": [{"upn": PERSON}],
        "catalogs": [{"name": "Sandbox"}, {"name": "Finance"}],
        "packages": [
            {"name": "Sandbox", "catalog": "Sandbox", "policies": [policy]},
            {"name": "Payroll", "catalog": "Finance", "policies": [{"name": "All", "scope": "allMemberUsers"}]},
        ],
    }


def test_the_page_makes_this_sandbox() -> None:
    bodies = re.findall(r'--body "(\{.*?^\})"', PAGE, re.MULTILINE | re.DOTALL)
    package, policy = (json.loads(text.replace(r"\"", '"')) for text in bodies[:2])
    (made,) = sandbox(ALL)["packages"][0]["policies"]
    assert package["displayName"] == "Sandbox"
    assert (policy["displayName"], policy["allowedTargetScope"]) == (made["name"], made["scope"])
    rules = {"enableTargetsToSelfAddAccess": "add", "allowCustomAssignmentSchedule": "custom_schedule"}
    assert {rules[name]: value for name, value in policy["requestorSettings"].items()} == made["requestor"]
    assert not any(policy["requestApprovalSettings"].values())


@pytest.mark.parametrize("granted", [ALL, SMALLER], ids=["the permission", "the smaller grant"])
def test_the_first_task_changes_once_and_can_be_taken_back(frozen: Running, granted: Json) -> None:
    frozen.load(sandbox(granted))
    (play,) = yaml.safe_load(blocks(PAGE)[0])
    options = play["tasks"][0]["idgov.entra.access_package_assignment"]
    assert assign(frozen, check=True, **options)["changed"]
    assert writes(frozen) == []
    assert assign(frozen, **options)["changed"]
    assert not assign(frozen, **options)["changed"]
    assert len(writes(frozen)) == 1
    (given,) = re.findall(r'ansible localhost -m idgov\.entra\.access_package_assignment -a "([^"]+)"', PAGE)
    taken = dict(pair.split("=") for pair in given.split())
    assert assign(frozen, **taken)["changed"]


def test_the_smaller_grant_ends_at_the_catalog(frozen: Running) -> None:
    frozen.load(sandbox(SMALLER))
    result = assign(frozen, access_package="Payroll", user=PERSON)
    assert result["failed"]
    assert "no access package has the display name 'Payroll'" in result["msg"]
    assert "a caller with a role on some catalogs sees the access packages of these only" in result["msg"]
    assert writes(frozen) == []


def test_the_selfcheck_rehearses_in_the_sandbox(frozen: Running) -> None:
    frozen.load(sandbox(ALL))
    given = dict(re.findall(r"-e selfcheck_(\w+)=(\S+)", PAGE))
    result = check_tenant(frozen, **{**given, "write": True}, wait_timeout=60)
    assert result["able"]
    assert [row for row in frozen.dump()["assignments"] if row["state"] != "expired"] == []
