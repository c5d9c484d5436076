# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX injects is enough: its built-in credential, the two custom types of the docs, several tenants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tests.simulator.running import Running, start
from tests.simulator.world import read_world
from tests.support.calls import writes
from tests.support.certificates import pair
from tests.support.guide import blocks, page
from tests.support.paths import ROOT
from tests.support.playbook import MODULE, SHIPPED
from tests.support.runner import Job, run_job
from tests.support.sign_in import APP, open_every_door, place

Json = dict[str, Any]
PASSWORD = "hunter2-certificate"
LAPTOP = {"access_package": "Engineering Laptop", "user": "ada@contoso.com", "wait_interval": 1}
TYPES = ROOT / "docs" / "awx"
TENANT = "contoso.onmicrosoft.com"


def play_of(*tasks: Json, **keywords: Any) -> list[Json]:
    return [{"hosts": "all", "gather_facts": False, **keywords, "tasks": list(tasks)}]


def job(sim: Running, folder: Path, injected: Json, *tasks: Json) -> Job:
    given = tasks or ({"name": "add", MODULE: LAPTOP},)
    return run_job(play_of(*given), folder, {**place(sim), **injected})


def built_in(sim: Running, **fields: str) -> Json:
    """The variables of the type Microsoft Azure Resource Manager, as its injector sets them."""
    filled = fields.get("client") and fields.get("tenant")
    injected = {"AZURE_SUBSCRIPTION_ID": "00000000-0000-0000-0000-000000000000"}
    if filled:
        injected |= {
            "AZURE_CLIENT_ID": fields["client"],
            "AZURE_TENANT": fields["tenant"],
            "AZURE_SECRET": fields.get("secret", ""),
        }
    else:
        injected |= {"AZURE_AD_USER": fields.get("username", ""), "AZURE_PASSWORD": fields.get("password", "")}
    if fields.get("cloud_environment"):
        injected["AZURE_CLOUD_ENVIRONMENT"] = fields["cloud_environment"]
    return injected


def test_the_built_in_credential_needs_nothing_else(sim: Running, tmp_path: Path) -> None:
    """Also in a pod that has an identity of its own, whose variables are no part of the credential."""
    secret = sim.environment["AZURE_CLIENT_SECRET"]
    injected = built_in(sim, client=APP, tenant=TENANT, secret=secret, cloud_environment="AzureCloud")
    pod = {"AZURE_TENANT_ID": "pod.example", "AZURE_FEDERATED_TOKEN_FILE": str(tmp_path / "token")}
    tasks = [{"name": "add", MODULE: LAPTOP}, {"name": "again", MODULE: LAPTOP, **SHIPPED}]
    done = job(sim, tmp_path, {**pod, **injected}, *tasks)
    assert done.status == 0, done.texts["printed"]
    assert [done.results(name)[0]["action"] for name in ("add", "again")] == ["add", "none"]
    assert len(writes(sim)) == 1
    assert done.places_of(secret) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"client": APP, "tenant": TENANT, "secret": ""}, "AZURE_SECRET is not"),
        (
            {"username": "ada@contoso.com", "password": "canary-5d1c"},
            "the AWX credential contains a user name and a password",
        ),
        ({}, "no credential is configured"),
    ],
    ids=["no secret", "a person", "empty"],
)
def test_a_built_in_credential_that_is_not_enough_is_explained(
    sim: Running, tmp_path: Path, fields: Json, words: str
) -> None:
    done = job(sim, tmp_path, built_in(sim, **fields))
    (result,) = done.results("add")
    assert words.lower() in result["msg"].lower()
    assert done.places_of("canary-5d1c") == []
    assert sim.calls() == []


