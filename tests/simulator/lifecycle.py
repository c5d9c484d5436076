# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Moves requests and assignments on, by the simulated clock.

Every step is put on an agenda with the instant it is due, and done (dated with that instant) when something
reads or writes at or after it: submitted, then pendingApproval or scheduled or delivering, then the end.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta

from .ids import IdSource, id_of
from .model import Assignment, Callout, Expiration, Policy, Principal, Request, Schedule, request_status
from .settings import Settings
from .spans import end_of, last_instant, latest_end
from .store import Store
from .switches import Switches

Step = Callable[[str, datetime], None]
ADDS = frozenset({"userAdd", "adminAdd", "systemAdd"})
UPDATES = frozenset({"userUpdate", "adminUpdate", "systemUpdate"})
REMOVES = frozenset({"userRemove", "adminRemove", "approverRemove", "systemRemove"})


class Lifecycle:
    """The agenda of one store."""

    def __init__(self, store: Store, ids: IdSource, settings: Settings, switches: Switches) -> None:
        self.store = store
        self.ids = ids
        self.settings = settings
        self.switches = switches
        self._agenda: list[tuple[datetime, int, Step, str]] = []
        self._count = 0

    def settle(self, now: datetime) -> None:
        """Do every step that is due."""
        while self._agenda and self._agenda[0][0] <= now:
            due, _dummy, step, entity_id = heapq.heappop(self._agenda)
            step(entity_id, due)

    def adopt(self, now: datetime) -> None:
        """Put on the agenda what a loaded world leaves open."""
        for assignment in self.store.assignments.values():
            self._watch_end(assignment, now)
        for request in self.store.requests.values():
            if request.state == "submitted":
                self.submit(request, now)
            elif request.state == "pendingApproval":
                self._watch_approval(request, request.created)
            elif request.state == "scheduled":
                self._at(request.schedule.start or now, self._deliver, request.id)
            elif request.state == "delivering":
                self._await_outcome(request, now)

    def submit(self, request: Request, now: datetime) -> None:
        """Start a new request on its way."""
        self._after(now, self.settings.submitted_seconds, self._leave_submitted, request.id)

    def reprocess_request(self, request: Request, now: datetime) -> None:
        """Deliver once more what failed or was delivered in part."""
        request.completed = None
        request.outcome = "delivered"
        self._set_assignment(request, "delivering")
        self._deliver(request.id, now)

    def reprocess_assignment(self, assignment: Assignment, now: datetime) -> None:
        """Enforce a delivered assignment once more."""
        assignment.state, assignment.status = "delivering", "Delivering"
        self._after(now, self.settings.delivering_seconds, self._redelivered, assignment.id)

    def decide(self, request: Request, approve: bool, now: datetime) -> None:
        """Approve or deny a request that is pending."""
        if approve:
            self._approved(request, now)
        else:
            self._close(request, "denied", "Denied", now)

    def cancel(self, request: Request, now: datetime) -> None:
        """Take a request back."""
        self._close(request, "canceled", "Canceled", now)

    def call_back(self, request: Request, callout: Callout, now: datetime) -> None:
        """Go on after a custom extension has answered, unless another one of its stage has not."""
        callout.status = "callbackReceived"
        if any(item.status == "waitingForCallback" for item in request.callouts):
            return
        if callout.stage == "assignmentRequestCreated":
            self._past_creation(request, now)
        elif callout.stage == "assignmentRequestApproved":
            self._past_approval(request, now)
        else:
            request.status = request_status("delivering")
            self._await_outcome(request, now)

    def _at(self, due: datetime, step: Step, entity_id: str) -> None:
        self._count += 1
        heapq.heappush(self._agenda, (due, self._count, step, entity_id))

    def _after(self, now: datetime, seconds: float, step: Step, entity_id: str) -> None:
        self._at(now + timedelta(seconds=seconds), step, entity_id)

    def _policy(self, request: Request) -> Policy:
        return self.store.policies[request.policy_id]

    def _leave_submitted(self, request_id: str, now: datetime) -> None:
        request = self.store.requests.get(request_id)
        if request is None or request.state != "submitted":
            return
        if not self._calls_out(request, "assignmentRequestCreated"):
            self._past_creation(request, now)

    def _calls_out(self, request: Request, stage: str) -> bool:
        """Run the custom extension of a stage; tell whether the request now waits for its callback."""
        if request.type not in (REMOVES if stage == "assignmentRequestRemoved" else ADDS):
            return False
        waits = False
        for extension in self._policy(request).extensions:
            if extension.stage == stage:
                status = "waitingForCallback" if extension.waits_for_callback else "calloutSent"
                request.callouts.append(Callout(self.ids.new(), extension.id, stage, status))
                waits = waits or extension.waits_for_callback
        if waits:
            request.status = "WaitingForCallback"
        return waits

    def _past_creation(self, request: Request, now: datetime) -> None:
        if self._needs_approval(request):
            request.state, request.status = "pendingApproval", "PendingApproval"
            self._watch_approval(request, now)
        else:
            self._approved(request, now)

    def _needs_approval(self, request: Request) -> bool:
        approval = self._policy(request).approval
        if request.type == "userAdd":
            return approval.for_add
        if request.type == "userUpdate":
            return approval.for_update
        if request.type == "adminAdd" and self.switches.is_("admin_add_approval", "bypass_only"):
            return approval.for_add and not request.bypass_approval
        return False

    def _watch_approval(self, request: Request, now: datetime) -> None:
        timeout = self._policy(request).approval.timeout
        if timeout is not None:
            self._at(now + timeout, self._approval_timed_out, request.id)

    def _approval_timed_out(self, request_id: str, now: datetime) -> None:
        request = self.store.requests.get(request_id)
        if request is not None and request.awaits_approval:
            self._close(request, self.switches["approval_timeout"], "ApprovalTimedOut", now)

    def _approved(self, request: Request, now: datetime) -> None:
        if not self._calls_out(request, "assignmentRequestApproved"):
            self._past_approval(request, now)

    def _past_approval(self, request: Request, now: datetime) -> None:
        start = request.schedule.start
        if request.type in ADDS and start is not None and start > now:
            request.state, request.status = "scheduled", "PendingNotBefore"
            self._at(start, self._deliver, request.id)
        else:
            self._deliver(request.id, now)

    def _deliver(self, request_id: str, now: datetime) -> None:
        request = self.store.requests.get(request_id)
        if request is None or request.state in ("canceled", "denied"):
            return
        request.state, request.status = "delivering", request_status("delivering")
        if request.type in ADDS and request.assignment_id not in self.store.assignments:
            self._make_assignment(request, now)
        stage = "assignmentRequestRemoved" if request.type in REMOVES else "assignmentRequestGranted"
        if not self._calls_out(request, stage):
            self._await_outcome(request, now)

    def _make_assignment(self, request: Request, now: datetime) -> None:
        policy = self._policy(request)
        start = max(request.schedule.start or now, now)
        schedule = end_of(request.schedule, policy, start, self.switches.is_("stored_expiration", "duration"))
        assignment = Assignment(
            id=request.assignment_id,
            number=self.store.next_number(),
            package_id=request.package_id,
            policy_id=request.policy_id,
            subject_id=request.subject_id,
            state="delivering",
            status="Delivering",
            schedule=self._clamped(schedule, policy, start, now),
            created_by=request.id,
        )
        self.store.add_assignment(assignment)
        self._watch_end(assignment, now)

    def _clamped(self, schedule: Schedule, policy: Policy, start: datetime, now: datetime) -> Schedule:
        """Return the schedule no longer than the policy allows, where the switch says so.

        No end becomes the most that is allowed from the time of processing on, also for an update (recorded).
        """
        end = last_instant(schedule)
        limit = latest_end(policy, start if end is not None else max(start, now))
        if limit is None or not self.switches.is_("end_beyond_policy", "clamp"):
            return schedule
        if end is not None and end <= limit:
            return schedule
        return Schedule(start, Expiration("afterDateTime", end=limit))

    def _await_outcome(self, request: Request, now: datetime) -> None:
        if request.outcome == "limbo":
            return
        wait = self.settings.delivering_seconds
        if request.type in ADDS and self.store.subjects[request.subject_id].object_id is None:
            self._after(now, self.settings.guest_seconds, self._guest_appears, request.id)
            wait = max(wait, self.settings.guest_seconds)
        self._after(now, wait, self._finish, request.id)

    def _guest_appears(self, request_id: str, now: datetime) -> None:
        """Bring an outsider into the directory."""
        request = self.store.requests.get(request_id)
        subject = self.store.subjects[request.subject_id] if request else None
        if subject is None or subject.object_id is not None or subject.email is None:
            return
        guest = guest_of(subject.email, self.store.domain)
        self.store.principals[guest.id] = guest
        subject.object_id = guest.id
        subject.display_name = guest.display_name
        subject.principal_name = guest.principal_name

    def _finish(self, request_id: str, now: datetime) -> None:
        request = self.store.requests.get(request_id)
        if request is None or request.state != "delivering":
            return
        outcome = request.outcome
        if outcome == "limbo":
            return
        if request.type in ADDS:
            self._set_assignment(request, outcome)
        elif outcome == "delivered":
            self._apply(request, now)
        state = "delivered" if outcome == "ignored" else outcome
        self._close(request, state, request_status(state), now)

    def _apply(self, request: Request, now: datetime) -> None:
        assignment = self.store.assignments[request.assignment_id]
        if request.type in REMOVES:
            self._expire(assignment, now)
        elif request.type in UPDATES and request.schedule != Schedule():
            start = request.schedule.start or assignment.schedule.start or now
            if self.switches.is_("update_start", "always_moves"):
                start = max(start, now)
            policy = self._policy(request)
            keep = self.switches.is_("stored_expiration", "duration")
            assignment.schedule = self._clamped(end_of(request.schedule, policy, start, keep), policy, start, now)
            self._watch_end(assignment, now)

    def _set_assignment(self, request: Request, state: str) -> None:
        assignment = self.store.assignments.get(request.assignment_id)
        if assignment is not None and assignment.state != "expired":
            assignment.state, assignment.status = state, state[0].upper() + state[1:]

    def _close(self, request: Request, state: str, status: str, now: datetime) -> None:
        request.state, request.status, request.completed = state, status, now

    def _redelivered(self, assignment_id: str, now: datetime) -> None:
        assignment = self.store.assignments[assignment_id]
        if assignment.state == "delivering":
            assignment.state, assignment.status = "delivered", "Delivered"

    def _watch_end(self, assignment: Assignment, now: datetime) -> None:
        """Let access run out at its end; where that is past, at once, for nothing comes about in the past."""
        end = last_instant(assignment.schedule)
        if end is not None and assignment.state != "expired":
            self._at(max(end, now), self._run_out, assignment.id)

    def _run_out(self, assignment_id: str, now: datetime) -> None:
        """Expire an assignment whose end is now, unless its end has been moved since."""
        assignment = self.store.assignments[assignment_id]
        end = last_instant(assignment.schedule)
        if assignment.state == "expired" or end is None or end > now:
            return
        self._expire(assignment, now)
        request = Request(
            id=self.ids.new(),
            number=self.store.next_number(),
            type="systemRemove",
            state="delivered",
            status=request_status("delivered"),
            created=now,
            package_id=assignment.package_id,
            policy_id=assignment.policy_id,
            subject_id=assignment.subject_id,
            requestor_id=None,
            assignment_id=assignment.id,
            created_by=None,
            completed=now,
        )
        self.store.add_request(request)

    def _expire(self, assignment: Assignment, now: datetime) -> None:
        if assignment.state != "expired":
            assignment.state, assignment.status, assignment.expired = "expired", "ExpiredNotificationTriggered", now


def guest_of(email: str, domain: str) -> Principal:
    """Build the guest user that an outsider becomes in a tenant."""
    name = email.replace("@", "_")
    return Principal(
        id=id_of("user", email.lower()),
        kind="user",
        display_name=email.partition("@")[0],
        principal_name=f"{name}#EXT#@{domain}",
        mail=email,
        user_type="Guest",
        enabled=True,
        given_name=None,
        surname=None,
        manager_id=None,
        roles=(),
    )
