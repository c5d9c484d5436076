# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many tenants in one run of ansible-playbook: each with its own sign-in, its own changes and its own files."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from tests.simulator.running import Running, start_tenants
from tests.support.calls import sign_ins, writes
from tests.support.paths import ROOT
from tests.support.playbook import MODULE, SHIPPED, Played, clean_environment, run_playbook
from tests.support.runner import LOCAL, Encrypted, Job, as_inventory, run_job
from tests.support.sign_in import place
from tests.support.tenants import common_environment, load, secret_of, variables_of, write_inventory

Json = dict[str, Any]
# A port that nobody listens on.
NOWHERE = "https://localhost:1"
RECAP = re.compile(r"^(\S+) +: ok=\d+ +changed=(\d+) +unreachable=\d+ +failed=(\d+)", re.MULTILINE)
TENANTS = [f"tenant{number:02}" for number in range(20)]
DOWN, WRONG = "tenant18", "tenant19"
ONBOARDING: Json = {
    "onboarding_profiles": {"staff": ["Training"], "engineer": ["Engineering Laptop", "Training"]},
    "onboarding_wait_interval": 1,
}


def people(name: str) -> list[Json]:
    """In each tenant Kim joins, and Olga in every other, so that no two neighbours get the same changes."""
    is_even = int(name[-2:]) % 2 == 0
    kim = {"user": f"kim@{name}.com", "profile": "engineer"}
    return [kim, {"user": f"olga@{name}.com", "profile": "staff"}] if is_even else [kim]


def recap(played: Played) -> dict[str, tuple[int, int]]:
    """Return what the recap says of each host: what changed, and what failed."""
    return {host: (int(changed), int(failed)) for host, changed, failed in RECAP.findall(played.output)}


def named(text: str) -> set[str]:
    """Return the tenants that a text names, by themselves, a person or a secret."""
    return set(re.findall(r"tenant\d\d", text))


@pytest.mark.parametrize(
    ("playbook", "hosts", "words"),
    [
        ("joiner", "nobody", "idgov_hosts must name exactly one host; it names 0"),
        ("joiner", "tenants", "idgov_hosts must name exactly one host; it names 2"),
        ("onboard", "fabrikam", "idgov_entra_tenant_id is required for the host fabrikam"),
    ],
)
def test_a_playbook_reaches_no_tenant_that_was_not_named(
    sim: Running, tmp_path: Path, playbook: str, hosts: str, words: str
) -> None:
    known = write_inventory(tmp_path, {"contoso": variables_of("contoso", sim), "fabrikam": {}}, {})
    done = run_playbook(f"idgov.entra.{playbook}", tmp_path, sim.environment, "-i", known, "-e", f"idgov_hosts={hosts}")
    assert done.status == 2
    failed = [task.result["msg"] for task in done.tasks if task.status == "failed"]
    assert failed
    assert all(message.startswith(words) for message in failed)
    assert sim.calls() == []


def test_twenty_tenants_in_one_run(tmp_path: Path) -> None:
    """One of them does not answer, one has got a wrong secret; to the others that makes no difference."""
    with start_tenants(len(TENANTS)) as started:
        tenants = dict(zip(TENANTS, started, strict=True))
        load(tenants)
        hosts = {name: {**variables_of(name, sim), "onboarding_people": people(name)} for name, sim in tenants.items()}
        hosts[WRONG]["idgov_entra_client_secret"] = f"not-{secret_of(TENANTS[0])}"
        hosts[DOWN] |= {
            "idgov_entra_graph_url": NOWHERE,
            "idgov_entra_authority_host": NOWHERE,
            "idgov_entra_retries": 0,
        }
        inventory = write_inventory(tmp_path, hosts, {**ONBOARDING, "onboarding_audit_path": "audit.jsonl"})
        up = [name for name in TENANTS if name not in (DOWN, WRONG)]

        def run(*arguments: str) -> Played:
            for sim in started:
                sim.clear_calls()
            given = ("-i", inventory, "-e", "idgov_hosts=tenants", "--forks", "20", *arguments)
            done = run_playbook("idgov.entra.onboard", tmp_path, common_environment(started[0]), *given)
            assert done.status == 2, done.output
            found = recap(done)
            assert {name for name, (_dummy, failed) in found.items() if failed} == {DOWN, WRONG}
            assert set(found) == set(TENANTS)
            assert not [secret for secret in map(secret_of, TENANTS) if secret in done.output]
            return done

        foreseen = run("--check")
        assert [len(writes(sim)) for sim in started] == [0] * len(TENANTS)
        assert list(tmp_path.glob("audit*")) == []
        assert all(recap(foreseen)[name][0] for name in up)

        done = run()
        for name, sim in tenants.items():
            expected = 2 + (len(people(name)) == 2) if name in up else 0
            assert len(writes(sim)) == expected, name
            # What a tenant was sent, and what it was signed in to with, is its own.
            assert named(json.dumps(sim.calls())) <= {name}
        assert {name: sign_ins(tenants[name]) for name in up} == dict.fromkeys(up, 1)
        audits = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.glob("audit*")}
        assert set(audits) == {f"audit.{name}.jsonl" for name in up}
        for name in up:
            audit = audits[f"audit.{name}.jsonl"]
            assert (named(audit), len(audit.splitlines())) == ({name}, len(writes(tenants[name])))
        reasons = {str(task.result["msg"]) for task in done.tasks if task.status == "failed"}
        assert any("AADSTS7000215" in reason for reason in reasons), reasons
        assert any("Connection refused" in reason or "could not connect" in reason for reason in reasons), reasons

        for name in up:
            tenants[name].advance(60)
        again = run()
        assert [len(writes(sim)) for sim in started] == [0] * len(TENANTS)
        assert {name: recap(again)[name][0] for name in up} == dict.fromkeys(up, 0)


