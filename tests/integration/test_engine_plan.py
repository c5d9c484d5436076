# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans: what check mode foresees is carried out as it was planned, or nothing is sent at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._plan.text import encode_plan
from tests.simulator.running import Running
from tests.support.calls import CREATE, sent, writes
from tests.support.crowd import ROOM, TOOLS, VAULT, crowd, object_id, package_id, upn
from tests.support.engine import SimulatedClock, assign, assign_many, counts
from tests.support.invariants import holders
from tests.support.plans import apply, item, plan_of

Json = dict[str, Any]
MIXED = [
    item(0),
    item(1, state="absent"),
    item(2, schedule={"end_date_time": "2031-01-01"}),
    item(3, ROOM, policy="Guests", on_policy_mismatch="replace"),
    item(4),
]


def mixed(sim: Running) -> None:
    sim.load(crowd(6, held={TOOLS: [1, 2, 4], f"{ROOM}/Staff": [3]}))


def test_a_plan_has_the_changes_and_nothing_else(frozen: Running) -> None:
    mixed(frozen)
    plan = plan_of(frozen, MIXED)
    assert [(each["index"], each["action"]) for each in plan["items"]] == [
        (0, "add"),
        (1, "remove"),
        (2, "update"),
        (3, "replace"),
    ]
    first = plan["items"][0]
    assert first["access_package"] == {"id": package_id(TOOLS), "display_name": TOOLS}
    assert first["policy"]["display_name"] == "Members"
    assert first["target"]["object_id"] == object_id(0)
    assert first["target"]["principal_name"] == upn(0)
    assert (first["before"], first["after"]) == ({"state": "absent"}, {"state": "present", "policy": "Members"})
    assert [write["step"] for write in plan["items"][3]["writes"]] == ["remove", "add"]
    assert plan["summary"]["added"] == 1
    assert plan["summary"]["unchanged"] == 1
    assert list(plan) == [
        *("format", "collection_version", "created_date_time", "tenant_id", "graph_url", "api_version"),
        *("summary", "items", "digest"),
    ]


@pytest.mark.parametrize("form", [dict, encode_plan], ids=["dict", "text"])
def test_a_plan_is_carried_out_as_it_was_made(frozen: Running, form: Callable[[Json], Json | str]) -> None:
    mixed(frozen)
    plan = plan_of(frozen, MIXED)
    done = apply(frozen, form(plan))
    assert not done["failed"], done["msg"]
    assert counts(done) == {"added": 1, "removed": 1, "updated": 1, "replaced": 1}
    planned = [write["body"] for each in plan["items"] for write in each["writes"]]
    assert sorted(sent(frozen), key=str) == sorted(planned, key=str)
    assert [o["user"] for o in done["outcomes"]] == [upn(number) for number in range(4)]
    assert holders(frozen.dump(), TOOLS) == [upn(0), upn(2), upn(4)]
    again = apply(frozen, form(plan))
    assert (again["changed"], again["failed"], writes(frozen)) == (False, False, [])
    assert counts(again) == {"unchanged": 4}


def test_an_item_of_a_plan_is_named_by_its_place_in_assignments(frozen: Running) -> None:
    mixed(frozen)
    plan = plan_of(frozen, [item(4), item(0)])
    frozen.faults({**CREATE, "times": 1, "effect": {"outcome": "deliveryFailed"}})
    done = apply(frozen, plan)
    assert [outcome["index"] for outcome in done["outcomes"]] == [1]
    assert f"assignments[1] ({upn(0)}, {TOOLS})" in done["msg"]


def test_what_a_decision_needs_besides_is_read_once(frozen: Running) -> None:
    frozen.load("contoso")
    answers = [{"question": "Cost centre", "value": "4711"}, {"question": "Region", "value": "emea"}]
    kim = {"access_package": "Payroll", "user": "kim@contoso.com", "answers": answers, "check_conflicts": True}
    plan = plan_of(frozen, [kim])
    checked = incompatible_lists(frozen)
    done = apply(frozen, plan)
    assert not done["failed"], done["msg"]
    assert incompatible_lists(frozen) == checked != []
    assert len(checked) == len(set(checked))


def incompatible_lists(sim: Running) -> list[str]:
    """Return the lists that tell what excludes an access package, as often as they were read."""
    return sorted(call["path"] for call in sim.calls() if "ncompatible" in call["path"])


def test_check_mode_checks_a_plan_and_sends_nothing(frozen: Running) -> None:
    mixed(frozen)
    plan = plan_of(frozen, MIXED)
    checked = apply(frozen, plan, check=True)
    assert (checked["changed"], checked["failed"], checked["plan"], writes(frozen)) == (True, False, None, [])
    assert checked["diff"] == assign_many(frozen, MIXED, check=True)["diff"]


def test_a_plan_without_changes_is_empty_and_can_be_applied(frozen: Running) -> None:
    mixed(frozen)
    plan = plan_of(frozen, [item(4)])
    assert plan["items"] == []
    done = apply(frozen, plan)
    assert (done["changed"], done["failed"], done["outcomes"], writes(frozen)) == (False, False, [], [])


