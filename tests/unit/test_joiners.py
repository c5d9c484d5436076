# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From people and profiles to assignments: whose mistake is whose, whose dates and answers count."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.plugin_utils.files import read_file
from ansible_collections.idgov.entra.plugins.plugin_utils.joiners import (
    Plan,
    PlanError,
    Questions,
    everybody,
    people_of_table,
    plan_onboarding,
    plan_people,
    read_questions,
)

Json = dict[str, Any]
VPN: Json = {"access_package": "VPN", "policy": "Everybody", "schedule": {"duration": "P14D"}}
PROFILES: Json = {"engineer": ["Laptop", VPN]}
COST: Json = {"question": "Cost centre", "value": "4711"}


def plan(*people: Any, profiles: Json | None = None, questions: Questions | None = None) -> Plan:
    places = [(f"onboarding_people[{index}]", person) for index, person in enumerate(people)]
    return plan_onboarding(places, PROFILES if profiles is None else profiles, questions or Questions())


def only(person: Json) -> list[Json]:
    found = plan(person)
    assert found.refused == []
    return found.assignments


def question(text: str, language: str = "", text_id: str = "1b6d4ab1-1898-5118-a8d7-027c384a4943") -> Json:
    localizations = [{"language_code": "de", "text": language}] if language else []
    return {"id": text_id, "text": text, "localizations": localizations}


def asked(package: str, policies: dict[str, list[Json]]) -> Json:
    """Return the result of reading one package."""
    rows = [{"id": name, "display_name": name, "questions": questions} for name, questions in policies.items()]
    return {"item": {"access_package": package, "catalog": None}, "access_packages": [{"policies": rows}]}


def test_a_profile_gives_its_packages() -> None:
    assert only({"user": "kim", "profile": "engineer"}) == [
        {"access_package": "Laptop", "user": "kim"},
        {**VPN, "user": "kim"},
    ]


def test_dates_of_a_person_count_where_a_package_has_none() -> None:
    laptop, vpn = only(
        {"user": "kim", "profile": "engineer", "start_date_time": "2027-01-01", "end_date_time": "2027-06-30"}
    )
    assert laptop["schedule"] == {"start_date_time": "2027-01-01", "end_date_time": "2027-06-30"}
    assert vpn["schedule"] == {"start_date_time": "2027-01-01", "duration": "P14D"}


def test_a_package_of_a_person_replaces_that_of_the_profile() -> None:
    own = {"access_package": "VPN", "schedule": {"no_expiration": True}}
    found = only({"email": "pat@fabrikam.com", "profile": "engineer", "access_packages": [own, "Training"]})
    assert [(item["access_package"], item.get("schedule"), item["email"]) for item in found] == [
        ("Laptop", None, "pat@fabrikam.com"),
        ("VPN", {"no_expiration": True}, "pat@fabrikam.com"),
        ("Training", None, "pat@fabrikam.com"),
    ]


def test_what_is_empty_is_not_given() -> None:
    person: Json = {
        "user": "kim",
        "email": "",
        "profile": None,
        "access_packages": "VPN\n\nTraining | Laptop",
        "answers": [],
    }
    assert [item["access_package"] for item in only({**person, "end_date_time": ""})] == ["VPN", "Training", "Laptop"]


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        ("kim", "'kim' is not a dictionary"),
        ({"profile": "engineer"}, "exactly one of user and email is required"),
        (
            {"user": "kim", "email": "kim@contoso.com", "profile": "engineer"},
            "exactly one of user and email is required",
        ),
        ({"user": "kim"}, "one of the following is required: profile, access_packages"),
        ({"user": "kim", "profile": "nobody"}, "there is no profile 'nobody'; the profiles are engineer"),
        ({"user": "kim", "profile": ["engineer"]}, "there is no profile ['engineer']"),
        ({"user": "kim", "profil": "engineer"}, "unknown key profil"),
        ({"user": "kim", "profile": "engineer", "start_date_time": "1.2.2027"}, "'1.2.2027' is not an ISO 8601 date"),
        ({"user": "kim", "profile": "engineer", "answers": "4711"}, "answers is not a list"),
        ({"user": "kim", "profile": "engineer", "answers": [{"question": "Region", "value": True}]}, "quote it"),
        ({"email": "kim", "profile": "engineer"}, "'kim' is not an e-mail address"),
        ({"user": "kim", "access_packages": ["VPN", {"access_package": "VPN"}]}, "VPN occurs twice"),
        ({"user": "kim", "access_packages": [{"access_package": "VPN", "polcy": "x"}]}, "unknown option polcy"),
        ({"user": "kim", "access_packages": [{"access_package": "VPN", "user": "bo"}]}, "user is not valid for"),
        (
            {"user": "kim", "access_packages": [{"policy": "VPN"}]},
            "one of the following is required: access_package, assignment_id",
        ),
        ({"user": "kim", "access_packages": [7]}, "7 is not a dictionary"),
        ({"user": "kim", "access_packages": [{1: 2, "access_package": "VPN"}]}, "unknown option 1"),
        (
            {"user": "kim", "access_packages": [{"access_package": "VPN", "schedule": 7}]},
            "schedule: this is not a dict",
        ),
        (
            {"user": "kim", "access_packages": [{"access_package": "VPN", "schedule": "end_date_time=x"}]},
            "schedule: this is not",
        ),
        (
            {"user": "kim", "access_packages": [{"access_package": "VPN", "catalog": ["IT"]}]},
            "catalog: this is not a string",
        ),
        (
            {"user": "kim", "access_packages": [{"access_package": "VPN", "policy": {"a": 1}}]},
            "policy: this is not a string",
        ),
        (
            {"user": "kim", "access_packages": [{"access_package": "VPN", "answers": ["question=a"]}]},
            "answers[0]: this is not",
        ),
    ],
)
def test_a_mistake_is_its_persons_alone(person: Any, reason: str) -> None:
    found = plan(person, {"user": "bo", "profile": "engineer"})
    assert [item["user"] for item in found.assignments] == ["bo", "bo"]
    (refused,) = found.refused
    assert reason in refused["reason"]
    names = [person.get("user"), person.get("email")] if isinstance(person, dict) else []
    assert refused["user"] == next(filter(None, names), "onboarding_people[0]")


