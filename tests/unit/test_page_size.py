# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Large pages: asked for where many rows are expected, and what is learnt where Graph does not like them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import GraphError
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import (
    list_assignments,
    search_assignments,
    search_requests,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._graph.page_size import PageSizes
from tests.support.scripted import Answer, Received, Scripted
from tests.unit.conftest import StoppedClock

PLACE = "/identityGovernance/entitlementManagement/assignments"
LONG = Call("GET", PLACE, is_long=True)
OTHER = Call("GET", "/others", is_long=True)
BAD, TOO_SLOW = (
    Answer(400, {"error": {"code": "BadRequest", "message": "no $top"}}),
    Answer(504, {}, {"Retry-After": "0"}),
)


def rows(*ids: int, link: str | None = None) -> Answer:
    body: dict[str, Any] = {"value": [{"id": str(each)} for each in ids]}
    return Answer(200, {**body, "@odata.nextLink": link} if link else body)


def sizes(server: Scripted) -> list[str | None]:
    return [parse_qs(urlsplit(call.path).query).get("$top", [None])[0] for call in server.calls]


def ids(client: GraphClient, call: Call = LONG) -> list[str]:
    return [row["id"] for page in client.pages(call) for row in page]


def test_only_a_long_list_is_asked_for_in_large_pages(server: Scripted, client: GraphClient) -> None:
    server.answers(rows(1), rows(2))
    assert ids(client) == ["1"]
    assert ids(client, Call("GET", PLACE)) == ["2"]
    assert sizes(server) == ["500", None]


def test_a_size_that_a_caller_asks_for_stays(server: Scripted, client: GraphClient) -> None:
    server.answers(rows(1), rows(2))
    assert ids(client, replace(LONG, query={"$top": "50"})) == ["1"]
    assert ids(client) == ["2"]
    assert sizes(server) == ["50", "500"]


def test_which_lists_are_long() -> None:
    assert list_assignments("package", None).is_long
    assert not list_assignments("package", "ada").is_long
    assert search_assignments(state="Delivered").is_long
    assert search_requests().is_long
    assert not search_requests(state="delivering").is_long


def test_a_refusal_costs_one_call_for_each_list(server: Scripted, client: GraphClient) -> None:
    server.answers(BAD, rows(1), rows(2), rows(3))
    assert [ids(client), ids(client), ids(client, OTHER)] == [["1"], ["2"], ["3"]]
    assert sizes(server) == ["500", None, None, "500"]


def test_a_refusal_for_another_reason_is_told(server: Scripted, client: GraphClient) -> None:
    server.answers(BAD, Answer(400, {"error": {"code": "InvalidFilter", "message": "Invalid filter clause"}}))
    with pytest.raises(GraphError, match="Invalid filter clause"):
        ids(client)
    assert sizes(server) == ["500", None]


def test_a_page_that_takes_too_long_is_halved_at_once(server: Scripted, client: GraphClient) -> None:
    server.answers(TOO_SLOW, TOO_SLOW, rows(1), rows(2))
    assert [ids(client), ids(client)] == [["1"], ["2"]]
    assert sizes(server) == ["500", "250", "125", "125"]


def test_below_the_size_of_graphs_own_pages_it_chooses_itself(server: Scripted, client: GraphClient) -> None:
    server.answers(TOO_SLOW, TOO_SLOW, TOO_SLOW, TOO_SLOW, rows(1))
    assert ids(client) == ["1"]
    # The last one is an outage like any other, which is waited for.
    assert sizes(server) == ["500", "250", "125", None, None]


def too_slow(seconds: str) -> Answer:
    return Answer(504, {}, {"Retry-After": seconds})


def test_what_a_page_that_takes_too_long_asks_for_is_waited_for(
    server: Scripted, client: GraphClient, clock: StoppedClock
) -> None:
    server.answers(too_slow("7"), too_slow("2.5"), rows(1))
    assert ids(client) == ["1"]
    assert clock.pauses == [7.0, 2.5]


def test_what_a_later_page_asks_for_is_waited_for(server: Scripted, client: GraphClient, clock: StoppedClock) -> None:
    server.answers(rows(1, link=f"{server.url}/v1.0{PLACE}?$top=500&$skiptoken=x"), too_slow("7"), rows(1, 2))
    assert ids(client) == ["1", "1", "2"]
    assert clock.pauses == [7.0]


def test_the_longest_pause_is_taken_for_lists_that_are_read_together(
    server: Scripted, client: GraphClient, clock: StoppedClock
) -> None:
    def slow_in_large_pages(received: Received) -> Answer:
        answers = []
        for number, item in enumerate(received.body["requests"]):
            slow = {"status": 504, "headers": {"Retry-After": str(number)}, "body": {}}
            taken = {"status": 200, "body": {"value": []}}
            answers.append({"id": item["id"], **(slow if "$top=500" in item["url"] else taken)})
        return Answer(200, {"responses": answers})

    server.answer = slow_in_large_pages
    lists = [Call("GET", PLACE, {"$filter": f"state eq '{n}'"}, is_long=True) for n in range(5)]
    assert client.fetch_lists(lists) == [[]] * 5
    assert clock.pauses == [4.0]
    assert len(server.calls) == 2


@pytest.mark.parametrize("refusal", [BAD, TOO_SLOW])
def test_after_an_hour_large_pages_are_asked_for_again(
    server: Scripted, client: GraphClient, clock: StoppedClock, refusal: Answer
) -> None:
    """As a client that lives for weeks has to."""
    server.answers(refusal, rows(1), rows(2), rows(3), rows(4))
    ids(client)
    smaller = sizes(server)[1]
    clock.pause(3599)
    ids(client)
    clock.pause(1)
    ids(client)
    ids(client)
    assert sizes(server) == ["500", smaller, smaller, "500", "500"]


def test_an_outage_says_nothing_of_sizes(server: Scripted, client: GraphClient) -> None:
    server.answers(*[TOO_SLOW] * 6, rows(1))
    with pytest.raises(GraphError):
        ids(client)
    assert ids(client) == ["1"]
    assert sizes(server) == ["500", "250", "125", None, None, None, "500"]


def test_a_refusal_for_another_reason_says_nothing_of_sizes(server: Scripted, client: GraphClient) -> None:
    server.answers(BAD, BAD, rows(1))
    with pytest.raises(GraphError, match="no \\$top"):
        ids(client)
    assert ids(client) == ["1"]
    assert sizes(server) == ["500", None, "500"]


def test_a_late_answer_does_not_enlarge_the_pages(clock: StoppedClock) -> None:
    learnt = PageSizes(clock)
    small, large = (replace(LONG, query={"$top": size}) for size in ("125", "250"))
    learnt.learn(small)
    learnt.learn(large)
    assert learnt.ask(LONG) == small


@pytest.mark.parametrize(("size", "calls"), [("1", 2), ("500", 1)])
def test_only_a_size_that_is_asked_for_here_is_not_waited_for(
    server: Scripted, client: GraphClient, size: str, calls: int
) -> None:
    """Selfcheck asks for a page of one row, which cannot be too large."""
    server.answers(TOO_SLOW, rows(1))
    with suppress(GraphError):
        client.send(Call("GET", PLACE, {"$top": size}))
    assert len(server.calls) == calls


@pytest.mark.parametrize("sign", ["$top=500", "%24top=500"])
def test_a_later_page_that_takes_too_long_has_the_list_read_anew(
    server: Scripted, client: GraphClient, sign: str
) -> None:
    link = f"{server.url}/v1.0{PLACE}?{sign}&$skiptoken=x"
    server.answers(rows(1, 2, link=link), TOO_SLOW, rows(1, 2, 3))
    (page,) = client.fetch_lists([LONG])
    assert not isinstance(page, Exception)
    assert [row["id"] for row in page] == ["1", "2", "3"]
    assert sizes(server) == ["500", "500", "250"]


def without_top(received: Received) -> Answer:
    """Take each operation of a batch that does not ask for large pages."""
    taken = {"status": 200, "body": {"value": [{"id": "x"}]}}
    refused = {"status": 400, "body": BAD.body}
    answers = [
        {"id": item["id"], **(refused if "$top" in item["url"] else taken)} for item in received.body["requests"]
    ]
    return Answer(200, {"responses": answers})


def test_lists_that_are_refused_together_are_asked_for_together(server: Scripted, client: GraphClient) -> None:
    server.answer = without_top
    lists = [Call("GET", PLACE, {"$filter": f"state eq '{n}'"}, is_long=True) for n in range(5)]
    assert client.fetch_lists(lists) == [[{"id": "x"}]] * 5
    assert len(server.calls) == 2
