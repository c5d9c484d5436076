# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which credential counts: options first, then the environment, then what the machine offers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError, SignInError
from ansible_collections.idgov.entra.plugins.module_utils._options.environment import (
    ANNOUNCING,
    FAMILIES,
    IDENTITY_SECRETS,
    REQUEST_VARIABLES,
    Environment,
    Family,
    first_set,
)
from ansible_collections.idgov.entra.plugins.module_utils._signin.credentials import (
    EXCHANGE_AUDIENCE,
    AzureCli,
    ClientCertificate,
    ClientSecret,
    Credential,
    DeviceCode,
    FederatedToken,
    FederatedTokenFile,
    FederatedTokenRequest,
    ManagedIdentity,
    OfApplication,
    ReadyToken,
    checked_client,
    checked_header,
    checked_secret,
    checked_tenant,
    checked_token,
    checked_url,
)

# Takes the ids of tenant and application, in this order.
Maker: TypeAlias = Callable[[str, str], OfApplication]
# Where it was found, and what it makes.
Found: TypeAlias = tuple[str, Maker]

# The kinds that a family may hold, the one that counts first in front.
KINDS = ("client_secret", "certificate_path", "oidc_token", "oidc_token_file_path")


def material_of_options(options: Mapping[str, Any], environ: Environment) -> Found | None:
    """Find what the task gives, secret before certificate before federated token; raises OptionError."""
    for kind in KINDS:
        if options.get(kind):
            passwords = (family.certificate_password for family in FAMILIES)
            password = options.get("certificate_password") or first_set(environ, *passwords)
            return kind, _maker(kind, options[kind], password, f"the option {kind}")
    url, token = options.get("oidc_request_url"), options.get("oidc_request_token")
    if url and not token:
        raise OptionError("oidc_request_token", "required when oidc_request_url is set")
    if not url or not token:
        return None
    return "oidc_request_url", material_of_request(
        url, token, options.get("oidc_audience"), "the option oidc_request_url"
    )


def material_of_family(kind: str, family: Family, options: Mapping[str, Any], environ: Environment) -> Found | None:
    """Find one kind in one family of variables."""
    variable = getattr(family, kind)
    value = first_set(environ, variable) if variable else None
    if not value or (kind == "certificate_path" and _is_empty_file(value)):
        return None
    password = options.get("certificate_password") or first_set(environ, family.certificate_password)
    return variable, _maker(kind, value, password, variable)


def material_of_request(url: str, token: str, audience: str | None, origin: str) -> Maker:
    """Return what asks a build service for the token of a job; raises OptionError for an address without TLS."""
    return partial(
        FederatedTokenRequest,
        url=checked_url("oidc_request_url", url),
        request_token=checked_token("oidc_request_token", token),
        audience=audience or EXCHANGE_AUDIENCE,
        origin=origin,
    )


def _maker(kind: str, value: str, password: str | None, origin: str) -> Maker:
    if kind == "client_secret":
        return partial(ClientSecret, client_secret=checked_secret("client_secret", value), origin=origin)
    if kind == "certificate_path":
        password = checked_secret("certificate_password", password) if password else None
        return partial(ClientCertificate, path=value, password=password, origin=origin)
    if kind == "oidc_token":
        return partial(FederatedToken, token=checked_token("oidc_token", value), origin=origin)
    return partial(FederatedTokenFile, path=value, origin=origin)


def _is_empty_file(path: str) -> bool:
    """AWX writes an empty file where its credential holds no certificate; that counts as none."""
    try:
        return os.path.getsize(path) == 0
    except OSError:
        return False


_SOURCES = ("auto", "env", "msi", "cli")


def choose_credential(options: Mapping[str, Any], environ: Environment) -> Credential:
    """Choose the credential; the first method that is configured is final, whatever becomes of it.

    Raises OptionError for an unusable value and SignInError where nothing is configured.
    """
    if options.get("auth_source") == "device_code":
        return _device_code(options, environ)
    token = options.get("access_token") or first_set(environ, "IDGOV_ACCESS_TOKEN")
    if token:
        return ReadyToken(checked_token("access_token", token))
    source = _auth_source(options, environ)
    if source == "msi":
        return _managed_identity(options, environ)
    if source == "cli":
        return _azure_cli(options, environ) or _no_cli()
    credential = (None if source == "env" else _of_options(options, environ)) or _of_environment(options, environ)
    if credential:
        return credential
    _refuse_person(environ)
    if source == "auto":
        if first_set(environ, *ANNOUNCING):
            return _managed_identity(options, environ)
        # Where an application is named, signing in as somebody else would be a surprise.
        cli = None if _client_id(options, environ) else _azure_cli(options, environ)
        if cli:
            return cli
    raise _nothing_configured(options, environ)


def _auth_source(options: Mapping[str, Any], environ: Environment) -> str:
    source = options.get("auth_source") or first_set(environ, "IDGOV_AUTH_SOURCE", "ANSIBLE_AZURE_AUTH_SOURCE")
    if not source:
        return "auto"
    if source not in _SOURCES:
        raise OptionError("auth_source", f"{source!r} from the environment is not one of {', '.join(_SOURCES)}")
    return str(source)


def _of_options(options: Mapping[str, Any], environ: Environment) -> OfApplication | None:
    """Complete what the task gives; ids that it does not give come from one and the same family."""
    found = material_of_options(options, environ)
    if found is None:
        return None
    option, make = found
    ids = _ids(options, environ)
    if ids:
        return _made(make, *ids)
    missing = "tenant_id" if _client_id(options, environ) else "client_id"
    raise SignInError(
        f"{option} is set but {missing} is not",
        hint=f"set {missing}, or its environment variable ({_variables(missing)})",
    )


