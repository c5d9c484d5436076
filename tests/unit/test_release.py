# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is released fits together, and the same files give the same artifact; `make release-check` builds it for real."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import os
import re
import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import matrix
from tests.release import version
from tests.release.importer import find_complaints
from tests.release.reproducible import rewrite, unpack
from tests.support.environments import PYTHONS_OF_CORE
from tests.support.paths import ROOT

Json = dict[str, Any]
CONTENTS = {"README.md": b"Read me", "plugins/modules/x.py": b"pass", "run.sh": b"exit"}


def artifact(path: Path, names: list[str], seconds: int) -> Path:
    """Write an artifact as ansible-galaxy does: in the order of the file system, with the times of files and build."""
    entries = [{"name": ".", "ftype": "dir"}, *({"name": name, "ftype": "file"} for name in names)]
    listed = json.dumps({"files": entries, "format": 1}, indent=True).encode()
    manifest = {"file_manifest_file": {"name": "FILES.json", "chksum_sha256": hashlib.sha256(listed).hexdigest()}}
    with tarfile.open(path, "w:gz") as archive:
        for name in ["MANIFEST.json", "FILES.json", *names]:
            content = {"MANIFEST.json": json.dumps(manifest).encode(), "FILES.json": listed, **CONTENTS}[name]
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.mode = len(content), seconds, 0o755 if name == "run.sh" else 0o644
            archive.addfile(member, io.BytesIO(content))
    return path


def test_a_tar_is_unpacked_with_its_modes_by_a_python_without_filters_too(tmp_path: Path) -> None:
    data = artifact(tmp_path / "one.tar.gz", sorted(CONTENTS), 1_700_000_000).read_bytes()
    unpack(data, tmp_path / "sources")
    assert {name: (tmp_path / "sources" / name).read_bytes() for name in CONTENTS} == CONTENTS
    assert os.access(tmp_path / "sources" / "run.sh", os.X_OK)


def test_order_and_times_of_the_build_are_not_in_the_artifact_and_everything_else_is(tmp_path: Path) -> None:
    one = artifact(tmp_path / "one.tar.gz", sorted(CONTENTS), 1_700_000_000)
    other = artifact(tmp_path / "other.tar.gz", sorted(CONTENTS, reverse=True), 1_800_000_001)
    for path in (one, other):
        rewrite(path, 1_750_000_000)
    assert one.read_bytes() == other.read_bytes()
    with tarfile.open(one) as archive:
        members = {member.name: member for member in archive}
        contents = {name: archive.extractfile(name).read() for name in members}  # type: ignore[union-attr]
    assert list(members) == ["MANIFEST.json", "FILES.json", *sorted(CONTENTS)]
    assert {name: contents[name] for name in CONTENTS} == CONTENTS
    assert {member.mtime for member in members.values()} == {1_750_000_000}
    assert members["run.sh"].mode == 0o755
    digest = json.loads(contents["MANIFEST.json"])["file_manifest_file"]["chksum_sha256"]
    assert digest == hashlib.sha256(contents["FILES.json"]).hexdigest()


def test_a_tag_that_is_not_the_version_is_not_released() -> None:
    found = version.faults("v9.9.9")
    assert found[0].startswith("The tag is v9.9.9, and the version in galaxy.yml is ")


def test_what_the_importer_says_is_found() -> None:
    said = "Linting...\nWARNING: README.md: bad\nINFO x\nERROR: y\nWARNINGS none\n"
    assert find_complaints(said) == ["WARNING: README.md: bad", "ERROR: y"]


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def test_version_added_is_a_version_that_is_or_was_released() -> None:
    released = {*read("changelogs/changelog.yaml")["releases"], read("galaxy.yml")["version"]}
    files = [
        path for folder in ("plugins", "roles", "extensions") for path in (ROOT / folder).rglob("*") if path.is_file()
    ]
    texts = [path.read_text(encoding="utf-8") for path in files if path.suffix in (".py", ".yml")]
    named = {found for text in texts for found in re.findall(r"^ *version_added: (.+)$", text, re.MULTILINE)}
    assert named
    assert {each.strip("\"'") for each in named} <= released


