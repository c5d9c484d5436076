# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which credential a task signs in with: options first, then one whole family of environment variables."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from typing import Any

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
from ansible_collections.idgov.entra.plugins.module_utils._signin.checks import (
    checked_client,
    checked_header,
    checked_tenant,
    checked_token,
)
from ansible_collections.idgov.entra.plugins.module_utils._signin.credentials import (
    AzureCli,
    Credential,
    DeviceCode,
    ManagedIdentity,
    OfApplication,
    ReadyToken,
)
from ansible_collections.idgov.entra.plugins.module_utils._signin.material import (
    KINDS,
    Maker,
    material_of_family,
    material_of_options,
    material_of_request,
)

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
        raise OptionError("auth_source", f"{source!r}, from the environment, is not one of {', '.join(_SOURCES)}")
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
        "auth_source is cli, and no program az is on the PATH", hint="install Azure CLI, then run az login"
    )


def _device_code(options: Mapping[str, Any], environ: Environment) -> DeviceCode:
    ids = _ids(options, environ)
    if not ids:
        raise SignInError(
            "a device code needs client_id and tenant_id",
            hint="give those of an application that allows public client flows",
        )
    return DeviceCode(checked_tenant(ids[0]), checked_client(ids[1]))


def _made(make: Maker, tenant_id: str, client_id: str) -> OfApplication:
    return make(checked_tenant(tenant_id), checked_client(client_id))


def _ids(options: Mapping[str, Any], environ: Environment) -> tuple[str, str] | None:
    """Give tenant and client; what the task does not give comes from one and the same family."""
    for family in FAMILIES:
        client_id = options.get("client_id") or first_set(environ, family.client_id)
        tenant_id = options.get("tenant_id") or first_set(environ, family.tenant_id)
        if client_id and tenant_id:
            return tenant_id, client_id
    return None


def _client_id(options: Mapping[str, Any], environ: Environment) -> str | None:
    return options.get("client_id") or first_set(environ, *(family.client_id for family in FAMILIES))


def _is_of_another_client(family: Family, options: Mapping[str, Any], environ: Environment) -> bool:
    own, wanted = first_set(environ, family.client_id), options.get("client_id")
    return bool(own and wanted and own.lower() != wanted.lower())


def _refuse_person(environ: Environment) -> None:
    if first_set(environ, "AZURE_AD_USER") and first_set(environ, "AZURE_PASSWORD"):
        raise SignInError(
            "the AWX credential holds a user name and a password, and Microsoft Graph automation needs"
            " Client ID, Client Secret and Tenant ID",
            hint="fill these three fields of the credential; sign-in by password is deprecated and stopped by MFA",
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
        f" IDGOV_ACCESS_TOKEN, or together {looked}; in place of the secret a certificate"
        f" ({_variables('certificate_path')}) or a federated token ({_variables('oidc_token_file_path')})",
    )


def _variables(option: str) -> str:
    return ", ".join(dict.fromkeys(str(getattr(family, option)) for family in FAMILIES))
