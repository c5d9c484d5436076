# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""requests and urllib3, where they can be imported; what they log, addresses that name people, stays out of the log."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import MissingLibrary

_LOGGERS = (
    "msal.application",
    "msal.authority",
    "msal.managed_identity",
    "msal.oauth2cli.assertion",
    "msal.oauth2cli.oauth2",
    "msal.oauth2cli.oidc",
    "msal.telemetry",
    "urllib3.connectionpool",
    "urllib3.util.retry",
)
_thread = threading.local()


def _is_desired(_record: logging.LogRecord) -> bool:
    return not getattr(_thread, "is_quiet", False)


for _name in _LOGGERS:
    # One filter for all sessions; what others log in this process, with the same libraries, is theirs.
    logging.getLogger(_name).addFilter(_is_desired)


@contextmanager
def quiet() -> Iterator[None]:
    """Let these libraries log nothing in this thread within the block."""
    before = getattr(_thread, "is_quiet", False)
    _thread.is_quiet = True
    try:
        yield
    finally:
        _thread.is_quiet = before


if TYPE_CHECKING:
    import requests
    from requests.adapters import HTTPAdapter
    from requests.auth import AuthBase
    from urllib3 import disable_warnings
    from urllib3.exceptions import (
        ConnectTimeoutError,
        HTTPError,
        InsecureRequestWarning,
        MaxRetryError,
        NewConnectionError,
        ProtocolError,
    )
    from urllib3.util import Retry

    HAS_REQUESTS = True
else:
    try:
        import requests
        from requests.adapters import HTTPAdapter
        from requests.auth import AuthBase
        from urllib3 import disable_warnings
        from urllib3.exceptions import (
            ConnectTimeoutError,
            HTTPError,
            InsecureRequestWarning,
            MaxRetryError,
            NewConnectionError,
            ProtocolError,
        )
        from urllib3.util import Retry

        HAS_REQUESTS = True
    except ImportError:
        requests = disable_warnings = None
        HTTPAdapter = AuthBase = Retry = object
        ConnectTimeoutError = HTTPError = InsecureRequestWarning = MaxRetryError = Exception
        NewConnectionError = ProtocolError = Exception
        HAS_REQUESTS = False

__all__ = [
    "AuthBase",
    "ConnectTimeoutError",
    "HTTPAdapter",
    "HTTPError",
    "InsecureRequestWarning",
    "MaxRetryError",
    "NewConnectionError",
    "ProtocolError",
    "Retry",
    "disable_warnings",
    "requests",
    "require_requests",
]


def require_requests() -> None:
    """Raise MissingLibrary where requests cannot be imported."""
    if not HAS_REQUESTS:
        raise MissingLibrary("requests")
