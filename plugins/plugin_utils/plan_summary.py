# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task that assigns many would do, or has done, for those who review it: Markdown for a pull request or a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from ansible_collections.idgov.entra.plugins.plugin_utils.markdown import code, length, table

Json = dict[str, Any]
# Void is what was to be planned where something failed or is over a cap: there is no plan then.
_Stage = Literal["planned", "void", "done"]
_TITLES: dict[_Stage, str] = {"planned": "Planned changes of access", "void": "No plan", "done": "Changes of access"}
# A comment on GitHub takes 65,536 characters; whoever posts it may want to add something.
MOST_CHARACTERS = 60_000
# What each section may take of them, so that there is always room for changes.
_ROOM_OF_SENTENCES, _ROOM_OF_STALE = 12_000, 12_000
_MOST_IN_SENTENCE = 1_500
# What takes access away comes first. Each with the name of its count, and how one and several of them are called.
_ACTIONS = {
    "remove": ("removed", "removal", "removals"),
    "replace": ("replaced", "replacement", "replacements"),
    "cancel": ("canceled", "canceled request", "canceled requests"),
    "add": ("added", "addition", "additions"),
    "update": ("updated", "update", "updates"),
    "reprocess": ("reprocessed", "reprocessed delivery", "reprocessed deliveries"),
}
_BESIDES = {
    "unchanged": "unchanged",
    "pending": "waiting for an approval or a start date",
    "ended": "already ended",
    "left_alone": "left alone (given by an automatic policy, held by others than users, or with an open request)",
    "failed": "failed",
}
_HEADER = ("Change", "Person", "Access package", "Before", "After")


def plan_summary(result: Mapping[str, Any], *, is_planned: bool, failure: str | None) -> str:
    """Return the Markdown for the result of access_package_assignments, at most 60,000 characters.

    ``failure`` is the sentence that the role will fail with, which names who is over a cap; null where nothing failed.
    """
    stage: _Stage = "done" if not is_planned else "planned" if result.get("plan") else "void"
    head = [f"## {_title(result, stage)}", "", _counts(result, stage)]
    head += _section("Failed", _sentences([failure] if failure else []), _ROOM_OF_SENTENCES)
    ends = _section("Stale", _stale(result.get("stale") or ()), _ROOM_OF_STALE)
    ends += _section("Warnings", _sentences(_warnings(result)), _ROOM_OF_SENTENCES)
    room = MOST_CHARACTERS - sum(length(line) + 1 for line in (*head, *ends))
    # What comes of no plan must not look like one.
    changes = _section("Would have been changed" if stage == "void" else "Changes", _changes(result), room)
    return "\n".join([*head, *changes, *ends]) + "\n"


def _title(result: Mapping[str, Any], stage: _Stage) -> str:
    failed = (result.get("summary") or {}).get("failed")
    return f"{_TITLES[stage]}: {failed} failed" if stage == "void" and failed else _TITLES[stage]


def _counts(result: Mapping[str, Any], stage: _Stage) -> str:
    counts = result.get("summary") or {}
    changes = [
        f"{counts[name]} {one if counts[name] == 1 else several}"
        for name, one, several in _ACTIONS.values()
        if counts.get(name)
    ]
    besides = [f"{counts[name]} {words}" for name, words in _BESIDES.items() if counts.get(name)]
    nothing = "Nothing changed" if stage == "done" else "Nothing to change"
    said = f"**{', '.join(changes) or nothing}.**"
    if stage == "void":
        said = "**Nothing to approve.**" + (f" It would have been: {', '.join(changes)}." if changes else "")
    return f"{said}{' Besides: ' if besides else ''}{', '.join(besides)}"


def _section(title: str, lines: Sequence[str], room: int) -> list[str]:
    """Return a section with as many of its lines as there is room for, and how many there are beside them."""
    if not lines:
        return []
    shown = ["", f"### {title}", ""]
    left = room - 50 - sum(length(line) + 1 for line in shown)
    for number, line in enumerate(lines):
        left -= length(line) + 1
        if left < 0:
            return [*shown, "", f"**{len(lines) - number} more are not shown.**"]
        shown.append(line)
    return shown


def _changes(result: Mapping[str, Any]) -> list[str]:
    changed = [each for each in result.get("outcomes") or () if each["action"] != "none"]
    pairs = list(zip(changed, result.get("diff") or (), strict=False))
    order = list(_ACTIONS)
    pairs.sort(key=lambda pair: order.index(pair[0]["action"]) if pair[0]["action"] in order else len(order))
    return table(_HEADER, [_row(outcome, diff) for outcome, diff in pairs]) if pairs else []


def _row(outcome: Mapping[str, Any], diff: Mapping[str, Any]) -> list[str]:
    before, after = diff.get("before") or {}, diff.get("after") or {}
    package = outcome["access_package"] or {}
    action = outcome["action"]
    return [
        f"**{action}**" if action in ("remove", "replace") else str(action),
        code(outcome["user"]),
        code(package.get("display_name") or package.get("id") or ""),
        _said(before, after),
        _said(after, before) + (" (failed)" if outcome["error"] else ""),
    ]


def _said(these: Mapping[str, Any], those: Mapping[str, Any]) -> str:
    """Return one side of a difference: all of it where access begins or ends, else what the other side does not say."""
    if these.get("state") != those.get("state"):
        shown = {name: value for name, value in these.items() if name == "state" or these["state"] != "absent"}
    else:
        shown = {name: value for name, value in these.items() if value != those.get(name)}
    return code("; ".join(f"{name}: {_value(value)}" for name, value in shown.items()))


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_value(inner)}" for name, inner in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


def _stale(stale: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the table of what is no longer as it was when it was planned."""
    rows = [
        [
            str((each.get("planned") or {}).get("action")),
            code(_person(each.get("target"))),
            code(_name(each.get("access_package"))),
            code((each.get("found") or {}).get("why") or ""),
        ]
        for each in stale
    ]
    return table(("Planned", "Person", "Access package", "Why it is stale"), rows) if rows else []


def _sentences(sentences: Sequence[str]) -> list[str]:
    return [f"- {code(each, _MOST_IN_SENTENCE)}" for each in sentences]


def _warnings(result: Mapping[str, Any]) -> list[str]:
    """Return each warning once: those of the plan, which say what it cannot promise, and those of the task."""
    planned = ((result.get("plan") or {}).get("summary") or {}).get("warnings") or ()
    return list(dict.fromkeys(map(str, (*planned, *(result.get("warnings") or ())))))


def _name(named: Any) -> str:
    named = named if isinstance(named, Mapping) else {}
    return str(named.get("display_name") or named.get("id") or "")


def _person(target: Any) -> str:
    target = target if isinstance(target, Mapping) else {}
    names = ("principal_name", "email", "display_name", "object_id")
    return str(next((target[name] for name in names if target.get(name)), ""))
