#!/usr/bin/python
# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Give somebody an access package, change it or take it away."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_package_assignment
short_description: Assign a Microsoft Entra access package to a user, or remove it
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Assigns an access package of Microsoft Entra entitlement management, changes the schedule or the answers, or removes the
    assignment. It reads the current state, requests only the difference from Microsoft Graph, waits for delivery, reads again, and
    returns what it did.
  - A second run changes nothing. Open requests, expired assignments and failed deliveries are taken into account,
    so that access is never given twice and a removal is never lost.
  - Names are looked up and must be unambiguous.
options:
  state:
    description:
      - V(present) ensures that the person holds the access package.
      - V(absent) ensures that no assignment is active and that no open request can still grant access.
    type: str
    choices: [present, absent]
    default: present
  access_package:
    description:
      - The access package, by id or display name. Required unless O(assignment_id) is given.
    type: str
  catalog:
    description:
      - The catalog, by id or display name. Required for a name in O(access_package) that exists in several catalogs.
    type: str
  policy:
    description:
      - The assignment policy, by id or display name.
      - If not set, an existing assignment can be under any policy. A new one is made under the only policy of the package
        that may admit this person; if there are several, the task fails and lists them.
      - With O(state=absent), an assignment under another policy is left unchanged, with a warning.
    type: str
  user:
    description:
      - The person, by principal name, mail address or object id. Object ids require no directory permission, and can be those of service
        principals too.
    type: str
  email:
    description:
      - A person who is not in the directory yet, by mail address. If a user of the directory has this mail address, that user is used instead.
      - Mutually exclusive with O(user).
    type: str
  assignment_id:
    description:
      - An existing assignment, by id. Mutually exclusive with O(access_package), O(user) and O(email).
    type: str
  request_as:
    description:
      - Who makes the request. V(admin) adds, changes and removes assignments directly, as an administrator.
      - V(self) requests access as the signed-in user for themselves, under the policies that allow it; whether an approval is required
        depends on the policy. Mutually exclusive with O(user), O(email), O(catalog), O(bypass_approval) and O(check_conflicts).
      - V(manager) requests access as the signed-in user for a direct report, and requires O(user) and O(policy). Graph shows managers only what they
        requested themselves, so check mode may predict a request to which Graph then responds that the access exists already; that response
        is not an error. It can only give access, not change or remove it.
      - V(self) and V(manager) require a delegated token, see O(access_token), with C(EntitlementMgmt-SubjectAccess.ReadWrite) and, where
        Graph requires it, C(EntitlementManagement.Read.All). No role is required. Names of access packages and policies are looked up
        among those that the user can request; ids need no look-up.
    type: str
    choices: [admin, self, manager]
    default: admin
  schedule:
    description:
      - When access starts and ends. Suboptions that are not set are not managed; without an end, the policy sets the end of a new assignment.
      - O(schedule.end_date_time), O(schedule.duration) and O(schedule.no_expiration) are mutually exclusive.
    type: dict
    suboptions:
      start_date_time:
        description:
          - The start, in ISO 8601 format. The default time zone is UTC, the default time 00:00. Compared only until the assignment has started.
          - A request that waits for its start can be canceled with a delegated token; Graph may not allow an application to cancel it.
        type: raw
      end_date_time:
        description:
          - The end, in ISO 8601 format. The default time zone is UTC, the default time 00:00, so that the given day itself is not included.
        type: raw
      duration:
        description: The time from start to end as an ISO 8601 duration such as V(P90D).
        type: str
      no_expiration:
        description:
          - Whether access never expires. V(false) is the same as not set.
          - Refused before any write if the policy does not allow it. For the longest access that it allows, set its own duration as
            O(schedule.duration); an assignment that Microsoft Graph has shortened to that duration is treated as equal.
        type: bool
  renew:
    description:
      - With O(schedule.duration), whether to give access again after the last assignment has expired.
    type: bool
    default: false
  answers:
    description:
      - Answers to the questions of the policy. Only the questions listed here are managed.
    type: list
    elements: dict
    suboptions:
      question:
        description: The text of the question, in any of its languages.
        type: str
      question_id:
        description: The id of the question, which errors about questions list. Takes precedence over O(answers[].question).
        type: str
      value:
        description:
          - The answer, a string; quote numbers, C(true) and C(false). For a multiple choice question the value or the text of one choice.
        type: raw
        required: true
      display_value:
        description: What approvers see instead of O(answers[].value).
        type: str
  justification:
    description:
      - The justification of a new request. Never compared.
      - Microsoft Graph v1.0 of the clouds V(AzureUSGovernment), V(AzureUSGovernmentDoD) and V(AzureChinaCloud) does not support it, so there
        it is refused.
    type: str
  on_policy_mismatch:
    description:
      - What to do if an active assignment is under another policy than O(policy).
      - V(keep) accepts it. V(replace) removes it and adds a new one, after checking that this can succeed; schedule and answers that
        are not set are carried over. Refused for guests and external users, whose account may depend on their last assignment.
    type: str
    choices: [fail, keep, replace]
    default: fail
  on_open_request:
    description:
      - What to do if another request for this person and access package is open and contradicts the desired state.
      - V(wait) waits for it, but not for an approval or a start date. V(cancel) cancels it; Graph may not allow an application to do that.
      - An update that Graph is carrying out is always waited for, also with V(fail), because Graph does not show what it changes.
      - The policy of an open request to add an assignment cannot be read. Such a request fits whatever O(policy) is, with a warning, and
        O(policy) is compared once the assignment is there.
    type: str
    choices: [wait, cancel, fail]
    default: wait
  on_delivery_failed:
    description:
      - What to do if the delivery of the assignment has failed. V(reprocess) makes Graph try again, at most 14 days after the failure.
    type: str
    choices: [reprocess, fail, keep]
    default: reprocess
  on_partial_delivery:
    description:
      - What to do if the assignment is only partially delivered, which is normal for new external users for a while. V(keep) warns.
    type: str
    choices: [keep, reprocess, fail]
    default: keep
  check_conflicts:
    description:
      - Whether to fail before giving access if the person holds an access package, or is a member of a group, that is incompatible with
        this one, in either direction. What the caller is not allowed to read is listed in a warning.
      - If V(false), Graph decides; it is not documented that Graph refuses a direct assignment for this reason.
    type: bool
    default: false
  bypass_approval:
    description:
      - Whether to bypass the approval of the policy for this request. Sent only if set.
      - Whether a direct assignment bypasses the approval without it is not documented.
    type: bool
