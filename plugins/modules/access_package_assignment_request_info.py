#!/usr/bin/python
# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read access package assignment requests."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_package_assignment_request_info
short_description: Read requests for Microsoft Entra access packages and their states
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Reads requests of Microsoft Entra entitlement management, open and completed ones, and changes nothing. It shows which requests wait
    for an approval
    or a start date, and which were denied or have failed.
  - Names are looked up and must be unambiguous.
  - Graph does not show the assignment policy of a request, so there is no option for it.
  - Graph may not show the access package of a request that takes access away. Of one access package such requests are listed while they are open;
    ended ones are listed where Graph shows their package, or without O(access_package) and O(catalog).
options:
  user:
    description:
      - The people for whom requests were made, by anybody, by principal name, mail address or object id. Object ids require no directory
        permission, and can be those of service principals too.
      - Graph cannot filter requests by person, so it is applied after reading.
    type: list
    elements: str
  states:
    description:
      - States of the request. Graph filters by it.
    type: list
    elements: str
    choices: [submitted, pendingApproval, scheduled, delivering, delivered, partiallyDelivered, deliveryFailed, denied, canceled]
  request_types:
    description:
      - Types of the request. Graph cannot filter by it, so it is applied after reading.
    type: list
    elements: str
    choices: [userAdd, userUpdate, userRemove, adminAdd, adminUpdate, adminRemove, systemAdd, systemUpdate, systemRemove]
  created_after:
    description:
      - Only requests created after this time, in ISO 8601 format. The default time zone is UTC, the default time 00:00. Graph filters by it.
    type: raw
  mine_as:
    description:
      - With O(mine), the role of the signed-in user in the request. V(target), it is for them; V(createdBy), they created it;
        V(approver), it waits for their decision.
    type: str
    choices: [target, createdBy, approver]
    default: target
seealso:
  - module: idgov.entra.access_package_assignment
  - module: idgov.entra.access_package_assignment_info
extends_documentation_fragment:
  - idgov.entra.reading
  - idgov.entra.version
  - idgov.entra.auth
  - idgov.entra.attributes.info
  - idgov.entra.attributes
"""

EXAMPLES = r"""
- name: What waits for somebody's approval
  idgov.entra.access_package_assignment_request_info:
    states: pendingApproval
  register: waiting

- name: What has failed or was refused this year
  idgov.entra.access_package_assignment_request_info:
    states: [deliveryFailed, partiallyDelivered, denied]
    created_after: 2026-01-01

- name: The history of one person and access package
  idgov.entra.access_package_assignment_request_info:
    access_package: Payroll
    user: lee@contoso.com

- name: What the signed-in user has to decide
  idgov.entra.access_package_assignment_request_info:
    mine: true
    mine_as: approver
    access_token: "{{ approver_token }}"
"""

RETURN = r"""
requests:
  description:
    - The requests, sorted. The format is that of the module M(idgov.entra.access_package_assignment), with the person, access package and schedule in addition.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 7e382d02-4454-436b-b700-59c7dd77f466
      request_type: userAdd
      state: pendingApproval
      status: PendingApproval
      justification: New in the team
      created_date_time: "2026-11-22T08:00:00Z"
      completed_date_time: null
      answers:
        - {question_id: 1b6d4ab1-1898-5118-a8d7-027c384a4943, question: Region, value: emea, display_value: Europe and Africa}
      assignment_id: 329f8dac-8062-4c1b-a9b8-39b7132f9bff
      access_package: {id: 4f3c5a6e-0f2d-4f6c-9d8b-1f0a2b3c4d5e, display_name: VPN Access}
      target:
        object_id: 7deff43e-1f17-44ef-9e5f-d516b0ba11d4
        display_name: Ada Lovelace
        principal_name: ada@contoso.com
        email: ada@contoso.com
        subject_type: user
      requestor:
        object_id: 7deff43e-1f17-44ef-9e5f-d516b0ba11d4
        display_name: Ada Lovelace
        principal_name: ada@contoso.com
        email: ada@contoso.com
        subject_type: user
      schedule: {start_date_time: null, end_date_time: null, duration: null, no_expiration: false}
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
    url: https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/assignmentRequests
    hint: the permission EntitlementManagement.Read.All is missing
    kind: graph
"""

from ansible_collections.idgov.entra.plugins.module_utils._host.module import run_module
from ansible_collections.idgov.entra.plugins.module_utils._tasks.access_package_assignment_request_info import (
    ARGUMENT_SPEC,
    run,
)


def main() -> None:
    """Run the module."""
    run_module(ARGUMENT_SPEC, run)


if __name__ == "__main__":
    main()
