# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every reading of every switch shows in what the simulator does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.simulator.ids import id_of
from tests.simulator.running import DoorError, Running
from tests.simulator.switches import SWITCHES
from tests.unit.simulator.graph_client import (
    ADA,
    ENTITLEMENT,
    GRACE,
    LAPTOP,
    LEE,
    OWN,
    PAYROLL,
    READ,
    VPN,
    VPN_MEMBERS,
    WRITE,
    Graph,
    Json,
    add,
    change,
    held,
)

Probe = Callable[[Running, Graph], Any]
START = "2030-01-01T00:00:00Z"
POLICY = id_of("policy", "Engineering Laptop/Strict")
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def strict_world(**policy: Any) -> Json:
    """Return a world of one package under one policy that asks for much."""
    return {
        "tenant": {"domain": "contoso.onmicrosoft.com"},
        "apps": [{"name": "automation", "secret": "s"}],
        "users": [
            {"upn": "grace@contoso.com", "roles": ["Identity Governance Administrator"]},
            {"upn": "ada@contoso.com"},
        ],
        "catalogs": [{"name": "C"}],
        "packages": [
            {
                "name": "Engineering Laptop",
                "catalog": "C",
                "policies": [{"name": "Strict", "scope": "allMemberUsers", **policy}],
            }
        ],
    }


def reload(sim: Running, **policy: Any) -> None:
    sim.load(strict_world(**policy))


def grace(sim: Running) -> Graph:
    return Graph(sim, sim.token("delegated", user=GRACE, permissions=[WRITE, READ]))


def end_after(days: int) -> Json:
    return {"schedule": {"expiration": {"type": "afterDuration", "duration": f"P{days}D"}}}


def status_of(body: Json) -> Probe:
    return lambda sim, graph: graph.request(body).status_code


def filter_status(path: str, text: str) -> Probe:
    return lambda sim, graph: graph.em(path, filter=text).status_code


def expand_status(path: str, expand: str) -> Probe:
    return lambda sim, graph: graph.em(path, expand=expand).status_code


def two_rows(sim: Running, graph: Graph) -> Any:
    """Return the status of a list of which two rows are asked for, and how many came."""
    answer = graph.em("/assignments", top="2")
    return answer.status_code, len(answer.json()["value"]) if answer.ok else None


def other_key(sim: Running, graph: Graph) -> Any:
    body = add()
    body["accessPackageAssignment"] = body.pop("assignment")
    return graph.request(body).status_code


def open_assignment(sim: Running, graph: Graph) -> Any:
    request_id = graph.request(add()).json()["id"]
    found = graph.em(f"/assignmentRequests/{request_id}", expand="assignment($expand=target)").json()["assignment"]
    return found and found["target"]["objectId"]


def approval(sim: Running, graph: Graph) -> Any:
    states = []
    for bypass in (False, True):
        sim.load("contoso")
        body = add(ADA, VPN, VPN_MEMBERS, parameters={"bypassApproval": bypass})
        path = f"/assignmentRequests/{graph.request(body).json()['id']}"
        sim.advance(60)
        states.append(graph.em(path).json()["state"])
    return states


def justification(sim: Running, graph: Graph) -> Any:
    reload(sim, approval={"justification": True})
    with_reason = graph.request(add(policy=POLICY, justification="because")).status_code
    reload(sim, approval={"justification": True})
    return with_reason, graph.request(add(policy=POLICY)).status_code


def custom_schedule(sim: Running, graph: Graph) -> Any:
    reload(sim, requestor={"custom_schedule": False})
    return graph.request(add(policy=POLICY, **end_after(5))).status_code


def regex(sim: Running, graph: Graph) -> Any:
    question = {"text": "Q", "regex": "[0-9]{2}"}
    reload(sim, questions=[question])
    answer = {
        "@odata.type": "#microsoft.graph.accessPackageAnswerString",
        "value": "123",
        "answeredQuestion": {
            "@odata.type": "#microsoft.graph.accessPackageTextInputQuestion",
            "id": id_of("question", "Engineering Laptop/Strict/Q"),
        },
    }
    return graph.request(add(policy=POLICY, answers=[answer])).status_code


