# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that repeat what they were sent, in every form: no odd letter in a credential gets it past the mask."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.clock import SystemClock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, OptionError
from ansible_collections.idgov.entra.plugins.module_utils._core.secrets import spellings_of
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import Context, failure, sign_in
from ansible_collections.idgov.entra.plugins.plugin_utils.masking import masked
from tests.support.certificates import pair
from tests.support.proxy import proxy
from tests.support.scripted import Answer, Received, Scripted

Json = dict[str, Any]
CANARY = "canary-5be03d"
IDS = {"tenant_id": "contoso.onmicrosoft.com", "client_id": "5be03d00-0000-4000-8000-000000000001"}
ODD = {
    "plain": CANARY,
    "newline inside": f"{CANARY}\n{CANARY}",
    "newline behind": f"{CANARY}\n",
    "quote": f"{CANARY}'{CANARY}",
    "both quotes": f"\"{CANARY}'\\",
    "percent": f"{CANARY}%{CANARY}%41",
    "full stop": f"{CANARY}.",
    "two blanks": f"{CANARY}  {CANARY}",
    "non-ASCII": f"{CANARY}\u2026",
    "a byte that is no text": f"{CANARY}\udcff",
    "direction mark": f"{CANARY}\u202e",
}
# What stands in a text where it holds the canary, also behind one or two letters in base64.
MARKS = [
    CANARY,
    *(base64.b64encode(b"x" * lead + CANARY.encode()).decode()[4:-4] for lead in range(3)),
]


def echo(server: Scripted) -> None:
    """Play a sign-in, a platform and a Graph that say in their errors what they were sent."""

    def answered(call: Received) -> Answer:
        if call.path.endswith("openid-configuration"):
            issuer = f"{server.url}/{IDS['tenant_id']}/v2.0"
            return Answer(
                200,
                {
                    "issuer": issuer,
                    "token_endpoint": f"{server.url}/token",
                    "authorization_endpoint": f"{server.url}/a",
                },
            )
        said = _forms(json.dumps(call.headers) + str(call.body))
        said += "".join(_forms(text) for text in call.headers.values())
        if call.path.startswith("/v1.0"):
            return Answer(400, {"error": {"code": "BadRequest", "message": said}})
        return Answer(400, {"error": "invalid_client", "error_description": said, "message": said, "statusCode": 400})

    server.answer = answered


def _forms(text: str) -> str:
    plain = unquote_plus(text)
    encoded = base64.b64encode(plain.encode("utf-8", "replace")).decode()
    return f"{text} {plain} {text!r} {plain!r} {encoded} {json.dumps(plain)} {' '.join(plain.split())}. "


def context_of(server: Scripted, environ: Json, secrets: set[str], **options: Any) -> Context:
    given = {"api_version": "v1.0", "timeout": 10, "retries": 0, "ca_path": server.ca_path, **options}
    places = {"graph_url": server.url, "authority_host": server.url, "disable_instance_discovery": True}
    return Context({**places, **given}, environ, False, SystemClock(), secrets.add, lambda _: None, lambda _: None)


def shown(server: Scripted, environ: Json, **options: Any) -> tuple[EntraError, str]:
    """Sign in and call; give the error and all that a host shows of it."""
    secrets: set[str] = {str(options[name]) for name in OPTIONS if name in options}
    context = context_of(server, environ, secrets, **options)
    with pytest.raises(EntraError) as raised, sign_in(context) as signed_in:
        signed_in.graph.send(Call("GET", "/users"))
    return raised.value, json.dumps(masked(failure(raised.value), spellings_of(secrets)), ensure_ascii=False)


