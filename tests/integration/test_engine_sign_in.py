# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each credential gets a token from a sign-in that verifies it, with the msal that is installed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import PrivateFormat

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    GraphError,
    OptionError,
    SignInError,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._http.session import HttpSession
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import sign_in
from tests.simulator.foreign_issuer import REQUEST_TOKEN
from tests.simulator.managed_identity import IDENTITY_HEADER
from tests.simulator.running import Running
from tests.support.calls import sign_ins
from tests.support.certificates import pair
from tests.support.sign_in import (
    APP,
    ASSIGNED,
    CLUSTER,
    PACKAGES,
    POD,
    attempt,
    claims_of,
    list_packages,
    open_every_door,
)

Json = dict[str, Any]
IDS: Json = {"tenant_id": "contoso.onmicrosoft.com", "client_id": APP}
PASSWORD = "hunter2-certificate"


@pytest.fixture
def opened(frozen: Running) -> Running:
    """The simulator whose application may prove itself in every way."""
    open_every_door(frozen)
    return frozen


def refused(sim: Running, environ: Json | None = None, **options: Any) -> EntraError:
    with pytest.raises(EntraError) as raised:
        list_packages(attempt(sim, environ, **options))
    told = f"{raised.value} {raised.value.hint} {raised.value.as_result()}"
    assert PASSWORD not in told
    return raised.value


def credential_file(folder: Path, content: str | bytes) -> str:
    path = folder / "credential"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


SELF = pair()
LEAF = pair("leaf", issuer="authority")
FORMS: dict[str, tuple[str | bytes, str | None]] = {
    "key before certificate": (SELF.key_pem() + SELF.pem, None),
    "certificate before key": (SELF.pem + SELF.key_pem(), None),
    "old form of key": (SELF.key_pem(form=PrivateFormat.TraditionalOpenSSL) + SELF.pem, None),
    "encrypted key": (SELF.key_pem(PASSWORD) + SELF.pem, PASSWORD),
    "certificate before encrypted key": (SELF.pem + SELF.key_pem(PASSWORD), PASSWORD),
    "old form, encrypted": (SELF.pem + SELF.key_pem(PASSWORD, form=PrivateFormat.TraditionalOpenSSL), PASSWORD),
    "password that is not needed": (SELF.key_pem() + SELF.pem, PASSWORD),
    "words around": ("Bag Attributes\n  name: x\n" + SELF.pem + "Key Attributes: <None>\n" + SELF.key_pem(), None),
    "issuer behind": (LEAF.key_pem() + LEAF.pem + pair("authority").pem, None),
    "issuer in front": (pair("authority").pem + LEAF.pem + LEAF.key_pem(), None),
    "PFX": (SELF.pfx(), None),
    "PFX with password": (SELF.pfx(PASSWORD), PASSWORD),
}


@pytest.mark.parametrize(("content", "password"), FORMS.values(), ids=FORMS)
def test_a_certificate_in_each_form(
    frozen: Running, tmp_path: Path, content: str | bytes, password: str | None
) -> None:
    open_every_door(frozen, certificates=(SELF.pem, LEAF.pem), secret=None)
    path = credential_file(tmp_path, content)
    tried = attempt(frozen, certificate_path=path, certificate_password=password, **IDS)
    assert claims_of(list_packages(tried))["appid"] == APP
    assert tried.secrets >= ({password} if password else set())


BROKEN: dict[str, tuple[str | bytes, str | None, str]] = {
    "no password": (SELF.pem + SELF.key_pem(PASSWORD), None, "certificate_password: the private key"),
    "wrong password": (SELF.pem + SELF.key_pem("other"), PASSWORD, "check certificate_password"),
    "PFX, no password": (SELF.pfx("other"), None, "check certificate_password"),
    "PFX, wrong password": (SELF.pfx("other"), PASSWORD, "check certificate_password"),
    "no key": (SELF.pem, None, "holds no private key"),
    "no certificate": (SELF.key_pem(), None, "holds no certificate that belongs to its private key"),
    "another's certificate": (LEAF.pem + SELF.key_pem(), None, "holds no certificate that belongs"),
    "nothing": ("", None, "cannot be decrypted or read"),
    "no key in the key": (
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" + SELF.pem,
        None,
        "cannot be read",
    ),
}


