# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Entra says when it gives no token, as an error of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import SignInError, TransportError
from ansible_collections.idgov.entra.plugins.module_utils._http.quiet import quiet
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import Connection
from ansible_collections.idgov.entra.plugins.module_utils._signin.hints import hint_for_code

_CODE = re.compile(r"AADSTS\d+")
# Entra adds the trace, its ids and the time behind the sentence that matters.
_TAIL = re.compile(r"\s*(Trace ID:|Correlation ID:|Timestamp:).*", re.DOTALL)


def refusal(answer: Mapping[str, Any], who: str) -> SignInError:
    """Make an error of an answer without a token; C(who) says who could not sign in, and with what."""
    words = str(answer.get("error_description") or answer.get("error") or "no reason given")
    found = _CODE.search(words)
    code = found[0] if found else None
    sentence = " ".join(_TAIL.sub("", words).split()).rstrip(".").removeprefix(f"{code}: ")
    return SignInError(
        f"could not sign in {who}: {sentence}",
        code=code or str(answer.get("error")),
        correlation_id=answer.get("correlation_id"),
        hint=hint_for_code(code),
    )


@contextmanager
def told(msal: Any, connection: Connection, tenant_id: str) -> Iterator[None]:
    """Turn what msal raises while it talks to Entra into SignInError."""
    try:
        with quiet():
            yield
    except TransportError as error:
        raise SignInError(f"could not sign in: {error.message}", hint=error.hint) from None
    except msal.exceptions.MsalError as error:
        raise SignInError(f"could not sign in at {connection.authority_host}: {error}") from None
    except ValueError as error:
        raise _unknown_authority(tenant_id, connection, str(error)) from None


def _unknown_authority(tenant_id: str, connection: Connection, words: str) -> SignInError:
    """Msal says by a bare ValueError that the tenant, or the login host, is unknown."""
    found = _CODE.search(words)
    return SignInError(
        f"could not sign in: {connection.authority_host} does not know the tenant {tenant_id}",
        code=found[0] if found else None,
        hint="check tenant_id, cloud_environment and authority_host"
        + ("; for a login host of your own set disable_instance_discovery" if connection.ask_instance else ""),
    )
