#!/usr/bin/python
# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Give somebody an access package, change it or take it away."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_package_assignment
short_description: Give somebody a Microsoft Entra access package, or take it away
version_added: 0.1.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Gives somebody an access package of Microsoft Entra entitlement management, changes the schedule or the answers, or takes it
    away. It reads what is there, asks Microsoft Graph for the difference and nothing more, waits for delivery, reads again, and
    says what it did.
  - Running it twice changes nothing the second time. Open requests, expired assignments and failed deliveries are taken into account,
    so that access is never handed out twice and a removal is never lost.
  - Names are looked up and must be unambiguous. Nothing is ever guessed.
options:
  state:
    description:
      - V(present) sees to it that the person holds the access package.
      - V(absent) sees to it that nothing is active and that no open request can still grant access.
    type: str
    choices: [present, absent]
    default: present
  access_package:
    description:
      - The access package, by id or display name. Required unless O(assignment_id) is given.
    type: str
  catalog:
    description:
      - The catalog, by id or display name. Narrows a name in O(access_package) that exists in several catalogs.
    type: str
  policy:
    description:
      - The assignment policy, by id or display name.
      - Where it is not given, an existing assignment may be under any policy. A new one is made under the only policy of the package
        that may admit this person; where there are several the task fails and lists them.
      - With O(state=absent), an assignment under another policy is left alone, with a warning.
    type: str
  user:
    description:
      - The person, by principal name or mail, or by object id. Object ids need no directory permission, and may be those of service
        principals too.
    type: str
  email:
    description:
      - A person who is not in the directory yet, by mail address. If a user of the directory has this mail, that user is taken instead.
      - Excludes O(user).
    type: str
  assignment_id:
    description:
      - An existing assignment by its id. Excludes O(access_package), O(user) and O(email).
    type: str
  request_as:
    description:
      - In whose name to ask. V(admin) makes, changes and removes assignments directly, as an administrator.
      - V(self) asks as the signed-in user for themselves, under the policies that are open to them; whether somebody has to approve
        it is the policy's matter. It leaves no room for O(user), O(email), O(catalog), O(bypass_approval) and O(check_conflicts).
      - V(manager) asks as the signed-in user for a direct report, and needs O(user) and O(policy). A manager is shown only what they
        have asked for themselves, so check mode may foresee a request that Graph then answers with "has it already"; such an answer
        is no error. It can only give access, not change it or take it away.
      - V(self) and V(manager) need a delegated token, see O(access_token), with C(EntitlementMgmt-SubjectAccess.ReadWrite) and, where
        Graph asks for it, C(EntitlementManagement.Read.All). A role is not needed. Names of access packages and policies are looked up
        among those that the user may ask for; ids need no look-up.
    type: str
    choices: [admin, self, manager]
    default: admin
  schedule:
    description:
      - When access starts and ends. What is not given is not managed; without an end a new assignment ends as its policy says.
      - At most one of O(schedule.end_date_time), O(schedule.duration) and O(schedule.no_expiration) may be given.
    type: dict
    suboptions:
      start_date_time:
        description:
          - The start, in ISO 8601; without a zone UTC, without a time 00:00. Compared only while the assignment has not started.
          - A request that waits for its start can be taken back with a delegated token; Graph may refuse that to an application.
        type: raw
      end_date_time:
        description:
          - The end, in ISO 8601; without a zone UTC, without a time 00:00, so that the named day itself is not included.
        type: raw
      duration:
        description: The time from start to end as an ISO 8601 duration such as V(P90D).
        type: str
      no_expiration:
        description:
          - Access without an end. V(false) counts as not given.
          - Refused before any write where the policy allows no such access. For the longest that it allows write its own duration as
            O(schedule.duration); an assignment that Microsoft Graph has cut to that length counts as the same.
        type: bool
  renew:
    description:
      - With O(schedule.duration), give access again after the last assignment has run out.
    type: bool
    default: false
  answers:
    description:
      - Answers to the questions of the policy. Only the questions named here are managed.
    type: list
    elements: dict
    suboptions:
      question:
        description: The text of the question, in any of its languages.
        type: str
      question_id:
        description: The id of the question, which errors about questions list; wins over O(answers[].question).
        type: str
      value:
        description:
          - The answer, a text; quote numbers and C(true) or C(false). For a multiple choice question the value or the text of one choice.
        type: raw
        required: true
      display_value:
        description: What approvers see instead of O(answers[].value).
        type: str
  justification:
    description:
      - The reason, sent with a new request. Never compared.
      - Microsoft Graph v1.0 of the clouds V(AzureUSGovernment), V(AzureUSGovernmentDoD) and V(AzureChinaCloud) does not take it, so there
        it is refused.
    type: str
  on_policy_mismatch:
    description:
      - What to do when an active assignment is under another policy than O(policy).
      - V(keep) accepts it. V(replace) removes it and gives a new one, after checking that this can succeed; schedule and answers that
        are not given are carried over. Refused for guests and outsiders, whose account may hang on their last assignment.
    type: str
    choices: [fail, keep, replace]
    default: fail
  on_open_request:
    description:
      - What to do when another request for this person and package is open and contradicts what is wanted.
      - V(wait) waits for it, but not for an approval or a start date. V(cancel) takes it back; Graph may refuse that to an application.
    type: str
    choices: [wait, cancel, fail]
    default: wait
  on_delivery_failed:
    description:
      - What to do when the delivery of the assignment has failed. V(reprocess) lets Graph try again, at most 14 days after the failure.
    type: str
    choices: [reprocess, fail, keep]
    default: reprocess
  on_partial_delivery:
    description:
      - What to do when the assignment is delivered in part only, which is normal for new outsiders for a while. V(keep) warns.
    type: str
    choices: [keep, reprocess, fail]
    default: keep
  check_conflicts:
    description:
      - Before giving access, fail if the person holds an access package, or is a member of a group, that is declared incompatible with
        this one, either way round. What the caller may not read is named in a warning.
      - Without it Graph decides, and it is not documented that Graph refuses a direct assignment for such a reason.
    type: bool
    default: false
  bypass_approval:
    description:
      - Whether the approval step of the policy is skipped for this request. Sent only when set.
      - Whether a direct assignment skips approval without it is not documented.
    type: bool
