# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call over real TLS: what is repeated, what never is, and what becomes of answers that are none."""

from __future__ import annotations

from uuid import UUID

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import GraphError, TransportError, Unreadable
from ansible_collections.idgov.entra.plugins.module_utils._core.version import VERSION
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call, Response
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from tests.support.scripted import Answer, Scripted
from tests.unit.conftest import NewClient

READ = Call("GET", "/users", {"$filter": "mail eq 'ada@contoso.com'"})
WRITE = Call("POST", "/identityGovernance/entitlementManagement/assignmentRequests", body={"requestType": "adminAdd"})
CANCEL = Call("POST", "/identityGovernance/entitlementManagement/assignmentRequests/x/cancel")
DONE = Answer(200, {"id": "x"})


def busy(status: int, retry_after: str | None = None) -> Answer:
    headers = {"Retry-After": retry_after} if retry_after else {}
    return Answer(status, {"error": {"code": "Busy", "message": "Later."}}, headers)


def test_a_call_and_its_answer(server: Scripted, client: GraphClient) -> None:
    server.answers(DONE)
    assert client.send(WRITE) == Response(200, {"id": "x"})
    (call,) = server.calls
    assert (call.method, call.path, call.body) == ("POST", f"/v1.0{WRITE.path}", {"requestType": "adminAdd"})
    assert call.headers["authorization"] == "Bearer token-1"
    assert call.headers["content-type"] == "application/json"
    assert call.headers["accept"] == "application/json"
    assert call.headers["user-agent"] == f"ansible-idgov.entra/{VERSION}"


def test_an_answer_without_a_body(server: Scripted, client: GraphClient) -> None:
    server.answers(Answer(204), Answer(202))
    assert [client.send(CANCEL), client.send(CANCEL)] == [Response(204, None), Response(202, None)]
    assert [call.body for call in server.calls] == [None, None]


def test_every_call_has_a_client_request_id_of_its_own_and_connections_are_kept(
    server: Scripted, client: GraphClient
) -> None:
    server.answers(*[DONE] * 4)
    for call in (READ, WRITE, READ, CANCEL):
        client.send(call)
    assert len({UUID(call.headers["client-request-id"]) for call in server.calls}) == 4
    assert server.connections == 1
    assert (client.http_calls, client.operations) == (4, 4)


@pytest.mark.parametrize("call", [READ, WRITE], ids=["GET", "POST"])
def test_429_is_repeated_after_the_pause_that_graph_asks_for(
    server: Scripted, client: GraphClient, pauses: list[float], call: Call
) -> None:
    server.answers(busy(429, "2.128"), busy(429, "0.5"), DONE)
    assert client.send(call).body == {"id": "x"}
    assert pauses == [2.128, 0.5]
    assert [each.body for each in server.calls] == [call.body] * 3


def test_429_without_a_usable_pause_backs_off(server: Scripted, client: GraphClient, pauses: list[float]) -> None:
    server.answers(busy(429), busy(429, "Fri, 20 Nov 2026 12:00:00 GMT"), DONE)
    client.send(READ)
    assert len(pauses) == 2
    assert all(0.2 < pause < 2 for pause in pauses)


@pytest.mark.parametrize("status", [503, 504])
def test_an_unavailable_service_is_asked_again_by_reads_only(
    server: Scripted, client: GraphClient, pauses: list[float], status: int
) -> None:
    server.answers(busy(status, "1.5"), DONE)
    assert client.send(READ).status == 200
    assert pauses == [1.5]
    server.calls.clear()
    server.answers(busy(status, "1.5"), DONE)
    with pytest.raises(GraphError) as raised:
        client.send(WRITE)
    assert (raised.value.status, raised.value.code, raised.value.retry_after) == (status, "Busy", 1.5)
    assert len(server.calls) == 1


@pytest.mark.parametrize(("retries", "calls"), [(0, 1), (1, 2), (3, 4)])
@pytest.mark.parametrize("status", [429, 503])
def test_retries_are_counted(
    server: Scripted, new_client: NewClient, pauses: list[float], retries: int, calls: int, status: int
) -> None:
    server.answers(*[busy(status, "0.5")] * 9)
    with pytest.raises(GraphError) as raised:
        new_client(retries=retries).send(READ)
    assert raised.value.status == status
    assert len(server.calls) == calls
    assert pauses == [0.5] * retries


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500])
def test_a_refusal_is_not_repeated(server: Scripted, client: GraphClient, status: int) -> None:
    server.answers(busy(status, "1"), DONE)
    with pytest.raises(GraphError) as raised:
        client.send(READ)
    assert (raised.value.status, len(server.calls)) == (status, 1)


