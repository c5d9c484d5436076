# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of roles: named alike in all of them, declared, listed in the README, and passed on to the module."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from ansible_collections.idgov.entra.plugins.module_utils._tasks.access_package_assignments import ARGUMENT_SPEC
from tests.support.paths import ROOT
from tests.support.roles import options_of

ROLES = ROOT / "roles"
WAITING = ("wait", "wait_timeout", "wait_interval")
# role -> the options of the module that are variables of the role under the same name; null in the module counts
PASSED: dict[str, tuple[str, ...]] = {
    "access_as_code": (*WAITING, "max_removals", "max_additions", "allow_empty"),
    "offboarding": WAITING,
    "onboarding": (*WAITING, "max_additions"),
}


def passed_on(role: str) -> dict[str, Any]:
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in (ROLES / role / "tasks").glob("*.yml")]
    tasks = [task for file in files for task in file]
    (options,) = [task[name] for task in tasks for name in task if name == "idgov.entra.access_package_assignments"]
    return dict(options)


@pytest.mark.parametrize("role", PASSED)
def test_options_of_the_module_are_variables_of_the_same_name(role: str) -> None:
    options = passed_on(role)
    for name in PASSED[role]:
        variable = f"{role}_{name}"
        assert options_of(role)[variable]["type"] == ARGUMENT_SPEC[name]["type"]
        assert re.search(rf"\b{variable}\b", options[name]), name


@pytest.mark.parametrize("role", PASSED)
def test_how_long_to_wait_is_left_to_the_module_where_nothing_is_said(role: str) -> None:
    defaults = yaml.safe_load((ROLES / role / "defaults" / "main.yml").read_text(encoding="utf-8"))
    assert [passed_on(role)[name] for name in WAITING] == [
        f"{{{{ {role}_{name} | default(omit) }}}}" for name in WAITING
    ]
    assert not {f"{role}_{name}" for name in WAITING} & defaults.keys()


@pytest.mark.parametrize("role", PASSED)
def test_the_readme_lists_every_variable(role: str) -> None:
    readme = (ROLES / role / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(rf"^\| `({role}_\w+)` \|", readme, flags=re.MULTILINE)) == options_of(role).keys()
