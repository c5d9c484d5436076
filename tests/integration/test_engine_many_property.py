# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random lists, with faults in every sixth call and reads that lag: nobody is asked for twice, and it converges.

Whatever went wrong, a run after the faults have stopped brings everything about, and the run after that writes nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import CREATE, writes
from tests.support.crowd import ROOM, TOOLS, crowd, object_id, upn
from tests.support.engine import assign_many
from tests.support.invariants import OPEN

Json = dict[str, Any]
PEOPLE = 50
BATCH: Json = {"method": "POST", "path": r"\$batch$"}

WISHES = st.sampled_from(
    [
        {"access_package": TOOLS},
        {"access_package": TOOLS},
        {"access_package": TOOLS, "state": "absent"},
        {"access_package": TOOLS, "schedule": {"end_date_time": "2099-01-01"}},
        {"access_package": ROOM, "policy": "Guests", "on_policy_mismatch": "replace"},
        {"access_package": ROOM, "policy": "Staff", "on_policy_mismatch": "keep"},
        {"access_package": ROOM, "state": "absent"},
    ]
)
EFFECTS = st.sampled_from(
    [
        {"status": 429, "retry_after": 0.5},
        {"status": 429},
        {"status": 503},
        {"status": 504, "carried_out": True},
        {"status": 424, "code": "FailedDependency"},
        {"reset": "before"},
        {"reset": "after"},
        {"truncate": 200},
        {"token_expired": True},
    ]
)
FAULTS = st.fixed_dictionaries(
    {
        "calls": EFFECTS,
        "items": st.sampled_from(
            [{"status": 429, "retry_after": 1.5}, {"status": 503}, {"status": 504, "carried_out": True}]
        ),
        "lag": st.sampled_from([None, {"reads": 3}, {"reads": 40}, {"seconds": 4}]),
        "outcome": st.sampled_from([None, "deliveryFailed", "partiallyDelivered"]),
    }
)
LISTS = st.dictionaries(st.integers(0, PEOPLE - 1), WISHES, min_size=1, max_size=PEOPLE)


def rules(faults: Json) -> list[Json]:
    """Let every sixth call go wrong, every sixth operation of a batch, and some writes lag or not be delivered."""
    listed = [
        {"batch": False, "every": 6, "effect": faults["calls"]},
        {"batch": True, "every": 6, "effect": faults["items"]},
    ]
    if faults["lag"]:
        listed.append({**CREATE, "every": 5, "effect": {"lag": faults["lag"]}})
    if faults["outcome"]:
        listed.append({**CREATE, "every": 11, "effect": {"outcome": faults["outcome"]}})
    return listed


def items_of(wishes: dict[int, Json], by_id: bool) -> list[Json]:
    return [{"user": object_id(number) if by_id else upn(number), **wish} for number, wish in wishes.items()]


def check_nobody_twice(sim: Running) -> None:
    """At no time did a person hold a package twice, or have two requests open for it."""
    state = sim.dump()
    held = Counter((a["subjectId"], a["packageId"]) for a in state["assignments"] if a["state"] != "expired")
    opened = Counter(
        (r["subjectId"], r["packageId"], r["requestType"]) for r in state["requests"] if r["state"] in OPEN
    )
    assert [key for key, count in (held + Counter()).items() if count > 1] == []
    assert [key for key, count in opened.items() if count > 1] == []


def check_sent_once(sim: Running, result: Json) -> None:
    """What was accepted and is known to be was accepted once, and nothing else is said to have been done."""
    accepted = Counter(json.dumps(call["body"]["assignment"]) for call in writes(sim) if call["status"] == 201)
    assert max(accepted.values(), default=0) <= 1, (accepted.most_common(3), result["msg"] if result["failed"] else "")


def held_by(sim: Running) -> dict[tuple[str, str], str]:
    return {(a["user"], a["package"]): a["policy"] for a in sim.dump()["assignments"] if a["state"] != "expired"}