@pytest.mark.parametrize(("content", "password", "words"), BROKEN.values(), ids=BROKEN)
def test_a_file_that_is_no_certificate_with_its_key(
    opened: Running, tmp_path: Path, content: str | bytes, password: str | None, words: str
) -> None:
    path = credential_file(tmp_path, content)
    error = refused(opened, certificate_path=path, certificate_password=password, **IDS)
    assert isinstance(error, OptionError)
    assert words in error.message
    assert path in error.message
    assert opened.calls() == []


def test_a_certificate_file_that_is_not_there(opened: Running, tmp_path: Path) -> None:
    error = refused(opened, certificate_path=str(tmp_path / "none.pem"), **IDS)
    assert "none.pem cannot be read: No such file" in error.message


def test_a_certificate_that_is_not_registered(opened: Running, tmp_path: Path) -> None:
    stranger = pair("stranger")
    error = refused(opened, certificate_path=credential_file(tmp_path, stranger.pem + stranger.key_pem()), **IDS)
    assert isinstance(error, SignInError)
    assert error.code == "AADSTS700027"
    assert "upload" in str(error.hint)


def test_a_certificate_that_has_run_out(frozen: Running, tmp_path: Path) -> None:
    old = pair("old", days=-1)
    open_every_door(frozen, certificates=(old.pem,))
    error = refused(frozen, certificate_path=credential_file(tmp_path, old.pem + old.key_pem()), **IDS)
    assert error.as_result()["code"] == "AADSTS1000502"
    assert "has expired" in str(error.hint)


def test_a_federated_token(opened: Running, tmp_path: Path) -> None:
    token = opened.foreign_token(issuer=CLUSTER, subject=POD)
    path = credential_file(tmp_path, f"{token}\n")
    given: list[Json] = [{"oidc_token": f"{token}\n"}, {"oidc_token_file_path": path}]
    for options in given:
        tried = attempt(opened, **options, **IDS)
        assert claims_of(list_packages(tried))["appid"] == APP
        assert token in tried.secrets


@pytest.mark.parametrize(
    ("claims", "code", "hint"),
    [
        ({"subject": "repo:contoso/other"}, "AADSTS700213", "subject"),
        ({"issuer": "https://issuer.example.com"}, "AADSTS700211", "issuer"),
        ({"audience": "https://github.com/contoso"}, "AADSTS700212", "oidc_audience"),
        ({"seconds": -600}, "AADSTS700024", "read anew"),
    ],
)
def test_a_federated_token_that_entra_does_not_take(opened: Running, claims: Json, code: str, hint: str) -> None:
    error = refused(opened, oidc_token=opened.foreign_token(**claims), **IDS)
    assert error.as_result()["code"] == code
    assert hint in str(error.hint)


def test_the_file_of_a_federated_token_is_read_anew_each_time(opened: Running, tmp_path: Path) -> None:
    """The platform keeps the file fresh; the access token outlives what stood in it at first."""
    path = credential_file(tmp_path, opened.foreign_token(seconds=300))
    tried = attempt(opened, oidc_token_file_path=path, **IDS)
    opened.advance(200)
    list_packages(tried)
    opened.advance(400)
    assert refused(opened, oidc_token_file_path=path, **IDS).as_result()["code"] == "AADSTS700024"
    credential_file(tmp_path, opened.foreign_token(seconds=300))
    list_packages(tried)


@pytest.mark.parametrize(
    ("content", "words"), [(None, "cannot be read"), ("", "blanks"), ("a b", "blanks"), ("ä", "no token")]
)
def test_a_file_without_a_federated_token(opened: Running, tmp_path: Path, content: str | None, words: str) -> None:
    path = credential_file(tmp_path, content) if content is not None else str(tmp_path / "none")
    error = refused(opened, oidc_token_file_path=path, **IDS)
    assert error.message.startswith("oidc_token_file_path: ")
    assert words in error.message


