# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator's answers have the members of recorded answers to the same calls, in their order."""

from __future__ import annotations

import json
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
}
# Documented members that the recorded answers, which are older, do not have.
NEWER = {"justification", "isRequestorJustificationRequired", "subjectLifecycle", "approverInformationVisibility"}
# Recorded without any option; the simulator shows it only where it is asked for.
ASKED = {
    "assignmentPolicy": {"questions"},
    "value": {"questions", "questions@odata.context"},
    "answers": {"answeredQuestion@odata.context"},
}
# Which kinds of sets a policy names is a matter of the tenant; of the question behind an answer the simulator shows the
# id and the kind alone, which is less than was recorded.
OTHERWISE = ("specificAllowedTargets", "primaryApprovers", "answeredQuestion")
pytestmark = pytest.mark.skipif(FIELD is None, reason="the reference data are not beside the checkout")


def shape(value: Any, name: str = "value") -> dict[str, list[str]]:
    """Return the members of every object in a value, in order, by the name under which it stands."""
    found: dict[str, list[str]] = {}
    if isinstance(value, list):
        for each in value:
            found.update({k: v for k, v in shape(each, name).items() if len(v) > len(found.get(k, ()))})
    elif isinstance(value, dict):
        found[name] = list(value)
        for member, each in value.items():
            found.update(shape(each, member))
    return found


@pytest.mark.parametrize("name", CALLS)
def test_the_members_are_those_that_were_recorded(sim: Running, name: str) -> None:
    assert FIELD
    path, expand = CALLS[name]
    sim.load("contoso")
    graph = Graph(sim, sim.token())
    answer = graph.em(path, expand=expand) if expand else graph.em(path)
    ours = shape(answer.json()["value"])
    theirs = shape(json.loads((FIELD / f"{name}.json").read_text(encoding="utf-8"))["body"]["value"])
    for place, members in theirs.items():
        if place in ours and place not in OTHERWISE:
            kept = [member for member in members if member not in ASKED.get(place, ())]
            assert [member for member in ours[place] if member not in NEWER] == kept, place
