# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of many assignments, for people, workflows and auditors."""

from __future__ import annotations

DOCUMENTATION = r"""
name: outcome_digest
short_description: Summarize the outcomes of many assignments
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Summarizes the result of M(idgov.entra.access_package_assignments) for display, C(set_stats) and files, as the roles of this collection use it.
positional: _input
options:
  _input:
    description: The registered result of the task.
    type: dict
    required: true
  refused:
    description: People who were omitted, each with C(user) and C(reason).
    type: list
    elements: dict
    default: []
  names:
    description: Names to show instead of object ids.
    type: dict
    default: {}
  kept:
    description: Access packages that people keep, each with C(user) and C(access_package).
    type: list
    elements: dict
    default: []
  places:
    description: Where each assignment is declared, to show this instead of its index.
    type: list
    elements: str
    default: []
  prefix:
    description: What the names of a role's variables begin with, if the limits of the task, such as C(max_removals), are variables of it.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: What it would take for two people to get the VPN
  idgov.entra.access_package_assignments:
    defaults: {access_package: VPN Access, policy: Everybody}
    assignments:
      - user: ada@contoso.com
      - user: bo@contoso.com
  check_mode: true
  register: given

- name: Say what would come of it
  ansible.builtin.debug:
    msg: "{{ (given | idgov.entra.outcome_digest).lines }}"
"""

RETURN = r"""
_value:
  description:
    - C(lines), one for each person; C(stats), counts, ids and failures; C(changes), one dictionary for each changed assignment; C(failure),
      one message that lists everything that failed, or null.
  type: dict
"""

from typing import Any

from ansible_collections.idgov.entra.plugins.plugin_utils.digest import digest
from ansible_collections.idgov.entra.plugins.plugin_utils.values import filtered


def outcome_digest(
    result: Any, refused: Any = (), names: Any = None, kept: Any = (), places: Any = (), prefix: Any = ""
) -> Any:
    """Sum up the result of the task that assigns many."""
    return filtered(digest, result, list(refused), names or {}, list(kept), list(places), str(prefix))


class FilterModule:
    def filters(self) -> dict[str, Any]:
        """Name the filter."""
        return {"outcome_digest": outcome_digest}
