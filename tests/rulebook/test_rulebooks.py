# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rulebooks under the real ansible-rulebook, from the webhook to Graph: `make test-rulebook`."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.rulebook.running import running
from tests.simulator.running import Running
from tests.support.calls import sent, writes
from tests.support.engine import assign
from tests.support.hostile import STYLES, Canaries, HostileTenant, undeclared, within
from tests.support.requests_world import CREATED, callout, load

Json = dict[str, Any]
JOINER = {"user": "kim@contoso.com", "profile": "engineer"}


@pytest.fixture
def sim(process: Running) -> Iterator[Running]:
    """The simulator with requests that wait."""
    process.reset()
    load(process)
    yield process
    assert process.violations() == []


@pytest.mark.parametrize("name", ["resume", "joiner"])
def test_a_hostile_event_is_data_to_the_rulebook_and_its_playbook(
    sim: Running, canaries: Canaries, tmp_path: Path, name: str
) -> None:
    """One that is hostile itself does nothing; what is beside a good one is ignored; a stranger's is not heard."""
    payload = callout(sim, CREATED, "ada@contoso.com") if name == "resume" else JOINER
    hostile = {style: canaries.text(style, "meta") for style in STYLES if style != "headed"}
    path, headers = quote(hostile["expression"], safe=""), {f"X-{style}": text for style, text in hostile.items()}
    good = undeclared(canaries, payload) | ({} if name == "resume" else {"answers": []})
    sim.clear_calls()
    with running(name, tmp_path, sim.environment) as rulebook:
        assert rulebook.post(payload, token="another") == 401
        assert rulebook.post(within(canaries, payload), path, headers=headers) == 200
        rulebook.wait_for_play(failed=1)
        assert writes(sim) == [], rulebook.output
        assert rulebook.post(good, path, headers=headers) == 200
        rulebook.wait_for_play(failed=0)
    if name == "resume":
        (body,) = sent(sim)
        assert body["source"] == "Contoso.SodCheckProcess"
    else:
        assert [body["requestType"] for body in sent(sim)] == ["adminAdd"] * 2, rulebook.output


@pytest.mark.parametrize("name", ["failed", "expiring"])
def test_a_hostile_tenant_is_data_to_the_source_the_rulebook_and_its_playbook(
    sim: Running, canaries: Canaries, tmp_path: Path, name: str
) -> None:
    """Names and reasons that people have typed, and what Graph itself says of a delivery and of a refusal."""
    tenant, kept, refusal = HostileTenant(canaries), tmp_path / "kept", canaries.text("list", "refusal")
    sim.load(tenant.world())
    sim.clear_calls()
    said = {"accessPackageAssignmentRequest": {"status": canaries.text("expression", "status")}}
    status: Json = {"method": "GET", "effect": {"members": said}}
    refused: Json = {"path": "reprocess$", "times": 1, "effect": {"status": 403, "message": refusal}}
    path = {"failed": "failed_record_path", "expiring": "expiring_path"}[name]
    with running(name, tmp_path, sim.environment, **{path: str(kept)}) as rulebook:
        until_known(sim)
        if name == "expiring":
            tenant.give_access_for_a_while(sim)
            rulebook.wait_for_play(failed=0)
        else:
            first = tenant.fail_a_delivery(sim, status, refused)
            rulebook.wait_for_play(failed=1)
            second = tenant.fail_a_delivery(sim, status, user="bo@contoso.com")
            rulebook.wait_for_play(failed=0)
    if name == "expiring":
        found = json.loads(kept.read_text(encoding="utf-8"))
        assert (found["access_package"], found["person"]) == (tenant.package, "bo@contoso.com")
    else:
        again = [call["path"].rsplit("/", 2)[1] for call in writes(sim) if call["path"].endswith("reprocess")]
        assert (again, kept.read_text(encoding="utf-8")) == ([first, second], f"{first}\n{second}\n"), rulebook.output


def until_known(sim: Running) -> None:
    """Wait until the source has begun its third reading, and so has noted what there was."""
    limit = time.monotonic() + 120
    while sum(call["path"].endswith("batch") for call in sim.calls()) < 6:
        assert time.monotonic() < limit, sim.calls()
        time.sleep(0.2)


def test_a_failed_delivery_is_processed_again_once_a_request(sim: Running, tmp_path: Path) -> None:
    record = tmp_path / "processed-again.txt"
    sim.clear_calls()
    with running("failed", tmp_path, sim.environment, failed_record_path=str(record)) as rulebook:
        until_known(sim)
        # The second delivery fails, too.
        sim.faults({"method": "POST", "path": "assignmentRequests", "effect": {"outcome": "deliveryFailed"}})
        request = assign(sim, access_package="Engineering Laptop", user="ada@contoso.com", wait=False)["request"]["id"]
        rulebook.wait_for_play(failed=0)
        rulebook.wait_for_play(failed=0)
    again = [call["path"].rsplit("/", 2)[1:] for call in writes(sim) if call["path"].endswith("reprocess")]
    assert again == [[request, "reprocess"]], rulebook.output
    assert record.read_text(encoding="utf-8") == f"{request}\n"


def test_an_expiring_assignment_runs_the_example_playbook(sim: Running, tmp_path: Path) -> None:
    written = tmp_path / "expiring.jsonl"
    sim.clear_calls()
    with running("expiring", tmp_path, sim.environment, expiring_path=str(written)) as rulebook:
        until_known(sim)
        schedule = {"duration": "P3D"}
        assign(sim, access_package="Engineering Laptop", user="ada@contoso.com", schedule=schedule, wait=False)
        rulebook.wait_for_play(failed=0)
    (line,) = written.read_text(encoding="utf-8").splitlines()
    found = json.loads(line)
    assert (found["access_package"], found["person"]) == ("Engineering Laptop", "ada@contoso.com")
    assert found["event"].startswith(f"assignment_expiring:{found['assignment_id']}:")


def test_a_source_that_cannot_go_on_ends_ansible_rulebook_with_a_sentence(sim: Running, tmp_path: Path) -> None:
    environment = {**sim.environment, "AZURE_CLIENT_SECRET": "another-secret"}
    with running("failed", tmp_path, environment) as rulebook:
        rulebook.wait_for("Source plugin failed with error message")
    assert "SourceEnded" in rulebook.output
    assert "Could not sign in" in rulebook.output
    assert "another-secret" not in rulebook.output
