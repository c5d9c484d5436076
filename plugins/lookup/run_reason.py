# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a run is made, as a justification of its requests."""

from __future__ import annotations

DOCUMENTATION = r"""
name: run_reason
short_description: Return the job and revision of the current run as a justification
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Returns the job of AWX, and the git revision from AWX, a build service or the current directory, as far as they are known.
  - Empty if nothing is known, and in clouds whose Graph does not support a justification.
options: {}
"""

EXAMPLES = r"""
- name: Show what a request made now would give as its reason
  ansible.builtin.debug:
    msg: "{{ lookup('idgov.entra.run_reason') }}"
"""

RETURN = r"""
_raw:
  description: One text, such as V(AWX job 42, git revision 0a1b2c3d4e5f).
  type: list
  elements: str
"""

from typing import Any

from ansible.plugins.lookup import LookupBase

from ansible_collections.idgov.entra.plugins.plugin_utils.reason import reason_of_this_run


class LookupModule(LookupBase):
    def run(self, terms: list[Any], variables: Any = None, **kwargs: Any) -> list[Any]:
        """Return the reason as the only value."""
        return [reason_of_this_run(variables or {})]
