# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who calls, and how far permissions and roles reach (Graph permissions reference; entitlement roles page)."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import GraphError, refusal, unauthorized
from .model import Package, Role
from .store import Store

READ = frozenset({"EntitlementManagement.Read.All", "EntitlementManagement.ReadWrite.All"})
WRITE = frozenset({"EntitlementManagement.ReadWrite.All"})
OWN = frozenset({"EntitlementMgmt-SubjectAccess.ReadWrite"})
USERS_FULL = frozenset({"User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"})
USERS_BASIC = USERS_FULL | {"User.ReadBasic.All"}
GROUPS = frozenset(
    {
        *("GroupMember.Read.All", "GroupMember.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All"),
        *("Directory.Read.All", "Directory.ReadWrite.All"),
    }
)

WRITE_CATALOG_ROLES = frozenset({"Access package assignment manager", "Access package manager", "Catalog owner"})
READ_CATALOG_ROLES = WRITE_CATALOG_ROLES | {"Catalog reader"}
WRITE_DIRECTORY_ROLES = frozenset({"Identity Governance Administrator"})
READ_DIRECTORY_ROLES = WRITE_DIRECTORY_ROLES | {
    *("Security Reader", "Global Reader", "Compliance Administrator", "Security Administrator", "Catalog creator"),
}


@dataclass(frozen=True)
class Caller:
    """The holder of a token: an app, or (``user_id`` given) a user through an app."""

    app_id: str
    user_id: str | None
    permissions: frozenset[str]
    roles: tuple[Role, ...]

    @property
    def delegated(self) -> bool:
        """Whether a user is signed in."""
        return self.user_id is not None

    def describe(self) -> dict[str, object]:
        """Return who it is, for the list of calls."""
        kind = "delegated" if self.delegated else "app"
        return {"kind": kind, "app": self.app_id, "user": self.user_id, "permissions": sorted(self.permissions)}


@dataclass(frozen=True)
class Reach:
    """How far a caller sees or acts: everywhere, or in some catalogs."""

    everywhere: bool
    catalogs: frozenset[str]

    def covers(self, package: Package) -> bool:
        """Return whether a package lies within."""
        return self.everywhere or package.catalog_id in self.catalogs


def reading(caller: Caller) -> Reach:
    """Return how far the caller reads; GraphError 403 if nowhere."""
    return _reach(caller, READ, READ_CATALOG_ROLES, READ_DIRECTORY_ROLES)


def writing(caller: Caller) -> Reach:
    """Return how far the caller administers assignments; GraphError 403 if nowhere."""
    return _reach(caller, WRITE, WRITE_CATALOG_ROLES, WRITE_DIRECTORY_ROLES)


def _reach(caller: Caller, permissions: frozenset[str], on_catalog: frozenset[str], tenant: frozenset[str]) -> Reach:
    permitted = bool(caller.permissions & permissions)
    catalogs = frozenset(role.catalog_id for role in caller.roles if role.catalog_id and role.name in on_catalog)
    in_tenant = any(role.catalog_id is None and role.name in tenant for role in caller.roles)
    if caller.delegated and not permitted:
        raise unauthorized()
    reach = Reach(in_tenant or (permitted and not caller.delegated), catalogs)
    if not reach.everywhere and not reach.catalogs:
        raise unauthorized()
    return reach


def require_package_filter(reach: Reach, store: Store, package_id: str | None) -> None:
    """Refuse a list to a catalog-scoped caller unless it is filtered by a package of that catalog."""
    if reach.everywhere:
        return
    package = store.packages.get(package_id.lower()) if package_id else None
    if package is None or not reach.covers(package):
        raise unauthorized()


def require_covers(reach: Reach, package: Package) -> None:
    """Refuse what lies outside the caller's catalogs."""
    if not reach.covers(package):
        raise unauthorized()


def require_user(caller: Caller, permissions: frozenset[str]) -> str:
    """Return the signed-in user's id; GraphError 403 for an app-only token or a missing permission."""
    if caller.user_id is None or not caller.permissions & permissions:
        raise unauthorized()
    return caller.user_id


def require_directory(caller: Caller, permissions: frozenset[str]) -> None:
    """Refuse a directory call without one of the permissions."""
    if not caller.permissions & permissions:
        raise GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


def no_licence() -> GraphError:
    """Build the answer of a tenant without the licence."""
    return refusal(403, "NoLicense", "Tenant does not meet license requirement!")
