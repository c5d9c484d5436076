# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan from a file, as a text that passes through variables as it is."""

from __future__ import annotations

DOCUMENTATION = r"""
name: plan_file
short_description: Read a plan from a file on the controller
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Returns a plan in the text form that the option O(idgov.entra.access_package_assignments#module:plan) takes. Ansible would render
    a plan that is passed as a dictionary.
  - The plan itself is validated by the module only.
options:
  _terms:
    description:
      - The path of a file that contains a plan as JSON, or a plan in the text form, which is returned as it is. A relative path is relative to the
        directory in which Ansible was started.
    type: list
    elements: str
    required: true
  host:
    description: The host for which the plan was written, as C(inventory_hostname) names it. Unless it is V(localhost), its name is part of
      the file's, as the filter P(idgov.entra.host_path#filter) puts it there.
    type: str
    default: localhost
  strict:
    description: Whether a file that cannot be read is an error. If V(false), the result has the message in C(failure), and nothing else.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: See whether a plan still fits, without check mode apply it
  idgov.entra.access_package_assignments:
    plan: "{{ lookup('idgov.entra.plan_file', 'plan.json').text }}"
  check_mode: true
"""

RETURN = r"""
_raw:
  description: For each plan a dictionary with its C(text), and with the C(path) of its file, null for a plan in the text form.
  type: list
  elements: dict
"""

from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.idgov.entra.plugins.plugin_utils.file_paths import FileError
from ansible_collections.idgov.entra.plugins.plugin_utils.lookup import flat
from ansible_collections.idgov.entra.plugins.plugin_utils.plan_texts import read_plan
from ansible_collections.idgov.entra.plugins.plugin_utils.values import plain


class LookupModule(LookupBase):
    def run(self, terms: list[Any], variables: Any = None, **kwargs: Any) -> list[Any]:
        """Give the text forms of the plans that the terms name; raises AnsibleLookupError."""
        self.set_options(var_options=variables, direct=kwargs)
        try:
            return [read_plan(str(plain(term)), str(plain(self.get_option("host")))) for term in flat(terms)]
        except FileError as error:
            if not self.get_option("strict"):
                return [plain({"failure": str(error)})]
            raise AnsibleLookupError(str(error)) from None
