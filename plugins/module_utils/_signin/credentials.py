# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of credentials, and the checks of what each is made of; no error tells a secret."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urlsplit

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError, SignInError
from ansible_collections.idgov.entra.plugins.module_utils._options.environment import Environment

_TENANT = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]*")
_TOKEN = re.compile(r"[!-~]+")
_SHARED_TENANTS = frozenset({"common", "organizations", "consumers"})


def is_token(text: str) -> bool:
    """Return whether a text could be sent as a token."""
    return _TOKEN.fullmatch(text) is not None


def checked_token(option: str, token: str) -> str:
    """Return a token without the line break that a file often ends with; anything else in it could not be sent."""
    token = token.strip()
    if not token:
        raise OptionError(option, "it is empty")
    if not is_token(token):
        raise OptionError(option, "it contains characters that no token has")
    return token


def received_token(token: str) -> str:
    """Return a token that a service gave, where it can be sent as one; raises SignInError."""
    if not is_token(token):
        raise SignInError("could not sign in: the token contains characters that no token has")
    return token


def checked_header(variable: str, value: str) -> str:
    """Return what a platform wants back in a header, or raise OptionError: msal sends it as the variable has it."""
    if not _TOKEN.fullmatch(value):
        raise OptionError(variable, "it contains characters that cannot be sent in a header")
    return value


def checked_secret(option: str, secret: str) -> str:
    """Return a secret or a password, or raise OptionError: a line break in it comes from a file, and belongs to no secret."""
    kinds = {unicodedata.category(letter) for letter in secret}
    if "Cs" in kinds:
        raise OptionError(option, "it contains bytes that are not text")
    if "Cc" in kinds:
        raise OptionError(option, "it contains a line break or another control character")
    return secret


def checked_client(client_id: str) -> str:
    """Return the id of an application, or raise OptionError."""
    if not _TOKEN.fullmatch(client_id):
        raise OptionError("client_id", f"{client_id!r} is not the client id of an application")
    return client_id


def checked_tenant(tenant: str) -> str:
    """Return the id or a domain of one tenant, or raise OptionError."""
    if tenant.lower() in _SHARED_TENANTS:
        raise OptionError(
            "tenant_id",
            f"{tenant!r} is a shared endpoint, not a tenant; use the tenant's id or one of its domain names",
        )
    if not _TENANT.fullmatch(tenant):
        raise OptionError("tenant_id", f"{tenant!r} is neither a tenant's id nor a domain name")
    return tenant


def checked_url(option: str, url: str) -> str:
    """Return an address to which a secret may be sent, or raise OptionError."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme == "https" and bool(parts.hostname) and not parts.username
    except ValueError:
        usable = False
    if not usable or not _TOKEN.fullmatch(url):
        raise OptionError(option, "must be an https:// URL, because secrets are sent over TLS only")
    return url


# What Entra expects in a token of another issuer (Microsoft identity platform, "Workload identity federation").
EXCHANGE_AUDIENCE = "api://AzureADTokenExchange"


@dataclass(frozen=True)
class ReadyToken:
    """An access token that somebody else has got."""

    access_token: str = field(repr=False)


@dataclass(frozen=True)
class ClientSecret:
    """An application with its secret."""

    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)
    origin: str = field(default="the option client_secret", compare=False)


@dataclass(frozen=True)
class ClientCertificate:
    """An application with a file that holds its certificate and private key."""

    tenant_id: str
    client_id: str
    path: str
    password: str | None = field(default=None, repr=False)
    origin: str = field(default="the option certificate_path", compare=False)


@dataclass(frozen=True)
class FederatedToken:
    """An application with a token of another issuer that stands for it."""

    tenant_id: str
    client_id: str
    token: str = field(repr=False)
    origin: str = field(default="the option oidc_token", compare=False)


@dataclass(frozen=True)
class FederatedTokenFile:
    """The same with a file that the platform keeps fresh: it is read again each time."""

    tenant_id: str
    client_id: str
    path: str
    origin: str = field(default="the option oidc_token_file_path", compare=False)


@dataclass(frozen=True)
class FederatedTokenRequest:
    """The same with a place that gives a fresh token to whoever has the token for asking."""

    tenant_id: str
    client_id: str
    url: str
    request_token: str = field(repr=False)
    audience: str = EXCHANGE_AUDIENCE
    origin: str = field(default="the option oidc_request_url", compare=False)


@dataclass(frozen=True)
class ManagedIdentity:
    """The identity that Azure gives to the machine: its own, or the assigned one with this client id."""

    client_id: str | None = None
    # What the platform gave to this process alone; it must not be shown either.
    platform_secrets: frozenset[str] = field(default=frozenset(), repr=False, compare=False)


@dataclass(frozen=True)
class AzureCli:
    """Whoever is signed in with Azure CLI; ``program`` is its path, ``environ`` what it is run with."""

    program: str
    tenant_id: str | None = None
    environ: Environment = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class DeviceCode:
    """A person who types in a code in a browser."""

    tenant_id: str
    client_id: str


Federated: TypeAlias = "FederatedToken | FederatedTokenFile | FederatedTokenRequest"
OfApplication: TypeAlias = "ClientSecret | ClientCertificate | Federated"
Credential: TypeAlias = "ReadyToken | OfApplication | ManagedIdentity | AzureCli | DeviceCode"


def secrets_of(credential: Credential) -> Set[str]:
    """Name the texts of a credential that must be masked wherever they turn up."""
    match credential:
        case ReadyToken(access_token=secret) | ClientSecret(client_secret=secret) | FederatedToken(token=secret):
            return {secret}
        case ClientCertificate(password=str() as secret) | FederatedTokenRequest(request_token=secret):
            return {secret}
        case ManagedIdentity(platform_secrets=secrets):
            return secrets
        case _:
            return frozenset()
