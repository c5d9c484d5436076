# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths and patterns: what they match, and that a set with a gap is an error and never a smaller set."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.idgov.entra.plugins.plugin_utils.file_paths import FileError, paths_of
from ansible_collections.idgov.entra.plugins.plugin_utils.files import read_file
from tests.support.rights import without_rights


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in a folder that everybody may look into, which pytest's own are not."""
    path = Path(tempfile.mkdtemp(prefix="idgov-files-"))
    path.chmod(0o755)
    monkeypatch.chdir(path)
    yield path
    for each in path.rglob("*"):
        if not each.is_symlink():
            each.chmod(0o755)
    shutil.rmtree(path)


def made(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("", encoding="utf-8")


def refused(*patterns: str) -> str:
    with pytest.raises(FileError) as raised:
        paths_of(patterns)
    return str(raised.value)


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.yml", ["[c].yml", "a.yml", "b.yml"]),
        ("[c].yml", ["[c].yml"]),
        ("[ab].yml", ["a.yml", "b.yml"]),
        ("**/*.yml", ["[c].yml", "a.yml", "b.yml", "x/d.yml", "x/y/e.yml", "z/f.yml"]),
        ("x/**/*.yml", ["x/d.yml", "x/y/e.yml"]),
        ("x/**", ["x/d.yml", "x/note", "x/y/e.yml"]),
        ("x/*", ["x/d.yml", "x/note"]),
        ("*/*.yml", ["x/d.yml", "z/f.yml"]),
        ("**/y/?.yml", ["x/y/e.yml"]),
        ("*/d.yml", ["x/d.yml"]),
        ("x/../z/*.yml", ["x/../z/f.yml"]),
        (".h*.yml", [".hidden.yml"]),
        (".git/*.yml", [".git/g.yml"]),
    ],
)
def test_a_pattern(folder: Path, pattern: str, found: list[str]) -> None:
    made("b.yml", "a.yml", "[c].yml", "x/d.yml", "x/note", "x/y/e.yml", "z/f.yml", ".hidden.yml", ".git/g.yml")
    assert paths_of([pattern]) == found
    assert paths_of([str(folder / pattern)]) == [str(folder / name) for name in found]


def test_files_come_once_and_in_order() -> None:
    made("b.yml", "a.yml", "x/c.yml")
    Path("again.yml").symlink_to("b.yml")
    Path("y").symlink_to("x")
    assert paths_of(["b.yml", "*.yml", "./a.yml", "**/*.yml"]) == ["b.yml", "a.yml", "x/c.yml"]


def test_folders_in_a_circle_end() -> None:
    made("x/a.yml")
    Path("x/up").symlink_to("..")
    assert paths_of(["**/*.yml"]) == ["x/a.yml"]


@pytest.mark.parametrize("pattern", ["*.yaml", "lost.yml", "lost/*.yml", "**/*.yaml", "a.yml/*.yml", "*/lost.yml", ""])
def test_a_pattern_without_a_file(pattern: str) -> None:
    made("a.yml", "x/b.yml")
    assert refused("a.yml", pattern) == f"{pattern}: no such file"


def test_a_folder_is_no_file() -> None:
    made("a.yml", "x/old.yml/b.yml")
    assert refused("x") == "x: it is a directory; give its files, as in x/*.yml"
    assert refused("x/*.yml") == "x/old.yml: it is a directory, and x/*.yml matches it"
    assert refused("**/*.yml") == "x/old.yml: it is a directory, and **/*.yml matches it"


def test_all_levels_are_written_alone() -> None:
    made("x/a.yml", "x/y/b.yml")
    assert refused("x/**.yml") == "x/**.yml: ** must stand alone between slashes, as in **/*.yml"


@pytest.mark.parametrize("pattern", ["team.yml", "*.yml", "**/*.yml", "**/a.yml"])
def test_a_link_to_nothing(pattern: str) -> None:
    made("a.yml")
    Path("team.yml").symlink_to("gone.yml")
    assert refused(pattern) == "team.yml: it is a broken symbolic link"


@pytest.mark.parametrize("pattern", ["**/*.yml", "*/*.yml"])
def test_a_link_to_a_folder_that_is_gone(pattern: str) -> None:
    made("a.yml", "x/b.yml")
    Path("team").symlink_to("gone")
    assert refused(pattern) == "team: it is a broken symbolic link"


def test_a_link_to_nothing_below_a_pattern() -> None:
    made("a/teams/x.yml")
    Path("b").mkdir()
    Path("b/teams").symlink_to("nowhere")
    assert refused("*/teams/*.yml") == "b/teams: it is a broken symbolic link"


def test_a_file_that_is_called_like_the_pattern_hides_no_other() -> None:
    made("a.yml", "*.yml", "team[1].txt", "team1.txt")
    assert paths_of(["*.yml"]) == ["*.yml", "a.yml"]
    assert (
        refused("team[1].txt")
        == "team[1].txt: it is a file, and also a pattern that matches team1.txt; rename one of them"
    )


def test_a_link_to_itself() -> None:
    made("a.yml")
    Path("b.yml").symlink_to("b.yml")
    assert refused("*.yml").startswith("b.yml: it cannot be read: ")


def test_what_is_neither_file_nor_folder() -> None:
    made("a.yml")
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("s.yml")
        os.mkfifo("p.yml")
        assert refused("*.yml") == "p.yml: it is neither a file nor a directory"
        assert refused("s.yml") == "s.yml: it is neither a file nor a directory"


@pytest.mark.parametrize("pattern", ["**/*.yml", "*/*.yml", "x/*.yml", "**/b.yml"])
def test_a_folder_that_may_not_be_listed(pattern: str) -> None:
    made("a.yml", "x/b.yml", "z/b.yml")
    Path("x").chmod(0o311)
    with without_rights():
        assert refused("a.yml", pattern) == "x: it cannot be read: Permission denied"


@pytest.mark.parametrize("pattern", ["x/*.yml", "**/*.yml", "x/b.yml", "*/b.yml"])
def test_a_folder_that_may_not_be_entered(pattern: str) -> None:
    made("a.yml", "x/b.yml", "z/b.yml")
    Path("x").chmod(0o444)
    with without_rights():
        assert refused("a.yml", pattern) == "x/b.yml: it cannot be read: Permission denied"


def test_a_file_that_may_not_be_read() -> None:
    made("a.yml", "b.yml")
    Path("b.yml").chmod(0o000)
    with without_rights():
        found = paths_of(["*.yml"])
        assert read_file(found[0])["content"] is None
        with pytest.raises(FileError, match=r"^b\.yml: it cannot be read: Permission denied$"):
            read_file(found[1])


@pytest.mark.parametrize("pattern", ["a\0.yml", "*\0/b*.yml", "\0/*.yml", "\ud800.yml"])
def test_what_can_be_no_path(pattern: str) -> None:
    made("a.yml")
    with pytest.raises(FileError):
        paths_of([pattern])
