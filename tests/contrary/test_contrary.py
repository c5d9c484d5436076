# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Against a contrary Graph every errand comes to its right end, or to a clear error before any write.

Each doubt alone, and some pairs and triples, over a part of the cycle; `make soak` plays all of them over the whole.
"""

from __future__ import annotations

import pytest

from tests.contrary.draw import some_doubts, some_errands
from tests.contrary.errands import CYCLE
from tests.contrary.play import play
from tests.simulator.doubts import DOUBTS
from tests.simulator.running import Running


def test_every_errand_ends_right_while_nothing_is_contrary(process: Running) -> None:
    played = play(process, (), CYCLE)
    assert (played.faults, played.halted) == ([], [])


ALONE = (
    *("select_ignored", "select_refused", "expand_refused", "nested_expand_ignored", "nested_expand_refused"),
    *("names_ignored", "function_refused", "top_refused", "big_pages", "cancel_forbidden", "reordered", "create_200"),
)


@pytest.mark.parametrize("doubt", ALONE)
def test_a_doubt_alone(process: Running, doubt: str) -> None:
    played = play(process, [doubt], some_errands(doubt, 4))
    assert played.faults == []
    assert not (DOUBTS[doubt].ends_right and played.halted)


@pytest.mark.parametrize("seed", [0, 2, 3, 4, 6])
def test_doubts_together(process: Running, seed: int) -> None:
    doubts = some_doubts(seed)
    assert play(process, doubts, some_errands(seed, 5)).faults == [], doubts