BROKEN = [
    pytest.param(Answer(instead="close"), id="closed after the call was read"),
    pytest.param(Answer(200, {"id": "x" * 100}, cut=9), id="body cut short"),
    pytest.param(Answer(200, {"id": "x" * 100}, {"Content-Length": "5000"}, cut=200), id="body shorter than announced"),
    pytest.param(
        Answer(200, b'5\r\n{"id"\r\n', {"Transfer-Encoding": "chunked", "Content-Length": ""}, cut=99),
        id="chunk missing",
    ),
]


@pytest.mark.parametrize("answer", BROKEN)
def test_a_read_whose_connection_breaks_is_repeated(
    server: Scripted, client: GraphClient, pauses: list[float], answer: Answer
) -> None:
    server.answers(answer, answer, DONE)
    assert client.send(READ).body == {"id": "x"}
    assert (len(server.calls), len(pauses)) == (3, 2)


@pytest.mark.parametrize("answer", BROKEN)
def test_a_write_whose_answer_is_lost_is_sent_once(server: Scripted, client: GraphClient, answer: Answer) -> None:
    server.answers(answer, DONE)
    with pytest.raises(TransportError) as raised:
        client.send(WRITE)
    error = raised.value
    assert error.sent
    assert len(server.calls) == 1
    assert (error.method, error.url) == ("POST", f"{server.url}/v1.0{WRITE.path}")


def test_tls_that_breaks_after_the_call_is_no_matter_of_certificates(server: Scripted, client: GraphClient) -> None:
    server.answers(Answer(instead="garbage"))
    with pytest.raises(TransportError, match="was interrupted") as raised:
        client.send(WRITE)
    assert raised.value.sent
    assert len(server.calls) == 1


@pytest.mark.parametrize("answer", BROKEN)
def test_in_the_end_a_broken_read_is_an_error(server: Scripted, client: GraphClient, answer: Answer) -> None:
    server.answers(*[answer] * 9)
    with pytest.raises(TransportError) as raised:
        client.send(READ)
    assert raised.value.sent
    assert "was interrupted" in raised.value.message
    assert "contoso" not in f"{raised.value.as_result()}"
    assert len(server.calls) == 3


def test_an_answer_that_does_not_come_in_time(server: Scripted, new_client: NewClient) -> None:
    server.answers(Answer(instead="silence"))
    with pytest.raises(TransportError, match="did not answer within 1 second") as raised:
        new_client(timeout=1, retries=0).send(WRITE)
    assert raised.value.sent


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(
            Answer(200, b"<html>Sign in to the Wi-Fi</html>", {"Content-Type": "text/html"}), "not JSON", id="HTML"
        ),
        pytest.param(Answer(200, b'{"id": "x"'), "not JSON", id="half an object"),
        pytest.param(Answer(200, b"\xff\xfe\x00"), "not JSON", id="no text"),
    ],
)
@pytest.mark.parametrize("call", [READ, WRITE], ids=["GET", "POST"])
def test_what_is_not_json_is_not_taken_for_an_answer(
    server: Scripted, client: GraphClient, answer: Answer, said: str, call: Call
) -> None:
    server.answers(answer)
    with pytest.raises(Unreadable, match=said) as raised:
        client.send(call)
    assert (raised.value.status, raised.value.method) == (200, call.method)
    assert "proxy" in str(raised.value.hint)
    assert len(server.calls) == 1


def test_an_error_page_is_read_as_its_status(server: Scripted, client: GraphClient) -> None:
    server.answers(Answer(502, b"<html>Bad Gateway</html>"))
    with pytest.raises(GraphError) as raised:
        client.send(WRITE)
    assert (raised.value.status, raised.value.code) == (502, "HTTP 502")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("call", [READ, WRITE], ids=["GET", "POST"])
def test_redirects_are_refused(server: Scripted, client: GraphClient, status: int, call: Call) -> None:
    server.answers(Answer(status, None, {"Location": f"{server.url}/elsewhere"}), DONE)
    with pytest.raises(GraphError, match="without an error message") as raised:
        client.send(call)
    assert "redirects are not followed" in str(raised.value.hint)
    assert len(server.calls) == 1
