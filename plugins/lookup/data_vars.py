# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables as data: what an event or a survey says, taken by name, checked and never rendered."""

from __future__ import annotations

DOCUMENTATION = r"""
name: data_vars
short_description: Read untrusted variables without rendering them as templates
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Returns members of variables that others fill, such as the C(ansible_eda) of Event-Driven Ansible or the answers of a survey. Ansible treats
    extra variables as templates, so whoever writes a string into an event can run code on the controller as soon as an expression
    uses the variable.
  - This lookup reads the variables as they are stored. It takes the listed members, checks each, copies it, and marks the copy as
    data that Ansible does not render. Everything else in the variables is ignored.
  - A member that does not exist or is null is omitted. Values from a vault are refused.
options:
  _terms:
    description:
      - The path of the parent of all members, such as V(ansible_eda.event.payload). If not set, each path starts with the name of a variable.
    type: list
    elements: str
  members:
    description:
      - The members to return, by their names in the result. Each is a path, as names separated by dots, or a dictionary
        with C(path), C(kind) and C(required).
      - C(kind) is V(id) for an object id (a GUID), V(word) for up to 64 ASCII letters and digits, V(text) for one line of up to 256
        printable characters, or V(data), the default, for any value of up to 1,000 parts, 8 levels and texts of up to 10,000 characters.
      - C(required) makes a missing member an error.
    type: dict
    required: true
notes:
  - Do not use C(ansible_eda) in any other expression of the play, not even in C(ansible_eda is defined). Up to ansible-core 2.18 that alone
    renders all of it.
"""

EXAMPLES = r"""
- name: Read the request that an event is about
  idgov.entra.access_package_assignment_request_info:
    id: "{{ event.request_id }}"
  vars:
    event: "{{ lookup('idgov.entra.data_vars', 'ansible_eda.event', members=members) }}"
    members:
      request_id: {path: request.id, kind: id, required: true}

- name: Show what a survey says
  ansible.builtin.debug:
    msg: "{{ lookup('idgov.entra.data_vars', members={'reason': 'survey_reason'}) }}"
"""

RETURN = r"""
_raw:
  description: One dictionary with the members that exist.
  type: list
  elements: dict
"""

from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.idgov.entra.plugins.plugin_utils.data_vars import DataError, read_members, take
from ansible_collections.idgov.entra.plugins.plugin_utils.lookup import flat
from ansible_collections.idgov.entra.plugins.plugin_utils.values import plain


class LookupModule(LookupBase):
    def run(self, terms: list[Any], variables: Any = None, **kwargs: Any) -> list[Any]:
        """Return one dictionary with the members; raises AnsibleLookupError."""
        unknown = sorted(set(kwargs) - {"members", "wantlist"})
        if unknown:
            raise AnsibleLookupError(f"Unsupported options: {', '.join(unknown)}")
        root = ".".join(str(term) for term in flat(terms))
        try:
            return [wrap_var(take(variables or {}, read_members(plain(kwargs.get("members")), root)))]
        except DataError as error:
            raise AnsibleLookupError(str(error)) from None
