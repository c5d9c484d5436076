# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide from nothing to access as code, followed word for word: files saved, commands run, outputs compared."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.simulator.running import Running
from tests.support.calls import sent, writes
from tests.support.paths import ROOT
from tests.support.playbook import clean_environment

PAGE = (ROOT / "docs" / "access-as-code.md").read_text(encoding="utf-8")
INSTALLATION = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"(?P<before>[^\n]*)\n\n```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
SAVED = re.compile(r"[Ss]ave this as `([\w./-]+)`")


def section(title: str) -> str:
    """Return the text of a section of the guide."""
    text = "\n" + PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    assert text.count("```") == 2 * len(BLOCK.findall(text)) > 0
    return text


def follow(title: str, directory: Path, environment: dict[str, str]) -> Iterator[str]:
    """Do what a section says; yields the output of each block of commands, once what is shown of it was found in it."""
    output = ""
    for block in BLOCK.finditer(section(title)):
        saved = SAVED.search(block["before"])
        if saved:
            path = directory / saved[1]
            path.parent.mkdir(exist_ok=True)
            path.write_text(block["text"], encoding="utf-8")
        elif block["language"] == "shell":
            output = shell(block["text"], directory, environment)
            yield output
        else:
            assert block["language"] == "text"
            assert block["text"] in output


def shell(commands: str, directory: Path, environment: dict[str, str]) -> str:
    """Run commands as the reader's shell would."""
    done = subprocess.run(
        ["bash", "-euc", commands],
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_the_guide(sim: Running, tmp_path: Path) -> None:
    clean = clean_environment(tmp_path / "home")
    environment = {**clean, **sim.environment, "PATH": f"{Path(sys.executable).parent}:{clean['PATH']}"}
    repository = tmp_path / "access-repo"
    repository.mkdir()

    foreseen, _done = follow("People join", repository, environment)
    assert "changed=1 " in foreseen
    assert len(sent(sim)) == 6
    sim.clear_calls()
    drift, _done = follow("Files say who has what", repository, environment)
    assert "changed=1 " in drift
    assert [body["requestType"] for body in sent(sim)] == ["adminAdd", "adminRemove"]
    _given, drift = follow("Drift", repository, environment)
    assert "changed=1 " in drift
    sim.clear_calls()
    (_left,) = follow("Somebody leaves", repository, environment)
    assert [body["requestType"] for body in sent(sim)] == ["adminRemove", "adminRemove"]
    sim.clear_calls()
    (adopted,) = follow("Adopt what is there", repository, environment)
    assert "changed=0 " in adopted.rpartition("PLAY RECAP")[2]
    assert writes(sim) == []


def test_setting_up_is_what_the_page_about_installation_says() -> None:
    lines = [line for block in BLOCK.finditer(section("Set up")) for line in block["text"].splitlines()]
    assert len(lines) == 5
    assert [line for line in lines if line not in INSTALLATION] == ["mkdir ~/access-repo && cd ~/access-repo"]
