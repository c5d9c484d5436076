# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many assignments in one task: one outcome for each, in order, whatever each of them takes, at few round trips."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import CREATE, round_trips, sent, writes
from tests.support.crowd import ROOM, TOOLS, VAULT, crowd, object_id, tools_by_id, upn
from tests.support.engine import administrator, assign, assign_many, counts

Json = dict[str, Any]
FUTURE = {"start_date_time": "2099-01-01"}


def tools(number: int, **options: Any) -> Json:
    return {"access_package": TOOLS, "user": upn(number), **options}


def room(number: int, policy: str, **options: Any) -> Json:
    return {"access_package": ROOM, "user": upn(number), "policy": policy, **options}


def actions(result: Json) -> list[str]:
    return [outcome["action"] for outcome in result["outcomes"]]


def errors(result: Json) -> list[str | None]:
    return [outcome["error"] and outcome["error"]["message"] for outcome in result["outcomes"]]


@pytest.fixture
def mixed(frozen: Running) -> list[Json]:
    """A world and a list in which every action is called for once."""
    failed = {"user": upn(5), "package": TOOLS, "state": "deliveryFailed", "start": "-P1D"}
    waiting = {
        "user": upn(6),
        "package": VAULT,
        "state": "scheduled",
        "start": "2099-01-01T00:00:00Z",
        "type": "adminAdd",
    }
    held = {TOOLS: [1, 2, 3], f"{ROOM}/Staff": [4]}
    frozen.load(crowd(8, held=held, assignments=[failed], requests=[waiting]))
    return [
        tools(0),
        tools(1),
        tools(2, schedule={"duration": "P90D"}),
        tools(3, state="absent"),
        room(4, "Guests", on_policy_mismatch="replace"),
        tools(5),
        {"access_package": VAULT, "user": upn(6), "state": "absent"},
        {"access_package": VAULT, "user": upn(7), "policy": "Approved", "schedule": FUTURE},
    ]


EVERYTHING = ["add", "none", "update", "remove", "replace", "reprocess", "cancel", "add"]


def test_each_item_has_its_own_outcome_in_order(frozen: Running, mixed: list[Json]) -> None:
    token = administrator(frozen)
    foreseen = assign_many(frozen, mixed, check=True, token=token)
    assert writes(frozen) == []
    done = assign_many(frozen, mixed, token=token)
    assert errors(done) == [None] * 8
    assert actions(done) == EVERYTHING
    assert [outcome["index"] for outcome in done["outcomes"]] == list(range(8))
    assert [outcome["user"] for outcome in done["outcomes"]] == [upn(number) for number in range(8)]
    assert [outcome["pending"] for outcome in done["outcomes"]] == [False] * 7 + [True]
    states = [outcome["assignment"] and outcome["assignment"]["state"] for outcome in done["outcomes"]]
    assert states == ["delivered", "delivered", "delivered", None, "delivered", "delivered", None, None]
    assert counts(done) == {
        "added": 2,
        "unchanged": 1,
        "updated": 1,
        "removed": 1,
        "replaced": 1,
        "reprocessed": 1,
        "canceled": 1,
        "pending": 1,
    }
    assert (done["changed"], done["failed"]) == (True, False)
    headers = [diff["before_header"] for diff in done["diff"]]
    assert headers == [
        f"{o['access_package']['display_name']}: {o['user']}" for o in done["outcomes"] if o["index"] != 1
    ]
    assert (actions(foreseen), counts(foreseen), foreseen["diff"]) == (actions(done), counts(done), done["diff"])
    frozen.clear_calls()
    again = assign_many(frozen, mixed, token=token)
    assert (again["changed"], again["diff"], writes(frozen)) == (False, [], [])
    assert counts(again) == {"unchanged": 8, "pending": 1}