def render(name: str, folder: Path, filled: Json) -> Json:
    """Render the injectors of a credential type as AWX does: fields that are not filled are empty texts."""
    kind = yaml.safe_load((TYPES / name).read_text(encoding="utf-8"))
    fields = {field["id"]: filled.get(field["id"], field.get("default", "")) for field in kind["inputs"]["fields"]}
    assert set(filled) <= set(fields)
    jinja = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    if "file" in kind["injectors"]:
        path = folder / "injected"
        path.write_text(jinja.from_string(kind["injectors"]["file"]["template"]).render(fields), encoding="utf-8")
        fields["tower"] = {"filename": str(path)}
    return {name: jinja.from_string(text).render(fields) for name, text in kind["injectors"]["env"].items()}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("credential-type-secret.yml", {"client_secret": "not-a-real-secret"}),
        ("credential-type-certificate.yml", {"certificate": pair().pem + pair().key_pem()}),
        (
            "credential-type-certificate.yml",
            {"certificate": pair().key_pem(PASSWORD) + pair().pem, "certificate_password": PASSWORD},
        ),
    ],
    ids=["secret", "certificate", "encrypted"],
)
def test_the_credential_types_of_the_docs_work(sim: Running, tmp_path: Path, kind: str, fields: Json) -> None:
    open_every_door(sim, secret="not-a-real-secret" if "secret" in kind else None)
    injected = render(kind, tmp_path, {"tenant_id": TENANT, "client_id": APP, **fields})
    done = job(sim, tmp_path, injected)
    assert done.status == 0, done.texts["printed"]
    assert done.results("add")[0]["action"] == "add"
    for secret in (value for name, value in fields.items() if name != "certificate"):
        assert done.places_of(secret) == []
    assert done.places_of("PRIVATE KEY") == []


@pytest.mark.parametrize("path", sorted(TYPES.glob("credential-type-*.yml")), ids=lambda path: path.stem)
def test_awx_takes_the_credential_types(path: Path) -> None:
    """AWX refuses names that start with ANSIBLE_, and shows every field that is not marked as secret."""
    kind = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert kind["kind"] == "cloud"
    fields = {field["id"]: field for field in kind["inputs"]["fields"]}
    assert set(kind["inputs"]["required"]) <= set(fields)
    assert all({"id", "type", "label"} <= set(field) and field["type"] == "string" for field in fields.values())
    assert {name for name, field in fields.items() if field.get("secret")} == set(fields) - {
        "tenant_id",
        "client_id",
        "cloud",
    }
    assert not any(name.startswith("ANSIBLE_") for name in kind["injectors"]["env"])
    used = str(kind["injectors"])
    assert all(f"{{{{ {name} }}}}" in used for name in fields)


def test_several_tenants_are_hosts_of_the_inventory(sim: Running, tmp_path: Path) -> None:
    """The inventory and the play of the guide, against two simulated tenants."""
    shown = [yaml.safe_load(block) for block in blocks(page("tenants.md"))]
    (inventory,) = (block for block in shown if isinstance(block, dict) and "tenants" in block)
    (plays,) = (block for block in shown if isinstance(block, list) and block[0].get("hosts") == "tenants")
    world = read_world("contoso")
    world["tenant"]["domain"] = "fabrikam.onmicrosoft.com"
    world["apps"][0]["secret"] = "fabrikam-secret"
    with start() as other:
        other.load(world)
        hosts = inventory["tenants"]["hosts"]
        assert set(hosts) == {"contoso", "fabrikam"}
        for name, running in (("contoso", sim), ("fabrikam", other)):
            hosts[name] |= {"simulator": place(running), "idgov_entra_client_id": APP}
        del hosts["fabrikam"]["idgov_entra_certificate_path"]
        hosts["fabrikam"]["idgov_entra_client_secret"] = "{{ vault_fabrikam_secret }}"
        plays[0]["environment"] = "{{ simulator }}"
        secrets = {"vault_contoso_secret": "not-a-real-secret", "vault_fabrikam_secret": "fabrikam-secret"}
        done = run_job(plays, tmp_path, {}, extra_vars=secrets, inventory=inventory)
        assert done.status == 0, done.texts["printed"]
        assert len(writes(sim)) == len(writes(other)) == 1
        assert [done.places_of(secret) for secret in secrets.values()] == [[], []]
