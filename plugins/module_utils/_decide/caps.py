# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Caps: how much a task may take away and give, held against all that it would do. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import Refused
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Person
from ansible_collections.idgov.entra.plugins.module_utils._decide.exact_set import People
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Assignment, Package

MAX_REMOVALS = 10
_SHOWN = 10


@dataclass(frozen=True)
class Limit:
    """A number for the whole task, or with ``share`` so many percent of the holders of each package for itself."""

    number: int
    share: bool = False

    def of(self, holders: int) -> int:
        """Return the number that is allowed while there are so many holders."""
        return floor(holders * self.number / 100) if self.share else self.number


@dataclass(frozen=True)
class Caps:
    """The options that bound a task; a limit is null where there is none."""

    removals: Limit | None = None
    additions: Limit | None = None
    allow_empty: bool = True

    @property
    def are_none(self) -> bool:
        """Return whether nothing is bounded."""
        return self.removals is None and self.additions is None and self.allow_empty

    @property
    def need_holders(self) -> bool:
        """Return whether all holders of each package must be known."""
        return not self.allow_empty or any(limit.share for limit in (self.removals, self.additions) if limit)


@dataclass(frozen=True)
class PackageChange:
    """What a task would do to one package.

    ``removed`` lose it, ``replaced`` lose it to get it under another policy, ``added`` get it. ``held`` is what users
    hold by request before, where that is needed; ``gains_holder`` tells whether somebody declared ``present`` is among
    those who will hold it.
    """

    package: Package
    removed: tuple[Person, ...] = ()
    replaced: tuple[Person, ...] = ()
    added: tuple[Person, ...] = ()
    held: tuple[Assignment, ...] = ()
    gains_holder: bool = False

    @property
    def is_emptied(self) -> bool:
        """Return whether nobody would hold the package any more."""
        gone = People(self.removed)
        return bool(self.removed) and not self.gains_holder and all(a.target in gone for a in self.held)


def over_caps(changes: Sequence[PackageChange], caps: Caps) -> Refused | None:
    """Return the error that names every cap that a task would go over, with whom it concerns; null where it keeps them."""
    taken = _over([(change, (*change.removed, *change.replaced)) for change in changes], caps.removals, "take away")
    made = _over([(change, change.added) for change in changes], caps.additions, "make")
    hints = [f"raise {option}" for option, found in (("max_removals", taken), ("max_additions", made)) if found]
    sentences = [*taken, *made]
    emptied = [] if caps.allow_empty else [change for change in changes if change.is_emptied]
    sentences += [f"it would take {_named(each)} away from its last {_holders(each)}" for each in emptied]
    hints += ["set allow_empty to true"] if emptied else []
    if not sentences:
        return None
    return Refused(
        f"nothing was sent, because the task exceeds a limit: {'; '.join(sentences)}",
        hint=f"check the list; if it is right, {' and '.join(hints)}",
    )


def _over(changes: Sequence[tuple[PackageChange, Sequence[Person]]], limit: Limit | None, verb: str) -> list[str]:
    if limit is None:
        return []
    found = []
    if limit.share:
        for change, people in changes:
            holders, allowed = len(change.held), limit.of(len(change.held))
            if len(people) > allowed:
                what = f"{_count(len(people))} of {_named(change)}, held by {_count(holders, 'user')}"
                whom = _list([person.label for person in people])
                found.append(f"it would {verb} {what}, and the limit is {allowed} ({limit.number}%): {whom}")
    else:
        names = [f"{person.label} ({_name(change)})" for change, people in changes for person in people]
        if len(names) > limit.number:
            found.append(f"it would {verb} {_count(len(names))}, and the limit is {limit.number}: {_list(names)}")
    return found


def _count(number: int, noun: str = "assignment") -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _holders(change: PackageChange) -> str:
    labels = _list([person.label for person in change.removed])
    return f"holder ({labels})" if len(change.removed) == 1 else f"{len(change.removed)} holders ({labels})"


def _list(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")


def _name(change: PackageChange) -> str:
    return change.package.display_name or change.package.id


def _named(change: PackageChange) -> str:
    return f"the access package {_name(change)!r}"
