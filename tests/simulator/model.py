# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the simulated tenant holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

OPEN_REQUEST_STATES = frozenset({"submitted", "pendingApproval", "scheduled", "delivering"})
INACTIVE_ASSIGNMENT_STATES = frozenset({"expired"})


@dataclass(frozen=True)
class Role:
    """An entitlement management role on one catalog, or (catalog None) a directory role."""

    name: str
    catalog_id: str | None


@dataclass(frozen=True)
class FederatedCredential:
    """Whose tokens of another issuer count as this app."""

    issuer: str
    subject: str
    audience: str


@dataclass
class App:
    """A registered application, and the ways in which it may prove who it is.

    ``certificates`` are in PEM form; ``managed_identity`` is system or user; a public client has device code.
    """

    client_id: str
    secret: str | None
    secret_expires: datetime | None
    permissions: frozenset[str]
    roles: tuple[Role, ...]
    certificates: tuple[str, ...] = ()
    federated: tuple[FederatedCredential, ...] = ()
    managed_identity: str | None = None
    public_client: bool = False


@dataclass
class Principal:
    """A user or service principal of the directory."""

    id: str
    kind: str
    display_name: str
    principal_name: str
    mail: str | None
    user_type: str
    enabled: bool
    given_name: str | None
    surname: str | None
    manager_id: str | None
    roles: tuple[Role, ...]


@dataclass
class Group:
    """A group; members are ids of principals and groups."""

    id: str
    display_name: str
    description: str | None
    member_ids: list[str]


@dataclass
class Organization:
    """A connected organization."""

    id: str
    display_name: str
    domains: tuple[str, ...]
    state: str


@dataclass
class Catalog:
    """An access package catalog."""

    id: str
    display_name: str
    description: str | None
    created: datetime


@dataclass
class Package:
    """An access package."""

    id: str
    display_name: str
    description: str | None
    hidden: bool
    catalog_id: str
    created: datetime
    incompatible_package_ids: list[str]
    incompatible_group_ids: list[str]


@dataclass(frozen=True)
class SubjectSet:
    """Whom a policy names: ``kind`` is the Graph type, ``reference`` the id (or None)."""

    kind: str
    reference: str | None = None
    level: int | None = None


@dataclass(frozen=True)
class Expiration:
    """An expirationPattern."""

    type: str = "notSpecified"
    end: datetime | None = None
    duration: timedelta | None = None


@dataclass(frozen=True)
class Schedule:
    """An entitlementManagementSchedule without recurrence."""

    start: datetime | None = None
    expiration: Expiration = Expiration()


@dataclass(frozen=True)
class Choice:
    """One choice of a multiple choice question."""

    value: str
    text: str
    localizations: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Question:
    """A policy question; ``kind`` is text or choice."""

    id: str
    kind: str
    text: str
    required: bool
    editable: bool | None
    sequence: int
    localizations: tuple[tuple[str, str], ...]
    regex: str | None
    single_line: bool
    choices: tuple[Choice, ...]
    multiple: bool


@dataclass(frozen=True)
class Extension:
    """A custom extension that runs at a stage of a policy."""

    id: str
    display_name: str
    stage: str
    waits_for_callback: bool


@dataclass(frozen=True)
class Approval:
    """Approval settings of a policy."""

    for_add: bool
    for_update: bool
    justification: bool
    approvers: tuple[SubjectSet, ...]
    timeout: timedelta | None


@dataclass(frozen=True)
class RequestorRules:
    """Requestor settings of a policy."""

    self_add: bool
    self_update: bool
    self_remove: bool
    behalf_add: bool
    behalf_requestors: tuple[SubjectSet, ...]
    custom_schedule: bool


@dataclass
class Policy:
    """An assignment policy."""

    id: str
    display_name: str
    description: str | None
    package_id: str
    scope: str
    targets: tuple[SubjectSet, ...]
    expiration: Expiration
    automatic: bool
    approval: Approval
    requestor: RequestorRules
    questions: tuple[Question, ...]
    extensions: tuple[Extension, ...]
    created: datetime


@dataclass
class Subject:
    """Entitlement management's own record of somebody who has or had access."""

    id: str
    object_id: str | None
    display_name: str | None
    email: str | None
    principal_name: str | None
    kind: str


@dataclass(frozen=True)
class Answer:
    """One answer of a request."""

    question_id: str
    kind: str
    value: str
    display_value: str | None


@dataclass
class Callout:
    """One run of a custom extension."""

    id: str
    extension_id: str
    stage: str
    status: str
    detail: str | None = None


@dataclass
class Assignment:
    """An access package assignment."""

    id: str
    number: int
    package_id: str
    policy_id: str
    subject_id: str
    state: str
    status: str
    schedule: Schedule
    expired: datetime | None = None
    created_by: str | None = None


# The words of ``status`` that go with states of requests, as they were recorded; of the others it is the state's own.
_REQUEST_WORDS = {"delivering": "ReadyToFulfill", "delivered": "Fulfilled", "deliveryFailed": "Failed"}


def request_status(state: str) -> str:
    """Return the status of a request in a state."""
    return _REQUEST_WORDS.get(state, state[0].upper() + state[1:])


@dataclass
class Request:
    """An access package assignment request.

    ``assignment_id`` is known from the start, also of an assignment that is made only later.
    ``outcome`` is what delivery will end in: delivered, partiallyDelivered, deliveryFailed, limbo or ignored.
    """

    id: str
    number: int
    type: str
    state: str
    status: str
    created: datetime
    package_id: str
    policy_id: str
    subject_id: str
    requestor_id: str | None
    assignment_id: str
    created_by: str | None
    schedule: Schedule = Schedule()
    answers: tuple[Answer, ...] = ()
    justification: str | None = None
    bypass_approval: bool = False
    completed: datetime | None = None
    callouts: list[Callout] = field(default_factory=list)
    outcome: str = "delivered"

    @property
    def removes(self) -> bool:
        """Return whether the request takes access away."""
        return self.type.endswith("Remove")

    @property
    def awaits_approval(self) -> bool:
        """Return whether nobody has decided yet: an approved request may still wait for a callback in this state."""
        return self.state == "pendingApproval" and self.status != "WaitingForCallback"
