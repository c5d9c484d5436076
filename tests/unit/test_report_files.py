# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of CSV that no spreadsheet computes, and the templates' care for every text that they show."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable
from ansible_collections.idgov.entra.plugins.plugin_utils.report_files import csp_source, csv_records, yaml_text
from ansible_collections.idgov.entra.plugins.plugin_utils.spreadsheet_text import unguarded
from tests.support.paths import ROOT

TEMPLATES = ROOT / "roles" / "access_report" / "templates"
# A filter takes what stands right before it: an expression with an operator has to stand in brackets.
ESCAPED = re.compile(r"(\(.*\)|[\w.]+(\[[^]]*\])?|'[^']*'\.format\([^()]*\))( \| \w+(\([^()]*\))?)* \| e")
# What is not escaped: macros, which do it themselves, and the collection's own script and style.
OWN = re.compile(
    r"(cells\.)?(count|small|date|cell|heading|section)\([^()]*( \| length)?\)"
    r"|(script|style)(_source)? \| safe|long_rows\(table\) \| safe"
)


def written(cells: Sequence[Any]) -> str:
    """Return what one record becomes, without the header."""
    columns = [str(number) for number in range(len(cells))]
    header = ",".join(f'"{name}"' for name in columns) + "\r\n"
    return csv_records([dict(zip(columns, cells, strict=True))], columns).removeprefix(header)


@pytest.mark.parametrize(
    ("cells", "record"),
    [
        (["a", None, True, False, 3], '"a","","true","false","3"'),
        (['Lee "Lucky" Park', "one, two"], '"Lee ""Lucky"" Park","one, two"'),
        (["=1+1", "+49", "-P30D", "@sum"], '"\'=1+1","\'+49","\'-P30D","\'@sum"'),
        (["  =1", "\t1", "\r1", "\n=1", "＝1"], '"\'  =1","\'\t1","\'\r1","\'\n=1","\'＝1"'),  # noqa: RUF001
        (["a=1", "a-b", "'s-Gravenhage", "'=1"], '"a=1","a-b","\'s-Gravenhage","\'\'=1"'),
    ],
)
def test_a_record(cells: list[Any], record: str) -> None:
    assert written(cells) == f"{record}\r\n"


def test_the_header_has_the_names_in_order() -> None:
    assert csv_records([{"a": 1, "c": 3, "b": 2}], ["b", "a"]) == '"b","a"\r\n"2","1"\r\n'


# Python 3.10 cannot read a NUL in a CSV.
READABLE = st.characters(codec="utf-8", exclude_characters="" if sys.version_info >= (3, 11) else "\0")


@given(st.lists(st.text(READABLE), min_size=1, max_size=4))
def test_every_record_is_read_back_and_holds_no_formula(cells: list[str]) -> None:
    (read,) = csv.reader(io.StringIO(written(cells), newline=""), strict=True)
    assert [unguarded(cell) for cell in read] == cells
    assert not any(cell.strip().startswith(("=", "+", "-", "@")) for cell in read)


@given(names=st.lists(st.text(min_size=1), min_size=3, max_size=3), email=st.text(min_size=1))
def test_whatever_names_hold_each_is_read_back_and_has_its_id_behind_it(names: list[str], email: str) -> None:
    options = dict(zip(("access_package", "policy", "user"), map(printable, names), strict=True))
    ids = {option: str(UUID(int=number)) for number, option in enumerate(options)}
    declared = [
        {"comment": "", "item": {**options, "schedule": {"access_package": "# 1"}}, "ids": ids},
        {"comment": "- user: eve", "item": {"access_package": "x", "email": email}},
    ]
    text = yaml_text(declared)
    assert yaml.safe_load(text) == {"assignments": [each["item"] for each in declared]}
    assert re.findall(r"(?m)^[ -]+(\w+): .*  # ([0-9a-f-]{36})$", text) == list(ids.items())


def test_the_source_of_a_policy_is_the_published_one() -> None:
    # The example of W3C's "Content Security Policy".
    assert csp_source("alert('Hello, world.');") == "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"


def test_every_text_of_the_page_is_escaped() -> None:
    found = [
        (path.name, expression)
        for path in TEMPLATES.glob("*.html.j2")
        for expression in re.findall(r"\{\{\s*(.*?)\s*\}\}", path.read_text(encoding="utf-8"))
    ]
    assert len(found) > 50
    assert [(name, text) for name, text in found if not ESCAPED.fullmatch(text) and not OWN.fullmatch(text)] == []
