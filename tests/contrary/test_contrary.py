# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Against a contrary Graph every errand comes to its right end, or to a clear error before any write.

Each doubt alone, and some pairs and triples, over a part of the cycle; `make soak` plays all of them over the whole.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._tasks import access_package_assignment
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import Context
from tests.contrary.draw import errands_about, some_doubts
from tests.contrary.errands import CYCLE, ERRANDS
from tests.contrary.play import play
from tests.contrary.tenant import TENANT
from tests.simulator.doubts import DOUBTS
from tests.simulator.running import Running

Json = dict[str, Any]


def test_every_errand_ends_right_while_nothing_is_contrary(process: Running) -> None:
    played = play(process, (), CYCLE)
    assert (played.faults, played.halted) == ([], [])


@pytest.mark.parametrize("doubt", DOUBTS)
def test_a_doubt_alone(process: Running, doubt: str) -> None:
    played = play(process, [doubt], errands_about([doubt], 4))
    assert played.faults == []
    assert not (DOUBTS[doubt].ends_right and played.halted)
    # The simulator itself plays those that are faults or switches of its own.
    assert DOUBTS[doubt].faults or DOUBTS[doubt].switches or played.struck[doubt]


@pytest.mark.parametrize("seed", range(20))
def test_doubts_together(process: Running, seed: int) -> None:
    doubts = some_doubts(seed)
    assert play(process, doubts, errands_about(doubts, 4)).faults == [], doubts


class Wrong:
    """The task about one assignment, that does what must not be."""

    ARGUMENT_SPEC = access_package_assignment.ARGUMENT_SPEC

    def __init__(self, sim: Running, what: str) -> None:
        self._sim = sim
        self._what = what

    def run(self, context: Context) -> Json:
        result: Json = {**access_package_assignment.run(context)}
        if self._what == "raises":
            return {"action": result["no such member"]}
        if self._what == "does not tell":
            return {**result, "changed": False}
        if self._what == "claims what is not so":
            return {**result, "failed": False, "changed": False}
        # Everybody has again what they had at the start.
        self._sim.load(TENANT)
        return result


@pytest.mark.parametrize(
    ("what", "doubts", "noticed"),
    [
        ("raises", [], "crash: KeyError"),
        ("does not tell", [], "changed is False after 1 accepted writes"),
        ("claims what is not so", ["expand_refused"], "wrong success: "),
        ("does it again", [], "wrote again: "),
    ],
)
def test_what_must_not_be_is_noticed(process: Running, what: str, doubts: list[str], noticed: str) -> None:
    errand = replace(ERRANDS["remove"], task=Wrong(process, what))
    faults = play(process, doubts, [("remove", "v1.0")], {"remove": errand}).faults
    assert noticed in " ".join(faults)


def test_a_write_for_another_is_noticed(process: Running) -> None:
    other = replace(ERRANDS["remove"], ends=ERRANDS["add"].ends)
    faults = play(process, [], [("remove", "v1.0")], {"remove": other}).faults
    assert any("wrote for another: leaver@contoso.com in 'Tools'" in fault for fault in faults)
