# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret and no token in any output, at any verbosity, on either host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.constants import DEFAULT_VAULT_ID_MATCH
from ansible.parsing.vault import VaultLib, VaultSecret

from tests.integration.conftest import Play
from tests.simulator.running import Running
from tests.support.playbook import MODULE, SHIPPED, run_playbook

LAPTOP = {"access_package": "Engineering Laptop", "user": "ada@contoso.com", "wait_interval": 1}
HOSTS = pytest.mark.parametrize("keywords", [{}, SHIPPED], ids=["in process", "shipped"])


def tasks(options: dict[str, Any], keywords: dict[str, Any]) -> list[dict[str, Any]]:
    """A task that works, one that Graph refuses, one with a wrong option, and what was registered of them."""
    rows = [options, {**options, "access_package": "Nope"}, {**options, "state": "there"}]
    shown = []
    for place, row in enumerate(rows):
        name = f"seen_{place}"
        shown.append({"name": name, MODULE: row, "register": name, "ignore_errors": True, **keywords})
        shown.append({"name": f"show {name}", "ansible.builtin.debug": {"var": name}})
    return shown


@HOSTS
def test_a_secret_of_the_environment(sim: Running, playing: Play, keywords: dict[str, Any]) -> None:
    done = playing(tasks(LAPTOP, keywords), "-vvvv", "--diff")
    assert [task.status for task in done.tasks] == ["changed", "ok", "failed", "ok", "failed", "ok"]
    assert sim.environment["AZURE_CLIENT_SECRET"] not in done.output
    assert "eyJ" not in done.output
    assert "Bearer" not in done.output


@HOSTS
@pytest.mark.parametrize("option", ["client_secret", "secret"])
def test_a_secret_of_the_task(sim: Running, playing: Play, keywords: dict[str, Any], option: str) -> None:
    secret = sim.environment["AZURE_CLIENT_SECRET"]
    done = playing(tasks({**LAPTOP, option: "{{ the_secret }}"}, keywords), "-vvvv", vars={"the_secret": secret})
    printed = done.output.replace(f"the_secret: {secret}", "")
    assert done.tasks[0].status == "changed"
    assert secret not in printed
    assert "eyJ" not in printed


@HOSTS
def test_a_ready_token(sim: Running, playing: Play, keywords: dict[str, Any]) -> None:
    token = sim.token()
    done = playing(tasks(LAPTOP, keywords), "-vvvv", env={"IDGOV_ACCESS_TOKEN": token, "AZURE_CLIENT_SECRET": ""})
    assert done.tasks[0].status == "changed"
    assert token not in done.output


@HOSTS
def test_a_wrong_secret_is_not_shown_and_its_code_is(playing: Play, keywords: dict[str, Any]) -> None:
    done = playing([{"name": "add", MODULE: LAPTOP, **keywords}], "-vvvv", env={"AZURE_CLIENT_SECRET": "canary-3f9a77"})
    assert done.only.status == "failed"
    assert "AADSTS7000215" in done.only.result["msg"]
    assert done.only.result["error"]["code"] == "AADSTS7000215"
    assert "canary-3f9a77" not in done.output
    assert "Traceback" not in done.output


@HOSTS
def test_a_vaulted_secret(sim: Running, tmp_path: Path, keywords: dict[str, Any]) -> None:
    """A `!vault` text in the play reaches Entra in the clear and nobody else."""
    secret = sim.environment["AZURE_CLIENT_SECRET"]
    vault = VaultLib([(DEFAULT_VAULT_ID_MATCH, VaultSecret(b"test"))])
    cipher = vault.encrypt(secret).decode().strip().replace("\n", "\n          ")
    (tmp_path / "password").write_text("test", encoding="utf-8")
    lines = "\n".join(f"      {name}: {value}" for name, value in keywords.items())
    (tmp_path / "play.yml").write_text(
        f"""
- hosts: localhost
  gather_facts: false
  tasks:
    - name: add
      {MODULE}:
        access_package: Engineering Laptop
        user: ada@contoso.com
        wait_interval: 1
        client_secret: !vault |
          {cipher}
{lines}
""",
        encoding="utf-8",
    )
    done = run_playbook(
        "play.yml",
        tmp_path,
        {**sim.environment, "AZURE_CLIENT_SECRET": ""},
        "-vvvv",
        "--vault-password-file",
        "password",
    )
    assert done.only.status == "changed", done.output
    assert secret not in done.output
