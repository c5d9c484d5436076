# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Histories under the event source, the same each time; `make soak` plays weeks of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._events import facts, poll
from ansible_collections.idgov.entra.plugins.module_utils._events.state import State
from tests.events.play import Plan, play
from tests.simulator.running import Running

Json = dict[str, Any]
# Together they have every kind of disturbance, and every kind of fact.
PLANS = (
    Plan(1, 25, interval=60, start="all"),
    Plan(2, 30, interval=300, kills=True, doubts=("reordered", "rows_twice")),
    Plan(3, 30, interval=900, outages=True, doubts=("empty_pages",)),
    Plan(4, 30, interval=1800, start="all", kills=True, outages=True),
)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: f"seed {plan.seed}")
def test_every_fact_is_told_and_none_twice(process: Running, tmp_path: Path, plan: Plan) -> None:
    played = play(process, plan, tmp_path)
    assert played.faults == []
    assert played.happened > 5
    if not plan.kills:
        assert set(Counter(event["id"] for event in played.told).values()) == {1}
    else:
        assert played.kills > 0


def test_the_plans_have_facts_of_every_kind(process: Running, tmp_path: Path) -> None:
    played = play(process, Plan(9, 40, interval=60), tmp_path)
    assert played.faults == []
    kinds = {event["kind"] for event in played.told}
    assert len(kinds) >= 9, kinds


def _lossy(keep: Callable[[Any], bool]) -> Any:
    """Let a reading lose facts."""
    add = poll.Reading.add

    def losing(self: poll.Reading, what: str, found: Iterable[facts.Fact], *others: Any) -> None:
        add(self, what, [fact for fact in found if keep(fact)], *others)

    return patch.object(poll.Reading, "add", losing)


@pytest.mark.parametrize("what", ["loses a fact", "tells twice", "makes one up"])
def test_what_must_not_be_is_noticed(process: Running, tmp_path: Path, what: str) -> None:
    wrong = {
        "loses a fact": _lossy(lambda fact: fact.kind != "request_delivered"),
        "tells twice": patch.object(State, "finish", _forgetful_finish),
        "makes one up": patch.object(facts, "_ENDS", {**facts._ENDS, "denied": "request_canceled"}),
    }[what]
    with wrong:
        assert play(process, Plan(1, 20, interval=300, start="all"), tmp_path).faults != []


def _forgetful_finish(self: State, *_given: Any, **_named: Any) -> None:
    """Note nothing, and forget what was told."""
    self._database.execute("DELETE FROM facts")
    self._database.commit()
