# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON batching: many operations in one HTTP call (Graph documentation, "Combine multiple HTTP requests")."""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from ansible_collections.idgov.entra.plugins.module_utils._core.clock import Clock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    GraphError,
    NotSent,
    TransportError,
    Unreadable,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import PREFER, Call, Response
from ansible_collections.idgov.entra.plugins.module_utils._graph.errors import error_from
from ansible_collections.idgov.entra.plugins.module_utils._graph.page_size import is_too_large
from ansible_collections.idgov.entra.plugins.module_utils._http.throttling import (
    Pace,
    is_throttled,
    may_be_sent_again,
    pause_after,
)

BATCH_SIZE = 20
BATCH = Call("POST", "/$batch")
_WRITING = frozenset({"POST", "PATCH", "PUT"})
Reply: TypeAlias = "Response | EntraError"


def pack(calls: Sequence[Call]) -> dict[str, Any]:
    """Build the body of one batch; the items' ids are their indexes in ``calls``."""
    return {"requests": [_item(str(index), call) for index, call in enumerate(calls)]}


def unpack(calls: Sequence[Call], answer: Any, *, base: str, request_id: str | None = None) -> list[Reply]:
    """Return each call its own outcome, in the order of ``calls``; the answers may come in any order."""
    responses = answer.get("responses") if isinstance(answer, Mapping) else None
    rows = responses if isinstance(responses, list) else []
    found = {str(row.get("id")): row for row in rows if isinstance(row, Mapping) and _is_status(row.get("status"))}
    return [_reply_of(call, found.get(str(index)), base, request_id) for index, call in enumerate(calls)]


def all_failed(calls: Sequence[Call], error: GraphError | TransportError | Unreadable, *, base: str) -> list[Reply]:
    """Return every call of a batch that failed as a whole an error of its own."""
    return [_own(call, error, base) for call in calls]


def _is_status(value: Any) -> bool:
    """Return whether this is a number; in Python true and false are numbers, too."""
    return isinstance(value, int) and not isinstance(value, bool)


def _item(item_id: str, call: Call) -> dict[str, Any]:
    headers = {**PREFER, **call.headers, "client-request-id": str(uuid.uuid4())}
    item: dict[str, Any] = {"id": item_id, "method": call.method, "url": call.url, "headers": headers}
    if call.body is not None or call.method in _WRITING:
        # One write without a body or its type, and the whole batch is refused (Graph documentation, "Combine multiple
        # HTTP requests using JSON batching": the body can be an empty object).
        headers["Content-Type"] = "application/json"
        item["body"] = call.body or {}
    return item


def _reply_of(call: Call, response: Mapping[str, Any] | None, base: str, request_id: str | None) -> Reply:
    url = f"{base}{call.path}"
    if response is None:
        return TransportError("the response to the batch lacks this operation", method=call.method, url=url, sent=True)
    status, body, headers = response["status"], response.get("body"), response.get("headers")
    low = {str(name).lower(): str(value) for name, value in headers.items()} if isinstance(headers, Mapping) else {}
    if 200 <= status < 300:
        return Response(status, body, low.get("request-id") or request_id)
    return error_from(call, status, low, body, base=base)


def _own(call: Call, error: GraphError | TransportError | Unreadable, base: str) -> EntraError:
    if isinstance(error, Unreadable):
        return error.in_answer(call.method, f"{base}{call.path}", status=error.status, request_id=error.request_id)
    return error.replace(method=call.method, url=f"{base}{call.path}")


T = TypeVar("T")


