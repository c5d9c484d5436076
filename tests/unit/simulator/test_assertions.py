# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Client assertions: each thing that Entra checks is checked, one fault at a time."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from tests.simulator.foreign_issuer import SUBJECT
from tests.simulator.running import Running
from tests.support.certificates import Pair, pair
from tests.support.sign_in import APP, open_every_door
from tests.unit.simulator.graph_client import ask

Json = dict[str, Any]
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def thumbprint(given: Pair) -> Json:
    return {"x5t#S256": encoded(given.certificate.fingerprint(hashes.SHA256()))}


def chain(*given: Pair) -> list[str]:
    return [base64.b64encode(one.certificate.public_bytes(Encoding.DER)).decode() for one in given]


def send(sim: Running, assertion: str, **form: str) -> tuple[int, list[int]]:
    answer = ask(sim, client_secret="", client_assertion=assertion, **{"client_assertion_type": TYPE, **form})
    return answer.status_code, answer.json().get("error_codes", [])


def signed(
    sim: Running,
    *,
    by: Pair | None = None,
    header: Json | None = None,
    algorithm: str = "PS256",
    **claims: Any,
) -> str:
    """An assertion as it should be, but for what is given; a claim of None is left out."""
    now = int(time.time())
    content = {
        "aud": f"{sim.url}/{sim.environment['AZURE_TENANT_ID']}/oauth2/v2.0/token",
        "iss": APP,
        "sub": APP,
        "jti": str(uuid.uuid4()),
        "iat": now,
        "exp": now + 300,
        **claims,
    }
    key = (by or pair()).key
    whole = {name: value for name, value in content.items() if value is not None}
    return jwt.encode(whole, key, algorithm=algorithm, headers=header or thumbprint(pair()))


GOOD: dict[str, Callable[[Running], str]] = {
    "PS256 with SHA-256": signed,
    "RS256 with SHA-1": lambda sim: signed(
        sim, algorithm="RS256", header={"x5t": encoded(pair().certificate.fingerprint(hashes.SHA1()))}
    ),
    "with itself as chain": lambda sim: signed(sim, header={**thumbprint(pair()), "x5c": chain(pair())}),
    "to the tenant's name": lambda sim: signed(sim, aud=f"{sim.url}/contoso.onmicrosoft.com/oauth2/v2.0/token"),
}


@pytest.mark.parametrize("make", GOOD.values(), ids=GOOD)
def test_an_assertion_of_the_app_is_taken(sim: Running, make: Callable[[Running], str]) -> None:
    open_every_door(sim)
    tenant = "contoso.onmicrosoft.com" if make is GOOD["to the tenant's name"] else ""
    assert send(sim, make(sim), tenant=tenant) == (200, [])


def test_an_assertion_with_the_chain_of_its_certificate_is_taken(sim: Running) -> None:
    leaf = pair("leaf", issuer="authority")
    open_every_door(sim, certificates=(leaf.pem,))
    whole = {**thumbprint(leaf), "x5c": chain(leaf, pair("authority"))}
    assert send(sim, signed(sim, by=leaf, header=whole)) == (200, [])
    broken = {**thumbprint(leaf), "x5c": chain(leaf, pair("stranger"))}
    assert send(sim, signed(sim, by=leaf, header=broken)) == (401, [700027])


NOW = int(time.time())
BAD: dict[str, tuple[Callable[[Running], str], int]] = {
    "no JWT": (lambda sim: "nonsense", 50027),
    "a certificate that is not registered": (
        lambda sim: signed(sim, by=pair("stranger"), header=thumbprint(pair("stranger"))),
        700027,
    ),
    "no certificate named": (lambda sim: signed(sim, header={"kid": "x"}), 700027),
    "signed by another key": (lambda sim: signed(sim, by=pair("stranger")), 700027),
    "another certificate as chain": (
        lambda sim: signed(sim, header={**thumbprint(pair()), "x5c": chain(pair("stranger"))}),
        700027,
    ),
    "a chain that is none": (lambda sim: signed(sim, header={**thumbprint(pair()), "x5c": ["%"]}), 50027),
    "for another tenant": (lambda sim: signed(sim, aud=f"{sim.url}/common/oauth2/v2.0/token"), 700023),
    "for another place": (lambda sim: signed(sim, aud="https://login.microsoftonline.com"), 700023),
    "for nobody": (lambda sim: signed(sim, aud=None), 700023),
    "in the name of another app": (lambda sim: signed(sim, iss="other", sub="other"), 700021),
    "run out": (lambda sim: signed(sim, exp=NOW - 60), 700024),
    "not yet good": (lambda sim: signed(sim, nbf=NOW + 3600, exp=NOW + 7200), 700024),
    "without an end": (lambda sim: signed(sim, exp=None), 700024),
    "without its own id": (lambda sim: signed(sim, jti=None), 50027),
    "an algorithm for shared keys": (
        lambda sim: jwt.encode({"iss": APP, "sub": APP}, "x" * 32, headers=thumbprint(pair())),
        700027,
    ),
}


@pytest.mark.parametrize(("make", "number"), BAD.values(), ids=BAD)
def test_an_assertion_with_one_fault_is_refused(sim: Running, make: Callable[[Running], str], number: int) -> None:
    open_every_door(sim)
    _status, numbers = send(sim, make(sim))
    assert numbers == [number]


def test_a_certificate_that_has_run_out_is_refused(sim: Running) -> None:
    old = pair("old", days=-1)
    open_every_door(sim, certificates=(old.pem,))
    assert send(sim, signed(sim, by=old, header=thumbprint(old))) == (401, [1000502])


def test_the_type_of_an_assertion_has_to_be_named(sim: Running) -> None:
    open_every_door(sim)
    assert send(sim, signed(sim), client_assertion_type="") == (400, [900144])
    assert send(sim, signed(sim), client_assertion_type="jwt") == (400, [900144])


@pytest.mark.parametrize(
    ("claims", "number"),
    [
        ({}, None),
        ({"issuer": "https://token.actions.githubusercontent.com/"}, 700211),
        ({"subject": f"{SUBJECT}s"}, 700213),
        ({"subject": SUBJECT.upper()}, 700213),
        ({"audience": "https://graph.microsoft.com"}, 700212),
        ({"seconds": -600}, 700024),
    ],
)
def test_a_token_of_another_issuer_must_be_one_that_is_registered(
    sim: Running, claims: dict[str, Any], number: int | None
) -> None:
    open_every_door(sim)
    assert send(sim, sim.foreign_token(**claims))[1] == ([number] if number else [])


def test_a_token_that_another_issuer_did_not_sign_is_refused(sim: Running) -> None:
    open_every_door(sim)
    content = jwt.decode(sim.foreign_token(), options={"verify_signature": False})
    forged = jwt.encode(content, pair("stranger").key, algorithm="RS256")
    assert send(sim, forged)[1] == [50013]


def test_an_app_without_federated_credentials_takes_no_foreign_token(sim: Running) -> None:
    open_every_door(sim, federated=[])
    assert send(sim, sim.foreign_token()) == (400, [70025])


def test_a_foreign_token_runs_out_by_the_simulated_clock(sim: Running) -> None:
    open_every_door(sim)
    token = sim.foreign_token(seconds=300)
    assert send(sim, token)[0] == 200
    sim.advance(301)
    assert send(sim, token)[1] == [700024]
