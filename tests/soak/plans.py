# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays plans: made, then changed by others, then applied, broken off, and applied again; says what must not be.

Only writes of the plan are sent, each is accepted once, and none is sent where a change is stale. What is stale is told by
a second plan of the same list, made from its names right before the first one is applied. An apply that was broken off ends as
planned when it is repeated.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._plan.text import encode_plan
from ansible_collections.idgov.entra.plugins.module_utils._tasks import access_package_assignments
from tests.simulator.running import Running
from tests.soak.play import PERMISSIONS
from tests.soak.schedules import NOW, PACKAGES, Schedule
from tests.support.calls import CREATE, writes_among
from tests.support.engine import administrator, assign, assign_many, run_task
from tests.support.invariants import held_twice

Json = dict[str, Any]
MODES = ("quiet", "killed", "meanwhile")
# Three times as long as all that others let pass.
_AGE = "P9D"


class Killed(BaseException):
    """The process of an apply has ended, between two calls."""


def play_plan(sim: Running, schedule: Schedule) -> list[str]:
    """Plan, let others change the tenant, apply; gives one sentence for each thing that must not be."""
    chance = Random(f"plan {schedule.seed}")
    token = _start(sim, schedule)
    _live(sim, chance, schedule)
    items, plan = _plan(sim, schedule, token)
    if plan is None:
        return []
    for _dummy in range(chance.choice([0, 0, 1, 2, 3])):
        _change(sim, chance, schedule, items)
    fresh = assign_many(sim, items, check=True, token=token, **_planning(schedule))
    is_stale = _is_stale(plan, fresh) if _is_told(schedule, plan) else None
    mode = chance.choice(MODES)
    faults: list[str] = []
    log = _Log(sim)
    if mode == "killed" and not is_stale:
        try:
            _apply(sim, plan, schedule, token, trace=_at(chance.randint(1, 60), _kill))
        except Killed:
            sim.advance(120)
        if not schedule.options["wait"]:
            # What is not waited for is planned one write at a time; once that is done, the next one takes another plan.
            is_stale = None
    elif mode == "meanwhile":
        others = _at(chance.randint(1, 40), lambda: log.leave_out(lambda: _change(sim, chance, schedule, items)))
        _apply(sim, plan, schedule, token, trace=others)
        return [*log.beside(plan), *held_twice(sim.dump())]
    before = len(log.own())
    done = _apply(sim, plan, schedule, token)
    kind = done["error"]["kind"] if done["failed"] else None
    if is_stale is not None and (kind == "stale_plan") != is_stale:
        faults.append(f"{mode}: stale is {is_stale}, and the task says {kind}: {done.get('msg')}")
    if kind == "stale_plan" and len(log.own()) > before:
        faults.append(f"{mode}: it is stale, and something was sent")
    if is_stale is False:
        faults += [f"{mode}: {fault}" for fault in _not_as_planned(sim, plan, items, schedule, token, done)]
    return [*faults, *log.beside(plan), *held_twice(sim.dump())]


def play_plan_with_faults(sim: Running, schedule: Schedule) -> list[str]:
    """Apply a plan while everything goes wrong, and again afterwards; only its writes are sent, and each apply has each accepted once."""
    token = _start(sim, schedule)
    _live(sim, Random(f"faults {schedule.seed}"), schedule)
    _dummy, plan = _plan(sim, schedule, token)
    if plan is None:
        return []
    found: list[str] = []
    for rules in (schedule.rules, ()):
        log = _Log(sim)
        sim.faults(*rules)
        done = _apply(sim, plan, schedule, token)
        if done["failed"] and not done["msg"].endswith("."):
            found.append(f"failed without a sentence: {done['msg']}")
        sim.faults()
        sim.advance(120)
        found += log.beside(plan)
    return [*found, *held_twice(sim.dump())]


