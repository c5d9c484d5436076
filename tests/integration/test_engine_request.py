# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What access_package_assignment_request does to a request in each of its states, foreseen, done and done once."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._decide.request_table import (
    CANCELABLE,
    DELETABLE,
    REPROCESSABLE,
)
from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import sent, writes
from tests.support.engine import administrator, assign, change
from tests.support.requests_world import (
    APPROVED,
    CREATED,
    GRANTED,
    PACKAGE,
    REQUESTS,
    STAGES,
    instance_of,
    load,
    request_id,
    state_of,
    waiting,
)

Json = dict[str, Any]
UNKNOWN = "00000000-0000-4000-8000-000000000000"
ADA = id_of("user", "ada@contoso.com")
KEYS = {"changed", "action", "pending", "request", "diff", "failed", "warnings"}
OTHERS = [name for name in REQUESTS if name not in ("canceled", *CANCELABLE)]


@pytest.fixture
def world(frozen: Running) -> Running:
    """The simulator with requests in every state, its clock stopped."""
    load(frozen)
    return frozen


def in_check_mode_and_then_twice(sim: Running, **options: Any) -> Json:
    """Foresee, do, and do again; give the result of doing it."""
    sim.clear_calls()
    foreseen = change(sim, check=True, **options)
    assert writes(sim) == []
    done = change(sim, **options)
    assert not done["failed"], done["msg"]
    assert done.keys() == KEYS
    assert len(writes(sim)) == 1
    assert (foreseen["changed"], foreseen["action"], foreseen["diff"]) == (True, done["action"], done["diff"])
    assert foreseen.keys() == done.keys()
    again = change(sim, **options)
    assert (again["changed"], again["action"], again["failed"]) == (False, "none", False)
    assert again["diff"]["before"] == again["diff"]["after"]
    assert change(sim, check=True, **options) == again
    assert len(writes(sim)) == 1
    return done


@pytest.mark.parametrize("name", ["pendingApproval", "scheduled"])
def test_an_open_request_is_canceled(world: Running, name: str) -> None:
    options = {"request_id": request_id(name), "state": "canceled", "token": administrator(world)}
    done = in_check_mode_and_then_twice(world, **options)
    assert (done["action"], done["request"]["state"]) == ("cancel", "canceled")
    assert done["diff"] == {"before": {"state": name}, "after": {"state": "canceled"}}
    assert state_of(world, request_id(name)) == "canceled"


def test_a_request_that_was_just_sent_is_canceled(world: Running) -> None:
    made = assign(world, access_package=PACKAGE, policy="Plain", user="ada@contoso.com", wait=False)
    done = change(world, request_id=made["request"]["id"], state="canceled", token=administrator(world))
    assert (done["action"], done["request"]["state"]) == ("cancel", "canceled")


@pytest.mark.parametrize("name", ["deliveryFailed", "partiallyDelivered"])
def test_a_failed_request_is_processed_again(world: Running, name: str) -> None:
    done = in_check_mode_and_then_twice(world, request_id=request_id(name), state="reprocessed")
    assert (done["action"], done["request"]["state"], done["pending"]) == ("reprocess", "delivered", False)
    assert done["diff"] == {"before": {"state": name}, "after": {"state": "delivered"}}


def test_a_request_that_is_processed_again_is_waited_for_by_the_next_task(world: Running) -> None:
    options: Json = {"request_id": request_id("deliveryFailed"), "state": "reprocessed"}
    foreseen = change(world, check=True, **options, wait=False)
    done = change(world, **options, wait=False)
    assert (done["changed"], done["pending"], done["request"]["state"]) == (True, True, "delivering")
    assert (foreseen["pending"], foreseen["diff"]) == (True, done["diff"])
    passing = change(world, **options, wait=False)
    assert (passing["changed"], passing["pending"]) == (False, True)
    waited = change(world, **options)
    assert (waited["changed"], waited["pending"], waited["request"]["state"]) == (False, False, "delivered")
    assert len(writes(world)) == 1


def test_a_request_that_fails_again_is_processed_once_and_fails_the_task(world: Running) -> None:
    world.faults({"method": "POST", "path": "reprocess$", "effect": {"outcome": "deliveryFailed"}})
    failed = change(world, request_id=request_id("deliveryFailed"), state="reprocessed")
    assert (failed["failed"], failed["changed"], failed["action"]) == (True, True, "reprocess")
    assert "again after it was reprocessed" in failed["msg"]
    assert len(writes(world)) == 1


def test_a_request_that_is_delivered_in_part_again_is_a_warning(world: Running) -> None:
    world.faults({"method": "POST", "path": "reprocess$", "effect": {"outcome": "partiallyDelivered"}})
    done = change(world, request_id=request_id("deliveryFailed"), state="reprocessed")
    assert (done["failed"], done["changed"], done["request"]["state"]) == (False, True, "partiallyDelivered")
    assert "partially delivered" in done["warnings"][0]


