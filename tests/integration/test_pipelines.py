# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ready pipelines: each step is run as it stands in the file, signed in by federation, against the simulator."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.simulator.foreign_issuer import AUDIENCE, ISSUER, REQUEST_TOKEN, SUBJECT
from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.simulator.world import read_world
from tests.support.calls import sent, writes
from tests.support.guide import reader
from tests.support.paths import ROOT
from tests.support.pipeline import Bench, GitLab, evaluated, gitlab
from tests.support.sign_in import place

Json = dict[str, Any]
GITHUB: Json = yaml.safe_load((ROOT / "docs/pipelines/github.yml").read_text(encoding="utf-8"))
GITLAB: Json = yaml.safe_load((ROOT / "docs/pipelines/gitlab.yml").read_text(encoding="utf-8"))
HEAD, MERGED = "a" * 40, "b" * 40
TENANT = "contoso.onmicrosoft.com"
CONTEXT = {
    "vars.AZURE_TENANT_ID": TENANT,
    "vars.ACCESS_PLAN_CLIENT_ID": id_of("app", "planner"),
    "vars.ACCESS_APPLY_CLIENT_ID": id_of("app", "automation"),
    "github.token": "not-a-real-token",
    "github.repository": "contoso/access",
    "github.event.pull_request.number": "7",
}
DECLARED = """\
assignments:
  - {access_package: VPN Access, policy: Everybody, user: kim@contoso.com}
access_packages: [VPN Access]
"""
CONDITION = "always() && hashFiles('{}') != ''"


@pytest.fixture
def bench(sim: Running, tmp_path: Path) -> Bench:
    """A checkout with its files, in a tenant with two applications that trust the jobs, of which one can only read."""
    federated = [{"issuer": ISSUER, "subject": SUBJECT, "audience": AUDIENCE}]
    world = read_world("contoso")
    world["apps"][0] |= {"federated": federated}
    reading = ["EntitlementManagement.Read.All", "User.ReadBasic.All"]
    world["apps"].append({"name": "planner", "permissions": reading, "federated": federated})
    sim.load(world)
    checkout = tmp_path / "checkout"
    (checkout / "access").mkdir(parents=True)
    (checkout / "access/vpn.yml").write_text(DECLARED, encoding="utf-8")
    return Bench(checkout, tmp_path / "programs", reader(tmp_path / "home", place(sim)))


INSTALLING: dict[str, Json] = {
    "pip install --requirement requirements.txt": {},
    "ansible-galaxy collection install --requirements-file requirements.yml": {},
}


class GitHubJobs:
    """Runs the jobs of the workflow, one step after the other as GitHub does, and keeps their artifacts."""

    def __init__(self, sim: Running, bench: Bench, kept: Path) -> None:
        self.sim, self.bench, self.kept = sim, bench, kept
        self.summary = kept / "step-summary.md"
        kept.mkdir()

    def run(self, name: str) -> bool:
        """Return whether all steps went well; a step of which one failed before runs where its condition says so."""
        job = GITHUB["jobs"][name]
        failed = False
        for step in job["steps"]:
            condition = step.get("if")
            if condition:
                (file,) = re.findall(r"hashFiles\('([\w.]+)'\)", condition)
                assert condition == CONDITION.format(file)
            runs = (self.bench.checkout / file).is_file() if condition else not failed
            if runs and not self._step(step, job):
                failed = True
        return not failed

    def _step(self, step: Json, job: Json) -> bool:
        if "uses" in step:
            assert re.fullmatch(r"actions/(checkout|setup-python|upload-artifact)@[0-9a-f]{40}", step["uses"])
            if "upload-artifact" in step["uses"]:
                source = self.bench.checkout / step["with"]["path"]
                (self.kept / step["with"]["name"]).write_bytes(source.read_bytes())
            return True
        given = {**GITHUB["env"], **job.get("env", {}), **step.get("env", {})}
        environment = {
            **evaluated(given, CONTEXT),
            "GITHUB_SHA": MERGED,
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.sim.url}/_actions/idtoken?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": REQUEST_TOKEN,
        }
        # What is in an expression could be a command: expressions belong into the environment.
        assert "${{" not in step["run"]
        done = self.bench.run(step["run"], environment)
        print(done.stdout)
        # A name in the output can look like a command to the runner, which must not take it for one.
        assert "ansible-playbook" not in step["run"] or re.match(r"::stop-commands::[0-9a-f-]{36}\n", done.stdout)
        return done.returncode == 0


def github_answers(kept: Path) -> dict[str, Json]:
    select = f'.[] | select(.merge_commit_sha == "{MERGED}") | .head.sha'
    runs = f"--workflow access.yml --event pull_request --commit {HEAD} --status success --limit 1"
    return {
        **INSTALLING,
        "gh pr comment 7 --edit-last --create-if-none --body-file summary.md": {},
        f"gh api repos/contoso/access/commits/{MERGED}/pulls --jq {select}": {"output": f"{HEAD}\n"},
        f"gh run list {runs} --json databaseId --jq .[].databaseId": {"output": "12\n"},
        "gh run download 12 --name access-plan": {"files": {"plan.json": str(kept / "access-plan")}},
    }


