# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the file of a certificate credential, so that msal can sign with it and nobody types a thumbprint."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._signin.credentials import ClientCertificate, Credential

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_KEY = re.compile(rb"-----BEGIN (?P<kind>[A-Z ]*PRIVATE KEY)-----.+?-----END (?P=kind)-----", re.DOTALL)
_ENCRYPTED = re.compile(rb"ENCRYPTED")
_FORMS = "use one PEM or PFX file with the certificate and its private key"


def load_certificate(credential: ClientCertificate, *, derives_thumbprint: bool) -> dict[str, Any]:
    """Read key and certificate as what msal calls a client credential; raises OptionError, never with a secret in it.

    ``derives_thumbprint`` tells whether this msal finds the SHA-256 thumbprint in the certificate by itself; an older
    one is given the SHA-1 thumbprint, because it takes any that it is given for that.
    """
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        with open(credential.path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise _unusable(credential, f"cannot be read: {error.strerror}") from None
    key, certificates = (_read_pem if b"-----BEGIN" in content else _read_pfx)(credential, content)
    if not isinstance(key, RSAPrivateKey):
        kind = type(key).__name__.lstrip("_").removesuffix("PrivateKey").replace("EllipticCurve", "EC")
        raise _unusable(
            credential, f"contains a private key of type {kind}; it must be RSA, the only type that msal supports"
        )
    own = _certificate_of(key, certificates)
    if own is None:
        raise _unusable(credential, "contains no certificate for its private key")
    described = {"private_key": key, "public_certificate": own.public_bytes(Encoding.PEM).decode()}
    if derives_thumbprint:
        return described
    sha1 = hashlib.sha1(own.public_bytes(Encoding.DER), usedforsecurity=False)
    return {**described, "thumbprint": sha1.hexdigest()}


def open_to_others(credential: Credential) -> str | None:
    """Return a warning that everybody on this machine can read the private key of a credential, or replace it; null where not."""
    if not isinstance(credential, ClientCertificate):
        return None
    try:
        mode = stat.S_IMODE(os.stat(credential.path).st_mode)
    except OSError:
        # Whoever reads the file says so.
        return None
    if not mode & (stat.S_IRWXO | stat.S_IWGRP):
        return None
    return f"others on this machine can read or write {credential.path}, which contains a private key; change its mode from {mode:04o} to 0600"


def _read_pem(credential: ClientCertificate, content: bytes) -> tuple[Any, list[Certificate]]:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509 import load_pem_x509_certificate

    found = _KEY.search(content)
    if not found:
        raise _unusable(credential, "contains no private key")
    encrypted = bool(_ENCRYPTED.search(found[0]))
    if encrypted and not credential.password:
        raise OptionError(
            "certificate_password", f"the private key in {credential.path} is encrypted; set certificate_password"
        )
    # A password is no harm where the key is not encrypted, but the library takes it for a mistake.
    password = (credential.password or "").encode() if encrypted else None
    try:
        key = load_pem_private_key(found[0], password)
        return key, [load_pem_x509_certificate(block) for block in _CERTIFICATE.findall(content)]
    except (ValueError, TypeError):
        raise _unreadable(credential, encrypted) from None


def _read_pfx(credential: ClientCertificate, content: bytes) -> tuple[Any, list[Certificate]]:
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

    password = credential.password.encode() if credential.password else None
    try:
        key, own, others = load_key_and_certificates(content, password)
    except (ValueError, TypeError):
        raise _unreadable(credential, encrypted=True) from None
    if key is None:
        raise _unusable(credential, "contains no private key")
    return key, [certificate for certificate in (own, *others) if certificate]


def _certificate_of(key: Any, certificates: Sequence[Certificate]) -> Certificate | None:
    """Find the certificate of a key: a file may hold those of its issuers too, in any order."""
    desired = key.public_key()
    return next((certificate for certificate in certificates if certificate.public_key() == desired), None)


def _unreadable(credential: ClientCertificate, encrypted: bool) -> OptionError:
    why = "cannot be decrypted or read; check certificate_password" if encrypted else "cannot be read"
    return _unusable(credential, why)


def _unusable(credential: ClientCertificate, why: str) -> OptionError:
    return OptionError("certificate_path", f"{credential.path} {why}", hint=_FORMS)
