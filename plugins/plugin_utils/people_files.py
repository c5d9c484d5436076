# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From lists and files of people, as an export of a personnel system gives them, to people and where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.idgov.entra.plugins.plugin_utils.files import place_in
from ansible_collections.idgov.entra.plugins.plugin_utils.joiners import (
    PERSON_KEYS,
    Plan,
    PlanError,
    plan_onboarding,
    read_questions,
)

Json = dict[str, Any]
# The column of a table for the answer to a question: answers.Cost centre
ANSWER_COLUMN = "answers."
_KEYS = f"{', '.join(PERSON_KEYS)} or {ANSWER_COLUMN}QUESTION"


def plan_people(
    people: Sequence[Any],
    files: Sequence[Mapping[str, Any]],
    columns: Mapping[str, str],
    profiles: Mapping[str, Any],
    reads: Sequence[Mapping[str, Any]],
) -> Plan:
    """Return the plan for the people of a list and of files; raises PlanError.

    ``reads`` are the results of a loop of access_package_info over the packages whose questions are answered.
    """
    plan = plan_onboarding(everybody(people, files, columns), profiles, read_questions(reads))
    listed = {_listed(index) for index in range(len(people))}
    plan.refused = [each if each["place"] in listed else _with_place(each) for each in plan.refused]
    return plan


def everybody(
    people: Sequence[Any], files: Sequence[Mapping[str, Any]], columns: Mapping[str, str]
) -> list[tuple[str, Any]]:
    """Return all people with the place where each stands; raises PlanError where a file is no list of people.

    Files are as ``files.read_file`` gives them, or have the ``failure`` that kept one from being read; ``columns`` say under
    which heading a table has what.
    """
    found = [(_listed(index), person) for index, person in enumerate(people)]
    for file in files:
        if file.get("failure"):
            raise PlanError(str(file["failure"]))
        path, content = file["path"], file["content"]
        if not isinstance(content, list):
            raise PlanError(f"{path}: it is not a list of people")
        try:
            listed = people_of_table(file["headings"], content, columns) if file["is_table"] else content
        except PlanError as error:
            raise PlanError(f"{path}: {error}") from None
        found += [(place_in(file, f"[{index}]"), person) for index, person in enumerate(listed)]
    return found


def _listed(index: int) -> str:
    return f"onboarding_people[{index}]"


def _with_place(refused: Json) -> Json:
    """Add where somebody stands in a file, unless that is all there is to call them by."""
    place = refused["place"]
    return refused if refused["user"] == place else {**refused, "reason": f"{place}: {refused['reason']}"}


def people_of_table(
    headings: Sequence[str], rows: Sequence[Mapping[str, str]], columns: Mapping[str, str]
) -> list[Json]:
    """Return the people of rows of texts by heading; raises PlanError.

    Without ``columns`` the headings are the keys of a person, and any other heading is an error. The headings count without
    rows, too: what is no table of people must not look like an empty one.
    """
    answers = {heading: heading for heading in headings if heading.startswith(ANSWER_COLUMN)}
    known = dict(columns) or {**{key: key for key in PERSON_KEYS if key in headings}, **answers}
    _check_columns(headings, known)
    unknown = [heading for heading in headings if heading not in known]
    if unknown and not columns:
        raise PlanError(
            f"unknown columns {', '.join(unknown)}; say with onboarding_columns which columns count, or name them"
            f" {_KEYS}"
        )
    if not {"user", "email"} & set(known):
        raise PlanError(f"no column is user or email; there are {', '.join(headings)}")
    return [_person(row, known) for row in rows]


def _check_columns(headings: Sequence[str], known: Mapping[str, str]) -> None:
    for key, heading in known.items():
        if key not in PERSON_KEYS and not key.startswith(ANSWER_COLUMN):
            raise PlanError(f"onboarding_columns: {key!r} is not {_KEYS}")
        if heading not in headings:
            raise PlanError(f"onboarding_columns: there is no column {heading!r}; there are {', '.join(headings)}")


def _person(row: Mapping[str, str], known: Mapping[str, str]) -> Json:
    filled = {key: row[heading].strip() for key, heading in known.items() if row[heading].strip()}
    person: Json = {key: text for key, text in filled.items() if key in PERSON_KEYS}
    given = {key.removeprefix(ANSWER_COLUMN): text for key, text in filled.items() if key not in PERSON_KEYS}
    return {**person, "answers": [{"question": question, "value": text} for question, text in given.items()]}
