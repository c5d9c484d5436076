# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source by itself: its arguments, how it ends, what it rides out, what it says, and what it asks of Graph."""

from __future__ import annotations

import asyncio
import json
import re
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._events.source import Host, SourceEnded, run_source
from ansible_collections.idgov.entra.plugins.plugin_utils.masking import masked
from tests.simulator.managed_identity import IDENTITY_HEADER
from tests.simulator.running import Running
from tests.support import requests_world
from tests.support.calls import CREATE
from tests.support.engine import SimulatedClock, assign, change
from tests.support.paths import ROOT, collections_path
from tests.support.sign_in import open_every_door, place

Json = dict[str, Any]
FILE = collections_path() / "ansible_collections/idgov/entra/extensions/eda/plugins/event_source/access_packages.py"
# In the order of the dates: an assignment starts before its request is done.
GIVEN, TAKEN = ["assignment_granted", "request_delivered"], ["request_delivered", "assignment_ended"]
PERSON, PACKAGE = "ada@contoso.com", "Engineering Laptop"


class Enough(BaseException):
    """The test has seen enough."""


@pytest.fixture
def sim(process: Running) -> Iterator[Running]:
    """The simulator with requests in every state, its clock stopped."""
    process.reset()
    process.freeze()
    requests_world.load(process)
    process.clear_calls()
    yield process
    assert process.violations() == []


class Run:
    """A run of the source: between its readings the steps of a test, and what it has told and logged."""

    def __init__(self, sim: Running, directory: Path) -> None:
        self.sim = sim
        self.directory = directory
        self.told: list[Json] = []
        self.warned: list[str] = []
        self.pauses: list[float] = []

    def __call__(
        self,
        *steps: Any,
        environment: Mapping[str, str] | None = None,
        given: Mapping[Any, Any] | None = None,
        **arguments: Any,
    ) -> list[str]:
        """Run until all steps are done, each between two readings; give the kinds and ids of objects told."""
        left = list(steps)

        async def pause(seconds: float) -> None:
            self.pauses.append(seconds)
            if not left:
                raise Enough
            left.pop(0)()
            self.sim.advance(seconds)

        host = Host(
            environ=self.sim.environment if environment is None else environment,
            warn=self.warned.append,
            log=self.warned.append,
            mask=masked,
            clock=SimulatedClock(self.sim),
            pause=pause,
        )
        start = len(self.told)
        all_given = {"state_path": str(self.directory / "state.db"), "retries": 0, **arguments, **(given or {})}
        with suppress(Enough):
            asyncio.run(run_source(self, all_given, host))
        return [event["kind"] for event in self.told[start:]]

    async def put(self, event: Json) -> None:
        self.told.append(event)


@pytest.fixture
def run(sim: Running, tmp_path: Path) -> Run:
    return Run(sim, tmp_path)


def nothing() -> None:
    """Let time pass only."""


def give(sim: Running, **options: Any) -> Any:
    return lambda: assign(sim, access_package=PACKAGE, user=PERSON, wait=False, **options)


def take(sim: Running) -> Any:
    return give(sim, state="absent")


def test_what_happens_is_told_in_the_words_of_the_info_modules(sim: Running, run: Run) -> None:
    assert run(give(sim, justification="{{ 1 // 0 }}"), take(sim)) == [*GIVEN, *TAKEN]
    granted, delivered, _removed, ended = run.told
    assert set(delivered) == set(granted) == {"kind", "id", "occurred", "request", "assignment"}
    assert delivered["request"]["justification"] == "{{ 1 // 0 }}"
    assert delivered["request"]["target"]["principal_name"] == PERSON
    assert (delivered["assignment"], granted["request"]) == (None, None)
    assert granted["assignment"]["access_package"]["display_name"] == PACKAGE
    assert granted["id"] == f"assignment_granted:{granted['assignment']['id']}"
    assert ended["occurred"] == ended["assignment"]["expired_date_time"]
    assert delivered["id"].startswith(f"request_delivered:{delivered['request']['id']}:20")


