# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a report: each whole or as it was, and none written that says the same."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.plugin_utils.report import make_report, parse_thresholds
from ansible_collections.idgov.entra.plugins.plugin_utils.report_task import write_files

EMPTY = make_report([], [], [], parse_thresholds(expiring_within="P30D", stuck_after="P1D", now="2026-11-22T10:00:00Z"))


def test_a_disk_that_is_full_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "access_report.csv"
    path.write_text("before", encoding="utf-8")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, hard))
    try:
        with pytest.raises(OptionError, match=r"paths\.csv: .* cannot be written: File too large"):
            write_files(EMPTY, {"csv": str(path)}, 0o600)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert {each.name: each.read_text(encoding="utf-8") for each in tmp_path.iterdir()} == {path.name: "before"}