def test_github(sim: Running, bench: Bench, tmp_path: Path) -> None:
    jobs = GitHubJobs(sim, bench, tmp_path / "kept")
    bench.answer(github_answers(jobs.kept))
    assert jobs.run("plan")
    assert writes(sim) == []
    told = jobs.summary.read_text(encoding="utf-8")
    assert "**1 removal, 1 addition.**" in told
    assert ["gh", "pr", "comment", "7"] in [line[:4] for line in bench.asked()]

    # The merge starts with a fresh checkout.
    for name in ("plan.json", "summary.md"):
        (bench.checkout / name).unlink()
    sim.clear_calls()
    assert jobs.run("apply")
    assert [body["requestType"] for body in sent(sim)] == ["adminAdd", "adminRemove"]
    assert len((jobs.kept / "access-audit").read_text(encoding="utf-8").splitlines()) == 2
    assert "## Changes of access\n" in jobs.summary.read_text(encoding="utf-8")

    sim.clear_calls()
    assert jobs.run("drift")
    assert writes(sim) == []


def test_github_applies_nothing_that_was_not_planned(sim: Running, bench: Bench, tmp_path: Path) -> None:
    jobs = GitHubJobs(sim, bench, tmp_path / "kept")
    answers = github_answers(jobs.kept)
    for missing in ("gh api", "gh run list"):
        bench.answer({line: {} if line.startswith(missing) else answer for line, answer in answers.items()})
        assert not jobs.run("apply")
    assert sim.calls() == []


def test_github_trusts_a_job_as_far_as_it_must() -> None:
    jobs = GITHUB["jobs"]
    assert GITHUB["permissions"] == {}
    assert {name for name, job in jobs.items() if "ACCESS_APPLY" in str(job["env"])} == {"apply"}
    assert jobs["apply"]["environment"] == "access"
    assert not any("write" in value for name, value in jobs["apply"]["permissions"].items() if name != "id-token")
    assert "head.repo.full_name == github.repository" in jobs["plan"]["if"]
    # Of waiting jobs of a group GitHub keeps one only, and the plans of the others would be lost.
    assert "concurrency" not in str(GITHUB)


@pytest.fixture
def platform(bench: Bench) -> Iterator[GitLab]:
    """GitLab, with a merge request whose head was planned."""
    project = "/api/v4/projects/5"
    with gitlab({}, "not-a-real-token") as played:
        played.answers = {
            f"{project}/repository/commits/{MERGED}/merge_requests": [
                {"sha": "c" * 40, "state": "closed", "iid": 3},
                {"sha": HEAD, "state": "merged", "iid": 7},
            ],
            f"{project}/pipelines?sha={HEAD}&source=merge_request_event&status=success": [{"id": 31, "sha": HEAD}],
            f"{project}/pipelines/31/jobs?scope[]=success": [{"id": 40, "name": "lint"}, {"id": 41, "name": "plan"}],
        }
        bench.answer(INSTALLING)
        yield played


def gitlab_job(sim: Running, bench: Bench, platform: GitLab, name: str) -> tuple[bool, str]:
    """Run a job as a runner does: what comes before and the script in one shell, what comes after in another."""
    job = {**GITLAB[".entra"], **GITLAB[name]}
    assert job["id_tokens"] == {"AZURE_FEDERATED_TOKEN": {"aud": AUDIENCE}}
    clients = {"$ACCESS_PLAN_CLIENT_ID": "planner", "$ACCESS_APPLY_CLIENT_ID": "automation"}
    environment = {
        "AZURE_TENANT": TENANT,
        "AZURE_CLIENT_ID": id_of("app", clients[job["variables"]["AZURE_CLIENT_ID"]]),
        "AZURE_FEDERATED_TOKEN": sim.foreign_token(),
        "ACCESS_GITLAB_TOKEN": platform.token,
        "CI_API_V4_URL": platform.url,
        "CI_PROJECT_ID": "5",
        "CI_COMMIT_SHA": MERGED,
        "CI_MERGE_REQUEST_IID": "7",
    }
    done = bench.run("\n".join([*GITLAB["default"]["before_script"], *job["script"]]), environment)
    after = bench.run("\n".join(job.get("after_script", [])), environment)
    assert after.returncode == 0, after.stdout
    return done.returncode == 0, done.stdout


def test_gitlab(sim: Running, bench: Bench, platform: GitLab) -> None:
    well, told = gitlab_job(sim, bench, platform, "plan")
    assert well, told
    assert writes(sim) == []
    (note,) = platform.notes
    assert note == (bench.checkout / "summary.md").read_text(encoding="utf-8")
    assert "**1 removal, 1 addition.**" in note
    kept = {path: (bench.checkout / path).is_file() for path in GITLAB["plan"]["artifacts"]["paths"]}
    assert kept == {"plan.json": True, "summary.md": True}

    plan = json.loads((bench.checkout / "plan.json").read_text(encoding="utf-8"))
    platform.answers = {**platform.answers, "/api/v4/projects/5/jobs/41/artifacts/plan.json": plan}
    for name in kept:
        (bench.checkout / name).unlink()
    sim.clear_calls()
    well, told = gitlab_job(sim, bench, platform, "apply")
    assert well, told
    assert [body["requestType"] for body in sent(sim)] == ["adminAdd", "adminRemove"]
    assert len((bench.checkout / "audit.jsonl").read_text(encoding="utf-8").splitlines()) == 2

    sim.clear_calls()
    well, told = gitlab_job(sim, bench, platform, "drift")
    assert well, told
    assert writes(sim) == []


def test_gitlab_applies_nothing_that_was_not_planned(sim: Running, bench: Bench, platform: GitLab) -> None:
    for path in list(platform.answers):
        known = platform.answers
        platform.answers = {**known, path: []}
        assert not gitlab_job(sim, bench, platform, "apply")[0]
        platform.answers = known
    assert sim.calls() == []
