# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How requests and assignments move, with the clock in the test's hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.ids import id_of
from tests.simulator.running import DoorError, Running
from tests.support.calls import CREATE
from tests.unit.simulator.graph_client import (
    ADA,
    ENTITLEMENT,
    GRACE,
    LAPTOP,
    OWN,
    PORTAL,
    PORTAL_POLICY,
    START,
    VPN,
    WRITE,
    Graph,
    Json,
    add,
    change,
    code_of,
    held,
)


def state(graph: Graph, request_id: str) -> str:
    return str(graph.em(f"/assignmentRequests/{request_id}").json()["state"])


def assignment_of(graph: Graph, user: str = ADA, package: str = LAPTOP) -> Json | None:
    text = f"accessPackage/id eq '{package}' and target/objectId eq '{user}'"
    found = graph.em("/assignments", filter=text, expand="target,assignmentPolicy").json()["value"]
    return found[-1] if found else None


def schedule(start: str | None = None, **expiration: str) -> Json:
    return {"schedule": {"startDateTime": start, "expiration": expiration or {"type": "notSpecified"}}}


def test_an_add_is_submitted_then_delivered(clock: Running) -> None:
    graph = Graph(clock, clock.token())
    request_id = graph.request(add()).json()["id"]
    seen = [(state(graph, request_id), assignment_of(graph))]
    for _dummy in range(2):
        clock.advance(10)
        seen.append((state(graph, request_id), assignment_of(graph)))
    assert [name for name, _dummy in seen] == ["submitted", "delivering", "delivered"]
    assert [item and item["state"] for _dummy, item in seen] == [None, "delivering", "delivered"]
    request = graph.em(f"/assignmentRequests/{request_id}").json()
    assert (request["createdDateTime"], request["completedDateTime"]) == (START, "2030-01-01T00:00:20Z")
    assignment = seen[-1][1]
    assert assignment is not None
    assert assignment["target"]["objectId"] == ADA
    assert assignment["assignmentPolicy"]["displayName"] == "Direct assignment"


def test_the_policy_gives_the_end(clock: Running) -> None:
    graph = Graph(clock, clock.token())
    graph.request(add())
    clock.advance(60)
    assignment = assignment_of(graph)
    assert assignment is not None
    assert assignment["schedule"]["startDateTime"] == "2030-01-01T00:00:10Z"
    assert assignment["schedule"]["expiration"] == {
        "type": "afterDateTime",
        "endDateTime": "2031-01-01T00:00:10Z",
        "duration": None,
    }


def test_a_future_start_waits_as_scheduled(clock: Running) -> None:
    graph = Graph(clock, clock.token(seconds=86400 * 30))
    body = add(**schedule("2030-01-05T00:00:00Z", type="afterDuration", duration="P10D"))
    request_id = graph.request(body).json()["id"]
    clock.advance(days=1)
    assert (state(graph, request_id), assignment_of(graph)) == ("scheduled", None)
    clock.advance(days=4)
    assert state(graph, request_id) == "delivered"
    assignment = assignment_of(graph)
    assert assignment is not None
    assert assignment["schedule"]["startDateTime"] == "2030-01-05T00:00:00Z"
    assert assignment["schedule"]["expiration"]["endDateTime"] == "2030-01-15T00:00:00Z"


def test_an_open_request_names_its_target(clock: Running) -> None:
    graph = Graph(clock, clock.token())
    graph.request(add())
    text = f"state eq 'Submitted' and accessPackage/id eq '{LAPTOP}'"
    (found,) = graph.em("/assignmentRequests", filter=text, expand="assignment($expand=target),requestor").json()[
        "value"
    ]
    assert found["assignment"]["target"]["objectId"] == ADA
    assert found["assignment"]["state"] is None


def test_the_requestor_is_the_caller_whoever_gets_access(clock: Running) -> None:
    application = Graph(clock, clock.token())
    grace = Graph(clock, clock.token("delegated", user=GRACE, permissions=[WRITE]))
    askers: list[Json | None] = []
    for graph, requestor in ((application, None), (grace, GRACE)):
        clock.load("contoso")
        clock.freeze()
        request_id = graph.request(add()).json()["id"]
        found = graph.em(f"/assignmentRequests/{request_id}", expand="assignment($expand=target),requestor").json()
        assert found["assignment"]["target"]["objectId"] == ADA
        assert (found["requestor"] and found["requestor"]["objectId"]) == requestor
        askers.append(found["requestor"])
    assert askers[0] is None


def test_access_runs_out(clock: Running) -> None:
    graph = Graph(clock, clock.token(seconds=86400 * 30))
    graph.request(add(**schedule(None, type="afterDateTime", endDateTime="2030-01-03T00:00:00Z")))
    clock.advance(days=1)
    assignment = assignment_of(graph)
    assert assignment is not None
    assert assignment["state"] == "delivered"
    clock.advance(days=2)
    assignment = assignment_of(graph)
    assert assignment is not None
    assert (assignment["state"], assignment["expiredDateTime"]) == ("expired", "2030-01-03T00:00:00Z")
    assert clock.dump()["requests"][-1]["requestType"] == "systemRemove"
    assert graph.request(add()).status_code == 201