class _Log:
    """What the simulator received from those who apply a plan, without what others did meanwhile."""

    def __init__(self, sim: Running) -> None:
        self._sim = sim
        self._left_out: list[tuple[int, int]] = []
        # Requests that are not of the applies.
        self._of_others = self._requests()
        sim.clear_calls()

    def leave_out(self, action: Callable[[], None]) -> None:
        """Do what is not counted."""
        begin, before = len(self._sim.calls()), self._requests()
        action()
        self._left_out.append((begin, len(self._sim.calls())))
        self._of_others |= self._requests() - before

    def own(self) -> list[Json]:
        """Return the writes of the applies, in order."""
        calls = self._sim.calls()
        of_others = {id(c) for begin, end in self._left_out for c in calls[begin:end]}
        return [call for call in writes_among(calls) if id(call) not in of_others]

    def beside(self, plan: Json) -> Iterator[str]:
        """Yield what was sent beside a plan, or was accepted twice."""
        planned = [write for item in plan["items"] for write in item["writes"]]
        own = self.own()
        for call in own:
            if not any(_is(call, write) for write in planned):
                yield f"sent beside the plan: {call['body'] or call['path']}"
        accepted = Counter(json.dumps([call["path"], call["body"]]) for call in own if call["status"] < 300)
        # What Graph took and did not deliver has changed nothing: where the answer was lost, too, it is sent once more.
        made = [row for row in self._sim.dump()["requests"] if row["id"] not in self._of_others]
        undelivered = [row for row in made if row["state"] == "deliveryFailed"]
        for text, count in accepted.items():
            if count > 1 + sum(_asks(json.loads(text)[1], row) for row in undelivered):
                yield f"accepted twice: {text}"

    def _requests(self) -> set[str]:
        return {row["id"] for row in self._sim.dump()["requests"]}


def _start(sim: Running, schedule: Schedule) -> str | None:
    sim.reset()
    sim.freeze()
    sim.set_clock(NOW)
    sim.load("contoso")
    sim.switches(**schedule.readings)
    return administrator(sim, *PERMISSIONS, seconds=10_000_000) if schedule.is_person else None


def _live(sim: Running, chance: Random, schedule: Schedule) -> None:
    """Let some of the people on the list have what they are to have, or something else, before the plan is made."""
    for item in chance.sample(schedule.items, min(len(schedule.items), 6)):
        package = item["access_package"]
        named = chance.choice([each for each in PACKAGES if each["access_package"] == package] or [{}])
        schedules = [None, {"duration": "P15D"}, {"end_date_time": "2030-01-25"}, {"start_date_time": "2030-01-03"}]
        outcome = chance.choice([None, None, None, "deliveryFailed", "partiallyDelivered"])
        sim.faults(*([{**CREATE, "times": 1, "effect": {"outcome": outcome}}] if outcome else []))
        who: Json = {name: item[name] for name in ("user", "email") if name in item}
        wish: Json = {"access_package": package, **named, **who}
        assign(
            sim,
            **wish,
            schedule=chance.choice(schedules),
            wait=chance.random() < 0.8,
            wait_timeout=60,
            token=administrator(sim, *PERMISSIONS),
        )
    sim.faults()


def _plan(sim: Running, schedule: Schedule, token: str | None) -> tuple[list[Json], Json | None]:
    """Plan what of the list can be planned; null where that is nothing."""
    items = schedule.items
    for _dummy in range(4):
        made = assign_many(sim, items, check=True, token=token, **_planning(schedule))
        if made["plan"] is not None:
            return items, made["plan"] if made["plan"]["items"] else None
        failed = {outcome["index"] for outcome in made["outcomes"] if outcome["error"]}
        items = [item for index, item in enumerate(items) if index not in failed]
    return items, None


def _planning(schedule: Schedule) -> Json:
    return {name: value for name, value in schedule.options.items() if name != "retries"}


def _apply(
    sim: Running, plan: Json, schedule: Schedule, token: str | None, trace: Callable[[str], None] = lambda line: None
) -> Json:
    names = ("concurrency", "on_item_error", "wait", "retries", "wait_timeout")
    options = {"plan": encode_plan(plan), "plan_max_age": _AGE, **{name: schedule.options[name] for name in names}}
    return run_task(access_package_assignments, sim, options, token=token, trace=trace)


def _at(number: int, action: Callable[[], None]) -> Callable[[str], None]:
    """Return a trace that does something once, at this line."""
    seen: list[str] = []

    def trace(line: str) -> None:
        seen.append(line)
        if len(seen) == number:
            action()

    return trace


def _kill() -> None:
    raise Killed


