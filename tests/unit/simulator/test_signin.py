# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign-in: tokens for who may have them, Entra's refusals, and what Graph makes of a token."""

from __future__ import annotations

from typing import Any

import jwt
import msal
import pytest
import requests

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.unit.simulator.graph_client import ADA, ENTITLEMENT, READ, Graph, ask

WORLD = {
    "tenant": {"domain": "contoso.onmicrosoft.com"},
    "apps": [
        {"name": "expired", "secret": "old", "secret_expires": "-P1D", "permissions": [READ]},
        {"name": "valid", "secret": "new", "permissions": [READ, "User.Read.All"]},
    ],
}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
@pytest.mark.parametrize("tenant", ["id", "contoso.onmicrosoft.com"])
def test_msal_gets_a_token_that_graph_takes(sim: Running, host: str, tenant: str) -> None:
    root = sim.url.replace("localhost", host)
    session = requests.Session()
    session.trust_env = False
    session.verify = sim.ca_path
    app = msal.ConfidentialClientApplication(
        sim.environment["AZURE_CLIENT_ID"],
        client_credential=sim.environment["AZURE_CLIENT_SECRET"],
        authority=f"{root}/{sim.environment['AZURE_TENANT_ID'] if tenant == 'id' else tenant}",
        instance_discovery=False,
        http_client=session,
    )
    token = app.acquire_token_for_client([f"{root}/.default"])
    claims = jwt.decode(token["access_token"], options={"verify_signature": False})
    assert claims["idtyp"] == "app"
    assert claims["tid"] == sim.environment["AZURE_TENANT_ID"]
    assert "EntitlementManagement.ReadWrite.All" in claims["roles"]
    assert Graph(sim, token["access_token"]).em("/accessPackages").status_code == 200


@pytest.mark.parametrize(
    ("tenant", "form", "status", "error", "number"),
    [
        ("fabrikam.com", {}, 400, "invalid_tenant", 90002),
        (None, {"client_id": ADA}, 400, "unauthorized_client", 700016),
        (None, {"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        (None, {"client_secret": ""}, 401, "invalid_client", 7000218),
        (None, {"scope": "https://graph.microsoft.com/.default"}, 400, "invalid_resource", 500011),
        (None, {"scope": "User.Read"}, 400, "invalid_scope", 70011),
        (None, {"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
        (None, {"grant_type": ""}, 400, "invalid_request", 900144),
    ],
)
def test_refusals_read_like_entras(
    sim: Running, tenant: str | None, form: dict[str, str], status: int, error: str, number: int
) -> None:
    response = ask(sim, tenant, **form)
    body = response.json()
    assert (response.status_code, body["error"], body["error_codes"]) == (status, error, [number])
    assert body["error_description"].startswith(f"AADSTS{number}: ")
    for part in (f"Trace ID: {body['trace_id']}", f"Correlation ID: {body['correlation_id']}", "Timestamp: "):
        assert part in body["error_description"]


def test_a_secret_runs_out(sim: Running) -> None:
    sim.load(WORLD)
    refused = ask(sim, client_id=id_of("app", "expired"), client_secret="old")
    assert (refused.status_code, refused.json()["error_codes"]) == (401, [7000222])
    assert ask(sim, client_id=id_of("app", "valid"), client_secret="new").status_code == 200


def test_discovery_and_keys_verify_a_token(sim: Running) -> None:
    session = requests.Session()
    session.trust_env = False

    def get(url: str) -> Any:
        return session.get(url, verify=sim.ca_path, timeout=10).json()

    tenant = sim.environment["AZURE_TENANT_ID"]
    found = get(f"{sim.url}/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration")
    assert found["issuer"] == f"{sim.url}/{tenant}/v2.0"
    key = jwt.PyJWK(get(found["jwks_uri"])["keys"][0])
    claims = jwt.decode(sim.token(), key, algorithms=["RS256"], audience=sim.url)
    assert claims["appid"] == sim.environment["AZURE_CLIENT_ID"]
    instance = get(
        f"{sim.url}/common/discovery/instance?authorization_endpoint={sim.url}/{tenant}/oauth2/v2.0/authorize"
    )
    assert instance["tenant_discovery_endpoint"] == f"{sim.url}/{tenant}/v2.0/.well-known/openid-configuration"


def expect_401(sim: Running, token: str) -> str:
    response = Graph(sim, token).get(f"{ENTITLEMENT}/accessPackages")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer ")
    error = response.json()["error"]
    assert error["code"] == "InvalidAuthenticationToken"
    return str(error["message"])


def test_graph_refuses_tokens_that_are_not_for_it(sim: Running) -> None:
    good = sim.token()
    head, _dummy, signature = good.split(".")
    other = Graph(sim, sim.token(user="ada@contoso.com", kind="delegated")).session.headers["Authorization"]
    assert "empty" in expect_401(sim, "")
    assert "CompactToken" in expect_401(sim, "nonsense")
    assert "Signature" in expect_401(sim, ".".join([head, str(other).split(".")[1], signature]))
    assert "audience" in expect_401(sim, sim.token(audience="https://vault.azure.net"))
    assert "tenant" in expect_401(sim, sim.token(tenant=ADA))


def test_a_token_expires_by_the_simulated_clock(sim: Running) -> None:
    token = sim.token(seconds=600)
    sim.advance(599)
    assert Graph(sim, token).em("/accessPackages").status_code == 200
    sim.advance(2)
    assert "expired" in expect_401(sim, token)


def test_calls_to_sign_in_are_listed_without_secrets(sim: Running) -> None:
    ask(sim)
    (call,) = sim.calls()
    assert (call["service"], call["status"]) == ("signin", 200)
    assert sim.environment["AZURE_CLIENT_SECRET"] not in str(call)
