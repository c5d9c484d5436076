# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of several credentials is taken: kinds, families, places and auth_source, as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, OptionError, SignInError
from ansible_collections.idgov.entra.plugins.module_utils._signin.choose import choose_credential
from ansible_collections.idgov.entra.plugins.module_utils._signin.credentials import (
    AzureCli,
    ClientCertificate,
    ClientSecret,
    Credential,
    DeviceCode,
    FederatedToken,
    FederatedTokenFile,
    FederatedTokenRequest,
    ManagedIdentity,
    ReadyToken,
    secrets_of,
)

Json = dict[str, Any]
IDS = {"tenant_id": "zero.example", "client_id": "app-0"}
AWX = {"AZURE_CLIENT_ID": "app-1", "AZURE_TENANT": "one.example"}
SDK = {"AZURE_CLIENT_ID": "app-1", "AZURE_TENANT_ID": "two.example"}
ARM = {"ARM_CLIENT_ID": "app-3", "ARM_TENANT_ID": "three.example"}
# What a pod with workload identity has beside what AWX injects.
POD = {**SDK, "AZURE_FEDERATED_TOKEN_FILE": "/var/token", "AZURE_AUTHORITY_HOST": "https://login.example"}
ACTIONS = {"ACTIONS_ID_TOKEN_REQUEST_URL": "https://ci.example/token", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "secret-ask"}
TERRAFORM = {"ARM_OIDC_REQUEST_URL": "https://tf.example/token", "ARM_OIDC_REQUEST_TOKEN": "secret-tf"}
ANNOUNCED = {"IDENTITY_ENDPOINT": "http://127.0.0.1:1/token", "IDENTITY_HEADER": "secret-header"}
CERTIFICATE = {"AZURE_CLIENT_CERTIFICATE_PATH": "/c2.pem", "AZURE_CLIENT_CERTIFICATE_PASSWORD": "secret-cert"}
ASK = FederatedTokenRequest("two.example", "app-1", "https://ci.example/token", "secret-ask")

