# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said in more than one place is the same everywhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.idgov.entra.plugins.module_utils._core.version import VERSION
from tests.support.paths import ROOT

LICENCE = "# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)"


def read_yaml(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def requirement_lines(path: str) -> list[str]:
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-r"))]


def python_files() -> list[Path]:
    return [path for folder in ("plugins", "tests") for path in sorted((ROOT / folder).rglob("*.py"))]


def test_the_version_of_the_collection() -> None:
    assert read_yaml("galaxy.yml")["version"] == VERSION


def test_an_execution_environment_gets_the_needs_of_the_collection_as_lower_bounds() -> None:
    environment = read_yaml("meta/execution-environment.yml")
    lines = requirement_lines(environment["dependencies"]["python"])
    assert {re.split("[^a-z]", line)[0] for line in lines} == {"msal", "requests"}
    assert [line for line in lines if not re.fullmatch(r"[a-z]+>=[\d.]+", line)] == []


def test_the_requirements_of_the_commands_are_pinned() -> None:
    lines = [
        line for name in ("demo", "test", "dev", "release") for line in requirement_lines(f"requirements-{name}.txt")
    ]
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+( ; .+)?", line)] == []


def test_every_python_file_names_its_licence() -> None:
    files = {path: path.read_text(encoding="utf-8") for path in python_files()}
    assert files
    assert [path for path, text in files.items() if text and LICENCE not in text.splitlines()[:4]] == []
