# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies: chosen only when one fits, kept, refused or replaced; automatic ones are governed by their rule."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import sent, writes
from tests.support.engine import assign

MEMBERS = id_of("policy", "VPN Access/Members")
EVERYBODY = id_of("policy", "VPN Access/Everybody")
VPN: dict[str, Any] = {"access_package": "VPN Access", "user": "lee@contoso.com"}
CODE: dict[str, Any] = {"access_package": "Source Code Read", "user": "ada@contoso.com"}


def test_several_policies_are_listed_with_their_reasons(frozen: Running) -> None:
    refused = assign(frozen, access_package="VPN Access", user="ada@contoso.com")
    assert refused["failed"]
    for words in (MEMBERS, EVERYBODY, "may apply", "policy"):
        assert words in refused["msg"]
    assert writes(frozen) == []


def test_the_only_policy_that_is_not_closed_is_taken(frozen: Running) -> None:
    guest = "pat_fabrikam.com#EXT#@contoso.onmicrosoft.com"
    added = assign(frozen, access_package="VPN Access", user=guest)
    assert added["assignment"]["policy"]["id"] == EVERYBODY


def test_a_policy_that_is_closed_to_the_person_is_refused_beforehand(frozen: Running) -> None:
    refused = assign(
        frozen, access_package="VPN Access", policy="Members", user="pat_fabrikam.com#EXT#@contoso.onmicrosoft.com"
    )
    assert "allMemberUsers" in refused["msg"]
    outsider = assign(frozen, access_package="VPN Access", email="sam@fabrikam.com")
    assert "none of its policies admits" in outsider["msg"]
    assert writes(frozen) == []


def test_any_policy_counts_where_none_is_named(frozen: Running) -> None:
    assert assign(frozen, **VPN)["action"] == "none"


def test_another_policy_fails_unless_it_is_kept(frozen: Running) -> None:
    refused = assign(frozen, **VPN, policy="Members")
    assert refused["failed"]
    assert "Everybody" in refused["msg"]
    kept = assign(frozen, **VPN, policy="Members", on_policy_mismatch="keep")
    assert (kept["action"], kept["failed"]) == ("none", False)
    assert writes(frozen) == []


@pytest.mark.parametrize("wait", [True, False])
def test_another_policy_is_replaced(frozen: Running, wait: bool) -> None:
    old = id_of("assignment", "lee@contoso.com/VPN Access")
    options: dict[str, Any] = {**VPN, "policy": "Members", "on_policy_mismatch": "replace", "wait": wait}
    foreseen = assign(frozen, check=True, **options)
    assert writes(frozen) == []
    replaced = assign(frozen, **options)
    assert (foreseen["action"], replaced["action"]) == ("replace", "replace")
    assert foreseen["diff"] == replaced["diff"]
    assert foreseen["warnings"] == replaced["warnings"]
    assert not any("was removed on" in sentence for sentence in replaced["warnings"])
    remove, add = sent(frozen)
    assert remove == {"requestType": "adminRemove", "assignment": {"id": old}}
    assert add["assignment"]["assignmentPolicyId"] == MEMBERS
    assert add["schedule"]["expiration"]["type"] == "afterDateTime"
    frozen.advance(1)
    frozen.clear_calls()
    again = assign(frozen, **options)
    assert (again["action"], again["assignment"]["policy"]["id"]) == ("none", MEMBERS)
    assert writes(frozen) == []


def test_a_replacement_is_checked_before_anything_is_removed(frozen: Running) -> None:
    refused = assign(
        frozen,
        **VPN,
        policy="Members",
        on_policy_mismatch="replace",
        schedule={"no_expiration": True},
    )
    assert refused["failed"]
    assert "P180D" in refused["msg"]
    assert writes(frozen) == []


def test_a_replacement_that_fails_half_way_says_that_access_is_gone(frozen: Running) -> None:
    refusal = {"status": 400, "code": "InvalidModel", "message": "Not today"}
    frozen.faults({"method": "POST", "body": "adminAdd", "effect": refusal})
    broken = assign(frozen, **VPN, policy="Members", on_policy_mismatch="replace")
    assert (broken["failed"], broken["changed"], broken["assignment"]) == (True, True, None)
    assert "access is lost" in broken["msg"]
    assert "Not today" in broken["msg"]


def test_a_guest_is_never_replaced(frozen: Running) -> None:
    guest: dict[str, Any] = {"access_package": "VPN Access", "user": "pat_fabrikam.com#EXT#@contoso.onmicrosoft.com"}
    assign(frozen, **guest, policy="Everybody")
    frozen.clear_calls()
    refused = assign(frozen, **guest, policy="Members", on_policy_mismatch="replace")
    assert refused["failed"]
    assert writes(frozen) == []


def test_an_automatic_assignment_satisfies_and_is_governed_by_its_rule(frozen: Running) -> None:
    assert assign(frozen, **CODE)["action"] == "none"
    for more in (
        {"state": "absent"},
        {"schedule": {"end_date_time": "2027-01-01"}},
        {"policy": "Engineers"},
        {"policy": "Engineers", "on_policy_mismatch": "replace"},
    ):
        refused = assign(frozen, **CODE, **more)
        assert refused["failed"], more
        assert "rule" in refused["msg"]
    assert writes(frozen) == []


def test_absent_with_another_policy_leaves_the_assignment_with_a_warning(frozen: Running) -> None:
    left = assign(frozen, **VPN, policy="Members", state="absent")
    assert (left["action"], left["failed"]) == ("none", False)
    assert "Everybody" in left["warnings"][0]
    assert left["assignment"]["state"] == "delivered"
    assert writes(frozen) == []


@pytest.mark.parametrize("policy", ["Nobody", id_of("policy", "Payroll/Payroll staff")])
def test_a_policy_of_another_package_is_refused(frozen: Running, policy: str) -> None:
    refused = assign(frozen, access_package="Engineering Laptop", user="ada@contoso.com", policy=policy)
    assert refused["failed"]
    assert "Direct assignment" in refused["msg"]
    assert writes(frozen) == []
