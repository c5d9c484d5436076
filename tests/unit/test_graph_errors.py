# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading Graph's errors: the documented ones, and the odd ones that nobody documents."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import GraphError
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._graph.errors import error_from, open_request_exists
from tests.unit.examples import example, examples

GRAPH = "https://graph.microsoft.com"
READ = Call("GET", "/identityGovernance/entitlementManagement/assignments", {"$filter": "mail eq 'ada@contoso.com'"})
WRITE = Call("POST", "/identityGovernance/entitlementManagement/assignmentRequests")


ROOT = "/identityGovernance/entitlementManagement"
LISTS = [Call("GET", f"{ROOT}/{name}") for name in ("assignments", "assignmentRequests", "accessPackageAssignments")]


def in_package(call: Call) -> Call:
    return replace(call, query={"$filter": "accessPackage/id eq 'x'"})


def read(status: int, body: Any, headers: dict[str, str] | None = None, call: Call = READ) -> GraphError:
    return error_from(call, status, headers or {}, body, base=GRAPH)


ERRORS = (
    *("field__adminAdd-*", "field__adminRemove-*", "field__duplicate-*", "field__invalid-*", "field__open-*"),
    *("field__unauthorized-*", "generic__error-envelope__*", "generic__throttling-*"),
)


@pytest.mark.parametrize("name", examples(*ERRORS))
def test_a_documented_error_is_read(name: str) -> None:
    response = example(name)["response"]
    said = response["body"]["error"]
    error = read(response["status"] or 400, response["body"], response["headers"])
    assert (error.code, error.status) == (said["code"], response["status"] or 400)
    assert error.message == said["message"].rstrip(". ")
    assert list(error.details) == said.get("details", [])
    inner = said.get("innerError", {})
    assert error.request_id == (inner.get("request-id") or inner.get("requestId"))
    assert error.client_request_id == inner.get("client-request-id")
    asked = response["headers"].get("Retry-After")
    assert error.retry_after == (float(asked) if asked else None)


@pytest.mark.parametrize("name", examples("field__open-request-exists"))
def test_an_open_request_is_told_by_the_details_alone(name: str) -> None:
    body = example(name)["response"]["body"]
    assert open_request_exists(read(400, body))
    assert not open_request_exists(read(400, {"error": {**body["error"], "details": []}}))
    assert not open_request_exists(None)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(None, id="none"),
        pytest.param("<html><body>Bad Gateway</body></html>", id="HTML"),
        pytest.param([], id="empty list"),
        pytest.param([{"error": {"code": "X"}}], id="list"),
        pytest.param(7, id="number"),
        pytest.param({}, id="empty"),
        pytest.param({"error": None}, id="null error"),
        pytest.param({"error": "invalid_client"}, id="error as a text"),
        pytest.param({"error": []}, id="error as a list"),
        pytest.param({"value": []}, id="no error"),
        pytest.param({"error": {"code": None, "message": None, "details": None, "innerError": None}}, id="nulls"),
        pytest.param({"error": {"innerError": "x", "details": "x"}}, id="texts for objects"),
        *(pytest.param({"error": {"details": each}}, id=f"details {each}") for each in (7, True, 1.5, {"code": "X"})),
        pytest.param({"error": {"details": [None, "x", 7, []]}}, id="no objects in the details"),
    ],
)
def test_any_other_body_is_read_too(body: Any) -> None:
    error = read(502, body)
    assert (error.status, error.code, error.details) == (502, "HTTP 502", ())
    assert "502" in error.message
    assert (error.request_id, error.client_request_id, error.retry_after) == (None, None, None)


ENVELOPE = {"error": {"code": "X", "message": "M", "innerError": {"request-id": "in-body", "client-request-id": "c"}}}


@pytest.mark.parametrize(
    ("headers", "body", "request_id", "client_request_id"),
    [
        pytest.param(
            {"request-id": "in-header", "client-request-id": "d"}, ENVELOPE, "in-header", "d", id="headers first"
        ),
        pytest.param(
            {"Request-Id": "in-header", "Client-Request-Id": "d"}, None, "in-header", "d", id="any letter case"
        ),
        pytest.param({}, ENVELOPE, "in-body", "c", id="body"),
        pytest.param({}, {"error": {"innererror": {"request-id": "low"}}}, "low", None, id="innererror"),
        pytest.param({}, {"error": {"innerError": {"requestId": "camel"}}}, "camel", None, id="requestId"),
        pytest.param({}, {"error": {}}, None, None, id="nowhere"),
    ],
)
def test_request_ids_come_from_the_headers_or_the_body(
    headers: dict[str, str], body: Any, request_id: str | None, client_request_id: str | None
) -> None:
    error = read(403, body, headers)
    assert (error.request_id, error.client_request_id) == (request_id, client_request_id)


def test_the_message_becomes_part_of_a_sentence() -> None:
    assert read(400, {"error": {"message": "One.\r\n  Two. "}}).message == "One. Two"


def test_an_error_names_the_path_and_not_the_people_in_its_query() -> None:
    result = read(403, ENVELOPE).as_result()
    assert result["url"] == f"{GRAPH}{READ.path}"
    assert result["method"] == "GET"
    assert "contoso" not in f"{result}"
    assert set(result) == {
        *("status", "code", "details", "message", "request_id", "client_request_id", "method", "url", "hint", "kind"),
    }


@pytest.mark.parametrize(
    ("status", "code", "call", "said"),
    [
        (401, "InvalidAuthenticationToken", READ, "token"),
        (403, "NoLicense", WRITE, "licence"),
        (403, "UnAuthorized", READ, "EntitlementManagement.Read.All"),
        (403, "UnAuthorized", WRITE, "EntitlementManagement.ReadWrite.All"),
        (403, "UnAuthorized", READ, "Catalog reader"),
        *((403, "UnAuthorized", each, "set access_package or catalog") for each in LISTS),
        *((403, "UnAuthorized", in_package(each), "is in another one") for each in LISTS),
        (400, "InvalidRequest", replace(WRITE, body={"requestType": "adminAdd"}), "policy admits this person"),
        (400, "InvalidRequest", replace(WRITE, body={"requestType": "userAdd"}), "policy admits this person"),
        (403, "UnAuthorized", WRITE, "possible causes"),
        (403, "UnAuthorized", WRITE, "Access package assignment manager"),
        (403, "Authorization_RequestDenied", Call("GET", "/users"), "User.ReadBasic.All"),
        (403, "Authorization_RequestDenied", Call("GET", "/groups/x/transitiveMembers"), "GroupMember.Read.All"),
        (429, "TooManyRequests", READ, "throttles"),
        (302, "", READ, "redirects"),
    ],
)
def test_a_hint_names_what_may_be_missing(status: int, code: str, call: Call, said: str) -> None:
    assert said in str(read(status, {"error": {"code": code}}, call=call).hint)


@pytest.mark.parametrize("call", [READ, replace(WRITE, body={"requestType": "adminRemove"}), WRITE])
def test_where_nothing_is_known_there_is_no_hint(call: Call) -> None:
    assert read(400, {"error": {"code": "InvalidModel"}}, call=call).hint is None
