# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading access packages in full: their policies with the questions, and what they exclude."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, GraphError
from ansible_collections.idgov.entra.plugins.module_utils._core.ids import is_called
from ansible_collections.idgov.entra.plugins.module_utils._decide.query import PackageQuery
from ansible_collections.idgov.entra.plugins.module_utils._decide.selection import packages_in_order
from ansible_collections.idgov.entra.plugins.module_utils._engine.resolve import Resolver, is_in
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Named, Package, Policy
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import (
    get_policy,
    list_incompatible,
    list_packages,
    list_requestable_packages,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.wire import (
    read_named,
    read_package,
    read_policy,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._graph.page import Page

_EXCLUSIONS = ("incompatibleAccessPackages", "accessPackagesIncompatibleWith", "incompatibleGroups")


@dataclass(frozen=True)
class WholePackage:
    """An access package whose policies have their questions, and what its holders must not have or be.

    What the caller may not read is null.
    """

    package: Package
    incompatible_packages: tuple[Named, ...] | None
    incompatible_with: tuple[Named, ...] | None
    incompatible_groups: tuple[Named, ...] | None


def read_packages(graph: GraphClient, query: PackageQuery) -> list[WholePackage]:
    """Read the access packages that a query asks for, in order.

    Raises NameNotFound, NameAmbiguous, GraphError, TransportError and what signing in raises.
    """
    packages = packages_in_order(_requestable(graph, query) if query.mine else _listed(graph, query))
    policies = [policy for package in packages for policy in package.policies or ()]
    calls = [get_policy(policy.id) for policy in policies]
    calls += [list_incompatible(package.id, what) for package in packages for what in _EXCLUSIONS]
    read = iter([_allowed(rows) for rows in graph.read_lists(calls)])
    full = {policy.id: _with_questions(policy, next(read)) for policy in policies}
    return [_whole(package, full, [next(read) for _dummy in _EXCLUSIONS]) for package in packages]


def _listed(graph: GraphClient, query: PackageQuery) -> list[Package]:
    packages, _dummy = Resolver(graph).find(query.packages, query.catalog, ())
    if packages is None:
        pages = graph.pages(list_packages("assignmentPolicies,catalog"))
        packages = [package for page in pages for package in page.parse(read_package)]
    return list({package.id: package for package in packages}.values())


def _requestable(graph: GraphClient, query: PackageQuery) -> list[Package]:
    found = [package for page in graph.pages(list_requestable_packages()) for package in page.parse(read_package)]
    names = query.packages
    return [
        package
        for package in found
        if is_in(query.catalog, package)
        and (names is None or any(is_called(name, package.id, package.display_name) for name in names))
    ]


def _allowed(rows: Page | EntraError) -> Page | None:
    if isinstance(rows, GraphError) and rows.status == 403:
        return None
    if isinstance(rows, EntraError):
        raise rows
    return rows


def _with_questions(policy: Policy, rows: Page | None) -> Policy:
    if not rows:
        return policy
    (found, *_others) = rows.parse(read_policy)
    return replace(found, id=policy.id, questions=found.questions or ())


def _whole(package: Package, full: dict[str, Policy], exclusions: Sequence[Page | None]) -> WholePackage:
    named = [None if rows is None else tuple(rows.parse(read_named)) for rows in exclusions]
    policies = tuple(full[policy.id] for policy in package.policies or ())
    return WholePackage(replace(package, policies=policies), *named)
