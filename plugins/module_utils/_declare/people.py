# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From names of people to object ids: many names in one look-up, the members of groups, and nothing guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    GraphError,
    NameAmbiguous,
    NameNotFound,
)
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import is_id
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Person, Reference
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import User
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.parse import parse_named
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import (
    NAMES_IN_ONE_FILTER,
    find_groups,
    find_users,
    list_members,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._graph.page import Page


@dataclass(frozen=True)
class NameLookup:
    """One look-up of several names."""

    call: Call
    names: tuple[str, ...]


def user_lookups(references: Sequence[Reference]) -> list[NameLookup]:
    """Return the look-ups for all principal names and mails of references, each name once."""
    named = (d.user or d.email for d in references if d.assignment_id is None)
    names = list({name.lower(): name for name in named if name and not is_id(name)}.values())
    slices = [names[start : start + NAMES_IN_ONE_FILTER] for start in range(0, len(names), NAMES_IN_ONE_FILTER)]
    return [NameLookup(find_users(part), tuple(part)) for part in slices]


def single_lookups(lookup: NameLookup, found: Page | EntraError) -> list[NameLookup]:
    """Return one look-up for each name where a look-up of several was refused: one name must not spoil the others."""
    if len(lookup.names) > 1 and isinstance(found, GraphError) and found.status == 400:
        return [NameLookup(find_users([name]), (name,)) for name in lookup.names]
    return []


def users_named(lookup: NameLookup, users: Sequence[User]) -> dict[str, list[User]]:
    """Sort the users that a look-up found by the names that were asked for, in lower case."""
    names = [name.lower() for name in lookup.names]
    return {name: [u for u in users if name in (_lower(u.principal_name), _lower(u.mail))] for name in names}


def group_lookup(group: str) -> Call:
    """Return the first look-up for a group: its members where it is named by id, else the groups of that name."""
    return list_members(group) if is_id(group) else find_groups(group)


def group_named(group: str, rows: Page) -> str:
    """Return the id of the one group of a display name; raises NameNotFound, NameAmbiguous or Unreadable."""
    groups = [g for g in rows.parse(parse_named) if (g.display_name or "").casefold() == group.casefold()]
    if not groups:
        raise NameNotFound(f"no group has the display name {group!r}", hint="check the option members_of, or use an id")
    if len(groups) > 1:
        listed = "; ".join(f"{each.display_name} ({each.id})" for each in groups)
        raise NameAmbiguous(f"{len(groups)} groups have the display name {group!r}: {listed}", hint="use the id")
    return groups[0].id


def person_of(reference: Reference, users: Sequence[User]) -> Person:
    """Choose whom a reference means among the users of that name; raises NameNotFound or NameAmbiguous."""
    name = reference.user or reference.email or ""
    by_mail = [user for user in users if _lower(user.mail) == name.lower()]
    by_principal_name = [user for user in users if _lower(user.principal_name) == name.lower()]
    matches = by_mail if reference.email else by_principal_name or by_mail
    if len(matches) > 1:
        listed = "; ".join(f"{u.display_name}, {u.principal_name} ({u.object_id})" for u in matches)
        raise NameAmbiguous(f"{len(matches)} users have the mail address {name!r}: {listed}", hint="use the object id")
    if matches:
        user = matches[0]
        return Person(user.object_id, user.mail or reference.email, _kind(user), name)
    if reference.email and users:
        raise NameAmbiguous(
            f"{name!r} is the principal name of a user with another mail address ({users[0].object_id})",
            hint="use the option user for that user",
        )
    if reference.email:
        return Person(None, reference.email, "outsider", reference.email)
    raise NameNotFound(
        f"no user of the directory has the principal name or mail address {name!r}",
        hint="check the option user; for a person outside the directory use the option email"
        if "@" in name
        else "display names are not accepted; use the principal name, the mail address or the object id",
    )


def member(user: User) -> Person:
    """Read a member of a group; a caller that may not read users is told nothing but the id."""
    return Person(user.object_id, user.mail, _kind(user), user.principal_name or user.object_id)


def _kind(user: User) -> str:
    """Return what kind of user this is; a caller with User.ReadBasic.All alone is not told the user type."""
    kind = _lower(user.user_type)
    if kind == "guest" or "#EXT#" in (user.principal_name or "").upper():
        return "guest"
    return "member" if kind == "member" else "unknown"


def _lower(text: str | None) -> str:
    return (text or "").lower()
