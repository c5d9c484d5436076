# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to sign in, as values; no text of a credential holds its secret."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from typing import TypeAlias

from ansible_collections.idgov.entra.plugins.module_utils._options.environment import Environment

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
    """Whoever is signed in with Azure CLI; C(program) is its path, C(environ) what it is run with."""

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
        case ClientCertificate(password=str(secret)) | FederatedTokenRequest(request_token=secret):
            return {secret}
        case ManagedIdentity(platform_secrets=secrets):
            return secrets
        case _:
            return frozenset()
