# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A canary in every form of credential, and none of them in any output, event or artifact, whatever comes of the task."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.simulator.foreign_issuer import REQUEST_TOKEN
from tests.simulator.running import Running
from tests.support.certificates import pair
from tests.support.playbook import MODULE, SHIPPED
from tests.support.runner import Job, run_job
from tests.support.sign_in import APP, open_every_door, place

Json = dict[str, Any]
TENANT = "contoso.onmicrosoft.com"
TOKEN = "idgov.entra.access_token_info"
IDS = {"tenant_id": TENANT, "client_id": APP}
LOOK = {"access_package": "Engineering Laptop", "user": "ada@contoso.com", "state": "absent", "retries": 0}
# What the options and the environment hold. Those that work are secrets of the simulated tenant.
CANARIES = {
    "secret": "canary-secret-1f",
    "alias": "canary-alias-2e",
    "password": "canary-password-3d",
    "token": "canary-token-4c",
    "assertion": "canary-assertion-5b",
    "request": "canary-request-6a",
    "proxy": "canary-proxy-79",
}
INJECTED = {
    "AZURE_CLIENT_ID": APP,
    "AZURE_TENANT": TENANT,
    "AZURE_SECRET": "canary-injected-secret-88",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD": "canary-injected-password-97",
    "IDENTITY_HEADER": "canary-identity-header-a6",
    "AZURE_AD_USER": "ada@contoso.com",
    "AZURE_PASSWORD": "canary-injected-person-b5",
}


def forms(sim: Running, folder: Path) -> dict[str, tuple[Json, str | None]]:
    """Name the options of each form, and the word by which its result is known; null where the task works."""
    (folder / "own.pem").write_text(pair().pem + pair().key_pem("canary-injected-password-97"), encoding="utf-8")
    (folder / "token").write_text(sim.foreign_token(), encoding="utf-8")
    (folder / "canary").write_text("canary-file-c4", encoding="utf-8")
    own = str(folder / "own.pem")
    ask = {"oidc_request_url": f"{sim.url}/_actions/idtoken", **IDS}
    return {
        "secret": ({"client_secret": "{{ canaries.secret }}", **IDS}, "AADSTS7000215"),
        "alias": ({"secret": "{{ canaries.alias }}", **IDS}, "AADSTS7000215"),
        "wrong password": (
            {"certificate_path": own, "certificate_password": "{{ canaries.password }}", **IDS},
            "certificate_path",
        ),
        "certificate": ({"certificate_path": own, **IDS}, None),
        "assertion": ({"oidc_token": "{{ canaries.assertion }}", **IDS}, "AADSTS50027"),
        "federated token": ({"oidc_token": "{{ foreign }}", **IDS}, None),
        "federated file": ({"oidc_token_file_path": str(folder / "token"), **IDS}, None),
        "wrong file": ({"oidc_token_file_path": str(folder / "canary"), **IDS}, "AADSTS50027"),
        "job": ({"oidc_request_token": "{{ request_token }}", **ask}, None),
        "wrong job": ({"oidc_request_token": "{{ canaries.request }}", **ask}, "id-token"),
        "token": ({"access_token": "{{ canaries.token }}"}, "InvalidAuthenticationToken"),
        "proxy": (
            {"proxy": "http://me:{{ canaries.proxy }}@127.0.0.1:1", "access_token": "canary-unused-token-d3"},
            "proxy",
        ),
        "wrong option": ({"client_secret": "{{ canaries.secret }}", "usr": "x"}, "usr"),
        "wrong type": ({"client_secret": "{{ canaries.secret }}", "timeout": "{{ canaries.secret }}"}, "timeout"),
        "injected": ({}, "AADSTS7000215"),
        "machine": ({"auth_source": "msi", "client_id": APP}, "identity header"),
    }


def tasks_of(options: dict[str, tuple[Json, str | None]]) -> list[Json]:
    """Each form on both hosts and with access_token_info, and what was registered shown."""
    tasks: list[Json] = []
    for name, (given, _word) in options.items():
        look = {"name": name, MODULE: {**LOOK, **given}, "register": "seen", "ignore_errors": True}
        tasks += [look, {"name": "show", "ansible.builtin.debug": {"var": "seen"}}, {**look, **SHIPPED}]
        tasks += [{"name": f"{name} for later", TOKEN: {**given, "retries": 0}, "ignore_errors": True}]
    return tasks


def canaries_of(sim: Running, folder: Path) -> list[str]:
    hidden = [value for name, value in INJECTED.items() if "canary" in value]
    return [
        *CANARIES.values(),
        *hidden,
        "canary-file-c4",
        REQUEST_TOKEN,
        (folder / "token").read_text(encoding="utf-8"),
    ]


def run(sim: Running, folder: Path, options: dict[str, tuple[Json, str | None]]) -> Job:
    variables = {"canaries": CANARIES, "foreign": sim.foreign_token(), "request_token": REQUEST_TOKEN}
    play = {"hosts": "all", "gather_facts": False, "tasks": tasks_of(options)}
    injected = {**place(sim), **INJECTED, "IDENTITY_ENDPOINT": f"{sim.url}/msi/token"}
    return run_job([play], folder, injected, "-vvvv", extra_vars=variables)


def test_no_canary_gets_out(sim: Running, tmp_path: Path) -> None:
    open_every_door(sim)
    options = forms(sim, tmp_path)
    done = run(sim, tmp_path, options)
    for name, (_given, word) in options.items():
        # In process and shipped: the form was really used.
        results = done.results(name)
        assert len(results) == 2, (name, done.texts["printed"])
        for result in results:
            assert result.get("failed", False) is (word is not None), (name, result)
            assert (word or "") in str(result), (name, result)
    leaks = {canary: places for canary in canaries_of(sim, tmp_path) if (places := done.places_of(canary))}
    assert leaks == {}
    assert done.places_of("eyJ") == []
    assert done.places_of("PRIVATE KEY") == []
    assert done.places_of("Traceback") == []
