# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task behind the module ``access_token_info``: sign in once, for later tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import Refused
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import CONNECTION_SPEC
from ansible_collections.idgov.entra.plugins.module_utils._results.shapes import Failure, TokenResult
from ansible_collections.idgov.entra.plugins.module_utils._signin.credentials import DeviceCode
from ansible_collections.idgov.entra.plugins.module_utils._signin.device_code import token_by_device_code
from ansible_collections.idgov.entra.plugins.module_utils._signin.tokens import TokenSource, parse_delegated
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import (
    Context,
    Way,
    failure,
    find_way,
    only_in_controller,
)

_AUTH_SOURCE = CONNECTION_SPEC["auth_source"]
ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    **CONNECTION_SPEC,
    "auth_source": {**_AUTH_SOURCE, "choices": [*_AUTH_SOURCE["choices"], "device_code"]},
}


def run(context: Context, show: Callable[[str], None]) -> TokenResult:
    """Return a token; ``show`` is given what a person has to read at once. Raises EntraError.

    The host hides the result and leaves the token in it.
    """
    with find_way(context) as way:
        token = _token(way, context, show)
    context.keep_secret(token)
    return {"changed": False, "access_token": token, "delegated": parse_delegated(token)}


def refuse(_context: Context) -> TokenResult:
    """Fail, because nothing but the controller may do this: a shipped module could not hide its result."""
    raise only_in_controller("access_token_info")


def refuse_loop() -> Failure:
    """Return the results of a loop that would show its tokens."""
    return failure(
        Refused("access_token_info requires no_log: true in a loop, because its tokens would be shown otherwise")
    )


def _token(way: Way, context: Context, show: Callable[[str], None]) -> str:
    if isinstance(way.credential, DeviceCode):
        return token_by_device_code(
            way.credential,
            way.connection,
            way.http,
            clock=context.clock,
            show=show,
            keep_secret=context.keep_secret,
        )
    return TokenSource(way.credential, way.connection, way.http, keep_secret=context.keep_secret).token()