notes:
  - "Needs the application permission C(EntitlementManagement.ReadWrite.All), or an entitlement management role such as I(Access package
    assignment manager) on the catalog. Looking up a person by name or mail needs C(User.ReadBasic.All) besides, and
    O(check_conflicts) needs C(GroupMember.Read.All) for incompatible groups."
  - Check mode checks what can be read. Who belongs to the groups and connected organizations of a policy is judged by Graph when the
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
  description: Whether what is wanted is not there yet, because a request waits for an approval or a start date, or was not waited for.
  returned: always
  type: bool
  sample: false
ended:
  description: Whether nothing was done because the wanted access is over.
  returned: always
  type: bool
  sample: false
assignment:
  description: The assignment as it is now; null when there is no active one. In check mode an assignment that would be made has a null id.
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
    answers: []
diff:
  description: What is managed, before and after.
  returned: always
  type: dict
  sample: {before: {state: absent}, after: {state: present, policy: Employees}}
error:
  description: What went wrong, as Graph or the sign-in said it. What does not apply is null.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - What sort of error it is. Decide on this, not on the words of a sentence.
        - V(option), an option holds what it must not hold; V(not_found) and V(ambiguous), a name stands for nothing, or for more than
          one thing; V(refused), a rule or a check of this collection says no; V(sign_in), Microsoft Entra gave no token.
        - V(graph), Graph answered with an error; V(transport), no answer came; V(unreadable), an answer cannot be understood;
          V(request_failed), a request ended without giving or taking access; V(timeout), it was still moving when the time was up.
        - V(items_failed), some of many items failed; V(missing_library), a Python library is not installed.
      type: str
      choices: [option, not_found, ambiguous, refused, sign_in, graph, transport, unreadable, request_failed, timeout, items_failed, missing_library]
    message:
      description: What went wrong, in one sentence; of an error of Graph its own words.
      type: str
    hint:
      description: What to change, such as a permission, role, licence or option.
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
