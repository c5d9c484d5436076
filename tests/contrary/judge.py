# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold of an errand whatever Graph does, as functions over what the simulator itself knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.contrary.errands import End, Errand, Pair
from tests.support.invariants import OPEN, active, held_twice, open_adds

Json = dict[str, Any]
# A write that is refused because somebody else was faster is tried again so often.
_TRIES = 5


def judge(errand: Errand, result: Json, before: Json, after: Json, writes: list[Json]) -> Iterator[str]:
    """Yield a sentence for each thing that must not be; ``writes`` is what reached the simulator."""
    accepted = [call for call in writes if call["status"] < 300]
    yield from held_twice(after)
    yield from foreign(before, after, errand.pairs)
    if len(writes) > errand.most_writes + _TRIES:
        yield f"sent {len(writes)} writes"
    if len(accepted) > errand.most_writes:
        yield f"{len(accepted)} writes were accepted"
    if result["changed"] is not bool(accepted):
        yield f"changed is {result['changed']} after {len(accepted)} accepted writes"
    if result["failed"]:
        yield from _error(result)
    if errand.refused and not result["failed"]:
        yield "was not refused"
    failed = failed_pairs(errand, result)
    had, has = _rows(before), _rows(after)
    for end in errand.ends if not errand.refused else ():
        is_failed = (end.package, end.who) in failed
        wrong = _wrong(after, end, bool(result.get("pending")) and not is_failed)
        if wrong and not is_failed:
            yield f"wrong success: {wrong}"
        # What shows only once it is there cannot be told before; then what was written has to be what was wanted.
        elif (
            wrong
            and accepted
            and not is_between(errand, result)
            and had.get((end.package, end.who)) != has.get((end.package, end.who))
        ):
            yield f"error after a write, and {wrong}: {result['msg']}"


def is_between(errand: Errand, result: Json) -> bool:
    """Return whether a replacement failed between its two steps and says so: the next run gives access again."""
    is_replacement = errand.options.get("on_policy_mismatch") == "replace"
    return is_replacement and bool(result["failed"]) and "access is lost" in result["msg"]


def foreign(before: Json, after: Json, pairs: set[Pair]) -> Iterator[str]:
    """Name every package and person that has changed and was not to be touched."""
    had, has = _rows(before), _rows(after)
    for pair in sorted({*had, *has} - pairs):
        if had.get(pair) != has.get(pair):
            yield f"wrote for another: {pair[1]} in {pair[0]!r}"


def failed_pairs(errand: Errand, result: Json) -> set[Pair]:
    """Return whom the result says it could not bring about."""
    if "outcomes" not in result:
        return errand.pairs if result["failed"] else set()
    told = {(end.package, end.who) for end in errand.ends}
    if result["failed"] and not result["outcomes"]:
        return told
    good = {
        ((each["access_package"] or {}).get("display_name"), each["user"])
        for each in result["outcomes"]
        if each["error"] is None
    }
    # Whom an exact set leaves out is not told of, and kept what they had.
    return told - good if result["failed"] else set()


def _error(result: Json) -> Iterator[str]:
    if not str(result.get("msg", "")).endswith("."):
        yield f"failed without a sentence: {result.get('msg')}"
    if not (result.get("error") or {}).get("message"):
        yield "failed without an error"


def _wrong(state: Json, end: End, pending: bool) -> str | None:
    """Return where a success is not as it says."""
    holds = active(state, end.package, end.who)
    if pending:
        waits = [row for row in state["requests"] if row["package"] == end.package and row["state"] in OPEN]
        return None if waits else f"nothing is pending for {end.who}"
    if not end.held:
        found = holds or open_adds(state, end.package, end.who)
        return f"{end.who} has or may get {end.package!r}" if found else None
    if not holds:
        return f"{end.who} does not hold {end.package!r}"
    (row,) = holds[:1]
    until = row["schedule"]["expiration"]["endDateTime"]
    if end.until and until != end.until:
        return f"{end.who} holds {end.package!r} until {until}"
    if end.policy and row["policy"] != end.policy:
        return f"{end.who} holds {end.package!r} under {row['policy']!r}"
    if end.answer and end.answer not in _answers(state, row):
        return f"{end.who} has not answered {end.answer}"
    return f"{end.who} holds {end.package!r} as {row['state']}" if row["state"] == "deliveryFailed" else None


def _answers(state: Json, assignment: Json) -> list[str]:
    made = [row for row in state["requests"] if row["assignmentId"] == assignment["id"] and row["answers"]]
    return [answer["value"] for answer in made[-1]["answers"]] if made else []


def _rows(state: Json) -> dict[Pair, list[Any]]:
    """Return what there is of each package and person; somebody from outside keeps the address once there is a guest."""
    mails = {user["id"]: user["mail"] for user in state["users"] if user["userType"] == "Guest"}
    found: dict[Pair, list[Any]] = {}
    for kind in ("assignments", "requests"):
        for row in state[kind]:
            who = mails.get(row["objectId"]) or str(row["user"])
            told = (row["id"], row["state"], row["policy"], row["schedule"]["expiration"])
            found.setdefault((row["package"], who), []).append(told)
    return found


def misread(whole: Json, result: Json, lists: Mapping[str, str]) -> Iterator[str]:
    """Yield where a reading gives other rows, or other words in them, than it gives from a Graph that is not contrary."""
    if result["failed"]:
        yield from _error(result)
        return
    for name in lists:
        if name not in whole:
            continue
        right = {row["id"]: row for row in whole[name]}
        given = [row["id"] for row in result[name]]
        if sorted(given) != sorted(right):
            yield f"wrong success: {len(given)} {name} instead of {len(right)}"
        for row in result[name]:
            yield from (f"misread: {row['id']}: {word}" for word in _other(right.get(row["id"], {}), row))


def _other(right: Any, given: Any, place: str = "") -> Iterator[str]:
    """Name members that say something else; one that says nothing is no lie."""
    if isinstance(right, dict) and isinstance(given, dict):
        for name, value in given.items():
            yield from _other(right.get(name), value, f"{place}.{name}")
    elif isinstance(right, list) and isinstance(given, list) and len(right) == len(given):
        for number, (one, other) in enumerate(zip(right, given, strict=True)):
            yield from _other(one, other, f"{place}[{number}]")
    elif given not in (None, [], False, "") and given != right:
        yield f"{place} is {given!r} instead of {right!r}"
