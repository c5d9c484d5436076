# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One reading after the other: what is read when, and which facts are new in it.

Requests are read incrementally: those in open states, those made lately, and by id those that were open before. Their ends
say which assignments to read. Assignments have no date that Graph filters by, so the list of all that have not ended is read
from time to time; those of it that are missing are read by id.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, GraphError, Unreadable
from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant, parse_instant
from ansible_collections.idgov.entra.plugins.module_utils._declare.resolve import Resolver
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    ENDED_STATES,
    OPEN_STATES,
    Assignment,
    Request,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import (
    get_assignment,
    get_whole_request,
    search_assignments,
    search_requests,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.rows import (
    assignment_row_reader,
    lacking,
    read_request_row,
)
from ansible_collections.idgov.entra.plugins.module_utils._events.arguments import Interest
from ansible_collections.idgov.entra.plugins.module_utils._events.facts import (
    ASSIGNMENT_KINDS,
    ENDED,
    FAILED,
    HELD,
    OPEN,
    REQUEST_KINDS,
    Fact,
    Known,
    assignment_facts,
    request_facts,
)
from ansible_collections.idgov.entra.plugins.module_utils._events.state import ASSIGNMENT, REQUEST, State
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient

T = TypeVar("T", Assignment, Request)
# How far each reading of new requests reaches back behind the one before, and how far one does from time to time: rows may
# show late, and clocks differ.
OVERLAP, WIDE_OVERLAP = timedelta(minutes=15), timedelta(days=2)
# How long an end is remembered. Longer than WIDE_OVERLAP, and than the 14 days in which a failed request can be delivered
# again (Graph documentation, "accessPackageAssignmentRequest: reprocess").
KEPT = timedelta(days=16)
# How long an assignment is looked for that a request has changed and that does not show it.
SOUGHT = timedelta(days=1)
_NOT_ENDED = ("delivering", "delivered", "partiallyDelivered", "deliveryFailed")


@dataclass
class Reading:
    """What a reading has found: facts to be told, in the order in which they came about, and what is known after it."""

    facts: list[Fact] = field(default_factory=list)
    changed: dict[str, list[Known]] = field(default_factory=dict)
    progress: dict[str, str] = field(default_factory=dict)

    def add(
        self, what: str, facts: Iterable[Fact], before: Known | None, after: Known, reported: frozenset[str]
    ) -> None:
        """Record facts, of which those of these kinds are reported."""
        self.facts += [fact for fact in facts if fact.kind in reported]
        if after != before:
            self.changed.setdefault(what, []).append(after)


@dataclass(frozen=True)
class Due:
    """An assignment that a request has changed: which phase it shall show, and since when it has been looked for.

    ``granted`` says that it was delivered, as a request tells; it may have ended before anybody looked. Not even before that
    request was done: what was delivered in part, has ended and is delivered again then is done after its end.
    """

    phase: str
    since: datetime
    granted: bool = False

    def or_before(self, other: Due | None) -> Due:
        """Put what another request has done to the same assignment in front."""
        if other is None:
            return self
        return Due(
            ENDED if ENDED in (self.phase, other.phase) else self.phase, self.since, self.granted or other.granted
        )


class Reader:
    """Reads for one source; ``warn`` takes a sentence about a row that cannot be read."""

    def __init__(self, graph: GraphClient, interest: Interest, warn: Callable[[str], None]) -> None:
        self._graph = graph
        self._interest = interest
        self._warn = warn
        self._packages: list[str] | None = None
        self._unreadable: set[str] = set()
        wanted = interest.kinds
        self._reads_assignments = bool(wanted & set(ASSIGNMENT_KINDS))
        self._reads_requests = bool(wanted & {*REQUEST_KINDS, "assignment_granted", "assignment_ended"})

    def readings(self, state: State, now: datetime) -> Iterator[Callable[[], Reading]]:
        """Return what is to be read now, one after the other; each is noted in the state before the next one is read.

        Requests come first, so that a long list holds up nobody; but where neither was read before, the list, so that
        nothing ends in between unseen.
        """
        progress = state.progress()
        asked = _instant(progress.get("asked"))
        listed = _instant(progress.get("listed"))
        latest_whole = listed if self._reads_assignments else _instant(progress.get("asked_wide"))
        whole = latest_whole is None or now - latest_whole >= self._interest.list_interval
        is_scoped = self._interest.packages is not None or self._interest.catalog is not None
        if is_scoped and (self._packages is None or whole):
            # Access packages come and go in a catalog.
            self._packages = self._look_up()
        readings: list[Callable[[], Reading]] = []
        if self._reads_requests:
            readings.append(lambda: self._read_requests(state, now, asked))
        if self._reads_assignments and whole:
            readings.append(lambda: self._read_assignments(state, now, is_first=listed is None))
        is_baseline = listed is None and not self._interest.from_the_beginning
        yield from reversed(readings) if is_baseline else readings

    def _look_up(self) -> list[str]:
        packages, _people = Resolver(self._graph).find(self._interest.packages, self._interest.catalog, ())
        return list(dict.fromkeys(package.id.lower() for package in packages or ()))

    def _read_requests(self, state: State, now: datetime, asked: datetime | None) -> Reading:
        progress = state.progress()
        wide = _instant(progress.get("asked_wide"))
        is_wide = wide is None or now - wide >= self._interest.list_interval
        reading = Reading()
        is_whole = asked is None and self._interest.from_the_beginning
        since = None if is_whole else min(asked or now, now) - (WIDE_OVERLAP if is_wide else OVERLAP)
        rows = self._requests_lately(since)
        rows |= self._requests_by_id(state, rows.keys(), is_wide, reading, now)
        rows = self._in_scope(state, rows)
        reported = frozenset() if asked is None and not self._interest.from_the_beginning else self._interest.kinds
        known = state.known(REQUEST, rows)
        due = _read_due(progress.get("due"))
        for object_id, row in rows.items():
            before = known.get(object_id)
            if before is None and _is_old(row, since):
                continue
            facts, after = request_facts(row, before, now=now, stuck_after=self._interest.stuck_after)
            reading.add(REQUEST, facts, before, after, reported)
            has_moved = before is None or before.phase != after.phase
            if has_moved and asked is not None and self._reads_assignments:
                due |= {key: each.or_before(due.get(key)) for key, each in _due_after(row, now).items()}
        due = self._read_due(state, due, reading, now)
        reading.progress |= {"asked": format_instant(now), "due": _write_due(due)}
        if is_wide:
            reading.progress["asked_wide"] = format_instant(now)
        return _sorted(reading)

    def _requests_lately(self, after: datetime | None) -> dict[str, Request]:
        """Read the open requests, and those made after an instant, in any state."""
        packages: Sequence[str | None] = [None] if self._packages is None else self._packages
        calls = [call for package in packages for call in _request_lists(package, after)]
        # A removal may not show its package; who may read some catalogs only cannot ask for that.
        others = _request_lists(None, after) if self._packages else []
        pages = self._graph.pages_of_all([*calls, *others], may_be_forbidden=others)
        return {_id(row): row for page in pages for row in self._parse(page, _told_request)}

    def _requests_by_id(
        self, state: State, seen: Collection[str], is_wide: bool, reading: Reading, now: datetime
    ) -> dict[str, Request]:
        """Read those that were open and are in no list any more, and now and then those that had failed."""
        phases = (OPEN, FAILED) if is_wide else (OPEN,)
        sought = {known.id: known for known in state.in_phases(REQUEST, *phases) if known.id not in seen}
        found, missing = self._by_id(list(sought), get_whole_request, _told_request)
        reading.changed.setdefault(REQUEST, []).extend(_missed(sought[each], now) for each in missing)
        return found

    def _in_scope(self, state: State, rows: dict[str, Request]) -> dict[str, Request]:
        """Leave out what is about other access packages; a request that does not tell is about its assignment's."""
        if self._packages is None:
            return rows
        silent = {row.assignment_id.lower() for row in rows.values() if row.package is None and row.assignment_id}
        ours = set(state.known(ASSIGNMENT, silent))
        found, _missing = self._by_id(sorted(silent - ours), get_assignment, _assignment_parser())
        packages = set(self._packages)
        ours |= {key for key, row in found.items() if row.package is not None and row.package.id.lower() in packages}
        return {
            key: row
            for key, row in rows.items()
            if (row.package.id.lower() in packages if row.package else (row.assignment_id or "").lower() in ours)
        }

    def _read_due(self, state: State, due: dict[str, Due], reading: Reading, now: datetime) -> dict[str, Due]:
        """Read the assignments that requests have changed; give those that do not show it yet."""
        rows, _missing = self._by_id(list(due), get_assignment, _assignment_parser())
        known = state.known(ASSIGNMENT, rows)
        for object_id, row in rows.items():
            before = known.get(object_id)
            facts, after = assignment_facts(
                row, before, now=now, within=self._interest.within, was_granted=due[object_id].granted
            )
            reading.add(ASSIGNMENT, facts, before, after, self._interest.kinds)
            if due[object_id].phase in ("", after.phase) or after.phase == ENDED:
                del due[object_id]
        return {key: each for key, each in due.items() if now - each.since < SOUGHT}

    def _read_assignments(self, state: State, now: datetime, *, is_first: bool) -> Reading:
        reading, seen = Reading(), set[str]()
        from_the_beginning = is_first and self._interest.from_the_beginning
        reported = frozenset() if is_first and not from_the_beginning else self._interest.kinds
        states = [None] if from_the_beginning else _NOT_ENDED
        packages: Sequence[str | None] = [None] if self._packages is None else self._packages
        parse = _assignment_parser()
        for page in self._graph.pages_of_all(
            [search_assignments(package_id=package, state=each) for package in packages for each in states]
        ):
            rows = {_id(row): row for row in self._parse(page, parse) if _id(row) not in seen and self._is_ours(row)}
            seen |= rows.keys()
            self._compare(state, rows, reading, reported, now, has_past=from_the_beginning)
        sought = {known.id: known for known in state.in_phases(ASSIGNMENT, OPEN, HELD) if known.id not in seen}
        found, missing = self._by_id(list(sought), get_assignment, parse)
        self._compare(state, found, reading, reported, now, has_past=True)
        reading.changed.setdefault(ASSIGNMENT, []).extend(_missed(sought[each], now) for each in missing)
        reading.progress = {"listed": format_instant(now)}
        return _sorted(reading)

    def _compare(
        self,
        state: State,
        rows: Mapping[str, Assignment],
        reading: Reading,
        reported: frozenset[str],
        now: datetime,
        *,
        has_past: bool,
    ) -> None:
        """Record what rows show; past ones among them that nobody has asked for tell nothing."""
        known = state.known(ASSIGNMENT, rows)
        for object_id, row in rows.items():
            before = known.get(object_id)
            if before is None and row.state == "expired" and not has_past:
                continue
            facts, after = assignment_facts(row, before, now=now, within=self._interest.within, was_granted=False)
            reading.add(ASSIGNMENT, facts, before, after, reported)

    def _is_ours(self, row: Assignment) -> bool:
        return self._packages is None or (row.package is not None and row.package.id.lower() in self._packages)

    def _by_id(
        self, ids: Sequence[str], get: Callable[[str], Call], read: Callable[[Mapping[str, Any]], T]
    ) -> tuple[dict[str, T], list[str]]:
        """Read rows by id, and say which are not there; those that cannot be read are neither."""
        found: dict[str, T] = {}
        missing = []
        for object_id, single in zip(ids, self._graph.fetch_objects([get(each) for each in ids]), strict=True):
            if not isinstance(single, EntraError):
                found.update((object_id, row) for row in self._parse([single.body], read))
            elif (isinstance(single, GraphError) and single.status == 404) or (
                self._packages and _is_forbidden(single)
            ):
                missing.append(object_id)
            else:
                raise single
        return found, missing

    def _parse(self, page: Iterable[Mapping[str, Any]], read: Callable[[Mapping[str, Any]], T]) -> Iterator[T]:
        """Read rows; one that cannot be read is left out, and told once."""
        for row in page:
            try:
                yield read(row)
            except Unreadable as fault:
                sentence = f"{row.get('id')} is left out: {fault.message}"
                if sentence not in self._unreadable:
                    self._unreadable.add(sentence)
                    self._warn(sentence)


def _told_request(row: Mapping[str, Any]) -> Request:
    """Read a request; raises Unreadable also where it lacks what would tell."""
    read = read_request_row(row)
    if read.missing:
        raise lacking("request", read.request.id, read.missing)
    return read.request


def _assignment_parser() -> Callable[[Mapping[str, Any]], Assignment]:
    """Return what reads assignments; it raises Unreadable also where one lacks what would tell."""
    parse = assignment_row_reader()

    def parse_complete(row: Mapping[str, Any]) -> Assignment:
        read = parse(row)
        if read.missing:
            raise lacking("assignment", read.assignment.id, read.missing)
        return read.assignment

    return parse_complete


def _is_old(row: Request, since: datetime | None) -> bool:
    """Return whether a request had ended before anybody asked for it: Graph may give more than it was asked for."""
    return since is not None and row.created is not None and row.created <= since and row.state in ENDED_STATES


def _request_lists(package: str | None, after: datetime | None) -> list[Call]:
    """Return the lists in which new requests, and new states of open ones, show; one state a list."""
    if after is None:
        return [search_requests(package_id=package)]
    opened = [search_requests(package_id=package, state=state) for state in OPEN_STATES]
    return [*opened, search_requests(package_id=package, created_after=after.replace(microsecond=0))]


def _due_after(row: Request, now: datetime) -> dict[str, Due]:
    """Return which assignment a request has changed, if it has, and what that shall show."""
    if row.state not in ("delivered", "partiallyDelivered") or row.assignment_id is None:
        return {}
    kind = row.type.lower()
    if kind.endswith("add"):
        return {row.assignment_id.lower(): Due(HELD, now, granted=True)}
    return {row.assignment_id.lower(): Due(ENDED if kind.endswith("remove") else "", now)}


def _missed(known: Known, now: datetime) -> Known:
    """Record that something was not found; it may be a reading that lags behind."""
    return replace(known, gone=known.gone or now)


def _is_forbidden(error: EntraError) -> bool:
    return isinstance(error, GraphError) and error.status == 403


def _sorted(reading: Reading) -> Reading:
    # What has no date is put last, as it came.
    reading.facts.sort(key=lambda fact: (fact.occurred is None, fact.occurred.timestamp() if fact.occurred else 0.0))
    return reading


def _read_due(text: str | None) -> dict[str, Due]:
    return {
        key: Due(phase, parse_instant(since), bool(granted))
        for key, (phase, since, granted) in json.loads(text or "{}").items()
    }


def _write_due(due: Mapping[str, Due]) -> str:
    return json.dumps({key: (each.phase, format_instant(each.since), each.granted) for key, each in due.items()})


def check_progress(progress: Mapping[str, str]) -> None:
    """Raise ValueError, TypeError or AttributeError where what was noted of the readings cannot be read."""
    for name in ("asked", "asked_wide", "listed"):
        _instant(progress.get(name))
    _read_due(progress.get("due"))


def _id(row: Assignment | Request) -> str:
    return (row.id or "").lower()


def _instant(text: str | None) -> datetime | None:
    return parse_instant(text) if text else None
