# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is taken out of variables that others fill: which values, of which kinds, within which bounds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.plugin_utils.data_vars import DataError, read_members, take

Json = dict[str, Any]
ID = "0E60f18c-b2a0-4887-9da8-da2e30a39d99"
EVENT: Json = {"ansible_eda": {"event": {"payload": {"Id": ID, "Stage": "Created", "Name": "Kim", "None": None}}}}


def taken(members: Json, variables: Json | None = None, root: str = "ansible_eda.event.payload") -> Json:
    return take(EVENT if variables is None else variables, read_members(members, root))


def one(value: Any, kind: str) -> Any:
    return taken({"it": {"path": "it", "kind": kind}}, {"it": value}, root="")["it"]


def test_members_are_taken_by_name_and_others_left() -> None:
    members = {"request_id": {"path": "Id", "kind": "id", "required": True}, "stage": "Stage"}
    assert taken(members) == {"request_id": ID, "stage": "Created"}


def test_what_is_not_there_is_left_out() -> None:
    assert taken({"a": "None", "b": "Nothing", "c": "Name.deeper"}) == {}
    assert taken({"a": "Id"}, {}) == {}


@pytest.mark.parametrize("path", ["None", "Nothing", "Name.deeper"])
def test_what_is_required_and_not_there_is_an_error(path: str) -> None:
    with pytest.raises(DataError, match=f"^ansible_eda.event.payload.{path} is missing$"):
        taken({"it": {"path": path, "required": True}})


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("id", ID),
        ("word", "AssignmentRequestCreated"),
        ("text", "o'brien@contoso.com"),
        ("text", ""),
        ("text", "Jürgen {{ braces }}"),
        ("data", "first line\nsecond"),
        ("data", [1, 1.5, True, None, {"key": ["text"]}]),
    ],
)
def test_a_value_of_its_kind_is_taken_as_it_is(kind: str, value: Any) -> None:
    assert one(value, kind) == value


def test_a_date_is_a_text() -> None:
    assert one(date(2030, 1, 1), "text") == "2030-01-01"


class Rendering(dict[str, Any]):
    """A dictionary whose own methods would render, as those of ansible-core's do."""

    def __getitem__(self, key: str) -> Any:
        raise AssertionError("rendered")

    get = items = values = __iter__ = __getitem__  # type: ignore[assignment]


class Marked(str):
    """A text with a mark that must not be handed on."""


def test_what_is_stored_is_copied_without_asking_it() -> None:
    stored = Rendering(payload=Rendering(text=Marked("{{ text }}")))
    found = taken({"it": "payload"}, {"ansible_eda": {"event": stored}}, root="ansible_eda.event")["it"]
    assert found == {"text": "{{ text }}"}
    assert (type(found), type(found["text"])) == (dict, str)


class Vault:
    """Stands for a vault of ansible-core: whoever wrote the event would have it decrypted."""


def deep(levels: int) -> Any:
    value: Any = "text"
    for _dummy in range(levels):
        value = [value]
    return value


def refused() -> Iterator[tuple[str, Any, str]]:
    yield from (("id", value, "not an object id") for value in ("", "Kim", 7, [ID], f"{ID}\n", f"{ID}/x"))
    yield from (("word", value, "is not") for value in (7, "two words", "a" * 65, "../x", "é", True))
    yield from (("text", value, "is not") for value in (7, ["x"], "a" * 257, "two\nlines", "\u202e"))
    yield from (("data", value, "ho|ha") for value in (Vault(), {1: 2}, "\x00", "\x1b[2J", "\ud800", (1, 2)))
    yield from (("data", value, "more than") for value in (deep(9), ["x"] * 1_000, "a" * 10_001))


@pytest.mark.parametrize(("kind", "value", "words"), list(refused()), ids=lambda part: repr(part)[:20])
def test_a_value_that_is_not_of_its_kind_is_refused_without_being_repeated(kind: str, value: Any, words: str) -> None:
    with pytest.raises(DataError, match=words) as raised:
        one(value, kind)
    assert str(raised.value).startswith("it ")
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 100


@pytest.mark.parametrize(
    "members",
    [
        None,
        {},
        ["Id"],
        {"it": 7},
        {"it": ""},
        {"it": "a..b"},
        {"it": {"kind": "id"}},
        {"it": {"path": "Id", "kind": "guid"}},
        {"it": {"path": "Id", "type": "id"}},
        {"it": {"path": "Id", "required": "yes"}},
    ],
    ids=str,
)
def test_a_mistake_in_the_members_is_told(members: Any) -> None:
    with pytest.raises(DataError, match=r"^members"):
        taken(members)
