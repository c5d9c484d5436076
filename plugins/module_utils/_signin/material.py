# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""With what an application proves itself, as options or a family of variables give it, still without its ids."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._options.environment import (
    FAMILIES,
    Environment,
    Family,
    first_set,
)
from ansible_collections.idgov.entra.plugins.module_utils._signin.checks import (
    checked_secret,
    checked_token,
    checked_url,
)
from ansible_collections.idgov.entra.plugins.module_utils._signin.credentials import (
    EXCHANGE_AUDIENCE,
    ClientCertificate,
    ClientSecret,
    FederatedToken,
    FederatedTokenFile,
    FederatedTokenRequest,
    OfApplication,
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
        raise OptionError("oidc_request_token", "oidc_request_url is of no use without it")
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
    """Give what asks a build service for the token of a job; raises OptionError for an address without TLS."""
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
