# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real ansible-playbook before a contrary Graph, and before one that answers nonsense once something was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.contrary.errands import ERRANDS
from tests.contrary.judge import judge
from tests.contrary.tenant import NOW, TENANT
from tests.simulator.running import Running
from tests.support.calls import writes
from tests.support.playbook import MANY, play

Json = dict[str, Any]
LIST = ERRANDS["list"]
DOUBTS = ("create_thin", "thin_policies", "capitals", "short_pages", "batch_refused", "code_in_message")


def test_a_playbook_ends_right_and_changes_nothing_the_second_time(process: Running, tmp_path: Path) -> None:
    process.reset()
    process.set_clock(NOW)
    process.load(TENANT)
    before = process.dump()
    process.contrary(*DOUBTS)
    task = {MANY: {**LIST.options, "wait_interval": 1}}
    played = play([task, task], tmp_path, process.environment)
    first, second = played.tasks
    assert [first.status, second.status] == ["changed", "ok"], played.output[-2000:]
    assert list(judge(LIST, {"failed": False, **first.result}, before, process.dump(), writes(process))) == []
    assert set(process.contradicted()["struck"]) >= set(DOUBTS) - {"code_in_message"}
