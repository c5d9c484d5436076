# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs an errand while answers have odd shapes, drawn from a seed, and says what must not be.

No exception, nothing for anybody else, nobody further away from what is desired, ``changed`` wherever a write was accepted,
an outcome for every item once something was written. Afterwards the errand comes to its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.contrary.errands import CYCLE, ERRANDS, Errand
from tests.contrary.judge import foreign, judge
from tests.contrary.play import Crash, options_of, prepare, run_safely, token_of
from tests.simulator.running import Running
from tests.support.calls import writes
from tests.support.invariants import active, held_twice, open_adds

Json = dict[str, Any]
# What is about many is where one odd answer may do harm to the others.
_MANY = [each for each in CYCLE if each[0] in ("list", "exact", "group")]


@dataclass
class Odd:
    """What a seed gave: which errand, the kinds of odd shapes in it, and what must not be."""

    title: str
    kinds: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def play_odd(sim: Running, seed: int) -> Odd:
    """Play the schedule of a seed, from the start of the tenant."""
    chance = Random(seed)
    title, version = chance.choice(CYCLE + _MANY * 4)
    odd = Odd(f"{title} in {version}")
    prepare(sim)
    errand = ERRANDS[title]
    try:
        odd.faults = list(_run(sim, errand, version, chance, odd))
    except Crash as crash:
        odd.faults = [str(crash)]
    return odd


def _run(sim: Running, errand: Errand, version: str, chance: Random, odd: Odd) -> Iterator[str]:
    token, options = token_of(sim, errand.caller), options_of(errand, version)
    if errand.before is not None:
        run_safely(sim, errand, {**options, **errand.before}, token)
    before = sim.dump()
    sim.clear_calls()
    sim.fuzz(chance.randrange(2**31), chance.choice([1, 1, 2, 3, 6]))
    result = run_safely(sim, errand, options, token)
    told = sim.contradicted()
    odd.kinds = told["fuzzed"]
    sent, after = writes(sim), sim.dump()
    sim.contrary()
    yield from _harm(errand, result, before, after, sent, is_lost=told["lost"])
    if errand.ends:
        sim.advance(600)
        before = sim.dump()
        sim.clear_calls()
        result = run_safely(sim, errand, options, token)
        yield from (f"afterwards: {fault}" for fault in judge(errand, result, before, sim.dump(), writes(sim)))
        if result["failed"] and not errand.refused:
            yield f"afterwards: {result['msg']}"


def _harm(errand: Errand, result: Json, before: Json, after: Json, sent: list[Json], *, is_lost: bool) -> Iterator[str]:
    accepted = [call for call in sent if call["status"] < 300]
    yield from held_twice(after)
    yield from foreign(before, after, errand.pairs)
    if len(sent) > errand.most_writes + 5:
        yield f"sent {len(sent)} writes"
    if accepted and not result["changed"] and not is_lost:
        yield f"changed is false after {len(accepted)} accepted writes: {result.get('msg')}"
    if not accepted and result["changed"]:
        yield "changed is true after no accepted write"
    if result["failed"] and (not str(result["msg"]).endswith(".") or not result["error"]["message"]):
        yield f"failed without a sentence: {result['msg']}"
    if accepted and "outcomes" in result:
        told = {each["index"] for each in result["outcomes"]}
        missing = set(range(len(errand.options["assignments"]))) - told
        yield from [f"no outcome for items {sorted(missing)}"] if missing else []
    for end in errand.ends:
        had, has = (active(state, end.package, end.who) for state in (before, after))
        if end.held and had and not has and end.policy is None and errand.before is None:
            yield f"{end.who} has lost {end.package!r}"
        if (
            not end.held
            and not had
            and (has or open_adds(after, end.package, end.who))
            and not open_adds(before, end.package, end.who)
        ):
            yield f"{end.who} has been given {end.package!r}"
        if (
            end.held
            and had
            and has
            and not (end.until or end.policy or errand.before)
            and had[0]["schedule"] != has[0]["schedule"]
        ):
            yield f"{end.who} holds {end.package!r} for another time"
