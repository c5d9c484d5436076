# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the result of the task that assigns many to what people, workflows and auditors read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable

Json = dict[str, Any]
# What is said of each action in check mode too, so it says what and not when.
_WORDS = {
    "add": "gets",
    "update": "changed",
    "remove": "loses",
    "replace": "replaced",
    "reprocess": "processed again",
    "cancel": "request taken back",
    "none": "unchanged",
}
_COUNTS = (
    "added",
    "updated",
    "removed",
    "replaced",
    "reprocessed",
    "canceled",
    "unchanged",
    "pending",
    "ended",
    "failed",
)
_LIMITS = re.compile(r"\b(?:max_removals|max_additions|allow_empty)\b")


def digest(
    result: Mapping[str, Any],
    refused: Sequence[Mapping[str, Any]],
    names: Mapping[str, str],
    kept: Sequence[Mapping[str, Any]],
    places: Sequence[str] = (),
    prefix: str = "",
) -> Json:
    """Return ``lines`` for people, ``stats`` for workflows, ``changes`` for auditors, and the ``failure`` or null.

    ``refused`` are people who were left out, with the reason; ``names`` are names by object id; ``kept`` is what was left
    to whom on purpose; ``places`` say where each assignment is written, in place of its index; ``prefix`` makes of the
    options that limit the task the variables of a role.
    """
    outcomes = [
        {**each, "user": names.get(str(each["user"]).lower(), each["user"])} for each in result.get("outcomes") or ()
    ]
    failed = [_failure(each) for each in outcomes if each["error"]]
    failed += [{"user": each["user"], "access_package": None, "reason": each["reason"]} for each in refused]
    counts = result.get("summary") or {}
    failure = _sentence(result, refused, places, prefix)
    lines = [
        *(_nothing(outcomes) or _lines(outcomes)),
        *(f"{each['user']}: keeps: {each['access_package']['display_name']}" for each in kept),
        *(f"{each['user']}: refused, {each['reason']}" for each in refused),
    ]
    return {
        "lines": [printable(line) for line in lines or [failure or "Nothing to change"]],
        "changes": [_change(each) for each in outcomes if each["action"] != "none"],
        "stats": {
            "summary": {**{name: counts.get(name, 0) for name in _COUNTS}, "refused": len(refused)},
            "assignments": [_stat(each) for each in outcomes if not each["error"]],
            "failed": failed,
        },
        "failure": failure,
    }


def _lines(outcomes: Iterable[Mapping[str, Any]]) -> list[str]:
    people: dict[str, dict[str, list[str]]] = {}
    for each in outcomes:
        person = people.setdefault(each["user"], {})
        if each["error"]:
            person.setdefault(f"FAILED {_name(each)}".rstrip(), []).append(each["error"]["message"])
        else:
            person.setdefault(_words(each), []).append(f"{_name(each)}{_waits(each)}")
    return [f"{user}: {_line(lines)}" for user, lines in people.items()]


def _nothing(outcomes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return one line where nothing is to be changed for several people; none where a line for each says more."""
    people = {each["user"] for each in outcomes}
    if len(people) < 2 or any(each["error"] or each["action"] != "none" for each in outcomes):
        return []
    pending = sum(1 for each in outcomes if each["pending"])
    more = f", {pending} of them pending" if pending else ""
    return [f"Nothing to change: {len(outcomes)} assignments of {len(people)} people{more}"]


def _words(each: Mapping[str, Any]) -> str:
    """Return what was done; where nothing was, whether there is access: it may have run out, or never have been there."""
    nothing = each["action"] == "none" and not each["assignment"] and not each["pending"]
    return "without access, unchanged" if nothing else _WORDS.get(each["action"], str(each["action"]))


def _line(lines: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{words}: {', '.join(names)}" for words, names in lines.items())


def _waits(each: Mapping[str, Any]) -> str:
    if not each["pending"]:
        return ""
    state = (each["request"] or {}).get("state")
    return f" ({state})" if state else " (pending)"


def _name(each: Mapping[str, Any]) -> str:
    package = each["access_package"] or {}
    return str(package.get("display_name") or package.get("id") or "")


def _failure(each: Mapping[str, Any]) -> Json:
    return {"user": each["user"], "access_package": each["access_package"], "reason": each["error"]["message"]}


def _stat(each: Mapping[str, Any]) -> Json:
    return {
        "user": each["user"],
        "access_package_id": (each["access_package"] or {}).get("id"),
        "assignment_id": each["assignment_id"],
        "request_id": (each["request"] or {}).get("id"),
        "action": each["action"],
        "pending": each["pending"],
    }


def _change(each: Mapping[str, Any]) -> Json:
    request = each["request"] or {}
    return {
        **_stat(each),
        "access_package": (each["access_package"] or {}).get("display_name"),
        "request_state": request.get("state"),
        "justification": request.get("justification"),
        "error": each["error"]["message"] if each["error"] else None,
    }


def _sentence(
    result: Mapping[str, Any], refused: Sequence[Mapping[str, Any]], places: Sequence[str], prefix: str
) -> str | None:
    """What the task says itself, which names every failed assignment, and every refused person."""
    has_failed = bool(result.get("error")) or "outcomes" not in result
    failures = [_failed(result, places, prefix)] if has_failed else []
    return (
        printable(" ".join([*failures, *(f"{each['user']} was refused: {each['reason']}." for each in refused)]))
        or None
    )


def _failed(result: Mapping[str, Any], places: Sequence[str], prefix: str) -> str:
    sentence = str(result.get("msg") or "No assignments were made.")
    # Only in the hint, which is our own: elsewhere it may be somebody's name.
    hint = str((result.get("error") or {}).get("hint") or "")
    if hint:
        sentence = sentence.replace(hint, _LIMITS.sub(lambda option: prefix + option[0], hint))
    return _placed(sentence, places)


def _placed(sentence: str, places: Sequence[str]) -> str:
    return re.sub(
        r"assignments\[(\d+)\]",
        lambda found: places[int(found[1])] if int(found[1]) < len(places) else found[0],
        sentence,
    )
