# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked for when reading: as the user wrote it, checked for its shape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

Names = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PackageQuery:
    """Which access packages: any of those named, in the catalog; null where it does not matter."""

    packages: Names | None = None
    catalog: str | None = None
    mine: bool = False

    @property
    def asks_for_nothing(self) -> bool:
        """Tell whether a list of wanted things is empty: that is nothing wanted, not everything."""
        return () in vars(self).values()


@dataclass(frozen=True, kw_only=True)
class AssignmentQuery(PackageQuery):
    """Which assignments; within one member any value will do, all members together must fit."""

    policies: Names | None = None
    users: Names | None = None
    states: Names | None = None
    expiring_within: timedelta | None = None
    current: bool = False
    ids: Names | None = None


@dataclass(frozen=True, kw_only=True)
class RequestQuery(PackageQuery):
    """Which requests; C(mine_as) is Graph's word for what the signed-in user has to do with them."""

    mine_as: str = "target"
    users: Names | None = None
    states: Names | None = None
    types: Names | None = None
    created_after: datetime | None = None
    ids: Names | None = None
