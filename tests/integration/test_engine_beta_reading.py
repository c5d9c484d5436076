# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading in beta: the same rows as in v1.0, in the same shape and order."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._tasks import (
    access_package_assignment_info,
    access_package_assignment_request_info,
    access_package_info,
)
from tests.integration.request_as_world import OWN, WORLD
from tests.simulator.running import Running
from tests.support.engine import Task, run_task

Json = dict[str, Any]
ROWS: dict[Any, str] = {
    access_package_assignment_info: "assignments",
    access_package_assignment_request_info: "requests",
    access_package_info: "access_packages",
}
LISTS: list[Any] = [access_package_assignment_info, access_package_assignment_request_info]
# a task, and what it is asked for
ASKED: list[tuple[Any, Json]] = [
    (access_package_assignment_info, {}),
    (access_package_assignment_info, {"catalog": "Finance", "states": ["delivered", "expired"]}),
    (access_package_assignment_info, {"user": ["lee@contoso.com", "mira@contoso.com"], "current": True}),
    (access_package_assignment_info, {"access_package": "VPN Access", "policy": "Everybody"}),
    (access_package_assignment_info, {"expiring_within": "P60D"}),
    (access_package_assignment_request_info, {"states": ["delivered"], "request_types": ["adminAdd"]}),
    (access_package_assignment_request_info, {"created_after": "2026-01-01", "user": "lee@contoso.com"}),
    (access_package_info, {"access_package": ["Payroll", "VPN Access"]}),
    (access_package_info, {"catalog": "General"}),
]


def both(sim: Running, task: Task, options: Json, token: str | None = None) -> tuple[list[Json], list[Json]]:
    """Return what v1.0 and what beta say, without whether policies assign by a rule, which beta does not tell."""
    found = [in_version(sim, version, task, options, token) for version in ("v1.0", "beta")]
    for policy in (policy for rows in found for row in rows for policy in row.get("policies", [])):
        del policy["is_automatic"]
    return found[0], found[1]


def in_version(sim: Running, version: str, task: Task, options: Json, token: str | None = None) -> list[Json]:
    result = run_task(task, sim, {**options, "api_version": version}, token=token)
    assert not result["failed"], result["msg"]
    rows: list[Json] = result[ROWS[task]]
    return rows


@pytest.mark.parametrize(("task", "options"), ASKED, ids=[f"{ROWS[task]} {options}" for task, options in ASKED])
def test_the_same_rows_come_back(frozen: Running, task: Task, options: Json) -> None:
    first, second = both(frozen, task, options)
    assert first
    assert second == first


@pytest.mark.parametrize("task", LISTS, ids=[ROWS[task] for task in LISTS])
def test_what_is_the_signed_in_users_own_comes_back(frozen: Running, task: Task) -> None:
    frozen.load(WORLD)
    first, second = both(
        frozen, task, {"mine": True}, frozen.token("delegated", user="kim@contoso.com", permissions=OWN)
    )
    assert first
    assert second == first


def test_rows_are_found_by_their_ids(frozen: Running) -> None:
    for task in LISTS:
        whole, _dummy = both(frozen, task, {})
        ids = [whole[3]["id"], whole[0]["id"]]
        first, second = both(frozen, task, {"id": ids})
        assert sorted(row["id"] for row in first) == sorted(ids)
        assert second == first


@pytest.mark.parametrize(("version", "told"), [("v1.0", [False, True]), ("beta", [None, None])])
def test_whether_a_policy_assigns_by_a_rule(frozen: Running, version: str, told: list[bool | None]) -> None:
    (code,) = in_version(frozen, version, access_package_info, {"access_package": "Source Code Read"})
    assert [policy["is_automatic"] for policy in code["policies"]] == told
