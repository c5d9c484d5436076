# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One batch: what goes into it, and whose each part of the answer is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    GraphError,
    OptionError,
    TransportError,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.batch import (
    BATCH_SIZE,
    Reply,
    all_failed,
    pack,
    unpack,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call, Response
from ansible_collections.idgov.entra.plugins.module_utils._http.throttling import may_be_sent_again
from tests.unit.examples import example, examples

GRAPH = "https://graph.microsoft.com"
READ = Call("GET", "/users", {"$filter": "mail eq 'ada@contoso.com'"})
WRITE = Call("POST", "/assignmentRequests", body={"requestType": "adminAdd"})
PLAIN_WRITE = Call("POST", "/assignmentRequests/x/cancel")
THROTTLED = {"status": 429, "headers": {"Retry-After": "2.128"}, "body": {"error": {"code": "TooManyRequests"}}}


def taken_apart(calls: list[Call], responses: Any) -> list[Reply]:
    return unpack(calls, {"responses": responses}, base=GRAPH)


def test_a_batch_holds_each_call_without_root_and_version() -> None:
    body = pack([READ, WRITE])
    assert set(body) == {"requests"}
    one, two = body["requests"]
    assert (one["method"], one["url"]) == ("GET", "/users?$filter=mail%20eq%20'ada%40contoso.com'")
    assert two["body"] == {"requestType": "adminAdd"}
    assert two["headers"]["Content-Type"] == "application/json"
    assert "body" not in one
    assert "Content-Type" not in one["headers"]


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT"])
def test_a_write_has_a_body_and_its_type_also_where_it_says_nothing(method: str) -> None:
    (item,) = pack([Call(method, "/assignmentRequests/x/cancel")])["requests"]
    assert item["body"] == {}
    assert item["headers"]["Content-Type"] == "application/json"


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_what_has_no_body_in_http_has_none_in_a_batch(method: str) -> None:
    (item,) = pack([Call(method, "/assignmentRequests/x")])["requests"]
    assert "body" not in item
    assert "Content-Type" not in item["headers"]


def test_every_item_has_an_id_and_a_client_request_id_of_its_own() -> None:
    items = pack([READ] * BATCH_SIZE)["requests"]
    assert len({item["id"] for item in items}) == BATCH_SIZE
    assert all(isinstance(item["id"], str) for item in items)
    assert len({item["headers"]["client-request-id"] for item in items}) == BATCH_SIZE


@given(st.permutations(range(BATCH_SIZE)))
def test_answers_may_come_in_any_order(order: list[int]) -> None:
    calls = [Call("GET", f"/users/{place}") for place in range(BATCH_SIZE)]
    ids = [item["id"] for item in pack(calls)["requests"]]
    replies = taken_apart(calls, [{"id": ids[place], "status": 200, "body": {"place": place}} for place in order])
    assert replies == [Response(200, {"place": place}) for place in range(BATCH_SIZE)]


def test_an_answer_that_is_missing_is_an_unknown_end() -> None:
    there, missing = taken_apart([READ, WRITE], [{"id": "0", "status": 200, "body": {}}])
    assert isinstance(there, Response)
    assert isinstance(missing, TransportError)
    assert missing.sent
    assert (missing.method, missing.url) == ("POST", f"{GRAPH}/assignmentRequests")


def test_one_item_is_throttled_alone() -> None:
    response, error = taken_apart([READ, WRITE], [{"id": "1", **THROTTLED}, {"id": "0", "status": 200}])
    assert isinstance(response, Response)
    assert isinstance(error, GraphError)
    assert (error.status, error.code, error.retry_after) == (429, "TooManyRequests", 2.128)


@pytest.mark.parametrize(
    ("response", "status", "code"),
    [
        ({"status": 403, "body": {"error": {"code": "UnAuthorized"}}}, 403, "UnAuthorized"),
        ({"status": 424, "body": None}, 424, "HTTP 424"),
        ({"status": 302, "headers": {"location": "https://evil.example"}}, 302, "Redirect"),
        ({"status": 500, "headers": "x", "body": 7}, 500, "HTTP 500"),
        ({"status": 500, "headers": None, "body": "<html>"}, 500, "HTTP 500"),
    ],
)
def test_an_item_that_failed_is_an_error_of_its_own(response: dict[str, Any], status: int, code: str) -> None:
    (error,) = taken_apart([WRITE], [{"id": "0", **response}])
    assert isinstance(error, GraphError)
    assert (error.status, error.code, error.method) == (status, code, "POST")


@pytest.mark.parametrize(
    "answer",
    [
        *(None, [], "x", {}, {"responses": None}, {"responses": 7}, {"responses": []}, {"responses": [None, 7]}),
        *({"responses": [{"id": "9", "status": 200}]}, {"responses": [{"id": "0", "status": "OK"}, {"id": "1"}]}),
    ],
)
def test_an_answer_that_is_no_batch_leaves_every_end_unknown(answer: Any) -> None:
    replies = unpack([READ, WRITE], answer, base=GRAPH)
    assert [isinstance(reply, TransportError) and reply.sent for reply in replies] == [True, True]


@pytest.mark.parametrize("name", examples("generic__json-batching__01"))
def test_the_documented_batch_is_taken_apart(name: str) -> None:
    found = example(name)
    calls = [Call(item["method"], item["url"]) for item in found["request"]["body"]["requests"]]
    # The ids of the page count from one, those of this client from nought.
    body = {"responses": [{**r, "id": str(int(r["id"]) - 1)} for r in found["response"]["body"]["responses"]]}
    replies = unpack(calls, body, base=GRAPH)
    assert [getattr(reply, "status", None) for reply in replies] == [302, 200, 401, 204]


def graph_error(status: int) -> GraphError:
    return GraphError(
        "M", status=status, code="C", details=[], request_id="r", client_request_id=None, method="POST", url="/$batch"
    )


@pytest.mark.parametrize("error", [graph_error(503), TransportError("M", method="POST", url="/$batch", sent=True)])
def test_a_batch_that_failed_as_a_whole_failed_for_each_call(error: GraphError | TransportError) -> None:
    replies = all_failed([READ, WRITE], error, base=GRAPH)
    assert [type(reply) for reply in replies] == [type(error)] * 2
    assert [getattr(reply, "method", None) for reply in replies] == ["GET", "POST"]
    assert [getattr(reply, "url", None) for reply in replies] == [f"{GRAPH}/users", f"{GRAPH}/assignmentRequests"]
    assert replies[0] is not replies[1]


@pytest.mark.parametrize(
    ("reply", "reads_again", "writes_again"),
    [
        pytest.param(Response(200, {}), False, False, id="200"),
        pytest.param(graph_error(429), True, True, id="429: nothing was carried out"),
        pytest.param(graph_error(503), True, False, id="503"),
        pytest.param(graph_error(504), True, False, id="504"),
        pytest.param(graph_error(500), True, False, id="500"),
        pytest.param(graph_error(424), True, False, id="424"),
        pytest.param(graph_error(400), False, False, id="400"),
        pytest.param(graph_error(403), False, False, id="403"),
        pytest.param(graph_error(404), False, False, id="404"),
        pytest.param(graph_error(409), False, False, id="409"),
        pytest.param(TransportError("M", sent=True), True, False, id="answer lost"),
        pytest.param(OptionError("o", "M"), False, False, id="another error"),
    ],
)
def test_what_is_sent_again(reply: Reply | EntraError, reads_again: bool, writes_again: bool) -> None:
    assert may_be_sent_again(reply, is_read=READ.is_read) is reads_again
    assert may_be_sent_again(reply, is_read=WRITE.is_read) is writes_again


@pytest.mark.parametrize("response", [{"body": {}}, {"status": None}, {"status": "OK"}], ids=str)
def test_an_item_without_a_status_may_have_been_carried_out(response: dict[str, Any]) -> None:
    (reply,) = unpack([WRITE], {"responses": [{"id": "0", **response}]}, base=GRAPH)
    assert isinstance(reply, TransportError)
    assert reply.sent
