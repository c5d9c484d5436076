# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Getting an access token for Graph, once and only when the first call needs it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import SignInError
from ansible_collections.idgov.entra.plugins.module_utils._core.json_text import parse_json
from ansible_collections.idgov.entra.plugins.module_utils._http.session import HttpSession
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import Connection
from ansible_collections.idgov.entra.plugins.module_utils._signin.application import token_of_application
from ansible_collections.idgov.entra.plugins.module_utils._signin.azure_cli import SHORTCOMING, token_of_cli
from ansible_collections.idgov.entra.plugins.module_utils._signin.credentials import (
    AzureCli,
    Credential,
    DeviceCode,
    ManagedIdentity,
    ReadyToken,
    received_token,
)
from ansible_collections.idgov.entra.plugins.module_utils._signin.managed_identity import token_of_machine

# Whoever gives and takes access as an administrator has it, a person besides a role (Graph documentation, "Create
# accessPackageAssignmentRequest", permissions).
ADMINISTERING = "EntitlementManagement.ReadWrite.All"


class TokenSource:
    """Holds the token of one credential, signing in at the first call and never before."""

    def __init__(
        self,
        credential: Credential,
        connection: Connection,
        http: HttpSession,
        *,
        keep_secret: Callable[[str], None],
    ) -> None:
        """Remember how to sign in; ``keep_secret`` is told every token, so that it is masked in all output."""
        self._credential = credential
        self._connection = connection
        self._http = http
        self._keep_secret = keep_secret
        self._token: str | None = None
        self._claims: str | None = None

    def token(self) -> str:
        """Return the access token; raises SignInError, OptionError or MissingLibrary."""
        if self._token is None:
            token = self._acquire(self._credential)
            self._keep_secret(token)
            self._token = received_token(token)
        return self._token

    def renew(self, claims: str | None = None) -> bool:
        """Forget a token that Graph does not accept any more; tell whether another one can be had.

        ``claims`` is the JSON text of a claims challenge, which the next sign-in passes on.
        """
        if isinstance(self._credential, ReadyToken):
            return False
        self._token = None
        self._claims = claims
        return True

    @property
    def shortcoming(self) -> str | None:
        """What a token of this kind cannot do, for the hint of a refusal; null where nothing is known."""
        is_persons = isinstance(self._credential, AzureCli) and parse_delegated(self.token()) is not False
        return SHORTCOMING if is_persons else None

    def permissions(self) -> frozenset[str] | None:
        """Return the permissions that the token carries, by its own claims; null where they cannot be read."""
        return parse_permissions(self.token())

    def is_delegated(self) -> bool | None:
        """Return whether a person signed in, by the token's own claims; null where they cannot be read."""
        return parse_delegated(self.token())

    def is_user(self) -> bool:
        """Return whether a person signed in without the permission that every administrator needs; unreadable is no."""
        permissions = self.permissions()
        return self.is_delegated() is True and permissions is not None and ADMINISTERING not in permissions

    def application_id(self) -> str | None:
        """Return the client id of the application that signed in, or through which a person did, by ``appid`` or ``azp``."""
        claims = _claims(self.token()) or {}
        found = claims.get("appid") or claims.get("azp")
        return str(found) if found else None

    def tenant_id(self) -> str | None:
        """Return the tenant for which the token is, by its claim ``tid``; null where it cannot be read."""
        claims = _claims(self.token()) or {}
        return str(claims["tid"]) if claims.get("tid") else None

    def object_id(self) -> str | None:
        """Return who signed in, by the token's own claim ``oid``; null where it cannot be read (the same page)."""
        claims = _claims(self.token())
        return str(claims["oid"]) if claims and claims.get("oid") else None

    def _acquire(self, credential: Credential) -> str:
        match credential:
            case ReadyToken():
                return credential.access_token
            case ManagedIdentity():
                return token_of_machine(credential, self._connection, self._http, keep_secret=self._keep_secret)
            case AzureCli():
                return token_of_cli(credential, self._connection)
            case DeviceCode():
                raise SignInError("auth_source: device_code is interactive", hint="use the module access_token_info")
            case _:
                return token_of_application(
                    credential, self._connection, self._http, claims=self._claims, keep_secret=self._keep_secret
                )


def parse_delegated(token: str) -> bool | None:
    """Read from a token's claims whether it is delegated, without trusting them for anything else.

    ``idtyp`` says ``app`` or ``user`` where the application asks for it; ``scp`` is there in delegated tokens only
    (Microsoft identity platform documentation, "Access token claims reference").
    """
    claims = _claims(token)
    if claims is None:
        return None
    if claims.get("idtyp") in ("app", "user"):
        return bool(claims["idtyp"] == "user")
    return "scp" in claims


def parse_permissions(token: str) -> frozenset[str] | None:
    """Read from a token's claims which permissions it carries; null where they cannot be read.

    ``roles`` lists those of an application, ``scp`` those of a person, between blanks (the same page).
    """
    claims = _claims(token)
    if claims is None:
        return None
    roles, scopes = claims.get("roles"), claims.get("scp")
    listed = [str(role) for role in roles] if isinstance(roles, list) else []
    return frozenset([*listed, *(scopes.split() if isinstance(scopes, str) else [])])


def _claims(token: str) -> dict[str, Any] | None:
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = parse_json(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error):
        return None
    return claims if isinstance(claims, dict) else None
