# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates with their keys, made for tests, in each form in which people keep them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Pair:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def pem(self) -> str:
        """The certificate alone."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def key_pem(self, password: str | None = None, *, form: PrivateFormat = PrivateFormat.PKCS8) -> str:
        """The private key alone, encrypted where there is a password."""
        return self.key.private_bytes(Encoding.PEM, form, _encryption(password)).decode()

    def pfx(self, password: str | None = None) -> bytes:
        """Both as PKCS #12."""
        return pkcs12.serialize_key_and_certificates(b"test", self.key, self.certificate, None, _encryption(password))


def self_signed(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> x509.Certificate:
    """Make a certificate of a key that is not RSA."""
    now = datetime.now(timezone.utc)
    unsigned = (
        x509.CertificateBuilder()
        .subject_name(_name("other"))
        .issuer_name(_name("other"))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )
    return unsigned.sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256())


@cache
def pair(name: str = "automation", *, issuer: str | None = None, days: int = 30) -> Pair:
    """Make a certificate, once for each set of arguments: its own issuer, or issued by the pair of that name.

    It is good from yesterday on, for so many days from now; a negative number has run out.
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    authority = pair(issuer) if issuer else None
    now = datetime.now(timezone.utc)
    unsigned = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(authority.certificate.subject if authority else _name(name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=min(days, 0) - 1))
        .not_valid_after(now + timedelta(days=days))
    )
    return Pair(unsigned.sign(authority.key if authority else key, hashes.SHA256()), key)


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _encryption(password: str | None) -> KeySerializationEncryption:
    return BestAvailableEncryption(password.encode()) if password else NoEncryption()
