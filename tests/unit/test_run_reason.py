# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a run is made: AWX, build services and git tell, and some clouds do not want to know."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ansible_collections.idgov.entra.plugins.plugin_utils.reason import reason_of

SHA = "0123456789abcdef0123456789abcdef01234567"
JOB = {"awx_job_id": 42, "awx_job_template_name": "Joiners", "awx_project_revision": SHA}


@pytest.fixture(autouse=True)
def _outside_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


def test_a_job_of_awx() -> None:
    assert reason_of(JOB, {}) == "AWX job 42 (Joiners), git revision 0123456789ab"


@pytest.mark.parametrize("name", ["GITHUB_SHA", "CI_COMMIT_SHA", "BUILD_SOURCEVERSION", "GIT_COMMIT"])
def test_a_build_service(name: str) -> None:
    assert reason_of({}, {name: SHA}) == "git revision 0123456789ab"


def test_nothing_is_known_outside_of_a_repository_and_without_git(tmp_path: Path) -> None:
    assert reason_of({}, {"PATH": str(tmp_path)}) == ""


def test_the_repository_of_the_current_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    identity = ["-c", "user.name=n", "-c", "user.email=e@example.com", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], [*identity, "commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    shown = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=tmp_path, check=True, capture_output=True, encoding="utf-8"
    )
    assert reason_of({}, dict(os.environ)) == f"git revision {shown.stdout[:12]}"


@pytest.mark.parametrize("cloud", ["AzureUSGovernment", "AzureChinaCloud"])
def test_a_cloud_without_justifications_gets_none(cloud: str) -> None:
    assert reason_of(JOB, {"AZURE_CLOUD_ENVIRONMENT": cloud}) == ""
