# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide from nothing to access as code, followed word for word: files saved, commands run, outputs compared."""

from __future__ import annotations

from pathlib import Path

from tests.simulator.running import Running
from tests.support.calls import sent, writes
from tests.support.guide import follow, page, reader

PAGE = page("access-as-code.md")


def test_the_guide(sim: Running, tmp_path: Path) -> None:
    environment = reader(tmp_path / "home", sim.environment)
    repository = tmp_path / "access-repo"
    repository.mkdir()

    foreseen, _done = follow(PAGE, "People join", repository, environment)
    assert "changed=1 " in foreseen
    assert len(sent(sim)) == 6
    sim.clear_calls()
    drift, _done = follow(PAGE, "Files say who has what", repository, environment)
    assert "changed=1 " in drift
    assert [body["requestType"] for body in sent(sim)] == ["adminAdd", "adminRemove"]
    _given, drift = follow(PAGE, "Drift", repository, environment)
    assert "changed=1 " in drift
    sim.clear_calls()
    (_left,) = follow(PAGE, "Somebody leaves", repository, environment)
    assert [body["requestType"] for body in sent(sim)] == ["adminRemove", "adminRemove"]
    sim.clear_calls()
    (adopted,) = follow(PAGE, "Adopt what is there", repository, environment)
    assert "changed=0 " in adopted.rpartition("PLAY RECAP")[2]
    assert writes(sim) == []