def _change(sim: Running, chance: Random, schedule: Schedule, items: list[Json]) -> None:
    """Let others do something: in the portal, in a run of their own; or let time pass, or an approver decide."""
    what = chance.choice(["portal", "portal", "run", "time", "decision"])
    if what == "time":
        sim.advance(chance.choice([60, 3600, 20 * 3600]))
    elif what == "run":
        some = chance.sample(items, chance.randint(1, len(items))) if items else []
        assign_many(sim, some, token=administrator(sim, *PERMISSIONS), wait_timeout=60)
    elif what == "decision":
        pending = [r["id"] for r in sim.dump()["requests"] if r["state"] == "pendingApproval"]
        for request in pending[:1]:
            chance.choice([sim.approve, sim.deny])(request)
    else:
        named = chance.choice(items or schedule.items)
        who = {name: named[name] for name in ("user", "email", "access_package", "policy", "answers") if name in named}
        end = chance.choice([None, {"end_date_time": "2030-01-25"}, {"duration": "P15D"}])
        changes: list[Json] = [{"state": "absent"}, {"schedule": end, "on_policy_mismatch": "keep"}]
        change = chance.choice(changes)
        if "state" in change:
            who = {name: value for name, value in who.items() if name not in ("policy", "answers")}
        assign(
            sim, **who, **change, wait=chance.random() < 0.7, wait_timeout=60, token=administrator(sim, *PERMISSIONS)
        )


def _is_told(schedule: Schedule, plan: Json) -> bool:
    """Return whether what becomes of a plan can be told beforehand.

    With one reading Graph shows nobody whose open add is whose, and only Graph can tell whether an application may cancel.
    """
    cancels = any(write["step"] == "cancel" for item in plan["items"] for write in item["writes"])
    return schedule.readings["open_request_assignment"] != "null" and (schedule.is_person or not cancels)


def _is_stale(plan: Json, fresh: Json) -> bool | None:
    """Say by a second plan of the same list whether the first one is stale; null where that cannot tell."""
    planned = {_key(item): item for item in plan["items"]}
    if fresh["plan"] is None:
        failed = {outcome["index"] for outcome in fresh["outcomes"] if outcome["error"]}
        return True if failed & {item["index"] for item in plan["items"]} else None
    now = {_key(item): item for item in fresh["plan"]["items"]}
    verdicts = [_fits(item, now[key]) for key, item in planned.items() if key in now]
    ended = [outcome for outcome in fresh["outcomes"] if outcome["index"] is not None and outcome["error"]]
    return None if None in verdicts or ended or fresh["summary"]["ended"] else False in verdicts


def _fits(planned: Json, now: Json) -> bool | None:
    """Hold one change of a plan against what would be done now; null where it waits for something that has ended."""
    rest = planned["writes"][-len(now["writes"]) :]
    if len(rest) != len(now["writes"]):
        return False
    if rest != now["writes"]:
        return None if planned["waits_for"] else False
    if len(rest) < len(planned["writes"]) or planned["before"] == now["before"]:
        return True
    return None if planned["waits_for"] else False


def _not_as_planned(
    sim: Running, plan: Json, items: list[Json], schedule: Schedule, token: str | None, done: Json
) -> Iterator[str]:
    """Yield what is not as it was planned, after a plan that was not stale was carried out without hindrance."""
    if done["failed"]:
        yield f"failed: {done['msg']}"
    sim.advance(120)
    fresh = assign_many(sim, items, check=True, token=token, **_planning(schedule))
    planned = {_key(item) for item in plan["items"]}
    for item in (fresh["plan"] or {"items": []})["items"]:
        if _key(item) in planned:
            yield f"not as planned: {item['target']['principal_name']} would {item['action']} now"


def _key(item: Json) -> tuple[str, str]:
    target = item["target"]
    return item["access_package"]["id"], str(target["object_id"] or target["email"])


def _is(call: Json, write: Json) -> bool:
    """Return whether a call is a write of a plan; an assignment without an id is one that an open request makes."""
    if "request" in write:
        return str(call["path"]).endswith(f"/{write['request']}/{write['step']}")
    return call["body"] is not None and _agree(write["body"], call["body"])


def _asks(body: Json | None, request: Json) -> bool:
    """Return whether a request is one that a body of a write asks for."""
    if body is None or body["requestType"] != request["requestType"]:
        return False
    asked = body["assignment"]
    if asked.get("id"):
        return bool(asked["id"] == request["assignmentId"])
    who, whom = asked.get("targetId"), request["objectId"]
    if not who:
        who, whom = asked.get("target", {}).get("email"), request["user"]
    return bool(who == whom and asked["accessPackageId"] == request["packageId"])


def _agree(planned: Any, sent: Any) -> bool:
    """Compare bodies; an assignment without an id, and its start, are those that an open request makes."""
    bodies = [json.loads(json.dumps(body)) for body in (planned, sent)]
    if bodies[0]["assignment"].get("id") == "":
        for body in bodies:
            body["assignment"].pop("id", None)
    if bodies[0]["requestType"].endswith("Update") and "startDateTime" not in bodies[0].get("schedule", {}):
        bodies[1].get("schedule", {}).pop("startDateTime", None)
    return bool(bodies[0] == bodies[1])
