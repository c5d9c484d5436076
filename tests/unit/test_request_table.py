# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of requests as a whole: it has an answer to everything, and no row or sentence in it is for nothing."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._decide.request_table import (
    REQUEST_FACTS,
    REQUEST_TABLE,
    RequestFacts,
    find_request_row,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.requests import (
    REQUEST_REFUSALS,
    REQUEST_WARNINGS,
    Callback,
    DesiredRequest,
    RequestDecision,
    callback_word,
    decide_request,
    request_refusal,
    request_warning,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Row, Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Callout, Request
from tests.unit.samples import DAY, NOW, request

REQUEST_ID = "99999999-0000-4000-8000-000000000001"
OWN, OTHER = "aaaaaaaa-0000-4000-8000-00000000000a", "bbbbbbbb-0000-4000-8000-00000000000b"
CALLBACK = Callback("Contoso.Checks", "assignmentRequestCreated", OWN)
ROWS = [(state, row) for state, rows in REQUEST_TABLE.items() for row in rows]
IDS = [f"{state}: {row.name}" for state, row in ROWS]


def all_facts() -> list[RequestFacts]:
    return [RequestFacts(**dict(zip(REQUEST_FACTS, words, strict=True))) for words in product(*REQUEST_FACTS.values())]


def desired(state: str, **members: Any) -> DesiredRequest:
    return DesiredRequest(REQUEST_ID, state, CALLBACK if state == "resumed" else None, **members)


def waiting(*callouts: Callout) -> Request:
    return request(state="submitted", status="WaitingForCallback", callouts=callouts)


def test_the_facts_are_the_ones_that_the_table_knows_each_beginning_with_its_first_word() -> None:
    assert [field.name for field in dataclasses.fields(RequestFacts)] == list(REQUEST_FACTS)
    assert dataclasses.asdict(RequestFacts()) == {fact: words[0] for fact, words in REQUEST_FACTS.items()}
    assert set(REQUEST_TABLE) == set(REQUEST_FACTS["state"])


def test_every_combination_of_words_finds_a_row_and_no_row_is_dead() -> None:
    found = {(facts.state, find_request_row(facts).name) for facts in all_facts()}
    assert found == {(state, row.name) for state, row in ROWS}


def test_nothing_is_written_twice() -> None:
    """Once a write of a task was accepted, no row writes again."""
    idle = (Step.NOTHING, Step.WAIT, Step.REFUSE)
    written = [facts for facts in all_facts() if facts.written == "yes"]
    assert {find_request_row(facts).step for facts in written} <= set(idle)


def test_a_task_that_does_not_wait_does_not_wait() -> None:
    assert not [f for f in all_facts() if f.wait == "no" and find_request_row(f).step is Step.WAIT]


@pytest.mark.parametrize(("state", "row"), ROWS, ids=IDS)
def test_a_row_says_what_it_must_say_and_nothing_else(state: str, row: Row) -> None:
    for fact, words in row.when.items():
        assert set([words] if isinstance(words, str) else words) <= set(REQUEST_FACTS[fact])
    assert (row.refuse is not None) == (row.step is Step.REFUSE)
    assert not row.pending or row.step is Step.NOTHING
    decision = RequestDecision(row, RequestFacts(state=state))
    for found in (None, request(status=None), waiting(Callout(OTHER, "waitingForCallback"))):
        if row.refuse:
            error = request_refusal(decision, desired(state), found)
            assert error.hint
            assert "{" not in error.message + error.hint
            assert not error.message.endswith(".")
        said = request_warning(decision, desired(state), found)
        assert (said is None) == (row.warn is None)
        assert "{" not in (said or "")


def test_every_sentence_is_used() -> None:
    assert {row.refuse for _state, row in ROWS} - {None} == set(REQUEST_REFUSALS)
    assert {row.warn for _state, row in ROWS} - {None} == set(REQUEST_WARNINGS)


@pytest.mark.parametrize(
    ("found", "written", "word"),
    [
        (waiting(Callout(OWN, "waitingForCallback")), False, "awaited"),
        (waiting(Callout(OWN.upper(), "waitingForCallback")), False, "awaited"),
        (waiting(), False, "awaited"),
        (waiting(Callout(OTHER, "calloutSent")), False, "awaited"),
        (waiting(Callout(OTHER, "waitingForCallback")), False, "other"),
        (waiting(Callout(OWN, "callbackReceived"), Callout(OTHER, "waitingForCallback")), False, "answered"),
        (waiting(Callout(OWN, "callbackTimedOut")), False, "answered"),
        (request(status="Accepted"), False, "unseen"),
        (request(status="Accepted"), True, "answered"),
        (request(status="Accepted", callouts=(Callout(OWN, "waitingForCallback"),)), False, "unseen"),
        (request(state="pendingApproval"), False, "unseen"),
        (request(state="delivered"), False, "answered"),
        (request(state="denied", callouts=(Callout(OWN, "waitingForCallback"),)), False, "answered"),
    ],
)
def test_how_a_request_stands_to_a_callback(found: Request, written: bool, word: str) -> None:
    assert callback_word(desired("resumed"), found, written=written) == word


@pytest.mark.parametrize(
    ("completed", "name"),
    [
        (NOW - 14 * DAY, "failed, recent"),
        (NOW - 14 * DAY - timedelta(seconds=1), "failed, too old"),
        (None, "failed, recent"),
    ],
)
def test_a_failed_request_is_processed_again_for_fourteen_days(completed: Any, name: str) -> None:
    failed = request(state="deliveryFailed", completed=completed)
    decision = decide_request(desired("reprocessed"), failed, NOW, written=None, may_cancel=True)
    assert decision.row.name == name


def test_a_state_that_this_version_does_not_know_is_left_alone() -> None:
    new = request(state="unknownFutureValue")
    for state in ("canceled", "reprocessed", "absent"):
        decision = decide_request(desired(state), new, NOW, written=None, may_cancel=True)
        assert decision.row.step is Step.REFUSE
