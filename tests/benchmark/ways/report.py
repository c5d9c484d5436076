# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes all files of an access report from rows in a file, and says how long that took without reading them."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from ansible_collections.idgov.entra.plugins.plugin_utils.report import make_report, parse_thresholds
from ansible_collections.idgov.entra.plugins.plugin_utils.report_task import write_files


def main(folder: Path) -> None:
    """Write the report of ``rows.json``, and the seconds into ``seconds.json``."""
    rows = json.loads((folder / "rows.json").read_bytes())
    paths = {kind: str(folder / f"access_report.{kind}") for kind in ("html", "csv", "json", "yaml")}
    thresholds = parse_thresholds(expiring_within="P30D", stuck_after="P1D", now=None)
    started = time.perf_counter()
    write_files(make_report(rows["assignments"], rows["requests"], rows["access_packages"], thresholds), paths, 0o600)
    (folder / "seconds.json").write_text(json.dumps(time.perf_counter() - started), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
