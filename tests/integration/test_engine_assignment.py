# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One assignment, brought about by the engine against the simulator: what is sent, how often, and what comes back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import round_trips, sent, writes
from tests.support.engine import assign

ADA = id_of("user", "ada@contoso.com")
LAPTOP = id_of("package", "Engineering Laptop")
LAPTOP_POLICY = id_of("policy", "Engineering Laptop/Direct assignment")
ADD_ADA: dict[str, Any] = {
    "requestType": "adminAdd",
    "assignment": {"targetId": ADA, "assignmentPolicyId": LAPTOP_POLICY, "accessPackageId": LAPTOP},
}


def test_add_by_names_sends_one_request_and_nothing_the_second_time(frozen: Running) -> None:
    added = assign(frozen, access_package="Engineering Laptop", user="ada@contoso.com")
    assert (added["action"], added["changed"], added["pending"]) == ("add", True, False)
    assert added["assignment"]["state"] == "delivered"
    assert added["assignment"]["target"]["object_id"] == ADA
    assert added["request"]["state"] == "delivered"
    assert sent(frozen) == [ADD_ADA]

    frozen.clear_calls()
    again = assign(frozen, access_package="Engineering Laptop", user="ada@contoso.com")
    assert (again["action"], again["changed"], again["request"]) == ("none", False, None)
    assert again["assignment"] == added["assignment"]
    assert writes(frozen) == []
    assert round_trips(frozen) == 2


def test_ids_and_a_token_need_two_round_trips_and_no_directory(frozen: Running) -> None:
    token = frozen.token(permissions=["EntitlementManagement.ReadWrite.All"])
    assign(frozen, token=token, access_package=LAPTOP, user=ADA)
    frozen.clear_calls()
    again = assign(frozen, token=token, access_package=LAPTOP, user=ADA)
    assert again["changed"] is False
    assert round_trips(frozen) == 2


def test_check_mode_foresees_the_add_and_writes_nothing(frozen: Running) -> None:
    foreseen = assign(frozen, check=True, access_package="Engineering Laptop", user="ada@contoso.com")
    assert writes(frozen) == []
    real = assign(frozen, access_package="Engineering Laptop", user="ada@contoso.com")
    assert foreseen["assignment"]["id"] is None
    assert foreseen["request"]["id"] is None
    assert foreseen["diff"] == real["diff"]
    assert foreseen.keys() == real.keys()
    assert [foreseen[key] for key in ("action", "changed", "pending")] == ["add", True, False]


def test_remove_sends_the_id_of_the_active_assignment_alone(frozen: Running) -> None:
    lee: dict[str, Any] = {"access_package": "Payroll", "user": "lee@contoso.com", "state": "absent"}
    foreseen = assign(frozen, check=True, **lee)
    assert (foreseen["action"], foreseen["assignment"], writes(frozen)) == ("remove", None, [])
    removed = assign(frozen, **lee)
    assert (removed["action"], removed["assignment"]) == ("remove", None)
    active = id_of("assignment", "lee@contoso.com/Payroll")
    assert sent(frozen) == [{"requestType": "adminRemove", "assignment": {"id": active}}]
    assert removed["diff"] == foreseen["diff"]

    frozen.clear_calls()
    assert assign(frozen, **lee)["action"] == "none"
    assert writes(frozen) == []


def test_access_that_was_removed_is_given_again(frozen: Running) -> None:
    lee: dict[str, Any] = {"access_package": "Engineering Laptop", "user": "lee@contoso.com"}
    assign(frozen, **lee, state="absent")
    again = assign(frozen, **lee)
    assert again["action"] == "add"
    assert again["assignment"]["id"] != id_of("assignment", "lee@contoso.com/Engineering Laptop")
    assert "was removed on" in again["warnings"][0]


def test_access_that_ran_out_is_given_again(frozen: Running) -> None:
    lee: dict[str, Any] = {"access_package": "VPN Access", "policy": "Everybody", "user": "lee@contoso.com"}
    frozen.advance(days=11)
    again = assign(frozen, **lee)
    assert (again["action"], again["warnings"]) == ("add", [])


def test_an_outsider_is_named_by_mail_alone(frozen: Running) -> None:
    portal: dict[str, Any] = {"access_package": "Partner Portal", "email": "sam@fabrikam.com"}
    assert assign(frozen, **portal)["action"] == "add"
    assert sent(frozen) == [
        {
            "requestType": "adminAdd",
            "assignment": {
                "target": {"email": "sam@fabrikam.com"},
                "assignmentPolicy": {"id": id_of("policy", "Partner Portal/Connected organizations")},
                "accessPackage": {"id": id_of("package", "Partner Portal")},
            },
        }
    ]


