# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From files to one list of declared assignments."""

from __future__ import annotations

DOCUMENTATION = r"""
name: declared_assignments
short_description: Join files that declare assignments
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Returns what the role P(idgov.entra.access_as_code#role) passes to the module M(idgov.entra.access_package_assignments).
  - A mistake in a file is an error that names the file and the line, and so is a person and access package that occurs twice.
positional: _input, strict
options:
  _input:
    description:
      - Files as P(idgov.entra.data_files#lookup) returns them, each with the keys C(assignments) and C(access_packages) or one of them.
      - Of a table, each row is an assignment, with columns such as C(access_package), C(policy), C(user), C(email) and C(end_date_time).
    type: list
    elements: dict
    required: true
  strict:
    description: Whether a mistake is an error. If V(false), the result has the message in C(failure), and nothing else.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: How many assignments the files declare
  ansible.builtin.debug:
    msg: "{{ (query('idgov.entra.data_files', 'access/*.yml') | idgov.entra.declared_assignments).assignments | length }}"
"""

RETURN = r"""
_value:
  description: C(assignments) and C(access_packages) of all files, in their order; C(places), the file and line of each assignment.
  type: dict
"""

from typing import Any

from ansible_collections.idgov.entra.plugins.plugin_utils.declared import DeclarationError, declared_in
from ansible_collections.idgov.entra.plugins.plugin_utils.values import filtered


def declared_assignments(files: Any, strict: bool = True) -> Any:
    """Join what files declare; raises AnsibleFilterError."""
    return filtered(declared_in, files, wrong=DeclarationError, strict=strict)


class FilterModule:
    def filters(self) -> dict[str, Any]:
        """Name the filter."""
        return {"declared_assignments": declared_assignments}
