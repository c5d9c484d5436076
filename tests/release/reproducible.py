# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the artifact of a commit so that everybody gets the same bytes.

``ansible-galaxy collection build`` takes whatever lies in the directory, in the order in which the file system lists it, with the
time of each file and of the build. So the files come from the commit, and what was built is written again: members and
``FILES.json`` in the order of their names, every time that of the commit. The bytes also depend on zlib: another one may compress
differently, and then the tar inside is still the same.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from tests.support.artifact import build
from tests.support.paths import ROOT

FILES, MANIFEST = "FILES.json", "MANIFEST.json"


def build_commit(commit: str, directory: Path) -> Path:
    """Build the artifact of a commit into an emptied directory and return its path."""
    with tempfile.TemporaryDirectory() as temporary:
        sources = Path(temporary) / "sources"
        export(commit, sources)
        artifact = build(directory, sources)
    rewrite(artifact, commit_time(commit))
    return artifact


def commit_time(commit: str) -> int:
    """Return the time of a commit in seconds, which is what ``SOURCE_DATE_EPOCH`` stands for."""
    return int(_git("show", "--no-patch", "--format=%ct", f"{commit}^{{commit}}"))


def export(commit: str, directory: Path) -> None:
    """Write the files of a commit into a new directory, and nothing that lies beside them."""
    unpack(_git("archive", "--format=tar", commit), directory)


def unpack(data: bytes, directory: Path) -> None:
    """Write what a tar holds into a directory."""
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        # Not the argument `filter`: Python before 3.10.12 and before 3.11.4 has none, and Debian 12 has 3.11.2.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(directory)


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout


def rewrite(artifact: Path, seconds: int) -> None:
    """Write an artifact again with everything in order and this one time."""
    with tarfile.open(artifact) as archive:
        members = {member.name: (member, _content(archive, member)) for member in archive}
    files = json.loads(members[FILES][1])
    files["files"].sort(key=lambda entry: entry["name"])
    manifest = json.loads(members[MANIFEST][1])
    listed = _as_galaxy_writes(files)
    manifest["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(listed).hexdigest()
    rewritten = {FILES: listed, MANIFEST: _as_galaxy_writes(manifest)}
    # As ansible-galaxy does it, so that what installs finds the two without reading the rest.
    names = [MANIFEST, FILES, *sorted(members.keys() - rewritten.keys())]
    with (
        artifact.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=raw, mtime=seconds) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name in names:
            member, content = members[name]
            content = rewritten.get(name, content)
            member.mtime, member.size = seconds, len(content)
            archive.addfile(member, io.BytesIO(content))


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = archive.extractfile(member) if member.isfile() else None
    return stream.read() if stream else b""


def _as_galaxy_writes(document: dict[str, Any]) -> bytes:
    return json.dumps(document, indent=True).encode()
