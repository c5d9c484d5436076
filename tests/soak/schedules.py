# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked for and what goes wrong meanwhile, drawn from a seed: the same seed gives the same schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant, parse_instant
from tests.support.calls import CREATE

Json = dict[str, Any]
NOW = "2030-01-01T00:00:00Z"
PEOPLE = ("ada", "bo", "chen", "kim", "lee", "mira", "olga", "quinn", "rosa", "sam")
OUTSIDERS = ("sam@fabrikam.com", "uma@fabrikam.com")
ANSWERS = [
    {"question": "Cost centre", "value": "4711"},
    {"question": "Region", "value": "emea"},
]
PACKAGES: tuple[Json, ...] = (
    {"access_package": "Engineering Laptop"},
    {"access_package": "VPN Access", "policy": "Everybody"},
    {"access_package": "VPN Access", "policy": "Members"},
    {"access_package": "Source Code Read", "policy": "Engineers"},
    {"access_package": "Payroll", "answers": ANSWERS},
    {"access_package": "Training"},
)
READINGS = {
    "update_start": ("past_moves", "always_moves", "kept"),
    "stored_expiration": ("date", "duration"),
    "open_request_assignment": ("stub", "null"),
    "update_while_open": ("refuse", "accept"),
    "batch_throttle_status": ("200", "424"),
    "remove_expired": ("no_active_grant", "not_found"),
}
# Every kind of fault that the simulator knows; names as in its README. Pauses are real where they are not in a batch.
FAULTS: dict[str, tuple[Json, ...]] = {
    "status": (
        {**CREATE, "effect": {"status": 429}},
        {**CREATE, "effect": {"status": 429, "retry_after": 2.128}},
        {**CREATE, "effect": {"status": 500}},
        {**CREATE, "effect": {"status": 503, "retry_after": 0.01}},
        {"method": "GET", "batch": True, "effect": {"status": 429, "retry_after": 0.01}},
        {"method": "GET", "batch": True, "effect": {"status": 504}},
        {"method": "GET", "effect": {"status": 503, "retry_after": 0.01}},
        {"path": "batch$", "effect": {"status": 503, "retry_after": 0.01}},
        {"path": "batch$", "effect": {"status": 429, "retry_after": 0.01}},
    ),
    "carried_out": (
        {**CREATE, "effect": {"status": 504, "carried_out": True}},
        {"path": "batch$", "effect": {"status": 504, "carried_out": True}},
    ),
    "reset": (
        {**CREATE, "effect": {"reset": "before"}},
        {**CREATE, "effect": {"reset": "after"}},
        {"path": "batch$", "effect": {"reset": "after"}},
        {"path": "batch$", "effect": {"reset": "before"}},
    ),
    "slow": ({**CREATE, "effect": {"slow": 0.02}},),
    "truncate": ({"path": "batch$", "effect": {"truncate": 40}}, {**CREATE, "effect": {"truncate": 10}}),
    "token_expired": ({"path": "batch$", "effect": {"token_expired": True}}, {**CREATE, "effect": {"token_expired": True}}),
    "lag": ({**CREATE, "effect": {"lag": {"reads": 7}}}, {**CREATE, "effect": {"lag": {"seconds": 5}}}),
    "outcome": (
        {**CREATE, "effect": {"outcome": "limbo"}},
        {**CREATE, "effect": {"outcome": "deliveryFailed"}},
        {**CREATE, "effect": {"outcome": "partiallyDelivered"}},
        {**CREATE, "body": "adminUpdate|adminRemove", "effect": {"outcome": "ignored"}},
    ),
    "redirect": ({"method": "GET", "effect": {"redirect": "https://localhost:1"}},),
    "next_link": ({"method": "GET", "path": "/assignments$", "effect": {"next_link": "https://localhost:1"}},),
    "members": (
        {"method": "GET", "effect": {"members": {"accessPackageAssignment": {"state": "paused"}}}},
        {"method": "GET", "effect": {"members": {"accessPackageAssignmentRequest": {"state": "paused", "colour": "red"}}}},
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Schedule:
    """One play: who asks for what, how, what goes wrong, and which readings are in force."""

    seed: int
    items: list[Json]
    options: Json
    rules: list[Json]
    readings: dict[str, str]
    is_person: bool

    @property
    def kinds(self) -> set[str]:
        """Name the kinds of faults in it."""
        return {kind for kind, rules in FAULTS.items() for rule in rules for each in self.rules if _is(each, rule)}


def draw(seed: int) -> Schedule:
    """Draw the schedule of a seed."""
    chance = Random(seed)
    options: Json = {
        "concurrency": chance.choice([1, 4]),
        "on_item_error": chance.choice(["continue", "continue", "continue", "stop"]),
        "wait": chance.random() < 0.85,
        "retries": chance.choice([0, 1, 2]),
        "wait_timeout": 60,
    }
    if chance.random() < 0.2:
        options |= {"exclusive": True, "max_removals": "50", "allow_empty": True}
    return Schedule(
        seed=seed,
        items=_items(chance),
        options=options,
        rules=[_rule(chance) for _dummy in range(chance.randint(1, 4))],
        readings={name: chance.choice(readings) for name, readings in READINGS.items()},
        is_person=chance.random() < 0.4,
    )


def _items(chance: Random) -> list[Json]:
    """Draw a list in which nobody is named twice for a package."""
    pairs = [(package["access_package"], person) for package in PACKAGES for person in PEOPLE]
    chosen = chance.sample(sorted(set(pairs)), chance.randint(1, 26))
    items = [_item(chance, package, {"user": f"{person}@contoso.com"}) for package, person in chosen]
    some = chance.sample(OUTSIDERS, chance.choice([0, 0, 1, 2]))
    items += [
        {"access_package": "Partner Portal", "email": mail, "state": chance.choice(["present", "absent"])}
        for mail in some
    ]
    chance.shuffle(items)
    return items


def _item(chance: Random, package: str, person: Json) -> Json:
    named = chance.choice([each for each in PACKAGES if each["access_package"] == package])
    if chance.random() < 0.3:
        return {"access_package": package, **person, "state": "absent"}
    item: Json = {**named, **person, "on_policy_mismatch": chance.choice(["keep", "replace", "fail"])}
    days = chance.choice([None, None, 10, 20])
    if days is not None:
        end = format_instant(parse_instant(NOW) + timedelta(days=days))
        # Without renew a duration that has run out is a success without access, which outcomes do not tell apart.
        item |= {"renew": True, "schedule": chance.choice([{"duration": f"P{days}D"}, {"end_date_time": end}])}
    if chance.random() < 0.1:
        item["schedule"] = {"start_date_time": format_instant(parse_instant(NOW) + timedelta(days=5))}
    return item


def _rule(chance: Random) -> Json:
    kind = chance.choice(sorted(FAULTS))
    rule = {**chance.choice(FAULTS[kind])}
    hits = chance.choice([{"nth": chance.randint(1, 8)}, {"every": chance.randint(2, 5), "times": 3}, {"times": 2}])
    return {**rule, **hits}


def _is(rule: Json, of: Json) -> bool:
    return all(rule.get(name) == value for name, value in of.items())
