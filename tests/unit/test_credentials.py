# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which credential a task signs in with, and that no text gives it away."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, OptionError, SignInError
from ansible_collections.idgov.entra.plugins.module_utils._signin.choose import choose_credential
from ansible_collections.idgov.entra.plugins.module_utils._signin.credentials import (
    ClientSecret,
    ReadyToken,
    secrets_of,
)

AWX = {"AZURE_CLIENT_ID": "app-1", "AZURE_TENANT": "one.example", "AZURE_SECRET": "secret-1"}
SDK = {"AZURE_CLIENT_ID": "app-1", "AZURE_TENANT_ID": "two.example", "AZURE_CLIENT_SECRET": "secret-2"}
TERRAFORM = {"ARM_CLIENT_ID": "app-3", "ARM_TENANT_ID": "three.example", "ARM_CLIENT_SECRET": "secret-3"}
PERSON = {"AZURE_SUBSCRIPTION_ID": "any", "AZURE_AD_USER": "ada@contoso.com", "AZURE_PASSWORD": "secret-4"}
GIVEN = {"client_id": "app-0", "tenant_id": "zero.example", "client_secret": "secret-0"}


@pytest.mark.parametrize(
    ("options", "environ", "tenant", "client", "secret"),
    [
        pytest.param({}, AWX, "one.example", "app-1", "secret-1", id="AWX"),
        pytest.param({}, SDK, "two.example", "app-1", "secret-2", id="Azure SDK"),
        pytest.param({}, TERRAFORM, "three.example", "app-3", "secret-3", id="Terraform"),
        pytest.param(
            {}, {**TERRAFORM, **SDK, **AWX}, "one.example", "app-1", "secret-1", id="AWX before SDK before Terraform"
        ),
        pytest.param({}, {**TERRAFORM, **SDK}, "two.example", "app-1", "secret-2", id="SDK before Terraform"),
        pytest.param(GIVEN, AWX, "zero.example", "app-0", "secret-0", id="options before the environment"),
        pytest.param(
            {},
            {**AWX, "AZURE_TENANT_ID": "pod.example"},
            "one.example",
            "app-1",
            "secret-1",
            id="a pod's tenant is not paired with AWX's secret",
        ),
        pytest.param(
            {},
            {**AWX, "AZURE_SECRET": "", **TERRAFORM},
            "three.example",
            "app-3",
            "secret-3",
            id="an empty secret is unset",
        ),
        pytest.param(
            {}, {**AWX, "AZURE_TENANT": "", **SDK}, "two.example", "app-1", "secret-2", id="an empty tenant is unset"
        ),
        pytest.param(
            {"tenant_id": "four.example"}, AWX, "four.example", "app-1", "secret-1", id="the task gives another tenant"
        ),
        pytest.param(
            {"client_id": "app-1"}, AWX, "one.example", "app-1", "secret-1", id="the task gives the same client"
        ),
        pytest.param({"client_id": "APP-1"}, AWX, "one.example", "APP-1", "secret-1", id="the same client in capitals"),
        pytest.param(
            {"client_id": "app-3"},
            {**AWX, **TERRAFORM},
            "three.example",
            "app-3",
            "secret-3",
            id="the client of the task chooses the family",
        ),
        pytest.param(
            {"client_secret": "secret-0"},
            AWX,
            "one.example",
            "app-1",
            "secret-0",
            id="a secret takes its ids from a family",
        ),
        pytest.param(
            {"client_secret": "secret-0", "client_id": "app-0"},
            {"AZURE_TENANT": "", **TERRAFORM},
            "three.example",
            "app-0",
            "secret-0",
            id="a secret and a client take the tenant from a family",
        ),
        pytest.param(
            {"client_secret": "secret-0"},
            {"AZURE_CLIENT_ID": "app-1", **TERRAFORM},
            "three.example",
            "app-3",
            "secret-0",
            id="client and tenant come from one family",
        ),
        pytest.param({"client_secret": ""}, AWX, "one.example", "app-1", "secret-1", id="an empty option is not given"),
        pytest.param(GIVEN, PERSON, "zero.example", "app-0", "secret-0", id="a person's password is passed over"),
        pytest.param(
            {}, {**PERSON, **TERRAFORM}, "three.example", "app-3", "secret-3", id="so it is beside another family"
        ),
    ],
)
def test_the_client_secret_that_is_taken(
    options: dict[str, Any], environ: dict[str, str], tenant: str, client: str, secret: str
) -> None:
    assert choose_credential(options, environ) == ClientSecret(tenant, client, secret)


@pytest.mark.parametrize(
    ("options", "environ", "token"),
    [
        pytest.param({"access_token": "t0"}, {}, "t0", id="option"),
        pytest.param({}, {"IDGOV_ACCESS_TOKEN": "t1"}, "t1", id="environment"),
        pytest.param({"access_token": "t0"}, {"IDGOV_ACCESS_TOKEN": "t1"}, "t0", id="option before environment"),
        pytest.param({"access_token": "t0", **GIVEN}, AWX, "t0", id="before every other credential"),
        pytest.param({"access_token": ""}, {"IDGOV_ACCESS_TOKEN": "t1"}, "t1", id="an empty option is not given"),
    ],
)
def test_a_ready_token_wins_over_everything(options: dict[str, Any], environ: dict[str, str], token: str) -> None:
    assert choose_credential(options, environ) == ReadyToken(token)


@pytest.mark.parametrize("token", ["secret-5\n", "\tsecret-5\r\n", " secret-5 "])
def test_blanks_around_a_token_are_not_part_of_it(token: str) -> None:
    assert choose_credential({"access_token": token}, {}) == ReadyToken("secret-5")
    assert choose_credential({}, {"IDGOV_ACCESS_TOKEN": token}) == ReadyToken("secret-5")


