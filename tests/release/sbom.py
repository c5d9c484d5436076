# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bill of materials of the collection and what it needs at run time, in CycloneDX, made by the tool of that project."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from tests.support.paths import ROOT

PROJECT = """\
[project]
name = {name}
version = {version}
description = {description}
license = {{text = {license}}}
dependencies = {dependencies}
"""


def write(tool: Path, artifact: Path, target: Path) -> None:
    """Resolve what the collection needs today, in an environment with nothing else in it, and write down what that is.

    tool: the program ``cyclonedx-py``. The document names the artifact with its checksum, every library with its version
    and licence, and which needs which.
    """
    with tempfile.TemporaryDirectory() as temporary:
        environment = Path(temporary) / "environment"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
        python = str(environment / "bin" / "python")
        pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", str(ROOT / "requirements.txt")], check=True)
        project = Path(temporary) / "pyproject.toml"
        project.write_text(project_file(), encoding="utf-8")
        options = ("--pyproject", str(project), "--mc-type", "library", "--output-reproducible", "--validate")
        command = [str(tool), "environment", *options, "--output-format", "JSON", "--spec-version", "1.6", python]
        made = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    document = json.loads(made)
    document["metadata"]["component"]["hashes"] = [{"alg": "SHA-256", "content": digest(artifact)}]
    target.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def digest(path: Path) -> str:
    """Return the checksum of a file as sha256sum prints it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def project_file() -> str:
    """Return what galaxy.yml and requirements.txt say, in the form in which the tool reads it."""
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    # A text in JSON is also one in TOML.
    return PROJECT.format(
        name=json.dumps(f"{galaxy['namespace']}.{galaxy['name']}"),
        version=json.dumps(galaxy["version"]),
        description=json.dumps(galaxy["description"]),
        license=json.dumps(" AND ".join(galaxy["license"])),
        dependencies=json.dumps([line for line in lines if line and not line.startswith("#")]),
    )
