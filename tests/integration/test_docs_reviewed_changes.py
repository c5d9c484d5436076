# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide from a pull request to an audit line, followed word for word."""

from __future__ import annotations

import json
from pathlib import Path

from tests.simulator.running import Running
from tests.support.calls import sent, writes
from tests.support.guide import follow, page, reader, section
from tests.support.paths import ROOT

PAGE = page("reviewed-changes.md")


def test_the_guide(sim: Running, tmp_path: Path) -> None:
    environment = reader(tmp_path / "home", sim.environment)
    repository = tmp_path / "reviewed"
    repository.mkdir()

    def done(title: str) -> list[str]:
        sim.clear_calls()
        return list(follow(PAGE, title, repository, environment))

    (nothing,) = done("What there is")
    assert "changed=0 " in nothing
    _switched, planned = done("Propose a change")
    assert writes(sim) == []
    assert "changed=1 " in planned
    assert [(repository / name).stat().st_mode & 0o777 for name in ("plan.json", "summary.md")] == [0o600, 0o600]
    applied, again, empty = done("Apply what was approved")
    assert "changed=2 " in applied
    assert [body["requestType"] for body in sent(sim)] == ["adminAdd", "adminAdd", "adminRemove"]
    assert "changed=0 " in again
    assert "changed=0 " in empty
    audited = [json.loads(line) for line in (repository / "audit.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(audited) == len({each["assignment_id"] for each in audited} - {None}) == 3
    reviewed = audited[0]
    assert {body.get("justification") for body in sent(sim)} == {reviewed["justification"]}
    _planned, _stale, _drift = done("When somebody was faster")
    assert [body["requestType"] for body in sent(sim)] == ["adminUpdate"]


def test_the_readme_shows_the_summary_of_the_guide() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = [line for line in readme.splitlines() if "`Source Code Read`" in line]
    assert len(rows) == 2
    assert [row for row in rows if row not in section(PAGE, "Propose a change")] == []
