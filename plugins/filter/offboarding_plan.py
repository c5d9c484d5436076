# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From people who leave to what is to be taken away from them."""

from __future__ import annotations

DOCUMENTATION = r"""
name: offboarding_plan
short_description: Create removals from what people hold and have requested
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Returns what the role P(idgov.entra.offboarding#role) passes to the module M(idgov.entra.access_package_assignments).
  - Somebody who is no longer in the directory is recognised by the principal name or mail address of assignments and requests, if exactly
    one person has it.
positional: _input
options:
  _input:
    description: The results of a loop of M(idgov.entra.access_package_assignment_info) over the users, one for each.
    type: list
    elements: dict
    required: true
  assignments:
    description: The assignments of everybody. Required for people who are no longer in the directory, see C(gone) in the result.
    type: list
    elements: dict
    default: []
  requests:
    description: The open requests of everybody.
    type: list
    elements: dict
    default: []
  keep:
    description: Ids of access packages that must not be removed.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: What each of them holds
  idgov.entra.access_package_assignment_info:
    user: "{{ item }}"
  loop: [lee@contoso.com]
  register: held

- name: What would be taken away
  ansible.builtin.debug:
    msg: "{{ held.results | idgov.entra.offboarding_plan }}"
"""

RETURN = r"""
_value:
  description:
    - C(assignments), items for M(idgov.entra.access_package_assignments); C(refused), who could not be identified and why; C(kept), what people
      keep; C(gone), the users who are no longer in the directory; C(names), names by object id.
  type: dict
"""

from typing import Any

from ansible_collections.idgov.entra.plugins.plugin_utils.leavers import plan_offboarding
from ansible_collections.idgov.entra.plugins.plugin_utils.values import filtered


def offboarding_plan(reads: Any, assignments: Any = (), requests: Any = (), keep: Any = ()) -> Any:
    """Return the plan for the users of a loop."""
    return filtered(plan_offboarding, reads, list(assignments), list(requests), list(keep))


class FilterModule:
    def filters(self) -> dict[str, Any]:
        """Name the filter."""
        return {"offboarding_plan": offboarding_plan}
