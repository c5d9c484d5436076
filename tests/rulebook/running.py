# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the real ansible-rulebook on a rulebook of the collection, and talks to its webhook."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

import requests
import trustme
import yaml
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from tests.support.paths import ROOT
from tests.support.playbook import clean_environment

Json = dict[str, Any]
# With the Python of ansible-playbook itself, as the pages say.
LOCAL = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
TOKEN = "not-a-real-webhook-token"
# What must be over by then, also on a busy machine.
SECONDS = 240


class Rulebook:
    """A rulebook that runs: its webhook, and what it has printed."""

    def __init__(self, process: subprocess.Popen[str], address: str, authority: Path) -> None:
        self._process = process
        self._address = address
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = str(authority)
        # The webhook listens some seconds after the start.
        patient = Retry(total=None, connect=60, backoff_factor=0.5, backoff_max=2, redirect=0)
        self._session.mount("https://", HTTPAdapter(max_retries=patient))
        self.output = ""

    def post(self, payload: Any, path: str = "", token: str = TOKEN, headers: Mapping[str, str] | None = None) -> int:
        """Send a payload as the Logic App or the personnel system does, and give the status of the answer."""
        given = {"Authorization": f"Bearer {token}", **(headers or {})}
        return self._session.post(f"{self._address}/{path}", json=payload, headers=given, timeout=60).status_code

    def wait_for_play(self, *, failed: int) -> None:
        """Read what is printed until a play has ended with so many failed tasks.

        ansible-rulebook prints a play that failed a second time, as an error.
        """
        self.wait_for(rf"unreachable=0\s+failed={failed}\b")

    def wait_for(self, pattern: str) -> None:
        """Read what is printed until a line has this pattern in it."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.output += line
            if re.search(pattern, line):
                return
        raise AssertionError(f"ansible-rulebook ended, or took too long: {self.output}")


@contextmanager
def running(name: str, directory: Path, environment: Mapping[str, str], **extra_vars: str) -> Iterator[Rulebook]:
    """Run the rulebook of this name until the block ends, on a port of its own, with TLS and a token.

    ``extra_vars`` take the place of those that the rulebook gives its playbook.
    """
    authority, port = directory / "authority.pem", _free_port()
    issuer = trustme.CA()
    issuer.cert_pem.write_to_path(str(authority))
    issuer.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(str(directory / "webhook.pem"))
    process = subprocess.Popen(
        _command(name, directory, port, extra_vars),
        cwd=directory,
        env={**clean_environment(directory), **_programs(), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    limit = Timer(SECONDS, process.kill)
    limit.start()
    try:
        yield Rulebook(process, f"https://localhost:{port}", authority)
    finally:
        process.terminate()
        process.communicate()
        limit.cancel()


def _command(name: str, directory: Path, port: int, extra_vars: Mapping[str, str]) -> list[str]:
    """Write what ansible-rulebook is given, and give its command line."""
    (ruleset,) = yaml.safe_load((ROOT / "extensions/eda/rulebooks" / f"{name}.yml").read_text(encoding="utf-8"))
    # Nothing is another one but where it listens or how often it reads, and where the playbook writes.
    source = ruleset["sources"][0]
    if "eda.builtin.webhook" in source:
        source["eda.builtin.webhook"].update(host="localhost", port=port)
    else:
        source["idgov.entra.access_packages"].update(interval=1, list_interval="PT1S")
    ruleset["rules"][0]["action"]["run_playbook"]["extra_vars"].update(extra_vars)
    secrets = {"token": TOKEN, "certfile": str(directory / "webhook.pem"), "keyfile": str(directory / "webhook.pem")}
    files: dict[str, Any] = {
        "rulebook.yml": [ruleset],
        "vars.yml": {
            **{f"{name}_webhook_{key}": value for key, value in secrets.items()},
            f"{name}_state_path": str(directory / "state.db"),
        },
        "inventory.yml": {"all": {"hosts": {"localhost": LOCAL}}},
    }
    for path, content in files.items():
        (directory / path).write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    program = str(Path(sys.executable).with_name("ansible-rulebook"))
    return [program, "--rulebook", "rulebook.yml", "--inventory", "inventory.yml", "--vars", "vars.yml"]


def _programs() -> dict[str, str]:
    java = shutil.which("java")
    assert java, "no Java is on the PATH; ansible-rulebook needs 17 or newer"
    home = os.environ.get("JAVA_HOME") or str(Path(java).resolve().parents[1])
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {"PATH": path, "JAVA_HOME": home, "PYTHONUNBUFFERED": "1"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
