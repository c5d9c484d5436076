# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which doubts are played together, and over which errands: all of one kind, or drawn from a seed."""

from __future__ import annotations

import itertools
from random import Random

from tests.contrary.errands import CYCLE
from tests.simulator.doubts import DOUBTS

Cycle = list[tuple[str, str]]


def some_errands(seed: int | str, count: int) -> Cycle:
    """Draw errands in the order of the cycle."""
    drawn = Random(seed).sample(range(len(CYCLE)), count)
    return [CYCLE[place] for place in sorted(drawn)]


def some_doubts(seed: int) -> tuple[str, ...]:
    """Draw a pair or a triple of doubts."""
    chance = Random(seed)
    return tuple(chance.sample(sorted(DOUBTS), chance.choice([2, 3])))


def all_pairs() -> list[tuple[str, str]]:
    """Give every pair of doubts."""
    return list(itertools.combinations(DOUBTS, 2))
