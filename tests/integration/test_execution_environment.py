# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible-builder finds what the collection needs, and makes contexts of the docs' definitions; no image is built."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.artifact import build
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


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("artifact") / "built")


@pytest.mark.parametrize("name", ["execution-environment", "decision-environment"])
def test_the_definition_of_the_docs_makes_a_context_that_installs_the_artifact(
    built: Path, tmp_path: Path, name: str
) -> None:
    definition = Path(shutil.copy(ROOT / "docs" / "awx" / f"{name}.yml", tmp_path))
    # Beside the definition, as the page says.
    shutil.copy(built, tmp_path)
    context = tmp_path / "context"
    builder("create", "-f", str(definition), "-c", str(context), "--output-filename", "Containerfile")
    recipe = (context / "Containerfile").read_text(encoding="utf-8")
    assert "quay.io/ansible" in recipe
    # What the image's recipe does, where and as it does it.
    assert "COPY _build /build\nWORKDIR /build\n" in recipe
    assert "ansible-galaxy collection install $ANSIBLE_GALAXY_CLI_COLLECTION_OPTS -r requirements.yml" in recipe
    there = tmp_path / "collections"
    galaxy = [str(Path(sys.executable).with_name("ansible-galaxy")), "collection", "install", "-r", "requirements.yml"]
    subprocess.run(
        [*galaxy, "--offline", "--collections-path", str(there)],
        cwd=context / "_build",
        check=True,
        stdin=subprocess.DEVNULL,
    )
    assert "msal>=1.29.0" in builder("introspect", str(there))


@pytest.mark.parametrize("line", (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines())
def test_no_library_is_pinned_from_above(line: str) -> None:
    """Other collections in the same environment pin theirs, and Automation Hub takes lower bounds only."""
    assert line.startswith("#") or set("<=>!~") & set(line) == set(">=")