@dataclass
class _Queue:
    """The indexes of calls that are still to be sent, with what became of the others."""

    calls: Sequence[Call]
    left: deque[int]
    replies: dict[int, Reply] = field(default_factory=dict)
    tries: dict[int, int] = field(default_factory=dict)
    pause: float = 0.0
    ended: bool = False

    def next_batch(self) -> list[int]:
        return [self.left.popleft() for _dummy in range(min(BATCH_SIZE, len(self.left)))]

    def take(self, indexes: Sequence[int], replies: Sequence[Reply], retries: int) -> dict[int, Reply]:
        """Record outcomes; put back what is tried again, and give those that are final, by their indexes."""
        again = []
        for index, reply in zip(indexes, replies, strict=True):
            self.replies[index] = reply
            self.tries[index] = self.tries.get(index, 0) + 1
            call = self.calls[index]
            goes_again = may_be_sent_again(reply, is_read=call.is_read) and not is_too_large(call, reply)
            if goes_again and self.tries[index] <= retries and not self.ended:
                again.append(index)
                self.pause = max(self.pause, pause_after(reply, self.tries[index]))
        self.left.extendleft(reversed(again))
        return {index: self.replies[index] for index in indexes if index not in again}

    def end(self) -> None:
        """Send nothing any more, nor anything again of what is still in flight."""
        self.ended = True
        self.left.clear()


def send_in_batches(
    calls: Sequence[Call],
    send_batch: Callable[[Sequence[Call]], list[Reply]],
    *,
    pace: Pace,
    clock: Clock,
    retries: int,
    goes_on: Callable[[Mapping[int, Reply]], bool],
) -> list[Reply]:
    """Send calls in batches, several at a time, and give each its own outcome, in their order.

    Throttled calls, and reads that failed for a passing reason, are sent again after the longest pause that was asked
    for; meanwhile nothing else is sent. ``goes_on`` is told the final outcomes of each batch by their indexes; once it
    says no, the rest is not sent any more. A call that was not sent has the outcome NotSent. Raises only what ``send_batch`` raises.
    """
    queue = _Queue(calls, deque(range(len(calls))))

    def take(indexes: Sequence[int], replies: Sequence[Reply]) -> None:
        pace.throttled() if any(map(is_throttled, replies)) else pace.went_well()
        final = queue.take(indexes, replies, retries if pace.is_patient else 0)
        if final and not goes_on(final):
            queue.end()

    if len(calls) <= BATCH_SIZE:
        while queue.left:
            indexes = queue.next_batch()
            take(indexes, send_batch([calls[index] for index in indexes]))
            _pause(queue, pace, clock)
    else:
        _dispatch(queue, send_batch, take, pace, clock)
    return [queue.replies.get(index, NotSent()) for index in range(len(calls))]


def side_by_side(jobs: Sequence[Callable[[], T]], pace: Pace) -> list[T]:
    """Do independent jobs, several at a time, and give their results in order; raises what the first of them raises."""
    if len(jobs) < 2:
        return [job() for job in jobs]
    pool = ThreadPoolExecutor(pace.width)
    try:
        return [future.result() for future in [pool.submit(job) for job in jobs]]
    finally:
        # Not waited for: whoever breaks off the task must not wait for answers that nobody reads.
        pool.shutdown(wait=False, cancel_futures=True)


def _dispatch(
    queue: _Queue,
    send_batch: Callable[[Sequence[Call]], list[Reply]],
    take: Callable[[Sequence[int], Sequence[Reply]], None],
    pace: Pace,
    clock: Clock,
) -> None:
    pool = ThreadPoolExecutor(pace.most)
    in_flight: dict[Future[list[Reply]], list[int]] = {}
    try:
        while queue.left or in_flight:
            while queue.left and not queue.pause and len(in_flight) < pace.width:
                indexes = queue.next_batch()
                in_flight[pool.submit(send_batch, [queue.calls[index] for index in indexes])] = indexes
            for done in wait(in_flight, return_when=FIRST_COMPLETED).done if in_flight else ():
                take(in_flight.pop(done), done.result())
            if not in_flight:
                _pause(queue, pace, clock)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _pause(queue: _Queue, pace: Pace, clock: Clock) -> None:
    if queue.left and queue.pause:
        pace.paused += queue.pause
        clock.pause(queue.pause)
    queue.pause = 0.0
