# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in as a person who types in a code in a browser: the one interactive way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.clock import Clock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import SignInError
from ansible_collections.idgov.entra.plugins.module_utils._http.session import HttpSession
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import Connection
from ansible_collections.idgov.entra.plugins.module_utils._signin.credentials import DeviceCode, received_token
from ansible_collections.idgov.entra.plugins.module_utils._signin.msal_http import MsalHttp, load_msal
from ansible_collections.idgov.entra.plugins.module_utils._signin.refusals import refusal, sign_in_errors

_WAITING = frozenset({"authorization_pending", "slow_down"})


def token_by_device_code(
    credential: DeviceCode,
    connection: Connection,
    http: HttpSession,
    *,
    clock: Clock,
    show: Callable[[str], None],
    keep_secret: Callable[[str], None],
) -> str:
    """Show a code, wait until somebody has typed it in, and give that person's token.

    ``show`` is given the sentence with the code and the page. Raises SignInError or MissingLibrary.
    """
    msal = load_msal()
    who = f"by device code of application {credential.client_id}"
    with sign_in_errors(msal, connection, credential.tenant_id):
        application = msal.PublicClientApplication(
            credential.client_id,
            authority=f"{connection.authority_host}/{credential.tenant_id}",
            instance_discovery=connection.ask_instance,
            http_client=MsalHttp(http, keep_secret),
        )
        flow = application.initiate_device_flow(scopes=[f"{connection.graph_url}/.default"])
        if "device_code" not in flow:
            raise refusal(flow, who)
        keep_secret(str(flow["device_code"]))
        show(str(flow["message"]))
        answer = _wait(application, flow, clock)
    if "access_token" not in answer:
        raise refusal(answer, who)
    token = str(answer["access_token"])
    keep_secret(token)
    return received_token(token)


def _wait(application: Any, flow: dict[str, Any], clock: Clock) -> dict[str, Any]:
    """Poll until there is an answer; the service itself says when it is too late."""
    interval = max(1, int(flow["interval"]))
    deadline = clock.elapsed() + float(flow["expires_in"]) + interval
    while clock.elapsed() <= deadline:
        clock.pause(interval)
        # A copy, and no further rounds: msal's own loop would sleep by a clock of its own.
        answer: dict[str, Any] = application.acquire_token_by_device_flow(
            {**flow, "interval": interval}, exit_condition=lambda _flow: True
        )
        if answer.get("error") not in _WAITING:
            return answer
        interval += 5 if answer["error"] == "slow_down" else 0
    raise SignInError("could not sign in by device code: the code was not entered in time", hint="run the task again")
