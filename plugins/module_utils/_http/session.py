# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one HTTP session of a task: TLS, proxies, time-outs and retries come from the options, never from the process."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import TransportError
from ansible_collections.idgov.entra.plugins.module_utils._core.version import VERSION
from ansible_collections.idgov.entra.plugins.module_utils._http.libraries import (
    HTTPAdapter,
    InsecureRequestWarning,
    ProtocolError,
    Retry,
    disable_warnings,
    requests,
    require_requests,
)
from ansible_collections.idgov.entra.plugins.module_utils._http.retry import SAFE_METHODS, patient_retry
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import Connection


class HttpSession:
    """Sends calls to Graph and to the sign-in over kept connections."""

    def __init__(self, connection: Connection) -> None:
        """Open nothing yet; raises MissingLibrary where requests is not installed."""
        require_requests()
        if connection.verify is False:
            # The task says so itself, once, in its own words.
            disable_warnings(InsecureRequestWarning)
        self._connection = connection
        self._safe_retry = patient_retry(connection.retries, methods=SAFE_METHODS)
        self._session = requests.Session()
        # Proxies, .netrc and CA bundles of the process would override what the task says.
        self._session.trust_env = False
        self._session.headers["User-Agent"] = f"ansible-idgov.entra/{VERSION}"
        any_method = patient_retry(connection.retries, methods=None)
        self._session.mount(connection.authority_host, HTTPAdapter(max_retries=any_method))
        self._session.mount(connection.graph_url, HTTPAdapter(max_retries=self._safe_retry))

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """Send one call and give the answer whatever its status; redirects are answers too.

        C(options) are those of requests. Raises TransportError where no whole answer came.
        """
        retry: Retry = self._safe_retry
        while True:
            try:
                return self._session.request(
                    method,
                    url,
                    timeout=self._connection.timeout,
                    verify=self._connection.verify,
                    proxies=self._proxies(url),
                    allow_redirects=False,
                    **options,
                )
            except requests.exceptions.ChunkedEncodingError as error:
                # The answer broke off after its head, which is where urllib3's own retries end.
                if method not in SAFE_METHODS or retry.is_exhausted() or not retry.total:
                    raise _transport_error(method, url, error, self._connection) from None
                retry = retry.increment(method, url, error=ProtocolError(str(error)))
                retry.sleep()
            except (requests.exceptions.RequestException, OSError) as error:
                raise _transport_error(method, url, error, self._connection) from None

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()

    def _proxies(self, url: str) -> dict[str, str]:
        proxy = self._connection.proxy
        host = urlsplit(url).netloc
        if not proxy or proxy_bypass_environment(host, {"no": self._connection.no_proxy}):
            return {}
        return {"https": proxy}


def _transport_error(method: str, url: str, error: Exception, connection: Connection) -> TransportError:
    """Put a failure of requests into one sentence; query values may name people and stay out of it."""
    place = url.partition("?")[0]
    host = urlsplit(url).netloc
    reason = _innermost(error)
    failures = requests.exceptions
    if isinstance(error, failures.ProxyError):
        return TransportError(
            f"the proxy on the way to {host} did not answer: {reason}",
            method=method,
            url=place,
            sent=False,
            hint="check the option proxy, or HTTPS_PROXY and NO_PROXY",
        )
    if isinstance(error, failures.SSLError):
        return TransportError(
            f"the TLS certificate of {host} is not trusted: {reason}",
            method=method,
            url=place,
            sent=False,
            hint="set ca_path to the bundle of the authority that issued it",
        )
    if isinstance(error, failures.ConnectTimeout) or _never_connected(error):
        return TransportError(
            f"{host} cannot be reached: {reason}",
            method=method,
            url=place,
            sent=False,
            hint="check graph_url, authority_host, cloud_environment and the network",
        )
    if isinstance(error, failures.ReadTimeout):
        reason = f"no answer within {connection.timeout} seconds"
    if (
        isinstance(error, OSError)
        and connection.verify not in (True, False)
        and not isinstance(error, failures.RequestException)
    ):
        return TransportError(
            f"the CA bundle {connection.verify} cannot be used: {reason}",
            method=method,
            url=place,
            sent=False,
            hint="set ca_path to a readable file of certificates in PEM form",
        )
    return TransportError(f"the connection to {host} broke: {reason}", method=method, url=place, sent=True)


def _never_connected(error: BaseException) -> bool:
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None)
    return type(reason).__name__ in {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}


def _innermost(error: BaseException) -> str:
    """Find the words of the operating system or of OpenSSL at the bottom of a chain of exceptions."""
    seen: set[int] = set()
    while id(error) not in seen:
        seen.add(id(error))
        below = getattr(error, "reason", None)
        if not isinstance(below, BaseException):
            below = error.__cause__ or next((a for a in error.args if isinstance(a, BaseException)), None)
        if not isinstance(below, BaseException):
            break
        error = below
    for words in (getattr(error, "verify_message", None), getattr(error, "strerror", None)):
        if words:
            return str(words)
    return str(error).rpartition("object at ")[2].partition(">: ")[2] or str(error)
