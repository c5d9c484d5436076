# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages for people who come from PowerShell, Terraform and AWX show tasks that exist, and an example that works."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.idgov.entra.plugins.module_utils._tasks import access_package_assignment
from tests.simulator.running import Running
from tests.support import awx
from tests.support.calls import sent, writes
from tests.support.engine import run_task
from tests.support.guide import blocks, follow, page, reader
from tests.support.paths import ROOT
from tests.support.playbook import run_playbook

Json = dict[str, Any]
OURS = re.compile(r"idgov\.entra\.\w+")
THEIRS = re.compile(r"awx\.awx\.\w+")
TASKS = "ansible_collections.idgov.entra.plugins.module_utils._tasks"


def tasks(name: str, module: re.Pattern[str]) -> Iterator[tuple[str, Json]]:
    """Yield module and options of each task of a page that uses such a module."""
    for text in blocks(page(name)):
        content = awx.read(text)
        for task in content if isinstance(content, list) else []:
            for key, options in task.items():
                if module.fullmatch(key):
                    yield key, options


FROM_TERRAFORM = page("from-terraform.md")
FROM_POWERSHELL = list(tasks("from-powershell.md", OURS))
FROM_AWX = list(tasks("from-awx.md", THEIRS))
TENANTS_IN_AWX = list(tasks("tenants.md", THEIRS))
DRIFT_IN_AWX = list(tasks("reviewed-changes.md", THEIRS))


@pytest.mark.parametrize(("module", "options"), FROM_POWERSHELL)
def test_a_task_beside_a_cmdlet_is_one_that_the_module_takes(module: str, options: Json) -> None:
    spec: Mapping[str, Any] = importlib.import_module(f"{TASKS}.{module.rpartition('.')[2]}").ARGUMENT_SPEC
    assert ArgumentSpecValidator(spec).validate(options).error_messages == []


def test_the_tasks_beside_the_cmdlets_work_in_the_simulated_tenant(frozen: Running) -> None:
    for module, options in FROM_POWERSHELL:
        if "request_id" in options:
            continue
        task = importlib.import_module(f"{TASKS}.{module.rpartition('.')[2]}")
        frozen.clear_calls()
        result = run_task(task, frozen, options)
        assert not result["failed"], result["msg"]
        assert result["changed"] == (len(writes(frozen)) > 0) == module.endswith(("_assignment", "_assignments"))
        frozen.clear_calls()
        assert not run_task(task, frozen, options)["changed"]
        assert writes(frozen) == []


def test_the_first_playbook_holds_a_task_that_the_module_takes() -> None:
    (play,) = next(
        content for text in blocks(page("from-powershell.md")) if "hosts" in (content := yaml.safe_load(text))[0]
    )
    options = play["tasks"][0]["idgov.entra.access_package_assignment"]
    assert ArgumentSpecValidator(access_package_assignment.ARGUMENT_SPEC).validate(options).error_messages == []


def test_every_state_and_module_has_its_cmdlet() -> None:
    shown = {(module.rpartition(".")[2], options.get("state", "present")) for module, options in FROM_POWERSHELL}
    requests = {
        ("access_package_assignment_request", state) for state in ("canceled", "reprocessed", "resumed", "absent")
    }
    assert requests <= shown
    assert {module for module, _state in shown} == {
        *("access_package_assignment", "access_package_assignments", "access_package_assignment_request"),
        *("access_package_assignment_info", "access_package_assignment_request_info", "access_package_info"),
    }


def test_every_cmdlet_of_assignments_and_requests_has_its_place() -> None:
    page = (ROOT / "docs" / "from-powershell.md").read_text(encoding="utf-8")
    noun = "MgEntitlementManagementAssignment"
    cmdlets = [
        *(f"Get-{noun}{rest}" for rest in ("", "Additional", "Count", "Policy", "Request", "RequestCount")),
        *(f"Invoke-MgFilter{noun[2:]}{rest}ByCurrentUser" for rest in ("", "Request")),
        *(f"{verb}-{noun}Request" for verb in ("New", "Remove", "Resume", "Stop", "Update")),
        *(f"{verb}-{noun}" for verb in ("Remove", "Update")),
    ]
    assert [name for name in cmdlets if not re.search(rf"`{name}\b", page)] == []


