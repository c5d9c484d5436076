# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which credential a task signs in with: options first, then one whole family of environment variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError, SignInError
from ansible_collections.idgov.entra.plugins.module_utils._options.environment import (
    FAMILIES,
    Environment,
    Family,
    first_set,
)

_TENANT = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]*")
_TOKEN = re.compile(r"[!-~]+")
_SHARED_TENANTS = frozenset({"common", "organizations", "consumers"})


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


Credential: TypeAlias = "ReadyToken | ClientSecret"


def choose_credential(options: Mapping[str, Any], environ: Environment) -> Credential:
    """Choose the credential; the first method that is configured is final, whatever becomes of it.

    Raises OptionError for an unusable tenant and SignInError where nothing is configured.
    """
    token = options.get("access_token") or first_set(environ, "IDGOV_ACCESS_TOKEN")
    if token:
        return ReadyToken(_checked_token(token))
    secret = options.get("client_secret")
    if secret:
        return _secret_of_options(secret, options, environ)
    for family in FAMILIES:
        credential = _secret_of_family(family, options, environ)
        if credential:
            return credential
    raise _nothing_configured(options, environ)


def secrets_of(credential: Credential) -> set[str]:
    """Name the texts of a credential that must be masked wherever they turn up."""
    return {credential.access_token if isinstance(credential, ReadyToken) else credential.client_secret}


def _secret_of_options(secret: str, options: Mapping[str, Any], environ: Environment) -> ClientSecret:
    """Complete a secret that the task gives; ids that it does not give come from one and the same family."""
    client_id, tenant_id = options.get("client_id"), options.get("tenant_id")
    for family in FAMILIES:
        found_client = client_id or first_set(environ, family.client_id)
        found_tenant = tenant_id or first_set(environ, family.tenant_id)
        if found_client and found_tenant:
            return ClientSecret(_checked_tenant(found_tenant), _checked_client(found_client), secret)
    has_client = client_id or any(first_set(environ, family.client_id) for family in FAMILIES)
    missing = "tenant_id" if has_client else "client_id"
    raise SignInError(
        f"client_secret is set but {missing} is not",
        hint=f"set {missing}, or its environment variable ({_variables(missing)})",
    )


def _secret_of_family(family: Family, options: Mapping[str, Any], environ: Environment) -> ClientSecret | None:
    secret = first_set(environ, family.client_secret)
    own_client = first_set(environ, family.client_id)
    client_id = options.get("client_id") or own_client
    tenant_id = options.get("tenant_id") or first_set(environ, family.tenant_id)
    other_client = own_client and client_id and own_client.lower() != client_id.lower()
    if not (secret and client_id and tenant_id) or other_client:
        # A secret belongs to one application: another client_id in the task means another secret.
        return None
    return ClientSecret(_checked_tenant(tenant_id), _checked_client(client_id), secret, family.client_secret)


def _checked_token(token: str) -> str:
    """A token that was read from a file often ends with a line break; anything else in it could not be sent."""
    token = token.strip()
    if not _TOKEN.fullmatch(token):
        raise OptionError("access_token", "it holds blanks or letters that no access token has")
    return token


def _checked_client(client_id: str) -> str:
    if not _TOKEN.fullmatch(client_id):
        raise OptionError("client_id", f"{client_id!r} is not the id of an application")
    return client_id


def _checked_tenant(tenant: str) -> str:
    if tenant.lower() in _SHARED_TENANTS:
        raise OptionError("tenant_id", f"{tenant!r} stands for no tenant; give the tenant's id or one of its domains")
    if not _TENANT.fullmatch(tenant):
        raise OptionError("tenant_id", f"{tenant!r} is neither a tenant's id nor a domain name")
    return tenant


def _nothing_configured(options: Mapping[str, Any], environ: Environment) -> SignInError:
    if first_set(environ, "AZURE_AD_USER") and first_set(environ, "AZURE_PASSWORD"):
        return SignInError(
            "the AWX credential holds a user name and a password, and Microsoft Graph automation needs"
            " Client ID, Client Secret and Tenant ID",
            hint="fill these three fields of the credential; sign-in by password is deprecated and stopped by MFA",
        )
    for family in FAMILIES:
        names = (family.client_id, family.tenant_id, family.client_secret)
        present = [name for name in names if first_set(environ, name)]
        if len(present) == 2:
            (missing,) = set(names) - set(present)
            return SignInError(f"{' and '.join(present)} are set, but {missing} is not", hint=f"set {missing} too")
    found = [f"option {name}" for name in ("tenant_id", "client_id") if options.get(name)]
    seen = f" (found only {', '.join(found)})" if found else ""
    looked = "; ".join(f"{f.client_id}, {f.tenant_id} and {f.client_secret}" for f in FAMILIES)
    return SignInError(
        f"no credential is configured{seen}",
        hint="set access_token, or client_id, tenant_id and client_secret, or the environment variables"
        f" IDGOV_ACCESS_TOKEN, or together {looked}",
    )


def _variables(option: str) -> str:
    return ", ".join(dict.fromkeys(str(getattr(family, option)) for family in FAMILIES))
