# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Getting an access token for Graph, once and only when the first call needs it."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    MissingLibrary,
    SignInError,
    TransportError,
)
from ansible_collections.idgov.entra.plugins.module_utils._http.session import HttpSession
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import Connection
from ansible_collections.idgov.entra.plugins.module_utils._signin.credentials import (
    ClientSecret,
    Credential,
    ReadyToken,
)
from ansible_collections.idgov.entra.plugins.module_utils._signin.hints import hint_for_code

_CODE = re.compile(r"AADSTS\d+")
# Entra adds the trace, its ids and the time behind the sentence that matters.
_TAIL = re.compile(r"\s*(Trace ID:|Correlation ID:|Timestamp:).*", re.DOTALL)


class TokenSource:
    """Gives the token of one credential, signing in at the first call and never before."""

    def __init__(
        self,
        credential: Credential,
        connection: Connection,
        http: HttpSession,
        *,
        keep_secret: Callable[[str], None],
    ) -> None:
        """Remember how to sign in; C(keep_secret) is told every token, so that it is masked in all output."""
        self._credential = credential
        self._connection = connection
        self._http = http
        self._keep_secret = keep_secret
        self._token: str | None = None

    def token(self) -> str:
        """Give the access token; raises SignInError, TransportError or MissingLibrary."""
        if self._token is None:
            self._token = self._acquire(self._credential)
            self._keep_secret(self._token)
        return self._token

    def renew(self) -> bool:
        """Forget a token that Graph does not accept any more; tell whether another one can be had."""
        if isinstance(self._credential, ReadyToken):
            return False
        self._token = None
        return True

    def is_delegated(self) -> bool | None:
        """Tell whether a person signed in, by the token's own claims; null where they cannot be read."""
        return read_delegated(self.token())

    def _acquire(self, credential: Credential) -> str:
        if isinstance(credential, ReadyToken):
            return credential.access_token
        return _token_by_secret(credential, self._connection, self._http)


def read_delegated(token: str) -> bool | None:
    """Read from a token's claims whether it is delegated, without trusting them for anything else.

    C(idtyp) says C(app) or C(user) where the application asks for it; C(scp) is there in delegated tokens only
    (Microsoft identity platform documentation, "Access token claims reference").
    """
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error):
        return None
    if not isinstance(claims, dict):
        return None
    if claims.get("idtyp") in ("app", "user"):
        return bool(claims["idtyp"] == "user")
    return "scp" in claims


def _token_by_secret(credential: ClientSecret, connection: Connection, http: HttpSession) -> str:
    try:
        import msal
    except ImportError:
        raise MissingLibrary("msal") from None
    try:
        application = msal.ConfidentialClientApplication(
            credential.client_id,
            client_credential=credential.client_secret,
            authority=f"{connection.authority_host}/{credential.tenant_id}",
            instance_discovery=connection.ask_instance,
            azure_region=False,
            http_client=_MsalHttp(http),
        )
        answer = application.acquire_token_for_client(scopes=[f"{connection.graph_url}/.default"])
    except TransportError as error:
        raise SignInError(f"could not sign in: {error.message}", hint=error.hint) from None
    except ValueError as error:
        raise _unknown_authority(credential, connection, str(error)) from None
    except msal.exceptions.MsalError as error:
        raise SignInError(f"could not sign in at {connection.authority_host}: {error}") from None
    if "access_token" not in answer:
        raise _refusal(answer, credential)
    return str(answer["access_token"])


def _refusal(answer: dict[str, Any], credential: ClientSecret) -> SignInError:
    words = str(answer.get("error_description") or answer.get("error") or "no reason given")
    found = _CODE.search(words)
    code = found[0] if found else None
    sentence = " ".join(_TAIL.sub("", words).split()).rstrip(".").removeprefix(f"{code}: ")
    return SignInError(
        f"could not sign in as application {credential.client_id} with {credential.origin}: {sentence}",
        code=code or str(answer.get("error")),
        correlation_id=answer.get("correlation_id"),
        hint=hint_for_code(code),
    )


def _unknown_authority(credential: ClientSecret, connection: Connection, words: str) -> SignInError:
    """Msal says by a bare ValueError that the tenant, or the login host, is unknown."""
    found = _CODE.search(words)
    return SignInError(
        f"could not sign in: {connection.authority_host} does not know the tenant {credential.tenant_id}",
        code=found[0] if found else None,
        hint="check tenant_id, cloud_environment and authority_host"
        + ("; for a login host of your own set disable_instance_discovery" if connection.ask_instance else ""),
    )


class _MsalHttp:
    """What msal wants of an HTTP client, over our own session: so TLS, proxies and retries are the task's."""

    def __init__(self, http: HttpSession) -> None:
        self._http = http

    def get(self, url: str, **options: Any) -> Any:
        return self._http.request("GET", url, **_known(options))

    def post(self, url: str, **options: Any) -> Any:
        return self._http.request("POST", url, **_known(options))

    def close(self) -> None:
        """Leave the session open: it is the task's."""


def _known(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name in ("params", "data", "headers")}
