# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token issuer of another platform (a build service, a cluster), which the simulator plays beside Entra."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

ISSUER = "https://token.actions.githubusercontent.com"
SUBJECT = "repo:contoso/access:ref:refs/heads/main"
AUDIENCE = "api://AzureADTokenExchange"
# With what a job of the build service asks for its token.
REQUEST_TOKEN = "not-a-real-request-token"
_SECONDS = 300


class ForeignIssuer:
    """Signs tokens for jobs and pods; Entra trusts them where an app has a federated credential."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def public_key(self) -> rsa.RSAPublicKey:
        """Return the key to verify its tokens with."""
        return self._key.public_key()

    def token(
        self,
        now: datetime,
        *,
        issuer: str = ISSUER,
        subject: str = SUBJECT,
        audience: str = AUDIENCE,
        seconds: float = _SECONDS,
    ) -> str:
        """Return a token for a job or a pod."""
        issued = int(now.timestamp())
        claims = {
            "iss": issuer,
            "sub": subject,
            "aud": audience,
            "jti": str(uuid.uuid4()),
            "iat": issued,
            "nbf": issued,
            "exp": issued + int(seconds),
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": "foreign-key"})


def answer_request(
    issuer: ForeignIssuer, authorization: str | None, audience: str | None, now: datetime
) -> tuple[int, dict[str, Any]]:
    """Answer a job that asks for its token: status and body (GitHub documentation, "OpenID Connect reference")."""
    if (authorization or "").lower() != f"bearer {REQUEST_TOKEN}":
        return 401, {"message": "Unauthorized"}
    value = issuer.token(now, audience=audience or "https://github.com/contoso")
    return 200, {"count": len(value), "value": value}
