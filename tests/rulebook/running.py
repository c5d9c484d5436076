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
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.output += line
            if re.search(rf"unreachable=0\s+failed={failed}\b", line):
                return
        raise AssertionError(f"ansible-rulebook ended, or took too long: {self.output}")


@contextmanager
def running(name: str, directory: Path, environment: Mapping[str, str]) -> Iterator[Rulebook]:
    """Run the rulebook of this name until the block ends, on a port of its own, with TLS and a token."""
    authority, port = directory / "authority.pem", _free_port()
    issuer = trustme.CA()
    issuer.cert_pem.write_to_path(str(authority))
    issuer.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(str(directory / "webhook.pem"))
    process = subprocess.Popen(
        _command(name, directory, port),
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


def _command(name: str, directory: Path, port: int) -> list[str]:
    """Write what ansible-rulebook is given, and give its command line."""
    (ruleset,) = yaml.safe_load((ROOT / "extensions/eda/rulebooks" / f"{name}.yml").read_text(encoding="utf-8"))
    # Nothing but the place where it listens is another one.
    ruleset["sources"][0]["eda.builtin.webhook"].update(host="localhost", port=port)
    secrets = {"token": TOKEN, "certfile": str(directory / "webhook.pem"), "keyfile": str(directory / "webhook.pem")}
    files: dict[str, Any] = {
        "rulebook.yml": [ruleset],
        "vars.yml": {f"{name}_webhook_{key}": value for key, value in secrets.items()},
        "inventory.yml": {"all": {"hosts": {"localhost": {"ansible_connection": "local"}}}},
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