def test_a_second_run_tells_only_what_is_new(sim: Running, run: Run) -> None:
    assert run(give(sim), nothing) == GIVEN
    take(sim)()
    assert run(nothing) == TAKEN
    assert run(nothing) == []
    assert run.warned == [f"{run.directory / 'state.db'} is new; what there is now is taken as known."]


@pytest.mark.parametrize("granted", ["delivered", "partiallyDelivered"])
def test_a_grant_of_which_only_the_request_tells(sim: Running, run: Run, granted: str) -> None:
    """What came, went and was delivered again between two readings: the request was done after the assignment had ended."""

    def give_and_take() -> None:
        sim.faults({**CREATE, "effect": {"outcome": "partiallyDelivered"}})
        give(sim)()
        given = sim.dump()["requests"][-1]["id"]
        sim.faults({"method": "POST", "path": "reprocess$", "effect": {"outcome": granted}})
        sim.advance(5)
        take(sim)()
        sim.advance(5)
        change(sim, request_id=given, state="reprocessed", wait=False)
        sim.advance(5)

    told = run(give_and_take, nothing)
    done = "request_delivered" if granted == "delivered" else "request_failed"
    assert told == ["assignment_granted", *TAKEN, done]


def test_from_the_beginning(sim: Running, run: Run) -> None:
    first = run(nothing, start="all")
    state = sim.dump()
    assert first.count("assignment_granted") == sum(row["state"] == "delivered" for row in state["assignments"])
    assert first.count("request_failed") == 3
    assert {"request_pending_approval", "request_scheduled", "request_denied", "request_canceled"} <= set(first)
    assert run(nothing, start="all") == []


def test_kinds(sim: Running, run: Run) -> None:
    assert run(give(sim), take(sim), kinds=["assignment_ended"]) == ["assignment_ended"]
    # What was not told because nobody wanted to know is not news later on.
    assert run(nothing) == []


def test_kinds_that_were_not_read_before_begin_anew(sim: Running, run: Run) -> None:
    assert run(nothing, kinds=["request_failed"]) == []
    assert not [call for call in sim.calls() if call["path"].endswith("/assignments")]
    sim.advance(60)
    give(sim)()
    sim.advance(60)
    assert run(nothing, kinds=["request_failed", "assignment_granted"]) == []


@pytest.mark.parametrize("scope", [{"access_packages": [PACKAGE]}, {"catalog": "Engineering"}])
def test_one_scope_with_a_role_on_a_catalog(sim: Running, run: Run, scope: Json) -> None:
    roles = [{"catalog": "Engineering", "role": "Catalog reader"}]
    token = sim.token(permissions=[], roles=roles)

    def elsewhere() -> None:
        assign(sim, access_package="Training", user="bo@contoso.com", wait=False)

    told = run(elsewhere, give(sim), take(sim), access_token=token, **scope)
    assert told == [*GIVEN, *TAKEN]


