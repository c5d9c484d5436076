# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Graph client: one operation, many operations, and lists with all their pages."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ansible_collections.idgov.entra.plugins.module_utils._core.clock import Clock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, GraphError, TransportError
from ansible_collections.idgov.entra.plugins.module_utils._graph.batch import (
    BATCH,
    BATCH_SIZE,
    Outcome,
    all_failed,
    may_be_sent_again,
    pack,
    unpack,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call, Reply
from ansible_collections.idgov.entra.plugins.module_utils._graph.challenge import demanded_claims
from ansible_collections.idgov.entra.plugins.module_utils._graph.envelope import error_from
from ansible_collections.idgov.entra.plugins.module_utils._http.libraries import AuthBase, requests
from ansible_collections.idgov.entra.plugins.module_utils._http.retry import back_off
from ansible_collections.idgov.entra.plugins.module_utils._http.session import HttpSession
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import Connection
from ansible_collections.idgov.entra.plugins.module_utils._signin.tokens import TokenSource

Page = list[dict[str, Any]]
OutcomeT = TypeVar("OutcomeT", bound=Outcome)


class BearerAuth(AuthBase):
    """Puts the token on one call; as an AuthBase it cannot be replaced by what a .netrc says."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class GraphClient:
    """Talks to one version of Microsoft Graph at one place, and counts what it says."""

    def __init__(
        self, http: HttpSession, connection: Connection, tokens: TokenSource, *, clock: Clock, version: str
    ) -> None:
        self._http = http
        self._root = connection.graph_url
        self._base = f"{connection.graph_url}/{version}"
        self._retries = connection.retries
        self._tokens = tokens
        self._clock = clock
        self.http_calls = 0
        self.operations = 0

    def send(self, call: Call) -> Reply:
        """Send one operation; raises GraphError, TransportError or what signing in raises."""
        self.operations += 1
        return self._exchange(call, f"{self._base}{call.url}")

    def send_all(self, calls: Sequence[Call]) -> list[Outcome]:
        """Send operations together, 20 in one HTTP call, and give each its own outcome, in their order.

        A single one goes as it is. Throttled operations alone are sent again, after the longest pause asked for;
        a write whose answer was lost is not: its outcome says so. Raises only what signing in raises.
        """
        if len(calls) == 1:
            return [self._outcome(calls[0])]
        outcomes: dict[int, Outcome] = {}
        left = list(range(len(calls)))
        tries = 0
        while left:
            tries += 1
            for start in range(0, len(left), BATCH_SIZE):
                places = left[start : start + BATCH_SIZE]
                outcomes.update(zip(places, self._batch([calls[place] for place in places]), strict=True))
            left = [place for place in left if may_be_sent_again(calls[place], outcomes[place])]
            if tries > self._retries:
                break
            if left:
                self._clock.pause(_pause_for([outcomes[place] for place in left], tries))
        return [outcomes[place] for place in range(len(calls))]

    def pages(self, call: Call) -> Iterator[Page]:
        """Read a list page by page, each when it is asked for; raises as C(send())."""
        return self._following(call, self.send(call))

    def read_lists(self, calls: Sequence[Call]) -> list[Page | EntraError]:
        """Read several lists together, each with all its pages; one that fails gives its error.

        What is no list but a single object comes as a list of one.
        """
        return [self._whole_list(call, outcome) for call, outcome in zip(calls, self.send_all(calls), strict=True)]

    def _whole_list(self, call: Call, outcome: Outcome) -> Page | EntraError:
        if isinstance(outcome, EntraError):
            return outcome
        try:
            return [row for page in self._following(call, outcome) for row in page]
        except (GraphError, TransportError) as error:
            return error

    def _following(self, call: Call, reply: Reply) -> Iterator[Page]:
        followed: set[str] = set()
        while True:
            body = reply.body
            rows = body.get("value", [body]) if isinstance(body, dict) else None
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                # Nothing readable must not be taken for nothing there.
                raise self._unreadable(call, "neither a list nor an object")
            yield rows
            link = body.get("@odata.nextLink")
            if not link:
                return
            self._check_link(call, str(link), followed)
            followed.add(str(link))
            self.operations += 1
            reply = self._exchange(call, str(link))

    def _check_link(self, call: Call, link: str, followed: set[str]) -> None:
        """Refuse a link to the next page that leads elsewhere, with the token, or round in a circle."""
        try:
            parts = urlsplit(link)
            origin = f"{parts.scheme}://{parts.netloc}"
        except ValueError:
            origin = "an unreadable address"
        if origin.lower() != self._root.lower() or link in followed:
            why = "round in a circle" if link in followed else f"to {origin} instead of {self._root}"
            raise TransportError(
                f"the link to the next page leads {why} and is not followed",
                method=call.method,
                url=f"{self._base}{call.path}",
                sent=True,
            )

    def _outcome(self, call: Call) -> Outcome:
        try:
            return self.send(call)
        except (GraphError, TransportError) as error:
            return error

    def _batch(self, calls: Sequence[Call]) -> list[Outcome]:
        self.operations += len(calls)
        batch = Call(BATCH.method, BATCH.path, body=pack(calls))
        try:
            response = self._request(batch, f"{self._base}{batch.url}")
            content = self._content(batch, response)
            if isinstance(content, dict) and "responses" in content:
                # Also where the whole says 424, as it may when one of its operations was throttled.
                return [self._explained(outcome) for outcome in unpack(calls, content, base=self._base)]
            self._reply(batch, response)
        except (GraphError, TransportError) as error:
            return all_failed(calls, error, base=self._base)
        return unpack(calls, None, base=self._base)

    def _exchange(self, call: Call, url: str) -> Reply:
        return self._reply(call, self._request(call, url))

    def _request(self, call: Call, url: str) -> requests.Response:
        """Send a call; where the token has expired or was revoked meanwhile, sign in again and send it once more."""
        response = self._send_once(call, url)
        if response.status_code == 401 and self._tokens.renew(demanded_claims(response.headers)):
            response = self._send_once(call, url)
        return response

    def _send_once(self, call: Call, url: str) -> requests.Response:
        self.http_calls += 1
        body: dict[str, Any] = {} if call.body is None else {"json": call.body}
        return self._http.request(
            call.method,
            url,
            headers={"Accept": "application/json", "client-request-id": str(uuid.uuid4())},
            auth=BearerAuth(self._tokens.token()),
            **body,
        )

    def _reply(self, call: Call, response: requests.Response) -> Reply:
        content = self._content(call, response)
        if 200 <= response.status_code < 300:
            return Reply(response.status_code, content)
        raise self._explained(error_from(call, response.status_code, response.headers, content, base=self._base))

    def _explained(self, outcome: OutcomeT) -> OutcomeT:
        """Say with a refusal what this kind of token can never do."""
        if isinstance(outcome, GraphError) and outcome.status == 403 and self._tokens.shortcoming:
            outcome.hint = "; ".join(filter(None, (self._tokens.shortcoming, outcome.hint)))
        return outcome

    def _content(self, call: Call, response: requests.Response) -> Any:
        if not response.content:
            return None
        try:
            return json.loads(response.content)
        except ValueError:
            if response.status_code >= 300:
                return None
            raise self._unreadable(call, "not JSON") from None

    def _unreadable(self, call: Call, what: str) -> TransportError:
        return TransportError(
            f"{urlsplit(self._root).netloc} answered with something that is {what}",
            method=call.method,
            url=f"{self._base}{call.path}",
            sent=True,
            hint="check graph_url and proxy: something other than Microsoft Graph may have answered",
        )


def _pause_for(outcomes: Sequence[Outcome], tries: int) -> float:
    asked = [o.retry_after for o in outcomes if isinstance(o, GraphError) and o.retry_after is not None]
    return max(asked) if asked else back_off(tries)
