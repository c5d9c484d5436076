# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is declared incompatible with an access package, as the pages of the three lists show it."""

from __future__ import annotations

from typing import Any

from .access import reading
from .filters import Filterable
from .graph import Answer, Call
from .listing import FUNCTION, answer_page, numbered, read_query, writer
from .packages import package_of

_CONTEXT = "identityGovernance/entitlementManagement"


def incompatible_packages(call: Call) -> Answer:
    """GET /accessPackages/{id}/incompatibleAccessPackages: those that this package names."""
    package = package_of(call, reading(call.caller))
    found = [call.store.packages[each] for each in package.incompatible_package_ids]
    return _page(call, "accessPackage", found, "incompatibleAccessPackages")


def packages_incompatible_with(call: Call) -> Answer:
    """GET /accessPackages/{id}/accessPackagesIncompatibleWith: those that name this package."""
    package = package_of(call, reading(call.caller))
    found = [each for each in call.store.packages.values() if package.id in each.incompatible_package_ids]
    return _page(call, "accessPackage", found, "accessPackagesIncompatibleWith")


def incompatible_groups(call: Call) -> Answer:
    """GET /accessPackages/{id}/incompatibleGroups: the groups that this package names."""
    package = package_of(call, reading(call.caller))
    found = [call.store.groups[each] for each in package.incompatible_group_ids]
    return _page(call, "group", found, "incompatibleGroups")


def _page(call: Call, kind: str, found: list[Any], context: str) -> Answer:
    query = read_query(call, kind, Filterable({}), FUNCTION)
    write = writer(call, kind, query.options)
    return answer_page(call, query, numbered(found), write, f"{_CONTEXT}/accessPackages/{context}")
