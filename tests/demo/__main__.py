# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the demo playbook twice against the simulator, as a user would: `python -m tests.demo`.

The collection is built, installed from its artifact, and run by ansible-playbook with nothing but the simulator's
environment. Fails unless both runs succeed, the first one sends something to Graph and the second one nothing.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from tests.simulator.running import Running, start
from tests.support.artifact import build, install
from tests.support.paths import CACHE

WORK = CACHE / "demo"
RECAP = WORK / "recap.json"
REPORT = WORK / "report"
SIGN_IN_PREFIXES = ("ARM_", "AZURE_", "IDGOV_")


@dataclass(frozen=True)
class Reply:
    """What one run of the playbook came to."""

    status: int
    recap: Mapping[str, int]
    graph_calls: int
    writes: int

    def __str__(self) -> str:
        recap = ", ".join(f"{name} {figure}" for name, figure in self.recap.items()) or "ended before its recap"
        return f"{recap}; {self.graph_calls} calls to Graph, {self.writes} writes"


def environment(running: Running) -> dict[str, str]:
    """Return the environment of ansible-playbook: the installed collection, the simulator, and the recap's file."""
    # Credentials of a real tenant have no business here.
    shell = {name: value for name, value in os.environ.items() if not name.startswith(SIGN_IN_PREFIXES)}
    return {
        **shell,
        **running.environment,
        "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).with_name("callbacks")),
        "ANSIBLE_CALLBACKS_ENABLED": "recap",
        "ANSIBLE_COLLECTIONS_PATH": str(WORK / "collections"),
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "IDGOV_RECAP_PATH": str(RECAP),
    }


def run_playbook(running: Running) -> Reply:
    """Run the demo playbook once, with Ansible's own output shown."""
    running.clear_calls()
    RECAP.unlink(missing_ok=True)
    ansible_playbook = Path(sys.executable).with_name("ansible-playbook")
    report = f"demo_report_path={REPORT}"
    command = [str(ansible_playbook), "idgov.entra.demo", "-e", report]
    status = subprocess.run(
        command, cwd=WORK, env=environment(running), stdin=subprocess.DEVNULL, check=False
    ).returncode
    recap: dict[str, int] = json.loads(RECAP.read_text(encoding="utf-8")) if RECAP.is_file() else {}
    calls = [call for call in running.calls() if call["service"] == "graph"]
    return Reply(
        status=status,
        recap=recap,
        graph_calls=sum(1 for call in calls if call["batch"] is None),
        writes=sum(1 for call in calls if is_write(call)),
    )


def is_write(call: Mapping[str, Any]) -> bool:
    """Return whether a call, or an item of a batch, asks Graph to change something."""
    return call["method"] != "GET" and not call["path"].endswith("/$batch")


def heading(text: str) -> None:
    """Print a line that stands out between the outputs of the tools."""
    print(f"\n=== {text}", flush=True)


def main() -> int:
    """Run the demo and return its exit status."""
    heading("Building the collection and installing it from its artifact")
    install(build(WORK / "artifact"), WORK / "collections")
    with start() as running:
        outcomes = []
        for name in ("First run", "Second run"):
            heading(f"{name} of idgov.entra.demo, against a simulated Microsoft Graph at {running.url}")
            outcomes.append(run_playbook(running))
            heading(f"{name}: {outcomes[-1]}")
    first, second = outcomes
    if first.status or second.status or not first.writes or second.writes or second.recap["changed"]:
        heading("FAILED: both runs have to succeed; the second one has to change nothing")
        return 1
    heading(f"OK: the first run sent {first.writes} writes, the second one none")
    for page in sorted(REPORT.glob("*.html")):
        heading(f"Who has what: {page.as_uri()}")
    return 0


def leave(number: int, _frame: FrameType | None) -> None:
    """Leave on a signal by way of an exception, so that what was started is stopped."""
    sys.exit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    sys.exit(main())
