# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An application proves itself to a sign-in that verifies it, with the msal that is installed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError, SignInError, TransportError
from tests.simulator.foreign_issuer import REQUEST_TOKEN
from tests.simulator.running import Running
from tests.support.calls import CREATE, writes
from tests.support.certificates import pair, self_signed
from tests.support.engine import assign
from tests.support.sign_in import (
    APP,
    CLUSTER,
    IDS,
    PASSWORD,
    POD,
    attempt,
    claims_of,
    credential_file,
    list_packages,
    open_every_door,
    refused,
)

Json = dict[str, Any]


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
    "no key": (SELF.pem, None, "contains no private key"),
    "no certificate": (SELF.key_pem(), None, "contains no certificate for its private key"),
    "another's certificate": (LEAF.pem + SELF.key_pem(), None, "contains no certificate for its"),
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


@pytest.mark.parametrize("form", ["PEM", "PFX"])
@pytest.mark.parametrize(
    ("key", "kind"),
    [(ec.generate_private_key(ec.SECP256R1()), "EC"), (ed25519.Ed25519PrivateKey.generate(), "Ed25519")],
    ids=["elliptic", "Ed25519"],
)
def test_a_key_of_another_kind(
    opened: Running, tmp_path: Path, key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey, kind: str, form: str
) -> None:
    made = self_signed(key)
    plain = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem = key.private_bytes(*plain) + made.public_bytes(Encoding.PEM)
    content = pem if form == "PEM" else serialize_key_and_certificates(b"test", key, made, None, NoEncryption())
    path = credential_file(tmp_path, content)
    error = refused(opened, certificate_path=path, **IDS)
    assert error.message.startswith(f"certificate_path: {path} contains a private key of type {kind}; it must be RSA")
    assert opened.calls() == []


@pytest.mark.parametrize(("password", "words"), [("a\udcff", "not text"), ("a\nb", "line break")])
def test_a_password_that_is_none(opened: Running, tmp_path: Path, password: str, words: str) -> None:
    path = credential_file(tmp_path, SELF.key_pem("other") + SELF.pem)
    error = refused(opened, certificate_path=path, certificate_password=password, **IDS)
    assert error.message.startswith("certificate_password: it contains ")
    assert words in error.message


@pytest.mark.parametrize(
    ("mode", "warned"), [(0o600, False), (0o400, False), (0o640, False), (0o644, True), (0o660, True), (0o604, True)]
)
def test_a_private_key_that_others_can_read_is_warned_of(
    opened: Running, tmp_path: Path, mode: int, warned: bool
) -> None:
    path = credential_file(tmp_path, SELF.key_pem() + SELF.pem)
    Path(path).chmod(mode)
    tried = attempt(opened, certificate_path=path, **IDS)
    list_packages(tried)
    assert tried.warnings == (
        [
            f"others on this machine can read or write {path}, which contains a private key; change its mode from {mode:04o} to 0600"
        ]
        if warned
        else []
    )


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


def test_a_tenant_that_is_not_there(opened: Running) -> None:
    error = refused(opened, **{**IDS, "tenant_id": "nobody.example", "client_secret": "x"})
    assert "does not know the tenant nobody.example" in error.message
    assert "tenant_id" in str(error.hint)


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
        ({"seconds": -600}, "AADSTS700024", "read at each sign-in"),
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
    ("content", "words"),
    [(None, "cannot be read"), ("", "is empty"), (" \n", "is empty"), ("a b", "contains no token"), ("ä", "no token")],
)
def test_a_file_without_a_federated_token(opened: Running, tmp_path: Path, content: str | None, words: str) -> None:
    path = credential_file(tmp_path, content) if content is not None else str(tmp_path / "none")
    error = refused(opened, oidc_token_file_path=path, **IDS)
    assert error.message.startswith(f"oidc_token_file_path: {path} ")
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


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_sign_in_is_not_taken_for_a_refusal(opened: Running, status: int) -> None:
    opened.faults({"service": "signin", "effect": {"status": status, "retry_after": 0.01}})
    for credential in ({"client_secret": "not-a-real-secret", **IDS}, _of_a_job(opened)):
        error = refused(opened, **credential)
        assert re.search(rf"localhost:\d+ answered with status {status}$", error.message)
        # By which whoever waits for better times knows an outage.
        assert isinstance(error, SignInError)
        assert isinstance(error.__cause__, TransportError)


def test_a_busy_sign_in_is_asked_again(opened: Running) -> None:
    busy = {"status": 429, "retry_after": 0.01}
    opened.faults({"service": "signin", "path": "token$", "times": 2, "effect": busy})
    tried = attempt(opened, client_secret="not-a-real-secret", retries=2, **IDS)
    assert claims_of(list_packages(tried))["appid"] == APP


def test_a_write_for_which_no_new_token_can_be_had_was_not_sent(opened: Running) -> None:
    """The build service breaks down while a task runs: what was refused with 401 was never carried out."""
    opened.faults(
        {**CREATE, "times": 1, "effect": {"token_expired": True}},
        *({"service": "signin", "path": "idtoken$", "nth": nth, "effect": {"status": 503}} for nth in range(2, 9)),
    )
    done = assign(opened, access_package="Training", user="ada@contoso.com", retries=0, **_of_a_job(opened))
    assert (done["failed"], done["changed"], done["error"]["kind"]) == (True, False, "sign_in")
    assert re.search(r"could not get the token for this job: localhost:\d+ answered with status 503", done["msg"])
    assert [call["status"] for call in writes(opened)] == [401]
    assert len([call for call in opened.calls() if call["path"] == "/_actions/idtoken"]) == 2


def _of_a_job(sim: Running) -> Json:
    return {"oidc_request_url": f"{sim.url}/_actions/idtoken", "oidc_request_token": REQUEST_TOKEN, **IDS}
