# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where Graph and the sign-in are and how they are reached, from options and environment."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import (
    Connection,
    connection_warnings,
    resolve_connection,
)
from ansible_collections.idgov.entra.plugins.module_utils._options.environment import first_set

GRAPH = "https://graph.microsoft.com"
LOGIN = "https://login.microsoftonline.com"


def resolve(environ: dict[str, str] | None = None, **options: Any) -> Connection:
    return resolve_connection({"timeout": 60, "retries": 5, **options}, environ or {})


def test_with_nothing_given_it_is_the_global_cloud_with_certificates_verified() -> None:
    assert resolve() == Connection(
        graph_url=GRAPH,
        authority_host=LOGIN,
        ask_instance=False,
        verify=True,
        proxy=None,
        no_proxy="",
        timeout=60,
        retries=5,
    )


# What a member comes to: options, environment, value.
PRECEDENCE = [
    ("graph_url", {"graph_url": "https://a.example"}, {"IDGOV_GRAPH_URL": "https://b.example"}, "https://a.example"),
    ("graph_url", {}, {"IDGOV_GRAPH_URL": "https://b.example"}, "https://b.example"),
    ("graph_url", {"graph_url": ""}, {"IDGOV_GRAPH_URL": ""}, GRAPH),
    ("graph_url", {"cloud_environment": "dod"}, {}, "https://dod-graph.microsoft.us"),
    ("graph_url", {"cloud_environment": "dod"}, {"AZURE_CLOUD_ENVIRONMENT": "china"}, "https://dod-graph.microsoft.us"),
    ("graph_url", {"cloud_environment": "dod"}, {"IDGOV_GRAPH_URL": "https://b.example"}, "https://b.example"),
    ("graph_url", {}, {"AZURE_CLOUD_ENVIRONMENT": "", "ARM_ENVIRONMENT": "usgovernment"}, "https://graph.microsoft.us"),
    ("graph_url", {}, {"AZURE_CLOUD_ENVIRONMENT": "dod", "ARM_ENVIRONMENT": "x"}, "https://dod-graph.microsoft.us"),
    (
        "authority_host",
        {"authority_host": "https://a.example"},
        {"AZURE_AUTHORITY_HOST": "b.example"},
        "https://a.example",
    ),
    ("authority_host", {}, {"AZURE_AUTHORITY_HOST": "login.b.example"}, "https://login.b.example"),
    (
        "authority_host",
        {},
        {"AZURE_AUTHORITY_HOST": "https://login.microsoftonline.us/"},
        "https://login.microsoftonline.us",
    ),
    ("authority_host", {"cloud_environment": "AzureChinaCloud"}, {}, "https://login.chinacloudapi.cn"),
    ("authority_host", {"graph_url": "https://a.example"}, {}, LOGIN),
    (
        "graph_url",
        {"graph_url": "https://a.example", "authority_host": "login.a.example"},
        {"AZURE_CLOUD_ENVIRONMENT": "https://management.local.azurestack.external"},
        "https://a.example",
    ),
    ("verify", {"ca_path": "/a.pem"}, {"IDGOV_CA_PATH": "/b.pem"}, "/a.pem"),
    ("verify", {}, {"IDGOV_CA_PATH": "/b.pem", "REQUESTS_CA_BUNDLE": "/c.pem"}, "/b.pem"),
    ("verify", {}, {"IDGOV_CA_PATH": "", "REQUESTS_CA_BUNDLE": "/c.pem", "CURL_CA_BUNDLE": "/d.pem"}, "/c.pem"),
    ("verify", {}, {"REQUESTS_CA_BUNDLE": "", "CURL_CA_BUNDLE": "/d.pem"}, "/d.pem"),
    ("verify", {"validate_certs": False, "ca_path": "/a.pem"}, {}, False),
    ("verify", {}, {"AZURE_CERT_VALIDATION_MODE": "Ignore"}, False),
    ("verify", {}, {"AZURE_CERT_VALIDATION_MODE": "validate"}, True),
    ("verify", {"validate_certs": True}, {"AZURE_CERT_VALIDATION_MODE": "ignore"}, True),
    ("proxy", {"proxy": "http://a:1"}, {"HTTPS_PROXY": "http://b:2"}, "http://a:1"),
    ("proxy", {}, {"https_proxy": "http://b:2", "HTTPS_PROXY": "http://c:3"}, "http://b:2"),
    ("proxy", {}, {"https_proxy": "", "HTTPS_PROXY": "http://c:3", "ALL_PROXY": "http://d:4"}, "http://c:3"),
    ("proxy", {}, {"ALL_PROXY": "http://d:4"}, "http://d:4"),
    ("proxy", {}, {"HTTP_PROXY": "http://e:5", "http_proxy": "http://e:5"}, None),
    ("no_proxy", {}, {"NO_PROXY": "a.example"}, "a.example"),
    ("no_proxy", {}, {"no_proxy": "b.example", "NO_PROXY": "a.example"}, "b.example"),
    ("ask_instance", {"authority_host": "login.a.example"}, {}, True),
    ("ask_instance", {"authority_host": "login.a.example", "disable_instance_discovery": True}, {}, False),
    ("ask_instance", {"authority_host": "login.a.example"}, {"AZURE_DISABLE_INSTANCE_DISCOVERY": "true"}, False),
    ("ask_instance", {"authority_host": "login.a.example"}, {"AZURE_DISABLE_INSTANCE_DISCOVERY": "0"}, True),
    (
        "ask_instance",
        {"authority_host": "login.a.example", "disable_instance_discovery": False},
        {"AZURE_DISABLE_INSTANCE_DISCOVERY": "1"},
        True,
    ),
    ("ask_instance", {"cloud_environment": "usgov"}, {}, False),
    ("ask_instance", {"authority_host": "https://Login.MicrosoftOnline.com"}, {}, False),
    ("retries", {"retries": 0}, {}, 0),
    ("timeout", {"timeout": 1}, {}, 1),
]


