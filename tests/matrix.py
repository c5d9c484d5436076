# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run tests on the supported pairs of ansible-core and Python: `python -m tests.matrix [PART ...] [--core 2.16 ...]`.

The parts are `units` (the unit tests) and `integration` (the playbooks), on every pair whose Python is found, and `msal` (the tests of
the sign-in with older versions of msal); without any, all three run. `--core` takes these versions only. What follows `--` goes to
pytest: `-- -n 2`. `--table` writes what came of it into docs/versions.md; what did not run here keeps its place in the table, with its day.

Every Python takes part with a virtual environment of its own under .cache/matrix in which one ansible-core replaces the other; it
is made again when the requirement files change. Needs nothing but Python itself.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import os
import re
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

from tests.support.environments import OWN_NEEDS, PYTHONS_OF_CORE, combined, environment, find_python, install
from tests.support.paths import CACHE, ROOT

# The oldest that is supported, and the one that azure.azcollection pins; the newest is that of the other tests.
OLDER_MSAL = ("1.29.0", "1.33.0b1")
MSAL_PYTHON, MSAL_CORE = "3.11", "2.19"
SIGN_IN_TESTS = (
    "tests/integration/test_engine_sign_in.py",
    "tests/integration/test_engine_sign_in_places.py",
    "tests/integration/test_playbook_access_token.py",
)
# Microsoft's SDK needs a newer msal, and no test of the sign-in needs the SDK.
NEEDS_NEWER_MSAL = ("msgraph-sdk",)
PARTS = {"units": ("tests/unit",), "integration": ("tests/integration",), "msal": SIGN_IN_TESTS}
REQUIREMENTS = (*OWN_NEEDS, ROOT / "requirements-test.txt")
RESULTS = CACHE / "matrix" / "results"
PAGE = ROOT / "docs" / "versions.md"
BEGIN, END = "<!-- Written by tests/matrix.py from here -->\n", "<!-- to here -->\n"


@dataclasses.dataclass(frozen=True)
class Run:
    """One part of the tests on one pair; ``msal`` is a version of it, or empty for the newest."""

    part: str
    core: str
    python: str
    msal: str = ""

    @property
    def results(self) -> Path:
        """Return the file with what came of the latest run, in pytest's JUnit format."""
        return RESULTS / f"{self.part}-{self.core}-{self.python}{'-' if self.msal else ''}{self.msal}.xml"


def pairs(cores: Sequence[str] = tuple(PYTHONS_OF_CORE)) -> list[tuple[str, str]]:
    """Return the supported pairs of ansible-core and Python, the oldest first."""
    return [(core, python) for core in PYTHONS_OF_CORE if core in cores for python in PYTHONS_OF_CORE[core]]


def runs(parts: Sequence[str], cores: Sequence[str], found: Sequence[str]) -> list[Run]:
    """Return what is asked for and possible with the Pythons found, Python by Python."""
    possible = [pair for pair in pairs(cores or tuple(PYTHONS_OF_CORE)) if pair[1] in found]
    asked = [Run(part, *pair) for part in ("units", "integration") for pair in possible]
    if MSAL_PYTHON in found and MSAL_CORE in (cores or (MSAL_CORE,)):
        asked += [Run("msal", MSAL_CORE, MSAL_PYTHON, msal) for msal in OLDER_MSAL]
    order = list(PARTS)
    return sorted(
        (run for run in asked if run.part in parts), key=lambda run: (order.index(run.part), _number(run.python))
    )


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def carry_out(run: Run, python: str, options: Sequence[str]) -> bool:
    """Run the tests in the environment of the run, keep their results, and return whether they passed."""
    directory = _environment(run, python)
    RESULTS.mkdir(parents=True, exist_ok=True)
    run.results.unlink(missing_ok=True)
    path = os.pathsep.join([str(directory / "bin"), os.environ["PATH"]])
    workers = () if any(option.startswith("-n") for option in options) else ("-n", "auto")
    command = [str(directory / "bin" / "python"), "-m", "pytest", "-q", "--dist", "worksteal", *workers, *options]
    command += [f"--junitxml={run.results}", *PARTS[run.part]]
    env = {**os.environ, "PATH": path}
    passed = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode == 0
    if not passed and not run.results.is_file():
        # It has ended before pytest could say anything.
        suite = '<testsuites><testsuite tests="1" skipped="0" failures="0" errors="1" /></testsuites>'
        run.results.write_text(suite, encoding="utf-8")
    return passed


