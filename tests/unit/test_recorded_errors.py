# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals that live tenants have given, as their reports tell: each is read, and its hint says what can be done."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import GraphError
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._graph.errors import (
    error_from,
    is_gone,
    is_held,
    is_unknown_object,
    lacks_licence,
    open_request_exists,
)
from tests.support.reference import reference

REFERENCE = reference()
FIELD = REFERENCE / "field" if REFERENCE else None
ROWS: list[dict[str, Any]] = json.loads((FIELD / "errors.json").read_text(encoding="utf-8")) if FIELD else []
BODIES = sorted(FIELD.glob("payloads/*.json")) if FIELD else []
MEANINGS = {
    "ExistingOpenRequest": open_request_exists,
    "InvalidRequestExistingGrant": is_held,
    "InvalidRequestNoActiveGrant": is_gone,
    "ResourceNotFoundInOriginSystem": is_unknown_object,
    "NoLicense": lacks_licence,
    "NoGovernanceSku": lacks_licence,
}
HINTS = {
    "NoLicense": "P2",
    "NoGovernanceSku": "Entra ID Governance",
    "PolicyNotFound": "option policy",
    "AccessPackageNotFound": "option access_package",
    "InvalidAuthenticationToken": "token",
    "ResourceNotFoundInOriginSystem": "not synchronized yet",
    "InvalidFilter": "report it",
}


def call_of(text: str) -> Call:
    method = text.split()[0]
    place = text.partition("/")[2].split()[0] if "/" in text else "assignmentRequests"
    body = {"requestType": "adminAdd"} if "adminAdd" in text else None
    return Call(method if method in ("GET", "POST", "PUT", "DELETE") else "GET", f"/{place}", body=body)


def refusal(row: dict[str, Any], *, bare: bool = False, moved: bool = False) -> GraphError:
    """Make the answer of a row; bare without details, moved with its code in the message only."""
    details = row["details"] if isinstance(row["details"], list) else None
    codes = [row["code"] or "", *(each["code"] for each in details or ())]
    error: dict[str, Any] = {"code": row["code"], "message": f"M. {' '.join(codes) if moved else ''}"}
    if details is not None and not bare:
        error["details"] = details
    if moved:
        error["code"] = ""
    return error_from(
        call_of(row["call"]), row["status"] or 400, {}, {"error": error}, base="https://graph.microsoft.com"
    )


@pytest.mark.parametrize("row", ROWS, ids=[f"{n}: {row['call'][:60]}" for n, row in enumerate(ROWS)])
def test_a_reported_refusal_is_read(row: dict[str, Any]) -> None:
    error = refusal(row)
    assert (error.kind, error.status) == ("graph", row["status"] or 400)
    assert error.code == (row["code"] or f"HTTP {row['status'] or 400}")
    codes = {row["code"], *(each["code"] for each in row["details"] or () if isinstance(row["details"], list))}
    for code in codes & set(HINTS):
        assert HINTS[code] in str(error.hint), error.hint
    for code in codes & set(MEANINGS):
        assert MEANINGS[code](error)
        assert MEANINGS[code](refusal(row, bare=True, moved=True)), "the code in the message only"
    resolved = {each for each in codes if each in MEANINGS}
    by_status = {is_gone, is_unknown_object} if error.status == 404 else set()
    for code, means in MEANINGS.items():
        if code not in resolved and means not in by_status | {MEANINGS[each] for each in resolved}:
            assert not means(error), code


@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.stem)
def test_a_recorded_refusal_is_read(path: Any) -> None:
    recorded = json.loads(path.read_text(encoding="utf-8"))
    said = recorded["body"].get("error")
    if said is None:
        assert recorded["status"] == 200
        return
    call = call_of(recorded["call"])
    status = recorded["status"] or 400
    error = error_from(call, status, recorded.get("response_headers", {}), recorded["body"], base="https://x")
    assert error.code == (said["code"] or f"HTTP {status}")
    assert error.message == (
        " ".join(said["message"].split()).rstrip(". ") or f"Graph answered {status} without an error message"
    )
    assert error.details == tuple(said.get("details", ()))
    assert error.request_id == said["innerError"]["request-id"]
    assert error.retry_after is None


def test_a_missing_scope_and_a_missing_role_have_different_hints() -> None:
    texts = {"The caller is not authorized.": "admin consent", "Unauthorized": "possible causes"}
    for reason, hint in texts.items():
        message = f"User is not authorized to perform the operation. Reason: {reason}"
        body = {"error": {"code": "UnAuthorized", "message": message}}
        error = error_from(Call("GET", "/identityGovernance/x"), 403, {}, body, base="https://graph.microsoft.com")
        assert hint in str(error.hint)


@pytest.mark.parametrize(("status", "seconds"), [(400, None), (403, None), (429, 7.0), (503, 7.0), (504, 7.0)])
def test_a_pause_is_asked_for_by_answers_that_are_busy_only(status: int, seconds: float | None) -> None:
    error = error_from(Call("GET", "/x"), status, {"Retry-After": "7"}, None, base="https://graph.microsoft.com")
    assert error.retry_after == seconds


def test_an_open_request_is_told_by_the_words_of_its_message_too() -> None:
    body = {"error": {"code": "", "message": "There is Already An Existing Open Request for this subject."}}
    assert open_request_exists(error_from(Call("POST", "/x"), 400, {}, body, base="https://graph.microsoft.com"))
