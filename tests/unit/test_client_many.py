# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists with all their pages, and many operations in one call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import GraphError, TransportError, Unreadable
from ansible_collections.idgov.entra.plugins.module_utils._graph.batch import Reply
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call, Response
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._graph.page import Single
from tests.support.scripted import Answer, Received, Scripted
from tests.unit.conftest import NewClient, StoppedClock

LIST = Call("GET", "/users", {"$filter": "mail eq 'ada@contoso.com'"})
BATCH = "/v1.0/$batch"
ItemAnswer = Callable[[dict[str, Any]], dict[str, Any]]


def page(server: Scripted, *ids: int, link: str | None = None) -> Answer:
    rows = {"value": [{"id": each} for each in ids]}
    return Answer(200, {**rows, "@odata.nextLink": link} if link else rows)


def test_a_list_is_read_page_by_page_when_it_is_asked_for(server: Scripted, client: GraphClient) -> None:
    two, three = f"{server.url}/v1.0/users?$skiptoken=a%2Bb", f"{server.url}/v1.0/users?$skiptoken=c"
    server.answers(page(server, 1, 2, link=two), page(server, link=three), page(server, 3))
    pages = client.pages(LIST)
    assert next(pages) == [{"id": 1}, {"id": 2}]
    assert len(server.calls) == 1
    assert list(pages) == [[], [{"id": 3}]]
    assert [call.path for call in server.calls[1:]] == ["/v1.0/users?$skiptoken=a%2Bb", "/v1.0/users?$skiptoken=c"]
    assert {call.headers["authorization"] for call in server.calls} == {"Bearer token-1"}
    assert len({call.headers["client-request-id"] for call in server.calls}) == 3
    assert (client.http_calls, client.operations) == (3, 3)


@pytest.mark.parametrize(
    "link",
    [
        pytest.param("https://evil.example/v1.0/users?$skiptoken=x", id="another host"),
        pytest.param("{http}/v1.0/users?$skiptoken=x", id="without TLS"),
        pytest.param("{root}0/v1.0/users?$skiptoken=x", id="another port"),
        pytest.param("{root}@evil.example/v1.0/users", id="our host as a user's name"),
        pytest.param("https://user@{host}/v1.0/users", id="a user's name before our host"),
        pytest.param("{root}.evil.example/v1.0/users", id="our host as a part"),
        pytest.param("//evil.example/v1.0/users", id="no scheme"),
        pytest.param("/v1.0/users?$skiptoken=x", id="a path alone"),
        pytest.param("https://[::1/v1.0/users", id="unreadable"),
        pytest.param("{root}\\@evil.example/v1.0/users", id="backslash"),
    ],
)
def test_a_link_that_leads_elsewhere_is_not_followed(server: Scripted, client: GraphClient, link: str) -> None:
    root = server.url
    places = {"root": root, "http": root.replace("https:", "http:"), "host": root.removeprefix("https://")}
    server.answers(page(server, 1, link=link.format(**places)), page(server, 2))
    pages = client.pages(LIST)
    assert next(pages) == [{"id": 1}]
    with pytest.raises(TransportError, match="was not followed") as raised:
        next(pages)
    assert raised.value.url == f"{server.url}/v1.0/users"
    assert len(server.calls) == 1


def test_a_circle_of_links_is_not_followed_for_ever(server: Scripted, client: GraphClient) -> None:
    one, two = f"{server.url}/v1.0/users?$skiptoken=1", f"{server.url}/v1.0/users?$skiptoken=2"
    server.answers(page(server, 0, link=one), *[page(server, 1, link=two), page(server, 2, link=one)] * 9)
    with pytest.raises(TransportError, match="back to an earlier page"):
        list(client.pages(LIST))
    assert len(server.calls) == 3


def test_an_object_is_no_list_and_a_list_is_no_object(server: Scripted, client: GraphClient) -> None:
    server.answers(Answer(200, {"id": "x"}), Answer(200, {"id": "x"}))
    (found,) = client.fetch_objects([Call("GET", "/users/x")])
    assert isinstance(found, Single)
    assert found.body == {"id": "x"}
    (refused,) = client.fetch_lists([Call("GET", "/users/x")])
    assert isinstance(refused, Unreadable)
    assert refused.member == "value"


