# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The decision table as a whole: it has an answer to everything, and no row or sentence in it is for nothing.

The combinations of all words are millions, so they are not tried one by one: a box is a set of words for every fact
and stands for all combinations of them. Taking from a box what a row fits leaves boxes again, which is exact.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from itertools import product
from math import prod

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._decide.decide import Decision
from ansible_collections.idgov.entra.plugins.module_utils._decide.sentences import (
    REFUSALS,
    WARNINGS,
    refusal,
    warning,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import (
    FACTS,
    TABLE,
    Facts,
    Row,
    Step,
    find_row,
)
from tests.unit.samples import ADA_PERSON

Box = dict[str, frozenset[str]]
ROWS = [pytest.param(state, row, id=f"{state}: {row.name}") for state, rows in TABLE.items() for row in rows]
ABSENT = frozenset({"nothing", "ran_out", "taken_away"})


def box(**words: Iterable[str]) -> Box:
    """Every combination of words, except where some are given."""
    return {fact: frozenset(words.get(fact, known)) for fact, known in FACTS.items()}


def asked(row: Row) -> Box:
    """The words that a row asks for."""
    return {fact: frozenset([words] if isinstance(words, str) else words) for fact, words in row.when.items()}


def common(one: Box, words: Box) -> Box | None:
    """The part of a box that has these words, or null where there is none."""
    found = {**one, **{fact: one[fact] & words[fact] for fact in words}}
    return found if all(found.values()) else None


def without(one: Box, words: Box) -> Iterator[Box]:
    """What is left of a box, in pieces that do not overlap, once the part that has these words is taken away."""
    for fact, wanted_words in words.items():
        rest = one[fact] - wanted_words
        if rest:
            yield {**one, fact: rest}
        one = {**one, fact: one[fact] & wanted_words}
        if not one[fact]:
            return


def first_fits(boxes: list[Box], rows: Iterable[Row]) -> tuple[dict[str, list[Box]], list[Box]]:
    """For each row the boxes for which it is the first that fits, and the boxes that no row fits."""
    won: dict[str, list[Box]] = {}
    for row in rows:
        words = asked(row)
        won[row.name] = [part for each in boxes if (part := common(each, words))]
        boxes = [part for each in boxes for part in without(each, words)]
    return won, boxes


def some_facts(one: Box) -> Facts:
    """One combination out of a box."""
    return Facts(**{fact: min(words) for fact, words in one.items()})


def possible(state: str) -> list[Box]:
    """The combinations that there can be: what does not apply keeps its first word."""
    nothing_active = {"holds": ABSENT, "governed": ["requests"], "differs": ["nothing"], "failure": ["recent"]}
    active = {"holds": set(FACTS["holds"]) - ABSENT, "desired_end": ["ahead"]}
    nothing_open = {"open": ["nothing"], "stage": ["submitted"], "fits": ["yes"]}
    something_open = {"open": ["add", "update", "remove"]}
    return [
        box(state=[state], **holding, **opened)
        for holding, opened in product((nothing_active, active), (nothing_open, something_open))
    ]


def test_the_facts_are_the_ones_that_the_table_knows_each_beginning_with_its_first_word() -> None:
    assert [field.name for field in dataclasses.fields(Facts)] == list(FACTS)
    assert dataclasses.asdict(Facts()) == {fact: words[0] for fact, words in FACTS.items()}


def test_every_state_has_its_rows() -> None:
    assert set(TABLE) == set(FACTS["state"])


@pytest.mark.parametrize(("state", "row"), ROWS)
def test_a_row_asks_for_facts_and_words_that_there_are(state: str, row: Row) -> None:
    for fact, words in asked(row).items():
        assert words
        assert words <= set(FACTS[fact])


def test_the_boxes_lose_nothing() -> None:
    whole = box()
    words = {"holds": frozenset({"failed", "partial"}), "open": frozenset({"add"}), "wait": frozenset({"no"})}
    pieces = [*without(whole, words), *filter(None, [common(whole, words)])]
    assert sum(size(piece) for piece in pieces) == size(whole)


def size(one: Box) -> int:
    return prod(len(words) for words in one.values())


@pytest.mark.parametrize("state", TABLE)
def test_every_combination_of_words_finds_a_row(state: str) -> None:
    won, left = first_fits([box(state=[state])], TABLE[state])
    assert [some_facts(each) for each in left] == []
    assert sum(size(each) for boxes in won.values() for each in boxes) == size(box(state=[state]))


@pytest.mark.parametrize("state", TABLE)
def test_the_first_row_that_fits_is_found(state: str) -> None:
    won, _left = first_fits([box(state=[state])], TABLE[state])
    for name, boxes in won.items():
        for each in boxes:
            assert find_row(some_facts(each)).name == name


@pytest.mark.parametrize(("state", "row"), ROWS)
def test_no_row_is_dead(state: str, row: Row) -> None:
    """Each is the first to fit for something that there can be."""
    won, _left = first_fits(possible(state), TABLE[state])
    assert won[row.name]


@pytest.mark.parametrize("state", TABLE)
def test_no_two_rows_have_one_name(state: str) -> None:
    names = [row.name for row in TABLE[state]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("state", "row"), ROWS)
def test_a_row_says_what_it_must_say_and_nothing_else(state: str, row: Row) -> None:
    assert (row.refuse is not None) == (row.step is Step.REFUSE)
    assert row.refuse is None or row.refuse in REFUSALS
    assert row.warn is None or row.warn in WARNINGS
    assert not (row.pending or row.ended) or row.step is Step.NOTHING


def test_every_sentence_is_used() -> None:
    rows = [row for rows in TABLE.values() for row in rows]
    assert {row.refuse for row in rows} - {None} == set(REFUSALS)
    assert {row.warn for row in rows} - {None} == set(WARNINGS)


@pytest.mark.parametrize(("state", "row"), ROWS)
def test_the_sentences_of_a_row_can_be_said_when_next_to_nothing_is_known(state: str, row: Row) -> None:
    decision = Decision(row, Facts(state=state), None, None)
    if row.refuse:
        error = refusal(decision, ADA_PERSON, None)
        assert error.hint
        assert "{" not in error.message + error.hint
        assert not error.message.endswith(".")
    said = warning(decision, ADA_PERSON, None)
    assert (said is None) == (row.warn is None)
    assert "{" not in (said or "")
