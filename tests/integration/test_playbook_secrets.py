# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret and no token in any output, at any verbosity, on either host."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from ansible.constants import DEFAULT_VAULT_ID_MATCH
from ansible.parsing.vault import VaultLib, VaultSecret

from tests.integration.conftest import Play
from tests.simulator.running import Running
from tests.support.playbook import MODULE, SHIPPED, run_playbook

LAPTOP = {"access_package": "Engineering Laptop", "user": "ada@contoso.com", "wait_interval": 1}
# Who is given something -> keywords of the task: one inside the controller, one by a shipped module
HOSTS: dict[str, dict[str, Any]] = {"ada@contoso.com": {}, "bo@contoso.com": SHIPPED}


def tasks(*ways: dict[str, Any]) -> list[dict[str, Any]]:
    """On both hosts: a task that works, one that Graph refuses, one with a wrong option, and what was registered of them."""
    shown = []
    for options, (user, keywords) in itertools.product(ways, HOSTS.items()):
        given = {**LAPTOP, "user": user, **options}
        for place, row in enumerate([given, {**given, "access_package": "Nope"}, {**given, "state": "there"}]):
            name = f"seen_{place}"
            shown.append({"name": name, MODULE: row, "register": name, "ignore_errors": True, **keywords})
            shown.append({"name": f"show {name}", "ansible.builtin.debug": {"var": name}})
    return shown


def test_a_secret_of_the_environment(sim: Running, playing: Play) -> None:
    done = playing(tasks({}), "-vvvv", "--diff")
    assert [task.status for task in done.tasks] == ["changed", "ok", "failed", "ok", "failed", "ok"] * len(HOSTS)
    assert sim.environment["AZURE_CLIENT_SECRET"] not in done.output
    assert "eyJ" not in done.output
    assert "Bearer" not in done.output


def test_a_secret_of_the_task(sim: Running, playing: Play) -> None:
    """By its name, and by the alias."""
    secret = sim.environment["AZURE_CLIENT_SECRET"]
    ways = [{option: "{{ the_secret }}"} for option in ("client_secret", "secret")]
    # What one way has given the other finds.
    done = playing(tasks(*ways), "-vvvv", vars={"the_secret": secret}, env={"AZURE_CLIENT_SECRET": ""})
    printed = done.output.replace(f"the_secret: {secret}", "")
    assert [task.status for task in done.tasks[::6]] == ["changed", "changed", "ok", "ok"], printed
    assert secret not in printed
    assert "eyJ" not in printed


def test_a_ready_token(sim: Running, playing: Play) -> None:
    token = sim.token()
    done = playing(tasks({}), "-vvvv", env={"IDGOV_ACCESS_TOKEN": token, "AZURE_CLIENT_SECRET": ""})
    assert [task.status for task in done.tasks[::6]] == ["changed"] * len(HOSTS)
    assert token not in done.output


def test_a_wrong_secret_is_not_shown_and_its_code_is(playing: Play) -> None:
    add = [{"name": "add", MODULE: LAPTOP, "ignore_errors": True, **keywords} for keywords in HOSTS.values()]
    done = playing(add, "-vvvv", env={"AZURE_CLIENT_SECRET": "canary-3f9a77"})
    assert len(done.tasks) == len(HOSTS)
    for task in done.tasks:
        assert task.status == "failed"
        assert "AADSTS7000215" in task.result["msg"]
        assert task.result["error"]["code"] == "AADSTS7000215"
    assert "canary-3f9a77" not in done.output
    assert "Traceback" not in done.output


def test_a_vaulted_secret(sim: Running, tmp_path: Path) -> None:
    """A `!vault` text in the play reaches Entra in the clear and nobody else."""
    secret = sim.environment["AZURE_CLIENT_SECRET"]
    vault = VaultLib([(DEFAULT_VAULT_ID_MATCH, VaultSecret(b"test"))])
    cipher = vault.encrypt(secret).decode().strip().replace("\n", "\n          ")
    (tmp_path / "password").write_text("test", encoding="utf-8")
    tasks_of_hosts = "".join(
        f"""
    - name: add
      {MODULE}:
        access_package: Engineering Laptop
        user: {user}
        wait_interval: 1
        client_secret: !vault |
          {cipher}
"""
        + "".join(f"      {name}: {value}\n" for name, value in keywords.items())
        for user, keywords in HOSTS.items()
    )
    text = f"- hosts: localhost\n  gather_facts: false\n  tasks:{tasks_of_hosts}"
    (tmp_path / "play.yml").write_text(text, encoding="utf-8")
    done = run_playbook(
        "play.yml",
        tmp_path,
        {**sim.environment, "AZURE_CLIENT_SECRET": ""},
        "-vvvv",
        "--vault-password-file",
        "password",
    )
    assert [task.status for task in done.tasks] == ["changed"] * len(HOSTS), done.output
    assert secret not in done.output
