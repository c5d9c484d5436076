# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Schedules converge: the second run writes nothing, whatever Graph does to starts and ends."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.running import Running
from tests.support.calls import CREATE, sent, writes
from tests.support.engine import administrator, assign

NOW = "2026-11-22T08:00:00Z"
LAPTOP: dict[str, Any] = {"access_package": "Engineering Laptop", "user": "ada@contoso.com"}
CODE: dict[str, Any] = {"access_package": "Source Code Read", "policy": "Engineers", "user": "mira@contoso.com"}
ENDS = [
    {"end_date_time": "2027-01-31"},
    {"duration": "P90D"},
    {"duration": "P12W"},
    {"no_expiration": True},
    {"start_date_time": "2026-11-20T08:00:00Z", "duration": "P60D"},
    {"start_date_time": "2026-11-20", "end_date_time": "2027-01-31 17:00"},
]


@pytest.fixture
def dated(frozen: Running) -> Running:
    """The simulator at a date that the tests can count from."""
    frozen.set_clock(NOW)
    return frozen


@pytest.mark.parametrize("schedule", ENDS, ids=str)
@pytest.mark.parametrize("stored", ["date", "duration"])
@pytest.mark.parametrize("moves", ["past_moves", "always_moves", "kept"])
def test_three_runs_and_a_change_make_one_add_and_one_update(
    dated: Running, schedule: dict[str, Any], stored: str, moves: str
) -> None:
    dated.switches(stored_expiration=stored, update_start=moves)
    assert assign(dated, **CODE, schedule=schedule)["action"] == "add"
    for _dummy in range(2):
        dated.advance(days=3)
        assert assign(dated, **CODE, schedule=schedule)["action"] == "none"
    changed = {**schedule, "duration": "P120D", "end_date_time": None, "no_expiration": False}
    runs = []
    for _dummy in range(3):
        runs.append(assign(dated, **CODE, schedule=changed))
        dated.advance(days=1)
    assert [run["action"] for run in runs] == ["update", "none", "none"], runs
    assert [body["requestType"] for body in sent(dated)] == ["adminAdd", "adminUpdate"]


@pytest.mark.parametrize("moves", ["past_moves", "always_moves", "kept"])
@pytest.mark.parametrize("end", [{"end_date_time": "2027-03-01"}, {"no_expiration": True}], ids=str)
def test_an_update_sends_an_absolute_end_and_the_present_start(dated: Running, end: dict[str, Any], moves: str) -> None:
    dated.switches(update_start=moves)
    added = assign(dated, **CODE, schedule={"end_date_time": "2027-01-01"})
    dated.advance(days=2)
    dated.clear_calls()
    updated = assign(dated, **CODE, schedule=end)
    assert updated["action"] == "update"
    (body,) = sent(dated)
    assert body["assignment"] == {"id": added["assignment"]["id"]}
    assert body["schedule"]["startDateTime"] == added["assignment"]["schedule"]["start_date_time"]
    expected = (
        {"type": "noExpiration"}
        if "no_expiration" in end
        else {"type": "afterDateTime", "endDateTime": "2027-03-01T00:00:00Z"}
    )
    assert body["schedule"]["expiration"] == expected
    assert "answers" not in body
    # No state in the filter: that would be the package's whole history, which an absolute end does not need.
    assert not [
        c
        for c in dated.calls()
        if c["path"].endswith("assignmentRequests") and c["method"] == "GET" and "state" not in c["query"]["$filter"]
    ]
    assert assign(dated, **CODE, schedule=end)["action"] == "none"


def test_a_schedule_that_is_not_given_is_left_alone(dated: Running) -> None:
    assign(dated, **CODE, schedule={"end_date_time": "2027-01-01"})
    assert assign(dated, **CODE)["action"] == "none"
    assert assign(dated, **CODE, schedule={"no_expiration": False, "duration": None})["action"] == "none"


