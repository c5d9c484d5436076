# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator's answers look like recorded answers to the same calls: members, their order, nulls and forms of values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.running import Running
from tests.support.reference import reference
from tests.unit.simulator.graph_client import Graph

Json = dict[str, Any]
REFERENCE = reference()
FIELD = REFERENCE / "field" / "payloads" if REFERENCE else None
# file -> the call; recorded in May 2024
CALLS = {
    "v1_assignments_list_expand_accesspackage_policy_2024-05-15": ("/assignments", "accessPackage,assignmentPolicy"),
    "v1_requests_list_expand_requestor_2024-05-28": ("/assignmentRequests", "requestor"),
    "v1_assignmentPolicies_list": ("/assignmentPolicies", None),
    "v1_accessPackages_list": ("/accessPackages", None),
    "v1_catalogs_list": ("/catalogs", None),
    "v1_catalogs_list_expand_accessPackages": ("/catalogs", "accessPackages"),
}
# Documented members that the recorded answers, which are older, do not have.
NEWER = {"justification", "isRequestorJustificationRequired", "subjectLifecycle", "approverInformationVisibility"}
# Kinds of which nothing was recorded; a question of several choices has members of its own.
UNSEEN = {
    "#microsoft.graph.accessPackageMultipleChoiceQuestion",
    "#microsoft.graph.targetManager",
    "#microsoft.graph.connectedOrganizationMembers",
}
# Null where it was recorded in one tenant, and something else where a tenant has it, or the other way round.
MATTER_OF_THE_TENANT = {
    *("automaticRequestSettings", "regexPattern", "expiredDateTime", "endDateTime", "duration"),
    *("displayValue", "value", "description", "completedDateTime", "requestor", "email", "principalName", "objectId"),
    *("durationBeforeAutomaticDenial", "durationBeforeEscalation", "startDateTime"),
}
FORMS = {
    "instant": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.(\d{1,3}(?<!0)|\d{7}))?Z",
    "duration": r"P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?",
    "guid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
}
pytestmark = pytest.mark.skipif(FIELD is None, reason="the reference data are not beside the checkout")


def objects(value: Any, place: str = "") -> Iterator[tuple[str, Json]]:
    """Return every object of a known kind in a value, with where it stands."""
    if isinstance(value, list):
        for each in value:
            yield from objects(each, place)
    elif isinstance(value, dict) and value.get("@odata.type") not in UNSEEN:
        kind = str(value.get("@odata.type", "")).rpartition(".")[2]
        yield f"{place}{f'[{kind}]' if kind else ''}", value
        for member, each in value.items():
            yield from objects(each, f"{place}.{member}")


def form(value: Any) -> str:
    """Return the form of a value: which kind of text, or the type."""
    if isinstance(value, str):
        return next((name for name, pattern in FORMS.items() if re.fullmatch(pattern, value)), "text")
    return "null" if value is None else type(value).__name__


def forms(value: Any) -> dict[tuple[str, str], set[str]]:
    """Return the forms that each member of each place has."""
    found: dict[tuple[str, str], set[str]] = {}
    for place, each in objects(value):
        for member, item in each.items():
            found.setdefault((place, member), set()).add(form(item))
    return found


@pytest.fixture
def ours(sim: Running, request: pytest.FixtureRequest) -> Json:
    sim.load("contoso")
    path, expand = CALLS[request.getfixturevalue("name")]
    graph = Graph(sim, sim.token())
    answer: Json = (graph.em(path, expand=expand) if expand else graph.em(path)).json()
    return answer


@pytest.fixture
def theirs(request: pytest.FixtureRequest) -> Json:
    assert FIELD
    text = (FIELD / f"{request.getfixturevalue('name')}.json").read_text(encoding="utf-8")
    body: Json = json.loads(text)["body"]
    return body


@pytest.mark.parametrize("name", CALLS)
def test_the_members_and_their_order_are_those_that_were_recorded(name: str, ours: Json, theirs: Json) -> None:
    recorded = {place: list(each) for place, each in objects(theirs["value"])}
    compared = set()
    for place, each in objects(ours["value"]):
        if place in recorded:
            compared.add(place)
            assert [member for member in each if member not in NEWER] == recorded[place], place
    assert "" in compared


@pytest.mark.parametrize("name", CALLS)
def test_nulls_and_forms_of_values_are_those_that_were_recorded(name: str, ours: Json, theirs: Json) -> None:
    recorded, shown = forms(theirs["value"]), forms(ours["value"])
    assert len(recorded.keys() & shown.keys()) >= 6
    for where in recorded.keys() & shown.keys():
        assert shown[where] <= recorded[where] or where[1] in MATTER_OF_THE_TENANT, where
        # What is a matter of the tenant may be null or not, and of one form where both have it.
        both = recorded[where] - {"null"}, shown[where] - {"null"}
        assert not all(both) or both[1] <= both[0], where


@pytest.mark.parametrize("name", CALLS)
def test_contexts_are_written_as_they_were_recorded(name: str, ours: Json, theirs: Json) -> None:
    def general(context: str) -> str:
        return re.sub(r"\('[^']*'\)", "('id')", context.partition("/$metadata#")[2])

    def contexts(body: Json) -> dict[tuple[str, str], str]:
        found = {("", "@odata.context"): general(body["@odata.context"])}
        for place, each in objects(body["value"]):
            found |= {(place, name): general(value) for name, value in each.items() if name.endswith("@odata.context")}
        return found

    assert contexts(ours) == contexts(theirs)


def test_the_words_of_status_are_those_that_were_recorded(sim: Running) -> None:
    assert FIELD
    sim.load("contoso")
    for kind, name in (("requests", "v1_requests_list*"), ("assignments", "v1_assignments_list*")):
        rows = [row for path in FIELD.glob(f"{name}.json") for row in json.loads(path.read_text())["body"]["value"]]
        # One state can go with several words of its endings, such as denied.
        recorded = {row["state"]: row["status"] for row in rows if row["status"] != "ApprovalTimedOut"}
        shown = {(row["state"], row["status"]) for row in sim.dump()[kind] if row["state"] in recorded}
        assert shown
        assert shown <= set(recorded.items())
