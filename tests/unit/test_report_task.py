# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a report: each whole or as it was, and none written that says the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.plugin_utils.report import make_report, parse_thresholds
from ansible_collections.idgov.entra.plugins.plugin_utils.report_task import write_files
from tests.support.disk import files_end_at

EMPTY = make_report([], [], [], parse_thresholds(expiring_within="P30D", stuck_after="P1D", now="2026-11-22T10:00:00Z"))


def test_a_disk_that_is_full_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "access_report.csv"
    path.write_text("before", encoding="utf-8")
    with files_end_at(16), pytest.raises(OptionError, match=r"paths\.csv: .* cannot be written: File too large"):
        write_files(EMPTY, {"csv": str(path)}, 0o600)
    assert {each.name: each.read_text(encoding="utf-8") for each in tmp_path.iterdir()} == {path.name: "before"}
