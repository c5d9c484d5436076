# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sign-in service: discovery, keys, the token endpoint and the device endpoint, with Entra's refusals."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from . import assertions
from .device_code import LASTS, DeviceCodes
from .foreign_issuer import ForeignIssuer
from .model import App
from .refusal import SignInError, missing
from .store import Store
from .tokens import Grant, TokenIssuer

Form = dict[str, str]
Granted = tuple[Grant, str]
# What a client adds by itself to the scope that it is after.
_OPENID = frozenset({"openid", "profile", "offline_access"})


@dataclass(frozen=True)
class Service:
    """What the sign-in service needs of the simulator at one moment."""

    store: Store
    issuer: TokenIssuer
    root: str
    audiences: tuple[str, ...]
    now: datetime
    token_seconds: int
    foreign: ForeignIssuer
    devices: DeviceCodes
    device_interval: int

    def mint(self, grant: Grant, audience: str, claims: dict[str, Any] | None) -> str:
        """Return a token of this tenant."""
        return self.issuer.mint(
            grant, self.store.tenant_id, audience, self.root, self.now, self.token_seconds, claims=claims
        )


def discovery(service: Service, tenant: str) -> dict[str, Any]:
    """Return the OpenID configuration of a tenant; SignInError if it is unknown."""
    tenant_id = _tenant(service, tenant, 400)
    authority = f"{service.root}/{tenant}"
    return {
        "token_endpoint": f"{authority}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
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
    _tenant(service, tenant, 400)
    grant_type = form.get("grant_type")
    if grant_type is None:
        raise missing("grant_type")
    if grant_type not in GRANTS:
        raise SignInError(
            400, "unsupported_grant_type", 70003, f"The app requested an unsupported grant type '{grant_type}'."
        )
    app = _app(service, form)
    grant, audience = GRANTS[grant_type](service, app, {**form, "tenant": tenant})
    lasting = service.token_seconds
    access_token = service.mint(grant, audience, _claims(form))
    return {"token_type": "Bearer", "expires_in": lasting, "ext_expires_in": lasting, "access_token": access_token}


def device_authorization(service: Service, tenant: str, form: Form) -> dict[str, Any]:
    """Answer the endpoint that gives out device codes; SignInError for every refusal."""
    _tenant(service, tenant, 400)
    app = _app(service, form)
    code = service.devices.new(app, _audience(service, form), service.now)
    page = f"{service.root}/common/oauth2/deviceauth"
    return {
        "user_code": code.user_code,
        "device_code": code.device_code,
        "verification_uri": page,
        "expires_in": int(LASTS.total_seconds()),
        "interval": service.device_interval,
        "message": f"To sign in, use a web browser to open the page {page} and enter the code {code.user_code}"
        " to authenticate.",
    }


def _tenant(service: Service, tenant: str, status: int) -> str:
    if tenant.lower() in (service.store.tenant_id, service.store.domain.lower()):
        return service.store.tenant_id
    text = f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID."
    raise SignInError(status, "invalid_tenant", 90002, text)


def _app(service: Service, form: Form) -> App:
    client_id = form.get("client_id")
    if client_id is None:
        raise missing("client_id")
    app = service.store.apps.get(client_id)
    if app is None:
        text = f"Application with identifier '{client_id}' was not found in the directory '{service.store.domain}'."
        raise SignInError(400, "unauthorized_client", 700016, text)
    return app


def _audience(service: Service, form: Form) -> str:
    scope = " ".join(part for part in form.get("scope", "").split() if part not in _OPENID)
    if not scope:
        raise missing("scope")
    resource, mark, _dummy = scope.rpartition("/.default")
    if not mark or " " in scope or not scope.endswith("/.default"):
        text = f"The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid."
        raise SignInError(400, "invalid_scope", 70011, text)
    if resource.rstrip("/") not in service.audiences:
        text = f"The resource principal named {resource} was not found in the tenant named {service.store.domain}."
        raise SignInError(400, "invalid_resource", 500011, text)
    return resource


def _claims(form: Form) -> dict[str, Any] | None:
    """Read the claims that a resource has asked the client to ask for."""
    if not form.get("claims"):
        return None
    try:
        claims = json.loads(form["claims"])
    except ValueError:
        claims = None
    if not isinstance(claims, dict):
        raise SignInError(400, "invalid_request", 90023, "Invalid STS request: the claims parameter is no JSON object.")
    return claims


def _by_client_secret(service: Service, app: App, form: Form) -> None:
    if app.secret is None or not hmac.compare_digest(form["client_secret"].encode(), app.secret.encode()):
        text = (
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
            f"not the client secret ID, for a secret added to app '{app.client_id}'."
        )
        raise SignInError(401, "invalid_client", 7000215, text)
    if app.secret_expires is not None and app.secret_expires <= service.now:
        text = f"The provided client secret keys for app '{app.client_id}' are expired."
        raise SignInError(401, "invalid_client", 7000222, text)


def _by_assertion(service: Service, app: App, form: Form) -> None:
    if form.get("client_assertion_type") != assertions.TYPE:
        raise missing("client_assertion_type")
    assertion = assertions.read_assertion(form["client_assertion"])
    if assertions.is_of_the_app(assertion):
        names = (service.store.tenant_id, form["tenant"])
        audiences = [f"{service.root}/{name}/oauth2/v2.0/token" for name in names]
        assertions.verify_certificate(assertion, app, audiences)
    else:
        assertions.verify_federated(assertion, app, service.foreign, service.now)


# How an app may prove who it is, by the form field that carries the proof.
AUTHENTICATORS: dict[str, Callable[[Service, App, Form], None]] = {
    "client_secret": _by_client_secret,
    "client_assertion": _by_assertion,
}


def _client_credentials(service: Service, app: App, form: Form) -> Granted:
    audience = _audience(service, form)
    for field, authenticate in AUTHENTICATORS.items():
        if field in form:
            authenticate(service, app, form)
            return Grant(app.client_id, None, app.permissions), audience
    text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
    raise SignInError(401, "invalid_client", 7000218, text)


def _device_code(service: Service, app: App, form: Form) -> Granted:
    if not form.get("device_code"):
        raise missing("device_code")
    return service.devices.redeem(app, form["device_code"], service.now)


GRANTS: dict[str, Callable[[Service, App, Form], Granted]] = {
    "client_credentials": _client_credentials,
    "urn:ietf:params:oauth:grant-type:device_code": _device_code,
}
