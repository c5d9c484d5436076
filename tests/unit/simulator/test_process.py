# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process: how it starts, says it is ready, repeats itself, and ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.running import ROOT, start
from tests.unit.simulator.graph_client import Graph, add


def launch(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.simulator", *arguments]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, **options)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_what_to_export_and_stops_on_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    ready = tmp_path / "ready.json"
    with launch("--ready-file", str(ready)) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        lines = [process.stdout.readline() for _dummy in range(9)]
        (facts,) = json.loads(ready.read_text(encoding="utf-8"))
        process.send_signal(number)
        assert process.wait(timeout=10) == 0
    assert facts["url"] in first
    exports = {**facts["environment"], "NO_PROXY": "localhost"}
    assert lines[0].startswith("unset ")
    assert sorted(lines[1:]) == sorted(f"export {name}={value}\n" for name, value in exports.items())
    assert not Path(facts["ca_path"]).exists()


def test_another_shell_reads_how_to_use_it_while_it_runs(tmp_path: Path) -> None:
    file = tmp_path / "a folder" / "simulator.sh"
    with launch("--shell-file", str(file)) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _dummy in range(2)]
        command = '. "$1" && ansible-doc --list idgov.entra > /dev/null && env'
        # What the shell has of a real tenant does not reach the simulator.
        names = (
            "AZURE_TENANT_ID",
            "AZURE_SECRET",
            "IDGOV_ACCESS_TOKEN",
            "IDGOV_AUTH_SOURCE",
            "ANSIBLE_AZURE_AUTH_SOURCE",
        )
        real = {**os.environ, **dict.fromkeys(names, "real")}
        read = subprocess.run(
            ["bash", "-euc", command, "bash", str(file)], env=real, capture_output=True, text=True, check=True
        ).stdout
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
    url = lines[0].split()[2].removesuffix(".")
    assert lines[1].endswith(f". {file}\n")
    assert f"IDGOV_GRAPH_URL={url}\n" in read
    assert "=real\n" not in read
    assert not file.exists()


def test_the_file_of_another_simulator_stays(tmp_path: Path) -> None:
    file = tmp_path / "simulator.sh"
    with launch("--shell-file", str(file)) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        file.write_text("of another one", encoding="utf-8")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
    assert file.read_text(encoding="utf-8") == "of another one"


def test_it_ends_when_nobody_holds_its_input_any_more(tmp_path: Path) -> None:
    with launch("--until-input-ends", stdin=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=10) == 0


def test_it_needs_nothing_beside_the_checkout(tmp_path: Path) -> None:
    environment = {**os.environ, "IDGOV_REFERENCE": str(tmp_path)}
    with launch("--until-input-ends", stdin=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("# Simulator at https://localhost:")


def test_a_bad_world_is_told() -> None:
    with pytest.raises(RuntimeError, match=r"nowhere\.yml"), start(world="nowhere"):
        pass


def test_the_same_seed_gives_the_same_ids() -> None:
    ids = []
    for seed in (7, 7, 8):
        with start(seed=seed, clock="2030-01-01T00:00:00Z", submitted_seconds=5) as sim:
            ids.append(Graph(sim, sim.token()).request(add()).json()["id"])
            assert sim.clock().startswith("2030-01-01T00:00:0")
    assert ids[0] == ids[1] != ids[2]
