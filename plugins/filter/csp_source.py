# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The source of a content security policy for an inline script or style."""

from __future__ import annotations

DOCUMENTATION = r"""
name: csp_source
short_description: Allow one inline script or style in a content security policy
version_added: 0.1.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Returns the source that allows exactly this text as an inline script or style of a page, by its SHA-256. Anything else that gets
    into the page does not run.
options:
  _input:
    description: The text between the tags, with line feeds only.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show the policy of a page with one script
  ansible.builtin.debug:
    msg: "default-src 'none'; script-src {{ script | idgov.entra.csp_source }}"
  vars:
    script: alert('Hello, world.');
"""

RETURN = r"""
_value:
  description: The source.
  type: str
  sample: "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
"""

from typing import Any

from ansible_collections.idgov.entra.plugins.plugin_utils.report_texts import csp_source


class FilterModule:
    """The filter, under its name."""

    def filters(self) -> dict[str, Any]:
        return {"csp_source": csp_source}
