# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of people and of declared assignments: what is read, and what is refused with the place."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.plugin_utils.declared import DeclarationError, declared_in
from ansible_collections.idgov.entra.plugins.plugin_utils.file_paths import FileError
from ansible_collections.idgov.entra.plugins.plugin_utils.files import read_file

Json = dict[str, Any]
VPN: Json = {"access_package": "VPN", "user": "kim"}
VPN_ID = "6D5F7A1C-0000-4000-8000-00000000000A"
ACCESS = """\
---
assignments:
  - access_package: VPN
    policy: Everybody
    user: kim@contoso.com
    schedule:
      end_date_time: 2030-12-31T17:00:00Z
    justification: Works there, since 2024
  - access_package: VPN
    user: "lee@contoso.com"
access_packages:
  - VPN
"""


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
    assert read["headings"] == ["user", "profile"]
    assert read["lines"] == {"[0]": 2, "[1]": 5}
    assert read["content"] == [{"user": "jürgen", "profile": 'a\n"b"'}, {"user": "kim", "profile": ""}]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("a.csv", "user,profile\nkim\n", "line 2: it has 1 columns, but the first line has 2"),
        ("a.csv", "\nuser,user\nkim,bo\n", "line 2: the column 'user' occurs twice"),
        ("a.csv", "\n", "it is empty"),
        ("a.yml", "a: 1\nb: *x\x9b\n", "line 2: it is not YAML: control characters"),
        ("a.csv", 'user\n"kim"bo\n', "line 2: it is not CSV"),
        ("a.csv", 'user,profile\nbo,"a\nb"\n\nkim\n', "line 5: it has 1 columns"),
        ("a.csv", 'user\nbo\n"ki', "line 3: it is not CSV: unexpected end of data"),
        ("a.csv", "user\nbo\nk\0\n", "line 3: it is not CSV: it contains a null character"),
        ("a.yml", "a: [\n", "line 2: it is not YAML"),
        ("a.yml", "a: 1\n---\na: 2\n", "line 2: it is not YAML"),
        ("a.yml", "a: 1\nb\0: 1\n", "line 2: it is not YAML: control characters are not allowed"),
        ("a.yml", "a: 1\nb: *lost\n", "line 2: it is not YAML: found undefined alias"),
        ("a.yml", "a: 1\n!!map x: 1\n", "line 2: the key 'x' is not a string"),
        ("a.yml", "a: !!map x\n", "line 1: it is not YAML: expected a mapping node"),
        ("a.yml", "a: 1\nb: 2\na: 3\n", "line 3: the key 'a' occurs twice, first in line 1"),
        ("a.yml", "a:\n  - b: [{c: 1,\n      c: 1}]\n", "line 3: the key 'c' occurs twice, first in line 2"),
        ("a.yml", "a: &a {b: 1}\nc:\n  <<: *a\n  <<: *a\n", "line 4: the key '<<' occurs twice"),
        (
            "a.yml",
            "<<: {a: [1]}\na: [2]\n",
            "line 1: the key '<<' is not allowed at the top level, where it could hide a list",
        ),
        ("a.json", '{"a": 1, "a": 2}', "line 1: the key 'a' occurs twice"),
        ("a.yml", "a: 1\n2: 3\n", "line 2: the key '2' is not a string; quote it"),
        ("a.yml", "on: 1\n", "line 1: the key 'on' is not a string; quote it"),
        ("a.yml", "? [a]\n: b\n", "line 1: the key that is a list or mapping is not a string"),
        ("a.yml", "a: &a\n  - *a\n", "line 1: it contains itself"),
        ("a.yml", "[" * 99 + "]" * 99, "line 1: it is nested deeper than 64 levels"),
        ("a.yml", "a: 1\nb: 2030-13-01\n", "line 2: '2030-13-01' cannot be read as timestamp; quote it"),
        ("a.yml", "a: !!timestamp soon\n", "line 1: 'soon' cannot be read as timestamp"),
        ("a.yml", "a: !!bool perhaps\n", "line 1: 'perhaps' cannot be read as bool"),
        ("a.yml", "a: !!int [1]\n", "line 1: it is not YAML: expected a scalar node"),
        ("a.yml", "!!python/object/apply:os.system [exit 1]", "line 1: the tag 'tag:yaml.org,2002:python/object/apply"),
        ("a.yml", "a: 1\nb: !vault |\n  $ANSIBLE_VAULT;1.1\n", "line 2: the tag '!vault' is not supported"),
        ("a.yml", "a: 1\nb: !unsafe x\n", "line 2: the tag '!unsafe' is not supported"),
        ("a.yml", "a: !!binary eA==\n", "line 1: the tag 'tag:yaml.org,2002:binary' is not supported"),
        ("a.yml", "- a\n- b", "line 2: it does not end with a line break and may be truncated"),
    ],
)
def test_a_file_that_cannot_be_understood(tmp_path: Path, name: str, text: str, fault: str) -> None:
    path = written(tmp_path, name, text)
    with pytest.raises(FileError) as raised:
        read_file(path)
    assert str(raised.value).startswith(path)
    assert fault in str(raised.value)


