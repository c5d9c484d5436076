# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users read: every sentence stands in one reviewed file, and keeps to the phrases that Ansible and Graph use."""

from __future__ import annotations

import pytest

from tests.support.sentences import REVIEWED, sentences

# A phrase that only this collection would use -> what Ansible, Graph or a native speaker says.
ODD = {
    "leaves no room for": "are mutually exclusive",
    "exclude each other": "are mutually exclusive",
    "stands for no": "is not",
    "is there twice": "occurs twice",
    "there to be seen": "is visible",
    "bring about": "its effect",
    "not good yet": "not yet valid",
    "what is theirs": "mine",
    "as whom": "who",
    "bytes that are no text": "bytes that are not text",
    "not any more": "no longer",
    "in whose course": "why",
    "where nothing is said": "the default is",
    "looks for rows": "are mutually exclusive",
    "beside the list": "not on the list",
    "outsiders": "external users",
}


@pytest.fixture(scope="module")
def shown() -> str:
    return sentences()


def test_every_sentence_that_a_user_can_see_was_reviewed(shown: str) -> None:
    assert REVIEWED.read_text(encoding="utf-8") == shown, "run make sentences, and read what changes in the diff"


@pytest.mark.parametrize("phrase", ODD)
def test_no_sentence_has_a_phrase_that_nobody_else_uses(shown: str, phrase: str) -> None:
    found = [line for line in shown.splitlines() if phrase in line]
    assert not found, f"say instead: {ODD[phrase]}"
