# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Getting the token of another issuer that stands for an application, fresh each time."""

from __future__ import annotations

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError, SignInError
from ansible_collections.idgov.entra.plugins.module_utils._core.json_text import parse_json
from ansible_collections.idgov.entra.plugins.module_utils._http.session import HttpSession
from ansible_collections.idgov.entra.plugins.module_utils._signin.checks import checked_token, is_token
from ansible_collections.idgov.entra.plugins.module_utils._signin.credentials import (
    Federated,
    FederatedToken,
    FederatedTokenFile,
    FederatedTokenRequest,
)


def foreign_token(credential: Federated, http: HttpSession) -> str:
    """Give the token; raises OptionError, SignInError or TransportError."""
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
        raise OptionError("oidc_token_file_path", f"{credential.path} holds no token") from None
    except OSError as error:
        raise OptionError("oidc_token_file_path", f"{credential.path} cannot be read: {error.strerror}") from None
    if not content.strip():
        raise OptionError("oidc_token_file_path", f"{credential.path} is empty")
    if not is_token(content.strip()):
        raise OptionError("oidc_token_file_path", f"{credential.path} holds no token")
    return content.strip()


def _ask(credential: FederatedTokenRequest, http: HttpSession) -> str:
    """Ask the build service (GitHub documentation, "OpenID Connect reference", "Methods for requesting the token")."""
    response = http.request(
        "GET",
        credential.url,
        params={"audience": credential.audience},
        headers={"Authorization": f"bearer {credential.request_token}", "Accept": "application/json"},
    )
    try:
        answer = parse_json(response.content) if response.status_code == 200 else None
    except ValueError:
        answer = None
    token = answer.get("value") if isinstance(answer, dict) else None
    if not isinstance(token, str):
        raise SignInError(
            f"could not get the token of this job: {credential.origin} answered {response.status_code} without a token",
            hint="the job needs the permission to ask for one; on GitHub: permissions, id-token: write",
        )
    return checked_token("oidc_request_url", token)
