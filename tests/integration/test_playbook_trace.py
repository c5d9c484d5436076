# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""At -vvv each call to Graph is one line, on both hosts; nobody is named in it, and no body or token is in it."""

from __future__ import annotations

import re

from tests.integration.conftest import Play
from tests.simulator.running import Running
from tests.support.playbook import MODULE, SHIPPED, Json

ADD = {"access_package": "Engineering Laptop", "user": "ada@contoso.com", "wait_interval": 1}
LINE = re.compile(r"(?:idgov\.entra\.\w+|lookup of \w+): +((?:GET|POST) /v1\.0/.*)")
LOOK = "{{ q('idgov.entra.access_package_assignments', 'lee@contoso.com') | length }}"


def tasks(keywords: Json) -> list[Json]:
    return [
        {"name": "add", MODULE: ADD, **keywords},
        {"name": "refused", MODULE: {**ADD, "access_package": "Nope"}, "ignore_errors": True, **keywords},
    ]


def wire(output: str) -> list[str]:
    """The lines about calls, without what differs between two runs."""
    return [re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+ ms", "x", line) for line in LINE.findall(output)]


def test_both_hosts_show_the_same_calls(sim: Running, playing: Play) -> None:
    here = playing([*tasks({}), {"name": "look", "ansible.builtin.debug": {"msg": LOOK}}], "-vvv")
    lines = wire(here.output)
    # One for each call and each operation in a batch.
    assert len(lines) == sum(call["service"] == "graph" for call in sim.calls())
    assert any(line.startswith("POST /v1.0/$batch 200") for line in lines)
    assert any("assignmentRequests 201 x" in line for line in lines)
    assert not any("contoso" in line or "Laptop" in line or "eyJ" in line or "adminAdd" in line for line in lines)
    assert "wire" not in here.tasks[0].result
    sim.reset()
    there = playing(tasks(SHIPPED), "-vvv")
    assert "wire" not in there.tasks[0].result
    seen = wire(there.output)
    # How often a request is polled is the clock's matter.
    assert list(dict.fromkeys(seen)) == [line for line in dict.fromkeys(lines) if line in seen]
    assert any("assignmentRequests 201 x" in line for line in seen)


def test_less_verbose_output_has_none(playing: Play) -> None:
    played = playing(tasks({})[:1], "-vv")
    assert wire(played.output) == []
    # Ansible prints the options of a task from -vvv on, and copies what a result holds several times over.
    assert "invocation" not in played.only.result