def update_start(sim: Running, graph: Graph) -> Any:
    starts = []
    for start in ("2029-12-25T00:00:00Z", None):
        sim.load("contoso")
        sent = {"schedule": {"startDateTime": start, "expiration": {"type": "afterDuration", "duration": "P25D"}}}
        graph.request(change("adminUpdate", held("VPN Access"), **sent))
        sim.advance(1)
        starts.append(graph.em(f"/assignments/{held('VPN Access')}").json()["schedule"]["startDateTime"][:10])
    return starts


def too_long(sim: Running, graph: Graph) -> Any:
    response = graph.request(add(**end_after(400)))
    if response.status_code != 201:
        return response.status_code
    sim.advance(1)
    stored = graph.em("/assignments", filter=f"accessPackage/id eq '{LAPTOP}' and target/objectId eq '{ADA}'").json()
    return stored["value"][0]["schedule"]["expiration"]["endDateTime"][:10]


def stored(sim: Running, graph: Graph) -> Any:
    graph.request(add(**end_after(10)))
    sim.advance(1)
    found = graph.em("/assignments", filter=f"accessPackage/id eq '{LAPTOP}' and target/objectId eq '{ADA}'").json()
    expiration = found["value"][0]["schedule"]["expiration"]
    return expiration["type"], expiration["duration"]


def update_twice(sim: Running, graph: Graph) -> Any:
    graph.request(change("adminUpdate", held("VPN Access"), **end_after(25)))
    return graph.request(change("adminUpdate", held("VPN Access"), **end_after(26))).status_code


def no_decision(sim: Running, graph: Graph) -> Any:
    reload(sim, approval={"add": True, "timeout": "P2D"})
    ada = Graph(sim, sim.token("delegated", user=ADA, permissions=["EntitlementMgmt-SubjectAccess.ReadWrite"]))
    ada.request({"requestType": "userAdd", "assignment": {"accessPackageId": LAPTOP}})
    sim.advance(days=3)
    return sim.dump()["requests"][0]["state"]


def delete_delivered(sim: Running, graph: Graph) -> Any:
    request_id = id_of("request", "lee@contoso.com/Engineering Laptop")
    status = graph.call("DELETE", f"{ENTITLEMENT}/assignmentRequests/{request_id}").status_code
    return status, graph.em(f"/assignments/{held('Engineering Laptop')}").status_code


def remove_expired(sim: Running, graph: Graph) -> Any:
    return graph.request(change("adminRemove", held("Payroll#2"))).json()["error"]["code"]


def cancel_failed(sim: Running, graph: Graph) -> Any:
    sim.faults({"method": "POST", "times": 1, "effect": {"outcome": "deliveryFailed"}})
    request_id = graph.request(add()).json()["id"]
    sim.advance(60)
    return grace(sim).post(f"/assignmentRequests/{request_id}/cancel").status_code


def cancel_waiting(sim: Running, graph: Graph) -> Any:
    extension = {"name": "check", "stage": "assignmentRequestCreated", "callback": True}
    reload(sim, extensions=[extension])
    request_id = graph.request(add(policy=POLICY)).json()["id"]
    sim.advance(60)
    return grace(sim).post(f"/assignmentRequests/{request_id}/cancel").status_code


def cancel_status(sim: Running, graph: Graph) -> Any:
    request_id = graph.request(add()).json()["id"]
    return grace(sim).post(f"/assignmentRequests/{request_id}/cancel").status_code


def own_request(sim: Running) -> tuple[Graph, str]:
    ada = Graph(sim, sim.token("delegated", user=ADA, permissions=["EntitlementMgmt-SubjectAccess.ReadWrite"]))
    body = {"requestType": "userAdd", "assignment": {"accessPackageId": LAPTOP}}
    return ada, f"/assignmentRequests/{ada.request(body).json()['id']}"


NEW_PERSON = "ResourceNotFoundInOriginSystem"


def unknown_person(sim: Running, graph: Graph) -> Any:
    answer = graph.request(add(UNKNOWN))
    return answer.status_code, answer.json()["error"]["code"]


def policy_questions(sim: Running, graph: Graph) -> Any:
    path = f"/assignmentPolicies/{id_of('policy', 'Payroll/Payroll staff')}"
    expanded, selected, plain = graph.em(path, expand="questions"), graph.em(path, select="questions"), graph.em(path)
    return expanded.status_code, selected.status_code, "questions" in plain.json() or None