TAKEN: dict[str, tuple[Json, Json, Credential]] = {
    "a certificate of the task": (
        {**IDS, "certificate_path": "/c.pem"},
        {},
        ClientCertificate("zero.example", "app-0", "/c.pem"),
    ),
    "with its password": (
        {**IDS, "certificate_path": "/c.pem", "certificate_password": "secret-0"},
        CERTIFICATE,
        ClientCertificate("zero.example", "app-0", "/c.pem", "secret-0"),
    ),
    "with a password of the environment": (
        {**IDS, "certificate_path": "/c.pem"},
        {"ARM_CLIENT_CERTIFICATE_PASSWORD": "secret-3"},
        ClientCertificate("zero.example", "app-0", "/c.pem", "secret-3"),
    ),
    "secret before certificate": (
        {**IDS, "certificate_path": "/c.pem", "client_secret": "secret-0"},
        {},
        ClientSecret("zero.example", "app-0", "secret-0"),
    ),
    "certificate before token": (
        {**IDS, "certificate_path": "/c.pem", "oidc_token": "secret-0"},
        {},
        ClientCertificate("zero.example", "app-0", "/c.pem"),
    ),
    "token before file": (
        {**IDS, "oidc_token": "secret-0", "oidc_token_file_path": "/t"},
        {},
        FederatedToken("zero.example", "app-0", "secret-0"),
    ),
    "file before request": (
        {
            **IDS,
            "oidc_token_file_path": "/t",
            "oidc_request_url": "https://a.example",
            "oidc_request_token": "secret-0",
        },
        {},
        FederatedTokenFile("zero.example", "app-0", "/t"),
    ),
    "request of the task before a secret of the environment": (
        {**IDS, "oidc_request_url": "https://a.example", "oidc_request_token": "secret-0", "oidc_audience": "x"},
        {**AWX, "AZURE_SECRET": "secret-1"},
        FederatedTokenRequest("zero.example", "app-0", "https://a.example", "secret-0", "x"),
    ),
    "certificate of the task before a secret of the environment": (
        {"certificate_path": "/c.pem"},
        {**AWX, "AZURE_SECRET": "secret-1"},
        ClientCertificate("one.example", "app-1", "/c.pem"),
    ),
    "certificate of AWX's family": (
        {},
        {**AWX, "AZURE_X509_CERTIFICATE_PATH": "/c1.pem"},
        ClientCertificate("one.example", "app-1", "/c1.pem"),
    ),
    "certificate of the SDKs": (
        {},
        {**SDK, **CERTIFICATE},
        ClientCertificate("two.example", "app-1", "/c2.pem", "secret-cert"),
    ),
    "certificate of Terraform": (
        {},
        {**ARM, "ARM_CLIENT_CERTIFICATE_PATH": "/c3.pem", "ARM_CLIENT_CERTIFICATE_PASSWORD": "secret-3"},
        ClientCertificate("three.example", "app-3", "/c3.pem", "secret-3"),
    ),
    "token of AWX's family": (
        {},
        {**AWX, "AZURE_FEDERATED_TOKEN": "secret-1"},
        FederatedToken("one.example", "app-1", "secret-1"),
    ),
    "file of the SDKs": ({}, POD, FederatedTokenFile("two.example", "app-1", "/var/token")),
    "token of Terraform": (
        {},
        {**ARM, "ARM_OIDC_TOKEN": "secret-3"},
        FederatedToken("three.example", "app-3", "secret-3"),
    ),
    "file of Terraform": (
        {},
        {**ARM, "ARM_OIDC_TOKEN_FILE_PATH": "/t3"},
        FederatedTokenFile("three.example", "app-3", "/t3"),
    ),
    "kind before family": (
        {},
        {**AWX, "AZURE_X509_CERTIFICATE_PATH": "/c1.pem", **ARM, "ARM_CLIENT_SECRET": "secret-3"},
        ClientSecret("three.example", "app-3", "secret-3"),
    ),
    "AWX's credential in a pod with an identity of its own": (
        {},
        {**POD, **AWX, "AZURE_SECRET": "secret-1"},
        ClientSecret("one.example", "app-1", "secret-1"),
    ),
    "AWX's credential without a secret in such a pod": (
        {},
        {**POD, "AZURE_SUBSCRIPTION_ID": "x", "AZURE_AD_USER": "", "AZURE_PASSWORD": "", "AZURE_SECRET": ""},
        FederatedTokenFile("two.example", "app-1", "/var/token"),
    ),
    "another tenant for a family": (
        {"tenant_id": "zero.example"},
        {**SDK, **CERTIFICATE},
        ClientCertificate("zero.example", "app-1", "/c2.pem", "secret-cert"),
    ),
    "another client takes another family": (
        {"client_id": "APP-3"},
        {**POD, **ARM, "ARM_OIDC_TOKEN": "secret-3"},
        FederatedToken("three.example", "APP-3", "secret-3"),
    ),
    "a job of GitHub": ({}, {**SDK, **ACTIONS}, ASK),
    "a job of Terraform": (
        {},
        {**ARM, **TERRAFORM},
        FederatedTokenRequest("three.example", "app-3", "https://tf.example/token", "secret-tf"),
    ),
    "GitHub before Terraform": ({}, {**SDK, **TERRAFORM, **ACTIONS}, ASK),
    "a job before a managed identity": ({}, {**SDK, **ACTIONS, **ANNOUNCED}, ASK),
    "a secret before a job": (
        {},
        {**SDK, "AZURE_CLIENT_SECRET": "secret-2", **ACTIONS},
        ClientSecret("two.example", "app-1", "secret-2"),
    ),
    "a managed identity that is announced": ({}, ANNOUNCED, ManagedIdentity()),
    "announced by the old name": ({}, {"MSI_ENDPOINT": "http://127.0.0.1:1"}, ManagedIdentity()),
    "an assigned one": ({"client_id": "app-9"}, ANNOUNCED, ManagedIdentity("app-9")),
    "an assigned one of the environment": ({}, {**ANNOUNCED, "AZURE_CLIENT_ID": "app-1"}, ManagedIdentity("app-1")),
    "msi, not announced": ({"auth_source": "msi"}, {}, ManagedIdentity()),
    "msi before all that is configured": (
        {"auth_source": "msi", "client_secret": "secret-0", **IDS},
        {**SDK, "AZURE_CLIENT_SECRET": "secret-2"},
        ManagedIdentity("app-0"),
    ),
    "msi of the environment": (
        {},
        {**AWX, "AZURE_SECRET": "secret-1", "IDGOV_AUTH_SOURCE": "msi"},
        ManagedIdentity("app-1"),
    ),
    "msi of azure.azcollection": ({}, {"ANSIBLE_AZURE_AUTH_SOURCE": "msi"}, ManagedIdentity()),
    "our variable before azure.azcollection's": (
        {},
        {"IDGOV_AUTH_SOURCE": "msi", "ANSIBLE_AZURE_AUTH_SOURCE": "cli"},
        ManagedIdentity(),
    ),
    "the option before the variable": (
        {"auth_source": "auto"},
        {**AWX, "AZURE_SECRET": "secret-1", "IDGOV_AUTH_SOURCE": "msi"},
        ClientSecret("one.example", "app-1", "secret-1"),
    ),
    "env leaves the task's secret aside": (
        {"auth_source": "env", "client_secret": "secret-0", "certificate_path": "/c.pem"},
        {**AWX, "AZURE_SECRET": "secret-1"},
        ClientSecret("one.example", "app-1", "secret-1"),
    ),
    "a ready token before msi": ({"auth_source": "msi", "access_token": "secret-0"}, {}, ReadyToken("secret-0")),
    "a ready token of the environment before a certificate": (
        {**IDS, "certificate_path": "/c.pem"},
        {"IDGOV_ACCESS_TOKEN": "secret-5"},
        ReadyToken("secret-5"),
    ),
    "a device code, even with a ready token": (
        {**IDS, "auth_source": "device_code"},
        {"IDGOV_ACCESS_TOKEN": "secret-5"},
        DeviceCode("zero.example", "app-0"),
    ),
}