def check_brought_about(sim: Running, wishes: dict[int, Json], before: dict[tuple[str, str], str]) -> None:
    """Each person has exactly what is desired, and whoever is not listed what they had."""
    held = held_by(sim)
    for number, wish in wishes.items():
        key = (upn(number), wish["access_package"])
        assert (key in held) == (wish.get("state") != "absent"), (key, wish)
        if wish.get("on_policy_mismatch") == "replace":
            assert held[key] == "Guests"
        before = {k: v for k, v in before.items() if k != key}
        held = {k: v for k, v in held.items() if k != key}
    assert held == before


RANDOMLY = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@given(
    wishes=LISTS,
    faults=FAULTS,
    by_id=st.booleans(),
    concurrency=st.sampled_from([1, 4]),
    retries=st.sampled_from([0, 3]),
)
@RANDOMLY
def test_any_list_converges(
    sim: Running, wishes: dict[int, Json], faults: Json, by_id: bool, concurrency: int, retries: int
) -> None:
    sim.reset()
    sim.freeze()
    sim.load(crowd(PEOPLE, held={TOOLS: range(0, PEOPLE, 3), f"{ROOM}/Staff": range(0, PEOPLE, 2)}))
    before = held_by(sim)
    items = items_of(wishes, by_id)
    sim.faults(*rules(faults))
    sim.clear_calls()
    options: Json = {"concurrency": concurrency, "wait_timeout": 60}
    faulty = assign_many(sim, items, retries=retries, **options)
    check_nobody_twice(sim)
    assert len(faulty["outcomes"]) in (0, len(items))
    assert faulty["failed"] == (any(o["error"] for o in faulty["outcomes"]) or not faulty["outcomes"])
    sim.faults()
    sim.advance(60)
    # Reads that lag by a number of reads catch up.
    for _dummy in range(3):
        assign_many(sim, items, check=True)
    foreseen = assign_many(sim, items, check=True, **options)
    sim.clear_calls()
    clean = assign_many(sim, items, **options)
    assert not clean["failed"], clean["msg"]
    check_sent_once(sim, clean)
    check_nobody_twice(sim)
    check_brought_about(sim, wishes, before)
    assert [o["action"] for o in foreseen["outcomes"]] == [o["action"] for o in clean["outcomes"]]
    sim.clear_calls()
    again = assign_many(sim, items, **options)
    assert (again["changed"], writes(sim)) == (False, [])
    assert sim.violations() == []


@given(listed=st.sets(st.integers(0, PEOPLE - 1), min_size=1), faults=FAULTS, concurrency=st.sampled_from([1, 4]))
@RANDOMLY
def test_any_set_becomes_exact(sim: Running, listed: set[int], faults: Json, concurrency: int) -> None:
    """Nobody who is listed loses access on the way, and nobody keeps it beside them in the end."""
    sim.reset()
    sim.freeze()
    held = range(0, PEOPLE, 2)
    sim.load(crowd(PEOPLE, held={TOOLS: held}))
    items = [{"access_package": TOOLS, "user": object_id(number)} for number in listed]
    options: Json = {
        "exclusive": True,
        "max_removals": "1000",
        "allow_empty": True,
        "concurrency": concurrency,
        "wait_timeout": 60,
    }
    kept = {id_of("assignment", f"{upn(number)}/{TOOLS}") for number in listed & set(held)}
    sim.faults(*rules(faults))
    sim.clear_calls()
    assign_many(sim, items, retries=1, **options)
    sim.faults()
    sim.advance(60)
    for _dummy in range(3):
        assign_many(sim, items, check=True)
    clean = assign_many(sim, items, **options)
    assert not clean["failed"], clean["msg"]
    removed = {call["body"]["assignment"].get("id") for call in writes(sim) if call["body"]}
    assert removed & kept == set()
    assert {user for user, _dummy in held_by(sim)} == {upn(number) for number in listed}
    check_nobody_twice(sim)
    sim.clear_calls()
    again = assign_many(sim, items, **options)
    assert (again["changed"], writes(sim)) == (False, [])
