# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds names that may stand in place of ids in a declaration: those that the module would read as these ids, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    GraphError,
    NameAmbiguous,
    NameNotFound,
    OptionError,
)
from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import checked_text, is_id, same_id
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Person, Reference
from ansible_collections.idgov.entra.plugins.module_utils._declare.resolve import Resolved, Resolver, find_policy
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Assignment, Package, Subject
from ansible_collections.idgov.entra.plugins.plugin_utils.declared_item import Names

# Graph's answers to a name that it does not take; any other failure is one of the whole task.
_NAMELESS = (400, 404)
# Only packages are looked up; the person of a reference that is given by id is not.
_NOBODY = "00000000-0000-0000-0000-000000000000"


def find_names(resolver: Resolver, assignments: Sequence[Assignment], packages: Iterable[Package]) -> Names:
    """Look up, as a task with these names would, what each name means now, and keep those that mean the id.

    Takes the permission ``User.ReadBasic.All``; raises what Graph says where it does not let the caller look.
    """
    known = {package.id.lower(): package for package in packages}
    by_a_rule = {p.id.lower() for package in known.values() for p in package.policies or () if p.automatic}
    declared = [a for a in assignments if a.policy is None or a.policy.id.lower() not in by_a_rule]
    held = {a.package.id.lower() for a in declared if a.package}
    return Names(
        packages=_packages(resolver, {key: package for key, package in known.items() if key in held}),
        policies=_policies(declared, known),
        people=_people(resolver, [a.target for a in declared if a.target]),
    )


def _packages(resolver: Resolver, known: Mapping[str, Package]) -> dict[str, dict[str, str]]:
    wanted = [(key, options) for key, package in known.items() for options in _ways_to_name(package)]
    references = [Reference(state="present", user=_NOBODY, **options) for _key, options in wanted]
    found: dict[str, dict[str, str]] = {}
    for (key, options), resolved in zip(wanted, resolver.resolve(references), strict=True):
        if _is_found(resolved) and isinstance(resolved, Resolved) and same_id(resolved.package.id, key):
            found.setdefault(key, options)
    return found


def _ways_to_name(package: Package) -> list[dict[str, str]]:
    """Return the options that may name a package, the shortest first."""
    if not _is_name(package.display_name):
        return []
    alone = {"access_package": package.display_name or ""}
    catalog = package.catalog.display_name if package.catalog else None
    return [alone, {**alone, "catalog": catalog}] if catalog and _is_name(catalog) else [alone]


def _policies(assignments: Iterable[Assignment], known: Mapping[str, Package]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, policy in {(a.package.id.lower(), a.policy) for a in assignments if a.package and a.policy}:
        name = policy.display_name
        if key not in known or name is None or not _is_name(name):
            continue
        try:
            meant = find_policy(name, known[key])
        except (NameNotFound, NameAmbiguous):
            continue
        if same_id(meant.id, policy.id):
            found[policy.id.lower()] = name
    return found


def _people(resolver: Resolver, holders: Sequence[Subject]) -> dict[str, str]:
    """Return principal names, and mail addresses of guests, whose principal names are made from them."""
    subjects = {subject.object_id.lower(): subject for subject in holders if subject.object_id}
    # Somebody outside the directory has nothing but the address, and who is in it steps back to the id.
    taken = {(subject.email or "").lower() for subject in holders if not subject.object_id}
    names = {key: _names_of(subject, taken) for key, subject in subjects.items()}
    found: dict[str, str] = {}
    for turn in range(max(map(len, names.values()), default=0)):
        asked = {key: of[turn] for key, of in names.items() if key not in found and len(of) > turn}
        for (key, name), person in zip(asked.items(), resolver.find_people(list(asked.values())), strict=True):
            if _is_found(person) and isinstance(person, Person) and same_id(person.object_id, key):
                found[key] = name
    return found


def _names_of(subject: Subject, taken: Iterable[str]) -> list[str]:
    names = [subject.principal_name, subject.email]
    if "#EXT#" in (subject.principal_name or "").upper():
        names.reverse()
    return [name for name in names if name and _is_name(name) and name.lower() not in taken]


def _is_name(text: str | None) -> bool:
    """Return whether a text can stand for something in a file: the module takes it as a name, and a reader sees all of it."""
    if text is None or is_id(text) or printable(text) != text:
        return False
    try:
        checked_text("name", text)
    except OptionError:
        return False
    return True


def _is_found(answer: object) -> bool:
    """Return whether a look-up has found something; raises an error that is no answer to the name."""
    if isinstance(answer, EntraError):
        is_answer = isinstance(answer, (NameNotFound, NameAmbiguous)) or (
            isinstance(answer, GraphError) and answer.status in _NAMELESS
        )
        if not is_answer:
            raise answer
        return False
    return True
