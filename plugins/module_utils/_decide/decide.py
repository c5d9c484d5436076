# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deciding: a pure function of what is there, what is desired and the time; it reads no service and no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ansible_collections.idgov.entra.plugins.module_utils._core.texts import same_id
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Desired
from ansible_collections.idgov.entra.plugins.module_utils._decide.differences import Differences, assignment_requests
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Observed
from ansible_collections.idgov.entra.plugins.module_utils._decide.predict import carried_out
from ansible_collections.idgov.entra.plugins.module_utils._decide.schedules import (
    TOLERANCE,
    effective_end,
    is_over,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Facts, Row, Step, find_row
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Assignment,
    Request,
)

# How long after its end Graph takes a failed request up again (Graph documentation, "accessPackageAssignmentRequest:
# reprocess").
REPROCESS_SPAN = timedelta(days=14)
_HOLDS = {
    "delivering": "delivering",
    "delivered": "delivered",
    "partiallyDelivered": "partial",
    "deliveryFailed": "failed",
}


@dataclass(frozen=True)
class Decision:
    """What to do next, by which row, and what it is about.

    ``assignment`` may be a past one; ``differences`` are those of an active one.
    """

    row: Row
    facts: Facts
    assignment: Assignment | None
    request: Request | None
    differences: Differences | None = None

    @property
    def step(self) -> Step:
        """The step of the row."""
        return self.row.step


def decide(desired: Desired, observed: Observed, now: datetime, *, may_cancel: bool) -> Decision:
    """Choose the row of the table for one person and package.

    Raises NotRead where the answer hangs on something that was not read yet, and OptionError where
    answers do not suit the questions of the policy.
    """
    active = observed.active
    differences = Differences(desired, active, observed, now) if active else None
    facts = _facts(desired, observed, differences, now, may_cancel=may_cancel)
    return Decision(find_row(facts), facts, observed.current, observed.open_request, differences)


def _facts(
    desired: Desired, observed: Observed, differences: Differences | None, now: datetime, *, may_cancel: bool
) -> Facts:
    active, request = observed.active, observed.open_request
    handling = desired.handling
    holds = _holds(observed, now)
    return Facts(
        state=desired.state,
        holds=holds,
        governed="rule" if active and _is_by_rule(desired, observed, active) else "requests",
        open=_kind(request) if request else "nothing",
        stage=_stage(request, now) if request else "submitted",
        fits="yes" if request is None or _fits(desired, observed, request, now) else "no",
        policy="hidden" if request and _hides_policy(request, desired, observed) else "shown",
        differs=differences.gravest if differences else "nothing",
        desired_end="past" if active is None and is_over(desired.schedule, now) else "ahead",
        again="once" if _is_granted_once(desired, observed) else "always",
        failure=_failure(differences) if differences else "recent",
        cancel="allowed" if may_cancel else "refused",
        wait="yes" if handling.wait else "no",
        on_open_request=handling.on_open_request,
        on_policy_mismatch=handling.on_policy_mismatch,
        on_delivery_failed=handling.on_delivery_failed,
        on_partial_delivery=handling.on_partial_delivery,
    )


def _is_by_rule(desired: Desired, observed: Observed, active: Assignment) -> bool:
    """Return whether a rule governs; a user is shown the policies to ask under, and none of them assigns by a rule."""
    if desired.request_as != "admin":
        return bool(active.policy and active.policy.automatic)
    return observed.is_by_rule(active.policy)


def _holds(observed: Observed, now: datetime) -> str:
    current = observed.current
    if current is None:
        return "nothing"
    if current.state != "expired":
        return _HOLDS.get(current.state, "unknown")
    end = effective_end(current.schedule)
    ended = current.expired or now
    return "ran_out" if end is not None and end - ended <= TOLERANCE else "taken_away"


def _is_granted_once(desired: Desired, observed: Observed) -> bool:
    """A duration is granted once, unless it is renewed or a start after the last assignment means a new one."""
    schedule, last = desired.schedule, observed.current
    if schedule is None or schedule.duration is None or desired.handling.renew:
        return False
    ended = last and (last.expired or effective_end(last.schedule))
    return not (schedule.start and ended and schedule.start > ended)


def _kind(request: Request) -> str:
    for ending in ("add", "remove"):
        if request.type.lower().endswith(ending):
            return ending
    return "update"


def _hides_policy(request: Request, desired: Desired, observed: Observed) -> bool:
    """Return whether an open add may be under another policy than the named one without Graph showing it."""
    others = [
        p for p in observed.policies if not p.automatic and desired.policy and not same_id(p.id, desired.policy.id)
    ]
    unsure = bool(others) or (desired.policy is not None and not observed.policies_read)
    return _kind(request) == "add" and request.policy_id is None and unsure


def _stage(request: Request, now: datetime) -> str:
    """Return how far a request has come; an add that was just sent and starts later will wait for that, too."""
    start = request.schedule.start
    if request.state == "submitted" and _kind(request) == "add" and start is not None and start > now:
        return "parked"
    return request.state if request.is_moving else "parked"


def _fits(desired: Desired, observed: Observed, request: Request, now: datetime) -> bool:
    """An open request contradicts if, once it is carried out, the table would still act."""
    after = carried_out(observed, request, now)
    return decide(desired, after, now, may_cancel=False).step is Step.NOTHING


def _failure(differences: Differences) -> str:
    desired, active, handling = differences.desired, differences.assignment, differences.desired.handling
    asked = {"deliveryFailed": handling.on_delivery_failed, "partiallyDelivered": handling.on_partial_delivery}
    if desired.state == "absent" or asked.get(active.state) != "reprocess":
        return "recent"
    request = differences.failed_request
    if request is None:
        newest = next(iter(assignment_requests(active, differences.observed)), None)
        return "mended" if newest and newest.state == "delivered" else "missing"
    ended = request.completed or request.created
    return "recent" if ended is None or differences.now - ended <= REPROCESS_SPAN else "old"
