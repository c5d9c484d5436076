# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the steps of pipelines as they stand in their files, with stand-ins for what only GitHub or GitLab has."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

Json = dict[str, Any]
# How both run a step: GitHub with `shell: bash`, GitLab's runner with what is in it line by line.
SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail")
_EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")
# Answers what it knows to be asked, and nothing else; what it was asked goes into a file.
_STAND_IN = """\
#!/usr/bin/env python3
import json, pathlib, shutil, sys
here = pathlib.Path(__file__).resolve().parent
with (here / "asked.jsonl").open("a") as log:
    log.write(json.dumps([pathlib.Path(__file__).name, *sys.argv[1:]]) + "\\n")
answers = json.loads((here / "answers.json").read_text())
answer = answers.get(" ".join([pathlib.Path(__file__).name, *sys.argv[1:]]))
if answer is None:
    sys.exit(f"unexpected: {sys.argv}")
for name, source in answer.get("files", {}).items():
    shutil.copy(source, name)
sys.stdout.write(answer.get("output", ""))
"""


@dataclass
class Bench:
    """A checkout in which steps run, and the programs that stand in for what is not here."""

    checkout: Path
    programs: Path
    environment: dict[str, str]

    def answer(self, answers: Mapping[str, Json]) -> None:
        """Say which command lines of stand-ins have which output, and put which files there."""
        self.programs.mkdir(exist_ok=True)
        for name in {line.partition(" ")[0] for line in answers}:
            program = self.programs / name
            program.write_text(_STAND_IN, encoding="utf-8")
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
        (self.programs / "answers.json").write_text(json.dumps(answers), encoding="utf-8")

    def asked(self) -> list[list[str]]:
        """Return the command lines of the stand-ins."""
        lines = (self.programs / "asked.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def run(self, commands: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run commands in the checkout."""
        own = {**self.environment, **environment}
        own["PATH"] = f"{self.programs}:{own['PATH']}"
        return subprocess.run(
            [*SHELL, "-c", commands],
            cwd=self.checkout,
            env=own,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
            timeout=180,
        )


def evaluated(values: Mapping[str, Any], context: Mapping[str, str]) -> dict[str, str]:
    """Return variables of a GitHub workflow with their expressions filled in; one that is not in the context is an error."""
    return {name: _EXPRESSION.sub(lambda found: context[found[1]], str(value)) for name, value in values.items()}


@dataclass
class GitLab:
    """GitLab's API as far as a pipeline asks it: answers by path, and the notes that it was sent."""

    answers: Mapping[str, Any]
    token: str
    url: str = ""
    notes: list[str] = field(default_factory=list)


@contextmanager
def gitlab(answers: Mapping[str, Any], token: str) -> Iterator[GitLab]:
    """Serve answers of GitLab on this machine."""
    played = GitLab(answers, token)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.headers.get("PRIVATE-TOKEN") == played.token and self.path in played.answers
            self._answer(200 if known else 404, played.answers[self.path] if known else {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8")
            known = self.headers.get("PRIVATE-TOKEN") == played.token and self.path.endswith("/merge_requests/7/notes")
            if known:
                played.notes.append(parse_qs(body)["body"][0])
            self._answer(201 if known else 404, {})

        def _answer(self, status: int, body: Any) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode("utf-8"))

        def log_message(self, *_arguments: Any) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    played.url = f"http://127.0.0.1:{server.server_port}/api/v4"
    try:
        yield played
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
