# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the RETURN of each module documents is what its results hold, member by member, whichever host ran it."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant
from ansible_collections.idgov.entra.plugins.module_utils._plan.text import digest_of, encode_plan
from tests.integration.conftest import Play
from tests.simulator.running import Running
from tests.support.calls import CREATE
from tests.support.engine import administrator, assign, assign_many
from tests.support.paths import MODULES
from tests.support.playbook import MANY, MODULE, REQUEST_MODULE, SHIPPED, Done
from tests.support.requests_world import CREATED, load, waiting

Json = dict[str, Any]
# The members of something, each with its own; null where what is inside is not documented: plain values, Graph's own words.
Shape = dict[str, Any] | None
REFERENCE = re.compile(r"\bas (?:in )?M\(idgov\.entra\.(\w+)\)|\bthat of the module M\(idgov\.entra\.(\w+)\)")
# What Ansible documents of every module.
COMMON = {"changed", "failed", "msg", "warnings", "invocation", "exception"}
KIM: Json = {"access_package": "Payroll", "user": "kim@contoso.com"}
ANSWERS = [{"question": "Cost centre", "value": "4712"}, {"question": "Region", "value": "emea"}]
UPDATED = {"access_package": "Payroll", "user": "lee@contoso.com", "answers": ANSWERS, "schedule": {"duration": "P80D"}}
REPROCESSED: Json = {"access_package": "Engineering Laptop", "user": "mira@contoso.com"}
CANCELED = {**KIM, "state": "absent"}
UNKNOWN = {"access_package": "Nope", "user": "kim@contoso.com"}


def returned(module: str) -> Json:
    """Return what a module documents of its results."""
    text = importlib.import_module(f"ansible_collections.idgov.entra.plugins.modules.{module}").RETURN
    documented: Json = yaml.safe_load(text)
    return documented


def documented(name: str, node: Json, sample: Any = None) -> Shape:
    """Return the members of what is documented: those that it contains, else those of what it refers to, else of its sample."""
    sample = first(node.get("sample", sample))
    if "contains" in node:
        within = sample if isinstance(sample, Mapping) else {}
        return {key: documented(key, member, within.get(key)) for key, member in node["contains"].items()}
    return referred(name, str(node["description"])) or of_sample(sample)


def referred(name: str, description: str) -> Shape:
    """Return the members of what another module documents under the same name, where the description names that module."""
    found = REFERENCE.search(description)
    if not found:
        return None
    members = returned(found[1] or found[2])
    everything = {**members, **members["diff"]["contains"]}
    return documented(name, everything[name]) if name in everything else None


def of_sample(value: Any) -> Shape:
    value = first(value)
    return {name: of_sample(inner) for name, inner in value.items()} if value and isinstance(value, Mapping) else None


def first(value: Any) -> Any:
    return (value[0] if value else None) if isinstance(value, list) else value


def paths(shape: Shape, above: str = "") -> Iterator[str]:
    """Give the path of every member, however deep."""
    for name, inner in (shape or {}).items():
        yield f"{above}{name}"
        yield from paths(inner, f"{above}{name}.")


def seen(value: Any, shape: Shape, above: str = "") -> Iterator[str]:
    """Give the path of every member that came; the members of an object are all there, but for those of a difference."""
    for row in value if isinstance(value, list) else [value]:
        if row is None or shape is None:
            continue
        assert row.keys() <= shape.keys(), above
        assert row.keys() == shape.keys() or re.search(r"(^|\.)diff\.", f".{above}"), above
        for name, inner in row.items():
            yield f"{above}{name}"
            yield from seen(inner, shape[name], f"{above}{name}.")


def prepare(sim: Running) -> Json:
    """Load the world with an open request that has answers, and a failed delivery; give the options of the one that waits."""
    load(sim)
    resumed = {**waiting(sim, CREATED), "decision": "denied", "instance_detail": "Not now"}
    sim.faults({**CREATE, "times": 1, "effect": {"outcome": "deliveryFailed"}})
    assert assign(sim, **REPROCESSED)["failed"]
    opened = assign(
        sim, **KIM, token=administrator(sim), answers=ANSWERS, schedule={"start_date_time": "2030-01-01"}, wait=False
    )
    return {**resumed, "of_kim": opened["request"]["id"]}


