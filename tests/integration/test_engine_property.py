# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random histories: wanted states, time, other people's requests and faults, through engine and simulator.

Whatever has happened before: nobody ever holds a package twice or has two open adds, check mode foretells the run,
the diff says what became of it, and the run after a good one writes nothing.
"""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant, parse_instant
from tests.simulator.running import Running
from tests.support.calls import CREATE, writes
from tests.support.engine import administrator, assign

Json = dict[str, Any]
Step = Callable[[Running], None]

PEOPLE = ["mira@contoso.com", "lee@contoso.com", "ada@contoso.com"]
PACKAGES = [
    {"access_package": "VPN Access", "policy": "Everybody"},
    {"access_package": "VPN Access", "policy": "Members"},
    {"access_package": "Source Code Read", "policy": "Engineers"},
    {"access_package": "Source Code Read"},
]
# Half days, so that no end falls into the minutes that a run waits.
ENDS = st.sampled_from([{"days": 2.5}, {"days": 9.5}, {"days": -3.5}, {"duration": "P5D"}, {"duration": "P9D"}, {}])
STARTS = st.sampled_from([None, None, None, 3.5, 6.5, -1.5])
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "wait": st.booleans(),
        "renew": st.booleans(),
        "on_policy_mismatch": st.sampled_from(["keep", "replace", "fail"]),
        "on_open_request": st.sampled_from(["wait", "cancel", "fail"]),
        "on_partial_delivery": st.sampled_from(["keep", "reprocess", "fail"]),
        "on_delivery_failed": st.sampled_from(["keep", "reprocess", "fail"]),
    },
)
FAULTS = st.sampled_from(
    [
        {**CREATE, "times": 1, "effect": {"reset": "after"}},
        {**CREATE, "times": 1, "effect": {"reset": "before"}},
        {**CREATE, "times": 1, "effect": {"status": 504, "carried_out": True}},
        {**CREATE, "times": 1, "effect": {"lag": {"reads": 7}}},
        {**CREATE, "times": 1, "effect": {"lag": {"seconds": 5}}},
        {**CREATE, "times": 1, "effect": {"outcome": "deliveryFailed"}},
        {**CREATE, "times": 1, "effect": {"outcome": "partiallyDelivered"}},
        {"method": "GET", "every": 3, "effect": {"status": 503, "retry_after": 0.01}},
        {"method": "GET", "batch": True, "every": 4, "effect": {"status": 429, "retry_after": 0.01}},
    ]
)
READINGS = st.fixed_dictionaries(
    {
        "update_start": st.sampled_from(["past_moves", "always_moves", "kept"]),
        "stored_expiration": st.sampled_from(["date", "duration"]),
        "open_request_assignment": st.sampled_from(["stub", "null"]),
        "update_while_open": st.sampled_from(["refuse", "accept"]),
    }
)


@st.composite
def wishes(draw: st.DrawFn) -> Json:
    """What a task may ask for; days count from the moment at which it runs."""
    return {
        **draw(st.sampled_from(PACKAGES)),
        "user": draw(st.sampled_from(PEOPLE)),
        "state": draw(st.sampled_from(["present", "present", "absent"])),
        "end": draw(ENDS),
        "start": draw(STARTS),
        **draw(OPTIONS),
    }


def options_of(wish: Json, sim: Running) -> Json:
    """Write a wish as options at the present simulated instant."""
    now = parse_instant(sim.clock()).replace(microsecond=0)
    options: dict[str, Any] = {name: value for name, value in wish.items() if name not in ("end", "start")}
    schedule: Json = {}
    if wish["start"] is not None:
        schedule["start_date_time"] = format_instant(now + timedelta(days=wish["start"]))
    if "days" in wish["end"]:
        schedule["end_date_time"] = format_instant(now + timedelta(days=wish["end"]["days"]))
    elif wish["end"]:
        schedule["duration"] = wish["end"]["duration"]
    if wish["start"] is not None and wish["end"].get("days", 99) <= wish["start"]:
        schedule.pop("end_date_time")
    return {**options, "schedule": schedule or None, "wait_timeout": 60, "retries": 1}


def run_clean(sim: Running, wish: Json, token: str | None, *, hides: bool) -> None:
    """Foretell, run, and run again with the same options, with nothing going wrong; with ``hides`` Graph tells nobody's open add."""
    options = options_of(wish, sim)
    sim.clear_calls()
    hidden = has_open_add(sim, options, hides=hides)
    foreseen = assign(sim, check=True, token=token, **options)
    assert writes(sim) == []
    held = active(sim, options)
    real = assign(sim, token=token, **options)
    keys = ("action", "changed", "pending", "ended", "failed", "diff")
    for key in () if hidden else keys:
        assert foreseen[key] == real[key], explain(options, key=key, foreseen=foreseen, real=real)
    accepted = [call for call in writes(sim) if call["status"] < 300]
    assert bool(accepted) == real["changed"], explain(options, real=real)
    check_diff(sim, options, held, real)
    check_nobody_holds_twice(sim)
    if real["failed"]:
        return
    sim.clear_calls()
    again = assign(sim, token=token, **options)
    assert not again["changed"], explain(options, real=real, again=again)
    # Where Graph hides whose an open request is, only an add that it refuses can find that out.
    told = [call for call in writes(sim) if not (hides and call["status"] == 400)]
    assert told == [], explain(options, real=real, again=again)
    check_nobody_holds_twice(sim)


