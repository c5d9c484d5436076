# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A list, also where one thing was given."""

from __future__ import annotations

DOCUMENTATION = r"""
name: as_list
short_description: Wrap a value that is not a list in a list
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - The roles of this collection use it for every list variable, because C(-e name=value) and a survey question return a string.
  - A string is one entry, whatever it contains. It is not split at commas, because names and paths can contain them.
options:
  _input:
    description: A list, or its only entry. An empty string and null result in an empty list.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Greet everybody, also a single one
  ansible.builtin.debug:
    msg: "Hello, {{ item }}"
  loop: "{{ people | idgov.entra.as_list }}"
  vars:
    people: kim@contoso.com
"""

RETURN = r"""
_value:
  description: The list.
  type: list
  elements: raw
"""

from typing import Any


def as_list(value: Any) -> list[Any]:
    """Return a list as it is, and anything else as a list of one; nothing, or an empty text, is an empty list."""
    if isinstance(value, (list, tuple)):
        return list(value)
    is_empty = value is None or (isinstance(value, str) and not value.strip())
    return [] if is_empty else [value]


class FilterModule:
    """The filter, under its name."""

    def filters(self) -> dict[str, Any]:
        return {"as_list": as_list}
