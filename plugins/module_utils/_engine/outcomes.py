# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From many items to the values that a task returns: an outcome for each, the counts, and who failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import ItemsFailed
from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable
from ansible_collections.idgov.entra.plugins.module_utils._engine.item import Item
from ansible_collections.idgov.entra.plugins.module_utils._engine.outcome import Result, item_result, named_result

_COUNTED = {
    "add": "added",
    "update": "updated",
    "remove": "removed",
    "replace": "replaced",
    "reprocess": "reprocessed",
    "cancel": "canceled",
    "none": "unchanged",
}
_SHOWN = 10


def outcome(item: Item) -> Result:
    """Give what became of one person of one declaration; C(index) is null for a removal that nobody declared."""
    result = item_result(item.twin or item)
    return {
        "index": item.index,
        "access_package": named_result(item.wanted.package) if item.wanted else None,
        "user": _person(item),
        "action": "none" if item.twin else result["action"],
        "pending": result["pending"],
        "assignment": result["assignment"],
        "request": result["request"],
        "error": item.error.as_result() if item.error else None,
    }


def diffs(items: Sequence[Item]) -> list[Result]:
    """Give the differences of the changed items only."""
    return [{**_headers(item), **item_result(item)["diff"]} for item in items if item.writes]


def summary(items: Sequence[Item], *, left_alone: int, http_calls: int, operations: int) -> Result:
    """Count what became of the items; one that failed counts as nothing else."""
    counts = Counter("failed" if item.error else _COUNTED[item.action] for item in items)
    return {
        **{name: counts[name] for name in _COUNTED.values()},
        "pending": sum(item.pending for item in items),
        "ended": sum(item.ended for item in items),
        "failed": counts["failed"],
        "left_alone": left_alone,
        "http_calls": http_calls,
        "operations": operations,
    }


def failed_items(items: Sequence[Item], *, exclusive: bool) -> ItemsFailed | None:
    """Give the error that names every failed item, with the reasons of the first ones; null where none failed.

    With C(exclusive) a declared item that failed has kept everybody else's access as it was.
    """
    failed = [item for item in items if item.error]
    if not failed:
        return None
    reasons = [f"{_place(item)}: {item.error.message if item.error else ''}" for item in failed[:_SHOWN]]
    others = ", ".join(_place(item) for item in failed[_SHOWN:])
    words = "; ".join([*reasons, *([f"and {others}"] if others else [])])
    declared = any(item.index is not None for item in failed)
    spared = "; because of that nothing was taken away from people who are not listed" if exclusive and declared else ""
    hints = list(dict.fromkeys(item.error.hint for item in failed if item.error and item.error.hint))
    return ItemsFailed(
        f"{len(failed)} of {len(items)} assignments failed: {words}{spared}",
        hint=hints[0] if len(hints) == 1 else "outcomes has the error and the hint of each",
    )


def _person(item: Item) -> str:
    return item.wanted.person.label if item.wanted else item.declaration.person


def _place(item: Item) -> str:
    package = item.declaration.access_package or item.declaration.assignment_id
    place = "removal" if item.index is None else f"assignments[{item.index}]"
    return f"{place} ({_person(item)}, {package})"


def _headers(item: Item) -> Result:
    package = item.wanted.package if item.wanted else None
    header = printable(f"{(package.display_name or package.id) if package else ''}: {_person(item)}")
    return {"before_header": header, "after_header": header}