def in_batches(server: Scripted, *rounds: ItemAnswer | Answer) -> None:
    """Answer each batch by the next of these: a function from an item to its answer, or an answer to the whole."""
    left = iter(rounds)

    def answer(call: Received) -> Answer:
        step = next(left, Answer(500))
        if isinstance(step, Answer):
            return step
        assert call.path == BATCH
        responses = [{"id": item["id"], **step(item)} for item in call.body["requests"]]
        return Answer(200, {"responses": responses[::-1]})

    server.answer = answer


def echo(item: dict[str, Any]) -> dict[str, Any]:
    return {"status": 200, "body": {"url": item["url"]}}


def failing(status: int, *urls: str, retry_after: str | None = None) -> ItemAnswer:
    """Answer these items by a failure and the others well."""
    headers = {"Retry-After": retry_after} if retry_after else {}
    failure = {"status": status, "headers": headers, "body": {"error": {"code": "Busy", "message": "Later."}}}
    return lambda item: failure if item["url"] in urls else echo(item)


def urls(call: Received) -> list[str]:
    return [item["url"] for item in call.body["requests"]]


def reads(count: int) -> list[Call]:
    return [Call("GET", f"/users/{place}") for place in range(count)]


def writes(count: int) -> list[Call]:
    return [Call("POST", f"/requests/{place}", body={"place": place}) for place in range(count)]


def test_45_operations_take_three_calls_and_keep_their_order(server: Scripted, client: GraphClient) -> None:
    in_batches(server, echo, echo, echo)
    replies = client.send_all(reads(45))
    assert replies == [Response(200, {"url": f"/users/{place}"}) for place in range(45)]
    assert [len(urls(call)) for call in server.calls] == [20, 20, 5]
    assert (client.http_calls, client.operations) == (3, 45)
    ids = {item["headers"]["client-request-id"] for call in server.calls for item in call.body["requests"]}
    assert len(ids) == 45


def test_a_single_operation_goes_as_it_is_and_none_not_at_all(server: Scripted, client: GraphClient) -> None:
    server.answers(Answer(200, {"id": "x"}), Answer(404, {"error": {"code": "NotFound"}}))
    assert client.send_all([]) == []
    assert client.send_all(reads(1)) == [Response(200, {"id": "x"})]
    (error,) = client.send_all(reads(1))
    assert isinstance(error, GraphError)
    assert [call.path for call in server.calls] == ["/v1.0/users/0"] * 2


def test_throttled_items_alone_are_sent_again_after_the_longest_pause(
    server: Scripted, client: GraphClient, clock: StoppedClock
) -> None:
    def first(item: dict[str, Any]) -> dict[str, Any]:
        pause = {"/requests/1": "2.128", "/requests/3": "7.5"}.get(item["url"])
        return failing(429, item["url"], retry_after=pause)(item) if pause else echo(item)

    in_batches(server, first, echo)
    replies = client.send_all(writes(5))
    assert [reply.status for reply in replies if isinstance(reply, Response)] == [200] * 5
    assert [urls(call) for call in server.calls] == [
        ["/requests/0", "/requests/1", "/requests/2", "/requests/3", "/requests/4"],
        ["/requests/1", "/requests/3"],
    ]
    assert server.calls[1].body["requests"][1]["body"] == {"place": 3}
    assert clock.pauses == [7.5]


@pytest.mark.parametrize("status", [429, 503, 504])
def test_items_that_stay_unavailable_are_given_up(
    server: Scripted, new_client: NewClient, clock: StoppedClock, status: int
) -> None:
    in_batches(server, *[failing(status, "/users/1", retry_after="1")] * 9)
    replies = new_client(retries=2).send_all(reads(3))
    assert isinstance(replies[1], GraphError)
    assert (replies[1].status, replies[1].url) == (status, f"{server.url}/v1.0/users/1")
    assert [len(urls(call)) for call in server.calls] == [3, 1, 1]
    assert clock.pauses == [1.0, 1.0]


