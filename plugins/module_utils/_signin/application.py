# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in as an application: with a secret, a certificate, or a token of another issuer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._http.session import HttpSession
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import Connection
from ansible_collections.idgov.entra.plugins.module_utils._signin.certificate import read_certificate
from ansible_collections.idgov.entra.plugins.module_utils._signin.credentials import (
    ClientCertificate,
    ClientSecret,
    OfApplication,
)
from ansible_collections.idgov.entra.plugins.module_utils._signin.federation import foreign_token
from ansible_collections.idgov.entra.plugins.module_utils._signin.msal_http import (
    MsalHttp,
    derives_thumbprint,
    load_msal,
)
from ansible_collections.idgov.entra.plugins.module_utils._signin.refusals import refusal, told


def token_of_application(
    credential: OfApplication,
    connection: Connection,
    http: HttpSession,
    *,
    claims: str | None,
    keep_secret: Callable[[str], None],
) -> str:
    """Get a token; C(claims) is what a claims challenge asks for. Raises SignInError, OptionError or MissingLibrary."""
    msal = load_msal()
    proof = _proof(msal, credential, http, keep_secret)
    with told(msal, connection, credential.tenant_id):
        application = msal.ConfidentialClientApplication(
            credential.client_id,
            client_credential=proof,
            authority=f"{connection.authority_host}/{credential.tenant_id}",
            instance_discovery=connection.ask_instance,
            azure_region=False,
            http_client=MsalHttp(http, keep_secret),
        )
        answer = application.acquire_token_for_client(
            scopes=[f"{connection.graph_url}/.default"], claims_challenge=claims
        )
    if "access_token" not in answer:
        raise refusal(answer, f"as application {credential.client_id} with {credential.origin}")
    return str(answer["access_token"])


def _proof(msal: Any, credential: OfApplication, http: HttpSession, keep_secret: Callable[[str], None]) -> Any:
    """Give what msal calls a client credential; everything is read again each time."""
    if isinstance(credential, ClientSecret):
        return credential.client_secret
    if isinstance(credential, ClientCertificate):
        return read_certificate(credential, derives_thumbprint=derives_thumbprint(msal.__version__))
    token = foreign_token(credential, http)
    keep_secret(token)
    return {"client_assertion": lambda: token}
