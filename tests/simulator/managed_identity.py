# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The endpoints from which a machine in Azure gets tokens for its managed identity.

Microsoft Entra documentation, "How to use managed identities on a virtual machine to acquire an access token", and
App Service documentation, "How to use managed identities for App Service", REST endpoint reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .model import App
from .signin import Service
from .tokens import Grant

# What App Service tells its own processes, and nobody else.
IDENTITY_HEADER = "not-a-real-identity-header"
Answer = tuple[int, dict[str, Any]]


class _Refused(Exception):
    """Why there is no token."""


def machine_token(service: Service, headers: Mapping[str, str], query: Mapping[str, str]) -> Answer:
    """Answer the instance metadata service of a virtual machine: status and body."""
    try:
        if headers.get("metadata") != "true" or "x-forwarded-for" in headers:
            raise _Refused("Required metadata header not specified")
        if query.get("api-version", "") < "2018-02-01":
            raise _Refused("Bad Request. The api-version is missing or unsupported")
        body = _token(service, query)
    except _Refused as refused:
        return 400, {"error": "invalid_request", "error_description": str(refused)}
    return 200, {**body, "expires_in": str(service.token_seconds), "ext_expires_in": str(service.token_seconds)}


def app_service_token(service: Service, headers: Mapping[str, str], query: Mapping[str, str]) -> Answer:
    """Answer the local endpoint of App Service, Functions and Automation: status and body."""
    if headers.get("x-identity-header") != IDENTITY_HEADER:
        return 401, {"statusCode": 401, "message": "The identity header is missing or wrong."}
    try:
        if query.get("api-version") != "2019-08-01":
            raise _Refused("Unsupported MSI protocol version.")
        return 200, _token(service, query)
    except _Refused as refused:
        return 400, {"statusCode": 400, "message": str(refused)}


def _token(service: Service, query: Mapping[str, str]) -> dict[str, Any]:
    app = _identity(service, query)
    resource = query.get("resource", "")
    if resource.rstrip("/") not in service.audiences:
        raise _Refused(f"AADSTS500011: The resource principal named {resource} was not found in the tenant.")
    grant = Grant(app.client_id, None, app.permissions)
    return {
        "access_token": service.mint(grant, resource, None),
        "client_id": app.client_id,
        "expires_on": str(int(service.now.timestamp()) + service.token_seconds),
        "not_before": str(int(service.now.timestamp())),
        "resource": resource,
        "token_type": "Bearer",
    }


def _identity(service: Service, query: Mapping[str, str]) -> App:
    """Find the identity that is asked for: the machine's own, or by its client id one that is assigned to it."""
    apps = list(service.store.apps.values())
    wanted = query.get("client_id")
    if wanted:
        found = [app for app in apps if app.managed_identity == "user" and app.client_id == wanted.lower()]
    else:
        found = [app for app in apps if app.managed_identity == "system"]
    if not found:
        raise _Refused("Identity not found")
    return found[0]
