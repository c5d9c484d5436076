# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""People: who holds something incompatible, and who is so new that Graph does not know them yet."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import CREATE, sent, writes
from tests.support.engine import assign

UNKNOWN: dict[str, Any] = {"status": 404, "code": "SomethingNotFound", "message": "There is no such subject."}
ANSWERS = [{"question": "Cost centre", "value": "1234"}, {"question": "Region", "value": "emea"}]
PAYROLL: dict[str, Any] = {"access_package": "Payroll", "answers": ANSWERS}
NAMED: dict[str, Any] = {"access_package": "Payroll Approver", "user": "mira@contoso.com"}
LAPTOP: dict[str, Any] = {"access_package": "Engineering Laptop", "user": "ada@contoso.com"}


def test_an_incompatible_package_is_found_whichever_of_the_two_declares_it(frozen: Running) -> None:
    """Payroll declares Source Code Read; Payroll Approver declares Payroll and a group."""
    for user, package in (("ada@contoso.com", "Source Code Read"),):
        refused = assign(frozen, **PAYROLL, user=user, check_conflicts=True)
        assert refused["failed"]
        assert package in refused["msg"]
    assert assign(frozen, **PAYROLL, user="kim@contoso.com", check_conflicts=True)["action"] == "add"
    frozen.clear_calls()
    other_way = assign(
        frozen, access_package="Source Code Read", policy="Engineers", user="kim@contoso.com", check_conflicts=True
    )
    assert other_way["failed"]
    assert "Payroll" in other_way["msg"]
    assert writes(frozen) == []


def test_an_incompatible_group_is_found(frozen: Running) -> None:
    refused = assign(frozen, **NAMED, check_conflicts=True)
    assert refused["failed"]
    assert "the group Payroll Clerks" in refused["msg"]
    assert writes(frozen) == []
    assert assign(frozen, check=True, **NAMED)["action"] == "add"


def test_a_group_that_the_caller_may_not_read_is_named_in_a_warning(frozen: Running) -> None:
    token = frozen.token(permissions=["EntitlementManagement.ReadWrite.All", "User.ReadBasic.All"])
    added = assign(frozen, token=token, **NAMED, check_conflicts=True)
    assert added["action"] == "add"
    assert "Payroll Clerks" in added["warnings"][0]
    assert id_of("group", "Payroll Clerks") in added["warnings"][0]


def test_conflicts_are_not_read_for_who_holds_the_package(frozen: Running) -> None:
    held = assign(frozen, access_package="Payroll", user="lee@contoso.com", check_conflicts=True)
    assert held["action"] == "none"
    assert not [call for call in frozen.calls() if "ncompatible" in call["path"]]


@pytest.mark.parametrize("permissions", [None, ["EntitlementManagement.ReadWrite.All"]], ids=["known", "cannot tell"])
def test_a_just_created_user_is_tried_again_until_graph_knows_them(
    frozen: Running, permissions: list[str] | None
) -> None:
    frozen.faults({**CREATE, "times": 9, "effect": UNKNOWN})
    options: dict[str, Any] = {**LAPTOP, "user": id_of("user", "ada@contoso.com")}
    added = assign(frozen, token=frozen.token(permissions=permissions), **options)
    assert (added["failed"], added["action"]) == (False, "add")
    assert len(writes(frozen)) == 10


def test_a_user_whom_graph_never_knows_ends_with_the_time(frozen: Running) -> None:
    frozen.faults({**CREATE, "effect": UNKNOWN})
    refused = assign(frozen, wait_timeout=60, **LAPTOP)
    assert (refused["failed"], refused["changed"]) == (True, False)
    assert "There is no such subject" in refused["msg"]


def test_an_object_id_that_nobody_knows_fails_at_once(frozen: Running) -> None:
    refused = assign(frozen, access_package="Engineering Laptop", user="00000000-0000-4000-8000-000000000000")
    assert (refused["failed"], refused["changed"]) == (True, False)
    assert "user" in refused["error"]["hint"]
    assert len(sent(frozen)) == 1
