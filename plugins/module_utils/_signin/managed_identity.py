# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in with the managed identity of the machine."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import SignInError, TransportError
from ansible_collections.idgov.entra.plugins.module_utils._http.libraries import quiet
from ansible_collections.idgov.entra.plugins.module_utils._http.session import HttpSession
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import Connection
from ansible_collections.idgov.entra.plugins.module_utils._signin.credentials import ManagedIdentity
from ansible_collections.idgov.entra.plugins.module_utils._signin.msal_http import MsalHttp, load_msal
from ansible_collections.idgov.entra.plugins.module_utils._signin.refusals import refusal

_HINT = (
    "check that this machine has a managed identity; client_id, if set, must belong to an identity that"
    " is assigned to it"
)


def token_of_machine(
    credential: ManagedIdentity, connection: Connection, http: HttpSession, *, keep_secret: Callable[[str], None]
) -> str:
    """Get a token from the platform; raises SignInError or MissingLibrary.

    Msal finds the platform's endpoint in the process environment; the hosts see to it that what the task says is there.
    """
    msal = load_msal()
    identity = (
        msal.UserAssignedManagedIdentity(client_id=credential.client_id)
        if credential.client_id
        else msal.SystemAssignedManagedIdentity()
    )
    try:
        client = msal.ManagedIdentityClient(identity, http_client=MsalHttp(http, keep_secret))
        with quiet():
            answer = client.acquire_token_for_client(resource=connection.graph_url)
    except TransportError as error:
        # Who waits for better times looks at the cause: nothing was refused.
        raise SignInError(f"could not sign in with the managed identity: {error.message}", hint=_HINT) from error
    except ValueError as error:
        raise SignInError(f"could not sign in with the managed identity: {error}", hint=_HINT) from None
    if "access_token" not in answer:
        name = f" {credential.client_id}" if credential.client_id else ""
        refused = refusal(answer, f"with the managed identity{name}")
        raise refused.replace(hint=refused.hint or _HINT)
    return str(answer["access_token"])
