# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding declarations that mean the same person and package: nobody is asked for twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._decide.wanted import Wanted
from ansible_collections.idgov.entra.plugins.module_utils._engine.item import Item


def check_twins(items: Sequence[Item], caller_id: Callable[[], str | None]) -> None:
    """Let an item follow another one that asks for the same; raises OptionError where two must not be there both.

    Members of groups may be declared more than once in the same words: the first one counts. Anything else that names
    a person and package twice is a mistake. C(caller_id) tells whom an item means that asks for the signed-in user.
    """
    first: dict[tuple[str, str], Item] = {}
    for item in items:
        if item.wanted is None:
            continue
        twin = first.setdefault(_key(item.wanted, caller_id), item)
        if twin is item:
            continue
        if twin.wanted and not _same(twin.wanted, item.wanted):
            raise OptionError(
                f"assignments[{item.index}]",
                f"it contradicts assignments[{twin.index}], which wants something else for {item.wanted.person.label}"
                f" and {_package(item.wanted)}",
                hint="leave one assignment for each person and access package",
            )
        if not (item.declaration.members_of or twin.declaration.members_of):
            raise OptionError(
                f"assignments[{item.index}]",
                f"{item.wanted.person.label} and {_package(item.wanted)} are in assignments[{twin.index}] already",
                hint="leave one of them out",
            )
        item.follow(twin)


def _key(wanted: Wanted, caller_id: Callable[[], str | None]) -> tuple[str, str]:
    person_id = caller_id() if wanted.request_as == "self" else wanted.person.object_id
    return wanted.package.id.lower(), (person_id or wanted.person.email or "").lower()


def _same(one: Wanted, other: Wanted) -> bool:
    policies = {wanted.policy.id.lower() if wanted.policy else None for wanted in (one, other)}
    # By which way the assignment was named makes no difference to what is wanted of it.
    return len(policies) == 1 and {**one.terms, "assignment_id": None} == {**other.terms, "assignment_id": None}


def _package(wanted: Wanted) -> str:
    return f"the access package {wanted.package.display_name or wanted.package.id!r}"
