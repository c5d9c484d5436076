# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Telling ids from names, and comparing ids."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.idgov.entra.plugins.module_utils._core.texts import is_id, same_id

ID = "329f8dac-8062-4c1b-a9b8-39b7132f9bff"


@given(st.uuids())
def test_every_uuid_is_an_id_in_any_letter_case(uuid: UUID) -> None:
    assert is_id(str(uuid))
    assert is_id(str(uuid).upper())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("ada@contoso.com", id="principal name"),
        pytest.param(ID.replace("-", ""), id="without dashes"),
        pytest.param(f"{{{ID}}}", id="in braces"),
        pytest.param(f" {ID}", id="blank in front"),
        pytest.param(f"{ID}\n", id="line end behind"),
        pytest.param(f"{ID}0", id="one digit more"),
        pytest.param(ID[:-1], id="one digit less"),
        pytest.param(ID.replace("a", "g"), id="no hexadecimal digit"),
        pytest.param("329f8dac80-62-4c1b-a9b8-39b7132f9bff", id="dashes elsewhere"),
        pytest.param(f"{ID}/../x", id="a path behind"),
        pytest.param("\u0663" * 8 + ID[8:], id="digits of another script"),
    ],
)
def test_anything_else_is_a_name(text: str) -> None:
    assert not is_id(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(ID, ID, True, id="equal"),
        pytest.param(ID, ID.upper(), True, id="other letter case"),
        pytest.param(ID, ID[:-1] + "0", False, id="other"),
        pytest.param(None, ID, False, id="null and an id"),
        pytest.param(ID, None, False, id="an id and null"),
        pytest.param(None, None, False, id="null is equal to nothing"),
    ],
)
def test_ids_are_compared_without_regard_to_letter_case(one: str | None, other: str | None, same: bool) -> None:
    assert same_id(one, other) is same
