# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workflow and templates for AWX: the modules take what the playbooks give them, and the parts name each other rightly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.awx import FOLDER, PREFIX, calls, faults, modules, of, start_of, tasks
from tests.support.paths import ROOT
from tests.support.roles import options_of

Json = dict[str, Any]


@pytest.fixture(scope="module")
def specs(reference_data: Path) -> Json:
    return modules(reference_data)


@pytest.mark.parametrize(("file", "count"), [("workflow.yml", 18), ("templates.yml", 4)])
def test_awx_awx_takes_every_option(specs: Json, file: str, count: int) -> None:
    assert [fault for module, given in calls(file) for fault in faults(specs[module], given, module)] == []
    assert len(list(calls(file))) == count


@pytest.mark.parametrize(
    ("module", "given", "fault"),
    [
        ("project", {"name": "x", "scm_url": "y", "scm_brunch": "z"}, "awx.awx.project.scm_brunch: unknown"),
        ("project", {"scm_url": "y"}, "awx.awx.project.name: missing"),
        ("project", {"name": "x", "scm_type": "cvs"}, "awx.awx.project.scm_type: not a choice"),
        ("project", {"name": "x", "scm_clean": "yes"}, "awx.awx.project.scm_clean: not a bool"),
        (
            "workflow_job_template_node",
            {"identifier": "x", "workflow_job_template": "y", "approval_node": {"timeout": 1}},
            "awx.awx.workflow_job_template_node.approval_node[0].name: missing",
        ),
    ],
)
def test_a_wrong_option_is_noticed(specs: Json, module: str, given: Json, fault: str) -> None:
    assert list(faults(specs[PREFIX + module], given, PREFIX + module)) == [fault]


def assert_uses_what_is_there(template: Mapping[str, Any]) -> None:
    """Hold a job template against what workflow.yml makes and against the project."""
    assert (FOLDER / "project" / template["playbook"]).is_file()
    assert {template["project"]} <= set(of("project"))
    assert {template["inventory"]} <= set(of("inventory"))
    assert set(template["credentials"]) <= set(of("credential"))
    assert template["execution_environment"] in of("execution_environment")


def test_its_parts_are_there() -> None:
    templates, nodes = of("job_template"), of("workflow_job_template_node")
    assert list(nodes) == ["apply", "approve", "plan"]
    assert (nodes["plan"]["success_nodes"], nodes["approve"]["success_nodes"]) == (["approve"], ["apply"])
    assert "approval_node" in nodes["approve"]
    assert {nodes[name]["unified_job_template"] for name in ("plan", "apply")} <= set(templates)
    assert {each["workflow_job_template"] for each in nodes.values()} == set(of("workflow_job_template"))
    assert {each["unified_job_template"] for each in of("schedule").values()} <= set(templates)
    for template in templates.values():
        assert_uses_what_is_there(template)
        assert set(template["extra_vars"]) <= set(options_of("access_as_code"))


def test_what_plans_is_not_sliced_and_cannot_write_and_nobody_brings_a_plan_along() -> None:
    templates, (workflow,) = of("job_template"), of("workflow_job_template").values()
    assert templates["Plan access"]["job_slice_count"] == 1
    assert templates["Plan access"]["credentials"] != templates["Apply access"]["credentials"]
    assert workflow["ask_variables_on_launch"] is False
    assert [each["variable"] for each in workflow["survey_spec"]["spec"]] == ["access_as_code_justification"]
    assert not any(each.get("ask_variables_on_launch") for each in templates.values())


def test_what_is_made_for_a_tenant_is_none_of_another_and_the_rest_is_shared() -> None:
    for file, kinds in (
        ("workflow.yml", ("credential", "job_template", "schedule", "workflow_job_template")),
        ("templates.yml", ("job_template", "schedule")),
    ):
        for kind in kinds:
            one, other = of(kind, file, " (contoso)"), of(kind, file, " (fabrikam)")
            assert len(one) == len(of(kind, file))
            assert set(one) & set(other) == set()
            assert not any("fabrikam" in str(each) for each in one.values())
    for kind in ("project", "inventory", "execution_environment", "credential_type"):
        assert of(kind, suffix=" (contoso)") == of(kind)
    nodes = of("workflow_job_template_node", suffix=" (contoso)").values()
    assert {each["workflow_job_template"] for each in nodes} == {"Access, reviewed (contoso)"}


def test_who_approves_sees_the_plan_and_nobody_executes_the_apply() -> None:
    given = [options for module, options in calls() if module == PREFIX + "role"]
    by_role = {options["role"]: options for options in given}
    assert len(by_role) == len(given)
    (workflow,) = of("workflow_job_template")
    assert by_role["execute"]["workflows"] == by_role["approval"]["workflows"] == [workflow]
    assert by_role["execute"]["teams"] != by_role["approval"]["teams"]
    assert "Plan access" in by_role["read"]["job_templates"]
    assert set(by_role["approval"]["teams"]) <= set(by_role["read"]["teams"])
    assert set(by_role["read"]["job_templates"]) <= set(of("job_template"))
    assert [each["role"] for each in given if each["role"] != "read" and "job_templates" in each] == []


@pytest.mark.parametrize("file", ["workflow.yml", "templates.yml"])
def test_a_schedule_has_begun(file: str) -> None:
    starts = [start_of(each["rrule"]) for each in of("schedule", file).values()]
    assert len(starts) == 1
    assert max(starts) < datetime.now()


def test_secrets_are_not_shown() -> None:
    shown = [
        task["name"] for task in tasks() if "secret" in str(task.get("awx.awx.credential")) and not task.get("no_log")
    ]
    assert shown == []


ROLES = {"joiner.yml": "onboarding", "offboard.yml": "offboarding", "report.yml": "access_report"}


def questions_of_joiners() -> set[str]:
    plays = yaml.safe_load((ROOT / "playbooks" / "joiner.yml").read_text(encoding="utf-8"))
    questions = next(play["vars"]["joiner_questions"] for play in plays if "vars" in play)
    return {each["path"] if isinstance(each, dict) else each for each in questions.values()}


def test_templates_use_what_is_there_and_set_and_ask_for_variables_that_are_read() -> None:
    templates = of("job_template", "templates.yml")
    assert {template["playbook"] for template in templates.values()} == set(ROLES)
    assert {each["unified_job_template"] for each in of("schedule", "templates.yml").values()} <= set(templates)
    for template in templates.values():
        assert_uses_what_is_there(template)
        known = set(options_of(ROLES[template["playbook"]]))
        assert set(template["extra_vars"]) <= known
        asked = {question["variable"] for question in template.get("survey_spec", {}).get("spec", ())}
        assert asked <= (questions_of_joiners() if template["playbook"] == "joiner.yml" else known)
        assert bool(asked) == template.get("survey_enabled", False)
        # Whoever launches it answers the questions and sets nothing else.
        assert not template.get("ask_variables_on_launch")


@pytest.mark.parametrize("playbook", sorted((FOLDER / "project").glob("*.yml")), ids=lambda path: path.name)
def test_each_playbook_of_the_project_leads_to_one_of_the_collection(playbook: Any) -> None:
    (play,) = yaml.safe_load(playbook.read_text(encoding="utf-8"))
    name = play["ansible.builtin.import_playbook"].removeprefix("idgov.entra.")
    assert (ROOT / "playbooks" / f"{name}.yml").is_file()
