# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run galaxy-importer, which decides on Galaxy and Automation Hub whether an artifact is taken, as strictly as the latter."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

# ansible-test needs a container there; `make sanity` runs the same tests.
SETTINGS = """\
[galaxy-importer]
RUN_ANSIBLE_TEST=False
RUN_ANSIBLE_DOC=True
RUN_ANSIBLE_LINT=True
CHECK_REQUIRED_TAGS=True
CHECK_CHANGELOG=True
"""
_COMPLAINT = re.compile(r"^(?:WARNING|ERROR|CRITICAL)\b.*", re.MULTILINE)


def complaints(environment: Path, artifact: Path, directory: Path) -> list[str]:
    """Return what the importer has to say against the artifact, one line each.

    environment: the virtual environment with galaxy-importer. directory: where it may write.
    """
    directory.mkdir(parents=True, exist_ok=True)
    settings = directory / "importer.cfg"
    settings.write_text(SETTINGS, encoding="utf-8")
    bin_directory = environment / "bin"
    env = {
        **os.environ,
        "PATH": os.pathsep.join([str(bin_directory), os.environ["PATH"]]),
        "GALAXY_IMPORTER_CONFIG": str(settings),
        "ANSIBLE_HOME": str(directory / "ansible"),
    }
    command = [str(bin_directory / "python"), "-m", "galaxy_importer.main", str(artifact.resolve())]
    done = subprocess.run(
        command,
        cwd=directory,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    said = find_complaints(done.stdout)
    return said if done.returncode == 0 else [*said, f"It ended with {done.returncode}:\n{done.stdout[-2000:]}"]


def find_complaints(output: str) -> list[str]:
    """Return the lines of the importer's output that warn or refuse."""
    return [match.group() for match in _COMPLAINT.finditer(output)]