def test_what_is_delivered_after_its_end_ends_then(clock: Running) -> None:
    graph = Graph(clock, clock.token(seconds=86400 * 30))
    ada = Graph(clock, clock.token("delegated", user="ada@contoso.com", permissions=[OWN]))
    end = "2030-01-01T01:00:00Z"
    wanted = schedule(START, type="afterDateTime", endDateTime=end)
    request_id = ada.request({"requestType": "userAdd", "assignment": {"accessPackageId": VPN}, **wanted}).json()["id"]
    clock.advance(2 * 3600)
    clock.approve(request_id)
    clock.advance(60)
    assignment = assignment_of(graph, package=VPN)
    assert assignment is not None
    assert assignment["schedule"]["expiration"]["endDateTime"] == end
    assert (assignment["state"], assignment["expiredDateTime"]) == ("expired", "2030-01-01T02:00:00Z")
    removal = clock.dump()["requests"][-1]
    assert (removal["requestType"], removal["createdDateTime"]) == ("systemRemove", "2030-01-01T02:00:00Z")


def test_a_removal_expires_the_assignment(clock: Running) -> None:
    graph = Graph(clock, clock.token())
    assignment_id = held("Engineering Laptop")
    graph.request(change("adminRemove", assignment_id))
    assert graph.em(f"/assignments/{assignment_id}").json()["state"] == "delivered"
    clock.advance(60)
    removed = graph.em(f"/assignments/{assignment_id}").json()
    assert (removed["state"], removed["expiredDateTime"]) == ("expired", "2030-01-01T00:00:20Z")


def test_an_update_moves_the_end_and_the_old_end_is_forgotten(clock: Running) -> None:
    graph = Graph(clock, clock.token(seconds=86400 * 60))
    assignment_id = held("VPN Access")
    before = graph.em(f"/assignments/{assignment_id}").json()["schedule"]
    assert before["expiration"]["endDateTime"] == "2030-01-11T00:00:00Z"
    end = "2030-01-15T00:00:00Z"
    answer = graph.request(
        change("adminUpdate", assignment_id, **schedule(before["startDateTime"], type="afterDateTime", endDateTime=end))
    )
    assert answer.json()["schedule"]["startDateTime"] == START
    clock.advance(days=12)
    after = graph.em(f"/assignments/{assignment_id}").json()
    assert after["state"] == "delivered"
    assert after["schedule"]["startDateTime"] == START
    assert after["schedule"]["expiration"]["endDateTime"] == end
    clock.advance(days=3)
    assert graph.em(f"/assignments/{assignment_id}").json()["expiredDateTime"] == end


def test_an_update_of_answers_leaves_the_schedule(clock: Running) -> None:
    graph = Graph(clock, clock.token())
    path = f"/assignments/{held('Payroll')}"
    before = graph.em(path).json()
    answer = {
        "@odata.type": "#microsoft.graph.accessPackageAnswerString",
        "value": "4712",
        "answeredQuestion": {
            "@odata.type": "#microsoft.graph.accessPackageTextInputQuestion",
            "id": id_of("question", "Payroll/Payroll staff/Cost centre"),
        },
    }
    request_id = graph.request(change("adminUpdate", held("Payroll"), answers=[answer])).json()["id"]
    clock.advance(60)
    assert graph.em(path).json() == before
    assert graph.em(f"/assignmentRequests/{request_id}").json()["answers"][0]["value"] == "4712"


@pytest.mark.parametrize(("decision", "ends"), [("approve", "delivered"), ("deny", "denied"), (None, "denied")])
def test_a_user_waits_for_approval(clock: Running, decision: str | None, ends: str) -> None:
    graph = Graph(clock, clock.token(seconds=86400 * 30))
    ada = Graph(clock, clock.token("delegated", user="ada@contoso.com", permissions=[OWN]))
    request_id = ada.request({"requestType": "userAdd", "assignment": {"accessPackageId": VPN}}).json()["id"]
    clock.advance(10)
    assert (state(graph, request_id), assignment_of(graph, ADA, VPN)) == ("pendingApproval", None)
    grace = Graph(clock, clock.token("delegated", user="grace@contoso.com", permissions=[OWN]))
    waiting = grace.em("/assignmentRequests/filterByCurrentUser(on='approver')").json()["value"]
    assert [item["id"] for item in waiting] == [request_id]
    if decision == "approve":
        clock.approve(request_id)
    elif decision == "deny":
        clock.deny(request_id)
    clock.advance(days=15)
    assert state(graph, request_id) == ends
    assert (assignment_of(graph, ADA, VPN) is not None) == (ends == "delivered")


def test_only_what_waits_is_decided(clock: Running, graph: Graph) -> None:
    request_id = graph.request(add()).json()["id"]
    with pytest.raises(DoorError, match="submitted, not pendingApproval"):
        clock.approve(request_id)


