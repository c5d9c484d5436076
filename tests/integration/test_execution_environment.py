# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible-builder finds what the collection needs, and takes the definition of the docs; no image is built."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.paths import ROOT, collections_path


def builder(*arguments: str) -> str:
    program = Path(sys.executable).with_name("ansible-builder")
    done = subprocess.run(
        [str(program), *arguments], capture_output=True, check=False, encoding="utf-8", stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def test_the_libraries_of_the_collection_are_found() -> None:
    found = yaml.safe_load(builder("introspect", str(collections_path())).partition("---")[2])
    desired = [line.partition("#")[0].strip() for line in found["python"] if "idgov.entra" in line]
    assert desired == ["msal>=1.29.0", "requests>=2.28"]
    assert not found.get("system")


@pytest.mark.parametrize("name", ["execution-environment", "decision-environment"])
def test_the_definition_of_the_docs_makes_a_context(tmp_path: Path, name: str) -> None:
    definition = ROOT / "docs" / "awx" / f"{name}.yml"
    builder("create", "-f", str(definition), "-c", str(tmp_path), "--output-filename", "Containerfile")
    desired = yaml.safe_load((tmp_path / "_build" / "requirements.yml").read_text(encoding="utf-8"))
    assert [collection["name"] for collection in desired["collections"]] == ["idgov.entra"]
    assert "quay.io/ansible" in (tmp_path / "Containerfile").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines())
def test_no_library_is_pinned_from_above(line: str) -> None:
    """Other collections in the same environment pin theirs, and Automation Hub takes lower bounds only."""
    assert line.startswith("#") or set("<=>!~") & set(line) == set(">=")
