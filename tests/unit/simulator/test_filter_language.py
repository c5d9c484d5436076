# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parser of the filter language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulator.odata_filter import (
    Both,
    Compare,
    Contains,
    FilterSyntax,
    In,
    Literal,
    leaves,
    parse_filter,
    required_equals,
)


def string(text: str) -> Literal:
    return Literal("string", text)


def test_and_binds_tighter_than_or() -> None:
    tree = parse_filter("a eq '1' or b eq '2' and c eq '3'")
    assert isinstance(tree, Both)
    assert tree.operator == "or"
    assert [type(part) for part in tree.parts] == [Compare, Both]


def test_parentheses_come_first() -> None:
    tree = parse_filter("(a eq '1' or b eq '2') and c eq '3'")
    assert isinstance(tree, Both)
    assert tree.operator == "and"
    assert [leaf.path for leaf in leaves(tree)] == ["a", "b", "c"]


def test_paths_are_folded_and_their_spelling_kept() -> None:
    tree = parse_filter("target/ObjectId eq 'X'")
    assert tree == Compare("target/objectid", "eq", string("X"), "target/ObjectId")


def test_functions_and_lists() -> None:
    assert parse_filter("contains(tolower(displayName),'x')") == Contains(
        "displayname", True, string("x"), "displayName"
    )
    assert parse_filter("contains( displayName , 'x' )") == Contains("displayname", False, string("x"), "displayName")
    assert parse_filter("mail in ('a', 'b')") == In("mail", (string("a"), string("b")), "mail")


def test_a_required_value_is_found() -> None:
    assert required_equals(parse_filter("a eq '1' and b eq '2'"), "b") == "2"
    assert required_equals(parse_filter("b eq '2'"), "b") == "2"
    assert required_equals(parse_filter("a eq '1' or b eq '2'"), "b") is None
    assert required_equals(parse_filter("b eq '1' and b eq '2'"), "b") is None


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])))
def test_any_text_survives_quoting(text: str) -> None:
    quoted = text.replace("'", "''")
    assert parse_filter(f"a eq '{quoted}'") == Compare("a", "eq", string(text), "a")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a eq",
        "eq 'x'",
        "a eq b",
        "a eq 'x' and",
        "a eq 'x')",
        "(a eq 'x'",
        "a in ()",
        "a eq 'x' b",
        "a/ eq 'x'",
        "a = 'x'",
    ],
)
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(FilterSyntax):
        parse_filter(text)