def test_an_error_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    with pytest.raises(FileError) as raised:
        read_file(written(tmp_path, "\x1b[2J\u202e.csv", ""))
    assert str(raised.value) == f"{tmp_path}/\\x1b[2J\\u202e.csv: it is empty"


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"a\.csv, line 2: it is not in UTF-8"):
        read_file(written(tmp_path, "a.csv", "user\njürgen", "cp1252"))


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("- {question: Which site?, value: Paris}\n", [{"question": "Which site?", "value": "Paris"}]),
        ('{"a": [1, true, null]}', {"a": [1, True, None]}),
        ("a: &a {b: 1, c: 2}\nd:\n  <<: *a\n  c: 3\n", {"a": {"b": 1, "c": 2}, "d": {"b": 1, "c": 3}}),
        ("- '{{ 6 * 7 }}'\n", ["{{ 6 * 7 }}"]),
        ("- !!str 7\n", ["7"]),
        ("a\r\n", "a"),
        ("# nothing", None),
    ],
)
def test_yaml_is_read_as_ansible_reads_it(tmp_path: Path, text: str, content: Any) -> None:
    assert read_file(written(tmp_path, "a.yml", text))["content"] == content


def test_yaml_has_the_lines_of_its_items(tmp_path: Path) -> None:
    read = read_file(written(tmp_path, "a.yml", ACCESS))
    assert read["lines"] == {
        "assignments": 2,
        "assignments[0]": 3,
        "assignments[1]": 9,
        "access_packages": 11,
        "access_packages[0]": 12,
    }


def test_a_file_that_is_cut_off_within_a_line_is_an_error(tmp_path: Path) -> None:
    accepted = []
    for length in range(1, len(ACCESS)):
        path = written(tmp_path, "a.yml", ACCESS[:length])
        try:
            declared_in([read_file(path)])
            accepted.append(ACCESS[:length])
        except (FileError, DeclarationError) as raised:
            error = str(raised)
            last = ACCESS[:length].count("\n") + 1
            assert any(error.startswith(f"{path}{line}: ") for line in ["", *(f", line {n}" for n in range(last + 1))])
    # What ends with a whole line cannot be told from a file that was meant to be so.
    assert accepted
    assert all(text.endswith("\n") for text in accepted)


