# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the artifact, install it offline and check what is in it: `python -m tests.support.artifact`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from tests.support.paths import CACHE, ROOT

ALLOWED_AT_TOP = {
    *("CHANGELOG.md", "CHANGELOG.rst", "FILES.json", "LICENSE", "MANIFEST.json", "README.md", "SECURITY.md"),
    "requirements.txt",
    *("changelogs", "docs", "examples", "extensions", "meta", "playbooks", "plugins", "roles"),
}
REQUIRED = {
    *("CHANGELOG.md", "LICENSE", "README.md", "meta/runtime.yml"),
    # The two that make an execution environment carry what the collection needs.
    *("meta/execution-environment.yml", "requirements.txt"),
}


def build(directory: Path, sources: Path = ROOT) -> Path:
    """Build the collection, of the checkout or other sources, into an emptied directory and return the path of the artifact."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    _galaxy("build", str(sources), "--output-path", str(directory), collections_path=directory)
    (artifact,) = directory.glob("idgov-entra-*.tar.gz")
    return artifact


def install(artifact: Path, collections_path: Path) -> None:
    """Install the artifact into a collections path, without network, and compare it with its own checksums."""
    shutil.rmtree(collections_path, ignore_errors=True)
    _galaxy("install", str(artifact), "--offline", collections_path=collections_path)
    _galaxy("verify", "idgov.entra", "--offline", collections_path=collections_path)


def faults(artifact: Path) -> list[str]:
    """Return what is wrong with the contents of the artifact, one sentence each."""
    with tarfile.open(artifact) as archive:
        names = [member.name for member in archive]
        files = {member.name for member in archive if member.isfile()}
    found = [f"{name} does not belong into it" for name in names if not _belongs(name)]
    return found + [f"{name} is missing" for name in sorted((REQUIRED | _plugin_files()) - files)]


def _belongs(name: str) -> bool:
    parts = Path(name).parts
    hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
    return parts[0] in ALLOWED_AT_TOP and not hidden and not name.endswith(".pyc")


def _plugin_files() -> set[str]:
    return {str(path.relative_to(ROOT)) for path in (ROOT / "plugins").rglob("*.py")}


def _galaxy(*arguments: str, collections_path: Path) -> None:
    ansible_galaxy = Path(sys.executable).with_name("ansible-galaxy")
    env = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(collections_path)}
    subprocess.run([str(ansible_galaxy), "collection", *arguments], check=True, env=env, stdin=subprocess.DEVNULL)


def main() -> int:
    """Build, check and install; return the exit status."""
    artifact = build(CACHE / "build")
    found = faults(artifact)
    for fault in found:
        print(f"{artifact.name}: {fault}", file=sys.stderr)
    if found:
        # It may hold a secret, and must not lie about until somebody uploads it.
        shutil.rmtree(artifact.parent)
        return 1
    install(artifact, CACHE / "build" / "collections")
    return 0


if __name__ == "__main__":
    sys.exit(main())
