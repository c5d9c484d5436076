# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turning what is held beside a declared list into removals: the part of an exact set that nobody wrote down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError
from ansible_collections.idgov.entra.plugins.module_utils._decide.exact import (
    ExactSet,
    PackageInFull,
    check_limit,
    find_beside,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.policies import choose_policy
from ansible_collections.idgov.entra.plugins.module_utils._decide.wanted import Declaration, Person, Wanted
from ansible_collections.idgov.entra.plugins.module_utils._engine.gather import Reader
from ansible_collections.idgov.entra.plugins.module_utils._engine.holdings import Holdings
from ansible_collections.idgov.entra.plugins.module_utils._engine.item import Item
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Assignment, Package, Subject


@dataclass(frozen=True)
class Surplus:
    """What is held beside the declared: removals as items, and how much is never touched.

    C(blocked) is how many removals were not tried because an item failed.
    """

    removals: tuple[Item, ...] = ()
    left_alone: int = 0
    blocked: int = 0

    def spared(self) -> Surplus:
        """Give the same without its removals."""
        return replace(self, removals=(), blocked=len(self.removals))


def packages_in_full(items: Sequence[Item], named: Iterable[Package]) -> dict[str, Package]:
    """Give the packages whose holders must be exact, by their ids in lower case."""
    packages = [item.wanted.package for item in items if item.wanted]
    return {package.id.lower(): package for package in [*packages, *named]}


def find_surplus(items: Sequence[Item], packages: Mapping[str, Package], reader: Reader, exact: ExactSet) -> Surplus:
    """Find what is held beside the declared, as removals, in packages that were just read in full.

    Nothing is found where an item has failed: who is meant is not known for sure then. Raises Refused where more would
    go than may, and what went wrong with reading a package that no item names.
    """
    if any(item.error for item in items):
        return Surplus()
    listed: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        if item.wanted:
            listed[item.wanted.package.id.lower()].append(item)
    found = [
        find_beside(_in_full(package, reader.holdings_of(package_id), listed[package_id], exact))
        for package_id, package in packages.items()
    ]
    check_limit(found, exact.limit)
    removals = [_removal(b.package, assignment, exact, reader) for b in found for assignment in b.removals]
    return Surplus(tuple(removals), sum(beside.left_alone for beside in found))


def _in_full(package: Package, holdings: Holdings, items: Sequence[Item], exact: ExactSet) -> PackageInFull:
    people = [item.wanted.person for item in items if item.wanted]
    names = {name.lower() for person in people for name in (person.object_id, person.email) if name}
    return PackageInFull(
        package=package,
        assignments=tuple(holdings.assignments),
        open_requests=tuple(request for request in holdings.requests if request.is_open),
        listed=names,
        # A package that no item names has no policies that an item could name.
        policy_ids=_policy_ids(items) if items and exact.scope == "policy" else None,
    )


def _policy_ids(items: Sequence[Item]) -> set[str]:
    """Give the policies that items name, or that their people hold the package under, or will."""
    found = set()
    for item in items:
        held = item.situation.active
        if item.wanted and item.wanted.policy:
            found.add(item.wanted.policy.id.lower())
        elif held and held.policy:
            found.add(held.policy.id.lower())
        elif item.wanted and item.wanted.state == "present":
            found.add(choose_policy(item.wanted, item.situation.policies).id.lower())
    return found


def _removal(package: Package, assignment: Assignment, exact: ExactSet, reader: Reader) -> Item:
    target = assignment.target or Subject(id=None)
    label = target.principal_name or target.email or target.object_id or f"the holder of assignment {assignment.id}"
    wanted = Wanted(
        package=package,
        person=Person(target.object_id, target.email, "unknown", label),
        policy=assignment.policy,
        **exact.removal.terms,
    )
    declaration = Declaration(access_package=package.display_name or package.id, user=label, **exact.removal.terms)
    item = Item(declaration, None, wanted)
    situation = reader.last_seen(wanted)
    item.fail(situation) if isinstance(situation, EntraError) else item.see(situation)
    return item
