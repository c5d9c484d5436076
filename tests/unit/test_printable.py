# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people read shows every letter that would move a cursor, hide, or turn round what is shown."""

from __future__ import annotations

import json
import unicodedata
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable, printable_value
from ansible_collections.idgov.entra.plugins.module_utils._selfcheck.findings import Finding
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import failure
from ansible_collections.idgov.entra.plugins.plugin_utils.digest import digest
from ansible_collections.idgov.entra.plugins.plugin_utils.report import Thresholds, make_report

Json = dict[str, Any]
# Every letter of C0 and C1, marks of direction, letters without width or form, breaks of lines, half a pair, private use.
HIDDEN = [
    *map(chr, (*range(32), *range(127, 160))),
    *"\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2028\u2029\u2060\u2066\u2067\u2068\u2069",
    *"\ufeff\ufff9\U000e0041\u034f\u115f\u1160\u2800\u3164\uffa0\ue000\ud800\udcff",
]
NOW = datetime(2026, 11, 20, tzinfo=timezone.utc)


@pytest.mark.parametrize("letter", HIDDEN, ids=lambda letter: f"U+{ord(letter):04X}")
def test_a_letter_that_is_not_seen_is_shown(letter: str) -> None:
    assert printable(f"a{letter}b") == f"a{letter.encode('unicode_escape').decode()}b"


@pytest.mark.parametrize(
    "text", ["Größe", "Ångström", "日本語", "عربي", "a b", "x\u0301", "😀", 'it\'s "so" \\ {{ x }}']
)
def test_what_is_seen_stays(text: str) -> None:
    assert printable(text) == text


@given(st.text())
def test_nothing_hidden_is_left(text: str) -> None:
    assert not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in printable(text))


def test_values_are_gone_through() -> None:
    value = {"a\n": ["\u202e", {"b": ("\x1b", 1, None, True)}]}
    assert printable_value(value) == {"a\\n": ["\\u202e", {"b": ["\\x1b", 1, None, True]}]}


EVIL = "".join(HIDDEN)
SHOWN = printable(EVIL)
ID = "aaaaaaaa-0000-4000-8000-000000000001"


def outcome(error: Json | None) -> Json:
    package = {"id": ID, "display_name": EVIL}
    known = {"user": EVIL, "access_package": package, "assignment": None, "error": error, "pending": True}
    return {
        **known,
        "index": 0,
        "assignment_id": None,
        "action": "add",
        "request": {"id": ID, "state": EVIL, "justification": EVIL},
    }


def digest_texts() -> Json:
    refused = [{"user": EVIL, "reason": EVIL}]
    error: Json = {**OptionError("user", EVIL).as_result()}
    kept = [{"user": EVIL, "access_package": {"display_name": EVIL}}]
    given: Json = {"msg": EVIL, "error": error, "outcomes": [outcome(None), outcome(error)]}
    told = digest(given, refused, {}, kept)
    return {"lines": told["lines"], "failure": told["failure"]}


def report_texts() -> Json:
    package = {"id": ID, "display_name": EVIL, "catalog": {"id": ID, "display_name": EVIL}, "policies": []}
    target = {"object_id": ID, "display_name": EVIL, "principal_name": "a", "email": "a", "subject_type": "user"}
    row = {"id": ID, "state": "delivered", "access_package": package, "target": target, "schedule": {}}
    row["policy"] = {"id": ID, "display_name": EVIL}
    asked = {**row, "state": "pendingApproval", "request_type": "userAdd", "justification": EVIL, "requestor": target}
    report = make_report(
        [row], [asked], [package], Thresholds(now=NOW, expiring_within=timedelta(1), stuck_after=timedelta(1))
    )
    return {name: report[name] for name in ("assignments", "waiting", "access_packages", "declared", "figures")}


def finding_texts() -> Json:
    return {**Finding("cleaned_up", "failed", EVIL, EVIL).as_result()}


def failure_texts() -> Json:
    return {**failure(OptionError("user", EVIL, hint=EVIL))}


@pytest.mark.parametrize("texts", [digest_texts, report_texts, finding_texts, failure_texts])
def test_what_people_read_shows_every_hidden_letter(texts: Any) -> None:
    text = json.dumps(texts(), ensure_ascii=False)
    assert [letter for letter in HIDDEN if letter in text] == []
    assert json.dumps(SHOWN, ensure_ascii=False)[1:-1] in text
