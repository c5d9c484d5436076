# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs plays through ansible-runner, as AWX does, and gives back all that it leaves behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.support.playbook import recording_environment

Json = dict[str, Any]
# Ansible-runner writes the environment that it was given in here; what AWX stores of it, AWX masks.
_NOT_OURS = "command"
# As inventories of AWX have it: otherwise Ansible looks for another Python.
LOCAL = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}


class NeverRendered(str):
    """A text that an inventory marks as data."""


class Encrypted(str):
    """A text that Ansible Vault has encrypted."""


class _Inventory(yaml.SafeDumper):
    """Writes an inventory."""


_Inventory.add_representer(NeverRendered, lambda dumper, text: dumper.represent_scalar("!unsafe", str(text)))

_Inventory.add_representer(Encrypted, lambda dumper, text: dumper.represent_scalar("!vault", str(text), style="|"))


def as_inventory(content: Mapping[str, Any]) -> str:
    """Return an inventory as its file has it."""
    return yaml.dump(dict(content), Dumper=_Inventory, sort_keys=False)


_ENDS = ("runner_on_ok", "runner_on_failed")


@dataclass(frozen=True)
class Job:
    """A job that has run: the events of its tasks, and all that was printed or kept."""

    status: int
    events: list[Json]
    texts: dict[str, str]

    def results(self, name: str) -> list[Json]:
        """Return the results of the tasks with this name, as AWX stores them."""
        return [
            {**event["event_data"]["res"], "failed": event["event"] == "runner_on_failed"}
            for event in self.events
            if event["event"] in _ENDS and event["event_data"].get("task") == name
        ]

    def places_of(self, secret: str) -> list[str]:
        """Name the places in which a text turns up."""
        return [place for place, text in self.texts.items() if secret in text]


def run_job(
    plays: Sequence[Mapping[str, Any]],
    folder: Path,
    injected: Mapping[str, str],
    *arguments: str,
    extra_vars: Mapping[str, Any] | None = None,
    inventory: Mapping[str, Any] | None = None,
) -> Job:
    """Run plays with exactly the injected variables besides those that lead to Ansible itself.

    ``arguments`` go to ansible-runner. Extra variables go the way of AWX: in a file.
    """
    _write(folder / "project" / "play.yml", yaml.safe_dump(list(plays), sort_keys=False, allow_unicode=True))
    _write(folder / "env" / "envvars", json.dumps(dict(injected)))
    _write(folder / "env" / "extravars", json.dumps(dict(extra_vars or {})))
    hosts = inventory or {"all": {"hosts": {"localhost": LOCAL}}}
    _write(folder / "inventory" / "hosts.yml", as_inventory(hosts))
    programs = Path(sys.executable).parent
    command = [str(programs / "ansible-runner"), "run", str(folder), "-p", "play.yml", "--ident", "job", *arguments]
    environment = recording_environment(folder / "record.jsonl", {})
    environment["PATH"] = os.pathsep.join([str(programs), environment["PATH"]])
    done = subprocess.run(
        command,
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=environment,
        stdin=subprocess.DEVNULL,
        timeout=180,
    )
    kept = folder / "artifacts" / "job"
    texts = {
        str(path.relative_to(kept)): path.read_text(encoding="utf-8") for path in kept.rglob("*") if path.is_file()
    }
    del texts[_NOT_OURS]
    record = folder / "record.jsonl"
    texts |= {"printed": done.stdout, "errors": done.stderr, "record": record.read_text(encoding="utf-8")}
    events = [json.loads(text) for place, text in texts.items() if place.startswith("job_events/")]
    return Job(done.returncode, sorted(events, key=lambda event: int(event["counter"])), texts)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
