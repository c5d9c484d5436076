# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One HTTP call to Graph: with a token, with claims challenges answered, and traced in one line."""

from __future__ import annotations

import base64
import binascii
import re
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import SignInError
from ansible_collections.idgov.entra.plugins.module_utils._core.json_text import parse_json
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import PREFER, Call
from ansible_collections.idgov.entra.plugins.module_utils._http.libraries import AuthBase, requests
from ansible_collections.idgov.entra.plugins.module_utils._http.session import HttpSession
from ansible_collections.idgov.entra.plugins.module_utils._signin.tokens import TokenSource

_CLAIMS = re.compile(r'\bclaims="(?P<text>[^"]*)"', re.IGNORECASE)


def demanded_claims(headers: Mapping[str, str]) -> str | None:
    """Return the JSON text of the claims that a 401 asks for, or null; anything unreadable counts as none.

    Microsoft identity platform documentation, "Claims challenges, claims requests and client capabilities".
    """
    low = {name.lower(): value for name, value in headers.items()}
    challenge = low.get("www-authenticate", "")
    found = _CLAIMS.search(challenge)
    if not found or "insufficient_claims" not in challenge:
        return None
    # Both alphabets of base64 are in use, with padding and without.
    plain = found["text"].rstrip("=").replace("-", "+").replace("_", "/")
    try:
        text = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True).decode()
        claims = parse_json(text)
    except (ValueError, binascii.Error):
        return None
    return text if isinstance(claims, dict) else None


# OData writes every name between quotes, and a quote within it twice.
_LITERAL = re.compile(r"'[^']*'")
_LONGEST_ID = 64


def line_of_call(
    call: Call, url: str, *, status: int | None, headers: Mapping[str, str], seconds: float, tries: int = 1
) -> str:
    """Return the line about one HTTP call; ``status`` is null where no answer came, ``url`` is the whole address that was called."""
    reply = "no answer" if status is None else f"{status}{_request_id(headers)}"
    repeated = f", {tries} tries" if tries > 1 else ""
    return f"{call.method} {_shown_url(call, url)} {reply}, {seconds * 1000:.0f} ms{repeated}"


def lines_of_batch(calls: Sequence[Call], answer: Any, base: str) -> list[str]:
    """Return a line about each operation of a batch, in the order in which they were asked; ``answer`` is the body that came."""
    rows = answer.get("responses") if isinstance(answer, Mapping) else None
    listed = rows if isinstance(rows, list) else []
    found = {str(row.get("id")): row for row in listed if isinstance(row, Mapping)}
    return [
        f"  {call.method} {_shown_url(call, f'{base}{call.path}')} {_item_outcome(found.get(str(index)))}"
        for index, call in enumerate(calls)
    ]


def _item_outcome(row: Mapping[str, Any] | None) -> str:
    if row is None or not isinstance(row.get("status"), int):
        return "no answer"
    headers = row.get("headers")
    return f"{row['status']}{_request_id(headers if isinstance(headers, Mapping) else {})}"


def _shown_url(call: Call, url: str) -> str:
    """Return path and query; texts in filters are left out, and so is what a link to the next page holds."""
    parts = urlsplit(url)
    if not parts.path.endswith(call.path):
        return parts.path
    query = "&".join(f"{name}={_LITERAL.sub('...', text)}" for name, text in call.query.items())
    return f"{parts.path}?{query}" if query else parts.path


def _request_id(headers: Mapping[str, str]) -> str:
    """Find the id that Microsoft's support asks for; what comes from outside must not write to a terminal."""
    found = next((str(value) for name, value in headers.items() if name.lower() == "request-id"), "")
    shown = "".join(letter for letter in found if letter.isalnum() or letter == "-")[:_LONGEST_ID]
    return f" {shown}" if shown else ""


class BearerAuth(AuthBase):
    """Puts the token on one call; as an AuthBase it cannot be replaced by what a .netrc says."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Channel:
    """Sends calls, one sign-in for all threads, counts them, and tells ``trace`` of each."""

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
