# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a line about a call says, and what it leaves out."""

from __future__ import annotations

from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import (
    create_request,
    find_users,
    list_assignments,
    requests_of_caller,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._graph.channel import line_of_call, lines_of_batch

BASE = "https://graph.microsoft.com/v1.0"
MANAGEMENT = "/v1.0/identityGovernance/entitlementManagement"


def line(call: Call, url: str | None = None, status: int | None = 200, tries: int = 1, **headers: str) -> str:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return line_of_call(call, url or f"{BASE}{call.url}", status=status, headers=given, seconds=0.0421, tries=tries)


def test_names_of_people_are_left_out_of_the_query() -> None:
    shown = line(find_users(["ada@contoso.com", "o'brien@contoso.com"]))
    clause = "userPrincipalName eq ... or mail eq ..."
    # A quote within a name is written twice, and leaves two texts behind.
    other = clause.replace("...", "......")
    assert shown == (
        f"GET /v1.0/users?$filter={clause} or {other}&$select=id,userPrincipalName,mail,userType,displayName 200, 42 ms"
    )


def test_the_shape_of_a_filter_is_shown() -> None:
    shown = line(list_assignments("8a4a8623-6740-55c6-a92b-e4a242f35983", "329f8dac-8062-4c1b-a9b8-39b7132f9bff"))
    assert shown.startswith(f"GET {MANAGEMENT}/assignments?$filter=accessPackage/id eq ... and target/objectId eq ...&")


def test_a_body_is_never_shown() -> None:
    shown = line(create_request({"requestType": "adminAdd", "justification": "x"}), status=201, Request_Id="ab-1")
    assert shown == f"POST {MANAGEMENT}/assignmentRequests 201 ab-1, 42 ms"


def test_a_link_to_the_next_page_is_shown_without_its_query() -> None:
    shown = line(requests_of_caller("target"), f"{BASE}/elsewhere?$skiptoken=ada")
    assert shown == "GET /v1.0/elsewhere 200, 42 ms"


def test_a_call_without_an_answer_and_one_that_was_repeated() -> None:
    call = Call("GET", "/users")
    assert line(call, status=None) == "GET /v1.0/users no answer, 42 ms"
    assert line(call, tries=3) == "GET /v1.0/users 200, 42 ms, 3 tries"


def test_what_comes_from_outside_cannot_write_to_the_terminal() -> None:
    shown = line(Call("GET", "/users"), request_id="ab\x1b[2J\r\n-1" + "f" * 200)
    assert shown == f"GET /v1.0/users 200 ab2J-1{'f' * 58}, 42 ms"


def test_the_operations_of_a_batch_in_the_order_in_which_they_were_asked() -> None:
    calls = [Call("GET", "/a"), Call("POST", "/b", body={"x": 1}), Call("GET", "/c")]
    answer = {
        "responses": [
            {"id": "1", "status": 201, "headers": {"request-id": "r1"}, "body": {"secret": "s"}},
            {"id": "0", "status": 429, "headers": None},
            "nonsense",
        ]
    }
    assert lines_of_batch(calls, answer, BASE) == [
        "  GET /v1.0/a 429",
        "  POST /v1.0/b 201 r1",
        "  GET /v1.0/c no answer",
    ]


def test_a_batch_whose_answers_are_no_list_tells_of_no_answer() -> None:
    for responses in (True, 7, "nonsense", {"0": {"id": "0", "status": 200}}, None):
        assert lines_of_batch([Call("GET", "/a")], {"responses": responses}, BASE) == ["  GET /v1.0/a no answer"]
