# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An answer that cannot be read is an error of the item that it is about: nothing crashes, and nothing is forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import sent, writes
from tests.support.engine import assign, assign_many

Json = dict[str, Any]
REQUEST = "accessPackageAssignmentRequest"
LAPTOP: Json = {"access_package": "Engineering Laptop", "user": "ada@contoso.com"}
LEE: Json = {"access_package": "Engineering Laptop", "user": "lee@contoso.com"}
PEOPLE: list[Json] = [
    {"access_package": "Engineering Laptop", "user": "ada@contoso.com"},
    {"access_package": "Engineering Laptop", "user": "bo@contoso.com"},
]


def odd(kind: str, method: str = "GET", times: int | None = None, path: str | None = None, **members: Any) -> Json:
    return {"method": method, "times": times, "path": path, "effect": {"members": {kind: members}}}


@pytest.mark.parametrize("wait", [True, False])
def test_answers_that_are_no_objects_do_not_matter_where_the_request_was_accepted(frozen: Running, wait: bool) -> None:
    frozen.faults(odd(REQUEST, "POST", answers=[None]))
    done = assign_many(frozen, [dict(each) for each in PEOPLE], wait=wait)
    assert (done["failed"], done["changed"], done["summary"]["added"]) == (False, True, 2)
    assert all(outcome["request"]["id"] for outcome in done["outcomes"])
    assert len(writes(frozen)) == 2


@pytest.mark.parametrize("wait", [True, False])
@pytest.mark.parametrize("request_id", [None, 7, {"id": "x"}, ""], ids=str)
def test_a_request_whose_id_cannot_be_read_is_looked_for_and_not_made_again(
    frozen: Running, request_id: Any, wait: bool
) -> None:
    frozen.faults(odd(REQUEST, "POST", id=request_id))
    done = assign(frozen, **LAPTOP, wait=wait)
    assert (done["failed"], done["changed"], done["action"], done["pending"]) == (False, True, "add", not wait)
    asked = [r for r in frozen.dump()["requests"] if r["user"] == "ada@contoso.com"]
    (made,) = [r for r in asked if r["package"] == "Engineering Laptop"]
    assert done["request"]["id"] == made["id"]
    assert len(writes(frozen)) == 1
    assert any("id is not a string" in sentence for sentence in done["warnings"]) == bool(request_id)


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_request_that_was_accepted_and_is_not_seen_is_never_made_again(frozen: Running, state: str) -> None:
    person = LAPTOP if state == "present" else LEE
    frozen.faults(
        odd(REQUEST, "POST", id=7), {"method": "POST", "body": "admin", "effect": {"lag": {"seconds": 100000}}}
    )
    done = assign(frozen, **person, state=state)
    assert (done["changed"], len(writes(frozen))) == (True, 1)
    assert (done["failed"], done["pending"]) == ((False, True) if state == "present" else (True, False))
    assert done["failed"] is False or done["error"]["kind"] == "unreadable"


@pytest.mark.parametrize("step", ["absent", "update"])
def test_the_same_holds_for_removals_and_updates(frozen: Running, step: str) -> None:
    options: Json = {"state": "absent"} if step == "absent" else {"schedule": {"end_date_time": "2027-01-01"}}
    assign(frozen, **LAPTOP)
    frozen.clear_calls()
    frozen.faults(odd(REQUEST, "POST", id=[]))
    done = assign(frozen, **LAPTOP, **options)
    assert (done["failed"], done["changed"], len(writes(frozen))) == (False, True, 1)


@pytest.mark.parametrize(
    ("kind", "members", "member"),
    [
        ("accessPackageAssignment", {"schedule": "soon"}, "value[0].schedule is not an object"),
        ("accessPackageAssignment", {"id": None}, "value[0].id is missing"),
        ("accessPackageSubject", {"objectId": 7}, "value[0].target.objectId is not a string"),
        ("accessPackageAssignmentPolicy", {"id": {}}, "id is not a string"),
        ("accessPackageAssignmentPolicy", {"expiration": {"endDateTime": "tomorrow"}}, "expiration.endDateTime is not"),
        ("accessPackage", {"id": False}, "id is not a string"),
    ],
)
def test_one_package_that_cannot_be_read_leaves_the_others_alone(
    frozen: Running, kind: str, members: Json, member: str
) -> None:
    frozen.faults(odd(kind, **members))
    failed = assign(frozen, **LEE)
    assert (failed["failed"], failed["changed"], failed["error"]["kind"]) == (True, False, "unreadable")
    assert member in failed["error"]["message"]
    assert failed["error"]["request_id"]
    assert failed["error"]["url"] in failed["error"]["url"]
    assert f"{failed['error']['method']} /v1.0/identityGovernance/" in failed["error"]["message"]
    assert writes(frozen) == []


def test_the_outcomes_of_the_others_are_complete(frozen: Running) -> None:
    vpn = id_of("package", "VPN Access")
    frozen.faults(odd("accessPackageAssignment", schedule="soon"))
    people = [dict(LEE), {"access_package": vpn, "user": "ada@contoso.com", "policy": "Members"}]
    done = assign_many(frozen, people, wait=False)
    assert done["failed"]
    kinds = [outcome["error"] and outcome["error"]["kind"] for outcome in done["outcomes"]]
    assert sorted(kinds, key=str) == [None, "unreadable"]
    assert (done["error"]["kind"], done["summary"]["failed"], done["summary"]["added"]) == ("items_failed", 1, 1)
    assert len(sent(frozen)) == 1


def test_a_list_of_incompatible_groups_that_cannot_be_read_is_an_error_of_its_package(frozen: Running) -> None:
    frozen.faults({"method": "GET", "path": "incompatibleGroups", "effect": {"status": 500, "message": "Not now"}})
    people = [{**each, "check_conflicts": True} for each in PEOPLE]
    done = assign_many(frozen, people, retries=0)
    assert [outcome["error"]["kind"] for outcome in done["outcomes"]] == ["graph", "graph"]
    assert all("Not now" in outcome["error"]["message"] for outcome in done["outcomes"])
    assert (done["changed"], writes(frozen)) == (False, [])
