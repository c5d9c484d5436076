# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Pythons of this machine, and virtual environments of their own under .cache/matrix, kept until what they need changes."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.support.paths import CACHE, ROOT

# ansible-core's own support table for its controller; 2.20 and newer no longer run on Python 3.11.
PYTHONS_OF_CORE = {
    "2.16": ("3.10", "3.11", "3.12"),
    "2.17": ("3.10", "3.11", "3.12"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.21": ("3.12", "3.13", "3.14"),
}
OWN_NEEDS = (ROOT / "requirements-demo.txt",)
# What a whole environment was made from; without it, it is made again.
_STAMP = "requirements.sha256"


def find_python(version: str) -> str | None:
    """Return a Python of this version that really starts, from the PATH or from pyenv's directory."""
    candidates = [shutil.which(f"python{version}")]
    if pyenv := os.environ.get("PYENV_ROOT"):
        candidates += [str(path) for path in sorted(Path(pyenv).glob(f"versions/{version}.*/bin/python{version}"))]
    return next((candidate for candidate in candidates if candidate and _starts(candidate)), None)


def _starts(python: str) -> bool:
    command = [python, "-c", "import ensurepip, venv"]
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False).returncode == 0


def newest_python(core: str) -> str | None:
    """Return the newest Python found here that an ansible-core supports."""
    return next((python for version in reversed(PYTHONS_OF_CORE[core]) if (python := find_python(version))), None)


def controller_for(core: str, python: str) -> Path:
    """Return the virtual environment that runs playbooks on an ansible-core, without what tests need."""
    return environment(python, f"core-{core}", combined(OWN_NEEDS, [f"ansible-core~={core}.0"]))


def combined(files: Iterable[Path], others: Sequence[str], left_out: Iterable[str] = ()) -> list[str]:
    """Return the lines of requirement files, without ansible-core and what is replaced or left out, and then the others."""
    replaced = {"ansible-core", *left_out, *(_name(other) for other in others)}
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if _name(line) not in replaced] + list(others)


def _name(requirement: str) -> str:
    return re.split("[=~]", requirement)[0]


def environment(python: str, name: str, requirements: Sequence[str]) -> Path:
    """Return the virtual environment with these requirements, made if it is not there, or was made from others or by another Python."""
    desired = "\n".join(requirements)
    digest = hashlib.sha256(f"{python}\n{desired}".encode()).hexdigest()
    directory = CACHE / "matrix" / name
    stamp = directory / _STAMP
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != digest:
        subprocess.run([python, "-m", "venv", "--clear", str(directory)], check=True)
        file = directory / "requirements.txt"
        file.write_text(desired, encoding="utf-8")
        install(directory, "-r", str(file))
        stamp.write_text(digest, encoding="utf-8")
    return directory


def install(directory: Path, *requirements: str) -> None:
    """Install into a virtual environment with its own pip; where that is broken off, the environment is made again the next time."""
    stamp = directory / _STAMP
    digest = stamp.read_text(encoding="utf-8") if stamp.is_file() else None
    stamp.unlink(missing_ok=True)
    pip = [str(directory / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *requirements], check=True)
    if digest:
        stamp.write_text(digest, encoding="utf-8")
