# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of what a credential is made of; no error tells a secret."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError

_TENANT = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]*")
_TOKEN = re.compile(r"[!-~]+")
_SHARED_TENANTS = frozenset({"common", "organizations", "consumers"})


def checked_token(option: str, token: str) -> str:
    """Give a token without the line break that a file often ends with; anything else in it could not be sent."""
    token = token.strip()
    if not _TOKEN.fullmatch(token):
        raise OptionError(option, "it holds blanks or letters that no token has")
    return token


def checked_client(client_id: str) -> str:
    """Give the id of an application, or raise OptionError."""
    if not _TOKEN.fullmatch(client_id):
        raise OptionError("client_id", f"{client_id!r} is not the id of an application")
    return client_id


def checked_tenant(tenant: str) -> str:
    """Give the id or a domain of one tenant, or raise OptionError."""
    if tenant.lower() in _SHARED_TENANTS:
        raise OptionError("tenant_id", f"{tenant!r} stands for no tenant; give the tenant's id or one of its domains")
    if not _TENANT.fullmatch(tenant):
        raise OptionError("tenant_id", f"{tenant!r} is neither a tenant's id nor a domain name")
    return tenant


def checked_url(option: str, url: str) -> str:
    """Give an address to which a secret may be sent, or raise OptionError."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme == "https" and bool(parts.hostname) and not parts.username
    except ValueError:
        usable = False
    if not usable or not _TOKEN.fullmatch(url):
        raise OptionError(option, "it is no address that starts with https://, and secrets travel over TLS only")
    return url