def test_a_future_start_is_scheduled_once(dated: Running) -> None:
    future: dict[str, Any] = {**CODE, "schedule": {"start_date_time": "2026-12-01", "duration": "P90D"}}
    first = assign(dated, **future)
    assert (first["action"], first["pending"], first["request"]["state"]) == ("add", True, "scheduled")
    (warning,) = first["warnings"]
    assert warning.startswith(
        f"{CODE['user']} has not been granted access yet: request {first['request']['id']} waits until 2026-12-01"
    )
    foreseen = assign(dated, check=True, **future)
    again = assign(dated, **future)
    assert (again["action"], again["pending"], again["request"]["id"]) == ("none", True, first["request"]["id"])
    assert (foreseen["action"], foreseen["pending"]) == ("none", True)
    assert len(writes(dated)) == 1
    dated.advance(days=12)
    started = assign(dated, **future)
    assert (started["action"], started["pending"]) == ("none", False)
    assert started["assignment"]["schedule"]["start_date_time"] == "2026-12-01T00:00:00Z"


def test_check_mode_foresees_a_future_start(dated: Running) -> None:
    schedule = {"start_date_time": "2026-12-01"}
    foreseen = assign(dated, check=True, **CODE, schedule=schedule)
    real = assign(dated, **CODE, schedule=schedule)
    for key in ("action", "changed", "pending", "ended", "diff"):
        assert foreseen[key] == real[key], key


def test_a_scheduled_start_can_be_moved_by_whom_graph_lets_cancel(dated: Running) -> None:
    moved: dict[str, Any] = {**CODE, "schedule": {"start_date_time": "2026-12-05"}}
    first = assign(dated, **CODE, schedule={"start_date_time": "2026-12-01"})
    refused = assign(dated, **moved)
    assert refused["failed"]
    for words in (first["request"]["id"], "scheduled", "2026-12-01T00:00:00Z"):
        assert words in refused["msg"]
    app_only = assign(dated, **moved, on_open_request="cancel")
    assert app_only["failed"]
    for words in (
        first["request"]["id"],
        "scheduled",
        "2026-12-01T00:00:00Z",
        "does not allow this caller to cancel it",
    ):
        assert words in app_only["msg"]
    token = administrator(dated)
    done = assign(dated, token=token, **moved, on_open_request="cancel")
    assert (done["action"], done["pending"]) == ("add", True)
    own = {done["request"]["id"], first["request"]["id"]}
    states = [r["state"] for r in dated.dump()["requests"] if r["id"] in own]
    assert sorted(states) == ["canceled", "scheduled"]


def test_a_scheduled_start_is_taken_back_by_whom_graph_lets_cancel(dated: Running) -> None:
    first = assign(dated, **CODE, schedule={"start_date_time": "2026-12-01"})
    dated.clear_calls()
    foreseen = assign(dated, check=True, **CODE, state="absent")
    assert (foreseen["failed"], foreseen["action"], foreseen["assignment"]) == (False, "cancel", None)
    assert "Graph may not allow" in foreseen["warnings"][0]
    assert writes(dated) == []
    refused = assign(dated, **CODE, state="absent")
    assert (refused["failed"], refused["changed"]) == (True, False)
    for words in (first["request"]["id"], "scheduled", "2026-12-01T00:00:00Z", "not authorized"):
        assert words in refused["msg"]
    assert (refused["error"]["status"], refused["error"]["code"]) == (403, "UnAuthorized")
    assert [call["status"] for call in writes(dated)] == [403]
    done = assign(dated, token=administrator(dated), **CODE, state="absent")
    assert (done["action"], done["assignment"]) == ("cancel", None)
    assert assign(dated, **CODE, state="absent")["action"] == "none"


def test_an_application_takes_a_scheduled_start_back_where_graph_lets_it(dated: Running) -> None:
    dated.switches(cancel_app="accept")
    assign(dated, **CODE, schedule={"start_date_time": "2026-12-01"})
    done = assign(dated, **CODE, state="absent")
    assert (done["failed"], done["action"], done["changed"]) == (False, "cancel", True)
    dated.clear_calls()
    assert assign(dated, **CODE, state="absent")["action"] == "none"
    assert writes(dated) == []


