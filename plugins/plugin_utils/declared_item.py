# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An existing assignment as a declaration, with ids or with names in their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable

Json = dict[str, Any]
Given = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Names:
    """Options to write in place of ids, by the id in lower case; an id without a name of its own is not there.

    A package has ``access_package``, and ``catalog`` where its name alone means others, too.
    """

    packages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    policies: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)

    def of(self, *, package: str | None, policy: str | None, person: str | None) -> dict[str, str]:
        """Return the options that name this package, policy and person, as far as they have names."""
        options = {"policy": self.policies.get(_key(policy)), "user": self.people.get(_key(person))}
        return {**self.packages.get(_key(package), {}), **{name: text for name, text in options.items() if text}}


def declared_item(given: Given, row: Given, names: Names) -> Json | None:
    """Return an existing assignment as an ``item`` of access_package_assignments, so that declaring it changes nothing.

    ``ids`` has the ids that names stand for, by the option, where there are any; the ``comment`` says whom and what the other ids stand for. Null where
    nothing names the person. ``given`` is the assignment as the info module returns it, ``row`` its row in the report.
    """
    person, package, policy = row["object_id"], row["access_package_id"], row["policy_id"]
    if not person and not row["email"]:
        return None
    by_name = names.of(package=package, policy=policy, person=person)
    by_id = {"access_package": package, "policy": policy, "user": person}
    # Before it is delivered the schedule is not settled, and its own request would seem to contradict it.
    settled = (given.get("schedule") or {}) if row["state"] != "delivering" else {}
    item = {
        "access_package": package,
        "catalog": None,
        "policy": policy,
        **({"user": person} if person else {"email": row["email"]}),
        **by_name,
        "schedule": {name: value for name, value in settled.items() if value},
        # Otherwise declaring it would have Graph process it again.
        "on_delivery_failed": "keep" if row["state"] == "deliveryFailed" else None,
    }
    declared = {"comment": _comment(row, by_name), "item": {name: value for name, value in item.items() if value}}
    ids = {option: value for option, value in by_id.items() if option in by_name}
    return {**declared, "ids": ids} if ids else declared


def _comment(row: Given, by_name: Given) -> str:
    shown = {
        "access_package": row["access_package"],
        "policy": row["policy"],
        "person": row["person"],
        "user": row["principal_name"] or row["email"],
    }
    texts = dict.fromkeys(str(text) for option, text in shown.items() if text and option not in by_name)
    return printable(" / ".join(texts))


def _key(object_id: str | None) -> str:
    return (object_id or "").lower()