def test_who_is_there_twice_is_refused_twice() -> None:
    found = plan({"user": "Kim", "profile": "engineer"}, {"user": "kim", "access_packages": ["VPN"]})
    assert found.assignments == []
    where = "occurs 2 times: onboarding_people[0] and onboarding_people[1]"
    assert [each["reason"] for each in found.refused] == [f"Kim {where}", f"kim {where}"]


def test_a_person_in_two_files_is_refused_with_both() -> None:
    table = {"path": "a.csv", "is_table": True, "headings": ["user", "profile"], "lines": {"[0]": 2}}
    files = [
        {**table, "content": [{"user": "kim", "profile": "engineer"}]},
        {"path": "b.yml", "is_table": False, "lines": {"[0]": 1}, "content": [{"user": "KIM", "profile": "engineer"}]},
    ]
    found = plan_people([], files, {}, PROFILES, [])
    assert found.assignments == []
    assert [each["reason"] for each in found.refused] == [
        "a.csv, line 2: kim occurs 2 times: a.csv, line 2 and b.yml, line 1",
        "b.yml, line 1: KIM occurs 2 times: a.csv, line 2 and b.yml, line 1",
    ]


def test_each_assignment_has_the_place_of_its_person() -> None:
    kim, bo, lee = ({"user": name, "access_packages": ["VPN", "Training"]} for name in ("kim", "bo", "lee"))
    file = {"path": "a.yml", "is_table": False, "lines": {"[1]": 3}, "content": [bo, lee]}
    found = plan_people([kim], [file], {}, {}, [])
    assert found.places == ["onboarding_people[0]"] * 2 + ["a.yml"] * 2 + ["a.yml, line 3"] * 2


def test_a_profile_may_be_called_by_a_number() -> None:
    found = plan({"user": "kim", "profile": "10"}, {"user": "bo", "profile": 10}, profiles={"10": ["VPN"]})
    assert [item["user"] for item in found.assignments] == ["kim", "bo"]


@pytest.mark.parametrize(
    ("packages", "message"),
    [
        ("VPN", "onboarding_profiles.x: must be a list"),
        ([{"access_package": "VPN", "schedule": {"duration": "14"}}], "onboarding_profiles.x[0]: schedule.duration"),
        (["VPN", "VPN"], "onboarding_profiles.x: the access package VPN occurs twice"),
    ],
)
def test_a_wrong_profile_concerns_everybody(packages: Any, message: str) -> None:
    with pytest.raises(PlanError) as raised:
        plan({"user": "kim", "access_packages": ["VPN"]}, profiles={"x": packages})
    assert message in str(raised.value)


def test_packages_are_asked_for_only_where_somebody_answers() -> None:
    people = {"user": "bo", "profile": "engineer"}, {"user": "kim", "access_packages": ["Payroll"], "answers": [COST]}
    assert plan(*people).asked == [{"access_package": "Payroll", "catalog": None}]