notes:
  - "Requires the application permission C(EntitlementManagement.ReadWrite.All), or an entitlement management role such as I(Access package
    assignment manager) on the catalog. Looking up a person by name or mail address also requires C(User.ReadBasic.All), and
    O(check_conflicts) requires C(GroupMember.Read.All) for incompatible groups."
  - Check mode checks what can be read. Who belongs to the groups and connected organizations of a policy is checked by Graph when the
    request is sent.
extends_documentation_fragment:
  - idgov.entra.auth
  - idgov.entra.version
  - idgov.entra.waiting
  - idgov.entra.attributes
"""

EXAMPLES = r"""
- name: Ada gets the VPN
  idgov.entra.access_package_assignment:
    access_package: VPN Access
    policy: Everybody
    user: ada@contoso.com

- name: A contractor reads the source code until the contract ends
  idgov.entra.access_package_assignment:
    access_package: Source Code Read
    user: kim@contoso.com
    schedule:
      end_date_time: 2030-12-31T17:00:00Z
    justification: Ticket 4711

- name: The same by ids, for 90 days, and again when they are over
  idgov.entra.access_package_assignment:
    access_package: "{{ laptop_package_id }}"
    policy: "{{ laptop_policy_id }}"
    user: "{{ contractor_object_id }}"
    schedule:
      duration: P90D
    renew: true

- name: A clerk gets a package whose policy asks questions
  idgov.entra.access_package_assignment:
    access_package: Payroll
    user: mira@contoso.com
    answers:
      - question: Cost centre
        value: "4711"
      - question: Region
        value: Europe and Africa

- name: A partner who is not in the directory yet
  idgov.entra.access_package_assignment:
    access_package: Partner Portal
    email: sam@fabrikam.com

- name: The signed-in user asks for a laptop
  idgov.entra.access_package_assignment:
    request_as: self
    access_token: "{{ token_of_kim }}"
    access_package: Engineering Laptop
    justification: My first day is on Monday

- name: A manager asks for a direct report
  idgov.entra.access_package_assignment:
    request_as: manager
    access_token: "{{ token_of_quinn }}"
    access_package: Training
    policy: Self and managers
    user: rosa@contoso.com
    justification: Rosa joins the team on Monday

- name: Lee leaves
  idgov.entra.access_package_assignment:
    access_package: VPN Access
    user: lee@contoso.com
    state: absent

