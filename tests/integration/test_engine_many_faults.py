# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong on the way: each item on its own fate, nothing sent twice, nothing forgotten, a second run finishes."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.simulator.running import Running
from tests.support.calls import CREATE, writes
from tests.support.crowd import crowd, object_id, tools_by_id
from tests.support.engine import SimulatedClock, assign_many, counts

Json = dict[str, Any]
BATCH: Json = {"method": "POST", "path": r"\$batch$"}
PEOPLE = 60
WHOLE_TOWN = 100


def everybody(people: int = PEOPLE) -> list[Json]:
    return [tools_by_id(number) for number in range(people)]


def accepted(sim: Running) -> Counter[str]:
    """Count the writes that were carried out, by the person."""
    return Counter(r["subjectId"] for r in sim.dump()["requests"] if r["requestType"] == "adminAdd")


def check_each_once(sim: Running, people: int = PEOPLE) -> None:
    """Everybody holds the package, by one request each."""
    held = Counter(a["user"] for a in sim.dump()["assignments"] if a["state"] == "delivered")
    assert (len(held), set(held.values())) == (people, {1})
    assert set(accepted(sim).values()) == {1}


def check_second_run(sim: Running, people: int = PEOPLE) -> None:
    """A run after the faults finishes what is left, and the run after that writes nothing."""
    sim.faults()
    again = assign_many(sim, everybody(people))
    assert not again["failed"], again["msg"]
    check_each_once(sim, people)
    sim.clear_calls()
    assert counts(assign_many(sim, everybody(people))) == {"unchanged": people}
    assert writes(sim) == []


@pytest.fixture
def many(frozen: Running) -> Running:
    frozen.load(crowd(PEOPLE))
    return frozen


@pytest.mark.parametrize("status", ["200", "424"])
def test_throttled_items_alone_go_again_after_the_longest_pause(many: Running, status: str) -> None:
    many.switches(batch_throttle_status=status)
    asked = {3: 2.5, 11: 9.75, 12: 0.5}
    many.faults(
        *(
            {**CREATE, "body": object_id(number), "times": 1, "effect": {"status": 429, "retry_after": pause}}
            for number, pause in asked.items()
        )
    )
    clock = SimulatedClock(many)
    done = assign_many(many, everybody(), clock=clock, concurrency=1)
    assert counts(done) == {"added": PEOPLE}
    tries = Counter(call["body"]["assignment"]["targetId"] for call in writes(many))
    assert {target for target, count in tries.items() if count > 1} == {object_id(number) for number in asked}
    assert clock.pauses[0] == 9.75
    check_each_once(many)


@pytest.mark.parametrize("retry_after", [7.25, None])
def test_a_batch_that_is_throttled_as_a_whole_goes_again(many: Running, retry_after: float | None) -> None:
    effect: Json = {"status": 429, **({"retry_after": retry_after} if retry_after else {})}
    many.faults({**BATCH, "body": "adminAdd", "nth": 2, "effect": effect})
    clock = SimulatedClock(many)
    done = assign_many(many, everybody(), clock=clock)
    assert counts(done) == {"added": PEOPLE}
    assert len(writes(many)) == PEOPLE
    assert clock.pauses[0] == 7.25 if retry_after else 0.25 <= clock.pauses[0] <= 0.75


def test_reads_that_are_throttled_go_again(many: Running) -> None:
    many.faults({"method": "GET", "every": 3, "effect": {"status": 429, "retry_after": 0.02}})
    assert counts(assign_many(many, everybody())) == {"added": PEOPLE}
    check_each_once(many)


