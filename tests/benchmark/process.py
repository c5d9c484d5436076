# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a program as its user would, and measures it as a whole process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.playbook import clean_environment

LAUNCHER = Path(__file__).with_name("launch.py")
# getrusage counts in kilobytes, on macOS in bytes.
UNITS_IN_MEGABYTE = 1024 * 1024 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Cost:
    """What a program and its children cost: wall time, processor time, peak resident memory of the largest of them."""

    seconds: float
    processor: float
    megabytes: float


def playbook(name: str, job: Path) -> list[str]:
    """Return the command that runs a playbook with the variables of a job."""
    return [str(Path(sys.executable).with_name("ansible-playbook")), name, "-e", f"@{job}"]


def run(command: Sequence[str], directory: Path, environment: Mapping[str, str]) -> Cost:
    """Run a command to its end; RuntimeError with what it printed if it fails."""
    file = directory / "cost.json"
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(LAUNCHER), str(file), *command],
        cwd=directory,
        env={**clean_environment(directory), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout[-5000:]}")
    cost = json.loads(file.read_text(encoding="utf-8"))
    return Cost(cost["seconds"], cost["processor"], cost["largest"] / UNITS_IN_MEGABYTE)