def test_an_add_just_sent_that_may_not_be_canceled_is_waited_for_and_removed(dated: Running) -> None:
    assign(dated, **CODE, wait=False)
    dated.clear_calls()
    gone = assign(dated, **CODE, state="absent", on_open_request="cancel")
    assert (gone["failed"], gone["action"], gone["assignment"]) == (False, "remove", None)
    assert [call["status"] for call in writes(dated)] == [403, 201]


def test_a_request_that_cannot_be_taken_back_any_more_is_read_again(dated: Running) -> None:
    assign(dated, **CODE, schedule={"start_date_time": "2026-12-01"})
    gone = {"status": 400, "code": "InvalidRequest", "message": "The request is not in a cancelable state."}
    dated.faults({"method": "POST", "path": "cancel$", "times": 1, "effect": gone})
    done = assign(dated, token=administrator(dated), **CODE, state="absent")
    assert (done["failed"], done["action"]) == (False, "cancel")
    assert assign(dated, **CODE, state="absent")["action"] == "none"


def test_an_end_that_is_over_gives_nothing(dated: Running) -> None:
    over = assign(dated, **CODE, schedule={"end_date_time": "2026-11-01"})
    assert (over["action"], over["ended"], over["failed"]) == ("none", True, False)
    assert writes(dated) == []


def test_an_end_that_is_over_never_ends_access(dated: Running) -> None:
    assign(dated, **CODE)
    dated.clear_calls()
    over = assign(dated, **CODE, schedule={"end_date_time": "2026-11-01"})
    assert over["failed"]
    assert "state: absent" in over["error"]["hint"]
    assert writes(dated) == []


def test_a_duration_is_granted_once_unless_it_is_renewed(dated: Running) -> None:
    limited: dict[str, Any] = {**CODE, "schedule": {"duration": "P30D"}}
    assign(dated, **limited)
    dated.advance(days=40)
    dated.clear_calls()
    ran_out = assign(dated, **limited)
    assert (ran_out["action"], ran_out["ended"], ran_out["assignment"]) == ("none", True, None)
    assert writes(dated) == []
    assert assign(dated, **limited, renew=True)["action"] == "add"
    assert assign(dated, **limited, renew=True)["action"] == "none"


def test_a_duration_that_somebody_cut_short_is_granted_again_with_a_warning(dated: Running) -> None:
    limited: dict[str, Any] = {**CODE, "schedule": {"duration": "P30D"}}
    assign(dated, **limited)
    dated.advance(days=5)
    assign(dated, **CODE, state="absent")
    dated.advance(days=1)
    again = assign(dated, **limited)
    assert again["action"] == "add"
    assert "2026-11-27" in again["warnings"][0]


@pytest.mark.parametrize(
    "schedule",
    [{"no_expiration": True}, {"duration": "P400D"}, {"end_date_time": "2028-01-01"}],
    ids=str,
)
def test_an_end_beyond_the_policy_is_refused_beforehand(dated: Running, schedule: dict[str, Any]) -> None:
    for _dummy in range(2):
        refused = assign(dated, **LAPTOP, schedule=schedule)
        assert refused["failed"]
        assert "P365D" in refused["msg"]
        assert writes(dated) == []
        dated.clear_calls()
        assign(dated, **LAPTOP)
        dated.clear_calls()


@pytest.mark.parametrize(
    "task", [{"schedule": {"end_date_time": "2027-07-01"}}, {"state": "absent"}], ids=["update", "remove"]
)
def test_a_request_that_is_delivered_and_changes_nothing_fails_and_is_not_repeated(
    dated: Running, task: dict[str, Any]
) -> None:
    """A service that keeps another schedule than it was asked for, or does not take away what it says it has."""
    assign(dated, **LAPTOP, schedule={"end_date_time": "2027-06-01"})
    dated.clear_calls()
    dated.faults({**CREATE, "effect": {"outcome": "ignored"}})
    refused = assign(dated, **LAPTOP, **task)
    assert (refused["failed"], refused["changed"]) == (True, True)
    assert refused["request"]["id"] in refused["msg"]
    assert refused["assignment"]["schedule"]["end_date_time"] == "2027-06-01T00:00:00Z"
    assert len(writes(dated)) == 1
