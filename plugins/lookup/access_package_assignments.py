# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Existing assignments of access packages, on the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
name: access_package_assignments
short_description: Look up who holds which Microsoft Entra access package
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Returns assignments of access packages of Microsoft Entra entitlement management, as the module
    M(idgov.entra.access_package_assignment_info) does, for use in expressions. It runs on the controller and signs in once for each call.
  - Names are looked up and must be unambiguous.
options:
  _terms:
    description:
      - People, by principal name, mail address or object id. Assignments of any of them are returned. Without terms, those of everybody, and at
        least one option is required.
      - An empty list returns nothing.
    type: list
    elements: str
notes:
  - Sign-in options are taken from the call, then from variables, then from the environment of the controller. The C(module_defaults) of a play
    do not reach lookups.
seealso:
  - module: idgov.entra.access_package_assignment_info
extends_documentation_fragment:
  - idgov.entra.reading
  - idgov.entra.version
  - idgov.entra.reading.assignments
  - idgov.entra.auth
  - idgov.entra.auth.plugins
"""

EXAMPLES = r"""
- name: What Lee holds now
  ansible.builtin.debug:
    msg: "{{ q('idgov.entra.access_package_assignments', 'lee@contoso.com', states=['delivered'])
      | map(attribute='access_package.display_name') }}"

- name: Only for those who hold the VPN
  ansible.builtin.debug:
    msg: Lee may connect
  when: q('idgov.entra.access_package_assignments', 'lee@contoso.com', access_package='VPN Access', states='delivered') | length > 0

- name: Write to everybody whose access ends within 30 days
  ansible.builtin.debug:
    msg: "{{ item.target.email }} - {{ item.access_package.display_name }} ends on {{ item.schedule.end_date_time }}"
  loop: "{{ q('idgov.entra.access_package_assignments', expiring_within='P30D') }}"
  loop_control:
    label: "{{ item.id }}"

- name: Sign-in options from variables
  ansible.builtin.debug:
    msg: "{{ q('idgov.entra.access_package_assignments', *people, current=true) | length }}"
  vars:
    people: [lee@contoso.com, mira@contoso.com]
    idgov_entra_tenant_id: contoso.onmicrosoft.com
    idgov_entra_client_id: "{{ entra_client_id }}"
    idgov_entra_client_secret: "{{ entra_client_secret }}"
"""

RETURN = r"""
_raw:
  description: The assignments, sorted. The format is that of the module M(idgov.entra.access_package_assignment).
  type: list
  elements: dict
"""

from typing import Any

from ansible.errors import AnsibleLookupError

from ansible_collections.idgov.entra.plugins.module_utils._tasks.access_package_assignment_info import (
    ARGUMENT_SPEC,
    run,
)
from ansible_collections.idgov.entra.plugins.plugin_utils.lookup import TaskLookup, flat


class LookupModule(TaskLookup):
    def run(self, terms: list[Any], variables: Any = None, **kwargs: Any) -> list[Any]:
        """Return the assignments of the users that the terms name; raises AnsibleLookupError."""
        # Where `with_` is used, ansible-core 2.16 passes its own word along.
        options = {name: value for name, value in kwargs.items() if name != "wantlist"}
        if "user" in options:
            raise AnsibleLookupError("user: users are given as terms of this lookup")
        if terms:
            options["user"] = flat(terms)
        elif not options:
            raise AnsibleLookupError("give users as terms, or at least one option such as states")
        return self.rows("assignments", run, ARGUMENT_SPEC, options, variables)