def test_one_stale_change_and_nothing_is_sent(frozen: Running) -> None:
    mixed(frozen)
    plan = plan_of(frozen, MIXED)
    assign(frozen, access_package=TOOLS, user=upn(2), schedule={"end_date_time": "2030-06-01"})
    done = apply(frozen, plan)
    assert (done["failed"], done["changed"], writes(frozen)) == (True, False, [])
    assert done["error"]["kind"] == "stale_plan"
    (stale,) = done["stale"]
    assert stale["target"]["principal_name"] == upn(2)
    assert stale["access_package"]["display_name"] == TOOLS
    assert stale["planned"]["action"] == stale["found"]["action"] == "update"
    assert stale["found"]["before"]["schedule"] == {"end_date_time": "2030-06-01T00:00:00Z"}
    assert stale["found"]["why"] == "what is held has changed since it was planned"
    assert all(outcome["error"]["kind"] == "stale_plan" for outcome in done["outcomes"])
    (why,) = (outcome["error"]["message"] for outcome in done["outcomes"] if outcome["user"] == upn(2))
    assert why == f"the plan is stale here: {stale['found']['why']}"
    assert upn(2) in done["msg"]


def test_what_is_done_already_is_not_sent_again(frozen: Running) -> None:
    mixed(frozen)
    plan = plan_of(frozen, MIXED)
    assign(frozen, access_package=TOOLS, user=upn(0))
    assign(frozen, access_package=TOOLS, user=upn(1), state="absent", wait=False)
    done = apply(frozen, plan)
    assert not done["failed"], done["msg"]
    assert counts(done) == {"updated": 1, "replaced": 1, "unchanged": 2}


def test_an_exact_set_is_planned_with_its_removals_last(frozen: Running) -> None:
    frozen.load(crowd(6, held={TOOLS: [0, 1, 2, 3]}))
    plan = plan_of(frozen, [item(0), item(1), item(4)], exclusive=True)
    assert [(each["index"], each["action"]) for each in plan["items"]] == [
        (2, "add"),
        (None, "remove"),
        (None, "remove"),
    ]
    done = apply(frozen, plan)
    assert not done["failed"], done["msg"]
    assert [o["index"] for o in done["outcomes"]] == [2, None, None]
    assert [body["requestType"] for body in sent(frozen)] == ["adminAdd", "adminRemove", "adminRemove"]
    assert holders(frozen.dump(), TOOLS) == [upn(0), upn(1), upn(4)]


def test_where_an_addition_fails_an_exact_set_takes_nothing_away(frozen: Running) -> None:
    frozen.load(crowd(4, held={TOOLS: [0, 1]}))
    plan = plan_of(frozen, [item(0), item(2)], exclusive=True)
    frozen.faults({**CREATE, "times": 1, "effect": {"outcome": "deliveryFailed"}})
    done = apply(frozen, plan)
    assert done["failed"]
    assert [body["requestType"] for body in sent(frozen)] == ["adminAdd"]
    assert holders(frozen.dump(), TOOLS) == [upn(0), upn(1), upn(2)]


def test_there_is_no_plan_over_a_cap_nor_where_an_item_failed_nor_in_earnest(frozen: Running) -> None:
    mixed(frozen)
    assert assign_many(frozen, [item(0), item(99)], check=True)["plan"] is None
    assert assign_many(frozen, [item(0), item(5)], check=True, max_additions="1")["plan"] is None
    assert assign_many(frozen, [item(0)])["plan"] is None


def test_an_approval_is_waited_for_no_longer_than_without_a_plan(frozen: Running) -> None:
    frozen.load(crowd(2))
    frozen.switches(admin_add_approval="bypass_only")
    plan = plan_of(frozen, [item(0, VAULT)])
    clock = SimulatedClock(frozen)
    begin = clock.elapsed()
    done = apply(frozen, plan)
    assert not done["failed"], done["msg"]
    assert (counts(done), len(writes(frozen))) == ({"added": 1, "pending": 1}, 1)
    assert clock.elapsed() - begin < 20
    again = apply(frozen, plan)
    assert (again["failed"], counts(again), writes(frozen)) == (False, {"unchanged": 1, "pending": 1}, [])


def test_a_delivery_is_repeated_and_then_changed_as_planned(frozen: Running) -> None:
    """Answers of a failed request are given once it is delivered, and need not be sent again."""
    answers = [{"question": "Cost centre", "value": "4711"}, {"question": "Region", "value": "emea"}]
    kim: Json = {"access_package": "Payroll", "user": "kim@contoso.com", "answers": answers}
    frozen.load("contoso")
    frozen.faults({**CREATE, "times": 1, "effect": {"outcome": "deliveryFailed"}})
    assert assign(frozen, **kim)["failed"]
    frozen.clear_calls()
    plan = plan_of(frozen, [{**kim, "schedule": {"duration": "P30D"}}])
    done = apply(frozen, plan)
    assert not done["failed"], done["msg"]
    assert [write["step"] for write in plan["items"][0]["writes"]] == ["reprocess", "update"]
    assert sent(frozen) == [None, plan["items"][0]["writes"][1]["body"]]
