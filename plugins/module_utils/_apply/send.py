# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Doing: sends writes, each of them once, and says what became of it. Never repeats, never decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    GraphError,
    TransportError,
    Unreadable,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.plan import Write
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Request
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.parse import read_accepted
from ansible_collections.idgov.entra.plugins.module_utils._graph.batch import Reply
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._graph.errors import (
    is_gone,
    is_held,
    is_unknown_object,
    open_request_exists,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.page import parse_reply

# What only Graph answers to a write, and only once it has accepted it: anything else may answer 200.
_ACCEPTED = (201, 202, 204)


@dataclass(frozen=True)
class Sent:
    """What became of one write: accepted, with its request; or an error.

    ``unknown_person`` is true where Graph does not know the person of an add: package and policy were just read.
    ``unsure`` is true where reading again must tell what happened: somebody was faster, reads lag behind, or the
    answer was lost after the write may have been carried out.
    ``unread`` is what is wrong with the answer to a write that was accepted; its request then has no id.
    ``forbidden`` is Graph's word that the caller may not cancel: what else can be done is decided anew.
    """

    request: Request | None = None
    error: EntraError | None = None
    unsure: bool = False
    unknown_person: bool = False
    forbidden: GraphError | None = None
    unread: Unreadable | None = None

    @property
    def is_failure(self) -> bool:
        """Return whether the write was refused for good."""
        decided_anew = self.unsure or self.unknown_person or self.forbidden is not None
        return self.error is not None and not decided_anew

    @property
    def is_lost(self) -> bool:
        """Return whether the write may have been carried out although no answer came."""
        return self.unsure and not (isinstance(self.error, GraphError) and self.error.status < 500)


def send_writes(
    graph: GraphClient, writes: Sequence[Write], goes_on: Callable[[Mapping[int, Sent]], bool] = lambda sent: True
) -> list[Sent]:
    """Send writes together; raises only what signing in raises.

    ``goes_on`` is told what became of each handful of them, by their indexes, and may end the sending.
    """

    def heed(replies: Mapping[int, Reply]) -> bool:
        return goes_on({index: _sent(writes[index], reply) for index, reply in replies.items()})

    replies = graph.send_all([write.call for write in writes], goes_on=heed)
    return [_sent(write, reply) for write, reply in zip(writes, replies, strict=True)]


def _sent(write: Write, reply: Reply) -> Sent:
    if isinstance(reply, GraphError) and reply.status == 403 and write.step is Step.CANCEL:
        return Sent(error=reply, forbidden=reply)
    if isinstance(reply, Unreadable) and reply.status in _ACCEPTED:
        return Sent(_unnamed(write), unread=reply)
    if isinstance(reply, EntraError):
        unsure = _is_unsure(write, reply) or _has_moved_on(write, reply)
        return Sent(error=reply, unsure=unsure, unknown_person=not unsure and _is_unknown(write, reply))
    if write.step in (Step.CANCEL, Step.RESUME, Step.DELETE):
        return Sent(write.request)
    if write.step is Step.REPROCESS:
        # Accepted without a body; the request is the old one, delivering again.
        return Sent(replace(write.request, state="delivering"))
    try:
        made = parse_reply(write.call, reply if reply.body is not None else replace(reply, body={}), read_accepted)
    except Unreadable as fault:
        return Sent(_unnamed(write), unread=fault)
    return Sent(replace(write.request, id=made.id, state=made.state or "submitted", status=made.status))


def _unnamed(write: Write) -> Request:
    return replace(write.request, id=None, state="submitted")


def _is_unknown(write: Write, error: EntraError) -> bool:
    return write.step is Step.ADD and is_unknown_object(error)


def _has_moved_on(write: Write, error: EntraError) -> bool:
    """A request that does not take what is done to it is no longer where it was read to be."""
    touches = (Step.CANCEL, Step.REPROCESS, Step.RESUME, Step.DELETE)
    return write.step in touches and isinstance(error, GraphError) and error.status in (400, 404, 409)


def _is_unsure(write: Write, error: EntraError) -> bool:
    if isinstance(error, TransportError):
        return error.sent
    if isinstance(error, Unreadable):
        # Something other than Graph may have answered.
        return True
    if not isinstance(error, GraphError):
        return False
    # Whatever its code: any conflict of an add means that the person has it or is getting it.
    raced = write.step is Step.ADD and (error.status == 409 or is_held(error))
    raced = raced or (write.step in (Step.REMOVE, Step.UPDATE) and is_gone(error))
    # What a dependency of Graph's own failed (424) was not carried out, but why is not known.
    return raced or open_request_exists(error) or error.status == 424 or error.status >= 500
