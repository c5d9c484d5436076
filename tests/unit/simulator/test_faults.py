# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on order."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

from tests.simulator.running import DoorError, Running
from tests.support.calls import CREATE
from tests.unit.simulator.graph_client import ENTITLEMENT, Graph, add, code_of

PATH = f"{ENTITLEMENT}/assignments"


def made(sim: Running) -> int:
    return sum(1 for request in sim.dump()["requests"] if request["state"] == "submitted")


def statuses(graph: Graph, count: int) -> list[int]:
    return [graph.get(PATH).status_code for _dummy in range(count)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"nth": 2}, [200, 503, 200, 200]),
        ({"times": 2}, [503, 503, 200, 200]),
        ({"every": 2}, [200, 503, 200, 503]),
        ({"every": 2, "times": 1}, [200, 503, 200, 200]),
        ({}, [503, 503, 503, 503]),
        ({"method": "POST"}, [200, 200, 200, 200]),
        ({"path": "assignments$"}, [503, 503, 503, 503]),
        ({"path": "Requests"}, [200, 200, 200, 200]),
        ({"batch": True}, [200, 200, 200, 200]),
    ],
)
def test_rules_say_which_operations_are_hit(
    sim: Running, graph: Graph, rule: dict[str, Any], expected: list[int]
) -> None:
    sim.faults({**rule, "effect": {"status": 503}})
    assert statuses(graph, 4) == expected
    sim.faults()
    assert statuses(graph, 1) == [200]


def test_rules_count_what_they_saw_and_hit(sim: Running, graph: Graph) -> None:
    sim.faults({"times": 1, "effect": {"status": 500}}, {"body": "adminAdd", "effect": {"status": 504}})
    statuses(graph, 2)
    assert code_of(graph.request(add())) == (504, "GatewayTimeout")
    assert sim.fault_counts() == [{"seen": 3, "hit": 1}, {"seen": 1, "hit": 1}]


def test_throttling_with_and_without_a_time(sim: Running, graph: Graph) -> None:
    sim.faults({"nth": 1, "effect": {"status": 429, "retry_after": 2.128}}, {"nth": 2, "effect": {"status": 429}})
    first, second = graph.get(PATH), graph.get(PATH)
    assert (first.status_code, first.headers["Retry-After"]) == (429, "2.128")
    assert first.json()["error"]["code"] == "TooManyRequests"
    assert (second.status_code, second.headers.get("Retry-After")) == (429, None)


def test_an_error_may_hide_that_it_was_done(sim: Running, graph: Graph) -> None:
    sim.faults({**CREATE, "times": 1, "effect": {"status": 504}})
    assert (graph.request(add()).status_code, made(sim)) == (504, 0)
    sim.faults({**CREATE, "times": 1, "effect": {"status": 504, "carried_out": True}})
    assert (graph.request(add()).status_code, made(sim)) == (504, 1)


@pytest.mark.parametrize(("moment", "requests_made"), [("before", 0), ("after", 1)])
def test_the_connection_breaks_off(sim: Running, graph: Graph, moment: str, requests_made: int) -> None:
    sim.faults({**CREATE, "times": 1, "effect": {"reset": moment}})
    with pytest.raises(requests.ConnectionError):
        graph.request(add())
    assert made(sim) == requests_made
    assert graph.get(PATH).status_code == 200


def test_a_body_is_cut_short(sim: Running, graph: Graph) -> None:
    sim.faults({"times": 1, "effect": {"truncate": 40}})
    with pytest.raises(requests.RequestException):
        graph.get(PATH)
    assert graph.get(PATH).status_code == 200


def test_an_answer_comes_late(sim: Running, graph: Graph) -> None:
    graph.get(PATH)
    sim.faults({"times": 1, "effect": {"slow": 0.3}})
    before = time.monotonic()
    assert graph.get(PATH).status_code == 200
    assert time.monotonic() - before >= 0.3


def test_latency_delays_every_answer(sim: Running, graph: Graph) -> None:
    graph.get(PATH)
    sim.settings(latency_ms=100)
    before = time.monotonic()
    statuses(graph, 2)
    assert time.monotonic() - before >= 0.2


def test_a_token_expires_on_order(sim: Running, graph: Graph) -> None:
    sim.faults({"times": 1, "effect": {"token_expired": True}})
    assert code_of(graph.get(PATH)) == (401, "InvalidAuthenticationToken")
    assert graph.get(PATH).status_code == 200


def test_reads_lag_behind_for_some_reads(sim: Running, graph: Graph) -> None:
    sim.faults({**CREATE, "times": 1, "effect": {"lag": {"reads": 2}}})
    path = f"/assignmentRequests/{graph.request(add()).json()['id']}"
    assert [graph.em(path).status_code for _dummy in range(3)] == [404, 404, 200]
    again = graph.request(add())
    assert again.json()["error"]["details"][0]["code"] == "ExistingOpenRequest"


def test_reads_lag_behind_for_some_time(sim: Running, graph: Graph) -> None:
    sim.faults({**CREATE, "times": 1, "effect": {"lag": {"seconds": 30}}})
    path = f"/assignmentRequests/{graph.request(add()).json()['id']}"
    sim.advance(29)
    assert graph.em(path).status_code == 404
    sim.advance(1)
    assert graph.em(path).json()["state"] == "delivered"


def test_the_sign_in_is_busy(sim: Running, graph: Graph) -> None:
    address = f"{sim.url}/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration"
    sim.faults({"service": "signin", "times": 1, "effect": {"status": 429, "retry_after": 60}})
    # What Graph answers is another thing.
    assert statuses(graph, 1) == [200]
    busy, well = (requests.get(address, verify=sim.ca_path, timeout=10) for _dummy in range(2))
    assert (busy.status_code, busy.text, busy.headers["Retry-After"]) == (429, "Too Many Requests", "60")
    assert well.json()["token_endpoint"].startswith(sim.url)
    assert [call["status"] for call in sim.calls() if call["service"] == "signin"] == [429, 200]


def test_a_delivery_hangs(sim: Running, graph: Graph) -> None:
    sim.faults({**CREATE, "times": 1, "effect": {"outcome": "limbo"}})
    path = f"/assignmentRequests/{graph.request(add()).json()['id']}"
    sim.advance(1800)
    assert graph.em(path).json()["state"] == "delivering"


def test_answers_point_elsewhere(sim: Running, graph: Graph) -> None:
    sim.settings(page_size=2)
    sim.faults(
        {"nth": 1, "effect": {"redirect": "https://evil.example"}},
        {"nth": 2, "effect": {"next_link": "https://evil.example"}},
    )
    redirected = graph.get(PATH)
    assert (redirected.status_code, redirected.headers["Location"]) == (302, f"https://evil.example{PATH}")
    link = graph.get(PATH).json()["@odata.nextLink"]
    assert link.startswith(f"https://evil.example/v1.0{ENTITLEMENT}/assignments?")


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"effect": {}},
        {"effect": {"explode": True}},
        {"effect": {"reset": "during"}},
        {"effect": {"outcome": "lost"}},
        {"verb": "GET", "effect": {"status": 500}},
        {"path": "(", "effect": {"status": 500}},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(sim: Running, rule: dict[str, Any]) -> None:
    with pytest.raises(DoorError):
        sim.faults(rule)