@pytest.mark.parametrize(("module", "options"), FROM_AWX + TENANTS_IN_AWX + DRIFT_IN_AWX)
def test_a_task_for_awx_is_one_that_its_module_takes(reference_data: Path, module: str, options: Json) -> None:
    assert list(awx.faults(awx.modules(reference_data)[module], options, module)) == []


def test_what_stands_on_the_page_for_awx_fits_together() -> None:
    made = {(module.rpartition(".")[2], options["name"]) for module, options in FROM_AWX}
    (template,) = (options for module, options in FROM_AWX if module.endswith(".job_template"))
    (schedule,) = (options for module, options in FROM_AWX if module.endswith(".schedule"))
    for kind in ("project", "inventory", "execution_environment"):
        assert (kind, template[kind]) in made
    assert {("credential", name) for name in template["credentials"]} <= made
    assert schedule["unified_job_template"] == template["name"]
    assert awx.start_of(schedule["rrule"]) < datetime.now()
    files = " ".join(blocks(page("from-awx.md"), "text"))
    assert template["playbook"] in files
    assert set(re.findall(r"[a-z]+\.yml", files)) - {"vpn.yml"} == {
        path.name for path in awx.FOLDER.rglob("project/**/*.yml")
    }
    imported = [
        play["import_playbook"]
        for text in blocks(page("from-awx.md"))
        for play in awx.read(text)
        if "import_playbook" in play
    ]
    assert all((ROOT / "playbooks" / f"{name.rpartition('.')[2]}.yml").is_file() for name in imported)


def laptop_of(sim: Running) -> Json:
    """The ids of the package of the page and of its policy, as the tenant has them."""
    (package,) = (row["id"] for row in sim.dump()["packages"] if row["displayName"] == "Engineering Laptop")
    (policy,) = (row["id"] for row in sim.dump()["policies"] if row["packageId"] == package)
    return {"access_package": package, "policy": policy}


def test_the_page_for_awx_and_the_workflow_make_the_same_under_the_same_names() -> None:
    compared = 0
    for module, options in FROM_AWX:
        kind = module.rpartition(".")[2]
        if kind in ("project", "execution_environment", "inventory", "credential"):
            made = awx.of(kind)[options["name"]]
            for option in {"organization", "scm_url", "scm_branch", "scm_type", "image"} & set(made):
                variable = re.fullmatch(r"\{\{ (\w+) }}", made[option])
                assert options[option] == (awx.variables()[variable[1]] if variable else made[option]), (kind, option)
                compared += 1
    assert compared >= 8
    requirement = [block for block in blocks(page("from-awx.md")) if block.startswith("collections:")]
    file = (awx.FOLDER / "project" / "collections" / "requirements.yml").read_text(encoding="utf-8")
    assert requirement == [file[file.index("collections:") :]]


@pytest.mark.parametrize(("proof", "field"), [("secret", "client_secret"), ("certificate", "certificate")])
def test_the_workflow_gives_awx_what_stands_in_the_files(
    reference_data: Path, tmp_path: Path, proof: str, field: str
) -> None:
    environment = awx.stand_ins(tmp_path / "collections", reference_data)
    secrets = {f"access_{who}_{field}": f"{who}'s {{{{ braces }}}}" for who in ("plan", "apply")}
    (tmp_path / "vault.yml").write_text(
        "".join(f"{name}: !unsafe {json.dumps(value)}\n" for name, value in secrets.items()), encoding="utf-8"
    )
    (own,) = (text for text in blocks(page("from-awx.md")) if text.startswith("access_repository:"))
    (tmp_path / "access.yml").write_text(own, encoding="utf-8")
    given = ["-e", "@access.yml", "-e", "@vault.yml", "-e", f"access_proof={proof}", "-e", "access_tenant=contoso"]
    for file in ("workflow.yml", "templates.yml"):
        done = run_playbook(str(awx.FOLDER / file), tmp_path, environment, *given)
        assert done.status == 0, done.output
        assert "braces" not in done.output
    made = awx.calls_made(environment)
    kind = yaml.safe_load((awx.FOLDER / f"credential-type-{proof}.yml").read_text(encoding="utf-8"))
    assert [options for module, options in made if module == "awx.awx.credential_type"] == [
        {**kind, "state": "present"}
    ]
    credentials = [options for module, options in made if module == "awx.awx.credential"]
    assert [each["name"] for each in credentials] == [
        "Entra, reads access (contoso)",
        "Entra, changes access (contoso)",
    ]
    assert {each["credential_type"] for each in credentials} == {kind["name"]}
    assert [each["inputs"].pop(field) for each in credentials] == list(secrets.values())
    assert all(set(each["inputs"]) == {"tenant_id", "client_id"} for each in credentials)
    assert set(yaml.safe_load(own)) <= set(awx.variables())
    # One call for each task, and one more for the second team.
    assert len(made) == len(awx.tasks()) + 1 + len(awx.tasks("templates.yml"))


