# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An artifact with something in it that does not belong there is refused, and not left behind."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from tests.support import artifact


def test_what_is_refused_is_not_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "secret").write_text("canary", encoding="utf-8")

    def build(directory: Path) -> Path:
        directory.mkdir(parents=True)
        made = directory / "idgov-entra-0.0.0.tar.gz"
        with tarfile.open(made, "w:gz") as archive:
            archive.add(tmp_path / "secret", "vault-password")
        return made

    monkeypatch.setattr(artifact, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(artifact, "build", build)
    assert artifact.main() == 1
    assert "vault-password does not belong into it" in capsys.readouterr().err
    assert list((tmp_path / "cache").rglob("*")) == []