@pytest.mark.parametrize("api_version", ["v1.0", "beta"])
def test_writes_without_a_body_share_a_batch_with_others(frozen: Running, api_version: str) -> None:
    """Graph refuses a whole batch for one write in it that has no body."""
    failed = [{"user": upn(n), "package": TOOLS, "state": "deliveryFailed", "start": "-P1D"} for n in (0, 1)]
    start = {"state": "scheduled", "start": "2099-01-01T00:00:00Z", "type": "adminAdd"}
    waiting = [{"user": upn(n), "package": VAULT, **start} for n in (2, 3)]
    frozen.load(crowd(6, assignments=failed, requests=waiting))
    vault: list[Json] = [{"access_package": VAULT, "user": upn(n), "state": "absent"} for n in (2, 3)]
    items = [tools(0), tools(1), *vault, tools(4), tools(5)]
    done = assign_many(frozen, items, token=administrator(frozen), api_version=api_version)
    assert errors(done) == [None] * 6
    assert actions(done) == ["reprocess", "reprocess", "cancel", "cancel", "add", "add"]
    assert len({call["batch"] for call in writes(frozen)}) == 1
    assert None not in {call["batch"] for call in writes(frozen)}


def test_the_single_module_and_this_one_say_the_same(frozen: Running, mixed: list[Json]) -> None:
    token = administrator(frozen)
    world = frozen.dump()
    many = assign_many(frozen, mixed, check=True, token=token)
    for item, outcome, index in zip(mixed, many["outcomes"], range(8), strict=True):
        single = assign(frozen, check=True, token=token, **item)
        shared = {name: outcome[name] for name in ("action", "pending", "assignment", "request")}
        assert shared == {name: single[name] for name in shared}, index
    assert frozen.dump() == world


def test_one_bad_item_fails_alone_and_is_named(frozen: Running) -> None:
    frozen.load(crowd(3))
    items = [
        tools(0),
        tools(1, user="nobody@contoso.com"),
        tools(1, access_package="Tolls"),
        tools(1, policy="Nope"),
        {"access_package": ROOM, "user": upn(1)},
        {"assignment_id": id_of("assignment", "nobody")},
        tools(2),
    ]
    done = assign_many(frozen, items)
    assert [error is None for error in errors(done)] == [True, False, False, False, False, False, True]
    assert actions(done) == ["add", "none", "none", "none", "none", "none", "add"]
    assert done["failed"]
    assert counts(done) == {"added": 2, "failed": 5}
    for index, word in ((1, "nobody@contoso.com"), (2, "Tolls"), (3, "'Nope'"), (4, "may apply"), (5, "assignment")):
        assert f"assignments[{index}]" in done["msg"]
        assert word in str(errors(done)[index])
    assert "assignments[0]" not in done["msg"]
    assert done["outcomes"][2]["access_package"] is None


def test_after_a_failed_item_nothing_is_sent_where_it_shall_stop(frozen: Running) -> None:
    frozen.load(crowd(3))
    stopped = assign_many(frozen, [tools(0), tools(1, user="nobody@contoso.com"), tools(2)], on_item_error="stop")
    assert writes(frozen) == []
    assert (stopped["failed"], stopped["changed"], counts(stopped)) == (True, False, {"failed": 3})
    assert "was not sent" in str(errors(stopped)[0])


def test_a_refused_write_stops_the_ones_behind_it(frozen: Running) -> None:
    frozen.load(crowd(100))
    frozen.faults({**CREATE, "body": object_id(25), "effect": {"status": 403, "code": "UnAuthorized"}})
    stopped = assign_many(frozen, [tools_by_id(number) for number in range(100)], on_item_error="stop", concurrency=1)
    assert len(writes(frozen)) == 40
    assert counts(stopped) == {"added": 39, "failed": 61}
    assert [index for index, error in enumerate(errors(stopped)) if error is None] == [*range(25), *range(26, 40)]
    assert all(outcome["assignment"] for outcome in stopped["outcomes"][:25])
    frozen.faults()
    frozen.clear_calls()
    assert counts(assign_many(frozen, [tools_by_id(number) for number in range(100)])) == {"added": 61, "unchanged": 39}
    assert len(writes(frozen)) == 61


