# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the shape of an answer: no exception, no wrong write, and no write that is not told. `make soak` plays more."""

from __future__ import annotations

import pytest

from tests.contrary.odd import play_odd
from tests.simulator.running import Running


@pytest.mark.parametrize("seed", range(1, 121))
def test_odd_shapes(process: Running, seed: int) -> None:
    odd = play_odd(process, seed)
    assert odd.faults == [], odd.title