def test_an_outsider_becomes_a_guest(clock: Running) -> None:
    graph = Graph(clock, clock.token())
    target = {"target": {"email": "sam@fabrikam.com"}}
    body = {
        "requestType": "adminAdd",
        "assignment": {**target, "assignmentPolicyId": PORTAL_POLICY, "accessPackageId": PORTAL},
    }
    request_id = graph.request(body).json()["id"]
    path = f"/assignmentRequests/{request_id}?$expand=assignment($expand=target)"

    def subject() -> Any:
        return graph.get(ENTITLEMENT + path).json()["assignment"]["target"]

    assert (subject()["email"], subject()["objectId"]) == ("sam@fabrikam.com", None)
    clock.advance(60)
    guest = graph.get("/users", params={"$filter": "mail eq 'sam@fabrikam.com'"}).json()["value"][0]
    assert guest["userPrincipalName"] == "sam_fabrikam.com#EXT#@contoso.onmicrosoft.com"
    assert subject()["objectId"] == guest["id"]
    assert code_of(graph.request(body)) == (409, "InvalidRequestExistingGrant")
    by_id = add(guest["id"], PORTAL, PORTAL_POLICY)
    assert code_of(graph.request(by_id)) == (409, "InvalidRequestExistingGrant")


@pytest.mark.parametrize("outcome", ["deliveryFailed", "partiallyDelivered"])
def test_what_failed_is_reprocessed_within_fourteen_days(clock: Running, outcome: str) -> None:
    graph = Graph(clock, clock.token(seconds=86400 * 60))
    clock.faults({**CREATE, "times": 1, "effect": {"outcome": outcome}})
    request_id = graph.request(add()).json()["id"]
    path = f"/assignmentRequests/{request_id}/reprocess"
    assert code_of(graph.post(path)) == (400, "InvalidRequest")
    clock.advance(60)
    assignment = assignment_of(graph)
    assert assignment is not None
    assert (state(graph, request_id), assignment["state"]) == (outcome, outcome)
    clock.advance(days=13)
    assert graph.post(path).status_code == 202
    assert state(graph, request_id) == "delivering"
    clock.advance(60)
    assignment = assignment_of(graph)
    assert assignment is not None
    assert (state(graph, request_id), assignment["state"]) == ("delivered", "delivered")


def test_reprocessing_ends_after_fourteen_days(clock: Running) -> None:
    graph = Graph(clock, clock.token(seconds=86400 * 60))
    clock.faults({"method": "POST", "times": 1, "effect": {"outcome": "deliveryFailed"}})
    request_id = graph.request(add()).json()["id"]
    clock.advance(days=15)
    assert code_of(graph.post(f"/assignmentRequests/{request_id}/reprocess")) == (400, "InvalidRequest")


def test_a_delivered_assignment_is_reprocessed(clock: Running) -> None:
    graph = Graph(clock, clock.token())
    path = f"/assignments/{held('Engineering Laptop')}"
    assert graph.post(f"{path}/reprocess").status_code == 202
    assert graph.em(path).json()["state"] == "delivering"
    assert code_of(graph.post(f"{path}/reprocess")) == (400, "InvalidRequest")
    clock.advance(10)
    assert graph.em(path).json()["state"] == "delivered"


def test_cancel_takes_back_what_is_not_yet_delivered(clock: Running) -> None:
    grace = Graph(clock, clock.token("delegated", user="grace@contoso.com", permissions=[WRITE]))
    request_id = grace.request(add()).json()["id"]
    path = f"/assignmentRequests/{request_id}/cancel"
    answer = grace.post(path)
    assert (answer.status_code, answer.content) == (200, b"")
    clock.advance(60)
    assert (state(grace, request_id), assignment_of(grace)) == ("canceled", None)
    assert code_of(grace.post(path)) == (400, "InvalidRequest")
    delivered = grace.request(add()).json()["id"]
    clock.advance(60)
    assert code_of(grace.post(f"/assignmentRequests/{delivered}/cancel")) == (400, "InvalidRequest")


def test_delete_takes_what_came_to_nothing(clock: Running) -> None:
    grace = Graph(clock, clock.token("delegated", user="grace@contoso.com", permissions=[WRITE]))
    request_id = grace.request(add()).json()["id"]
    path = f"{ENTITLEMENT}/assignmentRequests/{request_id}"
    assert code_of(grace.call("DELETE", path)) == (400, "InvalidRequest")
    grace.post(f"/assignmentRequests/{request_id}/cancel")
    assert grace.call("DELETE", path).status_code == 204
    assert grace.get(path).status_code == 404
    made = id_of("request", "lee@contoso.com/Engineering Laptop")
    assert code_of(grace.call("DELETE", f"{ENTITLEMENT}/assignmentRequests/{made}")) == (400, "InvalidRequest")


def test_who_holds_both_of_two_packages(clock: Running, graph: Graph) -> None:
    clock.switches(additional_access_app="accept")
    arguments = f"accessPackageId='{id_of('package', 'Payroll')}',incompatibleAccessPackageId='{VPN}'"
    (found,) = graph.em(f"/assignments/additionalAccess({arguments})", expand="target").json()["value"]
    assert found["target"]["principalName"] == "lee@contoso.com"
    assert found["@odata.type"] == "#microsoft.graph.accessPackageAssignment"
