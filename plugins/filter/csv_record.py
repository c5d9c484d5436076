# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A record of a CSV file."""

from __future__ import annotations

DOCUMENTATION = r"""
name: csv_record
short_description: Write one record of a CSV file that spreadsheets do not compute
version_added: 0.1.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Writes a list as one record of RFC 4180, each cell in double quotes, without the end of the line. Null is an empty cell, and
    truth is V(true) or V(false).
  - A text that starts with V(=), V(+), V(-) or V(@), also behind blanks, or with a tabulator or a line break, gets a leading
    apostrophe. Spreadsheets would take it for a formula otherwise, whoever chose the name.
options:
  _input:
    description: The cells.
    type: list
    elements: raw
    required: true
"""

EXAMPLES = r"""
- name: Show a record
  ansible.builtin.debug:
    msg: "{{ ['Lee \"Lucky\" Park', '=1+1', none, true] | idgov.entra.csv_record }}"
"""

RETURN = r"""
_value:
  description: The record.
  type: str
  sample: '"Lee ""Lucky"" Park","\'=1+1","","true"'
"""

from typing import Any

from ansible_collections.idgov.entra.plugins.plugin_utils.report_texts import csv_record


class FilterModule:
    """The filter, under its name."""

    def filters(self) -> dict[str, Any]:
        return {"csv_record": csv_record}
