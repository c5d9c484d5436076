# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far an open request has come, where a start lies ahead."""

from __future__ import annotations

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._decide.decide import decide
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Schedule
from tests.unit.samples import DAY, END, NOW, assignment, desired, observed, request

LATER = NOW + 5 * DAY
HELD = assignment(schedule=Schedule(LATER, END))


@pytest.mark.parametrize(
    "wish", [Schedule(LATER, END + DAY), Schedule(LATER, END + 2 * DAY)], ids=["fits", "contradicts"]
)
def test_an_update_of_an_assignment_that_starts_later_is_waited_for(wish: Schedule) -> None:
    """An update sends the present start along, and does not wait for it."""
    there = observed(HELD, request("adminUpdate", "submitted", schedule=Schedule(LATER, END + DAY)))
    assert decide(desired(schedule=wish), there, NOW, may_cancel=False).step is Step.WAIT


@pytest.mark.parametrize("may_cancel", [True, False])
@pytest.mark.parametrize("state", ["present", "absent"])
def test_what_is_delivering_does_not_wait_for_its_start(state: str, may_cancel: bool) -> None:
    """Graph's clock may be a second ahead: delivering has begun, and cannot be canceled any more."""
    there = observed(request("adminAdd", "delivering", schedule=Schedule(NOW + DAY / 86400)))
    assert decide(desired(state=state), there, NOW, may_cancel=may_cancel).step is Step.WAIT
