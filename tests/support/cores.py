# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The versions of ansible-core that a test can run."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from pathlib import Path

# Directories of virtual environments, see tests/cores.py.
VARIABLE = "IDGOV_CORES"


def cores() -> dict[str, Path]:
    """Return the ansible-playbook of each ansible-core by its version: those that a variable names, otherwise our own."""
    named = os.environ.get(VARIABLE)
    if named:
        directories = [Path(each) for each in named.split(os.pathsep)]
        return {each.name.removeprefix("core-"): each / "bin" / "ansible-playbook" for each in directories}
    own = ".".join(version("ansible-core").split(".")[:2])
    return {own: Path(sys.executable).with_name("ansible-playbook")}
