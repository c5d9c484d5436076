# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON batching."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.running import Running
from tests.unit.simulator.graph_client import ADA, BO, ENTITLEMENT, Graph, Json, add, code_of

JSON = {"Content-Type": "application/json"}
USER = {"method": "GET", "url": f"/users/{ADA}"}


def by_id(response: Any) -> dict[str, Json]:
    return {item["id"]: item for item in response.json()["responses"]}


def creation(user: str, **more: Any) -> Json:
    return {"method": "POST", "url": f"{ENTITLEMENT}/assignmentRequests", "headers": JSON, "body": add(user), **more}


def test_items_are_answered_each_by_itself(sim: Running, graph: Graph) -> None:
    response = graph.batch(
        USER, creation(BO), {"method": "GET", "url": "/users/nobody"}, {"method": "GET", "url": "users?$top=1"}
    )
    answers = by_id(response)
    assert response.status_code == 200
    assert {item_id: item["status"] for item_id, item in answers.items()} == {"1": 200, "2": 201, "3": 404, "4": 200}
    assert answers["3"]["body"]["error"]["code"] == "Request_ResourceNotFound"
    rows = sim.calls()
    assert [row["batch"] for row in rows] == [None, 1, 1, 1, 1]
    assert rows[2]["body"] == add(BO)


def test_the_empty_member_that_the_python_sdk_adds_is_taken(graph: Graph) -> None:
    assert by_id(graph.batch({**USER, "depends_on": []}))["1"]["status"] == 200
    assert graph.batch({**USER, "depends_on": ["1"]}).status_code == 400


def test_answers_come_in_an_order_that_the_seed_repeats(sim: Running, graph: Graph) -> None:
    items = [USER] * 20
    orders = []
    for _dummy in range(2):
        sim.reset()
        orders.append([item["id"] for item in graph.batch(*items).json()["responses"]])
    assert orders[0] == orders[1]
    assert orders[0] != sorted(orders[0], key=int)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"requests": []},
        {"requests": [{"id": str(number), **USER} for number in range(21)]},
        {"requests": [{"id": "1", **USER}, {"id": "1", **USER}]},
        {"requests": [USER]},
        {"requests": [{"id": 1, **USER}]},
        {"requests": [{"id": "1", "method": "LIST", "url": "/users"}]},
        {"requests": [{"id": "1", "method": "GET", "url": "https://graph.microsoft.com/v1.0/users"}]},
        {"requests": [{"id": "1", "method": "GET", "url": "/v1.0/users"}]},
        {"requests": [{"id": "1", "method": "POST", "url": "/$batch"}]},
        {"requests": [{"id": "1", **USER, "extra": 1}]},
        {"requests": [{"id": "1", **creation(ADA), "headers": {}}]},
        {"requests": [{"id": "1", "method": "GET", "url": "/users", "body": {}}]},
        {"requests": [{"id": "1", **USER, "dependsOn": ["2"]}, {"id": "2", **USER}]},
        {"requests": [{"id": "1", **USER}, {"id": "2", **USER}, {"id": "3", **USER, "dependsOn": ["1", "2"]}]},
        {
            "requests": [
                *({"id": name, **USER} for name in ("1", "2")),
                {"id": "3", **USER, "dependsOn": ["1"]},
                {"id": "4", **USER, "dependsOn": ["2"]},
            ]
        },
        {"requests": [{"id": "1", **USER}], "more": True},
    ],
)
def test_a_malformed_batch_is_refused_whole(sim: Running, graph: Graph, body: Json) -> None:
    assert code_of(graph.call("POST", "/$batch", json=body)) == (400, "BadRequest")
    assert [row["batch"] for row in sim.calls()] == [None]


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT"])
@pytest.mark.parametrize("item", [{}, {"headers": JSON}, {"body": {}}, {"headers": JSON, "body": None}])
def test_one_write_without_a_body_or_its_type_refuses_the_whole_batch(
    sim: Running, graph: Graph, method: str, item: Json
) -> None:
    bare = {"method": method, "url": f"{ENTITLEMENT}/assignmentRequests/{ADA}/cancel", **item}
    response = graph.batch(creation(BO), bare)
    assert code_of(response) == (400, "BadRequest")
    said = response.json()["error"]["message"]
    assert said == "Write request id : 2 does not contain Content-Type header or body."
    assert not [row for row in sim.calls() if row["path"].endswith("assignmentRequests")]


def test_an_empty_object_is_a_body_that_says_nothing(graph: Graph) -> None:
    made = by_id(graph.batch(creation(BO, body=add(BO, schedule={"startDateTime": "2099-01-01T00:00:00Z"}))))["1"]
    request_id = made["body"]["id"]
    url = f"{ENTITLEMENT}/assignmentRequests/{request_id}/reprocess"
    answers = by_id(
        graph.batch(*({"method": "POST", "url": url, "headers": JSON, "body": body} for body in ({}, {"id": ADA})))
    )
    # The action takes no body, and this request is not one of those that it takes.
    assert [answers[item_id]["body"]["error"]["code"] for item_id in "12"] == ["InvalidRequest", "BadRequest"]


def test_a_dependent_of_a_failure_fails(sim: Running, graph: Graph) -> None:
    missing = {"method": "GET", "url": "/users/nobody"}
    answers = by_id(graph.batch(missing, creation(ADA, dependsOn=["1"])))
    assert answers["2"]["status"] == 424
    assert by_id(graph.batch(USER, creation(ADA, dependsOn=["1"])))["2"]["status"] == 201


def test_items_are_throttled_one_by_one(sim: Running, graph: Graph) -> None:
    sim.faults({"batch": True, "every": 2, "effect": {"status": 429, "retry_after": "2.128"}})
    response = graph.batch(*[USER] * 4)
    answers = by_id(response)
    assert response.status_code == 200
    assert [answers[item_id]["status"] for item_id in "1234"] == [200, 429, 200, 429]
    throttled = {name.lower(): value for name, value in answers["2"]["headers"].items()}
    assert throttled["retry-after"] == "2.128"
    assert answers["2"]["body"]["error"]["code"] == "TooManyRequests"


def test_a_batch_needs_a_token_once(sim: Running) -> None:
    assert Graph(sim, "").batch(USER).status_code == 401


def test_items_page_with_links_of_their_own(sim: Running, graph: Graph) -> None:
    sim.settings(page_size=2)
    answers = by_id(graph.batch({"method": "GET", "url": f"{ENTITLEMENT}/assignments?$filter=state eq 'Delivered'"}))
    link = answers["1"]["body"]["@odata.nextLink"]
    assert link.startswith(f"{sim.url}/v1.0{ENTITLEMENT}/assignments?")
    assert len(graph.get(link).json()["value"]) == 2
