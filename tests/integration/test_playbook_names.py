# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names in Graph are data: whoever may choose one can neither write to a terminal nor have a template run."""

from __future__ import annotations

import pytest
import yaml

from tests.integration.conftest import Play
from tests.simulator.running import Running
from tests.support.paths import ROOT
from tests.support.playbook import MODULE, SHIPPED, Json

EVIL = "\x1b[2J\u202e{{ lookup('pipe', 'echo pwn' ~ 'ed') }}"
EVERYBODY = {"scope": "allDirectoryUsers"}


def load(sim: Running) -> None:
    """Add a package with policies of such a name, and a user under one of them."""
    world = yaml.safe_load((ROOT / "tests" / "simulator" / "worlds" / "contoso.yml").read_text(encoding="utf-8"))
    policies = [{"name": name, **EVERYBODY} for name in (f"{EVIL}1", f"{EVIL}2", "Plain")]
    world["packages"].append({"name": "Named", "catalog": "General", "policies": policies})
    world["assignments"].append({"user": "ada@contoso.com", "package": "Named", "policy": f"{EVIL}1", "start": "-P1D"})
    sim.load(world)


@pytest.mark.parametrize("keywords", [{}, SHIPPED], ids=["in process", "shipped"])
def test_a_name_cannot_do_anything(sim: Running, playing: Play, keywords: Json) -> None:
    load(sim)
    named = {"access_package": "Named", "wait_interval": 1}
    other = {**named, "user": "ada@contoso.com", "policy": "Plain"}
    tasks = [
        {"name": "refused", MODULE: {**named, "user": "bo@contoso.com"}, "ignore_errors": True, **keywords},
        {"name": "mismatch", MODULE: other, "ignore_errors": True, **keywords},
        {"name": "absent", MODULE: {**other, "state": "absent"}, **keywords},
        {
            "name": "read",
            "idgov.entra.access_package_info": {"access_package": "Named"},
            "register": "read",
            **keywords,
        },
        {"name": "show", "ansible.builtin.debug": {"msg": "{{ read.access_packages[0].policies[0].display_name }}"}},
    ]
    done = playing(tasks, "-vvv")
    assert [task.status for task in done.tasks] == ["failed", "failed", "ok", "ok", "ok"], done.output
    assert "\\x1b[2J" in done.tasks[0].result["msg"]
    assert done.tasks[2].result["warnings"]
    assert "\x1b" not in done.output
    assert "\u202e" not in done.tasks[0].result["msg"]
    assert "pwned" not in done.output
