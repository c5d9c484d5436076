# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The long run of the event source: `python -m tests.events --histories 60 --readings 150`."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from tests.support.paths import collections_path

sys.path.insert(0, str(collections_path()))

from tests.events.play import draw, play
from tests.simulator.running import start


def main() -> int:
    """Play the histories of consecutive seeds; return 1 where something was that must not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=60)
    parser.add_argument("--readings", type=int, default=150)
    parser.add_argument("--first-seed", type=int, default=1000)
    given = parser.parse_args()
    started, span = time.monotonic(), timedelta()
    kinds: Counter[str] = Counter()
    bad = happened = kills = readings = 0
    with start() as sim, tempfile.TemporaryDirectory() as directory:
        for seed in range(given.first_seed, given.first_seed + given.histories):
            played = play(sim, draw(seed, given.readings), Path(directory))
            kinds.update(str(event["kind"]) for event in played.told)
            span += played.span
            happened += played.happened
            kills += played.kills
            readings += played.readings
            bad += bool(played.faults)
            for fault in played.faults:
                print(f"seed {seed}: {fault}", flush=True)
    minutes = (time.monotonic() - started) / 60
    listed = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    print(
        f"{given.histories} histories, {span.total_seconds() / 604800:.1f} simulated weeks, {readings} readings, {happened} changes,"
        f" {kinds.total()} events, {kills} kills, {bad} histories with faults, {minutes:.1f} minutes; {listed}"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
