# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases in which it would be easy to be wrong: about whom a request is, what was carried out, what is still there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import CREATE, sent, writes
from tests.support.engine import administrator, assign
from tests.support.invariants import active

LAPTOP: dict[str, Any] = {"access_package": "Engineering Laptop", "user": "ada@contoso.com"}
VPN: dict[str, Any] = {"access_package": "VPN Access", "user": "lee@contoso.com"}
REPLACE: dict[str, Any] = {**VPN, "policy": "Members", "on_policy_mismatch": "replace"}
FUTURE = {"start_date_time": "2099-01-01"}


@pytest.mark.parametrize("outcome", ["limbo", "deliveryFailed", "ignored"])
def test_access_is_gone_only_where_it_is(frozen: Running, outcome: str) -> None:
    frozen.faults({**CREATE, "body": "adminRemove", "effect": {"outcome": outcome}})
    failed = assign(frozen, **REPLACE, wait_timeout=60)
    assert failed["failed"]
    assert "access is lost" not in failed["msg"]
    assert len(active(frozen.dump(), "VPN Access", "lee@contoso.com")) == 1
    assert failed["diff"]["after"]["state"] == "present"
    assert failed["assignment"]["id"] == id_of("assignment", "lee@contoso.com/VPN Access")


@pytest.mark.parametrize("outcome", ["limbo", "deliveryFailed"])
def test_access_that_is_gone_is_said_to_be(frozen: Running, outcome: str) -> None:
    frozen.faults({**CREATE, "body": "adminAdd", "effect": {"outcome": outcome}})
    failed = assign(frozen, **REPLACE, wait_timeout=60)
    assert failed["failed"]
    assert "access is lost" in failed["msg"]


def test_an_assignment_named_by_its_id_can_be_replaced(frozen: Running) -> None:
    old = id_of("assignment", "lee@contoso.com/VPN Access")
    options: dict[str, Any] = {"assignment_id": old, "policy": "Members", "on_policy_mismatch": "replace"}
    foreseen = assign(frozen, check=True, **options)
    replaced = assign(frozen, **options)
    assert (foreseen["action"], replaced["action"], replaced["failed"]) == ("replace", "replace", False)
    assert replaced["assignment"]["policy"]["display_name"] == "Members"


def test_an_assignment_named_by_its_id_is_not_given_anew(frozen: Running) -> None:
    old = id_of("assignment", "lee@contoso.com/VPN Access")
    assign(frozen, assignment_id=old, state="absent", wait=False)
    frozen.clear_calls()
    ended = assign(frozen, assignment_id=old)
    assert ended["failed"]
    assert "ended" in ended["msg"]
    assert writes(frozen) == []


def test_an_open_add_under_a_hidden_policy_is_neither_trusted_nor_taken_back(frozen: Running) -> None:
    ada: dict[str, Any] = {"access_package": "VPN Access", "user": "ada@contoso.com"}
    assign(frozen, **ada, policy="Members", schedule=FUTURE)
    frozen.clear_calls()
    joined = assign(frozen, **ada, policy="Everybody", schedule=FUTURE)
    assert (joined["action"], joined["pending"]) == ("none", True)
    assert "does not show" in joined["warnings"][0]
    refused = assign(frozen, token=administrator(frozen), **ada, policy="Everybody", state="absent")
    assert refused["failed"]
    assert "does not show" in refused["msg"]
    assert writes(frozen) == []
    assert assign(frozen, token=administrator(frozen), **ada, state="absent")["action"] == "cancel"


def test_a_reprocess_that_reads_do_not_show_yet_is_waited_for(frozen: Running) -> None:
    frozen.faults({**CREATE, "times": 1, "effect": {"outcome": "deliveryFailed"}})
    assign(frozen, **LAPTOP)
    frozen.faults({"method": "POST", "path": "reprocess$", "times": 1, "effect": {"lag": {"reads": 12}}})
    frozen.clear_calls()
    done = assign(frozen, **LAPTOP)
    assert (done["failed"], done["action"], done["assignment"]["state"]) == (False, "reprocess", "delivered")
    assert len(writes(frozen)) == 1


