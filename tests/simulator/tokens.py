# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access tokens: signed JWTs, made at sign-in or on order, and read again by Graph."""

from __future__ import annotations

import base64
import functools
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from .access import Caller
from .errors import GraphError
from .model import Role
from .store import Store

KEY_ID = "simulated-key"


@dataclass(frozen=True)
class Grant:
    """What a token is to say: the app, the user if one is signed in, and what they may do."""

    app_id: str
    user_id: str | None
    permissions: frozenset[str]
    roles: tuple[Role, ...] | None = None


class TokenIssuer:
    """Signs and reads tokens for one sign-in service."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        # A caller sends the same token with each request; what it says never changes.
        self._read = functools.lru_cache(maxsize=256)(self._verify)
        self._granted_roles: dict[str, tuple[Role, ...]] = {}
        self._challenge: dict[str, Any] | None = None
        self._met: set[str] = set()

    def demand(self, claims: dict[str, Any] | None) -> None:
        """From now on let Graph take only tokens for which a client has asked with these claims; None: any."""
        self._challenge = claims
        self._met.clear()

    def public_keys(self) -> list[dict[str, Any]]:
        """Return the keys to verify tokens with, as JWKs."""
        jwk: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return [{**jwk, "kid": KEY_ID, "use": "sig"}]

    def mint(
        self,
        grant: Grant,
        tenant_id: str,
        audience: str,
        issuer: str,
        now: datetime,
        seconds: float,
        *,
        claims: dict[str, Any] | None = None,
    ) -> str:
        """Return a signed token with Entra's claims: roles for an app, scp and oid for a user.

        ``claims`` are those that the client asked for.
        """
        unique = uuid.uuid4().hex[:22]
        if self._challenge is not None and claims is not None and _holds(claims, self._challenge):
            self._met.add(unique)
        content: dict[str, Any] = {
            "aud": audience,
            "iss": f"{issuer}/{tenant_id}/",
            "tid": tenant_id,
            "appid": grant.app_id,
            "uti": unique,
            "ver": "1.0",
            "iat": int(now.timestamp()),
            "nbf": int(now.timestamp()),
            "exp": int((now + timedelta(seconds=seconds)).timestamp()),
        }
        if grant.user_id is None:
            content.update(idtyp="app", oid=grant.app_id, sub=grant.app_id, roles=sorted(grant.permissions))
        else:
            content.update(idtyp="user", oid=grant.user_id, sub=grant.user_id, scp=" ".join(sorted(grant.permissions)))
        if grant.roles is not None:
            self._granted_roles[unique] = grant.roles
        return jwt.encode(content, self._key, algorithm="RS256", headers={"kid": KEY_ID})

    def caller(self, authorization: str | None, audiences: Sequence[str], now: datetime, store: Store) -> Caller:
        """Return who calls by the Authorization header; GraphError 401 if the token does not do."""
        scheme, _dummy, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise invalid_token("Access token is empty.")
        claims = self._claims(token.strip(), tuple(audiences), store.tenant_id)
        if not claims["nbf"] - 300 <= now.timestamp() < claims["exp"]:
            raise invalid_token("Lifetime validation failed, the token is expired.")
        if self._challenge is not None and claims["uti"] not in self._met:
            raise _insufficient(self._challenge)
        if claims["idtyp"] == "app":
            user_id, permissions = None, frozenset(claims.get("roles") or ())
        else:
            user_id, permissions = claims["oid"], frozenset(claims["scp"].split())
        return Caller(claims["appid"], user_id, permissions, self._roles(claims, user_id, store))

    def _verify(self, token: str, audiences: tuple[str, ...]) -> Mapping[str, Any]:
        options: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
        claims: dict[str, Any] = jwt.decode(
            token, self._key.public_key(), algorithms=["RS256"], audience=list(audiences), options=options
        )
        return claims

    def _claims(self, token: str, audiences: tuple[str, ...], tenant_id: str) -> Mapping[str, Any]:
        try:
            claims = self._read(token, audiences)
        except jwt.InvalidAudienceError:
            raise invalid_token("Access token validation failure. Invalid audience.") from None
        except jwt.InvalidSignatureError:
            raise invalid_token("Signature validation failed.") from None
        except jwt.InvalidTokenError:
            raise invalid_token("CompactToken parsing failed with error code: 80049217") from None
        if claims["tid"] != tenant_id:
            raise invalid_token("Access token validation failure. Invalid tenant.")
        return claims

    def _roles(self, claims: Mapping[str, Any], user_id: str | None, store: Store) -> tuple[Role, ...]:
        if claims["uti"] in self._granted_roles:
            return self._granted_roles[claims["uti"]]
        if user_id is not None:
            return store.principals[user_id].roles if user_id in store.principals else ()
        return store.apps[claims["appid"]].roles if claims["appid"] in store.apps else ()


_CHALLENGE = (
    'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", '
    'client_id="00000003-0000-0000-c000-000000000000"'
)


def invalid_token(message: str) -> GraphError:
    """Build the 401 of Graph's gateway."""
    return GraphError(401, "InvalidAuthenticationToken", message, headers={"WWW-Authenticate": _CHALLENGE})


def _insufficient(claims: dict[str, Any]) -> GraphError:
    """Build the claims challenge (Microsoft identity platform documentation, "Claims challenges")."""
    encoded = base64.b64encode(json.dumps(claims).encode()).decode()
    challenge = f'{_CHALLENGE}, error="insufficient_claims", claims="{encoded}"'
    text = "Continuous access evaluation resulted in challenge with result: InteractionRequired"
    return GraphError(401, "InvalidAuthenticationToken", text, headers={"WWW-Authenticate": challenge})


def _holds(asked: Any, demanded: Any) -> bool:
    if isinstance(demanded, dict):
        return isinstance(asked, dict) and all(_holds(asked.get(name), value) for name, value in demanded.items())
    return bool(asked == demanded)
