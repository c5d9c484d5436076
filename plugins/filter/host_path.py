# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A path for each host, so that the file of one tenant holds nothing of another."""

from __future__ import annotations

DOCUMENTATION = r"""
name: host_path
short_description: Put a host's name into the name of a file
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - The roles and playbooks of this collection use it for every file that they write, because a host of the inventory is a tenant, and many
    hosts run at the same time.
  - The name comes before the file's extension. Characters other than ASCII letters, digits, C(-), C(.), C(_) and C(~) are percent-encoded, so
    that no two hosts share a file.
  - The path stays as it is for V(localhost), and where it is empty.
options:
  _input:
    description: A path.
    type: str
    required: true
  host:
    description: The host, as C(inventory_hostname) names it.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show /var/log/access.fabrikam.jsonl on the host fabrikam
  ansible.builtin.debug:
    msg: "{{ '/var/log/access.jsonl' | idgov.entra.host_path(inventory_hostname) }}"
"""

RETURN = r"""
_value:
  description: The path.
  type: str
"""

from typing import Any

from ansible_collections.idgov.entra.plugins.plugin_utils.host_path import host_path


class FilterModule:
    """The filter, under its name."""

    def filters(self) -> dict[str, Any]:
        return {"host_path": host_path}
