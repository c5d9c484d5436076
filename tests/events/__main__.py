# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The long run of the event source: `python -m tests.events --minutes 60`, or `--histories 60 --readings 150`."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tests.support.paths import collections_path

sys.path.insert(0, str(collections_path()))

from tests.events.play import Played, draw, play
from tests.simulator.running import start


@dataclass
class Summary:
    """What all histories together have shown."""

    histories: int = 0
    span: timedelta = timedelta()
    readings: int = 0
    changes: int = 0
    kills: int = 0
    repeats: int = 0
    lost: int = 0
    other_faults: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, played: Played) -> None:
        """Count a history in."""
        self.histories += 1
        self.span += played.span
        self.readings += played.readings
        self.changes += played.happened
        self.kills += played.kills
        self.repeats += played.repeats
        self.lost += played.lost
        self.other_faults += len(played.faults) - played.lost
        self.kinds.update(str(event["kind"]) for event in played.told)

    def __str__(self) -> str:
        weeks = self.span / timedelta(weeks=1)
        return (
            f"{self.histories} histories, {weeks:.1f} simulated weeks, {self.readings} readings, {self.changes} changes,"
            f" {self.kinds.total() - self.repeats} facts told, {self.repeats} repeats, {self.kills} kills,"
            f" {self.lost} lost, {self.other_faults} other faults"
        )


def main() -> int:
    """Play the histories of consecutive seeds; return 1 where something was that must not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, help="how many; 60 without --minutes")
    parser.add_argument("--minutes", type=float, help="begin no history after so long")
    parser.add_argument("--readings", type=int, default=150)
    parser.add_argument("--first-seed", type=int, default=1000)
    given = parser.parse_args()
    histories = given.histories or (60 if given.minutes is None else sys.maxsize)
    started, summary = time.monotonic(), Summary()
    with start() as sim, tempfile.TemporaryDirectory() as directory:
        for seed in range(given.first_seed, given.first_seed + histories):
            played = play(sim, draw(seed, given.readings), Path(directory))
            summary.add(played)
            for fault in played.faults:
                print(f"seed {seed}: {fault}", flush=True)
            minutes = (time.monotonic() - started) / 60
            # After each one, so that a run that is broken off has its figures, too.
            print(f"after {minutes:.1f} minutes: {summary}", flush=True)
            if given.minutes is not None and minutes >= given.minutes:
                break
    print(f"{summary}; " + ", ".join(f"{kind} {count}" for kind, count in sorted(summary.kinds.items())))
    return 1 if summary.lost or summary.other_faults else 0


if __name__ == "__main__":
    sys.exit(main())
