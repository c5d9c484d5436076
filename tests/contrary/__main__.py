# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The long run: `python -m tests.contrary --pairs 100 --triples 10 --odd 20`, or parts of it by other numbers."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random

from tests.support.paths import collections_path

sys.path.insert(0, str(collections_path()))

from tests.contrary.draw import all_pairs, errands_about
from tests.contrary.errands import CYCLE
from tests.contrary.odd import play_odd
from tests.contrary.play import play
from tests.simulator.doubts import DOUBTS
from tests.simulator.running import Running, start

_ERRANDS_OF_A_PAIR = 6


def main() -> int:
    """Play each doubt over the whole cycle, then pairs, triples and odd shapes; return 1 where something must not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=100_000, help="how many pairs at most, of all, in an order drawn")
    parser.add_argument("--triples", type=int, default=200)
    parser.add_argument("--odd", type=int, default=3000, help="how many schedules of odd shapes")
    parser.add_argument("--first-seed", type=int, default=1)
    given = parser.parse_args()
    started = time.monotonic()
    with start() as sim:
        bad = _doubts(sim, _combinations(given.first_seed, given.pairs, given.triples))
        bad += _odd(sim, range(given.first_seed, given.first_seed + given.odd))
    print(f"{(time.monotonic() - started) / 60:.1f} minutes, {bad} with faults")
    return 1 if bad else 0


def _combinations(seed: int, pairs: int, triples: int) -> Iterator[tuple[str, ...]]:
    yield from ((name,) for name in DOUBTS)
    chosen = all_pairs()
    Random(seed).shuffle(chosen)
    yield from chosen[:pairs]
    for number in range(triples):
        yield tuple(Random(f"{seed}/{number}").sample(sorted(DOUBTS), 3))


def _doubts(sim: Running, combinations: Iterable[tuple[str, ...]]) -> int:
    counts: Counter[str] = Counter()
    for doubts in combinations:
        cycle = CYCLE if len(doubts) == 1 else errands_about(doubts, _ERRANDS_OF_A_PAIR)
        played = play(sim, doubts, cycle)
        faults = list(played.faults)
        if len(doubts) == 1 and DOUBTS[doubts[0]].ends_right:
            faults += [f"{place}: did not end right" for place in played.halted]
        for fault in faults:
            print(f"{'+'.join(doubts)}: {fault}", flush=True)
        counts.update({"right": len(played.right), "halted": len(played.halted), str(len(doubts)): 1})
        counts["bad"] += bool(faults)
    print(
        f"{counts['1']} doubts alone, {counts['2']} pairs, {counts['3']} triples: {counts['right']} errands ended right,"
        f" {counts['halted']} in an error; {counts['bad']} combinations with faults",
        flush=True,
    )
    return counts["bad"]


def _odd(sim: Running, seeds: range) -> int:
    kinds: Counter[str] = Counter()
    bad = 0
    for seed in seeds:
        odd = play_odd(sim, seed)
        kinds.update(odd.kinds)
        bad += bool(odd.faults)
        for fault in odd.faults:
            print(f"odd shapes, seed {seed}, {odd.title}: {fault}", flush=True)
    listed = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    print(f"{len(seeds)} schedules of odd shapes, {bad} with faults; {listed}", flush=True)
    return bad


if __name__ == "__main__":
    sys.exit(main())
