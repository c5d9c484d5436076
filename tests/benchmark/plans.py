# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan costs by itself: sealed, written as text, and read again, at two sizes."""

from __future__ import annotations

import time
from dataclasses import dataclass

from ansible_collections.idgov.entra.plugins.module_utils._plan.parse import parse_plan
from ansible_collections.idgov.entra.plugins.module_utils._plan.text import encode_plan
from tests.support.large_plan import NOW, plan_of

FEW, MANY = 500, 5_000


@dataclass(frozen=True)
class PlanRow:
    """What a plan of so many changes costs; ``ratio`` is that of its seconds to those of the smaller one."""

    changes: int
    seconds: float
    megabytes: float
    ratio: float


def measure(rounds: int = 5) -> list[PlanRow]:
    """Measure both, taking turns, and give the fastest of each."""
    texts = {count: encode_plan(plan_of(count)) for count in (FEW, MANY)}
    best = dict.fromkeys(texts, float("inf"))
    for _dummy in range(rounds):
        for count in texts:
            started = time.process_time()
            parse_plan(encode_plan(plan_of(count)), NOW, wait=True)
            best[count] = min(best[count], time.process_time() - started)
    return [PlanRow(count, best[count], len(text) / 1e6, best[count] / best[FEW]) for count, text in texts.items()]
