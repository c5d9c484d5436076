# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks of the guides work word for word in the simulated tenant, and their tables say what the code does."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.idgov.entra.plugins.module_utils._options.clouds import CLOUDS
from ansible_collections.idgov.entra.plugins.module_utils._options.environment import FAMILIES, REQUEST_VARIABLES
from ansible_collections.idgov.entra.plugins.module_utils._signin.refusals import hint_for_code
from tests.simulator.running import Running
from tests.support.calls import sign_ins, writes
from tests.support.guide import BLOCK, blocks, page, section
from tests.support.paths import ROOT
from tests.support.playbook import run_playbook
from tests.support.sign_in import APP, open_every_door


def playbooks(name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in blocks(page(name)):
        content: Any = yaml.safe_load(text)
        if isinstance(content, list) and content[0].get("hosts") == "localhost":
            found[content[0]["name"]] = text
    return found


PLAYBOOKS = {**playbooks("sign-in.md"), **playbooks("awx.md")}
KEPT_REPORT = PLAYBOOKS.pop("Keep the report in a repository")
# How often each of them asks for a token; a device code is asked for first.
SIGN_INS = {
    "Sign in once": 1,
    "As the person in front of the screen": 2,
    "Access for one person, as the survey says": 1,
}


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_a_playbook_of_a_guide(sim: Running, tmp_path: Path, name: str) -> None:
    open_every_door(sim)
    sim.settings(device_interval=1)
    sim.device_person("grace@contoso.com")
    sim.clear_calls()
    (tmp_path / "play.yml").write_text(PLAYBOOKS[name], encoding="utf-8")
    done = run_playbook("play.yml", tmp_path, sim.environment, "-e", f"public_client_id={APP}")
    assert done.status == 0, done.output
    assert (len(writes(sim)), sign_ins(sim)) == (1, SIGN_INS[name])


def test_a_report_is_committed_where_it_differs(sim: Running, tmp_path: Path) -> None:
    kept, job = tmp_path / "kept.git", tmp_path / "job"
    job.mkdir()
    (job / "play.yml").write_text(KEPT_REPORT, encoding="utf-8")
    environment = {
        **sim.environment,
        "REPORTS_KEY_FILE": "/dev/null",
        # The repository of the page is a folder here.
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{kept}.insteadOf",
        "GIT_CONFIG_VALUE_0": "git@git.example.com:contoso/access-reports.git",
    }

    def git(*arguments: str) -> str:
        named = ["git", "-c", "user.name=AWX", "-c", "user.email=awx@example.com", *arguments]
        return subprocess.run(named, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    git("init", "--quiet", "--bare", "--initial-branch=main", str(kept))
    git("init", "--quiet", "--initial-branch=main", "first")
    git("-C", "first", "commit", "--quiet", "--allow-empty", "--message=Begin")
    git("-C", "first", "push", "--quiet", str(kept), "main")
    for _dummy in range(2):
        done = run_playbook("play.yml", job, environment)
        assert done.status == 0, done.output
    assert git("-C", "kept.git", "log", "--format=%s").splitlines() == ["Who has what", "Begin"]
    files = git("-C", "kept.git", "ls-tree", "--name-only", "main").splitlines()
    assert files == [f"access_report.{kind}" for kind in ("csv", "html", "json", "yaml")]


@pytest.mark.parametrize(
    ("name", "folder"), [("access-as-code.md", "access-repo"), ("reviewed-changes.md", "reviewed")]
)
def test_setting_up_is_what_the_page_about_installation_says(name: str, folder: str) -> None:
    lines = [line for block in BLOCK.finditer(section(page(name), "Set up")) for line in block["text"].splitlines()]
    assert len(lines) == 3
    assert "--shell-file .cache/simulator.sh" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [line for line in lines if line not in page("install.md")] == [
        f"mkdir -p ~/{folder}/access && cd ~/{folder}"
    ]


def test_the_table_of_variables_is_the_one_of_the_code() -> None:
    named = set(
        re.findall(
            r"`((?:AZURE|ARM|ACTIONS)_\w+)`", page("sign-in.md").partition("## Variables")[2].partition("## ")[0]
        )
    )
    known = {value for family in FAMILIES for name, value in vars(family).items() if name != "name" and value}
    assert named == known | {name for pair in REQUEST_VARIABLES for name in pair}


def test_every_code_that_is_explained_has_a_hint() -> None:
    codes = set(re.findall(r"AADSTS\d+", page("sign-in.md")))
    assert len(codes) > 5
    assert [code for code in codes if not hint_for_code(code)] == []


@pytest.mark.parametrize("cloud", CLOUDS, ids=lambda cloud: cloud.name)
def test_the_table_of_clouds_is_the_one_of_the_code(cloud: Any) -> None:
    (row,) = (line for line in page("clouds.md").splitlines() if line.startswith(f"| `{cloud.name}`"))
    assert cloud.authority_host in row
    assert cloud.graph_url in row
    assert all(f"`{name}`" in row.lower() for name in cloud.other_names)
