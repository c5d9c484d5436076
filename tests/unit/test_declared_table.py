# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables that declare assignments: the columns of a person and of a report, and every gap an error with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.idgov.entra.plugins.plugin_utils.declared import DeclarationError, declared_in
from ansible_collections.idgov.entra.plugins.plugin_utils.file_paths import FileError
from ansible_collections.idgov.entra.plugins.plugin_utils.files import read_file
from ansible_collections.idgov.entra.plugins.plugin_utils.spreadsheet_text import guarded, unguarded

Json = dict[str, Any]
OTHER = "6D5F7A1C-0000-4000-8000-00000000000A"
TEXT = """\
access_package,policy,user,email,start_date_time,end_date_time,justification
VPN Access,Everybody,kim@contoso.com,,,2030-12-31,"Works there, since 2024"
Partner Portal,,,sam@fabrikam.com,,,
"""


def declared(folder: Path, text: str) -> Json:
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return declared_in([read_file(str(path))])


def test_a_table_of_a_person(tmp_path: Path) -> None:
    assert declared(tmp_path, TEXT) == {
        "assignments": [
            {
                "access_package": "VPN Access",
                "policy": "Everybody",
                "user": "kim@contoso.com",
                "schedule": {"end_date_time": "2030-12-31"},
                "justification": "Works there, since 2024",
            },
            {"access_package": "Partner Portal", "email": "sam@fabrikam.com"},
        ],
        "access_packages": [],
        "places": [f"{tmp_path}/a.csv, line 2", f"{tmp_path}/a.csv, line 3"],
    }


@pytest.mark.parametrize(
    ("cells", "item"),
    [
        ({}, {"access_package": "VPN", "user": "kim"}),
        ({"access_package_id": OTHER, "catalog": "IT"}, {"access_package": OTHER, "user": "kim"}),
        ({"catalog": " IT "}, {"access_package": "VPN", "catalog": "IT", "user": "kim"}),
        ({"policy": "Staff", "policy_id": OTHER}, {"access_package": "VPN", "policy": OTHER, "user": "kim"}),
        ({"user": None, "object_id": OTHER, "email": "a@b.com"}, {"access_package": "VPN", "user": OTHER}),
        ({"user": None, "principal_name": "a", "object_id": ""}, {"access_package": "VPN", "user": "a"}),
        ({"user": None, "email": "'+a@b.com"}, {"access_package": "VPN", "email": "+a@b.com"}),
        ({"is_automatic": "TRUE"}, None),
        ({"is_automatic": "false", "state": "delivered"}, {"access_package": "VPN", "user": "kim"}),
        ({"state": "absent"}, {"state": "absent", "access_package": "VPN", "user": "kim"}),
        ({"state": "delivering", "end_date_time": "2030-01-01"}, {"access_package": "VPN", "user": "kim"}),
        ({"state": "deliveryFailed"}, {"access_package": "VPN", "user": "kim", "on_delivery_failed": "keep"}),
        (
            {"duration": "P9D", "no_expiration": "false"},
            {"access_package": "VPN", "user": "kim", "schedule": {"duration": "P9D"}},
        ),
        ({"no_expiration": "True"}, {"access_package": "VPN", "user": "kim", "schedule": {"no_expiration": True}}),
        (
            {"answers.Site": "Paris", "answers.Why": "", "person": "Kim", "status": "Delivered"},
            {"access_package": "VPN", "user": "kim", "answers": [{"question": "Site", "value": "Paris"}]},
        ),
    ],
)
def test_a_row(tmp_path: Path, cells: dict[str, str | None], item: Json | None) -> None:
    row = {name: text for name, text in {"access_package": "VPN", "user": "kim", **cells}.items() if text is not None}
    text = "\n".join(";".join(line) for line in (row, row.values())) + "\n"
    assert declared(tmp_path, text)["assignments"] == ([item] if item else [])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("access_package,user,manager\nVPN,kim,bo\n", ": unknown columns manager; supported are access_package"),
        ("access_package,policy\nVPN,\n", ": there is no column user or email or principal_name or object_id"),
        ("policy,user\n,kim\n", ": there is no column access_package or access_package_id"),
        ("access_package,user,object_id\nVPN,kim,\n", ": the columns user and object_id are mutually exclusive"),
        ("access_package,user\nVPN,kim\n,bo\n", ", line 3: access_package must not be empty"),
        ("access_package,user,email\nVPN, ,\n", ", line 2: user or email must not be empty"),
        ("access_package,user,email\nVPN,kim,a@b.com\n", ", line 2: user and email are mutually exclusive"),
        ("access_package,email,principal_name\nVPN,a@b.com,a\n", ", line 2: email and principal_name are mutually"),
        ("access_package,user,state\nVPN,kim,expired\n", ", line 2: state: 'expired' is not one of present, absent"),
        ("access_package,user,no_expiration\nVPN,kim,x\n", ", line 2: no_expiration: 'x' is not true or false"),
        ("access_package,user,end_date_time\nVPN,kim,soon\n", ", line 2: schedule.end_date_time"),
        (
            "access_package,user,end_date_time,duration\nVPN,kim,2030-01-01,P9D\n",
            ", line 2: schedule: end_date_time and duration are mutually exclusive",
        ),
        ("access_package,email\nVPN,kim\n", ", line 2: email: 'kim' is not an e-mail address"),
        ("access_package,user\nVPN,kim\nLaptop,kim\nVPN,KIM\n", "a.csv, line 4: KIM and the access package 'VPN'"),
        ("access_package,user\nVPN,kim", ": it does not end with a line break and may be truncated"),
    ],
)
def test_what_a_table_must_not_say(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(DeclarationError) as raised:
        declared(tmp_path, text)
    assert str(raised.value).startswith(f"{tmp_path}/a.csv")
    assert fault in str(raised.value)


def test_a_person_and_package_in_a_table_and_in_yaml(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("access_package,user\nVPN,kim\n", encoding="utf-8")
    (tmp_path / "b.yml").write_text("assignments:\n  - {access_package: VPN, user: kim}\n", encoding="utf-8")
    files = [read_file(str(tmp_path / name)) for name in ("a.csv", "b.yml")]
    with pytest.raises(DeclarationError, match=r"b\.yml, line 2: .* are also in .*a\.csv, line 2; remove one of them"):
        declared_in(files)


def test_a_table_that_is_cut_off_within_a_line_is_an_error(tmp_path: Path) -> None:
    whole = declared(tmp_path, TEXT)["assignments"]
    for length in range(len(TEXT)):
        try:
            found = declared(tmp_path, TEXT[:length])["assignments"]
        except (FileError, DeclarationError):
            continue
        # Between two lines a cut cannot be seen.
        assert TEXT[:length].endswith("\n")
        assert found == whole[: len(found)]


@given(st.text(alphabet=st.sampled_from("'=+-@\uff1d \t\nab")))
def test_what_is_guarded_from_spreadsheets_is_read_back_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).strip().startswith(("=", "+", "-", "@", "\uff1d"))
