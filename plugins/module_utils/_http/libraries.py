# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one guard around requests and urllib3: a module must be importable where they are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import MissingLibrary

if TYPE_CHECKING:
    import requests
    from requests.adapters import HTTPAdapter
    from requests.auth import AuthBase
    from urllib3 import disable_warnings
    from urllib3.exceptions import (
        ConnectTimeoutError,
        HTTPError,
        InsecureRequestWarning,
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
            NewConnectionError,
            ProtocolError,
        )
        from urllib3.util import Retry

        HAS_REQUESTS = True
    except ImportError:
        requests = disable_warnings = None
        HTTPAdapter = AuthBase = Retry = object
        ConnectTimeoutError = HTTPError = InsecureRequestWarning = NewConnectionError = ProtocolError = Exception
        HAS_REQUESTS = False

__all__ = [
    "AuthBase",
    "ConnectTimeoutError",
    "HTTPAdapter",
    "HTTPError",
    "InsecureRequestWarning",
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
