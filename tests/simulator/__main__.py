# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.simulator``: run the simulator until it is stopped."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shlex
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.support.paths import collections_path

from .app import build_app
from .csdl import read_metadata
from .metadata_check import SEGMENTS, MetadataChecker
from .routes import VERSIONS
from .server import listen, serve, write_certificates
from .settings import Settings
from .sim import Simulator
from .times import parse_instant
from .world import read_world


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--world", default="contoso", help="YAML file, or the name of one in worlds/")
    parser.add_argument(
        "--tenants", type=int, default=1, help="so many tenants in one process, each on a port of its own"
    )
    parser.add_argument("--seed", type=int, default=1, help="makes ids and the order of batch answers repeat")
    parser.add_argument("--clock", help="instant at which the simulated clock starts; default: now")
    parser.add_argument("--setting", action="append", default=[], metavar="NAME=NUMBER", help="see settings.py")
    parser.add_argument(
        "--check-metadata",
        action="append",
        default=[],
        metavar="VERSION=FILE",
        help="check every answer of a version against this Graph $metadata document",
    )
    parser.add_argument("--ready-file", help="write URL, CA file and environment here as JSON once ready")
    parser.add_argument("--ready-fd", type=int, help="the same to an open file descriptor, which is then closed")
    parser.add_argument("--shell-file", help="write there what another shell reads to use it, while it runs")
    parser.add_argument("--until-input-ends", action="store_true", help="stop when standard input ends")
    return parser.parse_args()


def environment_of(sim: Simulator, url: str, ca_path: Path) -> dict[str, str]:
    """Return what to export so that a playbook talks to this simulator."""
    app = next(iter(sim.store.apps.values()))
    return {
        "IDGOV_GRAPH_URL": url,
        "AZURE_AUTHORITY_HOST": url,
        "IDGOV_CA_PATH": str(ca_path),
        "AZURE_TENANT_ID": sim.store.tenant_id,
        "AZURE_CLIENT_ID": app.client_id,
        "AZURE_CLIENT_SECRET": app.secret or "",
        "AZURE_DISABLE_INSTANCE_DISCOVERY": "true",
    }


def _announce(arguments: argparse.Namespace, tenants: list[dict[str, Any]]) -> None:
    text = json.dumps(tenants)
    if arguments.ready_file:
        path = Path(arguments.ready_file)
        partial = path.with_name(path.name + ".partial")
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    if arguments.ready_fd is not None:
        with os.fdopen(arguments.ready_fd, "w", encoding="utf-8") as pipe:
            pipe.write(text)
        return
    if arguments.shell_file:
        path = Path(arguments.shell_file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_shell_file(tenants[0]["environment"]), encoding="utf-8")
        print(f"Simulator at {tenants[0]['url']}. It forgets everything when it is stopped, with Ctrl-C.")
        print(f"In another terminal, in this directory:  . {arguments.shell_file}", flush=True)
        return
    for facts in tenants:
        print(f"# Simulator at {facts['url']}, CA file {facts['ca_path']}. Stop it with Ctrl-C. To use it:")
        print("\n".join(_commands(facts["environment"])))
    sys.stdout.flush()


def _commands(environment: dict[str, str]) -> list[str]:
    """Return what a shell is told to use a simulator."""
    # What it may hold of a real tenant would win, and must not reach a simulator.
    unset = ["unset IDGOV_ACCESS_TOKEN IDGOV_AUTH_SOURCE ANSIBLE_AZURE_AUTH_SOURCE AZURE_TENANT AZURE_SECRET"]
    exports = {**environment, "NO_PROXY": "localhost"}
    return [*unset, *(f"export {name}={shlex.quote(value)}" for name, value in exports.items())]


def _shell_file(environment: dict[str, str]) -> str:
    """Return what makes a shell use the simulator, and this checkout as an installed collection."""
    activate = Path(sys.prefix) / "bin" / "activate"
    commands = [f". {shlex.quote(str(activate))}"] if activate.is_file() else []
    commands += [f"export ANSIBLE_COLLECTIONS_PATH={shlex.quote(str(collections_path()))}"]
    # Without an inventory Ansible knows this machine, and nothing else is needed.
    commands += ["export ANSIBLE_LOCALHOST_WARNING=false ANSIBLE_INVENTORY_UNPARSED_WARNING=false"]
    commands += _commands(environment)
    return "\n".join(commands) + "\n"


def _remove_shell_file(path: Path, environment: dict[str, str]) -> None:
    """Remove the file unless another simulator has written its own there since."""
    with contextlib.suppress(FileNotFoundError):
        if path.read_text(encoding="utf-8") == _shell_file(environment):
            path.unlink()


def main() -> None:
    """Run the simulator as the command line says."""
    arguments = _arguments()
    settings = Settings()
    settings.update({name: float(value) for name, _dummy, value in (item.partition("=") for item in arguments.setting)})
    start = parse_instant(arguments.clock) if arguments.clock else None
    world = read_world(arguments.world)
    simulators = [Simulator(world, arguments.seed, settings, start) for _dummy in range(arguments.tenants)]
    for version, _dummy, path in (item.partition("=") for item in arguments.check_metadata):
        schema = VERSIONS[version].dialect.schemas["global"]
        for sim in simulators:
            sim.checkers[version] = MetadataChecker(read_metadata(Path(path)), schema, SEGMENTS[version])
    # The first one has the port that was asked for.
    sockets = {listen(arguments.port if sim is simulators[0] else 0): sim for sim in simulators}
    with tempfile.TemporaryDirectory(prefix="simulator-") as folder:
        ca_path, chain_path = write_certificates(Path(folder))
        facts = [_facts(sim, f"https://localhost:{sock.getsockname()[1]}", ca_path) for sock, sim in sockets.items()]
        apps = {sock: build_app(sim) for sock, sim in sockets.items()}
        try:
            serve(apps, chain_path, lambda: _announce(arguments, facts), arguments.until_input_ends)
        finally:
            if arguments.shell_file:
                _remove_shell_file(Path(arguments.shell_file), facts[0]["environment"])


def _facts(sim: Simulator, url: str, ca_path: Path) -> dict[str, Any]:
    return {"url": url, "ca_path": str(ca_path), "environment": environment_of(sim, url, ca_path)}


if __name__ == "__main__":
    main()
