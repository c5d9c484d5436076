# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one HTTP session of a task: TLS, proxies, time-outs and retries come from the options, never from the process."""

from __future__ import annotations

import os
import ssl
import threading
from typing import Any
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import TransportError
from ansible_collections.idgov.entra.plugins.module_utils._core.version import VERSION
from ansible_collections.idgov.entra.plugins.module_utils._http.libraries import (
    ConnectTimeoutError,
    HTTPAdapter,
    HTTPError,
    InsecureRequestWarning,
    NewConnectionError,
    ProtocolError,
    Retry,
    disable_warnings,
    quiet,
    requests,
    require_requests,
)
from ansible_collections.idgov.entra.plugins.module_utils._http.throttling import (
    SAFE_METHODS,
    SessionClosed,
    connecting_retry,
    patient_retry,
)
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import Connection

_CHECK_PROXY = "check the option proxy, or HTTPS_PROXY and NO_PROXY"
_CHECK_BUNDLE = "set ca_path to a PEM file with the certificate of the issuing authority"
_CHECK_PLACE = "check graph_url, authority_host, cloud_environment and the network"
# As it is after decompression; a page of Graph has less than 1 MiB.
LARGEST_BODY = 64 << 20
_CHUNK = 64 << 10


class HttpSession:
    """Sends calls to Graph and to the sign-in over kept connections."""

    def __init__(self, connection: Connection) -> None:
        """Open nothing yet; raises MissingLibrary where requests is not installed."""
        require_requests()
        if connection.verify is False:
            # The task says so itself, once, in its own words.
            disable_warnings(InsecureRequestWarning)
        self._connection = connection
        self._closed = threading.Event()
        self._safe_retry = patient_retry(connection.retries, self._closed, methods=SAFE_METHODS)
        self._session = requests.Session()
        # Proxies, .netrc and CA bundles of the process would override what the task says.
        self._session.trust_env = False
        self._session.headers["User-Agent"] = f"ansible-idgov.entra/{VERSION}"
        any_method = patient_retry(connection.retries, self._closed, methods=None)
        # Where jobs and machines get their tokens; a machine without that service shall hear of it at once.
        self._session.mount("https://", HTTPAdapter(max_retries=self._safe_retry))
        self._session.mount("http://", HTTPAdapter(max_retries=self._safe_retry.new(connect=0)))
        self._session.mount(connection.authority_host, HTTPAdapter(max_retries=any_method))
        self._session.mount(connection.graph_url, HTTPAdapter(max_retries=self._safe_retry))

    def pass_on_throttling(self, prefix: str) -> None:
        """Return answers from below an address to the caller at once, busy ones too: the caller paces itself."""
        self._session.mount(prefix, HTTPAdapter(max_retries=connecting_retry(self._connection.retries, self._closed)))

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """Send one call and give the answer whatever its status; redirects are answers too.

        ``options`` are those of requests. Raises TransportError where no whole answer came, and SessionClosed where the
        task has ended in the meantime.
        """
        if self._closed.is_set():
            raise SessionClosed
        retry: Retry = self._safe_retry
        while True:
            try:
                with quiet():
                    response = self._session.request(
                        method,
                        url,
                        timeout=self._connection.timeout,
                        verify=self._connection.verify,
                        proxies=self._proxies(url),
                        allow_redirects=False,
                        stream=True,
                        **options,
                    )
                    return _with_body(method, url, response)
            except requests.exceptions.ChunkedEncodingError as error:
                # The answer broke off after its head, which is where urllib3's own retries end.
                if method not in SAFE_METHODS or retry.is_exhausted() or not retry.total:
                    raise _transport_error(method, url, error, self._connection) from None
                retry = retry.increment(method, url, error=ProtocolError(str(error)))
                retry.sleep()
            except (requests.exceptions.RequestException, OSError) as error:
                raise _transport_error(method, url, error, self._connection) from None

    def close(self) -> None:
        """Close the kept connections; from now on nothing is sent, not even by a thread that was about to."""
        self._closed.set()
        self._session.close()

    def _proxies(self, url: str) -> dict[str, str]:
        proxy = self._connection.proxy
        host = urlsplit(url).netloc
        if not proxy or proxy_bypass_environment(host, {"no": self._connection.no_proxy}):
            return {}
        return {"https": proxy}


def _with_body(method: str, url: str, response: requests.Response) -> requests.Response:
    """Read the body of an answer, no more of it than any service has to say; raises TransportError for a larger one."""
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_content(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > LARGEST_BODY:
            response.close()
            raise TransportError(
                f"{urlsplit(url).netloc} answered with more than {LARGEST_BODY >> 20} MiB",
                method=method,
                url=url.partition("?")[0],
                sent=True,
                hint="check graph_url and proxy: something other than Microsoft Graph may have answered",
            )
    # Where requests itself keeps what it has read, for Response.content.
    response._content = b"".join(chunks)
    return response


def _transport_error(method: str, url: str, error: Exception, connection: Connection) -> TransportError:
    """Put a failure of requests into one sentence; query values may name people and stay out of it."""
    host = urlsplit(url).netloc
    reason, sent, hint = _explain(host, error, connection)
    return TransportError(reason, method=method, url=url.partition("?")[0], sent=sent, hint=hint)


def _explain(host: str, error: Exception, connection: Connection) -> tuple[str, bool, str | None]:
    """Return an error with what failed, whether the call may have arrived all the same, and what to do about it."""
    failures = requests.exceptions
    root = _root_cause(error)
    reason = _words(root)
    if isinstance(error, failures.ProxyError):
        return f"the proxy for {host} did not answer: {reason}", False, _CHECK_PROXY
    if isinstance(root, ssl.SSLCertVerificationError):
        return f"the TLS certificate of {host} is not trusted: {reason}", False, _CHECK_BUNDLE
    if isinstance(connection.verify, str) and not _is_usable(connection.verify):
        return f"the CA bundle {connection.verify} cannot be used: {reason}", False, _CHECK_BUNDLE
    if isinstance(error, failures.ConnectTimeout) or _never_connected(error):
        return f"{host} cannot be reached: {reason}", False, _CHECK_PLACE
    if isinstance(error, failures.ReadTimeout):
        return f"{host} did not answer within {connection.timeout} seconds", True, None
    return f"the connection to {host} was interrupted: {reason}", True, None


def _is_usable(bundle: str) -> bool:
    try:
        if os.path.isdir(bundle):
            ssl.create_default_context(capath=bundle)
        else:
            ssl.create_default_context(cafile=bundle)
    except OSError:
        return False
    return True


def _never_connected(error: BaseException) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), (NewConnectionError, ConnectTimeoutError))


def _root_cause(error: BaseException) -> BaseException:
    """Find the operating system's or OpenSSL's own exception at the bottom of a chain."""
    seen: set[int] = set()
    while id(error) not in seen:
        seen.add(id(error))
        below = getattr(error, "reason", None)
        if not isinstance(below, BaseException):
            below = error.__cause__ or next((a for a in error.args if isinstance(a, BaseException)), None)
        if below is None and isinstance(error, HTTPError):
            # Before 2.0, urllib3 names no cause.
            below = error.__context__
        if isinstance(below, BaseException):
            error = below
    return error


def _words(error: BaseException) -> str:
    return str(getattr(error, "verify_message", None) or getattr(error, "strerror", None) or error)
