# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan of 5,000 changes stays small, in both forms, and is read in full."""

from __future__ import annotations

import json

from ansible_collections.idgov.entra.plugins.module_utils._plan.parse import parse_plan
from ansible_collections.idgov.entra.plugins.module_utils._plan.text import encode_plan
from tests.simulator.ids import id_of
from tests.support.large_plan import NOW, plan_of

CHANGES = 5_000
MEGABYTE = 1_000_000


def test_a_plan_of_many_changes_is_small_and_read_in_full() -> None:
    plan = plan_of(CHANGES)
    assert len(json.dumps(plan, separators=(",", ":"))) < 5 * MEGABYTE
    text = encode_plan(plan)
    assert len(text) < MEGABYTE
    read = parse_plan(text, NOW, wait=True)
    assert len(read.items) == CHANGES
    assert [item.declaration.user for item in read.items] == [id_of("user", str(n)) for n in range(CHANGES)]
