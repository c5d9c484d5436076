# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a plan: from a dictionary or its text form, which anybody may have edited, to checked values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    OptionError,
    Refused,
    mutually_exclusive,
)
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import is_id, same_id
from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Declaration
from ansible_collections.idgov.entra.plugins.module_utils._decide.planned import PlannedWrite
from ansible_collections.idgov.entra.plugins.module_utils._decide.schedules import TOLERANCE
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._declare.declaration import (
    checked_duration,
    checked_instant,
    in_item,
    item_from_options,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import (
    cancel_request,
    create_request,
    reprocess_request,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._options.argument_specs import (
    ASSIGNMENTS_SPEC,
    ITEM_DEFAULTS,
    PLANNED_OPTIONS,
)
from ansible_collections.idgov.entra.plugins.module_utils._plan.shape import (
    FORMAT,
    PLAN_SPEC,
    USUAL_KIND,
    check_shape,
)
from ansible_collections.idgov.entra.plugins.module_utils._plan.text import as_json, decode_plan, digest_of

Members = Mapping[str, Any]

_NEW_PLAN = "make a new plan"


@dataclass(frozen=True)
class PlannedItem:
    """One change of a plan: what is desired, with ids, how the plan shows it, and the writes that it takes.

    ``shown`` has the members of the plan's item; ``kind`` is what kind of user the person was when the plan was made.
    """

    shown: Members
    declaration: Declaration
    kind: str
    label: str
    writes: tuple[PlannedWrite, ...]


@dataclass(frozen=True)
class Plan:
    """A plan as it was read, with where and when it was made."""

    created: datetime
    tenant_id: str
    graph_url: str
    api_version: str
    items: tuple[PlannedItem, ...]


def parse_plan(value: object, now: datetime, *, wait: bool) -> Plan:
    """Read the option ``plan``; ``wait`` belongs to the task that carries it out. Raises OptionError."""
    document = decode_plan(value) if isinstance(value, str) else as_json(value)
    if not isinstance(document, dict):
        raise OptionError("plan", "this is not a plan", hint="use the plan that check mode returned, or its text form")
    if document.get("format", FORMAT) != FORMAT:
        raise OptionError("plan.format", f"{document['format']!r} is not {FORMAT}", hint=_NEW_PLAN)
    check_shape(document, PLAN_SPEC, "plan")
    if document["digest"] != digest_of(document):
        raise OptionError(
            "plan.digest", "the plan is not the one that was made: it was changed or damaged", hint=_NEW_PLAN
        )
    plan = Plan(
        created=checked_instant("plan.created_date_time", document["created_date_time"]),
        tenant_id=document["tenant_id"],
        graph_url=document["graph_url"],
        api_version=document["api_version"],
        items=tuple(_item(item, f"plan.items[{index}]", wait=wait) for index, item in enumerate(document["items"])),
    )
    _check_once(plan)
    if plan.created - now > TOLERANCE:
        raise OptionError(
            "plan.created_date_time", f"{document['created_date_time']} is in the future", hint="check the clocks"
        )
    return plan


def max_age_from_options(options: Members) -> timedelta:
    """Read how old a plan may be, and that nothing is given beside one that it was made of; raises OptionError."""
    for name in PLANNED_OPTIONS:
        if options[name] != ASSIGNMENTS_SPEC[name].get("default"):
            raise mutually_exclusive("plan", name, hint="the plan has all that is to be done")
    return checked_duration("plan_max_age", options["plan_max_age"])


def check_place(plan: Plan, *, graph_url: str, api_version: str, now: datetime, max_age: timedelta) -> None:
    """Check that a plan is for this address and this version of Graph, and not too old; raises Refused."""
    if (plan.graph_url, plan.api_version) != (graph_url, api_version):
        raise Refused(
            f"the plan is for {plan.graph_url}/{plan.api_version}, and this task is for {graph_url}/{api_version}",
            hint="use the options of the task that made the plan",
        )
    if now - plan.created > max_age:
        raise Refused(
            f"the plan of {format_instant(plan.created)} is too old",
            hint="make a new plan, or raise plan_max_age",
        )


def check_tenant(plan: Plan, *, tenant_id: str | None, caller_id: str | None) -> None:
    """Check that a plan is for the tenant of the token, and what is asked for oneself for its user; raises Refused."""
    if tenant_id is None:
        raise Refused(
            "the tenant of the access token cannot be read, so the plan cannot be held against it",
            hint="use a credential whose token has the claim tid",
        )
    if not same_id(plan.tenant_id, tenant_id):
        raise Refused(
            f"the plan is for the tenant {plan.tenant_id}, and the access token is for the tenant {tenant_id}",
            hint="use a credential of the tenant that the plan was made for",
        )
    own = (item for item in plan.items if item.declaration.request_as == "self")
    other = next((item for item in own if not same_id(item.shown["target"].get("object_id"), caller_id)), None)
    if other:
        raise Refused(f"{other.label} asks for themselves in the plan, and somebody else is signed in")


def _item(item: Members, place: str, *, wait: bool) -> PlannedItem:
    desired, target = item["desired"], item["target"]
    ids = {"access_package.id": item["access_package"]["id"], "target.object_id": target.get("object_id")}
    for name, text in {**ids, "desired.policy": desired.get("policy")}.items():
        if text is not None and not is_id(text):
            raise OptionError(f"{place}.{name}", f"{text!r} is not an id")
    if not item["writes"]:
        raise OptionError(f"{place}.writes", "it is empty")
    kind = desired.get("kind", USUAL_KIND)
    # A person whom the directory did not know is looked up in it once more.
    by_mail = kind == "outsider" or not target.get("object_id")
    who = {"email": target.get("email")} if by_mail else {"user": target["object_id"]}
    options = {name: value for name, value in desired.items() if name != "kind"}
    place_options = {"access_package": ids["access_package.id"], **({} if desired.get("request_as") == "self" else who)}
    with in_item(f"{place}.desired"):
        declaration = item_from_options({**options, **place_options}, {}, ITEM_DEFAULTS, wait=wait)
    label = target.get("principal_name") or target.get("email") or target.get("object_id") or declaration.person
    writes = tuple(
        PlannedWrite(
            Step(write["step"]),
            _call(write, declaration, f"{place}.writes[{n}]"),
            waits=item.get("waits_for") is not None,
        )
        for n, write in enumerate(item["writes"])
    )
    return PlannedItem(item, declaration, kind, label, writes)


def _call(write: Members, declaration: Declaration, place: str) -> Call:
    step = Step(write["step"])
    if step in (Step.CANCEL, Step.REPROCESS):
        request = write.get("request") or ""
        if not is_id(request) or write.get("body") is not None:
            raise OptionError(place, f"{step.value} takes the id of a request and nothing else")
        if step is Step.REPROCESS:
            return reprocess_request(request)
        return cancel_request(request, by_user=declaration.request_as != "admin")
    if write.get("body") is None or write.get("request") is not None:
        raise OptionError(place, f"{step.value} takes a body and nothing else")
    return create_request(write["body"])


def _check_once(plan: Plan) -> None:
    """Refuse a person and access package that come twice; raises OptionError."""
    seen: dict[tuple[str, str], int] = {}
    for index, item in enumerate(plan.items):
        person = item.declaration.user or item.declaration.email or ""
        key = (item.shown["access_package"]["id"].lower(), person.lower())
        first = seen.setdefault(key, index)
        if first != index:
            raise OptionError(
                f"plan.items[{index}]", f"this person and access package are in plan.items[{first}] already"
            )