def request_of(sim: Running, **more: str) -> Json:
    return {
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{sim.url}/_actions/idtoken?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": REQUEST_TOKEN,
        "AZURE_CLIENT_ID": APP,
        "AZURE_TENANT_ID": "contoso.onmicrosoft.com",
        **more,
    }


def test_a_job_of_a_build_service_asks_for_its_token(opened: Running) -> None:
    tried = attempt(opened, request_of(opened))
    assert claims_of(list_packages(tried))["appid"] == APP
    assert REQUEST_TOKEN in tried.secrets
    asked = next(call for call in opened.calls() if call["path"] == "/_actions/idtoken")
    assert asked["body"] == {"audience": "api://AzureADTokenExchange"}


def test_a_job_asks_for_the_audience_that_the_task_names(opened: Running) -> None:
    error = refused(opened, request_of(opened), oidc_audience="https://elsewhere.example.com")
    assert error.as_result()["code"] == "AADSTS700212"


def test_a_job_that_may_not_have_a_token(opened: Running) -> None:
    error = refused(opened, request_of(opened, ACTIONS_ID_TOKEN_REQUEST_TOKEN="wrong"))
    assert "answered 401" in error.message
    assert "id-token: write" in str(error.hint)


def test_the_options_of_a_request_work_like_its_variables(opened: Running) -> None:
    url = f"{opened.url}/_actions/idtoken"
    list_packages(attempt(opened, oidc_request_url=url, oidc_request_token=REQUEST_TOKEN, **IDS))
    assert "oidc_request_token" in refused(opened, oidc_request_url=url, **IDS).message
    plain = url.replace("https://", "http://")
    assert "TLS only" in refused(opened, oidc_request_url=plain, oidc_request_token="t", **IDS).message


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
        ({"status": 1}, "it said nothing"),
        ({"out": "no JSON"}, "holds no token"),
        ({"out": "{}"}, "holds no token"),
        ({"out": "[]"}, "holds no token"),
    ],
)
def test_an_azure_cli_that_gives_no_token(opened: Running, tmp_path: Path, answer: Json, words: str) -> None:
    error = refused(opened, azure_cli(tmp_path, **answer), auth_source="cli")
    assert isinstance(error, SignInError)
    assert words in error.message
    assert error.hint


def test_no_azure_cli(opened: Running) -> None:
    assert "no program az" in refused(opened, {"PATH": ""}, auth_source="cli").message


def test_what_a_person_of_azure_cli_may_not_is_explained(opened: Running, tmp_path: Path) -> None:
    token = opened.token("delegated", user="ada@contoso.com", permissions=["User.Read"])
    environ = azure_cli(tmp_path, json.dumps({"accessToken": token}))
    error = refused(opened, environ)
    assert error.as_result()["status"] == 403
    assert str(error.hint).startswith("the token is a person's from Azure CLI")
    with pytest.raises(GraphError) as raised, sign_in(attempt(opened, environ).context) as signed_in:
        raise next(out for out in signed_in.graph.send_all([Call("GET", PACKAGES)] * 2) if isinstance(out, GraphError))
    assert "Azure CLI" in str(raised.value.hint)


def test_a_revoked_token_is_replaced_once_by_one_with_the_claims(opened: Running, tmp_path: Path) -> None:
    path = credential_file(tmp_path, SELF.pem + SELF.key_pem())
    claims = opened.challenge()
    opened.clear_calls()
    list_packages(attempt(opened, certificate_path=path, **IDS))
    graph = [call["status"] for call in opened.calls() if call["service"] == "graph"]
    asked = [call["body"].get("claims") for call in opened.calls() if call["method"] == "POST"]
    assert graph == [401, 200]
    assert asked[0] is None
    assert str(claims["access_token"]["nbf"]["value"]) in asked[1]


def test_a_revoked_ready_token_is_not_replaced(opened: Running) -> None:
    token = opened.token()
    opened.challenge()
    error = refused(opened, access_token=token)
    assert (error.as_result()["status"], sign_ins(opened)) == (401, 0)
    assert "revoked" in str(error.hint)
