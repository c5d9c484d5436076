# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Graph's nouns as values: what the engine reads, compares and gives back, the same for every API version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

# The states of a request that has not come to its end (Graph documentation, "accessPackageAssignmentRequest").
OPEN_STATES = ("submitted", "pendingApproval", "scheduled", "delivering")
ENDED_STATES = ("delivered", "partiallyDelivered", "deliveryFailed", "denied", "canceled")
MOVING_STATES = ("submitted", "delivering")
# The states of an assignment (Graph documentation, "accessPackageAssignment").
ASSIGNMENT_STATES = ("delivering", "partiallyDelivered", "delivered", "expired", "deliveryFailed")
# Graph documentation, "accessPackageAssignmentRequest", requestType.
REQUEST_TYPES = tuple(f"{who}{what}" for who in ("user", "admin", "system") for what in ("Add", "Update", "Remove"))


@dataclass(frozen=True)
class Named:
    """Something with an id and a name; the name is null where it was not read."""

    id: str
    display_name: str | None = None


@dataclass(frozen=True)
class Schedule:
    """When access starts and ends. At most one of the three ends is set; none means that the policy decides."""

    start: datetime | None = None
    end: datetime | None = None
    duration: str | None = None
    no_expiration: bool = False

    @property
    def has_end(self) -> bool:
        """Return whether this says anything about the end."""
        return self.end is not None or self.duration is not None or self.no_expiration


@dataclass(frozen=True)
class Localization:
    """A text in one language, named as in ``en-us``, or null."""

    language: str | None
    text: str


@dataclass(frozen=True)
class Choice:
    """One choice of a question: the value for programs and its texts in all languages."""

    value: str
    texts: tuple[str, ...]
    localizations: tuple[Localization, ...] = ()


@dataclass(frozen=True)
class Question:
    """A question of a policy; ``texts`` has its text in all languages, the default first."""

    id: str
    texts: tuple[str, ...]
    kind: str
    required: bool = False
    editable: bool = True
    pattern: str | None = None
    choices: tuple[Choice, ...] = ()
    localizations: tuple[Localization, ...] = ()
    several: bool = False


@dataclass(frozen=True)
class Policy:
    """An assignment policy; ``questions`` is null where they were not read, ``automatic`` where Graph does not tell.

    ``custom_schedule``, ``approval_for_add`` and ``approval_for_update`` are about requests of users, not of administrators.
    """

    id: str
    display_name: str | None
    scope: str | None = None
    automatic: bool | None = False
    expiration: Schedule = Schedule()
    justification_required: bool = False
    custom_schedule: bool = True
    questions: tuple[Question, ...] | None = None
    package_id: str | None = None
    description: str | None = None
    approval_for_add: bool = False
    approval_for_update: bool = False


@dataclass(frozen=True)
class Package:
    """An access package; ``policies`` is null where they were not read."""

    id: str
    display_name: str | None
    catalog: Named | None = None
    policies: tuple[Policy, ...] | None = None
    description: str | None = None
    hidden: bool = False


@dataclass(frozen=True)
class Subject:
    """Who holds an assignment. ``id`` is entitlement management's own, ``object_id`` the directory's, if there is one."""

    id: str | None
    object_id: str | None = None
    display_name: str | None = None
    principal_name: str | None = None
    email: str | None = None
    subject_type: str | None = None


@dataclass(frozen=True)
class Answer:
    """What somebody answered to a question."""

    question_id: str
    value: str | None
    display_value: str | None = None
    question: str | None = None
    kind: str | None = None


@dataclass(frozen=True)
class Assignment:
    """Somebody's access to a package, present or past; ``id`` is null for one that check mode foresees."""

    id: str | None
    state: str
    status: str | None = None
    package: Named | None = None
    policy: Policy | None = None
    target: Subject | None = None
    schedule: Schedule = Schedule()
    expired: datetime | None = None


@dataclass(frozen=True)
class Callout:
    """One call of a custom extension that a request has made."""

    id: str
    status: str


@dataclass(frozen=True)
class Request:
    """A request and how far it has come; ``id`` is null for one that check mode foresees."""

    id: str | None
    type: str
    state: str
    status: str | None = None
    justification: str | None = None
    created: datetime | None = None
    completed: datetime | None = None
    schedule: Schedule = Schedule()
    answers: tuple[Answer, ...] = ()
    assignment_id: str | None = None
    policy_id: str | None = None
    target: Subject | None = None
    callouts: tuple[Callout, ...] = ()
    package: Named | None = None
    requestor: Subject | None = None

    @property
    def adds(self) -> bool:
        """Return whether the request is to make an assignment, which need not be there yet."""
        return self.type.lower().endswith("add")

    @property
    def removes(self) -> bool:
        """Return whether the request is to take an assignment away."""
        return self.type.lower().endswith("remove")

    @property
    def is_open(self) -> bool:
        """Return whether the request can still change something by itself."""
        return self.state in OPEN_STATES

    @property
    def is_known(self) -> bool:
        """Return whether the state is one of which it is known whether it can still change something."""
        return self.state in (*OPEN_STATES, *ENDED_STATES)

    @property
    def is_moving(self) -> bool:
        """Return whether the request goes on without anybody's approval and without a date to wait for."""
        return self.state in MOVING_STATES

    @property
    def awaits_callback(self) -> bool:
        """Return whether the request waits for a custom extension to answer.

        The one thing that a status, which is free text otherwise, says for certain (Graph documentation,
        "accessPackageAssignmentRequest: resume").
        """
        return (self.status or "").lower() == "waitingforcallback"


@dataclass(frozen=True)
class User:
    """A user of the directory, as far as it was looked up."""

    object_id: str
    principal_name: str | None = None
    mail: str | None = None
    user_type: str | None = None
    display_name: str | None = None
