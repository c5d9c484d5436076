# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are masked wherever they stand, exactly as Ansible masks them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from ansible.module_utils.common.parameters import remove_values
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.idgov.entra.plugins.plugin_utils.masking import masked

LETTERS = st.sampled_from('aA1."\\/\n\u00e9\U0001f511\u2028<')
TEXTS = st.text(LETTERS, max_size=6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 20) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=3), st.sets(TEXTS, max_size=3))
def test_nothing_is_masked_less_or_more_than_by_ansible(result: dict[str, Any], secrets: set[str]) -> None:
    assert masked(result, secrets) == remove_values(result, {secret for secret in secrets if secret})


@pytest.mark.parametrize("secret", ['pa"ss\\word', "gehe\u00edm", "\U0001f511key", "line\nbreak", "1234"])
def test_a_secret_of_any_letters_is_found_deep_inside(secret: str) -> None:
    result = {"rows": [{"text": f"it is {secret}!", "number": 1234}], "msg": secret, "clean": ["x"]}
    shown = str(masked(result, [secret, ""]))
    assert secret not in shown
    assert "'clean': ['x']" in shown


def test_what_json_does_not_know_stays() -> None:
    assert masked({"day": date(2026, 1, 1)}, ["secret"]) == {"day": date(2026, 1, 1)}
