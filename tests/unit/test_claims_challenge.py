# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a claims challenge asks for is read in every spelling, and nothing is made of what is none."""

from __future__ import annotations

import base64

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._graph.channel import demanded_claims

CLAIMS = '{"access_token": {"nbf": {"essential": true, "value": "1~~??"}}}'
STANDARD = base64.b64encode(CLAIMS.encode()).decode()
HEAD = 'Bearer realm="", authorization_uri="https://login.example/authorize", '


@pytest.mark.parametrize(
    "text", [STANDARD, STANDARD.rstrip("="), base64.urlsafe_b64encode(CLAIMS.encode()).decode().rstrip("=")]
)
@pytest.mark.parametrize("name", ["WWW-Authenticate", "www-authenticate"])
def test_the_claims_are_read(name: str, text: str) -> None:
    assert demanded_claims({name: f'{HEAD}error="insufficient_claims", claims="{text}"'}) == CLAIMS
    assert demanded_claims({name: f'{HEAD}claims="{text}", error="insufficient_claims"'}) == CLAIMS


@pytest.mark.parametrize(
    "challenge",
    [
        None,
        "Bearer",
        f'{HEAD}error="invalid_token"',
        f'{HEAD}error="invalid_token", claims="{STANDARD}"',
        f'{HEAD}error="insufficient_claims"',
        f'{HEAD}error="insufficient_claims", claims=""',
        f'{HEAD}error="insufficient_claims", claims="%%%"',
        f'{HEAD}error="insufficient_claims", claims="e30x"',
        f'{HEAD}error="insufficient_claims", claims="{base64.b64encode(b"[]").decode()}"',
        f'{HEAD}error="insufficient_claims", claims="{base64.b64encode(bytes([255])).decode()}"',
    ],
)
def test_what_is_no_claims_challenge_asks_for_nothing(challenge: str | None) -> None:
    assert demanded_claims({} if challenge is None else {"WWW-Authenticate": challenge}) is None
