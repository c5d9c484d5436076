# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way to Graph: names, certificates and proxies as the task has them, whatever the process has."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import TransportError
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from tests.support.proxy import Proxy, proxy
from tests.support.scripted import Answer, Scripted
from tests.unit.conftest import NewClient

CALL = Call("GET", "/users", {"$filter": "mail eq 'ada@contoso.com'"})
DONE = Answer(200, {"value": []})
PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy")


@pytest.fixture
def forward() -> Iterator[Proxy]:
    with proxy() as running:
        yield running


@pytest.fixture
def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@pytest.fixture
def other_authority(tmp_path: Path) -> str:
    """A bundle of certificates that did not issue the server's."""
    path = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(path))
    return str(path)


def refused(new_client: NewClient, environ: dict[str, str] | None = None, **options: object) -> TransportError:
    with pytest.raises(TransportError) as raised:
        new_client(environ, **{"retries": 0, **options}).send(CALL)
    error = raised.value
    assert "contoso" not in f"{error.as_result()}"
    assert error.hint
    return error


def test_a_port_on_which_nobody_listens(new_client: NewClient, free_port: int) -> None:
    error = refused(new_client, graph_url=f"https://localhost:{free_port}")
    assert not error.sent
    assert error.message == f"localhost:{free_port} cannot be reached: Connection refused"
    assert error.url == f"https://localhost:{free_port}/v1.0/users"


def test_a_host_that_is_not_there(new_client: NewClient) -> None:
    error = refused(new_client, graph_url="https://graph.invalid")
    assert not error.sent
    assert error.message.startswith("graph.invalid cannot be reached: ")
    assert "graph_url" in str(error.hint)


def test_a_certificate_of_another_authority(server: Scripted, new_client: NewClient, other_authority: str) -> None:
    error = refused(new_client, ca_path=other_authority)
    assert not error.sent
    assert error.message.startswith(f"the TLS certificate of {server.url.removeprefix('https://')} is not trusted: ")
    assert "ca_path" in str(error.hint)
    assert server.calls == []


def test_a_certificate_of_another_host(server: Scripted, new_client: NewClient) -> None:
    error = refused(new_client, graph_url=server.url.replace("localhost", "127.0.0.1"))
    assert not error.sent
    assert "is not trusted" in error.message
    assert server.calls == []


def test_a_bundle_that_is_not_there(server: Scripted, new_client: NewClient, tmp_path: Path) -> None:
    error = refused(new_client, ca_path=str(tmp_path / "none.pem"))
    assert not error.sent
    assert error.message.startswith(f"the CA bundle {tmp_path / 'none.pem'} cannot be used")
    assert server.calls == []


@pytest.mark.parametrize(
    "content", ["", "no certificate\n", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"]
)
def test_a_bundle_without_certificates(server: Scripted, new_client: NewClient, tmp_path: Path, content: str) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text(content, encoding="utf-8")
    error = refused(new_client, ca_path=str(bundle))
    assert not error.sent
    assert error.message.startswith(f"the CA bundle {bundle} cannot be used")
    assert server.calls == []


def test_certificates_are_not_looked_at_where_the_task_says_so(server: Scripted, new_client: NewClient) -> None:
    server.answers(DONE)
    assert new_client(validate_certs=False, ca_path=None).send(CALL).status == 200


def test_the_bundle_of_the_environment_of_the_task_is_taken(server: Scripted, new_client: NewClient) -> None:
    server.answers(DONE)
    assert new_client({"REQUESTS_CA_BUNDLE": server.ca_path}, ca_path=None).send(CALL).status == 200


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_a_bundle_of_the_process_neither_adds_nor_takes_trust(
    server: Scripted, new_client: NewClient, other_authority: str, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    server.answers(DONE)
    monkeypatch.setenv(variable, other_authority)
    assert new_client().send(CALL).status == 200
    monkeypatch.setenv(variable, server.ca_path)
    assert "is not trusted" in refused(new_client, ca_path=other_authority).message
    assert len(server.calls) == 1


def test_a_netrc_of_the_process_does_not_replace_the_token(
    server: Scripted, new_client: NewClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login ada password hunter2\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    server.answers(DONE)
    new_client().send(CALL)
    assert server.calls[0].headers["authorization"] == "Bearer token-1"


def test_a_proxy_of_the_process_is_not_used(
    server: Scripted, new_client: NewClient, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in PROXIES[:6]:
        monkeypatch.setenv(variable, f"http://127.0.0.1:{free_port}")
    monkeypatch.setenv("NO_PROXY", "")
    server.answers(DONE)
    assert new_client().send(CALL).status == 200


@pytest.mark.parametrize("place", ["option", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_the_proxy_of_the_task_is_used_and_does_not_see_the_token(
    server: Scripted, new_client: NewClient, forward: Proxy, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What the process says must not lead around it.
    monkeypatch.setenv("NO_PROXY", "*")
    server.answers(DONE)
    client = new_client(proxy=forward.url) if place == "option" else new_client({place: forward.url})
    assert client.send(CALL).status == 200
    assert server.calls[0].headers["authorization"] == "Bearer token-1"
    (head,) = forward.heads
    assert head.startswith(f"CONNECT {server.url.removeprefix('https://')} ")
    assert "token-1" not in head


@pytest.mark.parametrize("names", ["localhost", "example.org, localhost", "*", ".localhost"])
@pytest.mark.parametrize("variable", ["NO_PROXY", "no_proxy"])
def test_no_proxy_of_the_task_leads_around_it(
    server: Scripted, new_client: NewClient, forward: Proxy, variable: str, names: str
) -> None:
    server.answers(DONE)
    assert new_client({"HTTPS_PROXY": forward.url, variable: names}).send(CALL).status == 200
    assert forward.heads == []


@pytest.mark.parametrize("names", ["example.org", "host", "local", ""])
def test_no_proxy_for_others_does_not(server: Scripted, new_client: NewClient, forward: Proxy, names: str) -> None:
    server.answers(DONE)
    new_client({"HTTPS_PROXY": forward.url, "NO_PROXY": names}).send(CALL)
    assert len(forward.heads) == 1


def test_name_and_password_of_a_proxy_go_to_the_proxy_alone(
    server: Scripted, new_client: NewClient, forward: Proxy
) -> None:
    server.answers(DONE)
    new_client(proxy=forward.url.replace("//", "//me:hunter2@")).send(CALL)
    assert "proxy-authorization: basic bwu6ahvudgvymg==" in forward.heads[0].lower()
    assert "proxy-authorization" not in server.calls[0].headers


def test_a_proxy_that_is_not_there(new_client: NewClient, free_port: int) -> None:
    error = refused(new_client, proxy=f"http://me:hunter2@127.0.0.1:{free_port}")
    assert not error.sent
    assert "proxy" in error.message
    assert "proxy" in str(error.hint)
    assert "hunter2" not in f"{error.message} {error.as_result()}"


@pytest.mark.parametrize("answer", ["407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway"])
def test_a_proxy_that_refuses(server: Scripted, new_client: NewClient, forward: Proxy, answer: str) -> None:
    forward.answer = answer
    error = refused(new_client, proxy=forward.url.replace("//", "//me:hunter2@"))
    assert not error.sent
    assert answer[:3] in error.message
    assert "hunter2" not in f"{error.message} {error.as_result()}"
    assert server.calls == []
