# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data of a report, from what the info modules return."""

from __future__ import annotations

DOCUMENTATION = r"""
name: access_report
short_description: Create the data of a report from assignments, requests and access packages
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Takes what M(idgov.entra.access_package_assignment_info), M(idgov.entra.access_package_assignment_request_info) and
    M(idgov.entra.access_package_info) return, and returns rows and counts of who has what, what expires soon, what is stuck or failed,
    and what is pending. The role P(idgov.entra.access_report#role) writes files from it.
  - Of several assignments of one person and access package, the current one is used. Expired ones are omitted.
positional: _input, requests, access_packages
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
    description: The access packages. Their policies show which assignments are automatic.
    type: list
    elements: dict
    required: true
  expiring_within:
    description: How far ahead to look for expiring assignments, as an ISO 8601 duration.
    type: str
    default: P30D
  stuck_after:
    description: After how long a request or delivery in progress is considered stuck, as an ISO 8601 duration.
    type: str
    default: P1D
  now:
    description: The time of the report, in ISO 8601 format. The default is the current time.
    type: str
"""

EXAMPLES = r"""
- name: Read what people hold
  idgov.entra.access_package_assignment_info:
    states: [delivering, partiallyDelivered, delivered, deliveryFailed]
  register: held

- name: Count
  ansible.builtin.debug:
    msg: "{{ (held.assignments | idgov.entra.access_report([], [], expiring_within='P14D')).totals }}"
"""

RETURN = r"""
_value:
  description:
    - The instants C(generated_at) and C(expiring_by); the counts C(totals); the lists of rows C(assignments), C(expiring), C(troubled),
      C(waiting) and C(access_packages); C(figures) for charts.
    - C(declared) has the assignments, each as C(item) for M(idgov.entra.access_package_assignments) and with a C(comment) that gives
      the names of its ids. Automatic assignments are omitted.
  type: dict
"""

from typing import Any

from ansible_collections.idgov.entra.plugins.plugin_utils.report import make_report, parse_thresholds
from ansible_collections.idgov.entra.plugins.plugin_utils.values import filtered


def access_report(
    assignments: Any,
    requests: Any,
    access_packages: Any,
    expiring_within: str = "P30D",
    stuck_after: str = "P1D",
    now: str | None = None,
) -> Any:
    """Return the data of a report; raises AnsibleFilterError."""

    def report(assignments: Any, requests: Any, access_packages: Any) -> Any:
        thresholds = parse_thresholds(expiring_within=expiring_within, stuck_after=stuck_after, now=now)
        return make_report(assignments, requests, access_packages, thresholds)

    return filtered(report, assignments, requests, access_packages, wrong=ValueError)


class FilterModule:
    """The filter, under its name."""

    def filters(self) -> dict[str, Any]:
        return {"access_report": access_report}
