# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Entra says when it gives no token, as an error of ours with a hint."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import SignInError, TransportError
from ansible_collections.idgov.entra.plugins.module_utils._http.libraries import quiet
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import Connection

# Microsoft identity platform documentation, "Microsoft Entra authentication and authorization error codes".
_ASSERTION = "the federated token has expired or is not yet valid; use oidc_token_file_path or oidc_request_url, which are read at each sign-in"
_RECORD = "no federated credential of the application matches; its issuer, subject and audience must equal the token's"
_TENANT = "the tenant was not found; check tenant_id and cloud_environment"
_RESOURCE = "the Graph URL is unknown in this cloud; check cloud_environment and graph_url"
_HINTS = {
    "AADSTS7000215": "the secret is invalid; use the value of the secret, not its id",
    "AADSTS7000222": "the secret has expired; add a new one to the application",
    "AADSTS7000218": "the application does not allow public client flows; enable them to use device codes",
    "AADSTS700016": "the application is not in this tenant; check client_id and tenant_id",
    "AADSTS7000112": "the application is disabled; enable it in Microsoft Entra",
    "AADSTS700027": "the certificate is not registered with the application, or has expired; upload its public part",
    "AADSTS1000502": "the certificate has expired or is not yet valid; make a new one and upload its public part",
    "AADSTS7000214": "the certificate was revoked; make a new one and upload its public part",
    "AADSTS700023": "the signed assertion is for another login host or tenant; check authority_host and tenant_id",
    "AADSTS700024": f"{_ASSERTION}; with a certificate, check this machine's clock",
    "AADSTS70021": _RECORD,
    "AADSTS700211": _RECORD,
    "AADSTS700212": f"{_RECORD}; see oidc_audience",
    "AADSTS700213": _RECORD,
    "AADSTS70025": "the application has no federated credential; add one with the token's issuer, subject and audience",
    "AADSTS50013": "the federated token is not signed by its issuer, or not for this tenant; check its origin",
    "AADSTS90002": _TENANT,
    "AADSTS900023": _TENANT,
    "AADSTS500011": _RESOURCE,
    "AADSTS70011": _RESOURCE,
    "AADSTS50034": "the account is not in this tenant; check tenant_id",
    "AADSTS50076": "the tenant requires multi-factor authentication; sign in as an application, or by device code",
    "AADSTS50079": "the tenant requires multi-factor authentication; sign in as an application, or by device code",
    "AADSTS53003": "a Conditional Access policy of the tenant blocks this sign-in; ask its administrators",
    "AADSTS65001": "nobody has consented to the permissions of the application; ask an administrator of the tenant",
    "AADSTS65004": "the person declined; run the task again",
    "AADSTS70020": "the code was not entered in time; run the task again",
}


def hint_for_code(code: str | None) -> str | None:
    """Return the hint for an AADSTS code, or null."""
    return _HINTS.get(code or "")


_CODE = re.compile(r"AADSTS\d+")
# Entra adds the trace, its ids and the time behind the sentence that matters.
_TAIL = re.compile(r"\s*(Trace ID:|Correlation ID:|Timestamp:).*", re.DOTALL)


def refusal(answer: Mapping[str, Any], who: str) -> SignInError:
    """Make an error of an answer without a token; ``who`` says who could not sign in, and with what."""
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
def sign_in_errors(msal: Any, connection: Connection, tenant_id: str) -> Iterator[None]:
    """Turn what msal raises while it talks to Entra into SignInError."""
    try:
        with quiet():
            yield
    except TransportError as error:
        # Who waits for better times looks at the cause: nothing was refused.
        raise SignInError(f"could not sign in: {error.message}", hint=error.hint) from error
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
        + ("; for your own login host set disable_instance_discovery" if connection.ask_instance else ""),
    )
