# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows as the text of a CSV file."""

from __future__ import annotations

DOCUMENTATION = r"""
name: csv_records
short_description: Format rows as CSV that is safe from formula injection
version_added: 0.1.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Formats a list of dictionaries as CSV (RFC 4180), with a header, each cell in double quotes, and lines that end with CR and LF. Null is
    an empty cell, and booleans are V(true) or V(false).
  - A string that starts with V(=), V(+), V(-) or V(@), also after spaces, or with a tab or a line break, gets a leading
    apostrophe. Spreadsheets would otherwise treat it as a formula.
positional: _input, columns
options:
  _input:
    description: The rows.
    type: list
    elements: dict
    required: true
  columns:
    description: The keys to write, in this order. Every row must have all of them.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Show the text of a file
  ansible.builtin.debug:
    msg: "{{ [{'person': 'Lee', 'note': '=1+1'}] | idgov.entra.csv_records(['person', 'note']) }}"
"""

RETURN = r"""
_value:
  description: The text.
  type: str
  sample: "\"person\",\"note\"\\r\\n\"Lee\",\"'=1+1\"\\r\\n"
"""

from typing import Any

from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.idgov.entra.plugins.plugin_utils.report_texts import csv_records
from ansible_collections.idgov.entra.plugins.plugin_utils.values import plain


class FilterModule:
    """The filter, under its name."""

    def filters(self) -> dict[str, Any]:
        # Names that somebody in the tenant has chosen must not be rendered as templates.
        return {"csv_records": lambda rows, columns: wrap_var(csv_records(plain(rows), plain(columns)))}
