# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant of many people, for what is about many: as many members as are asked for, and packages of every kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.simulator.ids import id_of

Json = dict[str, Any]
TOOLS = "Tools"
ROOM = "Room"
VAULT = "Vault"


def upn(number: int) -> str:
    """Return the principal name of one of the crowd."""
    return f"p{number:04}@contoso.com"


def object_id(number: int) -> str:
    """Return the object id of one of the crowd."""
    return id_of("user", upn(number))


def package_id(name: str) -> str:
    """Return the id of a package of the crowd's tenant."""
    return id_of("package", name)


def tools(*numbers: int, **options: Any) -> list[Json]:
    """Return an item for each of these people and the package ``Tools``, both by name."""
    return [{"access_package": TOOLS, "user": upn(number), **options} for number in numbers]


def tools_by_id(number: int, **options: Any) -> Json:
    """Return the item of one person and the package ``Tools``, both by id, which takes no look-up."""
    return {"access_package": package_id(TOOLS), "user": object_id(number), **options}


def crowd(
    people: int,
    *,
    held: Mapping[str, Iterable[int]] | None = None,
    groups: Mapping[str, Sequence[str]] | None = None,
    assignments: Sequence[Json] = (),
    requests: Sequence[Json] = (),
    users: Sequence[Json] = (),
) -> Json:
    """Build a world for the simulator.

    ``Tools`` has one policy, ``Room`` two that fit everybody and one with a rule, ``Vault`` one with approval. ``held`` says
    who holds what, by the package and policy as in ``Room/Guests``, or the package alone.
    """
    holding = [_held(place, number) for place, numbers in (held or {}).items() for number in numbers]
    return {
        "tenant": {"domain": "contoso.onmicrosoft.com"},
        "apps": [
            {
                "name": "automation",
                "secret": "not-a-real-secret",
                "permissions": _PERMISSIONS,
            }
        ],
        "organizations": [{"name": "Fabrikam", "domains": ["fabrikam.com"]}],
        "users": [
            {"upn": "grace@contoso.com", "display_name": "Grace", "roles": ["Identity Governance Administrator"]},
            *({"upn": upn(number), "display_name": f"Person {number}"} for number in range(people)),
            *users,
        ],
        "service_principals": [{"name": "robot"}],
        "groups": [{"name": name, "members": list(members)} for name, members in (groups or {}).items()],
        "catalogs": [{"name": "General"}],
        "packages": _PACKAGES,
        "assignments": [*holding, *assignments],
        "requests": list(requests),
    }


def _held(place: str, number: int) -> Json:
    package, _dummy, policy = place.partition("/")
    return {"user": upn(number), "package": package, "start": "-P20D", **({"policy": policy} if policy else {})}


_PERMISSIONS = ["EntitlementManagement.ReadWrite.All", "User.ReadBasic.All", "GroupMember.Read.All"]
_PACKAGES: list[Json] = [
    {"name": TOOLS, "catalog": "General", "policies": [{"name": "Members", "scope": "allMemberUsers"}]},
    {
        "name": ROOM,
        "catalog": "General",
        "policies": [
            {"name": "Staff", "scope": "allDirectoryUsers"},
            {"name": "Guests", "scope": "allDirectoryUsers"},
            {"name": "By rule", "scope": "specificDirectoryUsers", "automatic": True},
        ],
    },
    {
        "name": VAULT,
        "catalog": "General",
        "policies": [
            {
                "name": "Approved",
                "scope": "allMemberUsers",
                "approval": {"add": True, "approvers": [{"user": "grace@contoso.com"}], "timeout": "P14D"},
            }
        ],
    },
]
