# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each malformed plan gets: the table of docs/plans.md, row by row. None sends anything."""

from __future__ import annotations

import base64
import copy
import gzip
import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._plan.text import digest_of, encode_plan
from tests.simulator.running import Running
from tests.support.calls import round_trips, writes
from tests.support.crowd import TOOLS, crowd, object_id, upn
from tests.support.engine import SimulatedClock, apply_plan, assign_many
from tests.support.paths import ROOT

Json = dict[str, Any]
Case = Callable[[Json], Any]

ROW = re.compile(r"^\| (?P<plan>[^|]+) \| `(?P<kind>\w+)` \| (?P<checked>[^|]+) \|$", re.MULTILINE)
TABLE = (ROOT / "docs" / "plans.md").read_text(encoding="utf-8").partition("| The plan |")[2].partition("Clocks")[0]
KINDS = {row["plan"]: row["kind"] for row in ROW.finditer(TABLE)}
READ = "what is there"
AFTER_READING = {row["plan"] for row in ROW.finditer(TABLE) if row["checked"] == READ}
# None of the kind that can be read.
UNREADABLE = "opaque-token-of-the-platform"
STRANGER = "11111111-2222-4333-8444-555555555555"


def edited(change: Callable[[Json], Any], *, sealed: bool = True) -> Case:
    """Change a plan, and with ``sealed`` give it a digest that is right again."""

    def make(plan: Json) -> Json:
        change(plan)
        return {**plan, "digest": digest_of(plan)} if sealed else plan

    return make


def packed(text: str | bytes) -> str:
    return base64.b64encode(gzip.compress(text if isinstance(text, bytes) else text.encode())).decode()


def first(plan: Json) -> Json:
    item: Json = plan["items"][0]
    return item


def unchanged(plan: Json) -> Json:
    return plan


PLANS: dict[str, Case] = {
    "is given beside `assignments`, `exclusive`, a cap or another option that it was made of": unchanged,
    "is neither a dictionary nor text": lambda plan: [plan],
    "is text, but not base64 of gzipped JSON": json.dumps,
    "is text that was cut off": lambda plan: encode_plan(plan)[:400],
    "is text with something behind it": lambda plan: base64.b64encode(
        base64.b64decode(encode_plan(plan)) + b"more"
    ).decode(),
    "is larger than 64 MiB when unpacked": lambda plan: packed(b" " * (64 * 1024 * 1024 + 1)),
    "is nested deeper than 64 levels": lambda plan: packed("[" * 100 + "]" * 100),
    "is a dictionary with a value that is not JSON": lambda plan: {**plan, "created_date_time": date(2026, 1, 1)},
    "has another format": edited(lambda plan: plan.update(format=2)),
    "lacks a member": edited(lambda plan: plan.pop("tenant_id")),
    "has an unknown member": edited(lambda plan: first(plan).update(also="this")),
    "has a member of another type": edited(lambda plan: first(plan).update(action=["add"])),
    "has a word that is none of the possible ones": edited(lambda plan: first(plan).update(action="grant")),
    "was edited": edited(lambda plan: first(plan)["target"].update(object_id=STRANGER), sealed=False),
    "was rendered by a template": edited(lambda plan: first(plan)["desired"].update(justification="49"), sealed=False),
    "names something by what is not an id": edited(lambda plan: first(plan)["target"].update(object_id="ada")),
    "has a schedule that the module would refuse": edited(
        lambda plan: first(plan)["desired"].update(schedule={"end_date_time": "soon"})
    ),
    "has a write without its body": edited(lambda plan: first(plan)["writes"][0].pop("body")),
    "has a change without writes": edited(lambda plan: first(plan).update(writes=[])),
    "has a person and access package twice": edited(lambda plan: plan["items"].append(first(plan))),
    "has a date that is none": edited(lambda plan: plan.update(created_date_time="yesterday")),
    "is from the future": edited(lambda plan: plan.update(created_date_time="2097-01-01T00:00:00Z")),
    "is for another address of Graph": edited(lambda plan: plan.update(graph_url="https://graph.microsoft.us")),
    "is for another version of Graph": edited(lambda plan: plan.update(api_version="beta")),
    "is older than `plan_max_age`": unchanged,
    "is for another tenant than the token": edited(lambda plan: plan.update(tenant_id=STRANGER)),
    "meets a token whose tenant cannot be read": unchanged,
    "has a request of somebody for themselves, and somebody else is signed in": edited(
        lambda plan: first(plan)["desired"].update(request_as="self")
    ),
    "was edited and has a new digest, and its write is for another person": edited(
        lambda plan: first(plan)["writes"][0]["body"]["assignment"].update(targetId=object_id(1))
    ),
    "was edited and has a new digest, and its write asks for more": edited(
        lambda plan: first(plan)["writes"][0]["body"].update(parameters={"bypassApproval": True})
    ),
    "was edited and has a new digest, and its person is unknown to the directory": edited(
        lambda plan: first(plan)["target"].update(object_id=None, email="nobody@fabrikam.com")
    ),
}
OPTIONS: dict[str, Json] = {
    "is given beside `assignments`, `exclusive`, a cap or another option that it was made of": {"max_removals": "3"},
    "is older than `plan_max_age`": {"plan_max_age": "PT5M"},
}


