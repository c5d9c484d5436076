# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an active assignment differs from the desired one: found once, and read by the table, the plan and the body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from ansible_collections.idgov.entra.plugins.module_utils._core.texts import same_id
from ansible_collections.idgov.entra.plugins.module_utils._decide.answers import differing, given_answers, match_answers
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Desired
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Observed
from ansible_collections.idgov.entra.plugins.module_utils._decide.schedules import (
    counted_from,
    for_update,
    is_over,
    same_end,
    same_start,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Answer,
    Assignment,
    Policy,
    Request,
    Schedule,
)


@dataclass(frozen=True)
class Differences:
    """An active assignment held against the desired one at one time.

    Each difference is found when it is first asked for, because what it hangs on may have to be fetched: all raise
    NotRead then, and what compares answers raises OptionError where they do not suit the questions of the policy.
    """

    desired: Desired
    assignment: Assignment
    observed: Observed
    now: datetime

    @cached_property
    def gravest(self) -> str:
        """The gravest difference, as a word of the fact ``differs``; what a graver one makes idle is not looked at."""
        if self.desired.state == "absent":
            return "policy" if self.policy else "nothing"
        if self.schedule is not None and self._will_be_over:
            return "past_end"
        if self.policy and self.desired.handling.on_policy_mismatch != "keep":
            return "policy"
        return "details" if self.schedule is not None or self._answers_differ else "nothing"

    @cached_property
    def policy(self) -> bool:
        """Whether the assignment is under another policy than the desired one."""
        desired, stored = self.desired.policy, self.assignment.policy
        return bool(desired and stored and not same_id(desired.id, stored.id))

    @cached_property
    def schedule(self) -> Schedule | None:
        """The desired schedule, where the stored one is another."""
        desired = self.desired.schedule
        differs = desired is not None and not same_schedule(desired, self.assignment, self.observed, self.now)
        return desired if differs else None

    @cached_property
    def schedule_to_send(self) -> Schedule | None:
        """The schedule that brings the two together; null where they are the same."""
        if self.schedule is None:
            return None
        # Only a duration is counted from the past; an end or a start needs no history.
        starts = duration_starts(self.assignment, self.observed) if self.schedule.duration else []
        return for_update(self.schedule, self.assignment.schedule, starts, self.now)

    @cached_property
    def matched(self) -> tuple[Answer, ...]:
        """The desired answers, each with its question under the policy of the assignment."""
        policy = self.assignment.policy
        return self._matched_under(policy) if policy and self.desired.answers else ()

    @cached_property
    def answers(self) -> tuple[Answer, ...]:
        """Those of the matched answers that are other than what was answered."""
        return differing(self.matched, self.given) if self.matched else ()

    @cached_property
    def given(self) -> dict[str, Answer]:
        """What was answered for this assignment, by the question's id in lower case."""
        return given_answers(assignment_requests(self.assignment, self.observed))

    @cached_property
    def failed_request(self) -> Request | None:
        """The newest request behind a failed or partial delivery."""
        requests = assignment_requests(self.assignment, self.observed)
        return next((r for r in requests if r.state == self.assignment.state), None)

    @property
    def _will_be_over(self) -> bool:
        desired = self.desired.schedule
        if desired is None or desired.duration is None:
            return is_over(desired, self.now)
        starts = [desired.start] if desired.start else duration_starts(self.assignment, self.observed)
        return bool(starts) and is_over(Schedule(starts[0], duration=desired.duration), self.now)

    @property
    def _answers_differ(self) -> bool:
        if not self.desired.answers:
            return False
        given = self.given
        if self.assignment.policy:
            return bool(self.answers)
        # Graph does not show under which policy an open request will give access, only the ids of what it answers.
        known: Sequence[Policy] = (
            [self.desired.policy]
            if self.desired.policy
            else [p for p in self.observed.all_policies() if not p.automatic]
        )
        return all(differing(self._matched_under(policy), given) for policy in known)

    def _matched_under(self, policy: Policy) -> tuple[Answer, ...]:
        return match_answers(self.desired.answers or (), self.observed.policy_in_full(policy.id).questions or ())


def assignment_requests(assignment: Assignment, observed: Observed) -> list[Request]:
    """Return the ended requests of one assignment, newest first; raises NotRead."""
    return [
        request
        for request in observed.past_requests()
        if request.assignment_id is None or same_id(request.assignment_id, assignment.id)
    ]


def duration_starts(assignment: Assignment, observed: Observed) -> list[datetime]:
    """Return the instants from which the assignment's duration may have been counted; raises NotRead."""
    return counted_from(assignment.schedule, assignment_requests(assignment, observed))


def same_schedule(desired: Schedule, assignment: Assignment, observed: Observed, now: datetime) -> bool:
    """Compare a desired schedule with that of an assignment; raises NotRead where its past must be known."""
    stored = assignment.schedule
    if not same_start(desired, stored, now):
        return False
    known = [start for start in (desired.start, stored.start) if start]
    if same_end(desired, stored, known):
        return True
    return desired.duration is not None and same_end(desired, stored, duration_starts(assignment, observed))
