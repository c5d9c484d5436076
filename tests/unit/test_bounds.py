# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server, or a policy, that means harm holds up a task for a while only, and fills its memory no further than a bound."""

from __future__ import annotations

import gzip
import json
import logging
import threading

import pytest
from urllib3.response import HTTPResponse

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import GraphError, TransportError, Unreadable
from ansible_collections.idgov.entra.plugins.module_utils._core.json_text import TooDeep, parse_json
from ansible_collections.idgov.entra.plugins.module_utils._decide.answers import is_quick
from ansible_collections.idgov.entra.plugins.module_utils._graph import client as client_module
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._http import session as session_module
from ansible_collections.idgov.entra.plugins.module_utils._http.throttling import (
    LONGEST_PAUSE,
    LONGEST_PAUSES,
    SAFE_METHODS,
    patient_retry,
)
from tests.support.scripted import Answer, Received, Scripted
from tests.unit.conftest import NewClient, StoppedClock

CALL = Call("GET", "/users", {"$filter": "mail eq 'ada@contoso.com'"})
ZIPPED = {"Content-Encoding": "gzip", "Content-Type": "application/json"}


def nested(depth: int) -> bytes:
    return b'{"value": ' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


def test_a_body_that_unpacks_to_more_than_any_page_is_not_read_to_its_end(
    server: Scripted, client: GraphClient
) -> None:
    bomb = gzip.compress(b"[" + b" " * (session_module.LARGEST_BODY + 1))
    assert len(bomb) < 1 << 20
    server.answers(Answer(200, bomb, ZIPPED))
    with pytest.raises(TransportError, match="more than 64 MiB"):
        client.send(CALL)
    assert len(server.calls) == 1


def test_a_zipped_page_is_read(server: Scripted, client: GraphClient) -> None:
    server.answers(Answer(200, gzip.compress(b'{"value": [{"id": "a"}]}'), ZIPPED))
    assert list(client.pages(CALL)) == [[{"id": "a"}]]


@pytest.mark.parametrize("depth", [65, 500, 100_000])
def test_json_that_is_nested_too_deeply_is_no_answer(server: Scripted, client: GraphClient, depth: int) -> None:
    server.answers(Answer(200, nested(depth)))
    with pytest.raises(Unreadable, match="nested deeper than 64 levels"):
        client.send(CALL)


@pytest.mark.parametrize("depth", [65, 500, 100_000])
def test_a_refusal_that_is_nested_too_deeply_is_a_refusal(server: Scripted, client: GraphClient, depth: int) -> None:
    server.answers(Answer(400, nested(depth)))
    with pytest.raises((GraphError, TransportError)) as raised:
        client.send(CALL)
    assert raised.value.message


def test_nesting_is_counted_as_it_stands() -> None:
    assert parse_json(nested(64)) is not None
    assert parse_json(b"[" * 64 + b"]" * 64) is not None
    assert parse_json(json.dumps(["[" * 1000])) == ["[" * 1000]
    with pytest.raises(TooDeep):
        parse_json(b"[" * 65 + b"]" * 65)


def test_a_list_without_an_end_is_not_read_for_ever(
    server: Scripted, client: GraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client_module.MOST_PAGES == 100_000
    monkeypatch.setattr(client_module, "MOST_PAGES", 5)

    def another(_call: Received) -> Answer:
        link = f"{server.url}/v1.0/users?$skiptoken={len(server.calls)}"
        return Answer(200, {"value": [], "@odata.nextLink": link})

    server.answer = another
    with pytest.raises(Unreadable, match="more than 5 pages"):
        list(client.pages(CALL))
    assert len(server.calls) == 5


def test_one_call_pauses_for_an_hour_in_all_and_no_longer() -> None:
    retry = patient_retry(10_000, threading.Event(), methods=SAFE_METHODS)
    busy = HTTPResponse(status=429, headers={"Retry-After": "86400"})
    retry.closed.wait = lambda timeout=None: False  # type: ignore[method-assign]
    tries = 0
    while retry.is_retry("GET", 429):
        retry = retry.increment("GET", "/", response=busy)
        retry.sleep(busy)
        tries += 1
    assert tries == LONGEST_PAUSES / LONGEST_PAUSE
    assert not retry.is_retry("POST", 503)


def test_many_calls_pause_for_an_hour_without_progress_and_no_longer(
    server: Scripted, new_client: NewClient, clock: StoppedClock
) -> None:
    def throttled(call: Received) -> Answer:
        items = [
            {"id": each["id"], "status": 429, "headers": {"Retry-After": "86400"}, "body": {}}
            for each in call.body["requests"]
        ]
        return Answer(200, {"responses": items})

    server.answer = throttled
    outcomes = new_client(retries=5).send_all([Call("GET", f"/users/{place}") for place in range(200)])
    assert {getattr(outcome, "status", None) for outcome in outcomes} == {429}
    assert sum(clock.pauses) <= LONGEST_PAUSES


def test_libraries_log_nothing_about_calls(
    server: Scripted, client: GraphClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.answers(Answer(instead="close"), Answer(503), Answer(200, {"value": []}))
    assert client.send(CALL).status == 200
    assert len(server.calls) == 3
    assert [record for record in caplog.records if record.name.startswith(("urllib3", "requests"))] == []
    logging.getLogger("urllib3.connectionpool").warning("of somebody else")
    assert caplog.records[-1].message == "of somebody else"


LONG = "a" * 40 + "!"
EXPLOSIVE = [
    r"^(a+)+$",
    r"^(a|a)*$",
    r"^([a-z]+)*!$",
    r"(.*)(.*)\1x",
    r"(?P<x>a+)(?P=x)+$",
    r"^(?=(a+))a*$",
    r"^(a?){40}a{40}$",
    "a?" * 40 + "a" * 40,
    "(a|a)" * 40 + "x",
    "^" + "a*" * 20 + "x",
    r"^(?:a+){2,}$",
    r"^((a+))*$",
    r"^(a{1,20}){1,20}x$",
    "(" * 500 + ")" * 500,
    "a" * 5000,
]


@pytest.mark.parametrize("pattern", EXPLOSIVE)
def test_a_pattern_that_may_take_for_ever_is_left_to_graph(pattern: str) -> None:
    assert not is_quick(pattern, LONG)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        (r"^[0-9]{4}$", "1234"),
        (r"^[\w.]+@[\w.]+\.\w+$", "ada.lovelace@contoso.com"),
        (r"^(Paris|Rome|Oslo)$", "Oslo"),
        (r"^\+?\d+( \d+)?$", "+49 123"),
        (r"[+*)(]+", "+*"),
        (r"\(\d+\)*", "(12)"),
        (r"^PRJ-\d{3,6}$", "PRJ-1234"),
        (r"(?i)^yes$", "YES"),
        (r"(?:ab)c", "abc"),
        (r"[]a)+]*", "]"),
    ],
)
def test_an_everyday_pattern_is_matched_here(pattern: str, value: str) -> None:
    assert is_quick(pattern, value)


@pytest.mark.parametrize("value", ["a" * 2000, "", "x"])
def test_how_long_a_value_may_be_depends_on_the_pattern(value: str) -> None:
    assert is_quick("^a*b", value)
    assert is_quick("^a*b*c", value) is (len(value) < 1000)