@pytest.mark.parametrize("text", ["Cost centre", "Kostenstelle", "1B6D4AB1-1898-5118-A8D7-027C384A4943"])
def test_an_answer_goes_to_the_package_that_asks(text: str) -> None:
    key = "question_id" if text.startswith("1B") else "question"
    reads = [
        asked("Payroll", {"Staff": [question("Cost centre", "Kostenstelle")]}),
        {"item": {"access_package": "VPN"}},
    ]
    person = {"user": "kim", "access_packages": ["VPN", "Payroll"], "answers": [{key: text, "value": "4711"}]}
    found = plan(person, questions=read_questions(reads))
    assert [item.get("answers") for item in found.assignments] == [None, [{key: text, "value": "4711"}]]


def test_an_answer_goes_only_where_the_policy_asks() -> None:
    package = {"access_package": "Payroll", "policy": "Guests"}
    questions = read_questions([asked("Payroll", {"Staff": [question("Cost centre")], "Guests": []})])
    found = plan({"user": "kim", "access_packages": [package], "answers": [COST]}, questions=questions)
    assert [each["reason"] for each in found.refused] == ["none of the access packages asks 'Cost centre'"]


def test_an_answer_of_a_person_comes_before_that_of_the_profile() -> None:
    given = [{"question": "Cost centre", "value": "1"}, {"question": "Region", "value": "emea"}]
    profiles = {"clerk": [{"access_package": "Payroll", "answers": given}]}
    questions = read_questions([asked("Payroll", {"Staff": [question("Cost centre"), question("Region")]})])
    found = plan({"user": "kim", "profile": "clerk", "answers": [COST]}, profiles=profiles, questions=questions)
    assert found.assignments[0]["answers"] == [given[1], COST]


def test_a_table_by_its_own_headings() -> None:
    rows = [{"user": " kim ", "profile": "engineer", "end_date_time": "", "answers.Cost centre": "4711"}]
    assert people_of_table(list(rows[0]), rows, {}) == [{"user": "kim", "profile": "engineer", "answers": [COST]}]


def test_a_table_by_the_headings_of_others() -> None:
    columns = {"user": "E-Mail", "profile": "Stelle", "answers.Cost centre": "KST"}
    rows = [{"E-Mail": "kim", "Stelle": "engineer", "KST": "4711", "Schuhgröße": "39"}]
    assert people_of_table(list(rows[0]), rows, columns) == [{"user": "kim", "profile": "engineer", "answers": [COST]}]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({}, "a.csv: unknown columns Name; select columns with onboarding_columns"),
        ({"user": "Mail"}, "a.csv: onboarding_columns: there is no column 'Mail'; the columns are user, Name"),
        ({"usr": "user"}, "a.csv: onboarding_columns: 'usr' is not user, email"),
        ({"profile": "Name"}, "a.csv: there is no column user or email; the columns are user, Name"),
    ],
)
@pytest.mark.parametrize("rows", [[{"user": "kim", "Name": "Kim"}], []], ids=["rows", "no rows"])
def test_a_column_that_is_not_known(columns: Json, message: str, rows: list[Json]) -> None:
    file = {"path": "a.csv", "is_table": True, "headings": ["user", "Name"], "content": rows}
    with pytest.raises(PlanError) as raised:
        everybody([], [file], columns)
    assert str(raised.value).startswith(message)


def test_a_page_in_place_of_a_table_is_not_nobody(tmp_path: Path) -> None:
    for name, text in (("export.csv", "<!DOCTYPE html><title>Sign in</title>\n"), ("nobody.csv", "user,profile\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(
        PlanError, match=r"export\.csv: unknown columns <!DOCTYPE html><title>Sign in</title>; select columns with"
    ):
        everybody([], [read_file(str(tmp_path / "export.csv"))], {})
    with pytest.raises(PlanError, match=r"export\.csv: onboarding_columns: there is no column 'E-Mail'"):
        everybody([], [read_file(str(tmp_path / "export.csv"))], {"user": "E-Mail"})
    assert everybody([], [read_file(str(tmp_path / "nobody.csv"))], {}) == []


def test_everybody_has_a_place() -> None:
    file = {"path": "a.yml", "is_table": False, "content": [{"user": "bo"}], "lines": {"[0]": 4}}
    assert everybody([{"user": "kim"}], [file], {}) == [
        ("onboarding_people[0]", {"user": "kim"}),
        ("a.yml, line 4", {"user": "bo"}),
    ]
    with pytest.raises(PlanError, match=r"a\.yml: it is not a list of people"):
        everybody([], [{**file, "content": {"user": "bo"}}], {})
