# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan as a file, as a text for other jobs, and as a summary for those who review it."""

from __future__ import annotations

DOCUMENTATION = r"""
name: plan_files
short_description: Write the plan and the summary of a task that manages many assignments
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Turns the result of M(idgov.entra.access_package_assignments) into texts of files. The role P(idgov.entra.access_as_code#role) puts
    them where they belong.
  - Names in the summary are inside code spans and escaped, whatever they contain.
positional: _input, planned, failure
options:
  _input:
    description: The registered result of the task.
    type: dict
    required: true
  planned:
    description: Whether the task only planned, in check mode.
    type: bool
    default: true
  failure:
    description: The message that the role fails with. The default is the C(msg) of a failed task.
    type: str
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

- name: Show the summary for a pull request
  ansible.builtin.debug:
    msg: "{{ (given | idgov.entra.plan_files).summary.splitlines() }}"
"""

RETURN = r"""
_value:
  description:
    - C(json), the plan as a file, and C(text), the plan as the text that the option O(idgov.entra.access_package_assignments#module:plan)
      takes; both are null where the task returned no plan.
    - C(summary), Markdown of at most 60,000 characters - counts, a table of changes with removals first, and warnings.
    - C(changes), the number of assignments that were changed, or would be.
  type: dict
"""

from typing import Any

from ansible_collections.idgov.entra.plugins.plugin_utils.plan_texts import plan_files as files_of
from ansible_collections.idgov.entra.plugins.plugin_utils.values import filtered


def plan_files(result: Any, planned: bool = True, failure: Any = None) -> Any:
    """Give the texts of a plan and its summary."""
    return filtered(files_of, result, bool(planned), failure)


class FilterModule:
    """The filter, under its name."""

    def filters(self) -> dict[str, Any]:
        return {"plan_files": plan_files}
