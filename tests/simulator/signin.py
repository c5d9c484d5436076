# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sign-in service: discovery, keys and the token endpoint, with Entra's refusals."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .model import App
from .store import Store
from .tokens import Grant, TokenIssuer

Form = dict[str, str]


@dataclass
class SignInError(Exception):
    """A refusal of the sign-in service: HTTP status, OAuth error, AADSTS number and text."""

    status: int
    error: str
    number: int
    text: str

    def body(self, now: datetime) -> dict[str, Any]:
        """Write it as Entra does."""
        stamp = now.strftime("%Y-%m-%d %H:%M:%SZ")
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        return {
            "error": self.error,
            "error_description": f"AADSTS{self.number}: {self.text} Trace ID: {trace} "
            f"Correlation ID: {correlation} Timestamp: {stamp}",
            "error_codes": [self.number],
            "timestamp": stamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={self.number}",
        }


@dataclass(frozen=True)
class Service:
    """What the sign-in service needs of the simulator at one moment."""

    store: Store
    issuer: TokenIssuer
    root: str
    audiences: tuple[str, ...]
    now: datetime
    token_seconds: int


def discovery(service: Service, tenant: str) -> dict[str, Any]:
    """Return the OpenID configuration of a tenant; SignInError if it is unknown."""
    tenant_id = _tenant(service, tenant, 400)
    authority = f"{service.root}/{tenant}"
    return {
        "token_endpoint": f"{authority}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "jwks_uri": f"{authority}/discovery/v2.0/keys",
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "issuer": f"{service.root}/{tenant_id}/v2.0",
        "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{authority}/oauth2/v2.0/devicecode",
        "tenant_region_scope": "EU",
        "cloud_instance_name": "localhost",
        "msgraph_host": service.root.removeprefix("https://"),
    }


def instance_discovery(service: Service, authorization_endpoint: str) -> dict[str, Any]:
    """Return the answer to a client that asks whether this sign-in host is known."""
    host = service.root.removeprefix("https://")
    endpoint = authorization_endpoint.partition("/oauth2/")[0]
    return {
        "tenant_discovery_endpoint": f"{endpoint}/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    }


def token(service: Service, tenant: str, form: Form) -> dict[str, Any]:
    """Answer the token endpoint; SignInError for every refusal."""
    tenant_id = _tenant(service, tenant, 400)
    grant_type = form.get("grant_type")
    if grant_type is None:
        raise _missing("grant_type")
    if grant_type not in GRANTS:
        raise SignInError(
            400, "unsupported_grant_type", 70003, f"The app requested an unsupported grant type '{grant_type}'."
        )
    app = _app(service, form)
    audience = _audience(service, form)
    grant = GRANTS[grant_type](service, app, form)
    access_token = service.issuer.mint(grant, tenant_id, audience, service.root, service.now, service.token_seconds)
    lasting = service.token_seconds
    return {"token_type": "Bearer", "expires_in": lasting, "ext_expires_in": lasting, "access_token": access_token}


def _tenant(service: Service, tenant: str, status: int) -> str:
    if tenant.lower() in (service.store.tenant_id, service.store.domain.lower()):
        return service.store.tenant_id
    text = f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID."
    raise SignInError(status, "invalid_tenant", 90002, text)


def _missing(name: str) -> SignInError:
    text = f"The request body must contain the following parameter: '{name}'."
    return SignInError(400, "invalid_request", 900144, text)


def _app(service: Service, form: Form) -> App:
    client_id = form.get("client_id")
    if client_id is None:
        raise _missing("client_id")
    app = service.store.apps.get(client_id)
    if app is None:
        text = f"Application with identifier '{client_id}' was not found in the directory '{service.store.domain}'."
        raise SignInError(400, "unauthorized_client", 700016, text)
    return app


def _audience(service: Service, form: Form) -> str:
    scope = form.get("scope")
    if scope is None:
        raise _missing("scope")
    resource, mark, _dummy = scope.rpartition("/.default")
    if not mark or " " in scope or not scope.endswith("/.default"):
        text = f"The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid."
        raise SignInError(400, "invalid_scope", 70011, text)
    if resource.rstrip("/") not in service.audiences:
        text = f"The resource principal named {resource} was not found in the tenant named {service.store.domain}."
        raise SignInError(400, "invalid_resource", 500011, text)
    return resource


def _by_client_secret(service: Service, app: App, form: Form) -> None:
    if form["client_secret"] != app.secret:
        text = (
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
            f"not the client secret ID, for a secret added to app '{app.client_id}'."
        )
        raise SignInError(401, "invalid_client", 7000215, text)
    if app.secret_expires is not None and app.secret_expires <= service.now:
        text = f"The provided client secret keys for app '{app.client_id}' are expired."
        raise SignInError(401, "invalid_client", 7000222, text)


# How an app may prove who it is, by the form field that carries the proof.
AUTHENTICATORS: dict[str, Callable[[Service, App, Form], None]] = {"client_secret": _by_client_secret}


def _client_credentials(service: Service, app: App, form: Form) -> Grant:
    for field, authenticate in AUTHENTICATORS.items():
        if field in form:
            authenticate(service, app, form)
            return Grant(app.client_id, None, app.permissions)
    text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
    raise SignInError(401, "invalid_client", 7000218, text)


GRANTS: dict[str, Callable[[Service, App, Form], Grant]] = {"client_credentials": _client_credentials}
