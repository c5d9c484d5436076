# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task that reads asks for, and which of the rows that were read fit, each once and in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import is_id
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Person
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Observed
from ansible_collections.idgov.entra.plugins.module_utils._decide.schedules import effective_end
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Assignment,
    Named,
    Package,
    Policy,
    Request,
    Subject,
)

Names = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PackageQuery:
    """Which access packages: any of those named, in the catalog; null where it does not matter."""

    packages: Names | None = None
    catalog: str | None = None
    mine: bool = False

    @property
    def asks_for_nothing(self) -> bool:
        """Return whether a list of selected things is empty: that is nothing selected, not everything."""
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
    """Which requests; ``mine_as`` is Graph's word for what the signed-in user has to do with them."""

    mine_as: str = "target"
    users: Names | None = None
    states: Names | None = None
    types: Names | None = None
    created_after: datetime | None = None
    ids: Names | None = None


Row = TypeVar("Row", Assignment, Request)


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What a row must fit; null where anything will do. Packages, policies and people are as of ``one_of()``."""

    packages: frozenset[str] | None = None
    policies: frozenset[str] | None = None
    people: frozenset[str] | None = None
    states: Sequence[str] | None = None
    types: Sequence[str] | None = None
    ends_by: datetime | None = None
    created_after: datetime | None = None
    current: bool = False


def one_of(texts: Iterable[str | None] | None) -> frozenset[str] | None:
    """Return ids, in lower case, and names as a set to look things up in; null where no text is among them."""
    found = frozenset(text.lower() if is_id(text) else text for text in texts or () if text is not None)
    return found or None


def anybody_of(people: Iterable[Person]) -> frozenset[str] | None:
    """Return people as a set to look subjects up in: by object id, and by mail while a subject has none."""
    return frozenset(text.lower() for person in people for text in (person.object_id, person.email) if text) or None


def select_assignments(found: Iterable[Assignment], selection: Selection) -> list[Assignment]:
    """Return the assignments that fit, each once and in order; with ``current`` of those that count now."""
    of_scope = (a for a in found if _is_about(a, selection))
    rows = once(of_scope) if selection.current else once(a for a in of_scope if _is_desired(a, selection))
    if selection.current:
        rows = [a for a in current_ones(rows) if _is_desired(a, selection)]
    return in_order(rows)


def select_requests(found: Iterable[Request], selection: Selection) -> list[Request]:
    """Return the requests that fit, each once and in order."""
    return in_order(once(r for r in found if _is_about(r, selection) and _is_asked_for(r, selection)))


def once(rows: Iterable[Row]) -> list[Row]:
    """Return each row once; of one that moved while several lists were read, what was read last."""
    return list({(row.id or "").lower(): row for row in rows}.values())


def current_ones(assignments: Iterable[Assignment]) -> list[Assignment]:
    """Return one assignment for each person and package: the one that counts now, or the newest past one."""
    groups: dict[tuple[str, str], list[Assignment]] = {}
    for assignment in assignments:
        package = assignment.package.id.lower() if assignment.package else ""
        groups.setdefault((package, _who(assignment.target)), []).append(assignment)
    found = (Observed(assignments=tuple(group)).current for group in groups.values())
    return [assignment for assignment in found if assignment is not None]


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Sort by the package's name, then the person's principal name, then id."""
    return sorted(rows, key=lambda row: (*_name_order(row.package), _person_order(row.target), row.id or ""))


def packages_in_order(packages: Iterable[Package]) -> list[Package]:
    """Sort by name, then id."""
    return sorted(packages, key=_name_order)


def ends_by(assignment: Assignment, moment: datetime) -> bool:
    """Return whether an assignment that has not ended will have by then; one that is overdue counts."""
    if assignment.state == "expired":
        return False
    try:
        end = effective_end(assignment.schedule)
    except OptionError:
        # It ends beyond the years that can be counted.
        return False
    return end is not None and end <= moment


def _is_about(row: Row, selection: Selection) -> bool:
    if selection.packages is not None and not _is_among(row.package, selection.packages):
        return False
    if selection.people is None:
        return True
    subject = row.target
    return subject is not None and (subject.object_id or subject.email or "").lower() in selection.people


def _is_desired(assignment: Assignment, selection: Selection) -> bool:
    if selection.policies is not None and not _is_among(assignment.policy, selection.policies):
        return False
    if selection.states is not None and assignment.state not in selection.states:
        return False
    return selection.ends_by is None or ends_by(assignment, selection.ends_by)


def _is_asked_for(request: Request, selection: Selection) -> bool:
    if selection.states is not None and request.state not in selection.states:
        return False
    if selection.types is not None and request.type not in selection.types:
        return False
    after = selection.created_after
    return after is None or (request.created is not None and request.created > after)


def _is_among(thing: Named | Policy | None, texts: frozenset[str]) -> bool:
    return thing is not None and (thing.id.lower() in texts or thing.display_name in texts)


def _who(subject: Subject | None) -> str:
    if subject is None:
        return ""
    return (subject.object_id or subject.email or subject.id or "").lower()


def _name_order(package: Named | Package | None) -> tuple[str, str]:
    return ((package.display_name or "").casefold(), package.id) if package else ("", "")


def _person_order(subject: Subject | None) -> str:
    return (subject.principal_name or subject.email or subject.display_name or "").casefold() if subject else ""