def tasks_of(sim: Running, path: Path) -> list[tuple[str, Json, Json]]:
    """Return module, options and keywords of tasks whose results have among them all that can come."""
    resumed = prepare(sim)
    opened, person = resumed.pop("of_kim"), {"access_token": administrator(sim)}
    foreseen = {"check_mode": True}
    many = [UPDATED, REPROCESSED, CANCELED, UNKNOWN]
    plan = assign_many(sim, [UPDATED], check=True)["plan"]
    plan["items"][0]["before"]["policy"] = "Another"
    # The simulated clock may be ahead of the one by which the playbook holds the plan against its age.
    plan["created_date_time"] = format_instant(datetime.now(timezone.utc).replace(microsecond=0))
    stale = {**plan, "digest": digest_of(plan)}
    return [
        ("access_package_assignments", {"assignments": many, **person}, foreseen),
        ("access_package_assignments", {"assignments": [UPDATED]}, foreseen),
        ("access_package_assignments", {"plan": encode_plan(stale)}, {}),
        ("access_package_assignment_request", {"request_id": opened, "state": "canceled", **person}, foreseen),
        ("access_package_assignment_request", resumed, {}),
        ("access_package_assignment_request", {"request_id": opened, "state": "reprocessed"}, {}),
        ("access_package_info", {"access_package": ["Payroll", "Payroll Approver"]}, {}),
        ("access_package_info", {"access_package": "Nope"}, {}),
        ("access_package_assignment_info", {"user": "lee@contoso.com"}, {}),
        ("access_package_assignment_info", {"access_package": "Nope"}, {}),
        ("access_package_assignment_request_info", {"user": "kim@contoso.com"}, {}),
        ("access_package_assignment_request_info", {"access_package": "Nope"}, {}),
        ("access_report_files", {"paths": {"csv": f"{path}/access.csv"}}, {}),
        ("access_report_files", {"paths": {"csv": f"{path}/access.csv"}, "access_package": "Nope"}, {}),
        ("selfcheck", {}, {}),
        ("selfcheck", {"write": True}, {}),
        ("access_package_assignment", UPDATED, {}),
        ("access_package_assignment", REPROCESSED, {}),
        ("access_package_assignment", {**CANCELED, **person}, {}),
        ("access_package_assignment", UNKNOWN, {}),
    ]


@pytest.mark.parametrize("keywords", [{}, SHIPPED], ids=["in process", "shipped"])
def test_results_hold_what_is_documented_and_nothing_else(
    sim: Running, playing: Play, tmp_path: Path, keywords: Json
) -> None:
    tasks = [
        {"name": module, f"idgov.entra.{module}": options, "ignore_errors": True, **keywords, **more}
        for module, options, more in tasks_of(sim, tmp_path)
    ]
    token = "idgov.entra.access_token_info"
    tasks += [
        {"name": "sign in", token: {}, "register": "token"},
        {"name": "access_token_info", "ansible.builtin.debug": {"var": "token"}},
        {"name": "sign in", token: {"client_secret": "not-this-one"}, "register": "token", "ignore_errors": True},
        {"name": "access_token_info", "ansible.builtin.debug": {"var": "token"}},
    ]
    done = playing(tasks, module_defaults={module: {"wait_interval": 1} for module in (MODULE, MANY, REQUEST_MODULE)})
    assert done.status == 0, done.output
    for module in MODULES:
        results = [own(each) for each in done.tasks if each.task == module]
        assert {bool(result.get("failed")) for result in results} == {True, False}, module
        check(module, results)


def own(done: Done) -> Json:
    """Return the result of a task; that of the one that is hidden is what it has registered."""
    result: Json = {"failed": done.status == "failed", **done.result}
    result = result.get("token", result)
    return {name: value for name, value in result.items() if not name.startswith("_ansible")}


def check(module: str, results: list[Json]) -> None:
    """Each member is there when it is documented to be; and each that is documented has come, however deep it is.

    One that is documented to be there in other words than always, success or failure need not be in every result.
    """
    nodes = returned(module)
    shape: Json = {name: documented(name, node) for name, node in nodes.items()}
    sometimes = {name for name, node in nodes.items() if node["returned"] not in ("always", "success", "failure")}
    came: set[str] = set()
    for result in results:
        end = "failure" if result.get("failed") else "success"
        due = {name for name, node in nodes.items() if node["returned"] in ("always", end)}
        assert result.keys() - COMMON - sometimes == due, module
        for name in due | sometimes & result.keys():
            came |= {name, *seen(result[name], shape.get(name), f"{name}.")}
    assert set(paths(shape)) - came == set(), module