@pytest.mark.parametrize("wait", [True, False])
@pytest.mark.parametrize(
    ("task", "action"),
    [
        (LAPTOP, "add"),
        ({**VPN, "state": "absent"}, "remove"),
        ({**VPN, "schedule": {"duration": "P25D"}}, "update"),
    ],
    ids=["add", "remove", "update"],
)
def test_a_write_whose_answer_was_lost_counts_where_graph_shows_it(
    frozen: Running, task: dict[str, Any], action: str, wait: bool
) -> None:
    frozen.faults({**CREATE, "times": 1, "effect": {"status": 504, "carried_out": True}})
    done = assign(frozen, **task, wait=wait)
    assert (done["failed"], done["changed"], done["action"]) == (False, True, action)
    assert "was lost" in done["warnings"][0]
    assert len(writes(frozen)) == 1


def test_a_token_that_expires_while_waiting_is_renewed_once(frozen: Running) -> None:
    frozen.faults({"method": "GET", "path": "assignmentRequests/", "times": 1, "effect": {"token_expired": True}})
    done = assign(frozen, **LAPTOP)
    assert (done["failed"], done["action"]) == (False, "add")
    assert len([c for c in frozen.calls() if c["service"] == "signin" and c["method"] == "POST"]) == 2


def test_a_ready_token_that_expires_ends_the_task_and_says_what_was_done(frozen: Running) -> None:
    frozen.faults({"method": "GET", "path": "assignmentRequests/", "effect": {"token_expired": True}})
    failed = assign(frozen, token=frozen.token(), **LAPTOP)
    assert (failed["failed"], failed["changed"], failed["error"]["status"]) == (True, True, 401)


def test_an_email_that_is_only_somebodys_principal_name_is_not_taken_for_them(frozen: Running) -> None:
    refused = assign(frozen, access_package="Engineering Laptop", email="jürgen@contoso.com")
    assert refused["failed"]
    assert "option user" in refused["error"]["hint"]
    assert assign(frozen, access_package="Engineering Laptop", email="juergen@contoso.com")["action"] == "add"
    (body,) = sent(frozen)
    assert body["assignment"]["targetId"] == id_of("user", "jürgen@contoso.com")


def test_a_result_has_all_its_keys_also_when_nothing_could_be_tried(frozen: Running) -> None:
    keys = {"action", "pending", "ended", "assignment", "request", "diff", "error", "msg"}
    for options in ({**LAPTOP, "email": "x@y.z"}, {**LAPTOP, "client_secret": "wrong"}, {**LAPTOP, "timeout": 0}):
        failed = assign(frozen, **options)
        assert failed["failed"]
        assert keys <= failed.keys()


def test_a_new_start_after_the_last_end_is_a_new_grant(frozen: Running) -> None:
    limited: dict[str, Any] = {"access_package": "Source Code Read", "policy": "Engineers", "user": "mira@contoso.com"}
    frozen.set_clock("2026-11-22T08:00:00Z")
    assign(frozen, **limited, schedule={"duration": "P5D"})
    frozen.advance(days=10)
    later = {"start_date_time": "2026-12-10", "duration": "P5D"}
    again = assign(frozen, **limited, schedule=later)
    assert (again["action"], again["pending"]) == ("add", True)
    frozen.advance(days=30)
    ran_out = assign(frozen, **limited, schedule=later)
    assert (ran_out["action"], ran_out["ended"]) == ("none", True)


def test_what_a_user_should_hear_of_is_said(frozen: Running) -> None:
    """A typing error in a year, and access that is only on its way, look like success otherwise."""
    past = assign(
        frozen, access_package="Engineering Laptop", user="bo@contoso.com", schedule={"end_date_time": "2020-01-01"}
    )
    assert (past["ended"], past["failed"]) == (True, False)
    assert "not given access" in past["warnings"][0]
    waits = assign(
        frozen, access_package="Source Code Read", policy="Engineers", user="mira@contoso.com", schedule=FUTURE
    )
    assert waits["pending"] is True
    assert waits["request"]["id"] in waits["warnings"][0]
    misspelt = assign(frozen, access_package="Source Code Raed", user="bo@contoso.com")
    assert id_of("package", "Source Code Read") in misspelt["msg"]
