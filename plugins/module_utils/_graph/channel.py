# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One HTTP call to Graph with the token on it, from any thread."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import SignInError
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import PREFER, Call
from ansible_collections.idgov.entra.plugins.module_utils._graph.challenge import demanded_claims
from ansible_collections.idgov.entra.plugins.module_utils._graph.trace import line_of_call
from ansible_collections.idgov.entra.plugins.module_utils._http.libraries import AuthBase, requests
from ansible_collections.idgov.entra.plugins.module_utils._http.session import HttpSession
from ansible_collections.idgov.entra.plugins.module_utils._signin.tokens import TokenSource


class BearerAuth(AuthBase):
    """Puts the token on one call; as an AuthBase it cannot be replaced by what a .netrc says."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Channel:
    """Sends calls, one sign-in for all threads, counts them, and tells C(trace) of each."""

    def __init__(self, http: HttpSession, tokens: TokenSource, trace: Callable[[str], None]) -> None:
        self._http = http
        self._tokens = tokens
        self._trace = trace
        self._lock = threading.Lock()
        self._refused: SignInError | None = None
        self.http_calls = 0
        self.date: str | None = None
        self.operations = 0

    def request(self, call: Call, url: str, *, operations: int = 1) -> requests.Response:
        """Send a call that stands for so many operations.

        Where the token has expired or was revoked meanwhile, sign in again and send it once more.

        Raises TransportError and what signing in raises.
        """
        token = self._token()
        response = self._send(call, url, token, operations)
        if response.status_code == 401 and self._renew(token, demanded_claims(response.headers)):
            response = self._send(call, url, self._token(), operations)
        return response

    @property
    def shortcoming(self) -> str | None:
        """What a token of this kind can never do, for the hint of a refusal; null where nothing is known."""
        return self._tokens.shortcoming

    def _token(self) -> str:
        with self._lock:
            if self._refused is not None:
                # Threads behind the one that was refused must not ask again and again.
                raise self._refused
            try:
                return self._tokens.token()
            except SignInError as error:
                self._refused = error
                raise

    def _renew(self, token: str, claims: str | None) -> bool:
        """Get rid of a token that Graph does not accept any more, unless another thread was faster."""
        if self._token() != token:
            return True
        with self._lock:
            return self._tokens.renew(claims)

    def _send(self, call: Call, url: str, token: str, operations: int) -> requests.Response:
        with self._lock:
            self.http_calls += 1
            self.operations += operations
        body: dict[str, Any] = {} if call.body is None else {"json": call.body}
        started = time.monotonic()
        response: requests.Response | None = None
        try:
            response = self._http.request(
                call.method,
                url,
                headers={
                    **PREFER,
                    **call.headers,
                    "Accept": "application/json",
                    "client-request-id": str(uuid.uuid4()),
                },
                auth=BearerAuth(token),
                **body,
            )
            return response
        finally:
            self._tell(call, url, response, time.monotonic() - started)

    def _tell(self, call: Call, url: str, response: requests.Response | None, seconds: float) -> None:
        if response is None:
            self._trace(line_of_call(call, url, status=None, headers={}, seconds=seconds))
            return
        self.date = response.headers.get("Date")
        # urllib3 repeats by itself, and keeps account of it.
        tries = 1 + len(getattr(response.raw.retries, "history", ()))
        headers = response.headers
        self._trace(line_of_call(call, url, status=response.status_code, headers=headers, seconds=seconds, tries=tries))