def test_the_tenants_of_awx_use_what_is_made_before() -> None:
    made = {(module.rpartition(".")[2], options["name"]) for module, options in FROM_AWX + TENANTS_IN_AWX}
    (template,) = (options for module, options in TENANTS_IN_AWX if module.endswith(".job_template"))
    (source,) = (options for module, options in TENANTS_IN_AWX if module.endswith(".inventory_source"))
    assert (awx.FOLDER / "project" / template["playbook"]).is_file()
    for kind in ("project", "inventory", "execution_environment"):
        assert (kind, template[kind]) in made
    assert {("credential", name) for name in template["credentials"]} <= made
    assert {("inventory", source["inventory"]), ("project", source["source_project"])} <= made


def test_people_get_into_what_terraform_made(sim: Running, tmp_path: Path) -> None:
    environment = reader(tmp_path / "home", sim.environment)
    laptop = laptop_of(sim)
    outputs = {"access": {"laptop": laptop}, "access_file": {"access_packages": [laptop["access_package"]]}}
    # Stands in for ``terraform output -json NAME``, which prints an output on one line.
    for name, value in outputs.items():
        (tmp_path / name).write_text(json.dumps(value, separators=(",", ":")) + "\n", encoding="utf-8")
    stand_in = tmp_path / "bin" / "terraform"
    stand_in.parent.mkdir()
    stand_in.write_text(f'#!/bin/sh\ntest "$1 $2" = "output -json" && cat "{tmp_path}/$3"\n', encoding="utf-8")
    stand_in.chmod(0o755)
    environment["PATH"] = f"{stand_in.parent}:{environment['PATH']}"
    where = tmp_path / "work"
    where.mkdir()

    def requests_of(section: str) -> list[list[str]]:
        """Follow a section, and return what each of its blocks of commands has had sent."""
        found = []
        sim.clear_calls()
        for _output in follow(FROM_TERRAFORM, section, where, environment):
            found.append([body["requestType"] for body in sent(sim)])
            sim.clear_calls()
        return found

    assert requests_of("With a play") == [[], [], ["adminAdd", "adminAdd", "adminRemove"]]
    assert run_playbook("assign.yml", where, sim.environment).status == 0
    assert writes(sim) == []
    assert requests_of("With files, a plan and a review") == [[], [], ["adminAdd", "adminRemove"], []]


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ("{}", "it would take the access package 'Engineering Laptop' away from its last holder (lee@contoso.com)"),
        ("", "it would take the access package 'Engineering Laptop' away from its last holder (lee@contoso.com)"),
        ("{laptop: []}", "it would take the access package 'Engineering Laptop' away from its last holder"),
        ("{laptpo: [], vpn: []}", "people.yml has laptpo, vpn, and Terraform's output has laptop"),
    ],
)
def test_a_key_of_people_that_is_gone_or_unknown_is_an_error(
    sim: Running, tmp_path: Path, people: str, words: str
) -> None:
    (playbook,) = (text for text in blocks(FROM_TERRAFORM) if "hosts" in text)
    (tmp_path / "assign.yml").write_text(playbook, encoding="utf-8")
    (tmp_path / "people.yml").write_text(f"people: {people}\n", encoding="utf-8")
    (tmp_path / "terraform-access.json").write_text(json.dumps({"laptop": laptop_of(sim)}), encoding="utf-8")
    done = run_playbook("assign.yml", tmp_path, sim.environment)
    assert done.status == 2
    assert words in done.output
    assert writes(sim) == []