def test_an_outsider_whose_guest_account_takes_its_time_is_not_added_twice(frozen: Running) -> None:
    frozen.settings(guest_seconds=86400)
    portal: dict[str, Any] = {"access_package": "Partner Portal", "email": "sam@fabrikam.com", "wait": False}
    assert assign(frozen, **portal)["pending"] is True
    frozen.advance(60)
    frozen.clear_calls()
    again = assign(frozen, **portal)
    assert (again["action"], again["pending"], again["request"]["state"]) == ("none", True, "delivering")
    assert again["assignment"]["target"]["email"] == "sam@fabrikam.com"
    assert writes(frozen) == []


def test_an_outsider_who_has_become_a_guest_is_the_same_person(frozen: Running) -> None:
    portal: dict[str, Any] = {"access_package": "Partner Portal", "email": "sam@fabrikam.com"}
    assign(frozen, **portal)
    frozen.advance(days=1)
    frozen.clear_calls()
    again = assign(frozen, **portal)
    assert again["changed"] is False
    assert again["assignment"]["target"]["object_id"]
    assert writes(frozen) == []


def test_a_guest_with_that_mail_is_taken_by_object_id(frozen: Running) -> None:
    assign(frozen, access_package="Partner Portal", email="pat@fabrikam.com")
    (body,) = sent(frozen)
    assert body["assignment"]["targetId"] == id_of("user", "pat_fabrikam.com#EXT#@contoso.onmicrosoft.com")


@pytest.mark.parametrize(
    "name",
    [
        "o'brien@contoso.com",
        "jürgen@contoso.com",
        "juergen@contoso.com",
        "pat_fabrikam.com#EXT#@contoso.onmicrosoft.com",
    ],
)
def test_names_that_need_quoting_find_their_user(frozen: Running, name: str) -> None:
    found = assign(frozen, check=True, access_package="VPN Access", policy="Everybody", user=name)
    assert found["action"] == "add"


@pytest.mark.parametrize("name", ["x' or displayName ne '", "') or true or ('", "%27 or 1 eq 1", "a@b.c&$top=1"])
def test_a_name_that_looks_like_a_filter_is_only_a_name(frozen: Running, name: str) -> None:
    rows: list[dict[str, Any]] = [{"user": name, "access_package": "VPN Access"}, {"user": ADA, "access_package": name}]
    for options in rows:
        result = assign(frozen, **options)
        assert result["failed"], options
        assert "no " in result["msg"]
    assert writes(frozen) == []


def test_a_name_in_two_catalogs_must_be_narrowed(frozen: Running) -> None:
    ambiguous = assign(frozen, access_package="Shared Name", user=ADA)
    assert ambiguous["failed"]
    for key in ("General/Shared Name", "Engineering/Shared Name"):
        assert id_of("package", key) in ambiguous["msg"]
    assert writes(frozen) == []
    narrowed = assign(frozen, access_package="Shared Name", catalog="Engineering", user=ADA)
    assert narrowed["assignment"]["access_package"]["id"] == id_of("package", "Engineering/Shared Name")


def test_the_assignment_is_named_by_its_id(frozen: Running) -> None:
    assignment = id_of("assignment", "lee@contoso.com/Payroll")
    kept = assign(frozen, assignment_id=assignment)
    assert (kept["action"], kept["assignment"]["id"]) == ("none", assignment)
    assert assign(frozen, assignment_id=assignment, state="absent")["action"] == "remove"
    frozen.clear_calls()
    assert assign(frozen, assignment_id=assignment, state="absent")["action"] == "none"
    gone = assign(frozen, assignment_id=assignment)
    assert "has expired" in gone["msg"]
    assert writes(frozen) == []


def test_nobody_has_two_assignments(frozen: Running) -> None:
    for _dummy in range(3):
        assign(frozen, access_package="Engineering Laptop", user="ada@contoso.com")
    active = [a for a in frozen.dump()["assignments"] if a["state"] != "expired" and _is(a, ADA, LAPTOP)]
    assert len(active) == 1


def _is(assignment: dict[str, Any], user: str, package: str) -> bool:
    return user in str(assignment) and package in str(assignment)
