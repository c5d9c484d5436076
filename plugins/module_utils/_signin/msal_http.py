# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one place that imports msal, and what msal wants of an HTTP client."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import MissingLibrary, TransportError
from ansible_collections.idgov.entra.plugins.module_utils._core.json_text import TooDeep, parse_json
from ansible_collections.idgov.entra.plugins.module_utils._http.session import HttpSession
from ansible_collections.idgov.entra.plugins.module_utils._http.throttling import THROTTLED, parse_retry_after


def load_msal() -> Any:
    """Return the module msal, imported only where somebody signs in with it; raises MissingLibrary."""
    try:
        import msal

        # Older versions do not import their own exceptions.
        import msal.exceptions
    except ImportError:
        raise MissingLibrary("msal") from None
    return msal


def derives_thumbprint(version: str) -> bool:
    """Return whether this version of msal finds the SHA-256 thumbprint of a PEM certificate by itself: since 1.35."""
    numbers = [int(number) for number in re.findall(r"\d+", version)[:2]]
    return numbers >= [1, 35]


# Microsoft identity platform documentation, "OAuth 2.0 authorization code flow", error codes of the token endpoint.
_BUSY = "temporarily_unavailable"
# What msal sends and gets that nobody else may see; an assertion that it signs is known nowhere else.
_SECRETS = ("access_token", "client_assertion", "client_secret", "device_code", "id_token", "refresh_token")


def raise_if_busy(response: Any, method: str, url: str) -> None:
    """Raise TransportError for an answer that refuses nothing: the service is broken, or too busy.

    Under load Entra answers with a bare text and ``Retry-After: 60`` (MSAL.NET documentation, "Client and server
    throttling"), of which msal makes an unknown tenant.
    """
    if response.status_code == THROTTLED or response.status_code >= 500:
        raise TransportError(
            f"{urlsplit(url).netloc} answered with status {response.status_code}",
            method=method,
            url=url.partition("?")[0],
            sent=True,
            retry_after=parse_retry_after(response.headers.get("Retry-After")),
        )


class MsalHttp:
    """An HTTP client for msal over our own session: so TLS, proxies and retries are the task's.

    ``keep_secret`` is told every secret in what is sent and what comes back.
    """

    def __init__(self, http: HttpSession, keep_secret: Callable[[str], None]) -> None:
        self._http = http
        self._keep_secret = keep_secret

    def get(self, url: str, **options: Any) -> Any:
        return self._ask("GET", url, _known(options))

    def post(self, url: str, **options: Any) -> Any:
        return self._ask("POST", url, _known(options))

    def close(self) -> None:
        """Leave the session open: it is the task's."""

    def _ask(self, method: str, url: str, options: dict[str, Any]) -> Any:
        self._keep_secrets_of(options.get("data"))
        response = self._http.request(method, url, **options)
        raise_if_busy(response, method, url)
        try:
            answer = parse_json(response.content)
        except TooDeep:
            raise TransportError(
                f"{urlsplit(url).netloc} answered with JSON that is nested too deeply",
                method=method,
                url=url,
                sent=True,
            ) from None
        except ValueError:
            # Msal itself says what it makes of an answer that is not JSON.
            return response
        self._keep_secrets_of(answer)
        if isinstance(answer, Mapping) and answer.get("error") == _BUSY:
            raise TransportError(
                f"{urlsplit(url).netloc} is temporarily unavailable",
                method=method,
                url=url,
                sent=True,
                retry_after=parse_retry_after(response.headers.get("Retry-After")),
            )
        return response

    def _keep_secrets_of(self, values: Any) -> None:
        for name in _SECRETS:
            value = values.get(name) if isinstance(values, Mapping) else None
            if isinstance(value, (str, bytes)) and value:
                self._keep_secret(value if isinstance(value, str) else value.decode("ascii", "replace"))


def _known(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name in ("params", "data", "headers")}
