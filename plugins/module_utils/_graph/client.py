# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Graph client: one operation, many operations, and lists with all their pages."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ansible_collections.idgov.entra.plugins.module_utils._core.clock import Clock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    GraphError,
    SignInError,
    TransportError,
    Unreadable,
)
from ansible_collections.idgov.entra.plugins.module_utils._core.json_text import TooDeep, parse_json
from ansible_collections.idgov.entra.plugins.module_utils._graph.batch import (
    BATCH,
    BATCH_SIZE,
    Reply,
    all_failed,
    pack,
    send_in_batches,
    side_by_side,
    unpack,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import PLAIN, Call, Dialect, Response
from ansible_collections.idgov.entra.plugins.module_utils._graph.channel import Channel, lines_of_batch
from ansible_collections.idgov.entra.plugins.module_utils._graph.errors import error_from
from ansible_collections.idgov.entra.plugins.module_utils._graph.members import as_object, children, text
from ansible_collections.idgov.entra.plugins.module_utils._graph.page import Answered, Page, Single
from ansible_collections.idgov.entra.plugins.module_utils._graph.page_size import PageSizes, smaller_pages
from ansible_collections.idgov.entra.plugins.module_utils._http.libraries import requests
from ansible_collections.idgov.entra.plugins.module_utils._http.session import HttpSession
from ansible_collections.idgov.entra.plugins.module_utils._http.throttling import Pace
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import Connection
from ansible_collections.idgov.entra.plugins.module_utils._signin.tokens import TokenSource

# More than the largest tenant has; a server that never ends a list must not hold a task for ever.
MOST_PAGES = 100_000
ReplyT = TypeVar("ReplyT", bound=Reply)


class GraphClient:
    """Talks to one version of Microsoft Graph at one address, and counts the calls."""

    def __init__(
        self,
        http: HttpSession,
        connection: Connection,
        tokens: TokenSource,
        *,
        clock: Clock,
        version: str,
        concurrency: int = 1,
        dialect: Dialect = PLAIN,
        trace: Callable[[str], None] = lambda line: None,
    ) -> None:
        """Send nothing yet; ``concurrency`` is how many HTTP calls may be in flight at most.

        ``trace`` is told of each call and each operation in a batch, in one line, from any thread.
        """
        self._channel = Channel(http, tokens, trace)
        self._trace = trace
        # What is throttled in a batch tells how many batches may be in flight.
        http.pass_on_throttling(f"{connection.graph_url}/{version}{BATCH.path}")
        self._root = connection.graph_url
        self._base = f"{connection.graph_url}/{version}"
        self._retries = connection.retries
        self._clock = clock
        self._pace = Pace(concurrency)
        self._dialect = dialect
        self._page_sizes = PageSizes(clock)
        self._answered = False

    @property
    def http_calls(self) -> int:
        """How many HTTP calls were made."""
        return self._channel.http_calls

    @property
    def operations(self) -> int:
        """How many operations these calls carried: a batch of 20 counts as 20."""
        return self._channel.operations

    @property
    def date(self) -> str | None:
        """Graph's own time at its latest answer, as the header ``Date`` tells it."""
        return self._channel.date

    def send(self, call: Call) -> Response:
        """Send one operation, in its second way where Graph refuses the first.

        Raises GraphError, TransportError or what signing in raises.
        """
        translated = self._dialect.call(call)
        try:
            return self._exchange(translated, f"{self._base}{translated.url}")
        except GraphError as error:
            if call.otherwise is None or error.status != 400:
                raise
        response = self.send(call.otherwise)
        return replace(response, asked=response.asked or call.otherwise)

    def send_all(
        self, calls: Sequence[Call], *, goes_on: Callable[[Mapping[int, Reply]], bool] = lambda replies: True
    ) -> list[Reply]:
        """Send operations together, 20 in one HTTP call, several calls at a time; each has its own outcome, in order.

        A single one goes as it is. Throttled operations alone are sent again, after the longest pause asked for;
        a write whose answer was lost is not: its outcome says so. ``goes_on`` is told the final outcomes of each
        HTTP call, by their indexes, and may end the sending. Raises only what signing in raises.
        """
        if len(calls) == 1:
            reply = self._reply_of(calls[0])
            goes_on({0: reply})
            return [reply]
        replies = send_in_batches(
            calls, self._batch, pace=self._pace, clock=self._clock, retries=self._retries, goes_on=goes_on
        )
        return self._otherwise(calls, replies)

    def _otherwise(self, calls: Sequence[Call], replies: list[Reply]) -> list[Reply]:
        """Ask in its second way what was refused in its first."""
        ways = {
            index: call.otherwise
            for index, (call, reply) in enumerate(zip(calls, replies, strict=True))
            if call.otherwise and isinstance(reply, GraphError) and reply.status == 400
        }
        for index, reply in zip(ways, self.send_all(list(ways.values())) if ways else (), strict=True):
            if isinstance(reply, Response):
                reply = replace(reply, asked=reply.asked or ways[index])
            replies[index] = reply
        return replies

    def pages(self, call: Call) -> Iterator[Page]:
        """Read a list page by page, each when it is asked for; raises as ``send()``.

        A row may come twice, where Graph moved it meanwhile or the list had to be read anew in smaller pages.
        """
        return self._pages(self._page_sizes.ask(call))

    def pages_of_all(self, calls: Sequence[Call], *, may_be_forbidden: Sequence[Call] = ()) -> Iterator[Page]:
        """Read several lists, the first pages together, each list to its end; no page is held once it was given.

        One that ``may_be_forbidden`` is passed over where it is. A row may come twice, as from ``pages()``. Raises as ``send()``, for the first that fails.
        """
        for start in range(0, len(calls), BATCH_SIZE):
            some = calls[start : start + BATCH_SIZE]
            replies = self._first_pages([self._page_sizes.ask(call) for call in some])
            for index, call in enumerate(some):
                # Taken out, so that a page is gone once it was read.
                (asked, reply), replies[index] = replies[index], (call, Response(0, None))
                if call in may_be_forbidden and isinstance(reply, GraphError) and reply.status == 403:
                    continue
                if isinstance(reply, EntraError):
                    raise reply
                yield from self._following(asked, reply)

    def fetch_lists(self, calls: Sequence[Call]) -> list[Page | EntraError]:
        """Read several lists together, each with all its pages; one that fails gives its error."""
        return self.fetch(calls, ())[0]

    def fetch_objects(self, calls: Sequence[Call]) -> list[Single | EntraError]:
        """Read several single objects together; one that fails gives its error."""
        return self.fetch((), calls)[1]

    def fetch(
        self, lists: Sequence[Call], objects: Sequence[Call]
    ) -> tuple[list[Page | EntraError], list[Single | EntraError]]:
        """Read lists, each with all its pages, and single objects together; one that fails gives its error."""
        replies = self._first_pages([self._page_sizes.ask(call) for call in (*lists, *objects)])
        jobs = [functools.partial(self._whole_list, *page) for page in replies[: len(lists)]]
        singles = [self._single(asked, reply) for asked, reply in replies[len(lists) :]]
        return side_by_side(jobs, self._pace), singles

    def _single(self, asked: Call, reply: Reply) -> Single | EntraError:
        if isinstance(reply, EntraError):
            return reply
        call = reply.asked or asked
        answered = Answered(call.method, f"{self._base}{call.path}", reply.status, reply.request_id, of_object=True)
        try:
            return Single(dict(as_object(reply.body)), answered)
        except Unreadable as error:
            return answered.fault(error, 0)

    def _pages(self, asked: Call) -> Iterator[Page]:
        ((asked, reply),) = self._first_pages([asked])
        if isinstance(reply, EntraError):
            raise reply
        return self._following(asked, reply)

    def _first_pages(self, asked: Sequence[Call]) -> list[tuple[Call, Reply]]:
        """Return the first page of each list with the call that was answered; where a page was too large, a smaller one."""
        found = list(zip(asked, self.send_all(asked), strict=True))
        smaller = {index: call for index, refused in enumerate(found) if (call := smaller_pages(*refused))}
        if smaller:
            self._pause(*(found[index][1] for index in smaller))
            for index, page in zip(smaller, self._first_pages(list(smaller.values())), strict=True):
                found[index] = page
        for call, reply in found:
            if isinstance(reply, Response):
                self._page_sizes.learn(call)
        return found

    def _pause(self, *replies: Reply) -> None:
        """Let the longest time pass for which an answer asks."""
        seconds = max(reply.retry_after or 0.0 for reply in replies if isinstance(reply, GraphError))
        if seconds:
            self._clock.pause(seconds)

    def _whole_list(self, asked: Call, reply: Reply) -> Page | EntraError:
        if isinstance(reply, EntraError):
            return reply
        try:
            whole = Page()
            for page in self._following(asked, reply):
                whole.add(page)
            return whole.once()
        except (GraphError, TransportError, Unreadable) as error:
            return error
        except SignInError as error:
            return self._later(error)

    def _following(self, asked: Call, response: Response) -> Iterator[Page]:
        """Follow the links of a list; where a page turns out to be too large, from its start in smaller ones."""
        followed: set[str] = set()
        asked = response.asked or asked
        while True:
            page, link = self._page(asked, response)
            yield page
            if not link:
                return
            self._check_link(asked, link, followed)
            if len(followed) + 1 >= MOST_PAGES:
                raise Unreadable(f"is a list of more than {MOST_PAGES:,} pages").in_answer(
                    asked.method, f"{self._base}{asked.path}", status=response.status, request_id=response.request_id
                )
            followed.add(link)
            try:
                response = self._exchange(asked, link)
            except GraphError as error:
                smaller = smaller_pages(asked, error)
                if smaller is None:
                    raise
                self._pause(error)
                yield from self._pages(smaller)
                return

    def _page(self, call: Call, response: Response) -> tuple[Page, str | None]:
        """Return the rows of an answer and the link to the next ones: nothing readable is not nothing there."""
        body = response.body
        answered = Answered(call.method, f"{self._base}{call.path}", response.status, response.request_id)
        try:
            rows = children(as_object(body), "value", dict)
            if rows is None:
                raise Unreadable("is missing", member="value")
            return Page(rows, answered), text(body, "@odata.nextLink") or None
        except Unreadable as error:
            raise error.in_answer(
                call.method, answered.url, status=response.status, request_id=response.request_id
            ) from None

    def _check_link(self, call: Call, link: str, followed: set[str]) -> None:
        """Refuse a link to the next page that leads elsewhere, with the token, or round in a circle."""
        try:
            parts = urlsplit(link)
            origin = f"{parts.scheme}://{parts.netloc}"
        except ValueError:
            origin = "to an invalid URL"
        if origin.lower() != self._root.lower() or link in followed:
            why = "back to an earlier page" if link in followed else f"to {origin} instead of {self._root}"
            raise TransportError(
                f"the link to the next page leads {why} and was not followed",
                method=call.method,
                url=f"{self._base}{call.path}",
                sent=True,
            )

    def _reply_of(self, call: Call) -> Reply:
        try:
            return self.send(call)
        except (GraphError, TransportError, Unreadable) as error:
            return error
        except SignInError as error:
            return self._later(error)

    def _later(self, error: SignInError) -> SignInError:
        """Return a sign-in that failed in the midst of the work as an outcome: what was done before must not be lost."""
        if not self._answered:
            raise error
        return error

    def _batch(self, calls: Sequence[Call]) -> list[Reply]:
        """Send a batch; its calls and answers go through the dialect like those that travel alone."""
        translated = [self._dialect.call(call) for call in calls]
        replies = self._translated_batch(translated)
        if replies is None:
            return [self._reply_of(call) for call in calls]
        answered = zip(translated, replies, strict=True)
        return [self._understood(call, o) if isinstance(o, Response) else o for call, o in answered]

    def _translated_batch(self, calls: Sequence[Call]) -> list[Reply] | None:
        """Return what became of each call; null where the batch was refused as a whole, so that none was carried out.

        One item that Graph does not take spoils a batch (Graph documentation, "Combine multiple HTTP requests").
        """
        batch = Call(BATCH.method, BATCH.path, body=pack(calls))
        try:
            response = self._channel.request(batch, f"{self._base}{batch.url}", operations=len(calls))
            content = self._content(batch, response)
            if isinstance(content, dict) and "responses" in content:
                self._answered = True
                for line in lines_of_batch(calls, content, self._base):
                    self._trace(line)
                # Also where the whole says 424, as it may when one of its operations was throttled.
                return [
                    self._explained(o)
                    for o in unpack(calls, content, base=self._base, request_id=_request_id(response))
                ]
            if response.status_code == 400:
                return None
            self._response(batch, response)
        except (GraphError, TransportError, Unreadable) as error:
            return all_failed(calls, error, base=self._base)
        except SignInError as error:
            return [self._later(error) for _dummy in calls]
        return unpack(calls, None, base=self._base)

    def _exchange(self, call: Call, url: str) -> Response:
        return self._response(call, self._channel.request(call, url))

    def _response(self, call: Call, response: requests.Response) -> Response:
        content = self._content(call, response)
        if 200 <= response.status_code < 300:
            self._answered = True
            return self._understood(call, Response(response.status_code, content, _request_id(response)))
        raise self._explained(error_from(call, response.status_code, response.headers, content, base=self._base))

    def _explained(self, reply: ReplyT) -> ReplyT:
        """Add to a refusal what this kind of token can never do."""
        shortcoming = self._channel.shortcoming
        if isinstance(reply, GraphError) and reply.status == 403 and shortcoming:
            return reply.replace(hint="; ".join(filter(None, (shortcoming, reply.hint))))
        return reply

    def _understood(self, call: Call, response: Response) -> Response:
        return replace(response, body=self._dialect.answer(call, response.body))

    def _content(self, call: Call, response: requests.Response) -> Any:
        if not response.content:
            return None
        try:
            return parse_json(response.content)
        except ValueError as error:
            if response.status_code >= 300:
                return None
            what = "is nested deeper than 64 levels" if isinstance(error, TooDeep) else "is not JSON"
            raise self._odd(call, response, what) from None

    def _odd(self, call: Call, response: requests.Response, what: str) -> Unreadable:
        return Unreadable(
            what,
            method=call.method,
            url=f"{self._base}{call.path}",
            status=response.status_code,
            request_id=_request_id(response),
            hint="check graph_url and proxy: something other than Microsoft Graph may have answered",
        )


def _request_id(response: requests.Response) -> str | None:
    return response.headers.get("request-id")
