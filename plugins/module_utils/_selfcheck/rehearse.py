# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a real Graph does where its documentation leaves a question open, as far as only writing tells.

One test person gets a test package, has it changed and loses it. Each fact has a row in the page docs/unverified.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from ansible_collections.idgov.entra.plugins.module_utils._apply.wait import Waiter, Watched, timed_out
from ansible_collections.idgov.entra.plugins.module_utils._core.clock import Clock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, GraphError, RequestFailed
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import same_id
from ansible_collections.idgov.entra.plugins.module_utils._core.times import parse_duration
from ansible_collections.idgov.entra.plugins.module_utils._declare.declaration import Patience
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Assignment,
    Policy,
    Request,
    Schedule,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.parse import parse_request, read_accepted
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import (
    cancel_request,
    create_request,
    delete_request,
    get_policy,
    get_questions,
    get_request,
    list_assignments,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.request_bodies import (
    Body,
    change_body,
    direct_add_body,
    extras,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.rows import assignment_row_reader, assignments_in
from ansible_collections.idgov.entra.plugins.module_utils._graph.batch import Reply
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call, Response
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._graph.errors import names
from ansible_collections.idgov.entra.plugins.module_utils._graph.members import Json
from ansible_collections.idgov.entra.plugins.module_utils._graph.page import parse_reply
from ansible_collections.idgov.entra.plugins.module_utils._selfcheck.observe import TAKEN_OR_NOT, seen, unclear

Seen = Iterator[tuple[str, str]]
JUSTIFICATION = "idgov.entra selfcheck"
_UNKNOWN = "00000000-0000-4000-8000-000000000000"

T = TypeVar("T")


@dataclass(frozen=True)
class Stage:
    """Who gets what, under which policy; ``justification`` is null where the cloud does not take one."""

    graph: GraphClient
    clock: Clock
    patience: Patience
    package_id: str
    policy: Policy
    object_id: str
    is_delegated: bool
    justification: str | None = JUSTIFICATION


def rehearse(stage: Stage) -> Seen:
    """Do it, and give each fact with what was seen as soon as it was seen.

    Nothing is held before; what is held when it ends is for the caller to take away. Raises EntraError where it
    cannot go on.
    """
    stage = replace(stage, policy=replace(stage.policy, custom_schedule=_allows_schedules(stage)))
    yield from _refusals(stage)
    yield from _life(stage)
    yield from _cancel(stage) if stage.is_delegated else _cancel_as_application(stage)


def _refusals(stage: Stage) -> Seen:
    """Adds that Graph may refuse; one that it takes is taken away again."""
    yield "policy_questions", _policy_questions(stage)
    reply = _send(stage, _add(stage, policy_id=_UNKNOWN))
    if isinstance(reply, GraphError) and names(reply, "PolicyNotFound"):
        yield "unknown_entity", "by_kind"
    else:
        yield "unknown_entity", "not_found" if _status(reply) == 404 else seen(reply, ("accept", "bad_request"))
    end = _beyond(stage)
    if end is not None:
        reply = _send(stage, _add(stage, Schedule(end=end)))
        held = _settled(stage, reply)
        word = "keep" if held and held.schedule.end and abs(held.schedule.end - end) < timedelta(minutes=1) else "clamp"
        yield "end_beyond_policy", seen(reply, (word, "refuse"))
        _take_away(stage, held)
    if stage.policy.justification_required:
        reply = _send(stage, {**_add(stage), "justification": None})
        yield "admin_justification", seen(reply, ("free", "required"))
        _take_away(stage, _settled(stage, reply))
    if not stage.policy.custom_schedule:
        reply = _send(stage, _add(stage, Schedule(duration="PT12H")))
        yield "admin_custom_schedule", seen(reply, ("free", "policy"))
        _take_away(stage, _settled(stage, reply))


def _life(stage: Stage) -> Seen:
    """An assignment from its add to its removal."""
    schedule = Schedule(duration="P1D") if stage.policy.custom_schedule else None
    made = _send(stage, _add(stage, schedule))
    yield "create_status", str(_response(made).status)
    yield "create_answer", "request" if _made(made).id else "empty"
    request = _accepted(made)
    yield "open_request_assignment", _shown_assignment(stage, request)
    again = _send(stage, _add(stage, schedule))
    yield "existing_open_request", _answer(again)
    request = _wait(stage, request)
    if stage.policy.approval_for_add:
        yield "admin_add_approval", "bypass_only" if request.state == "pendingApproval" else "skip"
    if request.state == "pendingApproval":
        # Nobody approves here; taken back by whoever cleans up.
        return
    held = _held(stage)
    if held is None or held.id is None:
        raise RequestFailed(f"the request ended in the state {request.state}, and no assignment is visible")
    if schedule:
        yield "stored_expiration", "duration" if held.schedule.duration else "date"
    yield "existing_grant", _answer(_send(stage, _add(stage)))
    if stage.policy.custom_schedule:
        yield from _updates(stage, held, held.id)
    deleted = stage.graph.send_all([delete_request(request.id or "")])[0]
    yield "delete_delivered", seen(deleted, TAKEN_OR_NOT)
    _take_away(stage, held)
    last = _send(stage, change_body("adminRemove", held.id))
    yield "remove_expired", _answer_to_late_removal(last)


def _updates(stage: Stage, held: Assignment, assignment_id: str) -> Seen:
    """A start that is sent once more, one that is not sent, and two updates on each other's heels."""
    start = held.schedule.start
    first = _update(stage, assignment_id, Schedule(start=start, duration="PT20H"))
    _wait(stage, _accepted(first))
    after_first = _start_of(stage)
    second = _accepted(_update(stage, assignment_id, Schedule(duration="PT22H")))
    third = _update(stage, assignment_id, Schedule(duration="PT23H"))
    open_still = _read(stage, get_request(second.id or ""), parse_request).is_open
    word = seen(third, TAKEN_OR_NOT)
    hurried = word == "accept" and not open_still
    yield "update_while_open", "unclear: the previous update had already ended" if hurried else word
    _wait(stage, second)
    if isinstance(third, Response):
        _wait(stage, _accepted(third))
    moved_again = _start_of(stage) != after_first
    moves = after_first != start
    yield "update_start", "always_moves" if moves and moved_again else "past_moves" if moves else "kept"


def _cancel(stage: Stage) -> Seen:
    """A request for later, taken back."""
    start = stage.clock.now().replace(microsecond=0) + timedelta(days=2)
    request = _wait(stage, _accepted(_send(stage, _add(stage, Schedule(start=start)))))
    reply = stage.graph.send_all([cancel_request(request.id or "")])[0]
    yield "cancel_status", str(reply.status) if isinstance(reply, Response) else unclear(reply)


def _cancel_as_application(stage: Stage) -> Seen:
    """A request taken back as soon as it was made: where Graph refuses that, it is delivered and can be removed."""
    made = _send(stage, _add(stage))
    reply = stage.graph.send_all([cancel_request(_accepted(made).id or "")])[0]
    yield "cancel_app", seen(reply, TAKEN_OR_NOT, (403,))
    _take_away(stage, _settled(stage, made))


def _add(stage: Stage, schedule: Schedule | None = None, *, policy_id: str | None = None) -> Body:
    body = direct_add_body(stage.package_id, policy_id or stage.policy.id, object_id=stage.object_id, email=None)
    more = extras(schedule=schedule, answers=(), justification=stage.justification, bypass_approval=None)
    return {**body, **more}


def _update(stage: Stage, assignment_id: str, schedule: Schedule) -> Reply:
    more = extras(schedule=schedule, answers=(), justification=stage.justification, bypass_approval=None)
    return _send(stage, {**change_body("adminUpdate", assignment_id), **more})


def _send(stage: Stage, body: Body) -> Reply:
    return stage.graph.send_all([create_request({k: v for k, v in body.items() if v is not None})])[0]


def _response(reply: Reply) -> Response:
    if isinstance(reply, EntraError):
        raise reply
    return reply


def _accepted(reply: Reply) -> Request:
    request = _made(reply)
    if request.id is None:
        raise RequestFailed("Graph accepts requests without returning their ids, so they cannot be followed")
    return request


def _made(reply: Reply) -> Request:
    """Return the request that an answer names; one without an id where it names none."""
    response = _response(reply)
    return parse_reply(create_request({}), replace(response, body=response.body or {}), read_accepted)


def _read(stage: Stage, call: Call, read: Callable[[Json], T]) -> T:
    return parse_reply(call, _response(stage.graph.send_all([call])[0]), read)


def _wait(stage: Stage, request: Request) -> Request:
    watched = Watched(request, None, None)
    latest = Waiter(stage.graph, stage.clock, stage.patience).settle([watched])[0]
    if isinstance(latest, EntraError):
        raise latest
    if latest is None or latest.is_moving:
        raise timed_out(f"request {request.id} is still {request.state}")
    return latest


def _held(stage: Stage) -> Assignment | None:
    pages = stage.graph.pages(list_assignments(stage.package_id, stage.object_id))
    read = assignment_row_reader()
    found, incomplete = assignments_in((row for page in pages for row in page.parse(read)), stage.package_id)
    if incomplete:
        raise incomplete[0].error
    mine = (a for a in found if a.target and same_id(a.target.object_id, stage.object_id))
    return next((each for each in mine if each.state != "expired"), None)


def _start_of(stage: Stage) -> datetime | None:
    held = _held(stage)
    return held.schedule.start if held else None


def _settled(stage: Stage, reply: Reply) -> Assignment | None:
    """Wait for what was accepted after all, and give what is held by then."""
    if isinstance(reply, EntraError):
        return None
    _wait(stage, _accepted(reply))
    return _held(stage)


def _take_away(stage: Stage, held: Assignment | None) -> None:
    if held is not None and held.id is not None:
        _wait(stage, _accepted(_send(stage, change_body("adminRemove", held.id))))


def _shown_assignment(stage: Stage, request: Request) -> str:
    shown = _read(stage, get_request(request.id or ""), lambda row: (parse_request(row).is_open, row.get("assignment")))
    if not shown[0]:
        return "unclear: the request had already ended"
    return "stub" if shown[1] else "null"


def _allows_schedules(stage: Stage) -> bool:
    """Return whether the policy lets users choose a schedule; whether that binds administrators is not documented."""
    settings = _read(stage, get_policy(stage.policy.id), lambda row: row.get("requestorSettings"))
    return not isinstance(settings, dict) or settings.get("allowCustomAssignmentSchedule") is not False


def _policy_questions(stage: Stage) -> str:
    """Return how the questions of one policy come."""
    whole = get_policy(stage.policy.id)
    reply = stage.graph.send_all([replace(whole, otherwise=None)])[0]
    word = seen(reply, ("expand", "inline"))
    if word == "inline" and whole.otherwise and _read(stage, whole.otherwise, lambda row: row.get("questions")) is None:
        alone = stage.graph.send_all([get_questions(stage.policy.id)])[0]
        return "select" if isinstance(alone, Response) else "hidden"
    return word


def _beyond(stage: Stage) -> datetime | None:
    """Return an end that the policy does not allow, or null where it allows all."""
    limit, now = stage.policy.expiration, stage.clock.now().replace(microsecond=0)
    if limit.end:
        return limit.end + timedelta(days=30)
    return now + 2 * parse_duration(limit.duration) if limit.duration else None


def _status(reply: Reply) -> int | None:
    return reply.status if isinstance(reply, GraphError) else None


def _answer(reply: Reply) -> str:
    """Write down status and codes of a refusal that the documentation does not list."""
    if isinstance(reply, Response):
        return str(reply.status)
    if not isinstance(reply, GraphError):
        return unclear(reply)
    codes = [str(detail.get("code")) for detail in reply.details if detail.get("code")]
    return " ".join([str(reply.status), reply.code, *codes])


def _answer_to_late_removal(reply: Reply) -> str:
    if isinstance(reply, GraphError) and reply.code == "InvalidRequestNoActiveGrant":
        return "no_active_grant"
    return seen(reply, ("accept", "not_found"), (404,))