@pytest.mark.parametrize(("options", "environ", "credential"), TAKEN.values(), ids=TAKEN)
def test_the_credential_that_is_taken(options: Json, environ: Json, credential: Credential) -> None:
    taken = choose_credential(options, environ)
    assert taken == credential
    assert "secret-" not in f"{taken!r} {taken}"
    given = {text for text in (*options.values(), *environ.values()) if str(text).startswith("secret-")}
    assert secrets_of(taken) <= given
    assert all(secret not in repr(taken) for secret in given)


WRONG: dict[str, tuple[Json, Json, str]] = {
    "a certificate alone": ({"certificate_path": "/c.pem"}, {}, "certificate_path is set but client_id is not"),
    "a token without a tenant": (
        {"oidc_token": "secret-0", "client_id": "a"},
        {},
        "oidc_token is set but tenant_id is not",
    ),
    "a token of two words": ({**IDS, "oidc_token": "secret-0 secret-0"}, {}, "oidc_token: "),
    "a file without a client": (
        {},
        {"AZURE_FEDERATED_TOKEN_FILE": "/t"},
        "AZURE_FEDERATED_TOKEN_FILE is set, but AZURE_CLIENT_ID is not",
    ),
    "a certificate without a tenant": (
        {},
        {"ARM_CLIENT_ID": "app-3", "ARM_CLIENT_CERTIFICATE_PATH": "/c", **ANNOUNCED},
        "ARM_CLIENT_CERTIFICATE_PATH is set, but ARM_TENANT_ID is not",
    ),
    "a person of AWX, and a machine's identity": (
        {},
        {"AZURE_AD_USER": "ada", "AZURE_PASSWORD": "secret-4", **ANNOUNCED},
        "user name and a password",
    ),
    "a request without its token": ({**IDS, "oidc_request_url": "https://a.example"}, {}, "oidc_request_token: "),
    "a request without TLS": (
        {},
        {**SDK, **ACTIONS, "ACTIONS_ID_TOKEN_REQUEST_URL": "http://ci.example/token"},
        "oidc_request_url: .*TLS only",
    ),
    "env with nothing there": ({"auth_source": "env", "client_secret": "secret-0", **IDS}, {}, "no credential"),
    "env does not ask the machine": ({"auth_source": "env"}, ANNOUNCED, "no credential"),
    "a source of azure.azcollection that is not ours": (
        {},
        {"ANSIBLE_AZURE_AUTH_SOURCE": "credential_file"},
        "auth_source: 'credential_file'",
    ),
    "cli, not installed": ({"auth_source": "cli"}, {}, "the command az"),
    "a device code without ids": ({"auth_source": "device_code"}, {}, "client_id and tenant_id"),
    "an identity with blanks": ({"auth_source": "msi", "client_id": "a b"}, {}, "client_id: "),
}


@pytest.mark.parametrize(("options", "environ", "words"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_used_is_named_and_nothing_else_is_taken(options: Json, environ: Json, words: str) -> None:
    with pytest.raises((OptionError, SignInError), match=words) as raised:
        choose_credential(options, environ)
    error: EntraError = raised.value
    assert "secret-" not in f"{error} {error.hint} {error.as_result()} {error!r}"


def test_an_empty_file_of_a_certificate_counts_as_none(tmp_path: Path) -> None:
    """AWX writes such a file where its credential holds no certificate."""
    path = tmp_path / "certificate"
    path.touch()
    environ = {**SDK, "AZURE_CLIENT_CERTIFICATE_PATH": str(path), "AZURE_FEDERATED_TOKEN_FILE": "/t"}
    assert choose_credential({}, environ) == FederatedTokenFile("two.example", "app-1", "/t")
    path.write_text("x", encoding="utf-8")
    assert choose_credential({}, environ) == ClientCertificate("two.example", "app-1", str(path))


def test_azure_cli_comes_last_and_only_where_no_application_is_named(tmp_path: Path) -> None:
    program = tmp_path / "az"
    program.touch(mode=0o755)
    path = {"PATH": str(tmp_path)}
    assert choose_credential({}, path) == AzureCli(str(program))
    assert choose_credential({"tenant_id": "zero.example"}, path) == AzureCli(str(program), "zero.example")
    assert choose_credential({}, {**path, "AZURE_TENANT_ID": "two.example"}) == AzureCli(str(program), "two.example")
    assert choose_credential({}, {**path, **ANNOUNCED}) == ManagedIdentity()
    assert choose_credential({"auth_source": "cli", **IDS}, path) == AzureCli(str(program), "zero.example")
    for options, environ in (({"client_id": "app-0"}, {}), ({}, SDK)):
        with pytest.raises(SignInError):
            choose_credential(options, {**path, **environ})
