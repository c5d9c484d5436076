# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is there for one person and package: read once, then only looked at and, in check mode, imagined further."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from ansible_collections.idgov.entra.plugins.module_utils._core.texts import same_id
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Assignment, Policy, Request

# Which of several assignments counts: what gives access before what may, the past last.
_RANK = {"delivered": 0, "partiallyDelivered": 1, "delivering": 2, "deliveryFailed": 3, "expired": 9}
_UNKNOWN_RANK = 4


class NotRead(Exception):
    """Deciding needs something that was not read yet: ``history``, ``conflicts``, ``policies``, or the ``questions`` of one."""

    def __init__(self, what: str, policy_id: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.policy_id = policy_id


@dataclass(frozen=True)
class Conflicts:
    """What the person holds of that which is declared incompatible with the package, in words.

    ``unread`` names what the caller may not read, so that nothing is known of it.
    """

    held: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class Observed:
    """What is known of one person and package.

    ``policies`` are the package's, as far as they were read (``policies_read``); ``history`` are the ended requests, newest first, ``conflicts`` what is
    incompatible; null where they were not read.
    """

    assignments: tuple[Assignment, ...] = ()
    open_requests: tuple[Request, ...] = ()
    policies: tuple[Policy, ...] = ()
    history: tuple[Request, ...] | None = None
    conflicts: Conflicts | None = None
    policies_read: bool = True

    @cached_property
    def current(self) -> Assignment | None:
        """The assignment that counts now, or the newest of the past ones."""
        ranked = sorted(self.assignments, key=_age, reverse=True)
        return min(ranked, key=lambda a: _RANK.get(a.state, _UNKNOWN_RANK), default=None)

    @cached_property
    def active(self) -> Assignment | None:
        """The assignment that counts now; null where there are only past ones."""
        current = self.current
        return None if current is None or current.state == "expired" else current

    @cached_property
    def open_request(self) -> Request | None:
        """The open request that matters: Graph allows one for each person and package, the newest wins."""
        return max(self.open_requests, key=lambda r: r.created.timestamp() if r.created else 0.0, default=None)

    def past_requests(self) -> tuple[Request, ...]:
        """The ended requests of this person and package, newest first; raises NotRead."""
        if self.history is None:
            raise NotRead("history")
        return self.history

    def known_conflicts(self) -> Conflicts:
        """What is incompatible with the package; raises NotRead."""
        if self.conflicts is None:
            raise NotRead("conflicts")
        return self.conflicts

    def all_policies(self) -> tuple[Policy, ...]:
        """The policies of the package under which the caller may ask; raises NotRead."""
        if not self.policies_read:
            raise NotRead("policies")
        return self.policies

    def policy_in_full(self, policy_id: str) -> Policy:
        """One of the package's policies with its questions; raises NotRead."""
        for policy in self.policies:
            if same_id(policy.id, policy_id) and policy.questions is not None:
                return policy
        raise NotRead("questions", policy_id)

    def is_by_rule(self, policy: Policy | None) -> bool:
        """Return whether the policy of an assignment assigns by a rule; raises NotRead.

        The package's policies tell, or the policy by its id: what is nested in an assignment need not be all of it.
        """
        if policy is None or policy.automatic:
            return policy is not None
        known = next((p for p in self.policies if same_id(p.id, policy.id)), None)
        if known is None or (known.automatic is None and known.questions is None):
            raise NotRead("questions", policy.id)
        return bool(known.automatic)

    def with_policy(self, full: Policy) -> Observed:
        """Know one more policy, or know more of it."""
        others = tuple(p for p in self.policies if not same_id(p.id, full.id))
        return replace(self, policies=(*others, full))


def _age(assignment: Assignment) -> float:
    moment = assignment.expired or assignment.schedule.end or assignment.schedule.start
    return moment.timestamp() if moment else 0.0
