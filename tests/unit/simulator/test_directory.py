# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and groups."""

from __future__ import annotations

import pytest

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.unit.simulator.graph_client import ADA, BO, GUEST, PORTAL, PORTAL_POLICY, Graph, code_of


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("userPrincipalName eq 'ada@contoso.com'", ["Ada Byrne"]),
        ("userPrincipalName eq 'ADA@contoso.com'", ["Ada Byrne"]),
        ("userPrincipalName eq 'o''brien@contoso.com'", ["Nora O'Brien"]),
        ("userPrincipalName eq 'jürgen@contoso.com'", ["Jürgen Größe"]),
        ("userPrincipalName eq 'pat_fabrikam.com#EXT#@contoso.onmicrosoft.com'", ["Pat Guest"]),
        ("mail eq 'juergen@contoso.com'", ["Jürgen Größe"]),
        ("mail in ('ada@contoso.com','bo@contoso.com')", ["Ada Byrne", "Bo Larsen"]),
        ("userPrincipalName in ('ada@contoso.com') or mail in ('pat@fabrikam.com')", ["Ada Byrne", "Pat Guest"]),
        (f"id eq '{ADA}' and mail eq 'ada@contoso.com'", ["Ada Byrne"]),
        (f"id in ('{ADA}','{BO}')", ["Ada Byrne", "Bo Larsen"]),
        ("userPrincipalName eq 'nobody@contoso.com'", []),
    ],
)
def test_users_are_found(graph: Graph, text: str, names: list[str]) -> None:
    response = graph.get("/users", params={"$filter": text, "$select": "id,displayName"})
    assert response.status_code == 200
    assert [user["displayName"] for user in response.json()["value"]] == names


def test_a_guest_is_found_from_the_moment_it_is_in_the_directory(sim: Running, graph: Graph) -> None:
    assignment = {
        "target": {"email": "sam@fabrikam.com"},
        "assignmentPolicy": {"id": PORTAL_POLICY},
        "accessPackage": {"id": PORTAL},
    }
    found = {"$filter": "mail eq 'sam@fabrikam.com'", "$select": "userPrincipalName"}
    assert graph.get("/users", params=found).json()["value"] == []
    sim.freeze()
    assert graph.request({"requestType": "adminAdd", "assignment": assignment}).status_code == 201
    assert graph.get("/users", params=found).json()["value"] == []
    sim.advance(60)
    (guest,) = graph.get("/users", params=found).json()["value"]
    assert guest["userPrincipalName"] == "sam_fabrikam.com#EXT#@contoso.onmicrosoft.com"


@pytest.mark.parametrize(
    "text",
    [
        "displayName eq 'Ada'",
        "startswith(mail,'ada')",
        "mail eq 'o'brien@contoso.com'",
        "mail ne 'ada@contoso.com'",
        "id eq 'ada'",
    ],
)
def test_other_filters_are_refused(graph: Graph, text: str) -> None:
    assert code_of(graph.get("/users", params={"$filter": text})) == (400, "Request_UnsupportedQuery")


def test_fifteen_clauses_are_the_most(graph: Graph) -> None:
    names = [f"'user{number}@contoso.com'" for number in range(16)]
    listed = ",".join(names[:15])
    chained = " or ".join(f"mail eq {name}" for name in names)
    split = f"userPrincipalName in ({','.join(names[:8])}) or mail in ({','.join(names[8:])})"
    assert graph.get("/users", params={"$filter": f"mail in ({listed})"}).status_code == 200
    for text in (f"mail in ({listed},{names[15]})", chained, split):
        refused = graph.get("/users", params={"$filter": text})
        assert code_of(refused) == (400, "Request_UnsupportedQuery")
        assert "Max allowed: 15" in refused.json()["error"]["message"]


@pytest.mark.parametrize("key", [ADA, ADA.upper(), "ada@contoso.com", "Ada@Contoso.com"])
def test_one_user_by_id_or_name(graph: Graph, key: str) -> None:
    assert graph.get(f"/users/{key}").json()["id"] == ADA


def test_odd_names_in_paths(graph: Graph) -> None:
    assert graph.get("/users/pat_fabrikam.com%23EXT%23@contoso.onmicrosoft.com").json()["id"] == GUEST
    assert graph.get("/users/o'brien@contoso.com").json()["displayName"] == "Nora O'Brien"
    missing = graph.get("/users/nobody@contoso.com")
    assert code_of(missing) == (404, "Request_ResourceNotFound")


def test_groups_and_their_members(sim: Running, graph: Graph) -> None:
    (group,) = graph.get("/groups", params={"$filter": "displayName eq 'All Staff'"}).json()["value"]
    assert group["id"] == id_of("group", "All Staff")
    path = f"/groups/{group['id']}/transitiveMembers/microsoft.graph.user"
    names = {user["userPrincipalName"] for user in graph.get(f"{path}?$select=userPrincipalName").json()["value"]}
    assert names == {f"{name}@contoso.com" for name in ("ada", "bo", "chen", "mira", "olga", "o'brien")}
    sim.settings(page_size=4)
    first = graph.get(path).json()
    assert len(first["value"]) == 4
    assert len(graph.get(first["@odata.nextLink"]).json()["value"]) == 2
    assert graph.get(f"/groups/{group['id']}").json()["displayName"] == "All Staff"
    assert code_of(graph.get(f"/groups/{ADA}")) == (404, "Request_ResourceNotFound")


def test_top_sets_the_page_of_directory_lists(graph: Graph) -> None:
    assert len(graph.get("/users?$top=3").json()["value"]) == 3
    assert code_of(graph.get("/users?$top=1000")) == (400, "Request_BadRequest")
