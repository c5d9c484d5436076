# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one declaration of the sign-in and connection options, and what they come to with the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._options.clouds import GLOBAL, find_cloud, is_known_authority
from ansible_collections.idgov.entra.plugins.module_utils._options.environment import Environment, first_set

# Neither `fallback` nor a default from the environment: an empty variable would win, and an option given by its
# alias would warn. What the environment has is bound late, here and in _signin.credentials.
CONNECTION_SPEC: dict[str, dict[str, Any]] = {
    "tenant_id": {"type": "str", "aliases": ["tenant"], "no_log": False},
    "client_id": {"type": "str", "no_log": False},
    "client_secret": {"type": "str", "aliases": ["secret"], "no_log": True},
    "certificate_path": {"type": "path", "aliases": ["x509_certificate_path", "client_certificate_path"]},
    "certificate_password": {"type": "str", "aliases": ["client_certificate_password"], "no_log": True},
    "oidc_token": {"type": "str", "aliases": ["client_assertion"], "no_log": True},
    "oidc_token_file_path": {"type": "path", "aliases": ["federated_token_file"]},
    "oidc_request_url": {"type": "str"},
    "oidc_request_token": {"type": "str", "no_log": True},
    "oidc_audience": {"type": "str"},
    "access_token": {"type": "str", "no_log": True},
    "auth_source": {"type": "str", "choices": ["auto", "env", "msi", "cli"]},
    "cloud_environment": {"type": "str", "aliases": ["azure_cloud"]},
    "authority_host": {"type": "str"},
    "graph_url": {"type": "str", "aliases": ["base_url"]},
    "disable_instance_discovery": {"type": "bool"},
    "validate_certs": {"type": "bool"},
    "ca_path": {"type": "path", "aliases": ["ca_cert", "ca_bundle"]},
    "proxy": {"type": "str", "no_log": True},
    "timeout": {"type": "int", "default": 60},
    "retries": {"type": "int", "default": 5},
}

_TRUE = frozenset({"1", "true", "yes", "on"})


@dataclass(frozen=True)
class Connection:
    """Where Graph and the sign-in are, and how to reach them.

    ``verify`` is what requests takes: true, false, or a CA bundle's path. ``no_proxy`` is the text of NO_PROXY.
    """

    graph_url: str
    authority_host: str
    ask_instance: bool
    verify: bool | str
    proxy: str | None = field(repr=False)
    no_proxy: str
    timeout: int
    retries: int


def resolve_connection(options: Mapping[str, Any], environ: Environment) -> Connection:
    """Bring options, environment and the cloud's own values together, in that order; raises OptionError."""
    graph_url = options.get("graph_url") or first_set(environ, "IDGOV_GRAPH_URL")
    authority = options.get("authority_host") or first_set(environ, "AZURE_AUTHORITY_HOST")
    cloud_name = options.get("cloud_environment")
    if not (graph_url and authority):
        # Only where it matters: azure.azcollection also keeps the address of an Azure Stack in this variable.
        cloud_name = cloud_name or first_set(environ, "AZURE_CLOUD_ENVIRONMENT", "ARM_ENVIRONMENT")
    cloud = find_cloud(cloud_name) if cloud_name else GLOBAL
    authority_host = _root("authority_host", authority, bare_host=True) if authority else cloud.authority_host
    return Connection(
        graph_url=_root("graph_url", graph_url, bare_host=False) if graph_url else cloud.graph_url,
        authority_host=authority_host,
        ask_instance=not (is_known_authority(authority_host) or _discovery_is_off(options, environ)),
        verify=_verify(options, environ),
        proxy=_proxy(
            options.get("proxy") or first_set(environ, "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
        ),
        no_proxy=first_set(environ, "no_proxy", "NO_PROXY") or "",
        timeout=_at_least("timeout", options["timeout"], 1),
        retries=_at_least("retries", options["retries"], 0),
    )


def connection_warnings(connection: Connection) -> list[str]:
    """Name what makes this connection weaker than it should be."""
    if connection.verify is False:
        return [
            "TLS certificates are not verified; set ca_path to the certificate of the issuing authority instead of disabling validate_certs"
        ]
    return []


def secrets_of_connection(connection: Connection) -> set[str]:
    """Name the texts of a connection that must be masked: the password of the proxy."""
    password = urlsplit(connection.proxy).password if connection.proxy else None
    return {password, unquote(password)} if password else set()


def _root(option: str, value: str, *, bare_host: bool) -> str:
    """Check a root URL and give it in one spelling; the sign-in's root may come as a bare host name."""
    text = f"https://{value}" if bare_host and "://" not in value else value
    # A password has no business here, and none in the error about it.
    shown = repr(value.rpartition("@")[2])
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise OptionError(
            option, f"{shown} is not the root URL of a service, such as https://graph.microsoft.com"
        ) from None
    if parts.scheme != "https":
        raise OptionError(option, f"{shown} must be an https:// URL, because secrets are sent over TLS only")
    if not host or port == 0 or parts.username or parts.query or parts.fragment or any(c.isspace() for c in text):
        raise OptionError(option, f"{shown} is not the root URL of a service, such as https://graph.microsoft.com")
    bracketed = f"[{host}]" if ":" in host else host
    root = f"https://{bracketed}" if port in (None, 443) else f"https://{bracketed}:{port}"
    if parts.path.strip("/"):
        raise OptionError(option, f"{shown} has a path; use the root URL, such as {root}")
    return root


def _proxy(value: str | None) -> str | None:
    """Check the address of a proxy; a bare host and port is one. Its password is never shown."""
    if value is None:
        return None
    text = value if "://" in value else f"http://{value}"
    if not all(letter.isascii() and letter.isprintable() and letter != " " for letter in unquote(text)):
        # Of such a password urllib drops letters, and no two proxies read it alike.
        raise OptionError(
            "proxy",
            "it contains a space, a control character or a non-ASCII character",
            hint="use a user name and a password of ASCII characters; percent-encode special characters",
        )
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        shown = repr(value.rpartition("@")[2])
        raise OptionError("proxy", f"{shown} is not the URL of an HTTP proxy, such as http://proxy.example.com:3128")
    return text


def _verify(options: Mapping[str, Any], environ: Environment) -> bool | str:
    desired = options.get("validate_certs")
    if desired is None:
        desired = (first_set(environ, "AZURE_CERT_VALIDATION_MODE") or "").lower() != "ignore"
    if not desired:
        return False
    bundle = options.get("ca_path") or first_set(environ, "IDGOV_CA_PATH", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    return bundle or True


def _discovery_is_off(options: Mapping[str, Any], environ: Environment) -> bool:
    desired = options.get("disable_instance_discovery")
    if desired is None:
        return (first_set(environ, "AZURE_DISABLE_INSTANCE_DISCOVERY") or "").lower() in _TRUE
    return bool(desired)


def _at_least(option: str, value: int, least: int) -> int:
    if value < least:
        raise OptionError(option, f"{value} is less than {least}")
    return value
