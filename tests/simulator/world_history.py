# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the assignments and requests of a world: what happened before the simulator started."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Protocol

from . import world_policies
from .ids import id_of
from .model import (
    INACTIVE_ASSIGNMENT_STATES,
    OPEN_REQUEST_STATES,
    Answer,
    Assignment,
    Request,
    Schedule,
    Subject,
    request_status,
)
from .spans import end_of
from .store import Store

Entry = dict[str, Any]


class WorldError(ValueError):
    """A world that cannot be read; the text says where."""


class Reader(Protocol):
    """What this needs of the reader of the world."""

    store: Store
    now: datetime

    def instant(self, value: object) -> datetime | None:
        """Read an instant of the world."""

    def ref(self, table: dict[str, Any], kind: str, name: str) -> str:
        """Return the id of something named by id, key or name."""


def add_assignment(reader: Reader, entry: Entry) -> None:
    """Add an assignment, and the request that made it."""
    store = reader.store
    package_id = reader.ref(store.packages, "package", entry["package"])
    policy_id = _policy_id(store, entry, package_id)
    subject = _subject(store, entry["user"])
    state = entry.get("state", "delivered")
    gone = state in INACTIVE_ASSIGNMENT_STATES
    assignment = Assignment(
        id=_next_id(store.assignments, "assignment", entry, subject),
        number=store.next_number(),
        package_id=package_id,
        policy_id=policy_id,
        subject_id=subject.id,
        state=state,
        status=entry.get("status", "ExpiredNotificationTriggered" if gone else _status(state)),
        schedule=_schedule(reader, entry, policy_id),
        expired=(reader.instant(entry.get("expired")) or reader.now - timedelta(days=1)) if gone else None,
    )
    if not gone and store.active_assignment(package_id, subject.id):
        raise WorldError(f"{entry['user']!r} would hold {entry['package']!r} twice")
    request = _request_behind(reader, entry, assignment, subject)
    assignment.created_by = request.id
    store.add_assignment(assignment)
    store.add_request(request)


def _request_behind(reader: Reader, entry: Entry, assignment: Assignment, subject: Subject) -> Request:
    state = "delivered" if assignment.state == "expired" else assignment.state
    created = assignment.schedule.start or reader.now
    named = {name: value for name, value in entry.items() if name != "id"}
    request_id = id_of("request", entry["id"]) if "id" in entry else None
    return Request(
        id=request_id or _next_id(reader.store.requests, "request", named, subject),
        number=reader.store.next_number(),
        type=entry.get("request_type", "adminAdd"),
        state=state,
        status=request_status(state),
        created=created,
        package_id=assignment.package_id,
        policy_id=assignment.policy_id,
        subject_id=subject.id,
        requestor_id=_requestor_id(entry, entry.get("request_type", "adminAdd"), subject, store=reader.store),
        assignment_id=assignment.id,
        created_by=subject.object_id if entry.get("request_type") == "userAdd" else None,
        answers=_answers(reader.store, entry, assignment.policy_id),
        justification=entry.get("justification"),
        completed=None if state == "delivering" else created + timedelta(seconds=17),
        outcome=entry.get("outcome", "delivered"),
    )


def add_request(reader: Reader, entry: Entry) -> None:
    """Add a request that has made no assignment (yet)."""
    store = reader.store
    package_id = reader.ref(store.packages, "package", entry["package"])
    policy_id = _policy_id(store, entry, package_id)
    subject = _subject(store, entry["user"])
    state = entry.get("state", "pendingApproval")
    if state == "delivering":
        raise WorldError("a delivering request comes with its assignment: give an assignment in state delivering")
    request_id = _next_id(store.requests, "request", entry, subject)
    created = reader.instant(entry.get("created")) or reader.now - timedelta(days=1)
    completed = reader.instant(entry.get("completed")) or created
    store.add_request(
        Request(
            id=request_id,
            number=store.next_number(),
            type=entry.get("type", "userAdd"),
            state=state,
            status=entry.get("status", request_status(state)),
            created=created,
            package_id=package_id,
            policy_id=policy_id,
            subject_id=subject.id,
            requestor_id=_requestor_id(entry, entry.get("type", "userAdd"), subject, store=store),
            assignment_id=id_of("assignment", request_id),
            created_by=subject.object_id,
            schedule=Schedule(reader.instant(entry.get("start")), world_policies.expiration(reader, entry)),
            answers=_answers(store, entry, policy_id),
            justification=entry.get("justification"),
            completed=None if state in OPEN_REQUEST_STATES else completed,
            outcome=entry.get("outcome", "delivered"),
        )
    )


def _requestor_id(entry: Entry, kind: str, subject: Subject, *, store: Store) -> str | None:
    """Return who asked: as the entry says, or a user for themselves; what nobody is named for an application did."""
    if "requestor" in entry:
        return _subject(store, entry["requestor"]).id
    return subject.id if kind.startswith("user") else None


def _status(state: str) -> str:
    return state[0].upper() + state[1:]


def _policy_id(store: Store, entry: Entry, package_id: str) -> str:
    wanted = entry.get("policy")
    for policy in store.policies_of(package_id):
        if wanted is None or wanted in (policy.id, policy.display_name):
            return policy.id
    raise WorldError(f"no policy {wanted!r} in package {entry['package']!r}")


def _subject(store: Store, target: str | Entry) -> Subject:
    """Find whom an entry means: a principal, an outsider's address, or (a dict) somebody no longer there."""
    if isinstance(target, dict):
        return _former(store, target)
    for kind in ("user", "service_principal"):
        principal = store.principals.get(id_of(kind, target)) or store.principals.get(target)
        if principal:
            return store.subject_of(principal)
    if "@" not in target:
        raise WorldError(f"no user {target!r} in this world")
    return store.outsider(target)


def _former(store: Store, target: Entry) -> Subject:
    object_id = target.get("object_id") or id_of("user", target["principal_name"])
    subject = Subject(
        id=id_of("subject", object_id),
        object_id=object_id,
        display_name=target.get("display_name"),
        email=target.get("email"),
        principal_name=target.get("principal_name"),
        kind="user",
    )
    return store.subjects.setdefault(subject.id, subject)


def _next_id(table: dict[str, Any], kind: str, entry: Entry, subject: Subject) -> str:
    """Return the given id, or the one of ``who/package``, with ``#2`` and so on for those after the first."""
    if "id" in entry:
        return str(entry["id"])
    base = entry.get("key") or f"{subject.principal_name or subject.email}/{entry['package']}"
    count, key = 1, base
    while id_of(kind, key) in table:
        count += 1
        key = f"{base}#{count}"
    return id_of(kind, key)


def _schedule(reader: Reader, entry: Entry, policy_id: str) -> Schedule:
    start = reader.instant(entry.get("start")) or reader.now - timedelta(days=30)
    own = world_policies.expiration(reader, entry)
    return end_of(Schedule(start, own), reader.store.policies[policy_id], start, keep_duration=False)


def _answers(store: Store, entry: Entry, policy_id: str) -> tuple[Answer, ...]:
    questions = {item.text: item for item in store.policies[policy_id].questions}
    given = entry.get("answers") or {}
    return tuple(Answer(questions[text].id, questions[text].kind, value, value) for text, value in given.items())