def test_files_make_one_list() -> None:
    files = [
        {"path": "a.yml", "content": {"assignments": [VPN]}, "lines": {"assignments": 1, "assignments[0]": 2}},
        {"path": "b.yml", "content": {"assignments": None, "access_packages": ["VPN", "Laptop"]}},
        {"path": "c.yml", "content": {"assignments": [{**VPN, "user": "bo"}], "access_packages": ["VPN"]}},
    ]
    assert declared_in(files) == {
        "assignments": [VPN, {**VPN, "user": "bo"}],
        "access_packages": ["VPN", "Laptop"],
        "places": ["a.yml, line 2: assignments[0]", "c.yml: assignments[0]"],
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"access_package": "VPN", "user": "kim@contoso.com"}, {"access_package": "VPN", "user": "Kim@Contoso.com"}),
        ({"access_package": "VPN", "email": "a@b.com"}, {"access_package": "VPN", "user": "A@b.com"}),
        ({"access_package": VPN_ID, "user": VPN_ID}, {"access_package": VPN_ID.lower(), "user": VPN_ID.lower()}),
        ({"access_package": VPN_ID, "user": "kim"}, {"access_package": VPN_ID, "catalog": "IT", "user": "kim"}),
        ({**VPN, "catalog": "IT"}, {**VPN, "catalog": "IT"}),
        ({**VPN, "catalog": "IT"}, VPN),
        ({**VPN, "policy": "Staff"}, {**VPN, "policy": "Guests"}),
        (VPN, {**VPN, "state": "absent"}),
    ],
)
def test_a_person_and_package_in_two_files(one: Json, other: Json) -> None:
    files = [
        {"path": "a.yml", "content": {"assignments": [one]}, "lines": {"assignments[0]": 2}},
        {"path": "b.yml", "content": {"assignments": [{**VPN, "user": "bo"}, other]}, "lines": {"assignments[1]": 9}},
    ]
    for order in (files, files[::-1]):
        with pytest.raises(DeclarationError) as raised:
            declared_in(order)
        first, last = ("a.yml, line 2", "b.yml, line 9") if order is files else ("b.yml, line 9", "a.yml, line 2")
        assert str(raised.value).startswith(f"{last}: assignments[")
        assert f" are also in {first}: assignments[" in str(raised.value)


@pytest.mark.parametrize(
    "other",
    [
        {**VPN, "user": "bo"},
        {**VPN, "access_package": "vpn"},
        {**VPN, "catalog": "HR"},
        {"access_package": "VPN", "members_of": "kim"},
    ],
)
def test_what_is_not_the_same_may_stand_in_two_files(other: Json) -> None:
    one = {**VPN, "catalog": "IT"}
    files = [{"path": path, "content": {"assignments": [item]}} for path, item in (("a.yml", one), ("b.yml", other))]
    assert declared_in(files)["assignments"] == [one, other]


def test_what_kept_a_file_from_being_read_is_told() -> None:
    with pytest.raises(DeclarationError, match=r"^a\.yml: it is a broken symbolic link$"):
        declared_in(
            [{"path": "b.yml", "content": {"assignments": [VPN]}}, {"failure": "a.yml: it is a broken symbolic link"}]
        )


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, "it does not contain assignments or access_packages"),
        ([VPN], "it does not contain"),
        ({}, "it does not contain"),
        (
            {"assignments": [VPN], "asignments": []},
            "unknown key 'asignments'; supported are assignments, access_packages",
        ),
        ({"assignments": VPN}, "assignments is not a list"),
        (
            {"assignments": [VPN, {"user": "kim"}]},
            "assignments[1]: access_package: one of the following is required: access_package, assignment_id",
        ),
        ({"assignments": [{**VPN, "display_name": "Kim"}]}, "assignments[0]: unknown option display_name"),
        ({"assignments": [{**VPN, "schedule": {"end_date_time": "soon"}}]}, "assignments[0]: schedule.end_date_time"),
        ({"assignments": [{**VPN, "schedule": 7}]}, "assignments[0]: schedule: this is not a dictionary"),
        ({"assignments": [{**VPN, "schedule": date(2030, 1, 1)}]}, "assignments[0]: schedule: this is not a dict"),
        ({"assignments": [{**VPN, "answers": [None]}]}, "assignments[0]: answers[0]: this is not a dictionary"),
        ({"assignments": [{**VPN, "answers": {"a": 1}}]}, "assignments[0]: answers: this is not a list"),
        ({"assignments": [{**VPN, "catalog": ["IT"]}]}, "assignments[0]: catalog: this is not a string"),
        ({"access_packages": [7]}, "access_packages: 7 is not a name"),
    ],
)
def test_a_mistake_is_told_with_its_place(content: Any, fault: str) -> None:
    with pytest.raises(DeclarationError) as raised:
        declared_in([{"path": "vpn.yml", "content": content}])
    assert str(raised.value).startswith("vpn.yml: ")
    lines = {"asignments": 7, "assignments": 7, "assignments[0]": 7, "assignments[1]": 7, "access_packages[0]": 7}
    with pytest.raises(DeclarationError) as raised:
        declared_in([{"path": "vpn.yml", "content": content, "lines": lines}])
    assert str(raised.value).startswith("vpn.yml, line 7: " if content and content != [VPN] else "vpn.yml: ")
    assert fault in str(raised.value)
