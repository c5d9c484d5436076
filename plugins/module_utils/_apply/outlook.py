# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a whole task would do to each access package, known before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ansible_collections.idgov.entra.plugins.module_utils._apply.choose import choose_all_steps
from ansible_collections.idgov.entra.plugins.module_utils._apply.item import Item
from ansible_collections.idgov.entra.plugins.module_utils._decide.caps import PackageChange
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Person
from ansible_collections.idgov.entra.plugins.module_utils._decide.exact_set import users_by_request
from ansible_collections.idgov.entra.plugins.module_utils._decide.look_ahead import Planned
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Package
from ansible_collections.idgov.entra.plugins.module_utils._fetch.readers import Readers


@dataclass
class _Change:
    package: Package
    removed: list[Person] = field(default_factory=list)
    replaced: list[Person] = field(default_factory=list)
    added: list[Person] = field(default_factory=list)
    gains_holder: bool = False


def foresee_changes(
    items: Sequence[Item], reader: Readers, now: datetime, *, with_holders: bool
) -> list[PackageChange]:
    """Return for each package who would lose and get it, of items whose observed state was read; one that fails does nothing.

    ``with_holders`` needs packages that were read as a whole. Raises what signing in raises.
    """
    changes: dict[str, _Change] = {}
    for item, steps in choose_all_steps(items, reader, now):
        if item.desired is not None:
            package = item.desired.package
            _add(changes.setdefault(package.id.lower(), _Change(package)), item, item.desired.person, steps)
    return [
        PackageChange(
            package=change.package,
            removed=tuple(change.removed),
            replaced=tuple(change.replaced),
            added=tuple(change.added),
            held=tuple(users_by_request(change.package, reader.admin.holdings_of(package_id).assignments))
            if with_holders
            else (),
            gains_holder=change.gains_holder,
        )
        for package_id, change in changes.items()
    ]


def _add(change: _Change, item: Item, person: Person, steps: Sequence[Planned]) -> None:
    written = {step.write.step for step in steps if step.write}
    if any(step.is_replacing for step in steps):
        change.replaced.append(person)
    elif Step.REMOVE in written:
        change.removed.append(person)
    elif Step.ADD in written:
        change.added.append(person)
    present = item.desired is not None and item.desired.state == "present"
    change.gains_holder |= present and bool(steps or item.observed.active or item.observed.open_request)
