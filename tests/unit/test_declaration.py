# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be asked for: every row of bad input is refused with the option's name, before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._decide.selection import (
    AssignmentQuery,
    PackageQuery,
    RequestQuery,
)
from ansible_collections.idgov.entra.plugins.module_utils._declare.query import (
    assignment_query_from_options,
    package_query_from_options,
    request_query_from_options,
)

ASSIGNMENTS: dict[str, Any] = {"mine": False, "current": False}
REQUESTS: dict[str, Any] = {"mine": False, "mine_as": "target"}
AN_ID = "aaaaaaaa-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"expiring_within": "30 days"}, ("expiring_within", "P90D")),
        ({"expiring_within": "P1M"}, ("expiring_within", "months")),
        ({"expiring_within": "P0D"}, ("expiring_within", "zero length")),
        ({"access_package": [""]}, ("access_package", "empty")),
        ({"access_package": ["A", " B"]}, ("access_package", "whitespace")),
        ({"user": ["ada\n@contoso.com"]}, ("user", "control")),
        ({"catalog": " "}, ("catalog", "empty")),
        ({"policy": ["Everybody"]}, ("policy", "'Everybody'", "access_package")),
        ({"policy": [AN_ID, "Everybody"]}, ("policy", "'Everybody'")),
        ({"id": ["5"]}, ("id", "'5'")),
        ({"id": [AN_ID], "mine": True}, ("id", "mine")),
        ({"id": [AN_ID], "current": True}, ("id", "current")),
        ({"user": ["ada@contoso.com"], "mine": True}, ("mine", "user")),
        ({"catalog": "General", "mine": True}, ("catalog",)),
    ],
)
def test_bad_queries_for_assignments(options: dict[str, Any], words: tuple[str, ...]) -> None:
    with pytest.raises(OptionError) as refused:
        assignment_query_from_options({**ASSIGNMENTS, **options})
    sentence = f"{refused.value.message} {refused.value.hint}"
    assert all(word in sentence for word in words), sentence


@pytest.mark.parametrize("value", ["yesterday", "2026-02-30", 20260101, ["2026-01-01"], "P1D", ""])
def test_bad_instants(value: Any) -> None:
    with pytest.raises(OptionError, match="created_after"):
        request_query_from_options({**REQUESTS, "created_after": value})


@pytest.mark.parametrize("value", ["2026-01-01", date(2026, 1, 1), "2026-01-01T01:00:00+01:00"])
def test_instants(value: Any) -> None:
    query = request_query_from_options({**REQUESTS, "created_after": value})
    assert query.created_after == datetime(2026, 1, 1, tzinfo=timezone.utc)


def test_what_was_given_twice_is_asked_for_once() -> None:
    options = {**ASSIGNMENTS, "user": ["lee", "ada", "lee"], "policy": [AN_ID], "expiring_within": "P2W"}
    assert assignment_query_from_options(options) == AssignmentQuery(
        users=("lee", "ada"), policies=(AN_ID,), expiring_within=timedelta(days=14)
    )


def test_a_person_may_ask_for_their_requests_about_somebody() -> None:
    query = request_query_from_options({"mine": True, "mine_as": "createdBy", "user": [AN_ID]})
    assert query == RequestQuery(mine=True, mine_as="createdBy", users=(AN_ID,))


@pytest.mark.parametrize(
    ("ask", "options", "nothing"),
    [
        (package_query_from_options, {"mine": False}, False),
        (package_query_from_options, {"mine": False, "access_package": []}, True),
        (assignment_query_from_options, ASSIGNMENTS, False),
        *(
            (assignment_query_from_options, {**ASSIGNMENTS, name: []}, True)
            for name in ("user", "states", "policy", "id")
        ),
        *(
            (request_query_from_options, {**REQUESTS, name: []}, True)
            for name in ("user", "states", "request_types", "id")
        ),
        (request_query_from_options, {**REQUESTS, "user": ["ada"]}, False),
    ],
)
def test_an_empty_list_is_nothing_wanted_and_not_everything(
    ask: Callable[[dict[str, Any]], PackageQuery], options: dict[str, Any], nothing: bool
) -> None:
    assert ask(options).asks_for_nothing is nothing