def test_a_delivery_that_does_not_end_is_a_timeout(world: Running) -> None:
    world.faults({"method": "POST", "path": "reprocess$", "effect": {"outcome": "limbo"}})
    failed = change(world, request_id=request_id("deliveryFailed"), state="reprocessed", wait_timeout=60)
    assert (failed["failed"], failed["changed"]) == (True, True)
    assert "delivering" in failed["msg"]
    assert "wait_timeout" in failed["msg"]


@pytest.mark.parametrize("name", ["denied", "canceled", "delivered", "deliveryFailed", "partiallyDelivered"])
def test_a_request_that_has_ended_is_deleted(world: Running, name: str) -> None:
    done = in_check_mode_and_then_twice(world, request_id=request_id(name), state="absent")
    assert (done["action"], done["request"]) == ("delete", None)
    assert done["diff"] == {"before": {"state": name}, "after": {"state": "absent"}}
    assert state_of(world, request_id(name)) is None


def test_graph_says_whether_a_request_with_an_assignment_is_deleted(world: Running) -> None:
    made = assign(world, access_package=PACKAGE, policy="Plain", user="ada@contoso.com")
    options: Json = {"request_id": made["request"]["id"], "state": "absent"}
    world.clear_calls()
    refused = change(world, **options)
    assert (refused["failed"], refused["changed"], refused["error"]["status"]) == (True, False, 400)
    assert "denied or completed" in refused["error"]["hint"]
    assert len(writes(world)) == 1
    world.switches(delete_delivered="accept")
    assert change(world, **options)["changed"] is True


@pytest.mark.parametrize("stage", STAGES)
def test_a_request_is_resumed_at_every_stage(world: Running, stage: str) -> None:
    options = waiting(world, stage)
    done = in_check_mode_and_then_twice(world, **options, instance_detail="This user is all verified")
    assert done["action"] == "resume"
    detail = "This user is all verified"
    assert done["diff"] == {
        "before": {"callback": "awaited"},
        "after": {"callback": "answered", "instance_detail": detail},
    }
    assert sent(world) == [
        {
            "source": "Contoso.Checks",
            "type": f"microsoft.graph.accessPackageCustomExtensionStage.{stage}",
            "data": {
                "@odata.type": "microsoft.graph.accessPackageAssignmentRequestCallbackData",
                "stage": stage,
                "customExtensionStageInstanceId": options["instance_id"],
                "customExtensionStageInstanceDetail": detail,
            },
        }
    ]
    world.advance(60)
    assert state_of(world, options["request_id"]) == "delivered"


@pytest.mark.parametrize("decision", ["denied", "canceled"])
def test_a_custom_extension_decides_at_creation(world: Running, decision: str) -> None:
    done = in_check_mode_and_then_twice(world, **waiting(world, CREATED), decision=decision)
    assert done["request"]["state"] == decision
    assert done["diff"]["after"] == {"callback": "answered", "decision": decision}
    assert sent(world)[0]["data"]["state"] == decision.capitalize()


def test_a_request_that_went_on_already_is_said_not_to_be_denied(world: Running) -> None:
    options = waiting(world, CREATED)
    change(world, **options)
    world.advance(60)
    late = change(world, **options, decision="denied")
    assert (late["failed"], late["changed"]) == (False, False)
    assert "delivered, not denied" in late["warnings"][0]


def test_a_request_that_waits_at_the_next_stage_is_not_waited_for(world: Running) -> None:
    options: Json = {"access_package": PACKAGE, "policy": "Two", "user": "ada@contoso.com"}
    made = assign(world, **options, wait=False)["request"]["id"]
    world.advance(60)
    first: Json = {"request_id": made, "state": "resumed", "source": "x", "stage": CREATED}
    first["instance_id"] = instance_of(world, made)
    assert change(world, **first)["changed"] is True
    world.advance(60)
    second: Json = {**first, "stage": GRANTED, "instance_id": instance_of(world, made)}
    assert change(world, **first)["changed"] is False
    assert change(world, **second)["changed"] is True


def test_a_callback_that_comes_before_the_request_shows_that_it_waits(world: Running) -> None:
    """The custom extension is called before a read is bound to show it."""
    made = assign(world, access_package=PACKAGE, policy=CREATED, user="ada@contoso.com", wait=False)["request"]["id"]
    options: Json = {"request_id": made, "state": "resumed", "source": "x", "stage": CREATED, "instance_id": UNKNOWN}
    early = change(world, **options, wait=False)
    assert early["failed"]
    assert "WaitingForCallback" in early["msg"]
    assert change(world, check=True, **options)["action"] == "resume"
    late = change(world, **options)
    assert late["failed"]
    assert instance_of(world, made) in late["msg"]
    assert writes(world)[1:] == []


