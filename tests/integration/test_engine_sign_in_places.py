# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign-in without a secret of one's own: machines in Azure and Azure CLI; and tokens that Graph no longer takes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import GraphError, SignInError
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._http.session import HttpSession
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import sign_in
from tests.simulator.managed_identity import IDENTITY_HEADER
from tests.simulator.running import Running
from tests.support.calls import sign_ins
from tests.support.certificates import pair
from tests.support.sign_in import (
    APP,
    ASSIGNED,
    IDS,
    PACKAGES,
    attempt,
    claims_of,
    credential_file,
    list_packages,
    refused,
)

Json = dict[str, Any]


def app_service(sim: Running) -> Json:
    return {"IDENTITY_ENDPOINT": f"{sim.url}/msi/token", "IDENTITY_HEADER": IDENTITY_HEADER}


def play_link_local(monkeypatch: pytest.MonkeyPatch, root: str) -> None:
    """Let calls to the address at which virtual machines find their metadata end up elsewhere."""
    ask = HttpSession.request

    def elsewhere(http: HttpSession, method: str, url: str, **options: Any) -> Any:
        return ask(http, method, url.replace("http://169.254.169.254", root), **options)

    monkeypatch.setattr(HttpSession, "request", elsewhere)


@pytest.mark.parametrize("machine", ["App Service", "virtual machine"])
@pytest.mark.parametrize(("client_id", "found"), [(None, APP), (ASSIGNED, ASSIGNED)], ids=["system", "user-assigned"])
def test_a_managed_identity(
    opened: Running, monkeypatch: pytest.MonkeyPatch, machine: str, client_id: str | None, found: str
) -> None:
    """Msal reads the variables of the process; the hosts put the task's there."""
    play_link_local(monkeypatch, opened.url)
    environ = app_service(opened) if machine == "App Service" else {}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    tried = attempt(opened, environ, auth_source="msi", client_id=client_id)
    assert claims_of(list_packages(tried))["appid"] == found
    assert (IDENTITY_HEADER in tried.secrets) is (machine == "App Service")


