# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of people and of declared assignments: what is read, and what is refused with the place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.plugin_utils.declared import DeclarationError, declared_in
from ansible_collections.idgov.entra.plugins.plugin_utils.files import FileError, paths_of, read_file

Json = dict[str, Any]
VPN: Json = {"access_package": "VPN", "user": "kim"}


def written(directory: Path, name: str, text: str, encoding: str = "utf-8") -> str:
    path = directory / name
    path.write_bytes(text.encode(encoding))
    return str(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table(tmp_path: Path, delimiter: str, end: str) -> None:
    lines = [["user", " profile"], ["jürgen", '"a\n""b"""'], ["", ""], ["kim", ""]]
    text = end.join(delimiter.join(line) for line in lines)
    read = read_file(written(tmp_path, "people.CSV", text, "utf-8-sig"))
    assert read["is_table"]
    assert read["content"] == [{"user": "jürgen", "profile": 'a\n"b"'}, {"user": "kim", "profile": ""}]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("a.csv", "user,profile\nkim\n", "line 2: it has 1 columns, and the first line 2"),
        ("a.csv", "user,user\nkim,bo\n", "the column 'user' is there twice"),
        ("a.csv", "\n", "it is empty"),
        ("a.csv", 'user\n"kim"bo\n', "line 2: it is not CSV"),
        ("a.yml", "a: [\n", "line 2: it is not YAML"),
        ("a.yml", "!!python/object:os.system {}", "it is not YAML"),
    ],
)
def test_a_file_that_cannot_be_understood(tmp_path: Path, name: str, text: str, fault: str) -> None:
    path = written(tmp_path, name, text)
    with pytest.raises(FileError) as raised:
        read_file(path)
    assert str(raised.value).startswith(path)
    assert fault in str(raised.value)


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="not in UTF-8"):
        read_file(written(tmp_path, "a.csv", "jürgen", "cp1252"))


def test_patterns_give_files_once_and_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b.yml", "a.yml", "[c].yml"):
        written(tmp_path, name, "")
    (tmp_path / "d.yml").mkdir()
    assert paths_of(["b.yml", "*.yml", "[c].yml"]) == ["b.yml", "[c].yml", "a.yml"]


@pytest.mark.parametrize("pattern", ["*.yaml", "lost.yml", "."])
def test_a_pattern_without_a_file_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "a.yml", "")
    with pytest.raises(FileError, match="there is no such file"):
        paths_of(["a.yml", pattern])


def test_files_make_one_list() -> None:
    files = [
        {"path": "a.yml", "content": {"assignments": [VPN]}},
        {"path": "b.yml", "content": {"assignments": None, "access_packages": ["VPN", "Laptop"]}},
        {"path": "c.yml", "content": {"assignments": [{**VPN, "user": "bo"}], "access_packages": ["VPN"]}},
    ]
    assert declared_in(files) == {
        "assignments": [VPN, {**VPN, "user": "bo"}],
        "access_packages": ["VPN", "Laptop"],
    }


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, "it does not hold assignments or access_packages"),
        ([VPN], "it does not hold"),
        ({}, "it does not hold"),
        ({"assignments": [VPN], "asignments": []}, "and nothing else"),
        ({"assignments": VPN}, "assignments is not a list"),
        ({"assignments": [VPN, {"user": "kim"}]}, "assignments[1]: access_package: give an access package"),
        ({"assignments": [{**VPN, "display_name": "Kim"}]}, "assignments[0]: unknown option display_name"),
        ({"assignments": [{**VPN, "schedule": {"end_date_time": "soon"}}]}, "assignments[0]: schedule.end_date_time"),
        ({"access_packages": [7]}, "access_packages: 7 is not a name"),
    ],
)
def test_a_mistake_is_told_with_its_place(content: Any, fault: str) -> None:
    with pytest.raises(DeclarationError) as raised:
        declared_in([{"path": "vpn.yml", "content": content}])
    assert str(raised.value).startswith("vpn.yml: ")
    assert fault in str(raised.value)