def test_another_scope_begins_anew(sim: Running, run: Run) -> None:
    run(nothing, access_packages=[PACKAGE])
    assert run(nothing) == []
    assert "other access packages" in run.warned[-1]
    assert run(give(sim)) == GIVEN


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"method": "GET", "effect": {"status": 503}}, "503"),
        ({"path": "batch$", "effect": {"status": 429, "retry_after": 90}}, "429"),
        ({"path": "batch$", "effect": {"reset": "before"}}, "was interrupted"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_an_outage_is_ridden_out_with_one_line(sim: Running, run: Run, rule: Json, words: str) -> None:
    run(nothing)
    run.warned.clear()
    sim.faults(rule)

    def over() -> None:
        sim.faults()
        give(sim)()

    assert run(nothing, nothing, over, nothing) == GIVEN
    assert len(run.warned) == 2, run.warned
    assert words in run.warned[0].lower() or words in run.warned[0]
    assert run.warned[1].startswith("Reading goes on, after 0:0")
    if "retry_after" in rule["effect"]:
        assert 90 in run.pauses


def test_a_sign_in_that_cannot_be_reached_is_ridden_out(sim: Running, run: Run) -> None:
    environment = {**sim.environment, "AZURE_AUTHORITY_HOST": "https://localhost:1"}

    def back() -> None:
        environment.update(sim.environment)

    assert run(nothing, back, give(sim), environment=environment) == GIVEN
    assert [line[:40] for line in run.warned[1:]] == [
        "Could not sign in: localhost:1 cannot be",
        "Reading goes on, after 0:02:00.",
    ]


BUSY_SIGN_IN: dict[str, Json] = {
    "429": {"status": 429, "retry_after": 90},
    "503": {"status": 503},
    "500": {"status": 500},
    "interrupted": {"reset": "before"},
    "temporarily unavailable": {
        "status": 400,
        "retry_after": 90,
        "message": '{"error": "temporarily_unavailable", "error_description": "AADSTS90033: A transient error has occurred."}',
    },
}


@pytest.mark.parametrize("path", ["openid-configuration$", "token$"])
@pytest.mark.parametrize("words", BUSY_SIGN_IN)
def test_an_outage_of_the_sign_in_is_ridden_out_with_one_line(sim: Running, run: Run, words: str, path: str) -> None:
    sim.faults({"service": "signin", "path": path, "effect": BUSY_SIGN_IN[words]})

    def over() -> None:
        sim.faults()

    assert run(nothing, over, nothing, give(sim)) == GIVEN
    begun, gone_on = run.warned[1:]
    assert re.match(
        r"Could not sign in: (the connection to )?localhost:\d+ .*\. It is tried again every 60 s\.$", begun
    )
    assert words in begun
    assert gone_on.startswith("Reading goes on, after 0:0")
    assert run.pauses[:2] == [BUSY_SIGN_IN[words].get("retry_after", 60)] * 2


def test_an_outage_of_the_sign_in_is_ridden_out_when_the_token_has_expired(sim: Running, run: Run) -> None:
    def expire() -> None:
        give(sim)()
        expired = {"times": 1, "effect": {"token_expired": True}}
        sim.faults(expired, {"service": "signin", "times": 4, "effect": {"status": 503}})

    assert run(nothing, expire, nothing, nothing, nothing, nothing) == GIVEN
    assert [line.partition(" ")[0] for line in run.warned[1:]] == ["Could", "Reading"]


def test_an_outage_of_the_service_that_gives_a_machine_its_token_is_ridden_out(
    sim: Running, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_every_door(sim)
    # Msal looks into the environment of the process.
    announced = {"IDENTITY_ENDPOINT": f"{sim.url}/msi/token", "IDENTITY_HEADER": IDENTITY_HEADER}
    for name, value in announced.items():
        monkeypatch.setenv(name, value)
    sim.faults({"service": "signin", "effect": {"status": 429, "retry_after": 90}})

    environment = {**place(sim), **announced}
    assert run(nothing, sim.faults, give(sim), auth_source="msi", environment=environment) == GIVEN
    assert run.warned[1].startswith("Could not sign in with the managed identity: localhost:")
    assert run.pauses[0] == 90


def test_a_refused_sign_in_ends_it_with_a_sentence(run: Run) -> None:
    with pytest.raises(SourceEnded, match=r"^Could not sign in .*AADSTS7000215.*\.$|^Could not sign in") as ended:
        run(nothing, environment={**run.sim.environment, "AZURE_CLIENT_SECRET": "not-the-secret-of-this"})
    assert "not-the-secret-of-this" not in str(ended.value)
    assert ended.value.__cause__ is None
    assert "\n" not in str(ended.value)


def test_a_missing_permission_ends_it_with_a_sentence(sim: Running, run: Run) -> None:
    with pytest.raises(SourceEnded, match=r"EntitlementManagement\.Read\.All.*\.$"):
        run(nothing, access_token=sim.token(permissions=["User.ReadBasic.All"]))


def test_an_unknown_package_ends_it_with_a_sentence(run: Run) -> None:
    with pytest.raises(SourceEnded, match="Laptop"):
        run(nothing, access_packages=["Engineering Laptops"])


@pytest.mark.parametrize("start", ["now", "all"])
@pytest.mark.parametrize("loss", ["lost", "damaged"])
def test_a_state_file_that_is_lost_or_damaged_is_told_and_begun_anew(
    sim: Running, run: Run, loss: str, start: str
) -> None:
    first = run(nothing, give(sim), nothing, start=start)
    file = run.directory / "state.db"
    if loss == "lost":
        file.unlink()
    else:
        file.write_bytes(b"x" * 9000)
    run.warned.clear()
    again = run(nothing, take(sim), start=start)
    # What was told is told again only where everything is asked for.
    if start == "now":
        assert again == TAKEN
    else:
        assert len(again) > len(first)
    happened = f"{file} was damaged and is now {file}.damaged" if loss == "damaged" else f"{file} is new"
    what = "taken as known" if start == "now" else "told"
    assert run.warned == [f"{happened}; what there is now is {what}."]


def test_two_sources_on_one_file_are_refused(sim: Running, run: Run) -> None:
    def another() -> None:
        with ThreadPoolExecutor(1) as elsewhere, pytest.raises(SourceEnded) as ended:
            elsewhere.submit(run, nothing).result()
        assert str(ended.value) == (
            f"state_path: '{run.directory / 'state.db'}' is in use by another source; give each source a file of its own."
        )

    assert run(another, give(sim)) == GIVEN


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"state_path": None}, "state_path"),
        ({"intervall": 5}, "intervall"),
        ({5: 5}, "unsupported ones"),
        ({"interval": 0}, "interval: 0 is less than 1"),
        ({"interval": "often"}, "interval"),
        ({"kinds": ["request_lost"]}, "kinds"),
        ({"kinds": []}, "kinds: an empty list"),
        ({"access_packages": []}, "access_packages: an empty list"),
        ({"list_interval": "1h"}, "list_interval: a duration must be in ISO 8601 format such as P90D"),
        ({"expiring_within": "P99999999D"}, "expiring_within"),
        ({"start": "yesterday"}, "start"),
        ({"state_path": "/missing/state.db"}, "cannot be written"),
        ({"graph_url": "http://localhost"}, "must be an https:// URL"),
    ],
    ids=str,
)
def test_arguments_are_checked_before_anything_is_read(sim: Running, run: Run, given: Json, words: str) -> None:
    with pytest.raises(SourceEnded, match=re.escape(words)):
        run(nothing, given=given)
    assert sim.calls() == []


