# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Getting the token of an application, with the proof that its credential gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError, SignInError, TransportError
from ansible_collections.idgov.entra.plugins.module_utils._core.json_text import parse_json
from ansible_collections.idgov.entra.plugins.module_utils._http.session import HttpSession
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import Connection
from ansible_collections.idgov.entra.plugins.module_utils._signin.certificate import load_certificate
from ansible_collections.idgov.entra.plugins.module_utils._signin.credentials import (
    ClientCertificate,
    ClientSecret,
    Federated,
    FederatedToken,
    FederatedTokenFile,
    FederatedTokenRequest,
    OfApplication,
    checked_token,
    is_token,
)
from ansible_collections.idgov.entra.plugins.module_utils._signin.msal_http import (
    MsalHttp,
    derives_thumbprint,
    load_msal,
    raise_if_busy,
)
from ansible_collections.idgov.entra.plugins.module_utils._signin.refusals import refusal, sign_in_errors


def foreign_token(credential: Federated, http: HttpSession) -> str:
    """Return the token; raises OptionError or SignInError."""
    if isinstance(credential, FederatedToken):
        return credential.token
    if isinstance(credential, FederatedTokenFile):
        return _read(credential)
    return _ask(credential, http)


def _read(credential: FederatedTokenFile) -> str:
    try:
        with open(credential.path, encoding="ascii") as file:
            content = file.read()
    except UnicodeDecodeError:
        raise OptionError("oidc_token_file_path", f"{credential.path} contains no token") from None
    except OSError as error:
        raise OptionError("oidc_token_file_path", f"{credential.path} cannot be read: {error.strerror}") from None
    if not content.strip():
        raise OptionError("oidc_token_file_path", f"{credential.path} is empty")
    if not is_token(content.strip()):
        raise OptionError("oidc_token_file_path", f"{credential.path} contains no token")
    return content.strip()


def _ask(credential: FederatedTokenRequest, http: HttpSession) -> str:
    """Ask the build service (GitHub documentation, "OpenID Connect reference", "Methods for requesting the token")."""
    try:
        response = http.request(
            "GET",
            credential.url,
            params={"audience": credential.audience},
            headers={"Authorization": f"bearer {credential.request_token}", "Accept": "application/json"},
        )
        raise_if_busy(response, "GET", credential.url)
    except TransportError as error:
        # Who waits for better times looks at the cause: nothing was refused.
        raise SignInError(f"could not get the token for this job: {error.message}", hint=error.hint) from error
    try:
        answer = parse_json(response.content) if response.status_code == 200 else None
    except ValueError:
        answer = None
    token = answer.get("value") if isinstance(answer, dict) else None
    if not isinstance(token, str):
        raise SignInError(
            f"could not get the token for this job: {credential.origin} answered {response.status_code} without a token",
            hint="the job needs the permission to request one; on GitHub: permissions, id-token: write",
        )
    return checked_token("oidc_request_url", token)


def token_of_application(
    credential: OfApplication,
    connection: Connection,
    http: HttpSession,
    *,
    claims: str | None,
    keep_secret: Callable[[str], None],
) -> str:
    """Get a token; ``claims`` is what a claims challenge asks for. Raises SignInError, OptionError or MissingLibrary."""
    msal = load_msal()
    proof = _proof(msal, credential, http, keep_secret)
    with sign_in_errors(msal, connection, credential.tenant_id):
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
    """Return what msal calls a client credential; everything is read again each time."""
    if isinstance(credential, ClientSecret):
        return credential.client_secret
    if isinstance(credential, ClientCertificate):
        return load_certificate(credential, derives_thumbprint=derives_thumbprint(msal.__version__))
    token = foreign_token(credential, http)
    keep_secret(token)
    return {"client_assertion": lambda: token}