@pytest.mark.parametrize(("member", "options", "environ", "value"), PRECEDENCE)
def test_options_come_before_the_environment_and_empty_is_unset(
    member: str, options: dict[str, Any], environ: dict[str, str], value: object
) -> None:
    assert getattr(resolve(environ, **options), member) == value


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("https://graph.microsoft.com/", GRAPH),
        ("https://localhost:8443", "https://localhost:8443"),
        ("https://[::1]:8443/", "https://[::1]:8443"),
        ("HTTPS://Graph.Microsoft.US", "https://graph.microsoft.us"),
        ("https://graph.microsoft.com:443", GRAPH),
    ],
)
def test_a_root_is_taken_without_a_slash_at_its_end(url: str, root: str) -> None:
    assert resolve(graph_url=url).graph_url == root
    assert resolve(authority_host=url).authority_host == root


BAD_ROOTS = [
    pytest.param("http://graph.microsoft.com", "TLS", id="http"),
    pytest.param("HTTP://graph.microsoft.com", "TLS", id="HTTP"),
    pytest.param("ftp://graph.microsoft.com", "TLS", id="ftp"),
    pytest.param("https://graph.microsoft.com/v1.0", "path", id="version"),
    pytest.param("https://graph.microsoft.com//x", "path", id="two slashes"),
    pytest.param("https://", "root", id="no host"),
    pytest.param("https://:443", "root", id="port alone"),
    pytest.param("https://graph.microsoft.com:0", "root", id="port nought"),
    pytest.param("https://graph.microsoft.com:https", "root", id="port of letters"),
    pytest.param("https://graph.microsoft.com:65536", "root", id="port too big"),
    pytest.param("https://user@graph.microsoft.com", "root", id="user"),
    pytest.param("https://[::1", "root", id="half an IPv6 address"),
    pytest.param("https://graph.microsoft.com?x=1", "root", id="query"),
    pytest.param("https://graph.microsoft.com#x", "root", id="fragment"),
    pytest.param("https://graph.microsoft.com\n", "root", id="line end"),
    pytest.param("https://graph microsoft com", "root", id="blanks"),
]


@pytest.mark.parametrize(("url", "why"), BAD_ROOTS)
@pytest.mark.parametrize("option", ["graph_url", "authority_host"])
def test_what_is_no_root_over_tls_is_refused(option: str, url: str, why: str) -> None:
    with pytest.raises(OptionError, match=why) as raised:
        resolve(None, **{option: url})
    assert raised.value.option == option


def test_graph_is_never_taken_from_a_bare_host_name() -> None:
    with pytest.raises(OptionError):
        resolve(graph_url="graph.microsoft.com")


def test_no_text_gives_a_password_away() -> None:
    assert "hunter2" not in repr(resolve(proxy="http://me:hunter2@proxy.example:3128"))
    with pytest.raises(OptionError) as raised:
        resolve(graph_url="https://me:hunter2@graph.microsoft.com")
    assert "hunter2" not in f"{raised.value} {raised.value.hint}"


@pytest.mark.parametrize(
    "proxy", ["socks5://127.0.0.1:1", "gopher://127.0.0.1:1", "http://", "https://[::1", "http://a:x"]
)
def test_what_is_no_http_proxy_is_refused(proxy: str) -> None:
    with pytest.raises(OptionError) as raised:
        resolve(proxy=proxy.replace("//", "//me:hunter2@"))
    assert raised.value.option == "proxy"
    assert "hunter2" not in f"{raised.value} {raised.value.hint}"


def test_a_proxy_may_be_a_bare_host_and_port() -> None:
    assert resolve({"HTTPS_PROXY": "proxy.example:3128"}).proxy == "http://proxy.example:3128"


@pytest.mark.parametrize(("option", "value"), [("timeout", 0), ("timeout", -1), ("retries", -1)])
def test_numbers_that_mean_nothing_are_refused(option: str, value: int) -> None:
    with pytest.raises(OptionError) as raised:
        resolve(None, **{option: value})
    assert raised.value.option == option


def test_unverified_certificates_are_warned_of_and_verified_ones_are_not() -> None:
    assert len(connection_warnings(resolve(validate_certs=False))) == 1
    assert connection_warnings(resolve()) == []
    assert connection_warnings(resolve(ca_path="/a.pem")) == []


@pytest.mark.parametrize(
    ("environ", "value"),
    [({}, None), ({"A": ""}, None), ({"A": "", "B": "x"}, "x"), ({"A": "y", "B": "x"}, "y"), ({"C": "z"}, None)],
)
def test_an_empty_variable_counts_as_unset(environ: dict[str, str], value: str | None) -> None:
    assert first_set(environ, "A", "B") == value
