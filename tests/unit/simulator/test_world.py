# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped world, and worlds that make no sense."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.simulator.ids import id_of
from tests.simulator.running import DoorError, Running
from tests.unit.simulator.graph_client import LEE, Graph, Json

SMALL: Json = {
    "tenant": {"domain": "contoso.onmicrosoft.com"},
    "apps": [{"name": "automation", "secret": "s", "permissions": ["EntitlementManagement.Read.All"]}],
    "users": [{"upn": "ada@contoso.com"}],
    "catalogs": [{"name": "C"}],
    "packages": [{"name": "P", "catalog": "C", "policies": [{"name": "All", "scope": "allMemberUsers"}]}],
    "assignments": [{"user": "ada@contoso.com", "package": "P"}],
}


def test_contoso_holds_what_the_demo_needs(sim: Running) -> None:
    dump = sim.dump()
    names = [package["displayName"] for package in dump["packages"]]
    assert names.count("Shared Name") == 2
    assert {"Engineering Laptop", "Source Code Read", "VPN Access", "Partner Portal", "Payroll"} <= set(names)
    assert [user["displayName"] for user in dump["users"]].count("Kim Meyer") == 2
    held = [item["state"] for item in dump["assignments"] if item["objectId"] == LEE]
    assert (held.count("delivered"), held.count("expired")) == (4, 1)
    assert len([item for item in dump["policies"] if item["automaticRequestSettings"]]) == 1
    assert len([item for item in dump["policies"] if item["packageId"] == id_of("package", "VPN Access")]) == 2


def test_every_assignment_has_the_request_that_made_it(sim: Running) -> None:
    dump = sim.dump()
    made_by = {request["assignmentId"]: request["requestType"] for request in dump["requests"]}
    assert set(made_by) == {item["id"] for item in dump["assignments"]}
    assert sorted(set(made_by.values())) == ["adminAdd", "systemAdd"]


def test_the_secret_is_plainly_a_fake(sim: Running) -> None:
    assert sim.environment["AZURE_CLIENT_SECRET"] == "not-a-real-secret"


def test_a_world_takes_the_place_of_another(sim: Running) -> None:
    sim.load(SMALL)
    assert [user["userPrincipalName"] for user in sim.dump()["users"]] == ["ada@contoso.com"]
    assert sim.dump()["assignments"][0]["id"] == id_of("assignment", "ada@contoso.com/P")
    sim.reset()
    assert len(sim.dump()["users"]) > 10


def test_what_a_world_leaves_open_moves_on(sim: Running) -> None:
    world = {
        **SMALL,
        "assignments": [{"user": "ada@contoso.com", "package": "P", "state": "delivering"}],
        "users": [*SMALL["users"], {"upn": "bo@contoso.com"}, {"upn": "cy@contoso.com"}],
        "requests": [
            {"user": "bo@contoso.com", "package": "P", "state": "scheduled", "start": "+P2D"},
            {"user": "cy@contoso.com", "package": "P", "state": "denied"},
        ],
    }
    sim.load(world)
    sim.advance(days=1)
    assert [item["state"] for item in sim.dump()["requests"]] == ["delivered", "scheduled", "denied"]
    assert [item["state"] for item in sim.dump()["assignments"]] == ["delivered"]
    sim.advance(days=2)
    assert [item["state"] for item in sim.dump()["assignments"]] == ["delivered", "delivered"]


def test_somebody_no_longer_in_the_directory_keeps_an_assignment(sim: Running) -> None:
    gone = {"principal_name": "gone@contoso.com", "email": "gone@contoso.com", "display_name": "Gone"}
    sim.load({**SMALL, "assignments": [{"user": gone, "package": "P"}]})
    graph = Graph(sim, sim.token())
    (found,) = graph.em("/assignments", expand="target").json()["value"]
    assert found["target"]["principalName"] == "gone@contoso.com"
    assert found["target"]["objectId"] == id_of("user", "gone@contoso.com")


def test_service_principals_hold_access_too(sim: Running) -> None:
    world = copy.deepcopy(SMALL)
    world["service_principals"] = [{"name": "Robot"}]
    world["packages"][0]["policies"] = [{"name": "Robots", "scope": "allDirectoryServicePrincipals"}]
    world["assignments"] = [{"user": "Robot", "package": "P"}]
    sim.load(world)
    (subject,) = sim.dump()["subjects"]
    assert (subject["subjectType"], subject["principalName"]) == ("servicePrincipal", "Robot")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"people": []}, "unknown sections"),
        ({"catalogs": [{"name": "C"}, {"name": "C"}]}, "is there twice"),
        ({"packages": [{"name": "P", "catalog": "D"}]}, "no catalog 'D'"),
        (
            {"packages": [{"name": "P", "catalog": "C", "policies": [{"name": "A", "scope": "everybody"}]}]},
            "unknown scope",
        ),
        ({"assignments": [{"user": "zoe", "package": "P"}]}, "no user 'zoe'"),
        ({"assignments": [{"user": "ada@contoso.com", "package": "P", "policy": "None"}]}, "no policy 'None'"),
        ({"assignments": [{"user": "ada@contoso.com", "package": "P"}] * 2}, "twice"),
        (
            {"requests": [{"user": "ada@contoso.com", "package": "P", "state": "delivering"}]},
            "comes with its assignment",
        ),
        ({"tenant": {}}, "domain"),
    ],
)
def test_a_world_that_makes_no_sense_is_refused(sim: Running, change: dict[str, Any], reason: str) -> None:
    before = sim.dump()
    with pytest.raises(DoorError, match=reason):
        sim.load({**SMALL, **change})
    assert sim.dump() == before