OPTIONS = ("client_secret", "access_token", "oidc_token", "oidc_request_token", "certificate_password", "proxy")
PLACES: dict[str, Callable[[Scripted, str, Path], tuple[Json, Json]]] = {
    "secret": lambda _server, text, _folder: ({}, {"client_secret": text, **IDS}),
    "secret of the environment": lambda _server, text, _folder: (
        {"AZURE_CLIENT_ID": IDS["client_id"], "AZURE_TENANT_ID": IDS["tenant_id"], "AZURE_CLIENT_SECRET": text},
        {},
    ),
    "token": lambda _server, text, _folder: ({}, {"access_token": text}),
    "token of the environment": lambda _server, text, _folder: ({"IDGOV_ACCESS_TOKEN": text}, {}),
    "federated token": lambda _server, text, _folder: ({}, {"oidc_token": text, **IDS}),
    "federated file": lambda _server, text, folder: ({}, {"oidc_token_file_path": written(folder, text), **IDS}),
    "request token": lambda server, text, _folder: (
        {},
        {"oidc_request_url": f"{server.url}/ask", "oidc_request_token": text, **IDS},
    ),
    "request token of the environment": lambda server, text, _folder: (
        {"ACTIONS_ID_TOKEN_REQUEST_URL": f"{server.url}/ask", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": text},
        {**IDS},
    ),
    "password": lambda _server, text, folder: (
        {},
        {"certificate_path": written(folder, pair().pem + pair().key_pem("x")), "certificate_password": text, **IDS},
    ),
    "machine": lambda server, text, _folder: (
        {"IDENTITY_ENDPOINT": f"{server.url}/msi", "IDENTITY_HEADER": text},
        {"auth_source": "msi"},
    ),
}


def written(folder: Path, text: str) -> str:
    path = folder / "credential"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    path.chmod(0o600)
    return str(path)


@pytest.mark.parametrize("secret", ODD.values(), ids=ODD)
@pytest.mark.parametrize("place", PLACES)
def test_no_odd_letter_gets_a_secret_out(
    server: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, secret: str
) -> None:
    echo(server)
    environ, options = PLACES[place](server, secret, tmp_path)
    if place == "machine" and secret.isascii() and "\0" not in secret:
        # Msal looks there, and the hosts lend it what the task sees.
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
    error, text = shown(server, environ, **options)
    assert [mark for mark in MARKS if mark in text] == [], text
    assert "raceback" not in text
    if "\n" in secret.strip() or not secret.isascii():
        assert isinstance(error, OptionError) or place in ("secret", "secret of the environment", "password"), error


def test_the_assertion_that_msal_signs_is_masked(server: Scripted, tmp_path: Path) -> None:
    echo(server)
    path = written(tmp_path, pair().pem + pair().key_pem())
    _error, text = shown(server, {}, certificate_path=path, **IDS)
    assert "client_assertion" in text
    (sent,) = [call.body for call in server.calls if call.path == "/token"]
    assertion = sent.partition("client_assertion=")[2].partition("&")[0]
    assert assertion
    assert assertion not in text


@pytest.mark.parametrize("password", [f"{CANARY}'x", f"{CANARY}%25x", f"{CANARY}%2F%40", f"{CANARY}.", f"%20{CANARY}"])
def test_a_proxy_that_repeats_what_it_was_sent(server: Scripted, password: str) -> None:
    with proxy() as running:
        basic = base64.b64encode(f"me:{unquote_plus(password)}".encode()).decode()
        running.answer = f"407 no {unquote_plus(password)} {password} {basic}"
        address = running.url.replace("://", f"://me:{password}@")
        error, text = shown(server, {"HTTPS_PROXY": address}, access_token="token-1")
    assert [mark for mark in MARKS if mark in text] == [], text
    assert error.message


@pytest.mark.parametrize(
    "password", [f"{CANARY}\n", f"a {CANARY}", f"{CANARY}\u00e9", f"{CANARY}%C3%A9", f"{CANARY}%0A"]
)
def test_a_password_that_proxies_would_not_understand_is_refused(server: Scripted, password: str) -> None:
    error, text = shown(server, {"HTTPS_PROXY": f"http://me:{password}@127.0.0.1:1"}, access_token="token-1")
    assert isinstance(error, OptionError)
    assert text.count("proxy") >= 1
    assert CANARY not in text
    assert server.calls == []


@pytest.mark.parametrize("token", ["a b", "a\nb", "", "\u00e9", 'a"b c'])
def test_a_token_that_a_service_gives_is_checked_too(server: Scripted, token: str) -> None:
    def answered(call: Received) -> Answer:
        issuer = f"{server.url}/{IDS['tenant_id']}/v2.0"
        places = {
            "issuer": issuer,
            "token_endpoint": f"{server.url}/token",
            "authorization_endpoint": f"{server.url}/a",
        }
        known = call.path.endswith("openid-configuration")
        return Answer(200, places if known else {"access_token": token, "token_type": "Bearer", "expires_in": 3599})

    server.answer = answered
    error, _text = shown(server, {}, client_secret="not-a-real-secret", **IDS)
    assert error.message == "could not sign in: the token contains characters that no token has"
    assert [call.path for call in server.calls if call.path.startswith("/v1.0")] == []
