# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From people to the assignments of their jobs."""

from __future__ import annotations

DOCUMENTATION = r"""
name: onboarding_plan
short_description: Create assignments from a list of people
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Returns what the role P(idgov.entra.onboarding#role) passes to the module M(idgov.entra.access_package_assignments).
  - A person with a mistake is refused with the reason, and nobody else.
positional: _input
options:
  _input:
    description: People, as the role takes them in C(onboarding_people).
    type: list
    elements: dict
    required: true
  files:
    description: Files with more people, as P(idgov.entra.data_files#lookup) returns them.
    type: list
    elements: dict
    default: []
  columns:
    description: Which columns of a table are used, as the role takes them in C(onboarding_columns).
    type: dict
    default: {}
  profiles:
    description: The access packages of each profile, as the role takes them in C(onboarding_profiles).
    type: dict
    default: {}
  questions:
    description:
      - The questions of the access packages, as the results of a loop of M(idgov.entra.access_package_info) over C(asked) of this filter.
      - If not set, the answers of people are only checked for their format and not used.
    type: list
    elements: dict
    default: []
  strict:
    description: Whether a mistake that concerns everybody is an error. If V(false), the result has the message in C(failure), and nothing else.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: Two people and the package of their job
  ansible.builtin.debug:
    msg: "{{ people | idgov.entra.onboarding_plan(profiles=profiles) }}"
  vars:
    people:
      - {user: kim@contoso.com, profile: everybody}
      - {user: olga@contoso.com, profile: everybody, end_date_time: 2030-12-31}
    profiles:
      everybody: [VPN Access]
"""

RETURN = r"""
_value:
  description:
    - C(assignments), items for M(idgov.entra.access_package_assignments); C(places), where the person of each assignment is declared;
      C(refused), who was omitted and why; C(asked), the access packages whose questions are needed because somebody answers them.
  type: dict
"""

from typing import Any

from ansible_collections.idgov.entra.plugins.plugin_utils.joiners import PlanError, plan_people
from ansible_collections.idgov.entra.plugins.plugin_utils.values import filtered


def onboarding_plan(
    people: Any,
    files: Any = (),
    columns: Any = None,
    profiles: Any = None,
    questions: Any = (),
    strict: bool = True,
) -> Any:
    """Return the plan for people; raises AnsibleFilterError where what concerns everybody is wrong."""
    given = people, list(files), columns or {}, profiles or {}, list(questions)
    return filtered(plan_people, *given, wrong=PlanError, strict=strict)


class FilterModule:
    def filters(self) -> dict[str, Any]:
        """Name the filter."""
        return {"onboarding_plan": onboarding_plan}