def _environment(run: Run, python: str) -> Path:
    core = f"ansible-core~={run.core}.0"
    if run.msal:
        # The cryptography is the one that this msal takes.
        others = [f"msal=={run.msal}", "cryptography", core]
        return environment(python, f"msal-{run.msal}", combined(REQUIREMENTS, others, NEEDS_NEWER_MSAL))
    directory = environment(python, f"python-{run.python}", combined(REQUIREMENTS, []))
    install(directory, core)
    return directory


def figures(run: Run) -> str:
    """Return what came of a run that has ended, in a few words, and the day."""
    suite = ElementTree.parse(run.results).find("testsuite")
    assert suite is not None
    total, skipped = int(suite.attrib["tests"]), int(suite.attrib["skipped"])
    failed = int(suite.attrib["failures"]) + int(suite.attrib["errors"])
    words = [f"{total - skipped - failed:,} passed"]
    words += [f"**{failed:,} failed**"] if failed else []
    words += [f"{skipped:,} skipped"] if skipped else []
    return f"{', '.join(words)} ({datetime.date.fromtimestamp(run.results.stat().st_mtime)})"


def read_table(text: str) -> dict[Run, str]:
    """Return what a table of an earlier day says."""
    found: dict[Run, str] = {}
    for row in re.findall(r"^\|(.*)\|$", text, re.MULTILINE):
        cells = [cell.strip() for cell in row.split("|")]
        if tuple(cells[:2]) in pairs():
            found |= {
                Run(part, *cells[:2]): cell for part, cell in zip(("units", "integration"), cells[2:], strict=True)
            }
        elif cells[0] in OLDER_MSAL:
            found[Run("msal", cells[1], cells[2], cells[0])] = cells[3]
    return found


def table(ran: Collection[Run], earlier: Mapping[Run, str]) -> str:
    """Return the table of all pairs, with the results of what has run, and what an earlier table says of the others."""

    def said(part: str, core: str, python: str, msal: str = "") -> str:
        run = Run(part, core, python, msal)
        return figures(run) if run in ran else earlier.get(run, "not run")

    lines = ["| ansible-core | Python | Unit tests | Playbooks |", "|---|---|---|---|"]
    lines += [
        f"| {core} | {python} | {said('units', core, python)} | {said('integration', core, python)} |"
        for core, python in pairs()
    ]
    lines += ["", "| msal | ansible-core | Python | Sign-in |", "|---|---|---|---|"]
    lines += [
        f"| {msal} | {MSAL_CORE} | {MSAL_PYTHON} | {said('msal', MSAL_CORE, MSAL_PYTHON, msal)} |"
        for msal in OLDER_MSAL
    ]
    return "\n".join([*lines, ""])


def write_table(ran: Collection[Run], page: Path = PAGE) -> None:
    """Put the results of what has run into the table in the page."""
    head, rest = page.read_text(encoding="utf-8").split(BEGIN)
    before, after = rest.split(END)
    page.write_text(f"{head}{BEGIN}\n{table(ran, read_table(before))}\n{END}{after}", encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Run what is asked for, print what came of it and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.matrix")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART")
    parser.add_argument("--core", action="append", default=[], choices=PYTHONS_OF_CORE)
    parser.add_argument("--table", action="store_true")
    own, options = _divided(list(arguments))
    given = parser.parse_args(own)
    found = {version: path for version in _versions() if (path := find_python(version))}
    passed: dict[Run, bool] = {}
    for run in runs(given.parts or list(PARTS), given.core, list(found)):
        print(f"\n== {_title(run)}", flush=True)
        passed[run] = carry_out(run, found[run.python], options)
    for version in _versions():
        if version not in found:
            print(f"Python {version}: not found, so not run")
    for run, good in passed.items():
        print(f"{_title(run)}: {'passed' if good else 'FAILED'} ({figures(run)})")
    if given.table:
        write_table(passed)
    return 0 if passed and all(passed.values()) else 1


def _divided(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Return what comes before and after the first ``--``."""
    place = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:place], arguments[place + 1 :]


def _versions() -> list[str]:
    return sorted({python for _core, python in pairs()}, key=_number)


def _title(run: Run) -> str:
    return f"{run.part}, ansible-core {run.core}, Python {run.python}{', msal ' if run.msal else ''}{run.msal}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
