# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""access_token_info: one sign-in for a whole play, a result that nobody sees, and a person with a device code."""

from __future__ import annotations

import importlib
import json
from typing import Any

import pytest
import yaml

from tests.integration.conftest import Play
from tests.simulator.managed_identity import IDENTITY_HEADER
from tests.simulator.running import Running
from tests.support.calls import sign_ins, writes
from tests.support.playbook import MODULE, SHIPPED
from tests.support.sign_in import APP, open_every_door, place

TOKEN = "idgov.entra.access_token_info"
SHARED = {"access_token": "{{ token.access_token | default(omit) }}", "wait_interval": 1}
GROUP = {"group/idgov.entra.entra": {"access_token": SHARED["access_token"]}}
LAPTOP = {"access_package": "Engineering Laptop", "user": "ada@contoso.com", "wait_interval": 1}
SIGN_IN = {"name": "sign in", TOKEN: {}, "register": "token"}
Json = dict[str, Any]


def shown(output: str) -> list[str]:
    """Whatever looks like a part of a token."""
    return [word for word in output.split() if "eyJ" in word]


@pytest.mark.parametrize("arguments", [["-vvvv"], ["--check", "--diff", "-vvvv"]], ids=["for real", "check mode"])
def test_one_token_for_a_whole_play_and_nobody_sees_it(sim: Running, playing: Play, arguments: list[str]) -> None:
    tasks = [
        SIGN_IN,
        {"name": "in process", MODULE: LAPTOP},
        {"name": "shipped", MODULE: {**LAPTOP, "user": "bo@contoso.com"}, **SHIPPED},
        {"name": "in a loop", TOKEN: {"access_token": "{{ omit }}"}, "loop": [1], "register": "tokens", "no_log": True},
        {
            "name": "usable",
            "ansible.builtin.assert": {
                "that": [
                    "token.access_token | length > 100",
                    "tokens.results[0].access_token | length > 100",
                    "not token.delegated",
                    "not token.changed",
                ],
                "quiet": True,
            },
        },
    ]
    done = playing(tasks, *arguments, module_defaults=GROUP)
    assert done.status == 0, done.output
    assert sign_ins(sim) == 2
    assert [task.status for task in done.tasks[:3]] == ["ok", "changed", "changed"]
    assert shown(done.output) == []
    assert "runs in the controller's process" in done.output
    assert "censored" in done.tasks[0].result
    recorded = json.dumps([task.result for task in done.tasks])
    assert "eyJ" not in recorded
    assert len(writes(sim)) == (0 if "--check" in arguments else 2)


def test_it_runs_in_the_controller_whatever_the_connection(sim: Running, playing: Play) -> None:
    tasks = [SIGN_IN, {**SIGN_IN, "become": True, "become_method": "same_user"}]
    done = playing(tasks, "-i", "elsewhere.example.com,", hosts="elsewhere.example.com", connection="ssh")
    assert done.status == 0, done.output
    assert sign_ins(sim) == 2


def test_a_sign_in_that_is_tried_again_shows_nothing_and_gives_a_token(playing: Play) -> None:
    tasks = [
        {**SIGN_IN, "until": "token.attempts | default(1) > 1", "retries": 3, "delay": 0},
        {"name": "usable", MODULE: {**LAPTOP, **SHARED}},
        {**SIGN_IN, TOKEN: {"client_secret": "canary-3f9a77"}, "until": "token is succeeded", "retries": 1, "delay": 0},
    ]
    done = playing(tasks, "-vvvv")
    again, usable, refused = done.tasks
    assert (again.status, usable.status, refused.status) == ("ok", "changed", "failed"), done.output
    assert "RETRYING" in done.output
    assert shown(done.output) == []
    assert "canary-3f9a77" not in done.output


