# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far one item of a task has come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    GraphError,
    OptionError,
    Unreadable,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import (
    Declaration,
    Desired,
    Settings,
    part_of,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Observed
from ansible_collections.idgov.entra.plugins.module_utils._decide.plan import Write
from ansible_collections.idgov.entra.plugins.module_utils._decide.planned import PlannedWrite, is_allowed
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Request


class Phase(Enum):
    """How far an item has come."""

    # decided anew from what is read; also while a request of this task, or of others, is waited for
    DECIDING = "deciding"
    # a request of this task has ended well, or was accepted without being named: the reads are to show it
    DELIVERED = "delivered"
    # a request of this task is not among the open ones any more, and how it ended was not read
    VANISHED = "vanished"
    # another item asks for the same, and this one has nothing of its own to do
    FOLLOWING = "following"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


_DONE = frozenset({Phase.FOLLOWING, Phase.SUCCEEDED, Phase.FAILED})
_TO_BE_SEEN = frozenset({Phase.DELIVERED, Phase.VANISHED})


@dataclass
class Item:
    """One declared assignment on its way, in one phase; only its own methods change it.

    ``done`` once it has ended, well or with ``error``.
    """

    declaration: Declaration
    # the index of the declaration in its list; null for what nobody declared
    index: int | None = 0
    desired: Desired | None = None
    phase: Phase = Phase.DECIDING
    before: Observed = field(default_factory=Observed)
    observed: Observed = field(default_factory=Observed)
    was_read: bool = False
    # whether the observed state was read since the last write
    is_current: bool = False
    writes: list[Write] = field(default_factory=list)
    # whether the writes are those of check mode
    imagined: bool = False
    request: Request | None = None
    warnings: list[str] = field(default_factory=list)
    # what went wrong, as it was raised
    fault: EntraError | None = None
    pending: bool = False
    ended: bool = False
    replaced: bool = False
    # the item that this one follows
    duplicate_of: Item | None = None
    # how often a write was refused or lost, or not yet to be seen, so that reading had to be repeated
    repeats: int = 0
    # the write whose request has ended, in the phases in which the reads are to show what it has brought about
    ended_write: Write | None = None
    # the write that was accepted by an answer that named no request, until the request is found
    unnamed: Write | None = None
    # Graph's word that this caller may not cancel the open request
    cancel_refused: GraphError | None = None
    # what is wrong with the answer to the last write, which was accepted
    unread: Unreadable | None = None
    # a write whose answer was lost, so that nobody knows whether it was carried out
    lost: Write | None = None
    # the writes of the plan that is carried out; null where none is
    planned: tuple[PlannedWrite, ...] | None = None

    @property
    def done(self) -> bool:
        """Return whether nothing more is done for this item."""
        return self.phase in _DONE

    @property
    def delivered(self) -> Step | None:
        """Return the step whose request has ended, as far as is known well, until the reads show it."""
        return self.ended_write.step if self.ended_write and self.phase in _TO_BE_SEEN else None

    @property
    def vanished(self) -> bool:
        """Return whether how the last request ended has to be looked up."""
        return self.phase is Phase.VANISHED

    @property
    def action(self) -> str:
        """Name what was done, in one word of the results."""
        if self.replaced:
            return "replace"
        return self.writes[-1].step.value if self.writes else "none"

    @property
    def error(self) -> EntraError | None:
        """Return what went wrong, and what has become of the access: told from the state in which the item ended."""
        loss = self._loss() if self.fault and not self.imagined else None
        return self.fault.replace(message=f"{loss}: {self.fault.message}") if self.fault and loss else self.fault

    def may_send(self, write: Write) -> bool:
        """Return whether a write may be sent: any, or with a plan each of its writes once."""
        return self.planned is None or is_allowed(write, self.planned, self.writes)

    @property
    def may_have_failed(self) -> bool:
        """Return whether it looks as if the request of this task has ended without delivering."""
        active = self.observed.active
        return self.vanished and active is not None and active.state == "deliveryFailed"

    def follow(self, duplicate_of: Item) -> None:
        """Leave everything to another item that asks for the same."""
        self.duplicate_of, self.phase = duplicate_of, Phase.FOLLOWING

    def share(self) -> None:
        """End as the item has ended that this one follows."""
        if self.duplicate_of is not None:
            self.fault, self.pending, self.ended = (
                self.duplicate_of.error,
                self.duplicate_of.pending,
                self.duplicate_of.ended,
            )

    def see(self, observed: Observed) -> None:
        """Record an observed state that was read anew; the first one is what was before."""
        if not self.was_read:
            self.before, self.was_read = observed, True
        self.observed, self.is_current = observed, True

    def learn(self, observed: Observed) -> None:
        """Know more of the same observed state; what was before the first write is known better, too."""
        self.observed = observed
        if not self.writes:
            self.before = replace(self.before, history=observed.history, policies=observed.policies)

    def assume(self, observed: Observed) -> None:
        """Take what is imagined, in check mode, for what is observed."""
        self.observed = observed

    def accept(self, write: Write, request: Request | None, *, imagined: bool = False) -> None:
        """Record that a write was accepted, or in check mode would be."""
        self._count(write, request, imagined=imagined)
        self.phase = Phase.DECIDING

    def make_room_for(self, desired: Desired) -> None:
        """Record that the accepted removal makes room for what is ``desired`` from now on."""
        self.replaced, self.desired = True, desired

    def await_sight(self, write: Write, fault: Unreadable | None) -> None:
        """Record that the answer to an accepted write does not name its request: that is looked for, and not made again."""
        self.unnamed, self.unread = write, fault
        self.deliver(write)
        self.warn(f"{fault.message}; Graph has accepted the request nevertheless" if fault else None)

    def recognise(self, request: Request) -> Write | None:
        """Return the write that made an open request, where its answer had not named the request; null for another's."""
        write = self.unnamed
        if write is None or write.request.type != request.type:
            return None
        self.unnamed = None
        self.watch(request)
        return write

    def watch(self, request: Request) -> None:
        """Record that a request of this task moves."""
        self.request, self.phase = request, Phase.DECIDING

    def deliver(self, write: Write) -> None:
        """Record that the request of a write has ended well."""
        self.ended_write, self.phase = write, Phase.DELIVERED

    def vanish(self, write: Write) -> None:
        """Record that the request of a write is not open any more: whether it brought what it was to, the reads tell."""
        self.ended_write, self.phase = write, Phase.VANISHED

    def decide_anew(self) -> None:
        """Record that somebody else's request has ended, so that what was to be seen may have changed."""
        self.phase = Phase.DECIDING

    def settle(self, request: Request) -> None:
        """Record the last state of a request of this task."""
        self.request = request

    def repeat(self) -> None:
        """Count that reading or sending has to be repeated."""
        self.repeats += 1

    def lose(self, write: Write | None) -> None:
        """Record that the answer to a write was lost, so that nobody knows whether it was carried out."""
        self.lost = write

    def refuse_cancel(self, error: GraphError) -> None:
        """Record Graph's word that this caller may not cancel the open request."""
        self.cancel_refused = error

    def claim_lost(self) -> None:
        """Count a write whose answer was lost as done where the reads show something else than before it."""
        then, now = self.before, self.observed
        same = (then.assignments, then.open_requests) == (now.assignments, now.open_requests)
        if self.lost is None or self.writes or same:
            return
        self.warn("the answer to a request of this task was lost; Graph shows that it was carried out")
        self._count(self.lost, None)
        # This very reading has shown it.
        self.is_current = True

    def finish(self, *, pending: bool = False, ended: bool = False, seen: Request | None = None) -> None:
        """End well; ``seen`` is the open request that there is, which the results show where this task made none."""
        self.request = (seen if self.unnamed else None) or self.request or seen
        if self.vanished and self.request and self.request.is_moving:
            # What it was to bring about is there, and it is not open any more.
            self.request = replace(self.request, state="delivered", status=None)
        self.pending, self.ended, self.phase = pending, ended, Phase.SUCCEEDED

    def fail(self, error: EntraError, *, seen: Request | None = None) -> None:
        """End with an error; ``seen`` as for ``finish()``."""
        self.request = self.request or seen
        self.fault, self.phase = error, Phase.FAILED

    def _count(self, write: Write, request: Request | None, *, imagined: bool = False) -> None:
        self.writes.append(write)
        self.imagined = imagined
        self.request = request
        self.is_current, self.unread = False, None

    def _loss(self) -> str | None:
        """Return what was taken away to make room for what then failed."""
        if self.replaced and not self.is_current:
            return "Graph has accepted the removal of the old assignment, but whether access remains could not be read"
        if self.replaced and not self._has_access():
            return "the old assignment was removed, access is lost, and the new assignment failed"
        last = self.writes[-1] if self.writes else None
        if last and last.step is Step.CANCEL and self.declaration.state == "present":
            return f"request {last.request.id} was canceled and has not been replaced"
        return None

    def _has_access(self) -> bool:
        """Return whether anything is held: the old assignment, or a new one that has been delivered."""
        active = self.observed.active
        old = {assignment.id for assignment in self.before.assignments}
        return active is not None and (active.id in old or active.state not in ("delivering", "deliveryFailed"))

    @property
    def who(self) -> str:
        """Return the person as far as known, for sentences."""
        return self.desired.person.label if self.desired else self.declaration.person

    def warn(self, sentence: str | None) -> None:
        """Record a warning once."""
        if sentence and sentence not in self.warnings:
            self.warnings.append(sentence)


def mark_duplicates(items: Sequence[Item], caller_id: Callable[[], str | None]) -> None:
    """Let an item follow another one that asks for the same; raises OptionError where two must not be there both.

    Members of groups may be declared more than once in the same words: the first one counts. Anything else that names
    a person and package twice is a mistake. ``caller_id`` tells whom an item means that asks for the signed-in user.
    """
    first: dict[tuple[str, str], Item] = {}
    for item in items:
        if item.desired is None:
            continue
        duplicate_of = first.setdefault(_key(item.desired, caller_id), item)
        if duplicate_of is item:
            continue
        if duplicate_of.desired and not _same(duplicate_of.desired, item.desired):
            raise OptionError(
                f"assignments[{item.index}]",
                f"it contradicts assignments[{duplicate_of.index}], which declares something else for {item.desired.person.label}"
                f" and {_package(item.desired)}",
                hint="declare each person and access package once only",
            )
        if not (item.declaration.members_of or duplicate_of.declaration.members_of):
            raise OptionError(
                f"assignments[{item.index}]",
                f"{item.desired.person.label} and {_package(item.desired)} are in assignments[{duplicate_of.index}] already",
                hint="remove one of them",
            )
        item.follow(duplicate_of)


def _key(desired: Desired, caller_id: Callable[[], str | None]) -> tuple[str, str]:
    person_id = caller_id() if desired.request_as == "self" else desired.person.object_id
    return desired.package.id.lower(), (person_id or desired.person.email or "").lower()


def _same(one: Desired, other: Desired) -> bool:
    policies = {desired.policy.id.lower() if desired.policy else None for desired in (one, other)}
    # By which way the assignment was named makes no difference to what is desired of it.
    asked = {(desired.state, desired.request_as) for desired in (one, other)}
    return len(policies) == len(asked) == 1 and part_of(one, Settings) == part_of(other, Settings)


def _package(desired: Desired) -> str:
    return f"the access package {desired.package.display_name or desired.package.id!r}"