def member_cast(sim: Running, graph: Graph) -> Any:
    group = next(row["id"] for row in graph.get("/groups").json()["value"])
    path = f"/groups/{group}/transitiveMembers/microsoft.graph.user"
    advanced = graph.get(f"{path}?$count=true", headers={"ConsistencyLevel": "eventual"})
    return graph.get(path).status_code, advanced.status_code


def cancel_app(sim: Running, graph: Graph) -> Any:
    _ada, path = own_request(sim)
    return graph.post(f"{path}/cancel").status_code


def cancel_own(sim: Running, graph: Graph) -> Any:
    ada, path = own_request(sim)
    return ada.post(f"{path}/cancel").status_code


def read_own(sim: Running, graph: Graph) -> Any:
    ada, path = own_request(sim)
    return ada.em(path).status_code


def additional_access(sim: Running, graph: Graph) -> Any:
    arguments = f"accessPackageId='{PAYROLL}',incompatibleAccessPackageId='{VPN}'"
    return graph.em(f"/assignments/additionalAccess({arguments})").status_code


def profile(sim: Running, graph: Graph) -> Any:
    return graph.get(f"/users/{LEE}?$select=userType").json()["userType"]


def throttled_batch(sim: Running, graph: Graph) -> Any:
    sim.faults({"batch": True, "effect": {"status": 429}})
    return graph.batch({"method": "GET", "url": "/users"}).status_code


def national_cloud(sim: Running, graph: Graph) -> Any:
    sent = graph.request(add(justification="because")).status_code
    resumed = graph.post(f"/assignmentRequests/{UNKNOWN}/resume", {}).status_code
    found = graph.em(f"/subjects(objectId='{LEE}')").status_code
    shown = graph.em("/assignmentRequests").json()["value"][0]
    return sent, resumed, found, "justification" in shown


def target_id(sim: Running, graph: Graph) -> Any:
    beta = Graph(sim, sim.token(), "beta")
    found = beta.em("/accessPackageAssignments", filter=f"target/objectid eq '{LEE}'", expand="target").json()["value"]
    return {item["targetId"] == item["target"]["objectId"] for item in found}


def request_names(sim: Running, graph: Graph) -> Any:
    made = Graph(sim, sim.token(), "beta").request({**add(), "requestType": "AdminAdd"}).json()
    return made["requestType"], made.get("state"), made.get("requestState")


def behalf_policy(sim: Running, graph: Graph) -> Any:
    package = id_of("package", "Training")
    target = {"objectId": id_of("user", "rosa@contoso.com")}
    quinn = Graph(sim, sim.token("delegated", user="quinn@contoso.com", permissions=[OWN]))
    body = {"requestType": "userAdd", "assignment": {"target": target, "accessPackageId": package}}
    return quinn.request(body).status_code


def of_caller(*permissions: str, **query: str) -> Probe:
    path = "/assignments/filterByCurrentUser(on='target')"
    return lambda sim, graph: (
        Graph(sim, sim.token("delegated", user=LEE, permissions=permissions)).em(path, **query).status_code
    )


def package_of_removal(sim: Running, graph: Graph) -> Any:
    """Return the package that an open removal shows, and how many a filter by that package finds."""
    assert graph.request(change("adminRemove", held("Payroll"))).status_code == 201
    asked = {"expand": "accessPackage", "filter": "state eq 'submitted'"}
    (shown,) = graph.em("/assignmentRequests", **asked).json()["value"]
    asked["filter"] += f" and accessPackage/id eq '{PAYROLL}'"
    found = graph.em("/assignmentRequests", **asked).json()["value"]
    return shown["accessPackage"] and shown["accessPackage"]["id"], len(found)