def _of_environment(options: Mapping[str, Any], environ: Environment) -> OfApplication | None:
    """Find the first whole family, by kind and then by family, or else a place that gives tokens to jobs."""
    strays = []
    for kind in KINDS:
        for family in FAMILIES:
            found = material_of_family(kind, family, options, environ)
            if found is None or _is_of_another_client(family, options, environ):
                # A secret belongs to one application: another client_id in the task means another secret.
                continue
            variable, make = found
            client_id = options.get("client_id") or first_set(environ, family.client_id)
            tenant_id = options.get("tenant_id") or first_set(environ, family.tenant_id)
            if client_id and tenant_id:
                return _made(make, tenant_id, client_id)
            strays.append((variable, family.tenant_id if client_id else family.client_id))
    if strays:
        variable, missing = strays[0]
        raise SignInError(f"{variable} is set, but {missing} is not", hint=f"set {missing} too, or unset {variable}")
    return _of_request(options, environ)


def _of_request(options: Mapping[str, Any], environ: Environment) -> OfApplication | None:
    ids = _ids(options, environ)
    for url_variable, token_variable in REQUEST_VARIABLES:
        url, token = first_set(environ, url_variable), first_set(environ, token_variable)
        if url and token and ids:
            return _made(material_of_request(url, token, options.get("oidc_audience"), url_variable), *ids)
    return None


def _managed_identity(options: Mapping[str, Any], environ: Environment) -> ManagedIdentity:
    client_id = _client_id(options, environ)
    secrets = frozenset(checked_header(name, environ[name]) for name in IDENTITY_SECRETS if environ.get(name))
    return ManagedIdentity(checked_client(client_id) if client_id else None, secrets)


def _azure_cli(options: Mapping[str, Any], environ: Environment) -> AzureCli | None:
    program = shutil.which("az", path=environ.get("PATH", ""))
    tenant = options.get("tenant_id") or first_set(environ, *(family.tenant_id for family in FAMILIES))
    return AzureCli(program, checked_tenant(tenant) if tenant else None, environ) if program else None


def _no_cli() -> Credential:
    raise SignInError(
        "auth_source is cli, but the command az is not on the PATH", hint="install Azure CLI, then run az login"
    )


def _device_code(options: Mapping[str, Any], environ: Environment) -> DeviceCode:
    ids = _ids(options, environ)
    if not ids:
        raise SignInError(
            "auth_source: device_code requires client_id and tenant_id",
            hint="use those of an application that allows public client flows",
        )
    return DeviceCode(checked_tenant(ids[0]), checked_client(ids[1]))


def _made(make: Maker, tenant_id: str, client_id: str) -> OfApplication:
    return make(checked_tenant(tenant_id), checked_client(client_id))


def _ids(options: Mapping[str, Any], environ: Environment) -> tuple[str, str] | None:
    """Return tenant and client; what the task does not give comes from one and the same family."""
    for family in FAMILIES:
        client_id = options.get("client_id") or first_set(environ, family.client_id)
        tenant_id = options.get("tenant_id") or first_set(environ, family.tenant_id)
        if client_id and tenant_id:
            return tenant_id, client_id
    return None


def _client_id(options: Mapping[str, Any], environ: Environment) -> str | None:
    return options.get("client_id") or first_set(environ, *(family.client_id for family in FAMILIES))


def _is_of_another_client(family: Family, options: Mapping[str, Any], environ: Environment) -> bool:
    own, desired = first_set(environ, family.client_id), options.get("client_id")
    return bool(own and desired and own.lower() != desired.lower())


def _refuse_person(environ: Environment) -> None:
    if first_set(environ, "AZURE_AD_USER") and first_set(environ, "AZURE_PASSWORD"):
        raise SignInError(
            "the AWX credential contains a user name and a password, but Microsoft Graph requires"
            " Client ID, Client Secret and Tenant ID",
            hint="fill in these three fields of the credential; sign-in by password is deprecated and blocked by MFA",
        )


def _nothing_configured(options: Mapping[str, Any], environ: Environment) -> SignInError:
    for family in FAMILIES:
        names = (family.client_id, family.tenant_id)
        if all(first_set(environ, name) for name in names) and not first_set(environ, family.client_secret):
            material = (family.client_secret, family.certificate_path, family.oidc_token_file_path)
            return SignInError(
                f"{' and '.join(names)} are set, but {family.client_secret} is not",
                hint=f"set one of {', '.join(material)} too",
            )
    found = [f"option {name}" for name in ("tenant_id", "client_id") if options.get(name)]
    seen = f" (found only {', '.join(found)})" if found else ""
    looked = "; ".join(f"{f.client_id}, {f.tenant_id} and {f.client_secret}" for f in FAMILIES)
    return SignInError(
        f"no credential is configured{seen}",
        hint="set access_token, or client_id and tenant_id with client_secret, certificate_path, oidc_token or"
        " oidc_token_file_path, or auth_source, or the environment variables"
        f" IDGOV_ACCESS_TOKEN, or one of these sets: {looked}; a certificate can replace the secret"
        f" ({_variables('certificate_path')}) or a federated token ({_variables('oidc_token_file_path')})",
    )


def _variables(option: str) -> str:
    return ", ".join(dict.fromkeys(str(getattr(family, option)) for family in FAMILIES))
