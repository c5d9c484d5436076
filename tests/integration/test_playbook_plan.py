# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan in a playbook: registered and given back on both hosts, with texts that look like templates, and without secrets."""

from __future__ import annotations

from typing import Any

from tests.integration.conftest import Play
from tests.simulator.running import Running
from tests.support.calls import sent
from tests.support.crowd import TOOLS, crowd, upn
from tests.support.playbook import MANY, SHIPPED, Done, comparable

Json = dict[str, Any]
FAST: Json = {"wait_interval": 1}
TEMPLATE = "{{ 7 * 7 }} {{ lookup('pipe', 'id') }}"
# What renders to it, once.
RENDERED = (
    "{{ '{' ~ '{ 7 * 7 }' ~ '} {' ~ '{ lookup(' ~ quote ~ 'pipe' ~ quote ~ ', ' ~ quote ~ 'id' ~ quote ~ ') }' ~ '}' }}"
)
REFUSED = {"plan": {"format": 1}}


def tasks_of(sim: Running) -> list[Json]:
    """Plan a change whose justification looks like a template, apply it, apply it again; and plan one with a secret in it."""
    secret = sim.environment["AZURE_CLIENT_SECRET"]
    changes = [
        {"access_package": TOOLS, "user": upn(0), "justification": RENDERED},
        {"access_package": TOOLS, "user": upn(1), "state": "absent"},
    ]
    told = [{"access_package": TOOLS, "user": upn(2), "justification": f"because of {secret}"}]
    return [
        {"name": "plan", MANY: {"assignments": changes}, "check_mode": True, "register": "planned"},
        {"name": "apply", MANY: {"plan": "{{ planned.plan }}"}},
        {"name": "again", MANY: {"plan": "{{ planned.plan }}"}},
        {"name": "check", MANY: {"plan": "{{ planned.plan }}"}, "check_mode": True},
        {"name": "secret", MANY: {"assignments": told}, "check_mode": True},
        {"name": "refused", MANY: REFUSED, "ignore_errors": True},
    ]


def test_a_plan_is_registered_and_given_back_on_both_hosts(sim: Running, playing: Play) -> None:
    def run(keywords: Json) -> tuple[list[Done], list[Json]]:
        sim.load(crowd(3, held={TOOLS: [1]}))
        tasks = [{**task, **keywords} for task in tasks_of(sim)]
        done = playing(tasks, module_defaults={MANY: FAST}, vars={"quote": "'"})
        assert done.status == 0, done.output
        return done.tasks, sent(sim)

    here, bodies = run({})
    shipped, bodies_of_module = run(SHIPPED)
    assert [comparable(each) for each in here] == [comparable(each) for each in shipped]
    assert bodies == bodies_of_module
    planned, applied, again, checked, secret, refused = (each.result for each in here)
    assert [item["action"] for item in planned["plan"]["items"]] == ["add", "remove"]
    assert bodies[0]["justification"] == TEMPLATE
    assert (applied["changed"], again["changed"], checked["changed"]) == (True, False, False)
    assert secret["plan"] is None
    assert any("is a secret of this task" in warning for warning in secret["warnings"])
    assert (refused["error"]["kind"], refused["changed"]) == ("option", False)
