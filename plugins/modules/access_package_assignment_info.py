#!/usr/bin/python
# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read access package assignments."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_package_assignment_info
short_description: Read who holds which Microsoft Entra access package
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Reads assignments of access packages of Microsoft Entra entitlement management, current and expired ones, and changes nothing.
  - Names are looked up and must be unambiguous.
options:
  user:
    description:
      - People, by principal name, mail address or object id. Assignments of any of them are returned. Object ids require no directory permission,
        and can be those of service principals too.
      - Graph filters by it. If access packages are given and filtering by people would take more than one batch of 20 lists, the
        access packages are read as a whole instead.
    type: list
    elements: str
seealso:
  - module: idgov.entra.access_package_assignment
  - module: idgov.entra.access_package_assignment_request_info
  - plugin: idgov.entra.access_package_assignments
    plugin_type: lookup
extends_documentation_fragment:
  - idgov.entra.reading
  - idgov.entra.version
  - idgov.entra.reading.assignments
  - idgov.entra.auth
  - idgov.entra.attributes.info
  - idgov.entra.attributes
"""

EXAMPLES = r"""
- name: Who holds the VPN now
  idgov.entra.access_package_assignment_info:
    access_package: VPN Access
    states: [delivered, partiallyDelivered]
  register: vpn

- name: What two people hold, one row for each access package
  idgov.entra.access_package_assignment_info:
    user:
      - lee@contoso.com
      - ada@contoso.com
    current: true

- name: What ends within 30 days in a catalog
  idgov.entra.access_package_assignment_info:
    catalog: General
    expiring_within: P30D
  register: ending

- name: Name the people whose VPN ends soon
  ansible.builtin.debug:
    msg: "{{ item.target.principal_name }} loses {{ item.access_package.display_name }} on {{ item.schedule.end_date_time }}"
  loop: "{{ ending.assignments }}"
  loop_control:
    label: "{{ item.id }}"

- name: Deliveries that have failed, anywhere
  idgov.entra.access_package_assignment_info:
    states: deliveryFailed
"""

RETURN = r"""
assignments:
  description: The assignments, sorted. The format is that of the module M(idgov.entra.access_package_assignment).
  returned: success
  type: list
  elements: dict
  sample:
    - id: 329f8dac-8062-4c1b-a9b8-39b7132f9bff
      state: delivered
      status: Delivered
      access_package: {id: 4f3c5a6e-0f2d-4f6c-9d8b-1f0a2b3c4d5e, display_name: VPN Access}
      policy: {id: 0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d, display_name: Employees}
      target:
        object_id: 7deff43e-1f17-44ef-9e5f-d516b0ba11d4
        display_name: Ada Lovelace
        principal_name: ada@contoso.com
        email: ada@contoso.com
        subject_type: user
      schedule: {start_date_time: "2026-11-22T08:00:00Z", end_date_time: null, duration: null, no_expiration: true}
      expired_date_time: null
error:
  description: The error, as in M(idgov.entra.access_package_assignment); C(kind) is its type.
  returned: failure
  type: dict
  sample:
    status: 403
    code: UnAuthorized
    details: []
    message: "User is not authorized to perform the operation. Reason: Unauthorized"
    request_id: 94fb3b52-452a-4535-a601-69e0a90e3aa2
    client_request_id: b9e141b0-9b2c-451e-9ba7-998f9e6ca8ec
    method: GET
    url: https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/assignments
    hint: the permission EntitlementManagement.Read.All is missing
    kind: graph
"""

from ansible_collections.idgov.entra.plugins.module_utils._host.module import run_module
from ansible_collections.idgov.entra.plugins.module_utils._tasks.access_package_assignment_info import (
    ARGUMENT_SPEC,
    run,
)


def main() -> None:
    """Run the module."""
    run_module(ARGUMENT_SPEC, run)


if __name__ == "__main__":
    main()
