# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turning what is held beside a declared list into removals: the part of an exact set that nobody wrote down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ansible_collections.idgov.entra.plugins.module_utils._apply.item import Item
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import (
    Declaration,
    Desired,
    Identity,
    Person,
    part_of,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.exact_set import (
    ExactSet,
    PackageInFull,
    find_undeclared,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Observed
from ansible_collections.idgov.entra.plugins.module_utils._decide.policies import choose_policy
from ansible_collections.idgov.entra.plugins.module_utils._declare.resolve import Resolved
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Assignment, Package, Policy, Subject
from ansible_collections.idgov.entra.plugins.module_utils._fetch.observed import Reader


@dataclass(frozen=True)
class UndeclaredItems:
    """What is held beside the declared: removals as items, and how much is never touched."""

    removals: tuple[Item, ...] = ()
    left_alone: int = 0


@dataclass
class Listed:
    """What a list says about one access package: for whom, and under which policies; null where it says nothing."""

    package: Package
    items: list[Item] = field(default_factory=list)
    policy_ids: set[str] | None = None


def packages_in_full(
    resolved: Iterable[Resolved], items: Iterable[Item], named: Iterable[Package]
) -> dict[str, Listed]:
    """Return the packages whose holders must be exact, by their ids in lower case.

    They are those that declarations mean, also for nobody, as with an empty group, and those that were ``named`` besides.
    """
    packages: dict[str, Listed] = {}
    for each in resolved:
        listed = packages.setdefault(each.package.id.lower(), Listed(each.package))
        listed.policy_ids = (listed.policy_ids or set()) | ({each.policy.id.lower()} if each.policy else set())
    for item in items:
        if item.desired:
            packages[item.desired.package.id.lower()].items.append(item)
    for package in named:
        packages.setdefault(package.id.lower(), Listed(package))
    return packages


def find_undeclared_items(packages: Mapping[str, Listed], reader: Reader, exact: ExactSet) -> UndeclaredItems:
    """Find what is held beside the declared, as removals, in packages that were just read in full.

    Raises what went wrong with reading a package.
    """
    found = [find_undeclared(_in_full(listed, reader, exact)) for listed in packages.values()]
    removals = [_removal(b.package, assignment, exact, reader) for b in found for assignment in b.removals]
    return UndeclaredItems(tuple(removals), sum(undeclared.left_alone for undeclared in found))


def _in_full(listed: Listed, reader: Reader, exact: ExactSet) -> PackageInFull:
    holdings = reader.holdings_of(listed.package.id)
    return PackageInFull(
        package=reader.with_policies(listed.package, holdings.assignments),
        assignments=tuple(holdings.assignments),
        open_requests=tuple(request for request in holdings.requests if request.is_open),
        listed=[item.desired.person for item in listed.items if item.desired],
        policy_ids=_policy_ids(listed) if exact.scope == "policy" else None,
    )


def _policy_ids(listed: Listed) -> set[str] | None:
    """Return the policies that items name, or that their people hold the package under, or will."""
    if listed.policy_ids is None:
        return None
    taken = (_policy_taken(item.desired, item.observed) for item in listed.items if item.desired)
    return listed.policy_ids | {policy.id.lower() for policy in taken if policy}


def _policy_taken(desired: Desired, observed: Observed) -> Policy | None:
    held = observed.active
    if desired.policy or held:
        return desired.policy or (held.policy if held else None)
    try:
        return choose_policy(None, desired.person, observed.policies) if desired.state == "present" else None
    except EntraError:
        # None fits: then its item fails, and nothing is taken away.
        return None


def _removal(package: Package, assignment: Assignment, exact: ExactSet, reader: Reader) -> Item:
    target = assignment.target or Subject(id=None)
    label = target.principal_name or target.email or target.object_id or f"the holder of assignment {assignment.id}"
    settings = vars(exact.removal)
    desired = Desired(
        state="absent",
        package=package,
        person=Person(target.object_id, target.email, "unknown", label),
        policy=assignment.policy,
        **settings,
    )
    declaration = Declaration(state="absent", access_package=package.display_name or package.id, user=label, **settings)
    item = Item(declaration, None, desired)
    observed = reader.last_seen(part_of(desired, Identity))
    item.fail(observed) if isinstance(observed, EntraError) else item.see(observed)
    return item
