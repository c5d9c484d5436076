# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/unverified.md has a row for every open question that the simulator plays, and each row's check exists."""

from __future__ import annotations

import re

from tests.simulator.switches import SWITCHES
from tests.support.facts import BY_READING, BY_REPORT, BY_WRITING
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "unverified.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in PAGE.splitlines() if line.startswith("| `")]
CHECKS = {row[0].strip("`"): row[-1].strip("| ") for row in ROWS}
# What the self-check says of them is a finding.
FINDINGS = {"licence", "cloud"}
READ_BY_CALLERS = {"function_options", "additional_access_app"}


def test_every_switch_has_a_row_with_its_readings() -> None:
    shown = {row[0].strip("`"): tuple(re.findall(r"`([^`]+)`", row[2])) for row in ROWS if len(row) == 8}
    assert shown == {name: switch.readings for name, switch in SWITCHES.items()}


def test_no_cell_is_empty_and_no_row_is_there_twice() -> None:
    assert len(CHECKS) == len(ROWS)
    assert all(cell for row in ROWS for cell in row)


def test_a_check_by_reading_or_writing_is_made_by_the_self_check() -> None:
    by_reading = {name for name, check in CHECKS.items() if check.startswith("reading")}
    by_writing = {name for name, check in CHECKS.items() if check == "writing"}
    assert by_reading == {*BY_READING, *READ_BY_CALLERS, *FINDINGS}
    assert by_writing == {*BY_WRITING, *BY_REPORT} - READ_BY_CALLERS


def test_every_other_check_says_what_to_do_by_hand() -> None:
    others = [check for check in CHECKS.values() if not check.startswith(("reading", "writing"))]
    assert others
    assert all(re.match(r"by hand: .{15,}", check) for check in others)


def test_every_row_tells_how_much_its_source_weighs() -> None:
    strengths = {row[0]: row[4 if len(row) == 8 else 3] for row in ROWS}
    words = "recorded|transcript|working code|report|documentation|none"
    assert {name: text for name, text in strengths.items() if not re.match(rf"({words})\b", text)} == {}


def test_what_is_settled_was_seen_in_a_live_tenant() -> None:
    section = PAGE.partition("## Settled")[2].partition("\n## ")[0]
    rows = [row for row in ROWS if row[0] in section and len(row) == 8]
    assert len(rows) >= 6
    assert all(row[4].startswith(("recorded", "working code", "transcript")) for row in rows)