- name: Sign-in options for several tasks
  module_defaults:
    group/idgov.entra.entra:
      tenant_id: contoso.onmicrosoft.com
      client_id: "{{ entra_client_id }}"
      client_secret: "{{ entra_client_secret }}"
  block:
    - name: The laptop is for Bo
      idgov.entra.access_package_assignment:
        access_package: Engineering Laptop
        user: bo@contoso.com
"""

RETURN = r"""
action:
  description: What was done, or in check mode would be.
  returned: always
  type: str
  sample: add
  choices: [none, add, update, remove, replace, reprocess, cancel]
pending:
  description: Whether the desired state is not reached yet, because a request waits for an approval or a start date, or was not waited for.
  returned: always
  type: bool
  sample: false
ended:
  description: Whether nothing was done because the desired access has already ended.
  returned: always
  type: bool
  sample: false
assignment:
  description: The current assignment; null if there is no active one. In check mode, an assignment that would be created has a null id.
  returned: always
  type: dict
  sample:
    id: 329f8dac-8062-4c1b-a9b8-39b7132f9bff
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
request:
  description: The newest request of this task, or the open one, or null.
  returned: always
  type: dict
  sample:
    id: 7e382d02-4454-436b-b700-59c7dd77f466
    request_type: adminAdd
    state: delivered
    status: Delivered
    justification: null
    created_date_time: "2026-11-22T08:00:00Z"
    completed_date_time: "2026-11-22T08:00:12Z"
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
        state: {description: V(present) or V(absent)., type: str}
        policy: {description: The name of the policy., type: str}
        schedule: {description: The start and end that are set., type: dict}
        answers: {description: "The answers, by the text of the question.", type: dict}
    after:
      description: The managed settings after the task, and the effect on an open request or a failed delivery.
      type: dict
      contains:
        state: {description: V(present) or V(absent)., type: str}
        policy: {description: The name of the policy., type: str}
        schedule: {description: The start and end that are set., type: dict}
        answers: {description: "The answers, by the text of the question.", type: dict}
        open_request: {description: V(canceled) if an open request was canceled., type: str}
        delivery: {description: V(processed again) if a failed delivery was reprocessed., type: str}
  sample: {before: {state: absent}, after: {state: present, policy: Employees}}
error:
  description: The error as reported by Graph or the sign-in. Keys that do not apply are null.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - The type of the error. Use this in conditions, not the text of a message.
        - V(option), an option has an invalid value; V(not_found) and V(ambiguous), a name matches nothing, or more than
          one object; V(refused), a rule or a check of this collection refused; V(sign_in), Microsoft Entra issued no token.
        - V(graph), Graph returned an error; V(transport), no response was received; V(unreadable), a response cannot be parsed;
          V(request_failed), a request ended without giving or removing access; V(timeout), it had not completed in time.
        - V(items_failed), some of many items failed; V(stale_plan), a plan no longer fits; V(missing_library), a Python library is not installed.
      type: str
      choices: [option, not_found, ambiguous, refused, sign_in, graph, transport, unreadable, request_failed, timeout, items_failed,
                stale_plan, missing_library]
    message:
      description: The error in one sentence; for an error of Graph, its own message.
      type: str
    hint:
      description: What to change, for example a permission, role, licence or option.
      type: str
    status:
      description: The HTTP status of Graph's answer.
      type: int
    code:
      description: Graph's code, or the AADSTS code of the sign-in.
      type: str
    details:
      description: The details that Graph gave.
      type: list
      elements: dict
    request_id:
      description: What Microsoft's support asks for.
      type: str
    client_request_id:
      description: The id that this collection gave to the call.
      type: str
    method:
      description: The HTTP method of the call.
      type: str
    url:
      description: The address of the call, without its query.
      type: str
  sample:
    status: 403
    code: UnAuthorized
    details: []
    message: "User is not authorized to perform the operation. Reason: Unauthorized"
    request_id: 94fb3b52-452a-4535-a601-69e0a90e3aa2
    client_request_id: b9e141b0-9b2c-451e-9ba7-998f9e6ca8ec
    method: POST
    url: https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/assignmentRequests
    hint: the permission EntitlementManagement.ReadWrite.All is missing
    kind: graph
"""

from ansible_collections.idgov.entra.plugins.module_utils._host.module import run_module
from ansible_collections.idgov.entra.plugins.module_utils._tasks.access_package_assignment import ARGUMENT_SPEC, run


def main() -> None:
    """Run the module."""
    run_module(ARGUMENT_SPEC, run)


if __name__ == "__main__":
    main()