def test_whatever_names_the_artifact_names_this_version() -> None:
    files = [path for path in (ROOT / "docs").rglob("*") if path.suffix in (".yml", ".md")]
    texts = {path: path.read_text(encoding="utf-8") for path in files}
    named = {
        (path.name, found)
        for path, text in texts.items()
        for found in re.findall(
            r"idgov-entra-([\d.]+)\.tar\.gz|releases/download/v([\d.]+)/|entra-[de]e:([\w.]+)", text
        )
    }
    assert {"install.md", "requirements.yml", "execution-environment.yml"} <= {name for name, _versions in named}
    assert {each for _name, versions in named for each in versions if each} == {read("galaxy.yml")["version"]}


def test_every_action_of_the_release_is_taken_at_a_commit() -> None:
    jobs = read(".github/workflows/release.yml")["jobs"]
    used = [step["uses"] for job in jobs.values() for step in job["steps"] if "uses" in step]
    assert used
    assert [each for each in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", each)] == []


def test_the_secret_of_galaxy_is_in_one_step_of_a_job_that_builds_nothing() -> None:
    jobs: Json = read(".github/workflows/release.yml")["jobs"]
    with_secret = [
        (name, step["name"]) for name, job in jobs.items() for step in job["steps"] if "secrets." in str(step)
    ]
    assert with_secret == [("publish", "Publish on Galaxy")]
    assert jobs["publish"]["environment"]["name"] == "galaxy"
    assert not any("checkout" in step.get("uses", "") for step in jobs["publish"]["steps"])


def test_the_oldest_pair_is_what_the_collection_requires_and_the_page_says() -> None:
    oldest, newest = min(PYTHONS_OF_CORE, key=_number), max(PYTHONS_OF_CORE, key=_number)
    assert read("meta/runtime.yml")["requires_ansible"] == f">={oldest}.0"
    page = matrix.PAGE.read_text(encoding="utf-8")
    assert f"| ansible-core | {oldest} to {newest} |" in page
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.findall(r"tests\.sanity\.run --core (\S+)", targets) == [oldest, newest]
    assert matrix.BEGIN in page
    assert matrix.END in page


def _number(text: str) -> list[int]:
    return [int(part) for part in text.split(".")]


def test_parts_of_the_matrix_run_on_the_pairs_that_are_asked_for_and_possible() -> None:
    found = ["3.10", "3.12"]
    units = [(run.core, run.python) for run in matrix.runs(["units"], [], found)]
    assert ("2.16", "3.10") in units
    assert ("2.18", "3.12") in units
    assert {python for _core, python in units} == set(found)
    assert [(run.core, run.python) for run in matrix.runs(["integration"], [], found)] == units
    assert [run.core for run in matrix.runs(["integration"], ["2.17"], found)] == ["2.17", "2.17"]
    assert list(matrix.runs(["msal"], [], found)) == []


def test_the_table_says_what_passed_failed_and_did_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "RESULTS", tmp_path)
    run = matrix.Run("units", "2.16", "3.10")
    suite = '<testsuites><testsuite tests="1500" skipped="2" failures="3" errors="1" /></testsuites>'
    run.results.write_text(suite, encoding="utf-8")
    os.utime(run.results, (noon := datetime.datetime(2026, 11, 28, 12).timestamp(), noon))
    page = tmp_path / "page.md"
    page.write_text(f"Before\n{matrix.BEGIN}old\n{matrix.END}After\n", encoding="utf-8")
    matrix.write_table([run], page)
    text = page.read_text(encoding="utf-8")
    assert "| 2.16 | 3.10 | 1,494 passed, **4 failed**, 2 skipped (2026-11-28) | not run |" in text
    assert text.startswith("Before\n")
    assert text.endswith("After\n")
    assert "old" not in text
    assert text.count("\n| 2.") == sum(len(pythons) for pythons in PYTHONS_OF_CORE.values())


def test_what_did_not_run_this_time_stays_in_the_table() -> None:
    earlier = {
        matrix.Run("units", "2.16", "3.10"): "4,236 passed (2026-11-28)",
        matrix.Run("integration", "2.21", "3.13"): "**1 failed** (2026-11-28)",
        matrix.Run("msal", matrix.MSAL_CORE, matrix.MSAL_PYTHON, matrix.OLDER_MSAL[0]): "31 passed (2026-11-28)",
    }
    written = matrix.table((), earlier)
    assert {run: cell for run, cell in matrix.read_table(written).items() if cell != "not run"} == earlier
    assert matrix.table((), matrix.read_table(written)) == written
