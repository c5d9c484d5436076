# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making a plan: the changes that check mode foresees, as a document that can be approved and carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._apply.item import Item
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import same_id
from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant
from ansible_collections.idgov.entra.plugins.module_utils._core.version import VERSION
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Desired, Handling
from ansible_collections.idgov.entra.plugins.module_utils._decide.plan import Write
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Policy, Subject
from ansible_collections.idgov.entra.plugins.module_utils._plan.shape import FORMAT, USUAL_KIND
from ansible_collections.idgov.entra.plugins.module_utils._plan.text import digest_of
from ansible_collections.idgov.entra.plugins.module_utils._results.results import (
    first_warnings,
    item_result,
    named_result,
    schedule_result,
    subject_result,
    summary,
)
from ansible_collections.idgov.entra.plugins.module_utils._results.shapes import (
    PlanItem,
    PlanResult,
    PlanWrite,
    UnsealedPlan,
)

# What settles an item while it is carried out, besides ``wait``, which belongs to the task.
_HANDLING = tuple(field.name for field in fields(Handling) if field.name != "wait")


@dataclass(frozen=True)
class Origin:
    """When a plan is made, for which tenant, and at which address and in which version of Graph."""

    created: datetime
    tenant_id: str
    graph_url: str
    api_version: str


def make_plan(items: Sequence[Item], origin: Origin, *, left_alone: int, caller_id: str | None) -> UnsealedPlan:
    """Return the plan of items that a dry run took to their ends, none of which failed; it has no digest yet.

    ``caller_id`` is whom an item means that asks for the signed-in user.
    """
    changes = [item for item in items if item.writes]
    counts = summary(items, left_alone=left_alone, http_calls=0, operations=0)
    return {
        "format": FORMAT,
        "collection_version": VERSION,
        "created_date_time": format_instant(origin.created.replace(microsecond=0)),
        "tenant_id": origin.tenant_id,
        "graph_url": origin.graph_url,
        "api_version": origin.api_version,
        "summary": {
            "added": counts["added"],
            "updated": counts["updated"],
            "removed": counts["removed"],
            "replaced": counts["replaced"],
            "reprocessed": counts["reprocessed"],
            "canceled": counts["canceled"],
            "unchanged": counts["unchanged"],
            "pending": counts["pending"],
            "ended": counts["ended"],
            "left_alone": counts["left_alone"],
            "warnings": _warnings(items, changes),
        },
        "items": [_item(item, caller_id) for item in changes],
    }


def with_digest(plan: UnsealedPlan) -> PlanResult:
    """Return a plan with its digest, which is made of what its host shows of it."""
    return {**plan, "digest": digest_of(plan)}


def request_awaited(item: Item) -> str | None:
    """Return the id of the open request that an item waits for before its first write; null where it waits for none."""
    request = item.before.open_request
    first = item.writes[0] if item.writes else None
    return None if request is None or first is None or first.step is Step.CANCEL else request.id


def _item(item: Item, caller_id: str | None) -> PlanItem:
    desired, diff = item.desired, item_result(item)["diff"]
    if desired is None:
        raise ValueError("an item without what is desired writes nothing")
    return {
        "index": item.index,
        "access_package": named_result(desired.package),
        "policy": named_result(_policy(item, desired)),
        "target": subject_result(_target(item, desired, caller_id)),
        "action": item.action,
        "before": diff["before"],
        "after": diff["after"],
        "waits_for": request_awaited(item),
        "desired": _desired(desired),
        "writes": [_write(write) for write in item.writes],
    }


def _desired(desired: Desired) -> dict[str, Any]:
    """Write what is desired as options, but only what is not their default."""
    handling = {name: getattr(desired.handling, name) for name in _HANDLING}
    given = {
        "request_as": desired.request_as if desired.request_as != "admin" else None,
        "policy": desired.policy.id if desired.policy else None,
        "schedule": _given(schedule_result(desired.schedule)) if desired.schedule else None,
        "answers": [_given(vars(answer)) for answer in desired.answers] if desired.answers else None,
        "justification": desired.justification,
        "check_conflicts": desired.check_conflicts or None,
        **{name: value if value != getattr(Handling(), name) else None for name, value in handling.items()},
    }
    bypass = {} if desired.bypass_approval is None else {"bypass_approval": desired.bypass_approval}
    kind = {} if desired.person.kind == USUAL_KIND else {"kind": desired.person.kind}
    return {"state": desired.state, **kind, **_given(given), **bypass}


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value is not False}


def _write(write: Write) -> PlanWrite:
    body = write.call.body
    return {"step": write.step.value, **({"request": write.request.id} if body is None else {"body": body})}


def _policy(item: Item, desired: Desired) -> Policy | None:
    """Return the policy under which access is afterwards, or was."""
    before, last = item.before, item.writes[-1]
    request = last.request if last.step is Step.ADD else before.open_request
    by_id = request.policy_id if request else None
    known = next((p for p in item.observed.policies if same_id(p.id, by_id)), Policy(by_id, None) if by_id else None)
    if last.step is Step.ADD:
        return known
    return (before.active.policy if before.active else None) or known or desired.policy


def _target(item: Item, desired: Desired, caller_id: str | None) -> Subject:
    """Return whom an item is about: as Graph shows the holder, or as far as the person was looked up."""
    person, before = desired.person, item.before
    shown = before.active.target if before.active else before.open_request.target if before.open_request else None
    shown = shown or Subject(id=None)
    label = person.label if "@" in person.label and person.kind != "outsider" else None
    return Subject(
        id=None,
        object_id=person.object_id or shown.object_id or (caller_id if desired.request_as == "self" else None),
        display_name=shown.display_name,
        principal_name=shown.principal_name or label,
        email=person.email or shown.email,
        subject_type=shown.subject_type or "user",
    )


def _warnings(items: Sequence[Item], changes: Sequence[Item]) -> list[str]:
    """Say what a plan cannot promise, and what was noticed while it was made."""
    pending, waiting = sum(item.pending for item in changes), sum(1 for item in changes if request_awaited(item))
    promises = [
        "the members of groups are those at the time of the plan; people who join or leave a group later are not in it"
        if any(item.declaration.members_of for item in items)
        else None,
        f"{pending} of the changes give no access before an approval or a start date" if pending else None,
        f"{waiting} of the changes wait for an open request of somebody else first" if waiting else None,
    ]
    noticed, more = first_warnings(items)
    return [
        *(sentence for sentence in promises if sentence),
        *noticed,
        *([f"{more} more warnings are not shown"] if more else []),
    ]
