# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Batches side by side: who is sent again and when, how many at once, and when nothing is sent any more."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import GraphError, NotSent, TransportError
from ansible_collections.idgov.entra.plugins.module_utils._graph.batch import (
    Reply,
    send_in_batches,
    side_by_side,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call, Response
from ansible_collections.idgov.entra.plugins.module_utils._http.throttling import Pace
from tests.unit.conftest import StoppedClock

GoesOn = Callable[[Mapping[int, Reply]], bool]
Answer = Callable[[Call, int], Reply]


def reads(count: int) -> list[Call]:
    return [Call("GET", f"/users/{place}") for place in range(count)]


def writes(count: int) -> list[Call]:
    return [Call("POST", f"/requests/{place}") for place in range(count)]


def failure(status: int, retry_after: float | None = None) -> GraphError:
    return GraphError(
        "later",
        status=status,
        code="Busy",
        details=[],
        request_id=None,
        client_request_id=None,
        method="POST",
        url="/requests",
        retry_after=retry_after,
    )


def lost() -> TransportError:
    return TransportError("the connection broke", sent=True)


def done(call: Call, _tries: int) -> Reply:
    return Response(200, call.path)


class Service:
    """Answers batches, each operation by what ``answer`` says of it and of how often it came."""

    def __init__(self, answer: Answer = done) -> None:
        self.batches: list[list[str]] = []
        self.tries: Counter[str] = Counter()
        self._answer = answer
        self._lock = threading.Lock()

    def __call__(self, calls: Sequence[Call]) -> list[Reply]:
        with self._lock:
            self.batches.append([call.path for call in calls])
            self.tries.update(call.path for call in calls)
            tries = dict(self.tries)
        return [self._answer(call, tries[call.path]) for call in calls]


def send(
    calls: Sequence[Call],
    service: Callable[[Sequence[Call]], list[Reply]],
    clock: StoppedClock,
    *,
    most: int = 4,
    goes_on: GoesOn = lambda _final: True,
) -> list[Reply]:
    return send_in_batches(calls, service, pace=Pace(most), clock=clock, retries=3, goes_on=goes_on)


def test_pace_is_halved_at_once_and_recovers_slowly() -> None:
    pace = Pace(8)
    widths = []
    for _dummy in range(5):
        pace.throttled()
        widths.append(pace.width)
    assert widths == [4, 2, 1, 1, 1]
    needed = []
    for _dummy in range(7):
        width, batches = pace.width, 0
        while pace.width == width:
            pace.went_well()
            batches += 1
        needed.append(batches)
    assert needed == [4, 8, 12, 16, 20, 24, 28]
    for _dummy in range(100):
        pace.went_well()
    assert pace.width == 8


def test_one_throttled_batch_starts_the_recovery_anew() -> None:
    pace = Pace(2)
    pace.throttled()
    for _dummy in range(3):
        pace.went_well()
    pace.throttled()
    for _dummy in range(3):
        pace.went_well()
    assert pace.width == 1
    pace.went_well()
    assert pace.width == 2


@pytest.mark.parametrize("most", [1, 4])
@pytest.mark.parametrize("count", [0, 1, 20, 21, 205])
def test_every_call_is_sent_once_and_has_its_outcome_in_order(clock: StoppedClock, count: int, most: int) -> None:
    service = Service()
    replies = send(writes(count), service, clock, most=most)
    assert replies == [Response(200, f"/requests/{place}") for place in range(count)]
    assert set(service.tries.values()) <= {1}
    sizes = [len(batch) for batch in service.batches]
    if most > 1:
        # Several are under way at once, and may come in any order.
        sizes.sort(reverse=True)
    assert sizes == [20] * (count // 20) + [count % 20] * bool(count % 20)
    assert clock.pauses == []


@pytest.mark.parametrize("count", [20, 60])
def test_throttled_calls_alone_are_sent_again_after_the_longest_pause(clock: StoppedClock, count: int) -> None:
    asked = {"/requests/3": 2.5, "/requests/7": 11.0, "/requests/11": 0.0}

    def answer(call: Call, tries: int) -> Reply:
        return failure(429, asked[call.path]) if tries == 1 and call.path in asked else done(call, tries)

    service = Service(answer)
    replies = send(writes(count), service, clock, most=1)
    assert replies == [Response(200, f"/requests/{place}") for place in range(count)]
    assert clock.pauses == [11.0]
    assert {path for path, tries in service.tries.items() if tries > 1} == set(asked)
    # they come before whatever was not sent yet
    assert service.batches[1][:3] == ["/requests/3", "/requests/7", "/requests/11"]


def test_without_a_word_of_graph_the_pauses_grow(clock: StoppedClock) -> None:
    service = Service(lambda call, tries: failure(429) if tries < 4 else done(call, tries))
    assert send(writes(2), service, clock) == [Response(200, "/requests/0"), Response(200, "/requests/1")]
    first, second, third = clock.pauses
    assert 0.25 <= first <= 0.75
    assert 0.5 <= second <= 1.5
    assert 1.0 <= third <= 3.0


def test_what_is_throttled_for_ever_ends_as_throttled(clock: StoppedClock) -> None:
    service = Service(lambda call, tries: failure(429, 1) if call.path == "/requests/1" else done(call, tries))
    replies = send(writes(45), service, clock)
    assert isinstance(replies[1], GraphError)
    assert replies[1].status == 429
    assert service.tries["/requests/1"] == 4
    assert sum(isinstance(reply, Response) for reply in replies) == 44


@pytest.mark.parametrize("reply", [failure(424), failure(500), failure(503), failure(504), lost()])
def test_a_write_that_may_have_been_carried_out_is_not_sent_again(clock: StoppedClock, reply: Reply) -> None:
    service = Service(lambda call, tries: reply if call.path == "/requests/5" else done(call, tries))
    replies = send(writes(45), service, clock)
    assert replies[5] is reply
    assert set(service.tries.values()) == {1}


@pytest.mark.parametrize("reply", [failure(424), failure(500), failure(503), failure(504), lost()])
def test_a_read_is_sent_again_whatever_befell_it(clock: StoppedClock, reply: Reply) -> None:
    service = Service(lambda call, tries: reply if tries == 1 and call.path == "/users/5" else done(call, tries))
    assert send(reads(45), service, clock)[5] == Response(200, "/users/5")
    assert service.tries["/users/5"] == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
def test_what_graph_refuses_is_final(clock: StoppedClock, status: int) -> None:
    service = Service(lambda call, tries: failure(status) if call.path == "/users/5" else done(call, tries))
    replies = send(reads(45), service, clock)
    assert isinstance(replies[5], GraphError)
    assert set(service.tries.values()) == {1}


def test_each_final_outcome_is_told_once(clock: StoppedClock) -> None:
    told: Counter[int] = Counter()

    def goes_on(final: Mapping[int, Reply]) -> bool:
        told.update(final.keys())
        return True

    throttled = {"/requests/3", "/requests/44"}
    service = Service(
        lambda call, tries: failure(429, 1) if tries < 3 and call.path in throttled else done(call, tries)
    )
    send(writes(100), service, clock, goes_on=goes_on)
    assert told == Counter(range(100))


def test_nothing_is_sent_any_more_once_it_does_not_go_on(clock: StoppedClock) -> None:
    service = Service(lambda call, tries: failure(403) if call.path == "/requests/25" else done(call, tries))

    def goes_on(final: Mapping[int, Reply]) -> bool:
        return not any(isinstance(reply, GraphError) for reply in final.values())

    replies = send(writes(100), service, clock, most=1, goes_on=goes_on)
    assert [isinstance(reply, NotSent) for reply in replies] == [False] * 40 + [True] * 60
    assert len(service.batches) == 2


@pytest.mark.parametrize("order", ["throttled last", "throttled first"])
def test_what_was_throttled_is_not_sent_again_once_it_does_not_go_on(clock: StoppedClock, order: str) -> None:
    """Two batches are in flight; one of them ends the sending, and of the other one everything was throttled."""
    refused, throttled = (0, 20) if order == "throttled last" else (20, 0)
    first_is_back = threading.Event()

    def service(calls: Sequence[Call]) -> list[Reply]:
        start = int(calls[0].path.rpartition("/")[2])
        sent.append(start)
        if start == 20:
            # The second one answers once the first one was taken note of.
            assert first_is_back.wait(10)
        return [failure(403) if start == refused else failure(429, 1) for _dummy in calls]

    def goes_on(final: Mapping[int, Reply]) -> bool:
        return not any(isinstance(reply, GraphError) and reply.status == 403 for reply in final.values())

    sent: list[int] = []
    pace = NotingPace(2, first_is_back)
    replies = send_in_batches(writes(60), service, pace=pace, clock=clock, retries=3, goes_on=goes_on)
    assert sorted(sent) == [0, 20]
    assert [type(reply) for reply in replies] == [GraphError] * 40 + [NotSent] * 20
    assert {o.status for o in replies[throttled : throttled + 20] if isinstance(o, GraphError)} == {429}
    assert clock.pauses == []


class NotingPace(Pace):
    """Says when the first batch has come back."""

    def __init__(self, most: int, came_back: threading.Event) -> None:
        super().__init__(most)
        self._came_back = came_back

    def throttled(self) -> None:
        super().throttled()
        self._came_back.set()

    def went_well(self) -> None:
        super().went_well()
        self._came_back.set()


def test_an_interruption_ends_the_sending(clock: StoppedClock) -> None:
    """Ctrl-C and a task's timeout come as exceptions into the thread that waits."""

    def interrupted(final: Mapping[int, Reply]) -> bool:
        raise KeyboardInterrupt

    service = Service()
    with pytest.raises(KeyboardInterrupt):
        send(writes(1000), service, clock, most=2, goes_on=interrupted)
    assert len(service.batches) <= 3


def test_no_more_are_in_flight_than_may_be(clock: StoppedClock) -> None:
    in_flight, highest, lock = 0, 0, threading.Lock()
    together = threading.Barrier(3)

    def service(calls: Sequence[Call]) -> list[Reply]:
        nonlocal in_flight, highest
        with lock:
            in_flight += 1
            highest = max(highest, in_flight)
        together.wait(10)
        with lock:
            in_flight -= 1
        return [Response(200, None) for _dummy in calls]

    send(writes(180), service, clock, most=3)
    assert highest == 3


def test_jobs_give_their_results_in_order_and_raise_what_they_raise() -> None:
    def broken() -> int:
        raise TransportError("no", sent=False)

    assert side_by_side([lambda place=place: place for place in range(50)], Pace(4)) == list(range(50))  # type: ignore[misc]
    assert side_by_side([], Pace(4)) == []
    with pytest.raises(TransportError, match="no"):
        side_by_side([lambda: 1, broken, lambda: 3], Pace(4))
