# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the policies of a world, with their questions, into the model."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Protocol

from .ids import id_of
from .model import (
    Approval,
    Choice,
    Expiration,
    Extension,
    Policy,
    Question,
    RequestorRules,
    SubjectSet,
)
from .schema_v1 import V1
from .store import Store
from .times import parse_duration

Entry = dict[str, Any]


class Reader(Protocol):
    """What a policy needs of the reader of the world."""

    now: datetime

    def instant(self, value: object) -> datetime | None:
        """Read an instant of the world."""


def expiration(reader: Reader, entry: Entry, default_type: str = "notSpecified") -> Expiration:
    """Read ``duration``, ``end`` or ``no_expiration`` of an entry."""
    if "duration" in entry:
        return Expiration("afterDuration", duration=parse_duration(entry["duration"]))
    if "end" in entry:
        return Expiration("afterDateTime", end=reader.instant(entry["end"]))
    return Expiration("noExpiration" if entry.get("no_expiration") else default_type)


def build_policy(store: Store, reader: Reader, package_id: str, package_key: str, entry: Entry) -> Policy:
    """Build one policy; its id follows from package key and policy name."""
    name = entry["name"]
    scope = entry.get("scope", "notSpecified")
    if scope not in V1.enums["allowedTargetScope"]:
        raise ValueError(f"policy {name!r}: unknown scope {scope!r}")
    key = entry.get("key") or f"{package_key}/{name}"
    return Policy(
        id=entry.get("id") or id_of("policy", key),
        display_name=name,
        description=entry.get("description"),
        package_id=package_id,
        scope=scope,
        targets=tuple(_subject_set(store, item) for item in entry.get("targets") or ()),
        expiration=expiration(reader, entry.get("expiration") or {}, default_type="noExpiration"),
        automatic=entry.get("automatic", False),
        approval=_approval(store, entry.get("approval") or {}),
        requestor=_requestor(store, entry.get("requestor") or {}),
        questions=tuple(_question(key, index, item) for index, item in enumerate(entry.get("questions") or ())),
        extensions=tuple(_extension(key, item) for item in entry.get("extensions") or ()),
        created=reader.now - timedelta(days=365),
    )


def _subject_set(store: Store, entry: Entry) -> SubjectSet:
    tables: dict[str, tuple[str, dict[str, Any]]] = {
        "user": ("singleUser", store.principals),
        "group": ("groupMembers", store.groups),
        "organization": ("connectedOrganizationMembers", store.organizations),
    }
    ((kind, name),) = entry.items()
    if kind in ("target_manager", "requestor_manager"):
        return SubjectSet("targetManager" if kind == "target_manager" else "requestorManager", level=int(name))
    graph_type, table = tables[kind]
    reference = name if name in table else id_of(kind, name)
    if reference not in table:
        raise ValueError(f"a policy names {kind} {name!r}, which this world lacks")
    return SubjectSet(graph_type, reference)


def _approval(store: Store, entry: Entry) -> Approval:
    timeout = entry.get("timeout")
    return Approval(
        for_add=entry.get("add", False),
        for_update=entry.get("update", False),
        justification=entry.get("justification", False),
        approvers=tuple(_subject_set(store, item) for item in entry.get("approvers") or ()),
        timeout=parse_duration(timeout) if timeout else None,
    )


def _requestor(store: Store, entry: Entry) -> RequestorRules:
    return RequestorRules(
        self_add=entry.get("add", True),
        self_update=entry.get("update", True),
        self_remove=entry.get("remove", True),
        behalf_add=entry.get("on_behalf", False),
        behalf_requestors=tuple(_subject_set(store, item) for item in entry.get("on_behalf_requestors") or ()),
        custom_schedule=entry.get("custom_schedule", True),
    )


def _extension(policy_key: str, entry: Entry) -> Extension:
    if entry["stage"] not in V1.enums["accessPackageCustomExtensionStage"]:
        raise ValueError(f"policy {policy_key!r}: unknown stage {entry['stage']!r}")
    name = entry["name"]
    return Extension(
        id=entry.get("id") or id_of("extension", f"{policy_key}/{name}"),
        display_name=name,
        stage=entry["stage"],
        waits_for_callback=entry.get("callback", False),
    )


def _localizations(entry: Entry) -> tuple[tuple[str, str], ...]:
    return tuple((entry.get("localizations") or {}).items())


def _question(policy_key: str, index: int, entry: Entry) -> Question:
    text = entry["text"]
    choices = entry.get("choices")
    return Question(
        id=entry.get("id") or id_of("question", f"{policy_key}/{text}"),
        kind="text" if choices is None else "choice",
        text=text,
        required=entry.get("required", False),
        editable=entry.get("editable", True),
        sequence=index,
        localizations=_localizations(entry),
        regex=entry.get("regex"),
        single_line=entry.get("single_line", True),
        choices=tuple(
            Choice(choice["value"], choice.get("text", choice["value"]), _localizations(choice))
            for choice in choices or ()
        ),
        multiple=entry.get("multiple", False),
    )
