# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one place that imports msal, and what msal wants of an HTTP client."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import MissingLibrary
from ansible_collections.idgov.entra.plugins.module_utils._http.session import HttpSession


def load_msal() -> Any:
    """Give the module msal, imported only where somebody signs in with it; raises MissingLibrary."""
    try:
        import msal

        # Older versions do not import their own exceptions.
        import msal.exceptions
    except ImportError:
        raise MissingLibrary("msal") from None
    return msal


def derives_thumbprint(version: str) -> bool:
    """Tell whether this version of msal finds the SHA-256 thumbprint of a PEM certificate by itself: since 1.35."""
    numbers = [int(number) for number in re.findall(r"\d+", version)[:2]]
    return numbers >= [1, 35]


class MsalHttp:
    """An HTTP client for msal over our own session: so TLS, proxies and retries are the task's."""

    def __init__(self, http: HttpSession) -> None:
        self._http = http

    def get(self, url: str, **options: Any) -> Any:
        return self._http.request("GET", url, **_known(options))

    def post(self, url: str, **options: Any) -> Any:
        return self._http.request("POST", url, **_known(options))

    def close(self) -> None:
        """Leave the session open: it is the task's."""


def _known(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name in ("params", "data", "headers")}