# name -> the rule, how many writes are carried out but are not known to be
WHOLE: dict[str, Json] = {
    "refused with 424": {**BATCH, "effect": {"status": 424, "code": "FailedDependency"}},
    "unavailable": {**BATCH, "effect": {"status": 503}},
    "timed out": {**BATCH, "effect": {"status": 504}},
    "the answer is lost": {**BATCH, "effect": {"reset": "after"}},
    "the answer breaks off": {**BATCH, "effect": {"truncate": 300}},
    "the call is lost": {**BATCH, "effect": {"reset": "before"}},
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_batch_that_is_lost_as_a_whole_is_read_again_and_not_repeated_blindly(many: Running, name: str) -> None:
    many.faults({**WHOLE[name], "body": "adminAdd", "nth": 2})
    done = assign_many(many, everybody())
    assert not done["failed"], done["msg"]
    assert counts(done) == {"added": PEOPLE}
    assert {outcome["assignment"]["state"] for outcome in done["outcomes"]} == {"delivered"}
    check_each_once(many)
    check_second_run(many)


@pytest.mark.parametrize(
    "effect",
    [
        {"status": 500},
        {"status": 503},
        {"status": 504, "carried_out": True},
        {"status": 424, "code": "FailedDependency"},
    ],
    ids=str,
)
def test_items_that_are_lost_are_decided_anew(many: Running, effect: Json) -> None:
    many.faults({**CREATE, "every": 7, "times": 6, "effect": effect})
    done = assign_many(many, everybody())
    assert not done["failed"], done["msg"]
    assert counts(done) == {"added": PEOPLE}
    check_each_once(many)


def test_an_answer_that_is_lost_after_long_throttling_is_still_read_again(many: Running) -> None:
    """The patience with requests that do not move has nothing to do with how long the sending took."""
    many.faults(
        {**CREATE, "body": object_id(0), "times": 1, "effect": {"status": 503}},
        {**CREATE, "body": object_id(1), "times": 2, "effect": {"status": 429, "retry_after": 200}},
    )
    done = assign_many(many, everybody(), wait_timeout=60)
    assert not done["failed"], done["msg"]
    assert counts(done) == {"added": PEOPLE}


def test_a_token_that_expires_in_the_midst_is_renewed_once(many: Running) -> None:
    many.faults({**BATCH, "body": "adminAdd", "nth": 2, "effect": {"token_expired": True}})
    done = assign_many(many, everybody())
    assert counts(done) == {"added": PEOPLE}
    assert len([c for c in many.calls() if c["service"] == "signin" and c["method"] == "POST"]) == 2
    check_each_once(many)


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_sign_in_that_is_refused_in_the_midst_loses_no_outcome(many: Running, nth: int) -> None:
    """A token that was given ready cannot be renewed."""
    many.faults({**BATCH, "body": "adminAdd", "nth": nth, "effect": {"token_expired": True}})
    done = assign_many(many, everybody(), token=many.token(), concurrency=1)
    known = counts(done)
    assert done["failed"]
    assert known["failed"] == 20
    assert known["added"] == PEOPLE - 20
    assert len(accepted(many)) == PEOPLE - 20
    assert len(done["outcomes"]) == PEOPLE
    check_second_run(many)


@pytest.mark.parametrize(("alive", "concurrency"), [(2, 1), (4, 1), (5, 4), (7, 1), (8, 4), (8, 1)])
def test_a_network_that_dies_in_the_midst(frozen: Running, alive: int, concurrency: int) -> None:
    """What was accepted is told, what is not known is not claimed, nobody is forgotten, and a second run finishes."""
    frozen.load(crowd(WHOLE_TOWN))
    dead = ({"batch": False, "nth": nth, "effect": {"reset": "before"}} for nth in range(alive + 1, alive + 100))
    frozen.faults(*dead)
    done = assign_many(frozen, everybody(WHOLE_TOWN), concurrency=concurrency, retries=0)
    assert done["failed"]
    assert [outcome["index"] for outcome in done["outcomes"]] == list(range(WHOLE_TOWN))
    assert all(outcome["error"] for outcome in done["outcomes"])
    told = {o["user"] for o in done["outcomes"] if o["action"] == "add" and o["request"]["id"]}
    assert told == {call["body"]["assignment"]["targetId"] for call in writes(frozen)}
    assert done["changed"] == bool(told)
    check_second_run(frozen, WHOLE_TOWN)


def test_whoever_is_not_known_to_have_been_asked_for_is_not_said_to_be(frozen: Running) -> None:
    """The second batch of writes is carried out, but its answer is lost, and the network with it."""
    frozen.load(crowd(60))
    dead = ({"batch": False, "nth": nth, "effect": {"reset": "before"}} for nth in range(5, 99))
    frozen.faults({**BATCH, "body": "adminAdd", "nth": 2, "effect": {"reset": "after"}}, *dead)
    done = assign_many(frozen, everybody(60), concurrency=1, retries=0)
    asked = [call["body"]["assignment"]["targetId"] for call in writes(frozen)]
    assert len(asked) == 40
    told = [outcome["user"] for outcome in done["outcomes"] if outcome["action"] == "add"]
    assert told == asked[:20]
    assert counts(done) == {"failed": 60}
    check_second_run(frozen)