@pytest.mark.parametrize("people", [1, 20, 39, 40, 130])
def test_a_second_run_changes_nothing_and_reads_little(frozen: Running, people: int) -> None:
    """By id: the pages of the package's holders, and one call each for the package and the open requests at most."""
    frozen.load(crowd(people))
    items = [tools_by_id(number) for number in range(people)]
    first = assign_many(frozen, items)
    assert counts(first) == {"added": people}
    assert len(writes(frozen)) == people
    frozen.clear_calls()
    again = assign_many(frozen, items)
    assert (again["changed"], counts(again), writes(frozen)) == (False, {"unchanged": people}, [])
    pages = -(-people // 100)
    assert round_trips(frozen) <= pages + 3
    assert again["summary"]["http_calls"] == round_trips(frozen)


def test_the_first_run_takes_a_batch_for_twenty_and_few_calls_besides(frozen: Running) -> None:
    frozen.load(crowd(200))
    done = assign_many(frozen, [tools_by_id(number) for number in range(200)])
    assert counts(done) == {"added": 200}
    assert done["summary"]["http_calls"] == round_trips(frozen)
    posts = [call for call in frozen.calls() if call["path"].endswith("$batch")]
    holding_writes = {call["batch"] for call in writes(frozen)}
    assert len(holding_writes) == 10
    # look-up, reading before, polls, pages after
    assert round_trips(frozen) - 10 <= 8
    assert len(posts) <= 15


@pytest.mark.parametrize(("names", "batches"), [(7, 1), (130, 1), (141, 2)])
def test_names_are_looked_up_together(frozen: Running, names: int, batches: int) -> None:
    """Seven to a filter, and twenty filters, with the package's name among them, to a batch."""
    frozen.load(crowd(names))
    assign_many(frozen, [tools(number, state="absent") for number in range(names)])
    looked = [call for call in frozen.calls() if call["path"].endswith("/users")]
    assert len(looked) == -(-names // 7)
    assert len({call["batch"] for call in looked}) == batches


def test_each_name_is_looked_up_once(frozen: Running) -> None:
    frozen.load(crowd(2))
    items = [
        tools(0, state="absent"),
        {"access_package": VAULT, "user": upn(0).upper(), "state": "absent"},
        room(0, "Staff", state="absent"),
        tools(1, state="absent"),
        room(1, "Staff", state="absent"),
    ]
    assert errors(assign_many(frozen, items)) == [None] * 5
    gets = [(call["path"], call["query"]) for call in frozen.calls() if call["method"] == "GET"]
    assert len(gets) == len({str(get) for get in gets})
    assert len([path for path, _dummy in gets if path.endswith("/users")]) == 1


def test_a_package_that_is_not_found_is_asked_for_once(frozen: Running) -> None:
    frozen.load(crowd(50))
    failed = assign_many(frozen, [tools(number, access_package="Tolls") for number in range(50)])
    assert counts(failed) == {"failed": 50}
    assert round_trips(frozen) <= 3


def test_strange_names_are_found_and_spoil_no_others(frozen: Running) -> None:
    guest = "pat_fabrikam.com#EXT#@contoso.onmicrosoft.com"
    users: list[Json] = [
        {"upn": "o'brien@contoso.com", "display_name": "Nora O'Brien"},
        {"upn": "jürgen@contoso.com", "display_name": "Jürgen Größe", "mail": "juergen@contoso.com"},
        {"upn": guest, "display_name": "Pat", "mail": "pat@fabrikam.com", "type": "Guest"},
        {"upn": "100%&more+x@contoso.com", "display_name": "Percy"},
    ]
    frozen.load(crowd(1, users=users))
    names = [
        *("o'brien@contoso.com", "JÜRGEN@contoso.com", guest, "100%&more+x@contoso.com", upn(0)),
        *("x') or startswith(mail,'", "' or displayName ne '", "nobody@contoso.com", "a,b@contoso.com"),
    ]
    items = [{"access_package": ROOM, "policy": "Staff", "user": name} for name in names]
    done = assign_many(frozen, items)
    assert actions(done) == ["add"] * 5 + ["none"] * 4
    assert [error is None for error in errors(done)] == [True] * 5 + [False] * 4
    ids = [id_of("user", name.lower() if name.startswith("J") else name) for name in names[:5]]
    assert [body["assignment"]["targetId"] for body in sent(frozen)] == ids
    by_mail = assign_many(
        frozen, [{**items[0], "user": "juergen@contoso.com"}, {**items[0], "user": "pat@fabrikam.com"}]
    )
    assert actions(by_mail) == ["none", "none"]
    assert errors(by_mail) == [None, None]


def test_defaults_lie_under_every_item(frozen: Running) -> None:
    frozen.load(crowd(3, held={f"{ROOM}/Staff": [2]}))
    defaults: Json = {
        "access_package": ROOM,
        "policy": "Staff",
        "justification": "Ticket 1",
        "schedule": {"end_date_time": "2099-01-01"},
    }
    items: list[Json] = [
        {"user": upn(0)},
        {"user": upn(1), "policy": "Guests", "justification": "Ticket 2", "schedule": {"duration": "P10D"}},
        {"user": upn(2), "state": "absent"},
    ]
    assert actions(assign_many(frozen, items, defaults=defaults)) == ["add", "add", "remove"]
    adds = {body["assignment"].get("targetId"): body for body in sent(frozen)}
    one, two, three = adds[object_id(0)], adds[object_id(1)], adds[None]
    assert one["assignment"]["assignmentPolicyId"] == id_of("policy", f"{ROOM}/Staff")
    assert two["assignment"]["assignmentPolicyId"] == id_of("policy", f"{ROOM}/Guests")
    assert one["schedule"]["expiration"]["endDateTime"] == "2099-01-01T00:00:00Z"
    assert two["schedule"]["expiration"]["duration"] == "P10D"
    assert [body["justification"] for body in (one, two, three)] == ["Ticket 1", "Ticket 2", "Ticket 1"]


def test_an_empty_list_does_nothing_and_asks_nothing(frozen: Running) -> None:
    done = assign_many(frozen, [])
    assert (done["failed"], done["changed"], done["outcomes"], counts(done)) == (False, False, [], {})
    assert frozen.calls() == []


@pytest.mark.parametrize("people", [1, 30, 50])
def test_who_does_not_wait_is_told_what_was_accepted(frozen: Running, people: int) -> None:
    frozen.load(crowd(people))
    items = [tools_by_id(number) for number in range(people)]
    accepted = assign_many(frozen, items, wait=False)
    assert counts(accepted) == {"added": people, "pending": people}
    assert {outcome["request"]["state"] for outcome in accepted["outcomes"]} == {"submitted"}
    assert not [call for call in frozen.calls() if call["path"].rpartition("/")[0].endswith("assignmentRequests")]
    frozen.clear_calls()
    again = assign_many(frozen, items, wait=False)
    assert (counts(again), writes(frozen)) == ({"unchanged": people, "pending": people}, [])
    frozen.advance(60)
    assert counts(assign_many(frozen, items, wait=False)) == {"unchanged": people}


def test_what_is_not_waited_for_is_foreseen_as_it_is_accepted(frozen: Running, mixed: list[Json]) -> None:
    token = administrator(frozen)
    foreseen = assign_many(frozen, mixed, check=True, token=token, wait=False)
    accepted = assign_many(frozen, mixed, token=token, wait=False)
    assert counts(foreseen) == counts(accepted)
    assert foreseen["diff"] == accepted["diff"]
    told = [
        [
            (
                outcome["action"],
                outcome["pending"],
                *((outcome[of] or {}).get("state") for of in ("assignment", "request")),
            )
            for outcome in result["outcomes"]
        ]
        for result in (foreseen, accepted)
    ]
    assert told[0] == told[1]


def test_one_line_is_told_for_each_hundred(frozen: Running) -> None:
    frozen.load(crowd(250))
    items = [tools_by_id(number) for number in range(250)]
    told = assign_many(frozen, items)["progress"]
    assert [line.partition(" done")[0] for line in told] == ["100 of 250", "200 of 250"]
    assert assign_many(frozen, items[:99], check=True)["progress"] == []
