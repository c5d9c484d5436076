# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The long run: `python -m tests.soak --schedules 500 --first-seed 1`."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from tests.support.paths import collections_path

sys.path.insert(0, str(collections_path()))

from tests.simulator.running import start
from tests.soak.plans import play_plan, play_plan_with_faults
from tests.soak.play import play
from tests.soak.schedules import draw


def main() -> int:
    """Play the schedules of consecutive seeds, as lists and as plans; return 1 where something was that must not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=500)
    parser.add_argument("--first-seed", type=int, default=1)
    given = parser.parse_args()
    started = time.monotonic()
    kinds: Counter[str] = Counter()
    bad = items = 0
    with start() as sim:
        for seed in range(given.first_seed, given.first_seed + given.schedules):
            schedule = draw(seed)
            kinds.update(schedule.kinds)
            items += len(schedule.items)
            found = [*play(sim, schedule), *play_plan(sim, schedule), *play_plan_with_faults(sim, schedule)]
            bad += bool(found)
            for fault in found:
                print(f"seed {seed}: {fault}", flush=True)
    minutes = (time.monotonic() - started) / 60
    listed = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    print(
        f"{given.schedules} schedules, {items} assignments, {bad} schedules with faults, {minutes:.1f} minutes; {listed}"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
