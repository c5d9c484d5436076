# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever wants the longest access that a policy allows is content with what Graph made of "no end"."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import writes
from tests.support.engine import assign
from tests.unit.simulator.graph_client import Graph

Json = dict[str, Any]
LAPTOP: Json = {"access_package": "Engineering Laptop", "user": "ada@contoso.com"}
NO_END = {"schedule": {"expiration": {"type": "noExpiration"}}}


@pytest.fixture
def tenant(frozen: Running) -> Running:
    frozen.set_clock("2030-01-01T00:00:00Z")
    frozen.load("contoso")
    frozen.switches(end_beyond_policy="clamp", update_start="kept")
    return frozen


def by_portal(sim: Running, body: Json) -> None:
    made = Graph(sim, sim.token()).request({**body, **NO_END})
    assert made.status_code == 201, made.text
    sim.advance(300)


def test_what_was_clamped_is_the_longest_and_is_left_alone(tenant: Running) -> None:
    ids = {"accessPackageId": "Engineering Laptop", "assignmentPolicyId": "Engineering Laptop/Direct assignment"}
    named = {name: id_of("policy" if "/" in key else "package", key) for name, key in ids.items()}
    by_portal(
        tenant, {"requestType": "adminAdd", "assignment": {"targetId": id_of("user", "ada@contoso.com"), **named}}
    )
    tenant.clear_calls()
    longest: Json = {**LAPTOP, "schedule": {"duration": "P365D"}}
    first = assign(tenant, **longest)
    assert (first["failed"], first["action"]) == (False, "none")
    tenant.advance(40 * 86400)
    held = next(row for row in tenant.dump()["assignments"] if row["id"] == first["assignment"]["id"])
    by_portal(tenant, {"requestType": "adminUpdate", "assignment": {"id": held["id"]}})
    tenant.clear_calls()
    again = assign(tenant, **longest)
    assert (again["failed"], again["action"]) == (False, "none")
    assert again["assignment"]["schedule"]["end_date_time"].startswith("2031-02-10")
    shorter = assign(tenant, check=True, **LAPTOP, schedule={"duration": "P90D"})
    assert shorter["action"] == "update"
    assert writes(tenant) == []


def test_no_end_is_refused_with_a_hint_at_what_to_write(tenant: Running) -> None:
    refused = assign(tenant, **LAPTOP, schedule={"no_expiration": True})
    assert refused["failed"]
    assert "not without an end" in refused["msg"]
    assert "duration: P365D" in refused["error"]["hint"]
    assert writes(tenant) == []