def test_a_secret_is_in_nothing_that_it_says(sim: Running, run: Run) -> None:
    secret = sim.environment["AZURE_CLIENT_SECRET"]
    run(give(sim, justification=f"the secret is {secret}"), client_secret=secret)
    assert run.told
    assert secret not in json.dumps([run.told, run.warned])


def test_an_odd_row_is_left_out_and_told_once(sim: Running, run: Run) -> None:
    run(nothing)
    run.warned.clear()
    sim.faults({"method": "GET", "effect": {"members": {"accessPackageAssignmentRequest": {"createdDateTime": 5}}}})
    assert run(give(sim), nothing, sim.faults, nothing) == GIVEN
    assert run.warned
    assert len(run.warned) == len(set(run.warned))
    assert "createdDateTime is not a string" in run.warned[0]


def test_feedback_says_which_event_was_taken(sim: Running, run: Run) -> None:
    class Refusing:
        """A rule engine that dies before it takes an event."""

        async def get(self) -> None:
            raise Enough

    assert run(give(sim), nothing, feedback=True, eda_feedback_queue=Refusing()) == GIVEN[:1]
    # It was not taken, so it is told again.
    assert run(nothing) == GIVEN


@pytest.mark.parametrize(("assignments", "calls"), [(100, 3), (1000, 4)])
def test_what_a_reading_costs(sim: Running, run: Run, assignments: int, calls: int) -> None:
    """The figures of docs/event-source.md: the first reading has the list of all, those after it do not."""
    people = [f"person{number}@contoso.com" for number in range(assignments)]
    world = {
        "tenant": {"domain": "contoso.onmicrosoft.com"},
        "apps": [
            {"name": "automation", "secret": "not-a-real-secret", "permissions": ["EntitlementManagement.Read.All"]}
        ],
        "users": [{"upn": person, "display_name": person} for person in people],
        "catalogs": [{"name": "General"}],
        "packages": [{"name": "P", "catalog": "General", "policies": [{"name": "Q", "scope": "allMemberUsers"}]}],
        "assignments": [{"user": person, "package": "P", "start": "-P9D"} for person in people],
    }
    sim.load(world)
    counts: list[int] = []

    def count() -> None:
        # Calls that travel by themselves; those in a batch are part of one.
        counts.append(sum(call["service"] == "graph" and call["batch"] is None for call in sim.calls()))
        sim.clear_calls()

    run(count, count, count)
    # The lists of open requests once more, in pages of Graph's own choice.
    assert counts[0] == calls
    assert counts[1:] == [1, 1]