PROBES: dict[str, tuple[Probe, tuple[Any, ...]]] = {
    "access_package_assignment_key": (other_key, (400, 201)),
    "request_state_or": (filter_status("/assignmentRequests", "state eq 'Denied' or state eq 'Canceled'"), (400, 200)),
    "assignment_state_or": (filter_status("/assignments", "state eq 'Delivered' or state eq 'Expired'"), (200, 400)),
    "list_options": (two_rows, ((200, 2), (400, None), (200, 9))),
    "nested_list_expand": (expand_status("/assignmentRequests", "assignment($expand=target)"), (200, 400)),
    "nested_select": (expand_status("/assignments", "target($select=objectId)"), (400, 200)),
    "open_request_assignment": (open_assignment, (ADA, None)),
    "removal_package": (package_of_removal, ((PAYROLL, 1), (None, 0))),
    "beta_request_names": (request_names, (("AdminAdd", None, "Submitted"), ("adminAdd", "submitted", None))),
    "beta_target_id": (target_id, ({False}, {True})),
    "admin_add_approval": (approval, (["delivered", "delivered"], ["pendingApproval", "delivered"])),
    "admin_justification": (justification, ((201, 400), (201, 201))),
    "admin_custom_schedule": (custom_schedule, (400, 201)),
    "regex_match": (regex, (400, 201)),
    "update_start": (
        update_start,
        (["2030-01-01", "2029-12-12"], ["2030-01-01", "2030-01-01"], ["2029-12-25", "2029-12-12"]),
    ),
    "end_beyond_policy": (too_long, (400, "2031-01-01", "2031-02-05")),
    "stored_expiration": (stored, (("afterDateTime", None), ("afterDuration", "P10D"))),
    "unknown_entity": (unknown_person, ((404, "ResourceNotFound"), (400, "InvalidRequest"), (400, NEW_PERSON))),
    "create_status": (status_of(add(ADA)), (201, 200)),
    "create_answer": (lambda sim, graph: bool(graph.request(add(ADA)).content), (True, False)),
    "policy_questions": (policy_questions, ((200, 400, None), (400, 400, True), (400, 200, None), (400, 400, None))),
    "member_cast": (member_cast, ((200, 200), (400, 200))),
    "update_while_open": (update_twice, (400, 201)),
    "approval_timeout": (no_decision, ("denied", "canceled")),
    "delete_delivered": (delete_delivered, ((400, 200), (204, 200))),
    "remove_expired": (remove_expired, ("InvalidRequestNoActiveGrant", "ResourceNotFound")),
    "cancel_delivery_failed": (cancel_failed, (400, 200)),
    "cancel_waiting": (cancel_waiting, (400, 200)),
    "cancel_status": (cancel_status, (200, 204)),
    "cancel_app": (cancel_app, (403, 200)),
    "cancel_own": (cancel_own, (403, 200)),
    "behalf_policy": (behalf_policy, (400, 201)),
    "own_assignments": (of_caller(OWN), (403, 200)),
    "function_options": (of_caller(READ, expand="target"), (200, 400)),
    "read_own": (read_own, (403, 200)),
    "additional_access_app": (additional_access, (403, 200)),
    "basic_profile": (profile, (None, "Member")),
    "batch_throttle_status": (throttled_batch, (200, 424)),
    "licence": (lambda sim, graph: graph.em("/assignments").status_code, (200, 403)),
    "cloud": (national_cloud, ((201, 404, 200, True), (400, 400, 400, False), (400, 400, 400, False))),
}


@pytest.mark.parametrize(
    ("name", "reading", "expected"),
    [
        (name, reading, PROBES[name][1][index])
        for name, switch in SWITCHES.items()
        for index, reading in enumerate(switch.readings)
    ],
)
def test_each_reading_shows(sim: Running, name: str, reading: str, expected: Any) -> None:
    sim.set_clock(START)
    sim.load("contoso")
    sim.switches(**{name: reading})
    graph = Graph(sim, sim.token(seconds=86400 * 30))
    assert PROBES[name][0](sim, graph) == expected


def test_unknown_switches_and_readings_are_refused(sim: Running) -> None:
    with pytest.raises(DoorError, match="unknown switch"):
        sim.switches(weather="fine")
    with pytest.raises(DoorError, match=r"present \| absent"):
        sim.switches(licence="expired")


def test_reset_takes_switches_and_settings_back(sim: Running, graph: Graph) -> None:
    sim.switches(licence="absent")
    sim.settings(page_size=1)
    sim.reset()
    page = graph.em("/assignments").json()
    assert len(page["value"]) > 1


@pytest.mark.parametrize("values", [{"page_sise": 1}, {"page_size": -1}, {"page_size": 0}])
def test_unknown_settings_are_refused(sim: Running, values: dict[str, float]) -> None:
    with pytest.raises(DoorError):
        sim.settings(**values)
