# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What README.md and the page of use cases show works word for word against the simulator."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.simulator.running import Running
from tests.support.calls import writes
from tests.support.guide import blocks, page
from tests.support.paths import ROOT
from tests.support.playbook import SIGN_IN_PREFIXES, Played, changed_assignments, run_playbook

README = (ROOT / "README.md").read_text(encoding="utf-8")
USE_CASES, INSTALLATION, SIGN_IN = map(page, ("use-cases.md", "install.md", "sign-in.md"))
# What a family of variables calls the three parts of a credential, from the columns of the table.
FAMILIES = tuple(
    zip(
        *(
            re.findall(r"`(\w+)`", row)
            for name in ("client id", "tenant", "secret")
            for row in re.findall(rf"^\| {name} (\|.*)$", SIGN_IN, re.MULTILINE)
        ),
        strict=True,
    )
)
CREDENTIAL = ("AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET")
PLAY_HEAD = "  gather_facts: false\n"
# The simulated tenant delivers at once.
QUICKLY = f"{PLAY_HEAD}  module_defaults: {{group/idgov.entra.entra: {{wait_interval: 1}}}}\n"


def is_playbook(content: Any) -> bool:
    return isinstance(content, list) and all("hosts" in play for play in content)


PLAYBOOKS = {
    yaml.safe_load(text)[0]["name"]: text
    for text in blocks(README) + blocks(USE_CASES)
    if is_playbook(yaml.safe_load(text))
}
FIRST = next(iter(PLAYBOOKS.values()))


def run(text: str, directory: Path, environment: dict[str, str], *arguments: str) -> Played:
    assert text.count(PLAY_HEAD) == 1
    (directory / "play.yml").write_text(text.replace(PLAY_HEAD, QUICKLY), encoding="utf-8")
    done = run_playbook("play.yml", directory, environment, *arguments)
    assert done.status == 0, done.output
    return done


def changes(done: Played) -> list[bool]:
    """Whether something changed, for each task and each item of a loop."""
    return [item["changed"] for task in done.tasks for item in task.result.get("results", [task.result])]


def test_every_block_of_yaml_is_a_playbook_or_a_setting() -> None:
    assert len(PLAYBOOKS) >= 5
    found = [yaml.safe_load(text) for text in blocks(README) + blocks(USE_CASES) + blocks(INSTALLATION)]
    others = [set(content) for content in found if not is_playbook(content)]
    assert others == [{"collections"}, {"collections"}, {"all"}]


@pytest.mark.parametrize("text", PLAYBOOKS.values(), ids=PLAYBOOKS)
def test_a_playbook_foresees_then_does_then_leaves_alone(sim: Running, tmp_path: Path, text: str) -> None:
    foreseen = run(text, tmp_path, sim.environment, "--check", "--diff")
    assert writes(sim) == []
    done = run(text, tmp_path, sim.environment)
    assert changes(done) == changes(foreseen)
    assert len(writes(sim)) == changed_assignments(done) > 0
    sim.clear_calls()
    again = run(text, tmp_path, sim.environment)
    assert not any(changes(again))
    assert writes(sim) == []


def test_the_inventory_needs_no_connection_in_the_play(sim: Running, tmp_path: Path) -> None:
    (inventory,) = (text for text in blocks(INSTALLATION) if text.startswith("all:"))
    (tmp_path / "inventory.yml").write_text(inventory, encoding="utf-8")
    text = FIRST.replace("  connection: local\n", "")
    assert text != FIRST
    done = run(text, tmp_path, sim.environment, "--check", "-i", "inventory.yml")
    assert changes(done) == [True]


def test_the_page_about_installation_runs_the_same_playbook() -> None:
    assert [text for text in blocks(INSTALLATION) if is_playbook(yaml.safe_load(text))] == [FIRST]


def test_the_diff_is_the_one_that_is_shown(sim: Running, tmp_path: Path) -> None:
    output = run(FIRST, tmp_path, sim.environment, "--check", "--diff").output
    (shown,) = (text for text in blocks(README, "text") if "--- before" in text)
    assert shown in output


def test_the_error_is_the_one_that_is_shown(sim: Running, tmp_path: Path) -> None:
    module = "idgov.entra.access_package_assignment"
    task = {"name": "fail", module: {"access_package": "VPN Access", "user": "bo@contoso.com"}}
    play = {"hosts": "localhost", "gather_facts": False, "tasks": [task]}
    (tmp_path / "play.yml").write_text(yaml.safe_dump([play]), encoding="utf-8")
    done = run_playbook("play.yml", tmp_path, sim.environment).only
    (shown,) = (text for text in blocks(USE_CASES, "text") if "Could not" in text)
    expected = re.escape(" ".join(shown.split())).replace(r"\.\.\.", "[0-9a-f-]+")
    assert re.fullmatch(expected, done.result["msg"])


@pytest.mark.parametrize("names", FAMILIES, ids=lambda names: names[-1])
def test_each_family_of_variables_signs_in(sim: Running, tmp_path: Path, names: tuple[str, ...]) -> None:
    others = {name: value for name, value in sim.environment.items() if name not in CREDENTIAL}
    family = {name: sim.environment[known] for name, known in zip(names, CREDENTIAL, strict=True)}
    assert run(FIRST, tmp_path, {**others, **family}, "--check").tasks[0].status == "changed"


def test_there_are_three_families_and_the_tasks_of_the_demo_are_its_own() -> None:
    assert len(FAMILIES) == 3
    assert all(name.startswith(SIGN_IN_PREFIXES) for names in FAMILIES for name in names)
    (shown,) = (text for text in blocks(INSTALLATION, "text") if "idgov.entra.demo" in text)
    tasks = re.findall(r"^TASK \[idgov\.entra\.(\w+) : (.+?)\]", shown, re.MULTILINE)
    assert [role for role, _dummy in tasks] == ["onboarding", "offboarding"]
    (play,) = yaml.safe_load((ROOT / "playbooks" / "demo.yml").read_text(encoding="utf-8"))
    own = re.findall(r"^TASK \[(?!idgov)(.+?)\]", shown, re.MULTILINE)
    assert own == [task["name"] for task in play["tasks"] if "plan_files" in str(task)]
    for role, task in tasks:
        text = (ROOT / "roles" / role / "tasks" / "main.yml").read_text(encoding="utf-8")
        assert task in [known["name"] for known in yaml.safe_load(text)]
