# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every claim of docs/security.md names a test, and every test that it names exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.compile(r"\[(test_\w+)\]\(https://github\.com/idgov/entra/blob/main/(tests/[\w/]+\.py)\)")


def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_named_test_exists() -> None:
    named = NAMED.findall(PAGE)
    assert named
    assert [name for name, path in named if name not in functions_of(ROOT / path)] == []


def test_every_claim_names_a_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")]
    claims = [row for row in rows if not row.endswith("| Shown by |")]
    assert claims
    assert [row for row in claims if not NAMED.search(row.rpartition(" | ")[2])] == []
