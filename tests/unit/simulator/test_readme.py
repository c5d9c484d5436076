# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The README names everything a test can order."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from tests.simulator import running
from tests.simulator.door import ORDERS
from tests.simulator.faults import Effect, Rule
from tests.simulator.switches import SWITCHES

README = (Path(running.__file__).parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("order", sorted(f"{method} {path}" for method, path in ORDERS))
def test_every_order_of_the_door_is_named(order: str) -> None:
    assert f"`{order}" in README


@pytest.mark.parametrize(
    "name",
    [item.name for kind in (Effect, Rule) for item in fields(kind) if item.init and item.name not in ("seen", "hit")],
)
def test_every_part_of_a_rule_is_named(name: str) -> None:
    assert f"`{name}" in README or f"{name}," in README


@pytest.mark.parametrize(
    "name",
    [name for name in vars(running.Running) if not name.startswith("_") and callable(getattr(running.Running, name))],
)
def test_every_method_is_named(name: str) -> None:
    assert f"{name}(" in README


def test_every_switch_says_what_it_decides() -> None:
    for name, switch in SWITCHES.items():
        assert len(switch.readings) > 1, name
        assert switch.section, name
        assert switch.meaning, name
