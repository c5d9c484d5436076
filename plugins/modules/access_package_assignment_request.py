#!/usr/bin/python
# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cancel, reprocess, resume or delete a request for an access package."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_package_assignment_request
short_description: Cancel, reprocess, resume or delete a request for a Microsoft Entra access package
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Acts on an existing request of Microsoft Entra entitlement management. It cancels an open one, reprocesses a failed one,
    resumes one that waits for a custom extension, or deletes one that has ended.
  - The request is read first. One that is already in the desired state is left unchanged; one whose state does not allow the change is an error
    that lists the states which do. To give, change or remove access, use M(idgov.entra.access_package_assignment).
options:
  request_id:
    description:
      - The id of the request, as M(idgov.entra.access_package_assignment) returns it in
        RV(idgov.entra.access_package_assignment#module:request).
    type: str
    required: true
  state:
    description:
      - V(canceled) cancels a request that is C(submitted), C(pendingApproval) or C(scheduled). Graph may not allow an application to do that.
      - V(reprocessed) reprocesses a request that is C(deliveryFailed) or C(partiallyDelivered), at most 14 days after it has
        ended. One that is C(delivered) is left unchanged; one that is C(delivering) is waited for first.
      - V(resumed) resumes a request that waits for a custom extension. One that no longer waits for this callback is left unchanged.
      - V(absent) deletes a request that is C(denied), C(canceled), C(delivered), C(deliveryFailed) or C(partiallyDelivered). Microsoft's
        pages disagree on whether one that has an assignment can be deleted, so Microsoft Graph decides.
    type: str
    choices: [canceled, reprocessed, resumed, absent]
    required: true
  source:
    description:
      - Who resumes the request, for the audit log, such as V(Contoso.SodCheckProcess). Required with O(state=resumed).
    type: str
  stage:
    description:
      - The stage at which the custom extension was called, from the C(Stage) of its call. Required with O(state=resumed).
    type: str
    choices: [assignmentRequestCreated, assignmentRequestApproved, assignmentRequestGranted, assignmentRequestRemoved]
  instance_id:
    description:
      - The id of the callback that the request waits for, from the C(CustomExtensionStageInstanceId) of the call of the custom extension.
        Required with O(state=resumed).
    type: str
  instance_detail:
    description:
      - The result of the custom extension, shown with the request.
    type: str
  decision:
    description:
      - V(denied) or V(canceled) ends the request instead of resuming it. Only valid at the stage V(assignmentRequestCreated).
    type: str
    choices: [denied, canceled]
  wait:
    description:
      - With O(state=reprocessed), wait until the request has been delivered. With the other states, wait until Microsoft Graph shows the change that
        it has accepted; a resumed request is not waited for any further, because it may take long or wait for its next callback.
    type: bool
    default: true
notes:
  - "Requires the permission C(EntitlementManagement.ReadWrite.All), or an entitlement management role such as I(Access package assignment
    manager) on the catalog. O(state=canceled) is documented for delegated callers only; Graph may refuse it to an application, and the task then fails."
  - O(state=resumed) exists in the global cloud only.
  - A request that was reprocessed and is only partially delivered again is not an error, but causes a warning; the next run reprocesses
    it again.
seealso:
  - module: idgov.entra.access_package_assignment
  - name: Resume a request with Event-Driven Ansible
    description: A worked example, from the custom extension to the playbook.
    link: https://github.com/idgov/entra/blob/main/docs/resume-with-eda.md
extends_documentation_fragment:
  - idgov.entra.auth
  - idgov.entra.version
  - idgov.entra.waiting
  - idgov.entra.attributes
"""

EXAMPLES = r"""
- name: Take a request back that waits for an approval
  idgov.entra.access_package_assignment_request:
    request_id: "{{ pending_request_id }}"
    state: canceled
    access_token: "{{ token_of_an_administrator }}"

- name: Deliver once more what failed
  idgov.entra.access_package_assignment_request:
    request_id: "{{ failed_request_id }}"
    state: reprocessed

- name: Let a request go on after a check
  idgov.entra.access_package_assignment_request:
    request_id: "{{ waiting_request_id }}"
    state: resumed
    source: Contoso.SodCheckProcess
    stage: assignmentRequestCreated
    instance_id: "{{ waiting_instance_id }}"
    instance_detail: No conflicting duties

- name: Deny a request after a check
  idgov.entra.access_package_assignment_request:
    request_id: "{{ doubtful_request_id }}"
    state: resumed
    source: Contoso.SodCheckProcess
    stage: assignmentRequestCreated
    instance_id: "{{ doubtful_instance_id }}"
    instance_detail: Pays and approves payments
    decision: denied

- name: Delete a request that was denied
  idgov.entra.access_package_assignment_request:
    request_id: "{{ denied_request_id }}"
    state: absent
"""

RETURN = r"""
action:
  description: What was done, or in check mode would be.
  returned: always
  type: str
  sample: resume
  choices: [none, cancel, reprocess, resume, delete]
pending:
  description: Whether the request is being delivered and was not waited for.
  returned: always
  type: bool
  sample: false
request:
  description: The current request; null if there is none.
  returned: always
  type: dict
  sample:
    id: 7e382d02-4454-436b-b700-59c7dd77f466
    request_type: userAdd
    state: delivering
    status: Delivering
    justification: Ticket 4711
    created_date_time: "2026-11-22T08:00:00Z"
    completed_date_time: null
    answers:
      - {question_id: 1b6d4ab1-1898-5118-a8d7-027c384a4943, question: Region, value: emea, display_value: Europe and Africa}
diff:
  description: The managed settings before and after.
  returned: always
  type: dict
  contains:
    before:
      description: The managed settings before the task. Settings that the task neither manages nor changes are left out.
      type: dict
      contains:
        state: {description: The state of the request; V(absent) if there is none., type: str}
        callback: {description: "The state of the callback, such as V(awaited) or V(answered).", type: str}
    after:
      description: The managed settings after the task.
      type: dict
      contains:
        state: {description: The state of the request; V(absent) if there is none., type: str}
        callback: {description: "The state of the callback, such as V(awaited) or V(answered).", type: str}
        decision: {description: The decision passed with the callback., type: str}
        instance_detail: {description: The text passed with the callback., type: str}
  sample: {before: {callback: awaited}, after: {callback: answered, instance_detail: No conflicting duties}}
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
    method: POST
    url: https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/assignmentRequests/7e382d02-4454-436b-b700-59c7dd77f466/resume
    hint: the permission EntitlementManagement.ReadWrite.All is missing
    kind: graph
"""

from ansible_collections.idgov.entra.plugins.module_utils._host.module import run_module
from ansible_collections.idgov.entra.plugins.module_utils._tasks.access_package_assignment_request import (
    ARGUMENT_SPEC,
    run,
)


def main() -> None:
    """Run the module."""
    run_module(ARGUMENT_SPEC, run)


if __name__ == "__main__":
    main()
