# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what is held and asked for to what is taken away: who is meant, and who is not."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.plugin_utils.leavers import plan_offboarding

Json = dict[str, Any]
LEE = "7deff43e-1f17-44ef-9e5f-d516b0ba11d4"
OLD_LEE = "7deff43e-1f17-44ef-9e5f-d516b0ba11d5"


def subject(name: str, object_id: str | None = LEE, email: str | None = None) -> Json:
    return {
        "object_id": object_id,
        "display_name": name,
        "principal_name": name,
        "email": email,
        "subject_type": "user",
    }


def package(name: str) -> Json:
    return {"id": f"ID-{name}", "display_name": name}


def held(name: str, target: Json, state: str = "delivered") -> Json:
    return {"access_package": package(name), "target": target, "state": state}


def open_request(name: str, target: Json, kind: str = "userAdd") -> Json:
    return {"access_package": package(name), "target": target, "request_type": kind}


def read(user: str, *assignments: Json) -> Json:
    return {"item": user, "assignments": list(assignments)}


def gone(user: str) -> Json:
    return {"item": user, "msg": "...", "error": {"kind": "not_found", "message": "in whatever words"}}


def test_what_is_held_and_asked_for_goes_once_and_what_is_kept_stays() -> None:
    lee = subject("lee@contoso.com")
    row = read("lee@contoso.com", held("A", lee), held("B", lee, "expired"), held("C", lee), held("E", lee))
    requests = [open_request("A", lee), open_request("D", lee, "adminAdd"), open_request("B", lee, "adminRemove")]
    plan = plan_offboarding([row], [], [*requests, open_request("F", subject("bo", "other"))], ["id-e"])
    assert [(item["access_package"], item["user"], item["state"]) for item in plan.assignments] == [
        ("ID-A", "lee@contoso.com", "absent"),
        ("ID-C", "lee@contoso.com", "absent"),
        ("ID-D", "lee@contoso.com", "absent"),
    ]
    assert plan.kept == [{"user": "lee@contoso.com", "access_package": package("E")}]
    assert plan.refused == []


def test_who_holds_nothing_is_found_by_an_open_request() -> None:
    plan = plan_offboarding([read("LEE@contoso.com")], [], [open_request("A", subject("lee@contoso.com"))], [])
    assert plan.assignments == [{"access_package": "ID-A", "user": "LEE@contoso.com", "state": "absent"}]


def test_who_is_named_twice_loses_once() -> None:
    lee = subject("lee@contoso.com", email="l.park@contoso.com")
    rows = [
        read("lee@contoso.com", held("A", lee)),
        read("l.park@contoso.com", held("A", lee)),
        read(LEE, held("A", lee)),
    ]
    assert len(plan_offboarding(rows, [], [], []).assignments) == 1


@pytest.mark.parametrize("name", ["lee@contoso.com", "L.Park@contoso.com"])
def test_who_is_gone_is_recognised_by_the_assignments(name: str) -> None:
    lee = subject("lee@contoso.com", email="l.park@contoso.com")
    plan = plan_offboarding([gone(name)], [held("A", lee), held("B", subject("bo", "other"))], [], [])
    assert plan.gone == [name]
    assert plan.assignments == [{"access_package": "ID-A", "user": LEE, "state": "absent"}]
    assert plan.names == {LEE: name}


def test_an_outsider_without_an_account_is_named_by_mail() -> None:
    plan = plan_offboarding([gone("pat@fabrikam.com")], [held("A", subject("Pat", None, "pat@fabrikam.com"))], [], [])
    assert plan.assignments == [{"access_package": "ID-A", "email": "pat@fabrikam.com", "state": "absent"}]


def test_two_of_the_same_name_are_not_guessed() -> None:
    rows = [held("A", subject("lee@contoso.com")), held("A", subject("lee@contoso.com", OLD_LEE))]
    plan = plan_offboarding([gone("lee@contoso.com"), read("bo", held("B", subject("bo", "other")))], rows, [], [])
    assert [item["user"] for item in plan.assignments] == ["bo"]
    (refused,) = plan.refused
    assert LEE in refused["reason"]
    assert OLD_LEE in refused["reason"]


def test_who_is_in_the_directory_is_not_taken_for_somebody_gone() -> None:
    """A new account has the name of an old one, whose assignment is still there."""
    rows = [held("A", subject("lee@contoso.com", OLD_LEE))]
    plan = plan_offboarding([read("lee@contoso.com"), gone("x@contoso.com")], rows, [], [])
    assert plan.assignments == []


def test_nobody_of_that_name_and_other_errors_are_told() -> None:
    plan = plan_offboarding(
        [gone("nix@contoso.com"), {"item": "lee", "msg": "No.", "error": {"message": "no"}}], [], [], []
    )
    assert [(each["user"], each["reason"][:20]) for each in plan.refused] == [
        ("nix@contoso.com", "no user of the direc"),
        ("lee", "No."),
    ]


def test_who_held_something_once_and_is_gone_is_no_mistake() -> None:
    plan = plan_offboarding([gone("lee@contoso.com")], [held("A", subject("lee@contoso.com"), "expired")], [], [])
    assert (plan.assignments, plan.refused) == ([], [])
