# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host's variables say of its sign-in: behind the options of a task, before the environment, and whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import CONNECTION_SPEC
from ansible_collections.idgov.entra.plugins.module_utils._signin.choose import choose_credential
from ansible_collections.idgov.entra.plugins.plugin_utils.host_variables import PREFIX, HostSignIn, host_sign_in

Json = dict[str, Any]
CLIENT = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
IDS = {"tenant_id": "contoso.example", "client_id": CLIENT}
WHOLE = {**IDS, "client_secret": "of-contoso"}
# A credential in every family, a ready token, and a signed in Azure CLI: all of another tenant.
OTHERS = {
    "AZURE_CLIENT_ID": OTHER,
    "AZURE_TENANT": "other.example",
    "AZURE_TENANT_ID": "other.example",
    "AZURE_SECRET": "of-another",
    "AZURE_CLIENT_SECRET": "of-another",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD": "of-another",
    "ARM_CLIENT_ID": OTHER,
    "ARM_TENANT_ID": "other.example",
    "ARM_CLIENT_SECRET": "of-another",
    "ACTIONS_ID_TOKEN_REQUEST_URL": "https://token.example",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of-another",
    "IDENTITY_ENDPOINT": "https://identity.example",
    "IDENTITY_HEADER": "of-another",
    "IDGOV_ACCESS_TOKEN": "of-another",
    "IDGOV_AUTH_SOURCE": "cli",
    "IDGOV_GRAPH_URL": "https://graph.example",
}


def read(variables: Mapping[str, Any], **given: Any) -> HostSignIn:
    named = {f"{PREFIX}{name}": value for name, value in variables.items()}
    return host_sign_in(CONNECTION_SPEC, given, named, Templar(DataLoader(), variables={}))


@pytest.mark.parametrize(
    ("variables", "given", "seen"),
    [
        (WHOLE, {}, WHOLE),
        (WHOLE, {"client_secret": "of-the-task"}, {**IDS, "client_secret": "of-the-task"}),
        (WHOLE, {"secret": "of-the-task"}, {**IDS, "secret": "of-the-task"}),
        (WHOLE, {"certificate_path": "/c.pem"}, {**IDS, "certificate_path": "/c.pem"}),
        (WHOLE, {"access_token": "ready"}, {**IDS, "access_token": "ready"}),
        (WHOLE, {"auth_source": "msi"}, {**IDS, "auth_source": "msi"}),
        ({**IDS, "access_token": "of-contoso"}, {"client_secret": "x"}, {**IDS, "client_secret": "x"}),
        ({**IDS, "auth_source": "cli"}, {"client_secret": "x"}, {**IDS, "client_secret": "x"}),
        # What a task leaves empty, it does not give.
        (WHOLE, {"secret": "", "tenant": None}, WHOLE),
        (
            {**WHOLE, "timeout": "5", "validate_certs": True},
            {"timeout": 7},
            {**WHOLE, "timeout": 7, "validate_certs": True},
        ),
        ({}, {"state": "present"}, {"state": "present"}),
    ],
)
def test_options_come_first(variables: Json, given: Json, seen: Json) -> None:
    assert read(variables, **given).behind(given) == seen


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_a_host_with_sign_in_variables_takes_nothing_from_the_environment(name: str) -> None:
    host = read(WHOLE)
    assert host.environ(OTHERS) == {
        name: value for name, value in OTHERS.items() if name.startswith("IDENTITY_") or name == "IDGOV_GRAPH_URL"
    }
    # In another process, too: an empty variable counts as unset.
    assert {variable for variable, value in {**OTHERS, **host.blanks()}.items() if value} == set(host.environ(OTHERS))
    with pytest.raises(EntraError, match=f"{PREFIX}") as error:
        read({key: value for key, value in WHOLE.items() if key != name})
    assert "nothing of its sign-in from the environment" in str(error.value.hint)


@pytest.mark.parametrize("name", ["tenant_id", "client_secret", "access_token", "auth_source", "oidc_audience"])
def test_a_variable_that_is_there_and_empty_opens_no_way_to_the_environment(name: str) -> None:
    for nothing in ("", None):
        with pytest.raises(EntraError, match=PREFIX):
            read({name: nothing})


@pytest.mark.parametrize("source", ["msi", "cli"])
def test_a_host_may_name_a_place_that_signs_in(source: str) -> None:
    host = read({"tenant_id": "contoso.example", "auth_source": source})
    path = {"PATH": "/nowhere"}
    try:
        credential = repr(choose_credential({**host.options}, host.environ({**OTHERS, **path})))
    except EntraError as error:
        credential = error.message
    assert OTHER not in credential
    assert "az is not on the PATH" in credential or "ManagedIdentity" in credential


def test_connection_variables_alone_leave_the_sign_in_to_the_environment() -> None:
    host = read({"graph_url": "https://graph.example", "timeout": 9})
    assert (host.environ(OTHERS), host.blanks()) == (OTHERS, {})


@pytest.mark.parametrize(
    ("variables", "given", "words"),
    [
        ({"timeout": "soon"}, {}, "argument 'idgov_entra_timeout' is of type"),
        (
            {"auth_source": "magic"},
            {},
            "value of idgov_entra_auth_source must be one of: auto, env, msi, cli, got: magic",
        ),
        ({**WHOLE, "client_secret": ["a"]}, {}, "idgov_entra_client_secret: this is not a string"),
        ({"tenant_id": {"id": "x"}}, {}, "idgov_entra_tenant_id: this is not a string"),
        ({**WHOLE, "auth_source": "env"}, {}, "idgov_entra_auth_source: env is not available"),
        (WHOLE, {"auth_source": "env"}, "auth_source: env is not available"),
        ({"tenant_id": "x"}, {}, "this host has idgov_entra_tenant_id, but no credential"),
        ({"tenant_id": "x"}, {"client_secret": "x"}, "sign-in with client_secret requires idgov_entra_client_id"),
        (
            WHOLE,
            {"client_id": OTHER},
            f"the task names the application {OTHER}, but idgov_entra_client_secret belongs to {CLIENT}",
        ),
    ],
)
def test_what_is_wrong_is_said_of_the_variable(variables: Json, given: Json, words: str) -> None:
    with pytest.raises(EntraError) as error:
        read(variables, **given)
    assert words in error.value.message


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        (
            {"graph_url": "http://graph.example"},
            "idgov_entra_graph_url: 'http://graph.example' must be an https:// URL",
        ),
        ({"retries": -1}, "idgov_entra_retries: -1 is less than 0"),
        ({**WHOLE, "tenant_id": "common"}, "idgov_entra_tenant_id: "),
        ({**WHOLE, "client_id": "the app"}, "idgov_entra_client_id: "),
        ({**WHOLE, "client_secret": "of\ncontoso"}, "idgov_entra_client_secret: "),
    ],
)
def test_what_the_task_would_say_of_an_option_is_said_of_the_variable(variables: Json, words: str) -> None:
    host = read(variables)
    fault = host.fault({"timeout": 60, "retries": 5, **host.options}, {})
    assert fault is not None
    assert fault.message.startswith(words)
    assert "of\ncontoso" not in fault.message
