# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which doubts are played together, and over which errands: all of one kind, or drawn from a seed."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from random import Random

from tests.contrary.errands import CYCLE, ERRANDS
from tests.simulator.doubts import DOUBTS

Cycle = list[tuple[str, str]]
# doubt -> errands in which it shows
_OWN = ("ask", "asked", "hand back", "own assignments")
_WRITING = ("add", "remove", "list")
_OPEN = ("take back", "give back", "requests of a package")
_LONG = ("assignments of a package", "requests of a package", "open requests")
ABOUT: dict[str, tuple[str, ...]] = {
    "expand_ignored": ("requests of a package", "remove"),
    "questions_inline": ("add", "answers", "packages"),
    "questions_hidden": ("add", "other answers", "packages"),
    "function_ignored": _OWN,
    "function_refused": _OWN,
    "cast_refused": ("group",),
    "cancel_forbidden": ("take back", "cancel"),
    "request_assignment_null": _OPEN,
    "request_target_missing": _OPEN,
    "request_state_missing": (*_OPEN, "open requests"),
    "request_type_missing": _OPEN,
    "policies_missing": ("replace", "packages"),
    "thin_policies": ("automatic", "exact", "update"),
    "removals_without_package": ("remove again", "give back"),
    **dict.fromkeys(("code_empty", "code_other", "details_missing", "code_in_message"), ("delete", "remove again")),
    "top_refused": _LONG,
    "big_pages": _LONG,
    "lagging": _WRITING,
    "create_200": _WRITING,
    "create_empty": _WRITING,
    "create_thin": _WRITING,
    "create_without_id": _WRITING,
}


def errands_about(doubts: Sequence[str], count: int) -> Cycle:
    """Draw errands, each in one version, half of them among those in which one of the doubts shows."""
    chance = Random("+".join(doubts))
    about = sorted({title for doubt in doubts for title in ABOUT.get(doubt, ())})
    shown = chance.sample(about, min(len(about), (count + 1) // 2))
    others = chance.sample(sorted(set(ERRANDS) - set(shown)), count - len(shown))
    return [chance.choice([each for each in CYCLE if each[0] == title]) for title in ERRANDS if title in shown + others]


def some_doubts(seed: int) -> tuple[str, ...]:
    """Draw a pair or a triple of doubts."""
    chance = Random(seed)
    return tuple(chance.sample(sorted(DOUBTS), chance.choice([2, 3])))


def all_pairs() -> list[tuple[str, str]]:
    """Return every pair of doubts."""
    return list(itertools.combinations(DOUBTS, 2))