def test_awx_takes_the_inventory_of_a_project_with_encrypted_secrets(sim: Running, tmp_path: Path) -> None:
    """AWX reads an inventory without the password, keeps what it found, and gives it to the job as a script."""
    inventory = tmp_path / "repository" / "tenants"
    shutil.copytree(ROOT / "examples" / "tenants", inventory)
    known = yaml.safe_load((inventory / "hosts.yml").read_text(encoding="utf-8"))
    secret = sim.environment["AZURE_CLIENT_SECRET"]
    encrypted = VaultLib([("default", VaultSecret(b"of the vault"))]).encrypt(secret).decode()
    known["tenants"]["hosts"]["contoso"] |= {
        **variables_of("contoso", sim),
        "idgov_entra_client_secret": Encrypted(encrypted),
    }
    (inventory / "hosts.yml").write_text(as_inventory(known), encoding="utf-8")
    updated = subprocess.run(
        [Path(sys.executable).with_name("ansible-inventory"), "-i", inventory / "hosts.yml", "--list", "--export"],
        check=True,
        capture_output=True,
        encoding="utf-8",
        env=clean_environment(tmp_path),
    ).stdout
    assert secret not in updated
    script = tmp_path / "kept"
    script.write_text(f"#!/bin/sh\ncat <<'THE END'\n{updated}\nTHE END\n", encoding="utf-8")
    script.chmod(0o700)
    (tmp_path / "password").write_text("of the vault", encoding="utf-8")
    declared = tmp_path / "job" / "project" / "access" / "contoso" / "vpn.yml"
    declared.parent.mkdir(parents=True)
    declared.write_text(json.dumps({"assignments": [{"access_package": "VPN Access", "user": "lee@contoso.com"}]}))
    wrapper = yaml.safe_load((ROOT / "docs" / "awx" / "project" / "plan.yml").read_text(encoding="utf-8"))
    done = run_job(
        wrapper,
        tmp_path / "job",
        place(sim),
        *(
            "--inventory",
            str(script),
            "--limit",
            "contoso",
            "--cmdline",
            f"--vault-password-file {tmp_path / 'password'}",
        ),
        extra_vars={"idgov_hosts": "tenants"},
    )
    assert done.status == 0, done.texts["printed"]
    assert "lee@contoso.com: unchanged: VPN Access" in done.texts["printed"]
    assert done.places_of(secret) == []


def slices(hosts: Json, count: int) -> list[Json]:
    """Return the inventory of each slice of a job: AWX deals the hosts out one by one."""
    names = sorted(hosts)
    return [{"tenants": {"hosts": {name: hosts[name] for name in names[first::count]}}} for first in range(count)]


def test_the_slices_of_a_job_share_the_tenants(tmp_path: Path) -> None:
    """Two slices at the same time, on two nodes, which have one place for reports; modules, shipped ones and lookups."""
    who = {"access_package": "Engineering Laptop", "user": "kim@{{ inventory_hostname }}.com"}
    held = "q('idgov.entra.access_package_assignments', 'kim@' ~ inventory_hostname ~ '.com', states=['delivered'])"
    tasks: list[Json] = [
        {"name": "add", MODULE: {**who, "wait_interval": 1}},
        {"name": "again", MODULE: who, **SHIPPED},
        {"name": "look", "ansible.builtin.assert": {"that": f"{held} | length == 1"}},
    ]
    plays: list[Json] = [
        {"hosts": "tenants", "gather_facts": False, "tasks": tasks},
        {"import_playbook": "idgov.entra.report"},
    ]
    asked = {"idgov_hosts": "tenants", "access_report_path": str(tmp_path / "out"), "access_report_formats": "csv"}
    with start_tenants(4) as started:
        tenants = dict(zip(TENANTS, started, strict=False))
        load(tenants)
        hosts = {name: {**LOCAL, **variables_of(name, sim)} for name, sim in tenants.items()}

        def job(part: tuple[int, Json]) -> Job:
            folder = tmp_path / f"node{part[0]}"
            return run_job(plays, folder, common_environment(started[0]), extra_vars=asked, inventory=part[1])

        with ThreadPoolExecutor() as nodes:
            jobs = list(nodes.map(job, enumerate(slices(hosts, 2))))
        for done in jobs:
            assert done.status == 0, done.texts["printed"]
            assert [result["action"] for name in ("add", "again") for result in done.results(name)] == [
                *("add", "add", "none", "none")
            ]
            assert [place for name in tenants for place in done.places_of(secret_of(name))] == []
        assert [len(writes(sim)) for sim in started] == [1] * 4
        assert all(named(json.dumps(sim.calls())) <= {name} for name, sim in tenants.items())
    reports = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir()}
    assert {name: named(text) for name, text in reports.items()} == {
        f"access_report.{name}.csv": {name} for name in tenants
    }
