# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the unit and integration tests on every supported pair of ansible-core and Python: `python -m tests.matrix`.

The tests of the sign-in run with older versions of msal besides.

Every Python that is found takes part, with a virtual environment of its own under .cache/matrix in which one ansible-core
replaces the other; it is made again when the requirement files change. Needs nothing but Python itself.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
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
# The oldest that is supported, and the one that azure.azcollection pins; the newest is that of the other tests.
OLDER_MSAL = ("1.29.0", "1.33.0b1")
MSAL_PYTHON, MSAL_CORE = "3.11", "2.19"
SIGN_IN_TESTS = (
    "tests/integration/test_engine_sign_in.py",
    "tests/integration/test_engine_sign_in_places.py",
    "tests/integration/test_playbook_access_token.py",
)
REQUIREMENTS = (ROOT / "requirements-demo.txt", ROOT / "requirements-test.txt")


def find_python(version: str) -> str | None:
    """Return a Python of this version that really starts, from the PATH or from pyenv's directory."""
    candidates = [shutil.which(f"python{version}")]
    if pyenv := os.environ.get("PYENV_ROOT"):
        candidates += [str(path) for path in sorted(Path(pyenv).glob(f"versions/{version}.*/bin/python{version}"))]
    return next((candidate for candidate in candidates if candidate and _starts(candidate)), None)


def _starts(python: str) -> bool:
    command = [python, "-c", "import ensurepip, venv"]
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False).returncode == 0


def environment_for(version: str, python: str) -> Path:
    """Return the virtual environment of this Python, without ansible-core, made if it is not there or out of date."""
    return _environment(python, f"python-{version}", [])


def environment_for_msal(msal: str, python: str) -> Path:
    """Return the virtual environment with an older msal, and with the cryptography that this one takes."""
    return _environment(python, f"msal-{msal}", [f"msal=={msal}", "cryptography", f"ansible-core~={MSAL_CORE}.0"])


def controller_for(core: str, python: str) -> Path:
    """Return the virtual environment that runs playbooks on an ansible-core, without what tests need; see tests/cores.py."""
    return _environment(python, f"core-{core}", [f"ansible-core~={core}.0"], REQUIREMENTS[:1])


def _environment(python: str, name: str, others: list[str], files: Sequence[Path] = REQUIREMENTS) -> Path:
    replaced = {"ansible-core", *(re.split("[=~]", other)[0] for other in others)}
    if others:
        # Microsoft's SDK needs a newer msal, and no test of the sign-in needs the SDK.
        replaced.add("msgraph-sdk")
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    desired = "\n".join([line for line in lines if re.split("[=~]", line)[0] not in replaced] + others)
    digest = hashlib.sha256(desired.encode()).hexdigest()
    directory = CACHE / "matrix" / name
    stamp = directory / "requirements.sha256"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != digest:
        subprocess.run([python, "-m", "venv", "--clear", str(directory)], check=True)
        requirements = directory / "requirements.txt"
        requirements.write_text(desired, encoding="utf-8")
        install(directory, "-r", str(requirements))
        stamp.write_text(digest, encoding="utf-8")
    return directory


def install(directory: Path, *requirements: str) -> None:
    """Install into a virtual environment with its own pip."""
    pip = [str(directory / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *requirements], check=True)


def run_tests(directory: Path, *tests: str) -> bool:
    """Run pytest, on all tests or these, in this virtual environment and return whether it passed."""
    path = os.pathsep.join([str(directory / "bin"), os.environ["PATH"]])
    command = [str(directory / "bin" / "python"), "-m", "pytest", "-n", "auto", "--dist", "worksteal", *tests]
    env = {**os.environ, "PATH": path}
    return subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode == 0


def run_pair(core: str, version: str, python: str | None) -> str:
    """Run the tests on one ansible-core and one Python and return what came of it."""
    if python is None:
        return "not run: this Python was not found"
    directory = environment_for(version, python)
    install(directory, f"ansible-core~={core}.0")
    return "passed" if run_tests(directory) else "FAILED"


def run_msal(msal: str, python: str | None) -> str:
    """Run the tests of the sign-in with an older msal and return what came of it."""
    if python is None:
        return "not run: this Python was not found"
    return "passed" if run_tests(environment_for_msal(msal, python), *SIGN_IN_TESTS) else "FAILED"


def main() -> int:
    """Run every pair, Python by Python, print a table and return the exit status."""
    outcomes: dict[str, str] = {}
    for version in sorted({version for versions in PYTHONS_OF_CORE.values() for version in versions}):
        python = find_python(version)
        for core in (core for core, versions in PYTHONS_OF_CORE.items() if version in versions):
            pair = f"Python {version}, ansible-core {core}"
            print(f"\n== {pair}", flush=True)
            outcomes[pair] = run_pair(core, version, python)
    for msal in OLDER_MSAL:
        print(f"\n== msal {msal}", flush=True)
        outcomes[f"msal {msal}, Python {MSAL_PYTHON}"] = run_msal(msal, find_python(MSAL_PYTHON))
    print("\n" + "\n".join(f"{pair}: {outcome}" for pair, outcome in outcomes.items()))
    return 1 if "FAILED" in outcomes.values() or "passed" not in outcomes.values() else 0


if __name__ == "__main__":
    sys.exit(main())
