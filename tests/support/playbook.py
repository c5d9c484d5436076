# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs real ansible-playbook on plays written as data, and gives back what its user would see and register."""

from __future__ import annotations

import functools
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.support.paths import collections_path

Json = dict[str, Any]
MODULE = "idgov.entra.access_package_assignment"
REQUEST_MODULE = "idgov.entra.access_package_assignment_request"
MANY = "idgov.entra.access_package_assignments"
_CHANGES = ("added", "updated", "removed", "reprocessed", "canceled")
PLUGINS = Path(__file__).with_name("ansible")
SIGN_IN_PREFIXES = ("ARM_", "AZURE_", "IDGOV_")
# Keywords that have a module shipped instead of run in the controller's process.
SHIPPED: Json = {"become": True, "become_method": "same_user"}
# A play on a host that is reached by a connection which is not local.
ELSEWHERE: Json = {"vars": {"ansible_connection": "elsewhere", "ansible_python_interpreter": sys.executable}}
_VARIABLE = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.]+Z|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|localhost:\d+"
    # of a plan, which has its time in it
    r"|sha256:[0-9a-f]{64}"
)


@dataclass(frozen=True)
class Done:
    """One task that has run: its name, its status (ok, changed, failed, ...) and its result."""

    task: str
    status: str
    result: Json


@dataclass(frozen=True)
class Played:
    """A play that has run; ``output`` is all that ansible-playbook printed."""

    status: int
    output: str
    tasks: list[Done]

    @property
    def only(self) -> Done:
        """The only task."""
        (task,) = self.tasks
        return task


def play(
    tasks: Sequence[Mapping[str, Any]],
    directory: Path,
    environment: Mapping[str, str],
    *arguments: str,
    **keywords: Any,
) -> Played:
    """Run a play of these tasks on localhost with ansible-playbook.

    ``environment`` is added to that of the tests, ``arguments`` to the command line, ``keywords`` to the play.
    """
    return run_playbook(write_play(tasks, directory, **keywords), directory, environment, *arguments)


def write_play(tasks: Sequence[Mapping[str, Any]], directory: Path, **keywords: Any) -> str:
    """Write a playbook with a play of these tasks on localhost, and give its path."""
    playbook = directory / "play.yml"
    content = [{"hosts": "localhost", "gather_facts": False, **keywords, "tasks": list(tasks)}]
    playbook.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return str(playbook)


def run_playbook(
    playbook: str, directory: Path, environment: Mapping[str, str], *arguments: str, program: Path | None = None
) -> Played:
    """Run a playbook, by path or by its name in the collection; ``program`` is another ansible-playbook than our own."""
    record = directory / "record.jsonl"
    record.unlink(missing_ok=True)
    with launch(playbook, directory, environment, *arguments, program=program) as process:
        try:
            output = process.communicate(timeout=300)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    lines = record.read_text(encoding="utf-8").splitlines() if record.is_file() else []
    return Played(process.returncode, output, [Done(**json.loads(line)) for line in lines])


def launch(
    playbook: str, directory: Path, environment: Mapping[str, str], *arguments: str, program: Path | None = None
) -> subprocess.Popen[str]:
    """Start ansible-playbook without waiting for it; what it prints is in its ``stdout``."""
    return subprocess.Popen(
        [str(program or Path(sys.executable).with_name("ansible-playbook")), playbook, *arguments],
        cwd=directory,
        env=recording_environment(directory / "record.jsonl", environment, program),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        # Where it is ignored, as in a background job of a script, the child would inherit that.
        preexec_fn=_mind_interrupts,
    )


def _mind_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def clean_environment(directory: Path) -> dict[str, str]:
    """Return the environment of a run of ansible-playbook that knows this checkout, and writes below a directory.

    Credentials and certificate bundles of the shell have no business in a test, and are left out.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(SIGN_IN_PREFIXES) and not name.endswith(("_CA_BUNDLE", "_PROXY", "_proxy"))
    }
    return {
        **kept,
        "ANSIBLE_COLLECTIONS_PATH": str(collections_path()),
        "ANSIBLE_HOME": str(directory / "home"),
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
    }


def comparable(done: Done) -> Json:
    """Leave out what may differ between two runs: times, new ids, how the result came about."""
    own = {
        k: v for k, v in done.result.items() if not k.startswith("_ansible") and k not in ("invocation", "exception")
    }
    return {"status": done.status, **json.loads(_VARIABLE.sub("...", json.dumps(own)))}


def faults_of(done: Done, words: tuple[str, ...]) -> list[str]:
    """Return what is wrong with a task that shall fail without a change, in one sentence with these words."""
    message = str(done.result.get("msg"))
    faults = [] if done.status == "failed" else [f"{done.task}: {done.status}"]
    faults += [f"{done.task}: {word!r} is not in {message!r}" for word in words if word not in message]
    if "\n" in message or len(message) > 900:
        faults.append(f"{done.task}: not one sentence: {message!r}")
    if done.result.get("changed"):
        faults.append(f"{done.task}: changed")
    return faults


def changed_assignments(played: Played) -> int:
    """Count the assignments and requests that the tasks of a run say they have changed, alone or in a list."""
    results = [result for task in played.tasks for result in task.result.get("results", [task.result])]
    return sum(
        sum(result["summary"][name] for name in _CHANGES) if "summary" in result else bool(result.get("changed"))
        for result in results
    )


def recording_environment(record: Path, environment: Mapping[str, str], program: Path | None = None) -> dict[str, str]:
    """Return the same with what writes each result to a file besides; ``environment`` and ``program`` as for ``run_playbook``."""
    own = {
        **clean_environment(record.parent),
        "ANSIBLE_BECOME_PLUGINS": str(PLUGINS / "become"),
        "ANSIBLE_CALLBACK_PLUGINS": str(PLUGINS / "callback"),
        "ANSIBLE_CALLBACKS_ENABLED": "recorder",
        "ANSIBLE_CONNECTION_PLUGINS": str(PLUGINS / "connection"),
        "IDGOV_RECORD_PATH": str(record),
        **environment,
    }
    return {"IDGOV_PACKED_PATH": _packed(program, own["ANSIBLE_COLLECTIONS_PATH"]).name, **own}


@functools.cache
def _packed(program: Path | None, collections: str) -> tempfile.TemporaryDirectory[str]:
    """Return where the modules of these collections are packed by this process; each ansible-core does it in its own way."""
    return tempfile.TemporaryDirectory(prefix="packed-")
