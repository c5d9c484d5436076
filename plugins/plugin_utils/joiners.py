# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From people, as lists and exports of a personnel system give them, and the packages of their jobs to declared assignments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ansible_collections.idgov.entra.plugins.module_utils._core.texts import is_called, is_id
from ansible_collections.idgov.entra.plugins.plugin_utils.files import place_in
from ansible_collections.idgov.entra.plugins.plugin_utils.values import mistake_in

Json = dict[str, Any]
Place: TypeAlias = "tuple[str, str | None]"
PERSON_KEYS = (
    *("user", "email", "profile", "access_packages", "start_date_time", "end_date_time", "answers", "justification"),
)
# The column of a table for the answer to a question: answers.Cost centre
ANSWER_COLUMN = "answers."
_KEYS = f"{', '.join(PERSON_KEYS)} or {ANSWER_COLUMN}QUESTION"
_ENDS = ("end_date_time", "duration", "no_expiration")
_NOT_FOR_PACKAGES = ("state", "user", "email", "members_of", "assignment_id", "request_as")


class PlanError(Exception):
    """What concerns everybody is wrong: a profile, or the columns of a table."""


class PersonError(Exception):
    """What is said about one person is wrong."""


@dataclass
class Plan:
    """What to declare and where its person stands, who was refused and why, and the packages whose questions somebody answers."""

    assignments: list[Json] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    refused: list[Json] = field(default_factory=list)
    asked: list[Json] = field(default_factory=list)


@dataclass(frozen=True)
class Questions:
    """The policies of packages, with what they ask, by name and catalog of the package; null where nothing was read."""

    policies: Mapping[Place, Sequence[Json]] | None = None

    def of(self, package: Mapping[str, Any]) -> frozenset[str]:
        """Return what may be asked for one package, in all languages and as ids; nothing where it could not be read."""
        desired = package.get("policy")
        policies = [
            policy
            for policy in (self.policies or {}).get(_place(package), ())
            if desired is None or is_called(desired, policy["id"], policy["display_name"])
        ]
        return frozenset(text for p in policies for question in p["questions"] or () for text in _texts(question))


def read_questions(reads: Sequence[Mapping[str, Any]]) -> Questions:
    """Return what packages ask, from the results of a loop of access_package_info over ``asked`` of a plan."""
    found = {
        _place(read["item"]): [policy for p in read.get("access_packages") or () for policy in p["policies"] or ()]
        for read in reads
    }
    return Questions(found or None)


def plan_onboarding(people: Sequence[tuple[str, Any]], profiles: Mapping[str, Any], questions: Questions) -> Plan:
    """Return the assignments of people; whoever is described wrongly is refused with the reason, and nobody else.

    ``people`` are pairs of a place, for who has no name, and a person. Raises PlanError.
    """
    checked = {name: _profile(name, packages) for name, packages in profiles.items()}
    plan = Plan()
    named = _places_by_name(people)
    for place, person in people:
        names = _names(person)
        try:
            twice = next((name for name in names if len(named[name.lower()]) > 1), None)
            if twice:
                where = named[twice.lower()]
                raise PersonError(f"{twice} occurs {len(where)} times: {' and '.join(where)}")
            given = _given(person)
            packages = list(_packages(given, checked))
            assignments = _assignments(given, packages, questions)
        except PersonError as error:
            plan.refused.append({"user": next(iter(names), place), "place": place, "reason": str(error)})
            continue
        plan.assignments += assignments
        plan.places += [place] * len(assignments)
        if given.get("answers"):
            plan.asked += [{"access_package": p["access_package"], "catalog": p.get("catalog")} for p in packages]
    plan.asked = list({_place(package): package for package in plan.asked}.values())
    return plan


