# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Play hostile texts through the playbooks on every supported ansible-core: `python -m tests.cores`.

What Ansible renders differs from one version to the next, so these tests run on all of them, also where the time does not
allow for tests/matrix.py. Each ansible-core has a small virtual environment of its own under .cache/matrix, with the newest
Python found that it supports; tests and simulator run on the Python that this is started with.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.cores import VARIABLE
from tests.support.environments import PYTHONS_OF_CORE, controller_for, newest_python
from tests.support.paths import ROOT

TESTS = "tests/integration/test_playbook_hostile.py"


def controllers() -> dict[str, Path | None]:
    """Return the virtual environment of each ansible-core, made where it is not there; null where no Python was found."""
    found: dict[str, Path | None] = {}
    for core in PYTHONS_OF_CORE:
        python = newest_python(core)
        found[core] = controller_for(core, python) if python else None
    return found


def main() -> int:
    """Run the tests on all that were found, say which were not, and return the exit status."""
    found = controllers()
    named = os.pathsep.join(str(directory) for directory in found.values() if directory)
    command = [sys.executable, "-m", "pytest", "-n", "auto", *sys.argv[1:], TESTS]
    status = subprocess.run(command, cwd=ROOT, env={**os.environ, VARIABLE: named}, check=False).returncode
    for core, directory in found.items():
        print(f"ansible-core {core}: {'run' if directory else 'not run: no Python that it supports was found'}")
    return status


if __name__ == "__main__":
    sys.exit(main())