def run_faulty(sim: Running, wish: Json, fault: Json, token: str | None, *, hides: bool) -> None:
    """Run while something goes wrong, then clean."""
    sim.faults(fault)
    options = options_of(wish, sim)
    result = assign(sim, token=token, **options)
    check_nobody_holds_twice(sim)
    if not result["failed"] and not result["pending"] and not result["ended"] and "policy" not in options:
        assert bool(active(sim, options)) == (options["state"] == "present")
    sim.faults()
    sim.advance(60)
    # Reads that lag by a number of reads catch up.
    assign(sim, check=True, token=token, **options)
    run_clean(sim, wish, token, hides=hides)


def ask_as_somebody_else(sim: Running, wish: Json) -> None:
    """Somebody else sends a request and does not wait for it."""
    with contextlib.suppress(AssertionError):
        assign(sim, **{**options_of(wish, sim), "wait": False, "on_policy_mismatch": "keep"})


def explain(options: Json, **seen: Any) -> str:
    """Write down what a failed check was about."""
    return json.dumps({"options": options, **seen}, default=str)


def active(sim: Running, options: Json) -> list[Json]:
    return [
        a
        for a in sim.dump()["assignments"]
        if a["state"] != "expired" and a["user"] == options["user"] and a["package"] == options["access_package"]
    ]


def has_open_add(sim: Running, options: Json, *, hides: bool) -> bool:
    """Return whether an add is open of which Graph does not show enough, so that nobody can foretell what becomes of it.

    It never shows the policy of one on its way; with ``hides`` it does not tell whose any add is either.
    """
    hidden = ("submitted", "delivering", *(("pendingApproval", "scheduled") if hides else ()))
    return any(
        r["requestType"].endswith("Add")
        and r["state"] in hidden
        and (r["user"], r["package"]) == (options["user"], options["access_package"])
        for r in sim.dump()["requests"]
    )


def check_diff(sim: Running, options: Json, held: list[Json], real: Json) -> None:
    """Hold the diff against what there was and what there is."""
    if not real["diff"]["before"]:
        return
    assert (real["diff"]["before"]["state"] == "present") == bool(held), (options, real)
    if real["failed"] or real["pending"] or real["ended"]:
        return
    holds = bool(active(sim, options))
    assert (real["diff"]["after"]["state"] == "present") == holds, explain(options, real=real)


def check_nobody_holds_twice(sim: Running) -> None:
    """At most one active assignment, and one open add, for a person and package."""
    state = sim.dump()
    held = Counter((a["subjectId"], a["packageId"]) for a in state["assignments"] if a["state"] != "expired")
    opened = Counter(
        (str(r.get("subjectId")), r["packageId"])
        for r in state["requests"]
        if r["state"] in ("submitted", "pendingApproval", "scheduled", "delivering")
        and r["requestType"].endswith("Add")
    )
    assert [key for key, count in (held + Counter()).items() if count > 1] == []
    assert [key for key, count in opened.items() if count > 1] == []


STEPS = st.one_of(
    st.tuples(st.just("clean"), wishes()),
    st.tuples(st.just("faulty"), wishes(), FAULTS),
    st.tuples(st.just("other"), wishes()),
    st.tuples(st.just("time"), st.sampled_from([0.1, 1, 3, 8])),
)


@pytest.mark.parametrize("caller", ["app", "delegated"])
@given(readings=READINGS, steps=st.lists(STEPS, min_size=2, max_size=7))
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    # Shrinking a history takes minutes; whoever looks for the cause turns it on.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_history_converges(sim: Running, caller: str, readings: Json, steps: list[tuple[Any, ...]]) -> None:
    sim.reset()
    sim.freeze()
    sim.switches(**readings)
    token = None if caller == "app" else administrator(sim, seconds=10_000_000)
    hides = readings["open_request_assignment"] == "null"
    for kind, *rest in steps:
        if kind == "clean":
            run_clean(sim, rest[0], token, hides=hides)
        elif kind == "faulty":
            run_faulty(sim, rest[0], rest[1], token, hides=hides)
        elif kind == "other":
            ask_as_somebody_else(sim, rest[0])
        else:
            sim.advance(days=rest[0])
    assert sim.violations() == []