@pytest.mark.parametrize("status", [500, 503, 504])
def test_a_write_that_may_have_been_carried_out_is_not_sent_again(
    server: Scripted, client: GraphClient, status: int
) -> None:
    in_batches(server, failing(status, "/requests/1"), echo)
    replies = client.send_all(writes(3))
    assert [getattr(reply, "status", None) for reply in replies] == [200, status, 200]
    assert len(server.calls) == 1


def test_an_item_that_is_missing_is_asked_again_if_it_reads(server: Scripted, client: GraphClient) -> None:
    calls = [*reads(2), *writes(2)]
    in_batches(server, lambda item: {**echo(item), "id": "gone"} if item["url"].endswith("1") else echo(item), echo)
    replies = client.send_all(calls)
    assert [isinstance(reply, Response) for reply in replies] == [True, True, True, False]
    assert isinstance(replies[3], TransportError)
    assert replies[3].sent
    assert urls(server.calls[1]) == ["/users/1"]


@pytest.mark.parametrize("whole", [Answer(503), Answer(instead="close")], ids=["503", "closed"])
def test_a_batch_that_fails_as_a_whole_is_repeated_for_its_reads_only(
    server: Scripted, client: GraphClient, whole: Answer
) -> None:
    in_batches(server, whole, echo)
    replies = client.send_all([*reads(2), *writes(2)])
    assert [isinstance(reply, Response) for reply in replies] == [True, True, False, False]
    assert [urls(call) for call in server.calls][1:] == [["/users/0", "/users/1"]]


def one_by_one(server: Scripted, batch: Answer, single: Callable[[Received], Answer]) -> None:
    """Answer every batch as a whole by one answer, and what comes alone by another."""
    server.answer = lambda call: batch if call.path == BATCH else single(call)


def test_a_batch_that_is_refused_as_a_whole_was_not_carried_out_and_its_items_go_singly(
    server: Scripted, client: GraphClient
) -> None:
    refusal = {"error": {"code": "BadRequest", "message": "Write request id : 2 does not contain a body."}}
    bad = {"error": {"code": "InvalidRequest", "message": "No."}}
    one_by_one(
        server,
        Answer(400, refusal),
        lambda call: Answer(400, bad) if call.path.endswith("requests/1") else Answer(201, {"path": call.path}),
    )
    final: dict[int, Reply] = {}

    def goes_on(some: Mapping[int, Reply]) -> bool:
        final.update(some)
        return True

    replies = client.send_all([*reads(1), *writes(3)], goes_on=goes_on)
    assert [getattr(reply, "status", None) for reply in replies] == [201, 201, 400, 201]
    assert isinstance(replies[2], GraphError)
    assert (replies[2].code, replies[2].message) == ("InvalidRequest", "No")
    assert [call.path.removeprefix("/v1.0") for call in server.calls] == [
        "/$batch",
        "/users/0",
        "/requests/0",
        "/requests/1",
        "/requests/2",
    ]
    assert [call.body for call in server.calls[2:]] == [{"place": place} for place in range(3)]
    assert [final[place] for place in range(4)] == replies


@pytest.mark.parametrize("status", [401, 403, 404, 413])
def test_only_a_400_says_that_nothing_of_a_batch_was_carried_out(
    server: Scripted, client: GraphClient, status: int
) -> None:
    one_by_one(server, Answer(status, {"error": {"code": "No"}}), lambda call: Answer(201, {}))
    assert [getattr(reply, "status", None) for reply in client.send_all(writes(2))] == [status] * 2
    assert {call.path for call in server.calls} == {BATCH}


def test_a_batch_that_is_throttled_as_a_whole_is_sent_again(
    server: Scripted, client: GraphClient, clock: StoppedClock
) -> None:
    in_batches(server, Answer(429, {"error": {"code": "TooManyRequests"}}, {"Retry-After": "2.5"}), echo)
    assert all(isinstance(reply, Response) for reply in client.send_all(writes(3)))
    assert len(server.calls) == 2
    assert clock.pauses == [2.5]