def test_a_managed_identity_that_is_announced_is_taken_by_itself(
    opened: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = app_service(opened)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert claims_of(list_packages(attempt(opened, environ)))["appid"] == APP


def test_a_machine_is_not_asked_where_it_announces_nothing(opened: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    play_link_local(monkeypatch, opened.url)
    assert "no credential is configured" in refused(opened).message
    assert opened.calls() == []


def test_a_managed_identity_that_is_not_there(opened: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    play_link_local(monkeypatch, opened.url)
    error = refused(opened, auth_source="msi", client_id="11111111-1111-1111-1111-111111111111")
    assert "Identity not found" in error.message
    assert "managed identity" in str(error.hint)


def test_a_machine_without_that_service_is_asked_once(opened: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    play_link_local(monkeypatch, "http://localhost:1")
    assert "localhost:1 cannot be reached" in refused(opened, auth_source="msi", retries=5).message


AZ = """#!{python}
import json, os, pathlib, sys
folder = pathlib.Path(__file__).parent
(folder / "asked.json").write_text(json.dumps([sys.argv[1:], os.environ.get("AZURE_CONFIG_DIR")]))
answer = json.loads((folder / "answer.json").read_text())
sys.stdout.write(answer["out"])
sys.stderr.write(answer["err"])
sys.exit(answer["status"])
"""


def azure_cli(folder: Path, out: str = "", err: str = "", status: int = 0) -> Json:
    """Put an Azure CLI into a folder that answers as told; give the environment in which it is found."""
    program = folder / "az"
    program.write_text(AZ.format(python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    (folder / "answer.json").write_text(json.dumps({"out": out, "err": err, "status": status}), encoding="utf-8")
    return {"PATH": str(folder), "AZURE_CONFIG_DIR": "profile of the task"}


@pytest.mark.parametrize("options", [{}, {"auth_source": "cli"}, {"tenant_id": "contoso.onmicrosoft.com"}])
def test_azure_cli(opened: Running, tmp_path: Path, options: Json) -> None:
    token = opened.token()
    environ = azure_cli(tmp_path, json.dumps({"accessToken": token, "tokenType": "Bearer"}))
    tried = attempt(opened, environ, **options)
    assert list_packages(tried) == token
    assert token in tried.secrets
    arguments, folder = json.loads((tmp_path / "asked.json").read_text(encoding="utf-8"))
    tenant = ["--tenant", "contoso.onmicrosoft.com"] if "tenant_id" in options else []
    assert arguments == ["account", "get-access-token", "--output", "json", "--resource", opened.url, *tenant]
    assert folder == "profile of the task"


@pytest.mark.parametrize("options", [{"client_id": APP}, {"auth_source": "env"}])
def test_azure_cli_does_not_step_in_for_an_application(opened: Running, tmp_path: Path, options: Json) -> None:
    environ = azure_cli(tmp_path, json.dumps({"accessToken": opened.token()}))
    assert "no credential is configured" in refused(opened, environ, **options).message


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            {"status": 1, "err": "WARNING: old\nERROR: Please run 'az login' to setup account.\n"},
            "Please run 'az login'",
        ),
        ({"status": 1, "err": "ERROR: AADSTS50076: Due to a change, use MFA. Trace ID: x\nmore"}, "use MFA"),
        ({"status": 1}, "no output"),
        ({"out": "no JSON"}, "contains no token"),
        ({"out": "{}"}, "contains no token"),
        ({"out": "[]"}, "contains no token"),
    ],
)
def test_an_azure_cli_that_gives_no_token(opened: Running, tmp_path: Path, answer: Json, words: str) -> None:
    error = refused(opened, azure_cli(tmp_path, **answer), auth_source="cli")
    assert isinstance(error, SignInError)
    assert words in error.message
    assert error.hint


def test_no_azure_cli(opened: Running) -> None:
    assert "the command az" in refused(opened, {"PATH": ""}, auth_source="cli").message


def test_what_a_person_of_azure_cli_may_not_is_explained(opened: Running, tmp_path: Path) -> None:
    token = opened.token("delegated", user="ada@contoso.com", permissions=["User.Read"])
    environ = azure_cli(tmp_path, json.dumps({"accessToken": token}))
    error = refused(opened, environ)
    assert error.as_result()["status"] == 403
    assert str(error.hint).startswith("the token of a user from Azure CLI")
    with pytest.raises(GraphError) as raised, sign_in(attempt(opened, environ).context) as signed_in:
        raise next(out for out in signed_in.graph.send_all([Call("GET", PACKAGES)] * 2) if isinstance(out, GraphError))
    assert "Azure CLI" in str(raised.value.hint)


def test_a_revoked_token_is_replaced_once_by_one_with_the_claims(opened: Running, tmp_path: Path) -> None:
    path = credential_file(tmp_path, pair().pem + pair().key_pem())
    claims = opened.challenge()
    opened.clear_calls()
    list_packages(attempt(opened, certificate_path=path, **IDS))
    graph = [call["status"] for call in opened.calls() if call["service"] == "graph"]
    asked = [call["body"].get("claims") for call in opened.calls() if call["method"] == "POST"]
    assert graph == [401, 200]
    assert asked[0] is None
    assert str(claims["access_token"]["nbf"]["value"]) in asked[1]


def test_a_token_that_expires_in_the_middle_of_a_run_is_replaced_once(opened: Running, tmp_path: Path) -> None:
    """The file of the platform has moved on meanwhile, and what stands in it now is used."""
    opened.settings(token_seconds=3600)
    path = credential_file(tmp_path, opened.foreign_token(seconds=300))
    with sign_in(attempt(opened, oidc_token_file_path=path, **IDS).context) as signed_in:
        assert signed_in.graph.send(Call("GET", PACKAGES)).status == 200
        opened.advance(3700)
        credential_file(tmp_path, opened.foreign_token(seconds=300))
        outcomes = signed_in.graph.send_all([Call("GET", PACKAGES)] * 2)
        assert [getattr(outcome, "status", None) for outcome in outcomes] == [200, 200]
    assert sign_ins(opened) == 2


def test_a_revoked_ready_token_is_not_replaced(opened: Running) -> None:
    token = opened.token()
    opened.challenge()
    error = refused(opened, access_token=token)
    assert (error.as_result()["status"], sign_ins(opened)) == (401, 0)
    assert "revoked" in str(error.hint)
