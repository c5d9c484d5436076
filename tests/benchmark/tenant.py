# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated tenant of the measurements: one package, one policy, and as many people as asked for."""

from __future__ import annotations

from typing import Any

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.simulator.world import read_world

Json = dict[str, Any]
PACKAGE = "Onboarding"
POLICY = "Direct assignment"


def names(count: int) -> list[str]:
    """Return the principal names of the people."""
    return [f"person{number:05}@contoso.com" for number in range(count)]


def ids(count: int) -> list[str]:
    """Return the object ids of the people, in the order of their names."""
    return [id_of("user", name) for name in names(count)]


def tenant(count: int) -> Json:
    """Build a world for the simulator in which nobody holds the package yet."""
    known = read_world("contoso")
    return {
        "tenant": known["tenant"],
        "apps": known["apps"],
        "users": [{"upn": name} for name in names(count)],
        "catalogs": [{"name": "Everybody"}],
        "packages": [
            {"name": PACKAGE, "catalog": "Everybody", "policies": [{"name": POLICY, "scope": "allMemberUsers"}]}
        ],
    }


def job(people: list[str]) -> Json:
    """Return what every way is told: the package and the policy by id, and the people, once more as items of a list."""
    return {
        "access_package": id_of("package", PACKAGE),
        "policy": id_of("policy", f"{PACKAGE}/{POLICY}"),
        "people": people,
        "assignments": [{"user": person} for person in people],
    }


def check(sim: Running, count: int) -> None:
    """Raise RuntimeError unless so many people hold the package, each by one delivered assignment."""
    dump = sim.dump()
    holders = [(item["objectId"], item["state"]) for item in dump["assignments"]]
    if len(set(holders)) != count or len(holders) != count or {state for _dummy, state in holders} != {"delivered"}:
        raise RuntimeError(f"{len(holders)} assignments where {count} delivered ones were expected")
