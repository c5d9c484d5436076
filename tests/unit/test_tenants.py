# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host of the inventory is a tenant: in every playbook, in the same words."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.support.paths import ROOT

Json = dict[str, Any]
PLAYBOOKS = sorted((ROOT / "playbooks").glob("*.yml"))
HOSTS = "{{ idgov_hosts | default('localhost') }}"
# What these are told comes from one tenant: a survey, a callback, or an event.
OF_ONE_TENANT = {"expiring", "failed", "joiner", "resume"}


def plays(name: str) -> list[Json]:
    found: list[Json] = yaml.safe_load((ROOT / "playbooks" / f"{name}.yml").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", [path.stem for path in PLAYBOOKS])
def test_every_playbook_takes_hosts_and_signs_in_at_no_other_than_theirs(name: str) -> None:
    """A rulebook copies the one file of a playbook away, so that each has the checks in itself."""
    play = plays(name)[-1]
    assert (play["hosts"], play["connection"]) == (HOSTS, "local")
    known = plays("joiner")[-1]["pre_tasks"]
    assert play["pre_tasks"] == (known if name in OF_ONE_TENANT else known[1:])


@pytest.mark.parametrize("name", ["joiner", "resume"])
def test_a_pattern_without_hosts_is_looked_for_first(name: str) -> None:
    assert plays(name)[0] == plays("joiner")[0]
    assert plays(name)[0]["hosts"] == "localhost"
