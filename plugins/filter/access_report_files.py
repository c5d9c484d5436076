# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a report, from what the info modules return."""

from __future__ import annotations

DOCUMENTATION = r"""
name: access_report_files
short_description: Write the files of a report from assignments, requests and access packages
version_added: 0.1.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Does the work of P(idgov.entra.access_report#filter), and writes the result as the texts of files. The role
    P(idgov.entra.access_report#role) puts them where they belong.
positional: _input, requests, access_packages, formats
options:
  _input:
    description: The assignments.
    type: list
    elements: dict
    required: true
  requests:
    description: The requests, open ones and those that have failed.
    type: list
    elements: dict
    required: true
  access_packages:
    description: The access packages. Their policies tell which assignments were given by a rule.
    type: list
    elements: dict
    required: true
  formats:
    description: Which files to write.
    type: list
    elements: str
    choices: [html, csv, json, yaml]
    required: true
  expiring_within:
    description: How far ahead to look for ends, as an ISO 8601 duration.
    type: str
    default: P30D
  stuck_after:
    description: After how long something that moves counts as stuck, as an ISO 8601 duration.
    type: str
    default: P1D
  now:
    description: The instant to look from, in ISO 8601. The present one where it is not given.
    type: str
"""

EXAMPLES = r"""
- name: Read what people hold
  idgov.entra.access_package_assignment_info:
    states: [delivering, partiallyDelivered, delivered, deliveryFailed]
  register: held

- name: Keep it as a file for spreadsheets
  ansible.builtin.copy:
    content: "{{ (held.assignments | idgov.entra.access_report_files([], [], ['csv'])).files.csv }}"
    dest: held.csv
    mode: "0600"
"""

RETURN = r"""
_value:
  description:
    - C(files), the text of each file by its format; C(totals), the counts; C(fingerprint), which stands in the page and in the JSON and
      is the same as long as reports differ in nothing but the time at which they were made.
  type: dict
"""

from typing import Any

from ansible_collections.idgov.entra.plugins.plugin_utils.report import make_report, parse_thresholds
from ansible_collections.idgov.entra.plugins.plugin_utils.report_files import report_files
from ansible_collections.idgov.entra.plugins.plugin_utils.values import filtered


def access_report_files(
    assignments: Any,
    requests: Any,
    access_packages: Any,
    formats: Any,
    expiring_within: str = "P30D",
    stuck_after: str = "P1D",
    now: str | None = None,
) -> Any:
    """Return the texts of the files of a report; raises AnsibleFilterError."""

    def files(assignments: Any, requests: Any, access_packages: Any, formats: Any) -> Any:
        thresholds = parse_thresholds(expiring_within=expiring_within, stuck_after=stuck_after, now=now)
        return report_files(make_report(assignments, requests, access_packages, thresholds), formats)

    return filtered(files, assignments, requests, access_packages, formats, wrong=ValueError)


class FilterModule:
    """The filter, under its name."""

    def filters(self) -> dict[str, Any]:
        return {"access_report_files": access_report_files}
