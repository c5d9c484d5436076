# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From names to ids: every name of a task is looked up once, all of them together. Nothing is ever guessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    GraphError,
    NameAmbiguous,
    NameNotFound,
    Refused,
)
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import is_called, is_id, same_id
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Identity, Person, Reference
from ansible_collections.idgov.entra.plugins.module_utils._declare.people import (
    NameLookup,
    group_lookup,
    group_named,
    member,
    person_of,
    single_lookups,
    user_lookups,
    users_named,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Assignment,
    Package,
    Policy,
    Subject,
    User,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.parse import (
    parse_assignment,
    parse_package,
    parse_user,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import (
    find_packages,
    find_similar_packages,
    get_assignment,
    get_package,
    list_members,
    list_packages,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.rows import assignment_row_reader, lacking
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._graph.page import Page, Single, parse_one, parse_page


@dataclass(frozen=True)
class Resolved:
    """What a reference means: an access package, a policy where it names one, and the assignment of each person."""

    package: Package
    policy: Policy | None
    identities: tuple[Identity, ...]


def identity(reference: Reference, package: Package, person: Person, policy: Policy | None) -> Identity:
    """Return the assignment that a reference means, of one person."""
    return Identity(
        state=reference.state,
        request_as=reference.request_as,
        assignment_id=reference.assignment_id,
        package=package,
        person=person,
        policy=policy,
    )


class Resolver:
    """Looks names up for one task and remembers what it found."""

    def __init__(self, graph: GraphClient) -> None:
        self._graph = graph
        self._found: dict[str, Page | EntraError] = {}
        self._objects: dict[str, Single | EntraError] = {}
        self._users: dict[str, list[User] | EntraError] = {}
        self._packages: dict[tuple[str, str | None], Package] = {}

    def resolve(self, references: Sequence[Reference]) -> list[Resolved | EntraError]:
        """Return what each reference means with ids instead of names, or the error of that one.

        That is one assignment, or with ``members_of`` one for each user who is a member of the group. Raises what
        signing in raises.
        """
        lookups = user_lookups(references)
        self._look_up(
            [*(call for d in references for call in _first_lists(d)), *(lookup.call for lookup in lookups)],
            [call for d in references for call in _first_objects(d)],
        )
        behind = [self._package_behind(d) for d in references]
        second = [get_package(package_id) for package_id in behind if package_id]
        self._look_up(self._member_lists(references), second)
        self._sort_users(lookups)
        return [self._try(d) for d in references]

    def find(
        self, packages: Sequence[str] | None, catalog: str | None, users: Sequence[str]
    ) -> tuple[list[Package] | None, list[Person]]:
        """Return access packages and people by ids or names, looked up together; a catalog alone stands for all its packages.

        The packages are null where neither is given. Raises the error of the first name that stands for nothing.
        """
        named = [Reference(state="present", access_package=name, catalog=catalog) for name in packages or ()]
        people = [Reference(state="present", user=user) for user in users]
        whole = [list_packages("assignmentPolicies,catalog")] if catalog is not None and packages is None else []
        lookups = user_lookups(people)
        self._look_up(
            [*whole, *(call for d in named for call in _first_lists(d)), *(lookup.call for lookup in lookups)],
            [call for d in named for call in _first_objects(d)],
        )
        self._sort_users(lookups)
        if whole and catalog is not None:
            listed = self._rows(whole[0]).parse(parse_package)
            found = packages_in(catalog, listed)
        else:
            found = [self._package(d) for d in named]
        return found if whole or packages is not None else None, [self._asked_about(d) for d in people]

    def find_people(self, users: Sequence[str]) -> list[Person | EntraError]:
        """Return whom each principal name or mail address means, or the error of that one; all are looked up together."""
        people = [Reference(state="present", user=user) for user in users]
        lookups = user_lookups(people)
        self._look_up([lookup.call for lookup in lookups])
        self._sort_users(lookups)
        return [self._try_person(d) for d in people]

    def _look_up(self, lists: Iterable[Call], objects: Iterable[Call] = ()) -> None:
        new_lists = {call.url: call for call in lists if call.url not in self._found}
        new_objects = {call.url: call for call in objects if call.url not in self._objects}
        if new_lists or new_objects:
            pages, singles = self._graph.fetch(list(new_lists.values()), list(new_objects.values()))
            self._found.update(zip(new_lists, pages, strict=True))
            self._objects.update(zip(new_objects, singles, strict=True))

    def _package_behind(self, reference: Reference) -> str | None:
        """Return the package's id of an assignment that was named by its id."""
        if reference.assignment_id is None:
            return None
        found = parse_one(self._objects[get_assignment(reference.assignment_id).url], parse_assignment)
        return found.package.id if isinstance(found, Assignment) and found.package else None

    def _member_lists(self, references: Sequence[Reference]) -> list[Call]:
        """Return the calls for the members of groups that were named by display name and found."""
        calls = []
        for group in {d.members_of for d in references if d.members_of and not is_id(d.members_of)}:
            try:
                calls.append(list_members(group_named(group, self._rows(group_lookup(group)))))
            except EntraError:
                # Said by _members(), for the items of this group alone.
                continue
        return calls

    def _sort_users(self, lookups: Sequence[NameLookup]) -> None:
        """Note who was found under which name, asking once more for each name alone where that is needed."""
        again = [single for lookup in lookups for single in single_lookups(lookup, self._found[lookup.call.url])]
        self._look_up([lookup.call for lookup in again])
        for lookup in [*lookups, *again]:
            found = self._found[lookup.call.url]
            users = parse_page(found, parse_user)
            if isinstance(users, EntraError):
                self._users.update(dict.fromkeys([name.lower() for name in lookup.names], users))
            else:
                self._users.update(users_named(lookup, users))

    def _try(self, reference: Reference) -> Resolved | EntraError:
        try:
            return self._resolved(reference)
        except EntraError as error:
            return error

    def _resolved(self, reference: Reference) -> Resolved:
        if reference.assignment_id is not None:
            assignment = self._assignment(reference)
            package_id = assignment.package.id if assignment.package else ""
            package = self._package(Reference(state=reference.state, access_package=package_id))
            people = [_holder(assignment.target, reference.person)]
        else:
            package = self._package(reference)
            people = self._members(reference.members_of) if reference.members_of else [self._person(reference)]
        policy = find_policy(reference.policy, package) if reference.policy else None
        return Resolved(package, policy, tuple(identity(reference, package, person, policy) for person in people))

    def _members(self, group: str) -> list[Person]:
        try:
            rows = self._rows(group_lookup(group))
        except GraphError as error:
            raise _unless_missing(error, "group", group) from None
        members = rows if is_id(group) else self._rows(list_members(group_named(group, rows)))
        return [member(user) for user in members.parse(parse_user)]

    def _person(self, reference: Reference) -> Person:
        if reference.user and is_id(reference.user):
            return Person(reference.user, None, "unknown", reference.user)
        users = self._users[(reference.user or reference.email or "").lower()]
        if isinstance(users, EntraError):
            raise users
        return person_of(reference, users)

    def _try_person(self, reference: Reference) -> Person | EntraError:
        try:
            return self._person(reference)
        except EntraError as error:
            return error

    def _asked_about(self, reference: Reference) -> Person:
        try:
            return self._person(reference)
        except NameNotFound as error:
            # Lists know no option for people outside the directory.
            raise error.replace(
                hint="give a user of the directory by principal name, mail address or object id"
            ) from None

    def _rows(self, call: Call) -> Page:
        found = self._found[call.url]
        if isinstance(found, EntraError):
            raise found
        return found

    def _package(self, reference: Reference) -> Package:
        key = reference.access_package or "", reference.catalog
        if key not in self._packages:
            self._packages[key] = self._package_called(*key)
        return self._packages[key]

    def _package_called(self, text: str, catalog: str | None) -> Package:
        named = not is_id(text)
        read = (
            self._rows(find_packages(text)).parse(parse_package)
            if named
            else [self._by_id(get_package(text), "access package", text).parse(parse_package)]
        )
        resolved = (package for package in read if _is_meant(text, package))
        packages = [package for package in resolved if is_in(catalog, package)]
        where = f" in the catalog {catalog!r}" if catalog else ""
        if not packages:
            raise NameNotFound(
                f"no access package has the {'display name' if named else 'id'} {text!r}{where}",
                hint="check the option access_package: names must match in full, and a caller with a role on some"
                f" catalogs sees the access packages of these only; {self._similar(text)}",
            )
        if len(packages) > 1:
            listed = "; ".join(
                f"{p.display_name} in {p.catalog.display_name if p.catalog else 'an unknown catalog'} ({p.id})"
                for p in packages
            )
            raise NameAmbiguous(
                f"{len(packages)} access packages have the display name {text!r}{where}: {listed}",
                hint="use the id, or the option catalog",
            )
        return packages[0]

    def _similar(self, text: str) -> str:
        """List packages whose names have the first word of a name that was not found; the list is a help, no more."""
        call = find_similar_packages(text.split()[0].lower())
        self._look_up([call])
        similar = parse_page(self._found[call.url], parse_package)
        shown = [] if isinstance(similar, EntraError) else similar[:5]
        listed = "; ".join(f"{package.display_name} ({package.id})" for package in shown)
        return f"similar names: {listed}" if listed else "or use an id"

    def _by_id(self, call: Call, kind: str, text: str) -> Single:
        found = self._objects[call.url]
        if isinstance(found, GraphError):
            raise _unless_missing(found, kind, text)
        if isinstance(found, EntraError):
            raise found
        return found

    def _assignment(self, reference: Reference) -> Assignment:
        text = reference.assignment_id or ""
        found = parse_one(self._by_id(get_assignment(text), "assignment", text), assignment_row_reader())
        if isinstance(found, EntraError):
            raise found
        assignment = found.assignment
        if found.missing or not same_id(assignment.id, text):
            raise lacking("assignment", text, found.missing or "id")
        if assignment.state == "expired" and reference.state == "present":
            raise Refused(
                f"assignment {text} has expired and can no longer be changed",
                hint="use access_package and user instead, so that access is given again",
            )
        return assignment


def _first_lists(reference: Reference) -> list[Call]:
    """Return the lists in which names are looked up first."""
    package = reference.access_package or ""
    by_name = reference.assignment_id is None and not is_id(package)
    groups = [group_lookup(reference.members_of)] if reference.members_of else []
    return [find_packages(package), *groups] if by_name else groups


def _first_objects(reference: Reference) -> list[Call]:
    """Return what is read by id first."""
    if reference.assignment_id is not None:
        return [get_assignment(reference.assignment_id)]
    package = reference.access_package or ""
    return [get_package(package)] if is_id(package) else []


def _unless_missing(error: GraphError, kind: str, object_id: str) -> EntraError:
    """Return the error about an id that stands for nothing where Graph says so, else Graph's own."""
    return not_there(kind, object_id) if error.status == 404 else error


def _is_meant(text: str, package: Package) -> bool:
    """Hold a package against what was asked for; letter case is no matter to Graph's filter of names."""
    return same_id(package.id, text) if is_id(text) else (package.display_name or "").casefold() == text.casefold()


def not_there(kind: str, object_id: str) -> NameNotFound:
    """Return the error about an id that stands for nothing."""
    return NameNotFound(f"no {kind} has the id {object_id}", hint=f"check the {kind}'s id")


def is_in(catalog: str | None, package: Package) -> bool:
    """Return whether a package lies in a catalog, by its id or name; null is any catalog."""
    there = package.catalog
    return catalog is None or (there is not None and is_called(catalog, there.id, there.display_name))


def packages_in(catalog: str, packages: Sequence[Package]) -> list[Package]:
    """Return those that lie in a catalog, by its id or name; raises NameNotFound or NameAmbiguous."""
    catalogs = {p.catalog.id: p.catalog.display_name for p in packages if p.catalog}
    resolved = {i: name for i, name in catalogs.items() if is_called(catalog, i, name)}
    listed = "; ".join(f"{name} ({i})" for i, name in (resolved or catalogs).items()) or "none"
    if not resolved:
        raise NameNotFound(
            f"no access package is in a catalog {catalog!r}",
            hint=f"check the option catalog; the catalogs of the access packages that the caller can see are: {listed}",
        )
    if len(resolved) > 1:
        raise NameAmbiguous(f"{len(resolved)} catalogs have the name {catalog!r}: {listed}", hint="use the id")
    return [package for package in packages if package.catalog and package.catalog.id in resolved]


def find_policy(text: str, package: Package) -> Policy:
    """Return the policy of a package by its id or name; raises NameNotFound or NameAmbiguous."""
    policies = package.policies or ()
    found = [p for p in policies if is_called(text, p.id, p.display_name)]
    if len(found) == 1:
        return found[0]
    listed = "; ".join(f"{p.display_name} ({p.id})" for p in found or policies) or "none"
    if found:
        raise NameAmbiguous(
            f"{len(found)} policies of the access package have the name {text!r}: {listed}", hint="use the id"
        )
    raise NameNotFound(
        f"the access package has no policy {text!r}", hint=f"check the option policy; its policies are: {listed}"
    )


def _holder(target: Subject | None, label: str) -> Person:
    if target is None or not (target.object_id or target.email):
        raise Refused(f"Graph does not show who {label} is", hint="use access_package and user instead")
    return Person(target.object_id, target.email, "unknown", target.principal_name or target.email or label)