def plan_of(sim: Running) -> Json:
    sim.load(crowd(2))
    items = [{"access_package": TOOLS, "user": upn(0), "justification": "{{ 7 * 7 }}"}]
    plan: Json = assign_many(sim, items, check=True)["plan"]
    return plan


def test_every_row_of_the_page_is_played() -> None:
    assert list(PLANS) == list(KINDS)


@pytest.mark.parametrize("row", PLANS)
def test_each_malformed_plan_gets_its_kind_and_sends_nothing(frozen: Running, row: str) -> None:
    plan = PLANS[row](copy.deepcopy(plan_of(frozen)))
    frozen.advance(600)
    frozen.clear_calls()
    token = UNREADABLE if "cannot be read" in row else None
    done = apply_plan(frozen, plan, token=token, **OPTIONS.get(row, {}))
    assert (done["failed"], done["changed"], writes(frozen)) == (True, False, [])
    assert done["error"]["kind"] == KINDS[row], done["msg"]
    assert (round_trips(frozen) > 0) == (row in AFTER_READING)
    assert (done["plan"], bool(done["stale"])) == (None, row in AFTER_READING)
    if "asks for more" in row:
        assert done["stale"][0]["found"]["why"] == "the add would send something else now"


def test_an_option_in_a_plan_is_named_by_its_place(frozen: Running) -> None:
    plan = plan_of(frozen)
    done = apply_plan(frozen, plan, cloud_environment="AzureUSGovernment")
    assert done["msg"].startswith(
        "plan.items[0].desired.justification: Microsoft Graph v1.0 of AzureUSGovernment does not"
    )
    plan = PLANS["has a schedule that the module would refuse"](plan)
    assert apply_plan(frozen, plan)["msg"].startswith("plan.items[0].desired.schedule.end_date_time: ")


def endless() -> Json:
    value: Json = {}
    value["inner"] = value
    return value


def deep(levels: int) -> Json:
    value: Json = {}
    for _level in range(levels):
        value = {"inner": value}
    return value


NOT_JSON: dict[str, dict[Any, Any]] = {
    "nested too deeply": deep(100),
    "endless": endless(),
    "bytes": {"value": b"1"},
    "names of two kinds": {1: "one", "two": 2},
}


@pytest.mark.parametrize("value", NOT_JSON.values(), ids=list(NOT_JSON))
def test_a_dictionary_that_json_cannot_hold_is_an_error_of_the_option(frozen: Running, value: dict[Any, Any]) -> None:
    plan = plan_of(frozen)
    frozen.clear_calls()
    done = apply_plan(frozen, {**plan, "items": [{**first(plan), "before": value}]})
    assert (done["failed"], done["error"]["kind"], frozen.calls()) == (True, "option", [])


@pytest.mark.parametrize(
    "options",
    [
        {"assignments": []},
        {"defaults": {"access_package": TOOLS}},
        {"exclusive": True},
        {"exclusive_scope": "package"},
        {"access_packages": [TOOLS]},
        {"max_removals": "1"},
        {"max_additions": "1"},
        {"allow_empty": True},
    ],
    ids=str,
)
def test_nothing_is_given_beside_a_plan(frozen: Running, options: Json) -> None:
    plan = plan_of(frozen)
    frozen.clear_calls()
    done = apply_plan(frozen, plan, **options)
    assert "mutually exclusive" in done["msg"]
    assert (done["error"]["kind"], frozen.calls()) == ("option", [])


@pytest.mark.parametrize(("seconds", "is_future"), [(59, False), (120, True)])
def test_a_minute_between_two_clocks_is_no_future(frozen: Running, seconds: int, is_future: bool) -> None:
    plan = plan_of(frozen)
    frozen.advance(-seconds)
    done = apply_plan(frozen, plan)
    assert done["failed"] == is_future
    if is_future:
        assert (done["error"]["kind"], writes(frozen)) == (KINDS["is from the future"], [])


def test_neither_a_list_nor_a_plan_is_an_error(frozen: Running) -> None:
    done = apply_plan(frozen, None)  # type: ignore[arg-type]
    assert done["msg"].startswith("assignments: one of the following is required: assignments, plan")


def test_the_age_is_that_of_the_clock(frozen: Running) -> None:
    plan = plan_of(frozen)
    SimulatedClock(frozen).pause(23 * 3600)
    assert not apply_plan(frozen, plan)["failed"]
    SimulatedClock(frozen).pause(2 * 3600)
    assert apply_plan(frozen, plan)["error"]["kind"] == "refused"
    assert not apply_plan(frozen, plan, plan_max_age="P2D")["failed"]
