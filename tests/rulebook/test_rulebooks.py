# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rulebooks under the real ansible-rulebook, from the webhook to Graph: `make test-rulebook`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.rulebook.running import running
from tests.simulator.running import Running
from tests.support.calls import sent, writes
from tests.support.hostile import STYLES, Canaries, undeclared, within
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


@pytest.fixture
def canaries(tmp_path: Path) -> Iterator[Canaries]:
    """Hostile texts of which none may have been rendered in the end."""
    kept = Canaries(tmp_path / "canaries")
    yield kept
    assert kept.died() == []


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
