# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task asks for: as the user wrote it (``Declaration``), and with every name replaced by an id (``Desired``)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

from ansible_collections.idgov.entra.plugins.module_utils._core.texts import same_id
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Package,
    Policy,
    Schedule,
    Subject,
)

PartT = TypeVar("PartT")


@dataclass(frozen=True)
class Handling:
    """How to settle what can be settled in more than one way; the names and values are those of the options."""

    on_policy_mismatch: str = "fail"
    on_open_request: str = "wait"
    on_delivery_failed: str = "reprocess"
    on_partial_delivery: str = "keep"
    renew: bool = False
    wait: bool = True


@dataclass(frozen=True)
class NamedAnswer:
    """An answer as the user writes it: the question by its text or its id."""

    question: str | None
    question_id: str | None
    value: str
    display_value: str | None = None


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What is declared of an assignment, whoever's and of whatever package it is.

    ``schedule`` and ``answers`` are null where they are not managed.
    """

    schedule: Schedule | None = None
    answers: tuple[NamedAnswer, ...] | None = None
    justification: str | None = None
    bypass_approval: bool | None = None
    check_conflicts: bool = False
    handling: Handling = Handling()


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Which assignment a declaration is about, by ids or names that are checked for their shape only.

    With ``members_of`` it is one for each member of a group. ``state`` is whether it shall be there.
    """

    state: str
    request_as: str = "admin"
    access_package: str | None = None
    catalog: str | None = None
    policy: str | None = None
    user: str | None = None
    email: str | None = None
    members_of: str | None = None
    assignment_id: str | None = None

    @property
    def person(self) -> str:
        """Name the person as the user did."""
        if self.request_as == "self":
            return "the signed-in user"
        if self.members_of:
            return f"the members of the group {self.members_of!r}"
        return self.user or self.email or f"the holder of assignment {self.assignment_id}"


@dataclass(frozen=True, kw_only=True)
class Declaration(Reference, Settings):
    """One assignment as the user wrote it."""

    @property
    def purpose(self) -> str:
        """Return in words what the task is to do, for the start of an error's sentence."""
        package = f"the access package {self.access_package!r}" if self.access_package else "the access package"
        if self.state == "absent":
            return f"take {package} away from {self.person}"
        return f"give {self.person} {package}"


@dataclass(frozen=True)
class Person:
    """Whom an item means: by object id, or by mail where the directory does not know the person.

    ``kind`` is ``member``, ``guest``, ``outsider``, or ``unknown`` where an id was given and nobody was asked.
    """

    object_id: str | None
    email: str | None
    kind: str
    label: str

    def is_subject(self, subject: Subject | None) -> bool:
        """Recognise this person by object id, or by mail while entitlement management knows no object id."""
        if subject is None:
            return False
        if subject.object_id and self.object_id:
            return same_id(subject.object_id, self.object_id)
        return bool(subject.email and self.email and subject.email.lower() == self.email.lower())


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Which assignment is meant, with ids: all that reading it takes. ``policy`` is null where any will do."""

    state: str
    request_as: str = "admin"
    assignment_id: str | None = None
    package: Package
    person: Person
    policy: Policy | None = None


@dataclass(frozen=True, kw_only=True)
class Desired(Identity, Settings):
    """One assignment as desired, with ids; what is null is not managed."""


def part_of(whole: PartT, part: type[PartT]) -> PartT:
    """Return the part of a declaration, or of what is desired, that a step needs: what it does not need it is not given."""
    return part(**{each.name: getattr(whole, each.name) for each in fields(part)})  # type: ignore[arg-type]
