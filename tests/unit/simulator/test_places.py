# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens without a secret: machines in Azure, jobs of a build service, people with a device code; and revocation."""

from __future__ import annotations

import json
from typing import Any

import msal
import pytest
import requests

from tests.simulator.foreign_issuer import AUDIENCE, REQUEST_TOKEN, SUBJECT
from tests.simulator.ids import id_of
from tests.simulator.managed_identity import IDENTITY_HEADER
from tests.simulator.running import Running
from tests.support.sign_in import APP, ASSIGNED, claims_of, open_every_door
from tests.unit.simulator.graph_client import Graph, ask

Json = dict[str, Any]
MACHINE = "/metadata/identity/oauth2/token"
APP_SERVICE = "/msi/token"
METADATA = {"Metadata": "true"}
HEADER = {"X-IDENTITY-HEADER": IDENTITY_HEADER}


def get(sim: Running, path: str, query: Json, headers: dict[str, str]) -> requests.Response:
    session = requests.Session()
    session.trust_env = False
    return session.get(f"{sim.url}{path}", params=query, headers=headers, verify=sim.ca_path, timeout=10)


@pytest.mark.parametrize(
    ("path", "headers", "version"), [(MACHINE, METADATA, "2018-02-01"), (APP_SERVICE, HEADER, "2019-08-01")]
)
@pytest.mark.parametrize(("desired", "found"), [({}, APP), ({"client_id": ASSIGNED}, ASSIGNED)])
def test_a_machine_gets_a_token_that_graph_takes(
    sim: Running, path: str, headers: dict[str, str], version: str, desired: Json, found: str
) -> None:
    open_every_door(sim)
    answer = get(sim, path, {"api-version": version, "resource": sim.url, **desired}, headers)
    assert answer.status_code == 200
    token = answer.json()["access_token"]
    assert claims_of(token)["appid"] == found
    assert Graph(sim, token).em("/accessPackages").status_code == 200


@pytest.mark.parametrize(
    ("path", "query", "headers", "status"),
    [
        pytest.param(MACHINE, {}, {}, 400, id="no metadata header"),
        pytest.param(MACHINE, {}, {"Metadata": "True"}, 400, id="in capitals"),
        pytest.param(MACHINE, {}, {**METADATA, "X-Forwarded-For": "192.0.2.1"}, 400, id="through a proxy"),
        pytest.param(MACHINE, {"api-version": "2017-09-01"}, METADATA, 400, id="old version"),
        pytest.param(MACHINE, {"resource": "https://vault.azure.net"}, METADATA, 400, id="another resource"),
        pytest.param(MACHINE, {"client_id": APP}, METADATA, 400, id="not assigned"),
        pytest.param(APP_SERVICE, {}, {}, 401, id="no identity header"),
        pytest.param(APP_SERVICE, {}, {"X-IDENTITY-HEADER": "x"}, 401, id="wrong identity header"),
        pytest.param(APP_SERVICE, {"api-version": "2017-09-01"}, HEADER, 400, id="App Service, old version"),
    ],
)
def test_a_machine_that_asks_wrongly_gets_none(
    sim: Running, path: str, query: Json, headers: dict[str, str], status: int
) -> None:
    open_every_door(sim)
    version = "2018-02-01" if path == MACHINE else "2019-08-01"
    answer = get(sim, path, {"api-version": version, "resource": sim.url, **query}, headers)
    assert answer.status_code == status
    assert "access_token" not in answer.json()


def test_a_machine_without_an_identity_gets_none(sim: Running) -> None:
    answer = get(sim, MACHINE, {"api-version": "2018-02-01", "resource": sim.url}, METADATA)
    assert (answer.status_code, answer.json()["error_description"]) == (400, "Identity not found")


def test_a_job_gets_its_token_for_the_audience_that_it_names(sim: Running) -> None:
    bearer = {"Authorization": f"bearer {REQUEST_TOKEN}"}
    answer = get(sim, "/_actions/idtoken", {"api-version": "2.0", "audience": AUDIENCE}, bearer)
    claims = claims_of(answer.json()["value"])
    assert (claims["aud"], claims["sub"]) == (AUDIENCE, SUBJECT)
    assert claims_of(get(sim, "/_actions/idtoken", {}, bearer).json()["value"])["aud"] != AUDIENCE
    assert get(sim, "/_actions/idtoken", {}, {"Authorization": "bearer x"}).status_code == 401


def public_client(sim: Running) -> msal.PublicClientApplication:
    session = requests.Session()
    session.trust_env = False
    session.verify = sim.ca_path
    authority = f"{sim.url}/{sim.environment['AZURE_TENANT_ID']}"
    return msal.PublicClientApplication(APP, authority=authority, instance_discovery=False, http_client=session)


def poll(app: msal.PublicClientApplication, flow: Json) -> Json:
    # A copy of the flow knows nothing of earlier polls, so msal does not mind how often it is asked.
    answer: Json = app.acquire_token_by_device_flow({**flow}, exit_condition=lambda _flow: True)
    return answer


def test_a_person_signs_in_by_device_code(sim: Running) -> None:
    open_every_door(sim)
    app = public_client(sim)
    sim.device_person("grace@contoso.com", after_polls=1)
    flow = app.initiate_device_flow([f"{sim.url}/.default"])
    assert flow["user_code"] in flow["message"]
    assert poll(app, flow)["error"] == "authorization_pending"
    claims = claims_of(poll(app, flow)["access_token"])
    assert (claims["idtyp"], claims["oid"]) == ("user", id_of("user", "grace@contoso.com"))
    assert poll(app, flow)["error"] == "bad_verification_code"


@pytest.mark.parametrize(
    ("decision", "seconds", "error"),
    [
        ("decline", 0, "authorization_declined"),
        ("ignore", 0, "authorization_pending"),
        ("ignore", 900, "expired_token"),
        ("approve", 900, "expired_token"),
    ],
)
def test_a_device_code_may_come_to_nothing(sim: Running, decision: str, seconds: int, error: str) -> None:
    open_every_door(sim)
    app = public_client(sim)
    sim.device_person("grace@contoso.com", decision)
    flow = app.initiate_device_flow([f"{sim.url}/.default"])
    sim.advance(seconds)
    assert poll(app, flow)["error"] == error


def test_only_public_clients_get_device_codes(sim: Running) -> None:
    flow = public_client(sim).initiate_device_flow([f"{sim.url}/.default"])
    assert flow["error_codes"] == [7000218]


def test_revoked_tokens_are_replaced_only_for_who_asks_with_the_claims(sim: Running) -> None:
    old = ask(sim).json()["access_token"]
    claims = sim.challenge()
    refused = Graph(sim, old).em("/accessPackages")
    assert refused.status_code == 401
    assert 'error="insufficient_claims", claims="' in refused.headers["WWW-Authenticate"]
    for wrong in ("", json.dumps({"access_token": {"nbf": {"value": "1"}}})):
        token = ask(sim, claims=wrong).json()["access_token"]
        assert Graph(sim, token).em("/accessPackages").status_code == 401
    more = {**claims, "access_token": {**claims["access_token"], "xms_cc": {"values": ["cp1"]}}}
    token = ask(sim, claims=json.dumps(more)).json()["access_token"]
    assert Graph(sim, token).em("/accessPackages").status_code == 200
    assert Graph(sim, old).em("/accessPackages").status_code == 401


def test_claims_that_are_no_json_are_refused(sim: Running) -> None:
    assert ask(sim, claims="{").json()["error_codes"] == [90023]
    assert ask(sim, claims="[]").json()["error_codes"] == [90023]
