# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the pages, and follows a guide word for word: files saved, commands run, outputs compared."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.support.paths import ROOT
from tests.support.playbook import clean_environment

FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"(?P<before>[^\n]*)\n\n```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
SAVED = re.compile(r"[Ss]ave this as `([\w./-]+)`")
# What a guide says ahead of commands that shall fail.
FAILS = "fails"


def page(name: str) -> str:
    """Return the text of a page of the documentation."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def blocks(text: str, language: str = "yaml") -> list[str]:
    """Return what a text shows in a language, in order."""
    return [block for found, block in FENCED.findall(text) if found == language]


def section(page: str, title: str) -> str:
    """Return the text of a section of a guide."""
    text, fence = "\n", False
    for line in page.partition(f"\n## {title}\n")[2].splitlines(keepends=True):
        fence ^= line.startswith("```")
        # What is shown may have headings of its own.
        if line.startswith("## ") and not fence:
            break
        text += line
    assert text.count("```") == 2 * len(BLOCK.findall(text)) > 0
    return text


def follow(page: str, title: str, directory: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """Do what a section says; yields the output of each block of commands, once what is shown of it was found in it."""
    output = ""
    for block in BLOCK.finditer(section(page, title)):
        saved = SAVED.search(block["before"])
        if saved:
            path = directory / saved[1]
            path.parent.mkdir(exist_ok=True)
            path.write_text(block["text"], encoding="utf-8")
        elif block["language"] == "shell":
            output = shell(block["text"], directory, environment, fails=FAILS in block["before"].split())
            yield output
        else:
            assert block["language"] == "text"
            # An ellipsis stands for what is another one each time, such as a date.
            shown = re.escape(block["text"].rstrip("\n")).replace("…", "[^\\n]+")
            assert re.search(shown, output), output


def shell(commands: str, directory: Path, environment: Mapping[str, str], *, fails: bool = False) -> str:
    """Run commands as the reader's shell would."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert (done.returncode != 0) is fails, done.stdout
    return done.stdout


def reader(home: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a reader who has set up what a guide asks for: Ansible on the path, and git knowing a name."""
    clean = clean_environment(home)
    git = {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in {"NAME": "Grace", "EMAIL": "grace@contoso.com"}.items()
    }
    return {**clean, **git, **environment, "PATH": f"{Path(sys.executable).parent}:{clean['PATH']}"}