@pytest.mark.parametrize("token", ["secret-5\r\nX: y", "secret-5 secret-5", "secret-5\u2026", "secret-5\0", "\n"])
def test_what_could_not_be_sent_as_a_token_is_refused_without_telling_it(token: str) -> None:
    with pytest.raises(OptionError) as raised:
        choose_credential({"access_token": token}, {})
    assert raised.value.option == "access_token"
    assert "secret-5" not in f"{raised.value!r} {raised.value.hint} {raised.value.as_result()}"


@pytest.mark.parametrize(
    ("options", "environ", "said"),
    [
        pytest.param({}, {}, "no credential", id="nothing"),
        pytest.param({}, {"IDGOV_ACCESS_TOKEN": ""}, "no credential", id="an empty token"),
        pytest.param({}, dict.fromkeys(AWX, ""), "no credential", id="empty variables"),
        pytest.param({"client_id": "app-9"}, AWX, "client_id", id="the secret of another client"),
        pytest.param({"client_id": "app-0", "tenant_id": "zero.example"}, {}, "tenant_id", id="no secret"),
        pytest.param({"client_secret": "secret-0"}, {}, "client_id", id="a secret alone"),
        pytest.param(
            {"client_secret": "secret-0", "tenant_id": "zero.example"}, {}, "client_id is not", id="no client"
        ),
        pytest.param({"client_secret": "secret-0", "client_id": "app-0"}, {}, "tenant_id is not", id="not a tenant"),
        pytest.param(
            {"client_secret": "secret-0"},
            {"AZURE_CLIENT_ID": "app-1"},
            "tenant_id is not",
            id="not a tenant, a family's client",
        ),
        pytest.param({}, PERSON, "Client ID, Client Secret and Tenant ID", id="a person of AWX"),
        pytest.param({}, {"AZURE_AD_USER": "", "AZURE_PASSWORD": ""}, "no credential", id="an empty person of AWX"),
        pytest.param(
            {},
            {"AZURE_CLIENT_ID": "app-1", "ARM_TENANT_ID": "t", "AZURE_SECRET": "secret-1"},
            "AZURE_TENANT is not",
            id="mixed",
        ),
    ],
)
def test_without_a_whole_credential_the_error_names_what_is_missing(
    options: dict[str, Any], environ: dict[str, str], said: str
) -> None:
    with pytest.raises(SignInError, match=said) as raised:
        choose_credential(options, environ)
    assert raised.value.hint


def test_the_hint_names_the_variables_that_were_looked_at() -> None:
    with pytest.raises(SignInError) as raised:
        choose_credential({}, {})
    assert all(name in str(raised.value.hint) for name in ("IDGOV_ACCESS_TOKEN", *AWX, *SDK, *TERRAFORM))


@pytest.mark.parametrize(
    "tenant",
    [
        "common",
        "Common",
        "organizations",
        "consumers",
        "contoso.com/../other",
        "a b",
        "https://contoso.com",
        "x?y",
        "-",
        "ä",
        "contoso.com\n",
        "contoso.com#",
        "%2e%2e",
        "..",
    ],
)
@pytest.mark.parametrize("place", ["options", "environment"])
def test_what_is_no_tenant_is_refused(tenant: str, place: str) -> None:
    options, environ = (
        ({**GIVEN, "tenant_id": tenant}, {}) if place == "options" else ({}, {**AWX, "AZURE_TENANT": tenant})
    )
    with pytest.raises(OptionError) as raised:
        choose_credential(options, environ)
    assert raised.value.option == "tenant_id"


@pytest.mark.parametrize(
    "tenant", ["contoso.onmicrosoft.com", "329f8dac-8062-4c1b-a9b8-39b7132f9bff", "xn--bcher-kva.example"]
)
def test_ids_and_domains_are_tenants(tenant: str) -> None:
    assert choose_credential({**GIVEN, "tenant_id": tenant}, {}) == ClientSecret(tenant, "app-0", "secret-0")


@pytest.mark.parametrize(
    ("options", "environ", "secret"),
    [
        pytest.param(GIVEN, {}, "secret-0", id="client secret of the task"),
        pytest.param({}, AWX, "secret-1", id="client secret of the environment"),
        pytest.param({"access_token": "secret-5"}, {}, "secret-5", id="token"),
    ],
)
def test_no_text_of_a_credential_holds_its_secret(
    options: dict[str, Any], environ: dict[str, str], secret: str
) -> None:
    credential = choose_credential(options, environ)
    assert secrets_of(credential) == {secret}
    assert secret not in repr(credential)
    assert secret not in str(credential)
    assert secret not in f"{[credential]}"


@pytest.mark.parametrize(
    ("options", "environ"),
    [
        pytest.param({"client_secret": "secret-0"}, {}, id="a secret alone"),
        pytest.param({**GIVEN, "tenant_id": "common"}, {}, id="not a tenant"),
        pytest.param({}, {**AWX, "AZURE_TENANT": "a b"}, id="not a tenant in the environment"),
        pytest.param({"client_id": "app-9"}, {**AWX, **TERRAFORM}, id="other clients"),
        pytest.param({}, PERSON, id="a person of AWX"),
    ],
)
def test_no_error_tells_a_secret(options: dict[str, Any], environ: dict[str, str]) -> None:
    with pytest.raises(EntraError) as raised:
        choose_credential(options, environ)
    told = f"{raised.value} {raised.value.hint} {raised.value.as_result()} {raised.value!r}"
    assert "secret-" not in told