@pytest.mark.parametrize(
    ("desired", "name", "states"),
    [
        *(("canceled", name, CANCELABLE) for name in OTHERS),
        *(("reprocessed", n, REPROCESSABLE) for n in ("pendingApproval", "scheduled", "denied", "canceled")),
        *(("absent", n, DELETABLE) for n in ("pendingApproval", "scheduled")),
    ],
)
def test_what_the_state_does_not_allow_is_refused_with_the_states_that_do(
    world: Running, desired: str, name: str, states: tuple[str, ...]
) -> None:
    options: Json = {"request_id": request_id(name), "state": desired, "token": administrator(world)}
    for refused in (change(world, check=True, **options), change(world, **options)):
        assert (refused["failed"], refused["changed"]) == (True, False)
        assert all(each in refused["msg"] for each in (*states, REQUESTS[name]["state"], request_id(name)))
        assert refused["request"]["state"] == REQUESTS[name]["state"]
        assert refused["diff"]["before"] == refused["diff"]["after"]
    assert writes(world) == []


def test_what_failed_long_ago_is_not_processed_again(world: Running) -> None:
    refused = change(world, request_id=request_id("failed long ago"), state="reprocessed")
    assert refused["failed"]
    assert "14 days" in refused["msg"]
    assert writes(world) == []


def test_graph_decides_whether_an_application_may_cancel(world: Running) -> None:
    waiting_one: Json = {"request_id": request_id("pendingApproval"), "state": "canceled"}
    foreseen = change(world, check=True, **waiting_one)
    assert (foreseen["failed"], foreseen["action"]) == (False, "cancel")
    assert "Graph may not allow" in foreseen["warnings"][0]
    assert writes(world) == []
    refused = change(world, **waiting_one)
    assert (refused["failed"], refused["changed"]) == (True, False)
    assert "pendingApproval" in refused["msg"]
    assert "not authorized" in refused["msg"]
    assert "delegated token" in refused["error"]["hint"]
    assert (refused["error"]["status"], bool(refused["error"]["request_id"])) == (403, True)
    assert [call["status"] for call in writes(world)] == [403]
    world.clear_calls()
    world.switches(cancel_app="accept")
    taken = change(world, **waiting_one)
    assert (taken["failed"], taken["changed"], taken["request"]["state"]) == (False, True, "canceled")
    assert [call["status"] for call in writes(world)] == [200]
    assert foreseen["diff"] == taken["diff"]
    assert change(world, check=True, token=administrator(world), **waiting_one)["warnings"] == []
    world.clear_calls()
    done = change(world, request_id=request_id("canceled"), state="canceled")
    assert (done["failed"], done["changed"]) == (False, False)


@pytest.mark.parametrize("desired", ["canceled", "reprocessed", "resumed"])
def test_a_request_that_there_is_not_is_an_error_except_where_that_is_wanted(world: Running, desired: str) -> None:
    more: Json = {"source": "x", "stage": APPROVED, "instance_id": UNKNOWN} if desired == "resumed" else {}
    refused = change(world, request_id=UNKNOWN, state=desired, token=administrator(world), **more)
    assert refused["failed"]
    assert UNKNOWN in refused["msg"]
    assert refused["request"] is None
    away = change(world, request_id=UNKNOWN, state="absent")
    assert (away["failed"], away["changed"], away["diff"]["after"]) == (False, False, {"state": "absent"})


def test_another_callback_is_not_answered(world: Running) -> None:
    options = waiting(world, GRANTED)
    world.clear_calls()
    refused = change(world, **{**options, "instance_id": UNKNOWN})
    assert refused["failed"]
    assert options["instance_id"] in refused["msg"]
    assert writes(world) == []


def test_where_resume_is_not_the_hint_says_so(world: Running) -> None:
    options = waiting(world, GRANTED)
    world.switches(cloud="china")
    refused = change(world, **options)
    assert refused["failed"]
    assert "global cloud" in refused["error"]["hint"]


@pytest.mark.parametrize(
    ("is_user", "version", "has_body"), [(True, "v1.0", False), (True, "beta", True), (False, "beta", False)]
)
def test_a_cancel_in_beta_carries_what_its_page_asks_of_users(
    world: Running, is_user: bool, version: str, has_body: bool
) -> None:
    world.switches(read_own="accept", cancel_own="accept")
    own = world.token("delegated", user="olga@contoso.com", permissions=["EntitlementMgmt-SubjectAccess.ReadWrite"])
    token = own if is_user else administrator(world)
    options: Json = {"request_id": request_id("scheduled"), "state": "canceled", "api_version": version}
    results = [change(world, token=token, **options) for _dummy in range(2)]
    assert [(each["failed"], each["changed"]) for each in results] == [(False, True), (False, False)], results
    body = {"id": request_id("scheduled"), "requestStatus": "cancelled"}
    assert sent(world) == [body if has_body else None]
    assert state_of(world, request_id("scheduled")) == "canceled"
