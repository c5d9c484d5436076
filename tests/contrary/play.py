# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs errands through the engine against a contrary Graph, and says what must not be.

Each errand comes to its right end, or to a clear error before any write. It is run twice: the second run writes nothing.
"""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.contrary.errands import ERRANDS, Errand
from tests.contrary.judge import is_between, judge, misread
from tests.contrary.tenant import NOW, TENANT, name
from tests.simulator.running import Running
from tests.support.calls import writes
from tests.support.engine import SimulatedClock, run_task

Json = dict[str, Any]
_LISTS = {"assignments": "", "requests": "", "access_packages": ""}
_WHOLE = ["EntitlementManagement.ReadWrite.All", "User.ReadBasic.All", "GroupMember.Read.All"]
_OWN = ["EntitlementMgmt-SubjectAccess.ReadWrite", "EntitlementManagement.Read.All", "User.ReadBasic.All"]
_LONG = 10_000_000
# A token stays valid while its simulator runs.
_TOKENS: dict[str, dict[str, str]] = {}


@dataclass
class Played:
    """What came of errands: how many ended right or in an error, and what must not be."""

    right: list[str] = field(default_factory=list)
    halted: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    struck: Counter[str] = field(default_factory=Counter)


class StoppedClock(SimulatedClock):
    """The simulator's clock while it stands still; only its own pauses move it, so it need not be asked each time."""

    def __init__(self, sim: Running) -> None:
        super().__init__(sim)
        self._now = super().now()

    def now(self) -> datetime:
        return self._now

    def pause(self, seconds: float) -> None:
        super().pause(seconds)
        self._now = super().now()


class Crash(Exception):
    """Something was raised that no task may raise."""


def play(
    sim: Running,
    doubts: Sequence[str],
    cycle: Iterable[tuple[str, str]],
    errands: Mapping[str, Errand] | None = None,
) -> Played:
    """Run errands, each given by its name and version, from the start of the tenant, under these doubts."""
    played = Played()
    present: str | None = None
    for title, version in sorted(cycle, key=lambda each: each[1]):
        if version != present:
            # What was done in one version is done.
            prepare(sim)
            present = version
        errand = (errands or ERRANDS)[title]
        place = f"{title} in {version}"
        try:
            faults, failed = _run(sim, errand, version, doubts)
        except Crash as crash:
            played.faults.append(f"{place}: {crash}")
            continue
        finally:
            played.struck.update(sim.contradicted()["struck"])
            sim.contrary()
            # What is still on its way is not to arrive during the next errand.
            sim.advance(60)
        played.faults += [f"{place}: {fault}" for fault in faults]
        (played.halted if failed and not errand.refused else played.right).append(place)
    return played


def prepare(sim: Running) -> None:
    """Take the tenant back to its start."""
    sim.reset()
    sim.freeze()
    sim.set_clock(NOW)
    sim.load(TENANT)
    if sim.url not in _TOKENS:
        # Of this instant, so that they are valid in each play.
        _TOKENS[sim.url] = {errand.caller: _new_token(sim, errand.caller) for errand in ERRANDS.values()}


def _run(sim: Running, errand: Errand, version: str, doubts: Sequence[str]) -> tuple[list[str], bool]:
    token = token_of(sim, errand.caller)
    options = options_of(errand, version)
    if errand.before is not None:
        run_safely(sim, errand, {**options, **errand.before}, token)
    whole = None if errand.ends else run_safely(sim, errand, options, token)
    before = sim.dump()
    sim.clear_calls()
    sim.contrary(*doubts)
    result = run_safely(sim, errand, options, token)
    sent, after = writes(sim), sim.dump()
    sim.clear_calls()
    faults = list(judge(errand, result, before, after, sent))
    if whole is not None:
        faults += misread(whole, result, _LISTS)
    if (result["changed"] or not result["failed"]) and not is_between(errand, result):
        again = run_safely(sim, errand, options, token)
        # A run that failed leaves the rest to the next, which does nothing again.
        rest = errand.most_writes - len(_accepted(sent)) if result["failed"] else 0
        faults += _again(again, _accepted(writes(sim)), rest)
    return faults, bool(result["failed"])


def _accepted(calls: list[Json]) -> list[Json]:
    return [call for call in calls if call["status"] < 300]


def _again(result: Json, accepted: list[Json], rest: int) -> Iterator[str]:
    if len(accepted) > rest:
        yield f"wrote again: {accepted[-1]['body'] or accepted[-1]['path']}"
    if result["changed"] is not bool(accepted):
        yield f"changed is {result['changed']} in the second run"


def options_of(errand: Errand, version: str) -> Json:
    """Return the options of an errand with what is the same for all; nothing in it takes real time."""
    waits = "wait_timeout" in errand.task.ARGUMENT_SPEC
    patience = {"wait_timeout": 60, "wait_interval": 10} if waits else {}
    return {**errand.options, "api_version": version, "retries": 0, **patience}


def run_safely(sim: Running, errand: Errand, options: Json, token: str) -> Json:
    """Run the task; raises Crash where it raises."""
    try:
        return {"changed": False, **run_task(errand.task, sim, options, token=token, clock=StoppedClock(sim))}
    except Exception as error:  # noqa: BLE001
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{frame.filename.rpartition('module_utils/')[2]}:{frame.lineno}"
        raise Crash(f"crash: {type(error).__name__}: {str(error)[:200]} at {place}") from None


def token_of(sim: Running, caller: str) -> str:
    """Return the token of the application, of an administrator (``person``), or of somebody without a role."""
    return _TOKENS[sim.url][caller]


def _new_token(sim: Running, caller: str) -> str:
    if caller == "app":
        return sim.token("app", seconds=_LONG)
    if caller == "person":
        return sim.token("delegated", user=name("grace"), permissions=_WHOLE, seconds=_LONG)
    return sim.token("delegated", user=name(caller), permissions=_OWN, seconds=_LONG)
