# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make what is uploaded for a release: `python -m tests.release [--check] [COMMIT]`; it lies in .cache/release then.

The artifact of the commit (HEAD by itself), a bill of materials in CycloneDX, and SHA256SUMS of both. With `--check` the artifact
is built a second time, which must give the same bytes, it is installed, and galaxy-importer must have nothing to say against it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.release import importer, sbom
from tests.release.reproducible import build_commit
from tests.support.artifact import faults, install
from tests.support.environments import combined, environment
from tests.support.paths import CACHE, ROOT

DIRECTORY = CACHE / "release"


def tools() -> Path:
    """Return the virtual environment with the tools of a release."""
    return environment(sys.executable, "release", combined([ROOT / "requirements-release.txt"], []))


def make(commit: str) -> Path:
    """Make the files of a release and return the artifact among them."""
    artifact = build_commit(commit, DIRECTORY)
    bill = artifact.with_name(artifact.name.removesuffix(".tar.gz") + ".cdx.json")
    sbom.write(tools() / "bin" / "cyclonedx-py", artifact, bill)
    sums = "".join(f"{sbom.digest(path)}  {path.name}\n" for path in (artifact, bill))
    (DIRECTORY / "SHA256SUMS").write_text(sums, encoding="utf-8")
    print(sums, end="")
    return artifact


def check(commit: str, artifact: Path) -> list[str]:
    """Return what stands against uploading the artifact, one sentence each."""
    found = faults(artifact)
    with tempfile.TemporaryDirectory() as temporary:
        again = build_commit(commit, Path(temporary) / "again")
        if again.read_bytes() != artifact.read_bytes():
            found.append("A second build gave other bytes")
        install(artifact, Path(temporary) / "collections")
        found += importer.complaints(tools(), artifact, Path(temporary) / "importer")
    return found


def main(arguments: list[str]) -> int:
    """Make the files, check them if that is asked for, and return the exit status."""
    commits = [argument for argument in arguments if argument != "--check"]
    commit = commits[0] if commits else "HEAD"
    artifact = make(commit)
    found = check(commit, artifact) if "--check" in arguments else []
    for fault in found:
        print(f"{artifact.name}: {fault}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