def _places_by_name(people: Sequence[tuple[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for place, person in people:
        for name in {name.lower() for name in _names(person)}:
            found.setdefault(name, []).append(place)
    return found


def _given(person: Any) -> Json:
    """Leave out what is empty: a survey, a table and an event cannot leave anything out by themselves."""
    if not isinstance(person, Mapping):
        raise PersonError(f"{person!r} is not a dictionary")
    return {str(key): value for key, value in person.items() if value not in (None, "", [], {})}


def _names(person: Any) -> list[str]:
    found = [person.get(key) for key in ("user", "email")] if isinstance(person, Mapping) else []
    return [str(name).strip() for name in found if name not in (None, "")]


def _profile(name: str, packages: Any) -> list[Json]:
    if not isinstance(packages, list):
        raise PlanError(f"onboarding_profiles.{name}: must be a list of access packages")
    found = []
    for index, package in enumerate(packages):
        try:
            found.append(_package(package))
        except PersonError as error:
            raise PlanError(f"onboarding_profiles.{name}[{index}]: {error}") from None
    try:
        _places_once(found)
    except PersonError as error:
        raise PlanError(f"onboarding_profiles.{name}: {error}") from None
    return found


def _package(package: Any) -> Json:
    item: Json = {"access_package": package} if isinstance(package, str) else package
    if isinstance(item, dict):
        wrong = next((key for key in _NOT_FOR_PACKAGES if key in item), None)
        if wrong:
            raise PersonError(f"{wrong} is not valid for an access package")
    mistake = mistake_in({**item, "user": "somebody"} if isinstance(item, dict) else item)
    if mistake:
        raise PersonError(mistake)
    return item


def _packages(person: Mapping[str, Any], profiles: Mapping[str, Sequence[Json]]) -> Iterator[Json]:
    """Return the packages of a person; what is said of a package for this person replaces what the profile says."""
    unknown = next((key for key in person if key not in PERSON_KEYS), None)
    if unknown:
        raise PersonError(f"unknown key {unknown}; supported are {', '.join(PERSON_KEYS)}")
    if len(_names(person)) != 1:
        raise PersonError("exactly one of user and email is required")
    profile = person.get("profile")
    # YAML makes a number of a cost centre; as a key it is a text by now.
    profile = str(profile) if isinstance(profile, int) else profile
    if profile is not None and (not isinstance(profile, str) or profile not in profiles):
        raise PersonError(f"there is no profile {profile!r}; the profiles are {', '.join(profiles) or 'none'}")
    own = [_package(package) for package in _listed(person.get("access_packages") or [])]
    if profile is None and not own:
        raise PersonError("one of the following is required: profile, access_packages")
    own_places = _places_once(own)
    birthright = [package for package in profiles.get(profile or "", ()) if _place(package) not in own_places]
    for package in [*birthright, *own]:
        yield {**package, "schedule": _schedule(person, package.get("schedule") or {})}


def _listed(packages: Any) -> list[Any]:
    """A cell of a table and an answer of a survey are texts: several packages stand apart by a bar or in lines."""
    if isinstance(packages, str):
        return [text.strip() for text in re.split(r"[|\n]", packages) if text.strip()]
    return packages if isinstance(packages, list) else [packages]


def _places_once(packages: Sequence[Json]) -> list[Place]:
    places = [_place(package) for package in packages]
    twice = next((place for place in places if places.count(place) > 1), None)
    if twice:
        raise PersonError(f"the access package {twice[0]} occurs twice")
    return places


def _place(package: Mapping[str, Any]) -> Place:
    return str(package["access_package"]), package.get("catalog")


def _schedule(person: Mapping[str, Any], own: Mapping[str, Any]) -> Json:
    """Return the dates of a person where a package has none of its own: an end of 14 days stays one."""
    ends = any(own.get(end) for end in _ENDS)
    dates = {key: person[key] for key in ("start_date_time", *(() if ends else _ENDS)) if key in person}
    return {**dates, **own}


def _assignments(person: Mapping[str, Any], packages: Sequence[Json], questions: Questions) -> list[Json]:
    who = {key: str(person[key]).strip() for key in ("user", "email") if key in person}
    answers = person.get("answers") or []
    if not isinstance(answers, list) or not all(isinstance(answer, Mapping) for answer in answers):
        raise PersonError("answers is not a list of answers, each with question and value")
    given = {"justification": person["justification"]} if "justification" in person else {}
    items = []
    for package in packages:
        item = _without_none({**package, **who, **given, "schedule": package["schedule"] or None})
        fitting = [answer for answer in answers if _question(answer) in questions.of(package)]
        if fitting:
            item["answers"] = _merged(item.get("answers") or [], fitting)
        items.append(item)
        mistake = mistake_in({**item, "answers": [*(item.get("answers") or []), *answers]})
        if mistake:
            raise PersonError(mistake)
    _check_answered(answers, packages, questions)
    return items


def _check_answered(answers: Sequence[Json], packages: Sequence[Json], questions: Questions) -> None:
    asked = frozenset[str]().union(*(questions.of(package) for package in packages))
    lost = next((answer for answer in answers if _question(answer) not in asked), None)
    if lost and questions.policies is not None:
        name = lost.get("question") or lost.get("question_id")
        raise PersonError(f"none of the access packages asks {name!r}")


def _merged(answers: Sequence[Json], over: Sequence[Json]) -> list[Json]:
    replaced = {_question(answer) for answer in over}
    return [*(answer for answer in answers if _question(answer) not in replaced), *over]


def _question(answer: Mapping[str, Any]) -> str:
    named = answer.get("question_id") or answer.get("question") or ""
    return str(named).lower() if is_id(str(named)) else str(named)


def _texts(question: Mapping[str, Any]) -> list[str]:
    languages = [each["text"] for each in question["localizations"] or ()]
    return [text for text in (str(question["id"]).lower(), question["text"], *languages) if text]


def _without_none(item: Json) -> Json:
    return {key: value for key, value in item.items() if value is not None}


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
    listed = {_place_in_list(index) for index in range(len(people))}
    plan.refused = [each if each["place"] in listed else _with_place(each) for each in plan.refused]
    return plan


def everybody(
    people: Sequence[Any], files: Sequence[Mapping[str, Any]], columns: Mapping[str, str]
) -> list[tuple[str, Any]]:
    """Return all people with the place where each stands; raises PlanError where a file is no list of people.

    Files are as ``files.read_file`` gives them, or have the ``failure`` that kept one from being read; ``columns`` say under
    which heading a table has what.
    """
    found = [(_place_in_list(index), person) for index, person in enumerate(people)]
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


def _place_in_list(index: int) -> str:
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
            f"unknown columns {', '.join(unknown)}; select columns with onboarding_columns, or name them {_KEYS}"
        )
    if not {"user", "email"} & set(known):
        raise PlanError(f"there is no column user or email; the columns are {', '.join(headings)}")
    return [_person(row, known) for row in rows]


def _check_columns(headings: Sequence[str], known: Mapping[str, str]) -> None:
    for key, heading in known.items():
        if key not in PERSON_KEYS and not key.startswith(ANSWER_COLUMN):
            raise PlanError(f"onboarding_columns: {key!r} is not {_KEYS}")
        if heading not in headings:
            raise PlanError(
                f"onboarding_columns: there is no column {heading!r}; the columns are {', '.join(headings)}"
            )


def _person(row: Mapping[str, str], known: Mapping[str, str]) -> Json:
    filled = {key: row[heading].strip() for key, heading in known.items() if row[heading].strip()}
    person: Json = {key: text for key, text in filled.items() if key in PERSON_KEYS}
    given = {key.removeprefix(ANSWER_COLUMN): text for key, text in filled.items() if key not in PERSON_KEYS}
    return {**person, "answers": [{"question": question, "value": text} for question, text in given.items()]}
