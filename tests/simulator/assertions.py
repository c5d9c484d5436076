# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Client assertions: what Entra checks of a JWT that an app signed with its certificate, or that another issuer signed.

Microsoft identity platform documentation, "Certificate credentials" and "Workload identity federation".
"""

from __future__ import annotations

import base64
import binascii
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import jwt
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from .foreign_issuer import ForeignIssuer
from .model import App, FederatedCredential
from .refusal import SignInError

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ALGORITHMS = ("PS256", "RS256")
# Assertions are good for a few minutes; Entra takes a little less care about the clocks of others.
_SKEW = 300
_UNVERIFIED: Any = {"verify_signature": False, "verify_exp": False, "verify_aud": False}
_SIGNATURE_ONLY: Any = {
    **{f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")},
    "verify_signature": True,
}


@dataclass(frozen=True)
class Assertion:
    """An assertion as it came, its parts readable and nothing verified yet."""

    text: str
    header: Mapping[str, Any]
    claims: Mapping[str, Any]


def read_assertion(text: str) -> Assertion:
    """Read a JWT without believing it; SignInError if it is none."""
    try:
        return Assertion(text, jwt.get_unverified_header(text), jwt.decode(text, options=_UNVERIFIED))
    except jwt.InvalidTokenError:
        raise SignInError(400, "invalid_request", 50027, "JWT token is invalid or malformed.") from None


def is_of_the_app(assertion: Assertion) -> bool:
    """Tell an assertion that an app made itself from one of another issuer: the app names itself in both places."""
    return assertion.claims.get("iss") == assertion.claims.get("sub")


def verify_certificate(assertion: Assertion, app: App, audiences: Sequence[str]) -> None:
    """Check an assertion that the app signed with its certificate; SignInError 401 for every fault.

    The time is that of the machine, as it is for the client that made it: simulated time would age it at once.
    """
    now = datetime.now(timezone.utc)
    certificate = _registered(assertion, app)
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
        raise _refused(1000502, "The provided certificate is not within its specified validity period.")
    _verify_chain(assertion, certificate)
    _verify_signature(assertion, certificate.public_key(), 700027, "Client assertion failed signature validation.")
    claims = assertion.claims
    if claims.get("iss") != app.client_id or claims.get("sub") != app.client_id:
        raise _refused(700021, "Client assertion application identifier doesn't match 'client_id' parameter.")
    if claims.get("aud") not in audiences:
        raise _refused(700023, "Client assertion audience claim does not match Realm issuer.")
    _verify_time(claims, now)
    if not claims.get("jti"):
        raise _refused(50027, "JWT token is invalid or malformed: no jti.")


def verify_federated(assertion: Assertion, app: App, issuer: ForeignIssuer, now: datetime) -> None:
    """Check an assertion of another issuer against the app's federated credentials; SignInError for every fault."""
    if not app.federated:
        text = f"The client '{app.client_id}' has no configured federated identity credentials."
        raise SignInError(400, "invalid_request", 70025, text)
    _match(assertion.claims, app.federated)
    _verify_signature(assertion, issuer.public_key(), 50013, "Assertion failed signature validation.")
    _verify_time(assertion.claims, now)


def _registered(assertion: Assertion, app: App) -> x509.Certificate:
    """Find the certificate of the app that the header names by its thumbprint."""
    for pem in app.certificates:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        for name, algorithm in (("x5t#S256", hashes.SHA256()), ("x5t", hashes.SHA1())):
            # Microsoft's own libraries send the thumbprint with base64's padding, and Entra takes it.
            named = str(assertion.header.get(name, "")).rstrip("=")
            if named == _encoded(certificate.fingerprint(algorithm)):
                return certificate
    known = assertion.header.get("x5t#S256") or assertion.header.get("x5t")
    raise _refused(
        700027,
        f"The certificate with identifier used to sign the client assertion is not registered on application."
        f" [Reason - The key was not found., Thumbprint of key used by client: '{known}']",
    )


def _verify_chain(assertion: Assertion, certificate: x509.Certificate) -> None:
    """Check x5c, where it is there: its first is the certificate itself, each next one has issued the one before."""
    if "x5c" not in assertion.header:
        return
    try:
        chain = [x509.load_der_x509_certificate(base64.b64decode(entry)) for entry in assertion.header["x5c"]]
    except (ValueError, TypeError, binascii.Error):
        raise _refused(50027, "JWT token is invalid or malformed: x5c.") from None
    if not chain or chain[0] != certificate:
        raise _refused(700027, "Client assertion failed signature validation: x5c is of another certificate.")
    for issued, authority in itertools.pairwise(chain):
        try:
            issued.verify_directly_issued_by(authority)
        except (InvalidSignature, ValueError, TypeError):
            raise _refused(700027, "Client assertion failed signature validation: the chain is broken.") from None


def _verify_signature(assertion: Assertion, key: Any, number: int, text: str) -> None:
    if assertion.header.get("alg") not in _ALGORITHMS or not isinstance(key, RSAPublicKey):
        raise _refused(number, text)
    try:
        jwt.decode(assertion.text, key, algorithms=_ALGORITHMS, options=_SIGNATURE_ONLY)
    except jwt.InvalidTokenError:
        raise _refused(number, text) from None


def _verify_time(claims: Mapping[str, Any], now: datetime) -> None:
    expires, starts = claims.get("exp"), claims.get("nbf", claims.get("iat", 0))
    known = isinstance(expires, (int, float)) and isinstance(starts, (int, float))
    if not known or not float(starts) - _SKEW <= now.timestamp() < float(expires or 0):
        raise _refused(
            700024,
            "Client assertion is not within its valid time range."
            f" Current time: {now.isoformat()}, expiry time of assertion {expires}.",
        )


def _match(claims: Mapping[str, Any], records: Sequence[FederatedCredential]) -> None:
    """Narrow the records by issuer, subject and audience, letter for letter; name the first that none has."""
    left = list(records)
    for claim, member, number in (("iss", "issuer", 700211), ("sub", "subject", 700213), ("aud", "audience", 700212)):
        shown = claims.get(claim)
        left = [record for record in left if getattr(record, member) == shown]
        if not left:
            raise SignInError(
                400,
                "invalid_request",
                number,
                f"No matching federated identity record found for presented assertion {member} '{shown}'."
                " Check your federated identity credential Subject, Audience and Issuer against the presented assertion.",
            )


def _encoded(fingerprint: bytes) -> str:
    return base64.urlsafe_b64encode(fingerprint).decode().rstrip("=")


def _refused(number: int, text: str) -> SignInError:
    return SignInError(401, "invalid_client", number, text)
