# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a claims challenge: Graph's word that a token was revoked, and what a new one has to carry."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping

from ansible_collections.idgov.entra.plugins.module_utils._core.json_text import parse_json

_CLAIMS = re.compile(r'\bclaims="(?P<text>[^"]*)"', re.IGNORECASE)


def demanded_claims(headers: Mapping[str, str]) -> str | None:
    """Give the JSON text of the claims that a 401 asks for, or null; anything unreadable counts as none.

    Microsoft identity platform documentation, "Claims challenges, claims requests and client capabilities".
    """
    low = {name.lower(): value for name, value in headers.items()}
    challenge = low.get("www-authenticate", "")
    found = _CLAIMS.search(challenge)
    if not found or "insufficient_claims" not in challenge:
        return None
    # Both alphabets of base64 are in use, with padding and without.
    plain = found["text"].rstrip("=").replace("-", "+").replace("_", "/")
    try:
        text = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True).decode()
        claims = parse_json(text)
    except (ValueError, binascii.Error):
        return None
    return text if isinstance(claims, dict) else None