def test_a_failure_is_not_hidden_and_what_would_show_the_token_is_refused(playing: Play) -> None:
    tasks = [
        {**SIGN_IN, "ignore_errors": True},
        {**SIGN_IN, "async": 30, "poll": 1, "ignore_errors": True},
        {"name": "unknown", TOKEN: {"api_version": "v1.0"}, "ignore_errors": True},
        {**SIGN_IN, "loop": [1], "ignore_errors": True},
    ]
    done = playing(tasks, env={"AZURE_CLIENT_SECRET": "canary-3f9a77"})
    refused, asynchronous, unknown, looped = done.tasks
    assert "no_log: true" in looped.result["results"][0]["msg"]
    assert looped.result["results"][0]["error"]["kind"] == "refused"
    assert refused.result["error"]["code"] == "AADSTS7000215"
    assert "async" in asynchronous.result["msg"]
    assert "api_version" in unknown.result["msg"]
    assert "canary-3f9a77" not in done.output


def device(sim: Running, **options: Any) -> Json:
    tenant = sim.environment["AZURE_TENANT_ID"]
    return {**SIGN_IN, TOKEN: {"auth_source": "device_code", "client_id": APP, "tenant_id": tenant, **options}}


def test_a_person_signs_in_with_a_code(sim: Running, playing: Play) -> None:
    """The code appears ahead of the result, and later tasks work in that person's name."""
    open_every_door(sim)
    sim.settings(device_interval=1)
    sim.device_person("grace@contoso.com", after_polls=1)
    tasks = [
        device(sim),
        {"name": "delegated", "ansible.builtin.assert": {"that": ["token.delegated"], "quiet": True}},
        {"name": "add", MODULE: {**LAPTOP, **SHARED}},
    ]
    done = playing(tasks, "-vvvv")
    assert done.status == 0, done.output
    assert done.output.count("and enter the code") == 1
    assert done.output.index("and enter the code") < done.output.index("censored")
    assert shown(done.output) == []
    (write,) = writes(sim)
    assert write["caller"]["kind"] == "delegated"


@pytest.mark.parametrize(
    ("decision", "public", "code"),
    [("decline", True, "AADSTS65004"), ("approve", False, "AADSTS7000218")],
    ids=["declined", "no public client"],
)
def test_a_code_that_comes_to_nothing(sim: Running, playing: Play, decision: str, public: bool, code: str) -> None:
    open_every_door(sim, public_client=public)
    sim.settings(device_interval=1)
    sim.device_person("grace@contoso.com", decision)
    done = playing([device(sim)])
    assert done.only.status == "failed"
    assert done.only.result["error"]["code"] == code
    assert done.only.result["error"]["hint"]


def test_the_identity_of_a_machine_may_be_announced_by_the_task(sim: Running, playing: Play) -> None:
    """Both hosts see what stands in the task's environment, and the next task does not."""
    open_every_door(sim)
    announced = {"IDENTITY_ENDPOINT": f"{sim.url}/msi/token", "IDENTITY_HEADER": IDENTITY_HEADER}
    absent = {MODULE: {**LAPTOP, "state": "absent"}, "ignore_errors": True}
    tasks = [
        {"name": "in process", "environment": announced, **absent},
        {"name": "shipped", "environment": announced, **absent, **SHIPPED},
        {"name": "token", TOKEN: {}, "environment": announced},
        {"name": "without", **absent},
    ]
    env = dict.fromkeys(sim.environment, "") | place(sim)
    done = playing(tasks, env=env)
    assert [task.status for task in done.tasks] == ["ok", "ok", "ok", "failed"], done.output
    assert "no credential is configured" in done.tasks[3].result["msg"].lower()


def test_the_examples_work_as_they_stand(sim: Running, playing: Play) -> None:
    open_every_door(sim)
    sim.settings(device_interval=1)
    sim.device_person("grace@contoso.com")
    documentation = importlib.import_module("ansible_collections.idgov.entra.plugins.modules.access_token_info")
    done = playing(yaml.safe_load(documentation.EXAMPLES), vars={"public_client_id": APP})
    assert done.status == 0, done.output
    assert len(writes(sim)) == 2
    assert sign_ins(sim) == 3
