# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors are values: of one kind each, never changed once they are made, shown with every member that results name."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import FrozenInstanceError

import pytest
import yaml

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    GraphError,
    ItemsFailed,
    MissingLibrary,
    NameAmbiguous,
    NameNotFound,
    NotSent,
    OptionError,
    Refused,
    RequestFailed,
    SignInError,
    TransportError,
    Unreadable,
    WaitTimeout,
    not_planned,
)
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import failure
from ansible_collections.idgov.entra.plugins.modules import access_package_assignment

URL = "https://graph.microsoft.com/v1.0/assignments"
MEMBERS = {
    "status",
    "code",
    "details",
    "message",
    "request_id",
    "client_request_id",
    "method",
    "url",
    "hint",
    "kind",
}
EVERY: dict[str, list[EntraError]] = {
    "option": [OptionError("user", "it is empty")],
    "not_found": [NameNotFound("no user has the name")],
    "ambiguous": [NameAmbiguous("2 users have the name")],
    "refused": [Refused("no"), NotSent()],
    "sign_in": [SignInError("no", code="AADSTS1", correlation_id="c")],
    "graph": [
        GraphError(
            "no",
            status=400,
            code="InvalidRequest",
            details=[{"code": "ExistingOpenRequest"}],
            request_id="r",
            client_request_id="c",
            method="POST",
            url=URL,
        )
    ],
    "transport": [TransportError("no", method="GET", url=URL, sent=True)],
    "request_failed": [RequestFailed("no")],
    "timeout": [WaitTimeout("no")],
    "unreadable": [Unreadable("is not an object", member="schedule")],
    "stale_plan": [not_planned("add")],
    "items_failed": [ItemsFailed("1 of 2 failed")],
    "missing_library": [MissingLibrary("requests")],
}
ALL = [pytest.param(kind, error, id=type(error).__name__) for kind, each in EVERY.items() for error in each]


def classes(base: type[EntraError]) -> Iterator[type[EntraError]]:
    for below in base.__subclasses__():
        yield below
        yield from classes(below)


def test_every_error_is_tried_here() -> None:
    assert set(classes(EntraError)) == {type(error) for each in EVERY.values() for error in each}


@pytest.mark.parametrize(("kind", "error"), ALL)
def test_results_show_the_kind_and_every_member(kind: str, error: EntraError) -> None:
    shown = error.as_result()
    assert (shown["kind"], set(shown)) == (kind, MEMBERS)
    assert failure(error)["error"]["kind"] == kind


@pytest.mark.parametrize(("kind", "error"), ALL)
def test_an_error_is_never_changed(kind: str, error: EntraError) -> None:
    before = error.as_result()
    for name in (*vars(error), "args", "another"):
        with pytest.raises(FrozenInstanceError):
            setattr(error, name, "changed")
        with pytest.raises(FrozenInstanceError):
            delattr(error, name)
    error.as_result()["details"].append({"code": "changed"})
    assert error.as_result() == before


@pytest.mark.parametrize(("kind", "error"), ALL)
def test_another_hint_makes_another_error(kind: str, error: EntraError) -> None:
    before = error.as_result()
    other = error.replace(message="other words", hint="another hint")
    assert other.as_result() == {**before, "message": "other words", "hint": "another hint"}
    assert (type(other), str(other)) == (type(error), "other words")
    assert error.as_result() == before
    with pytest.raises(TypeError):
        error.replace(colour="red")


def test_what_the_answer_said_cannot_be_changed_through_the_list_that_was_given() -> None:
    details = [{"code": "ExistingOpenRequest"}]
    error = GraphError(
        "no", status=400, code="c", details=details, request_id=None, client_request_id=None, method="GET", url=URL
    )
    details[0]["code"] = "changed"
    details.append({"code": "another"})
    assert error.as_result()["details"] == [{"code": "ExistingOpenRequest"}]


def test_python_may_still_note_where_an_error_comes_from() -> None:
    @contextlib.contextmanager
    def nothing() -> Iterator[None]:
        yield

    error = Refused("no")
    with pytest.raises(Refused) as raised, nothing():
        raise error from KeyError("why")
    assert raised.value is error
    assert isinstance(error.__cause__, KeyError)
    assert error.__traceback__ is not None


def test_an_unreadable_answer_names_member_call_and_request() -> None:
    found = Unreadable("is not an object").below("expiration").below("schedule").below(3).below("value")
    told = found.in_answer("GET", URL, status=200, request_id="r")
    assert told.member == "value[3].schedule.expiration"
    assert told.message == (
        "the answer to GET /v1.0/assignments cannot be read: value[3].schedule.expiration is not an object"
    )
    shown = told.as_result()
    assert (shown["method"], shown["url"], shown["status"], shown["request_id"]) == ("GET", URL, 200, "r")


def test_the_documentation_names_every_kind() -> None:
    returned = yaml.safe_load(access_package_assignment.RETURN)
    assert sorted(returned["error"]["contains"]["kind"]["choices"]) == sorted(EVERY)
    assert set(returned["error"]["contains"]) == MEMBERS