def test_the_file_runs_as_ansible_rulebook_runs_it(tmp_path: Path) -> None:
    """By runpy, in a Python that cannot import the collection."""
    program = f"""
import asyncio, runpy
module = runpy.run_path({str(FILE)!r})
assert asyncio.iscoroutinefunction(module["main"])
try:
    asyncio.run(module["main"](asyncio.Queue(), {{"state_path": {str(tmp_path)!r}}}))
except Exception as error:
    print(type(error).__name__, error)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path, timeout=60
    )
    assert done.stdout.startswith(f"SourceEnded state_path: '{tmp_path}' cannot be written"), done.stderr
    assert set(runpy.run_path(str(FILE))) >= {"main", "DOCUMENTATION", "EXAMPLES"}


KILLED = """
import asyncio, os, runpy, sys
class Queue:
    async def put(self, event):
        os.write(1, (event["id"] + "\\n").encode())
asyncio.run(runpy.run_path(sys.argv[1])["main"](Queue(), {"state_path": sys.argv[2], "interval": 1}))
"""


def test_a_killed_process_loses_nothing(process: Running, tmp_path: Path) -> None:
    """By SIGKILL, in earnest: everything is told in the end, and not more twice than there were kills."""
    process.reset()
    requests_world.load(process)
    told: list[str] = []
    for round_ in range(5):
        if round_ in (1, 2, 3):
            assign(process, access_package=PACKAGE, user=PERSON, state="present" if round_ % 2 else "absent")
        source = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(FILE), str(tmp_path / "state.db")],
            env={**process.environment, "PATH": "/usr/bin"},
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert source.stdout is not None
        process.clear_calls()
        if round_ in (1, 2, 3):
            # Killed as soon as it has told something.
            told.append(source.stdout.readline().strip())
        else:
            _until_noted(process)
        source.send_signal(signal.SIGKILL)
        told += source.communicate()[0].split()
    assert {each.partition(":")[0] for each in told} >= {*GIVEN, *TAKEN}
    assert "" not in told
    assert len(told) - len(set(told)) <= 3


def _until_noted(sim: Running) -> None:
    """Wait until some readings have begun: then the first one was noted."""
    limit = time.monotonic() + 60
    while sum(call["path"].endswith("batch") for call in sim.calls()) < 5:
        assert time.monotonic() < limit
        time.sleep(0.05)
