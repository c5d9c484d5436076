# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report asks Graph for: every name once, of access packages what a report says of them, and nothing where there is nothing to ask."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.running import Running
from tests.support.engine import ReportTask, run_task

Json = dict[str, Any]


def report(sim: Running, folder: Path, **options: Any) -> Json:
    sim.clear_calls()
    return run_task(ReportTask(), sim, {"paths": {"json": str(folder / "report.json")}, **options})


def asked(sim: Running) -> Counter[str]:
    """Count the operations by what they are about, a batch as what it holds."""
    paths = (call["path"] for call in sim.calls() if call["service"] == "graph")
    return Counter(path.split("/entitlementManagement/")[1] for path in paths if not path.endswith("$batch"))


@pytest.mark.parametrize(
    ("scope", "packages"),
    [
        ({}, 1),
        ({"catalog": "General"}, 1),
        ({"access_package": ["VPN Access", "Training"]}, 2),
        ({"access_package": ["VPN Access"], "catalog": "General"}, 1),
    ],
)
def test_a_report_reads_each_package_once_and_only_what_it_says_of_it(
    frozen: Running, tmp_path: Path, scope: Json, packages: int
) -> None:
    done = report(frozen, tmp_path, **scope)
    assert not done["failed"], done["msg"]
    found = asked(frozen)
    assert (set(found), found["accessPackages"]) == ({"accessPackages", "assignments", "assignmentRequests"}, packages)


def test_a_report_of_no_package_signs_in_nowhere(frozen: Running, tmp_path: Path) -> None:
    done = report(frozen, tmp_path, access_package=[])
    assert (done["totals"]["access_packages"], frozen.calls()) == (0, [])


def test_a_name_that_stands_for_nothing_is_an_error(frozen: Running, tmp_path: Path) -> None:
    done = report(frozen, tmp_path, access_package=["Nonexistent"])
    assert done["msg"].startswith("Could not read who has access: ")
    assert list(tmp_path.iterdir()) == []


def test_a_policy_that_a_list_does_not_tell_about_is_read_by_its_id(frozen: Running, tmp_path: Path) -> None:
    """Beta does not tell which policies are automatic."""
    done = report(frozen, tmp_path, access_package="Source Code Read", api_version="beta")
    assert not done["failed"], done["msg"]
    found = Counter(name.split("/")[0] for name in asked(frozen).elements())
    assert (found["accessPackages"], found["accessPackageAssignmentPolicies"]) == (1, 2)