def test_a_batch_that_answers_424_as_a_whole_says_what_became_of_each_operation(
    server: Scripted, client: GraphClient, clock: StoppedClock
) -> None:
    throttled = {"id": "1", "status": 429, "headers": {"Retry-After": "3.5"}, "body": {"error": {"code": "Busy"}}}
    whole = Answer(424, {"responses": [throttled, {"id": "0", "status": 201, "body": {"id": "x"}}]})
    in_batches(server, whole, echo)
    replies = client.send_all(writes(2))
    assert replies == [Response(201, {"id": "x"}), Response(200, {"url": "/requests/1"})]
    assert urls(server.calls[1]) == ["/requests/1"]
    assert clock.pauses == [3.5]


@pytest.mark.parametrize(
    "body", [None, b"null", [], [{"id": 1}], "x", 7, {"value": {"a": 1}}, {"value": 7}, {"value": [7]}]
)
def test_what_cannot_be_read_is_not_taken_for_nothing_there(server: Scripted, client: GraphClient, body: Any) -> None:
    server.answers(Answer(200, body))
    (found,) = client.fetch_lists([LIST])
    assert isinstance(found, Unreadable)
    assert (found.method, found.status) == ("GET", 200)
    assert found.message.startswith("the answer to GET /v1.0/users cannot be read: ")


def test_lists_read_together_follow_their_own_pages_and_fail_alone(server: Scripted, client: GraphClient) -> None:
    link = f"{server.url}/v1.0/users/0?$skiptoken=x"

    def first(item: dict[str, Any]) -> dict[str, Any]:
        if item["url"] == "/users/0":
            return {"status": 200, "body": {"value": [{"id": 1}], "@odata.nextLink": link}}
        return failing(403, "/users/1")(item)

    in_batches(server, first, page(server, 2))
    (whole, error), (single,) = client.fetch(reads(3)[:2], reads(3)[2:])
    assert whole == [{"id": 1}, {"id": 2}]
    assert isinstance(error, GraphError)
    assert error.status == 403
    assert isinstance(single, Single)
    assert single.body == {"url": "/users/2"}


def test_a_list_whose_later_page_is_lost_is_no_list(server: Scripted, client: GraphClient) -> None:
    link = f"{server.url}/v1.0/users?$skiptoken=x"
    server.answers(page(server, 1, link=link), Answer(404, {"error": {"code": "NotFound"}}))
    (found,) = client.fetch_lists([LIST])
    assert isinstance(found, GraphError)


def test_lists_read_page_by_page_start_together(server: Scripted, client: GraphClient) -> None:
    link = f"{server.url}/v1.0/users/0?$skiptoken=x"

    def first(item: dict[str, Any]) -> dict[str, Any]:
        rows: dict[str, Any] = {"value": [{"url": item["url"]}]}
        return {"status": 200, "body": {**rows, "@odata.nextLink": link} if item["url"] == "/users/0" else rows}

    in_batches(server, first, page(server, 2), Answer(200, {"value": [{"url": "/users/20"}]}))
    pages = client.pages_of_all(reads(21))
    assert [next(pages), next(pages), next(pages)] == [[{"url": "/users/0"}], [{"id": 2}], [{"url": "/users/1"}]]
    assert len(server.calls) == 2
    assert [row["url"] for rows in pages for row in rows] == [f"/users/{number}" for number in range(2, 21)]
    assert [call.path for call in server.calls] == [BATCH, link.removeprefix(server.url), "/v1.0/users/20"]


def test_a_list_among_others_that_fails_ends_the_reading(server: Scripted, client: GraphClient) -> None:
    def first(item: dict[str, Any]) -> dict[str, Any]:
        return {"status": 200, "body": {"value": [echo(item)["body"]]}} if item["url"] == "/users/0" else refused(item)

    refused = failing(403, "/users/1")
    in_batches(server, first)
    pages = client.pages_of_all(reads(3))
    assert next(pages) == [{"url": "/users/0"}]
    with pytest.raises(GraphError):
        next(pages)
