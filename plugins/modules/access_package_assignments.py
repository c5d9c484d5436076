#!/usr/bin/python
# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Give many people access packages, change or take them away, in one task."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_package_assignments
short_description: Manage many Microsoft Entra access package assignments in one task
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Manages a declared list of assignments - thousands of them in one task, with a handful of HTTP calls. It decides for each person
    as M(idgov.entra.access_package_assignment) does, by the same rules, and returns for each what it did.
  - With O(exclusive=true), the list is the exact set, and assignments that are not on it are removed.
  - Nothing is sent twice and nothing is lost. An interrupted task continues where it stopped when it is run again.
options:
  assignments:
    description:
      - The assignments. Each has an access package and a person, or the members of a group, or an existing assignment.
      - Options that an item does not set come from O(defaults).
        An item that sets one of O(assignments[].user), O(assignments[].email) and O(assignments[].members_of) does not inherit another.
      - The same person and access package can be listed only once. Members of groups can be listed again with the same options.
      - Required unless O(plan) is set.
    type: list
    elements: dict
    suboptions: &item
      state:
        description: Whether the person should hold the access package. The default is V(present).
        type: str
        choices: [present, absent]
      access_package:
        description: The access package, by id or display name. Required unless the assignment is given by its id.
        type: str
      catalog:
        description: The catalog, by id or display name. Required for an access package name that exists in several catalogs.
        type: str
      policy:
        description: The assignment policy, by id or display name. If not set, an existing assignment can be under any policy.
        type: str
      user:
        description: The person, by principal name, mail address or object id.
        type: str
      email:
        description: A person who is not in the directory yet, by mail address.
        type: str
      members_of:
        description:
          - A group, by id or display name. Selects all users who are direct or indirect members.
          - A group without users causes a warning. With O(exclusive=true), it means that nobody should hold the access package under the
            policy of this item.
          - Requires the permission C(GroupMember.Read.All), and C(User.ReadBasic.All) to see who is a guest.
        type: str
      assignment_id:
        description: An existing assignment, by id, instead of access package and person.
        type: str
      request_as:
        description: Who makes the request. The default is V(admin). V(self) and V(manager) cannot be part of an exact set.
        type: str
        choices: [admin, self, manager]
      schedule:
        description: When access starts and ends; end, duration and no expiration are mutually exclusive. Suboptions that are not set are not managed.
        type: dict
        suboptions:
          start_date_time:
            description: The start, in ISO 8601 format. The default time zone is UTC, the default time 00:00.
            type: raw
          end_date_time:
            description: The end, in ISO 8601 format. The default time zone is UTC, the default time 00:00.
            type: raw
          duration:
            description: The time from start to end as an ISO 8601 duration such as V(P90D).
            type: str
          no_expiration:
            description: Whether access never expires. V(false) is the same as not set.
            type: bool
      renew:
        description: With a duration, whether to give access again after the last assignment has expired.
        type: bool
      answers:
        description: Answers to the questions of the policy. Only the questions listed here are managed.
        type: list
        elements: dict
        suboptions:
          question:
            description: The text of the question, in any of its languages.
            type: str
          question_id:
            description: The id of the question.
            type: str
          value:
            description: The answer, a string; for a multiple choice question the value or the text of one choice.
            type: raw
            required: true
          display_value:
            description: What approvers see instead of the value.
            type: str
      justification:
        description: The justification of a new request. Never compared.
        type: str
      on_policy_mismatch:
        description: What to do if an active assignment is under another policy than the desired one. The default is V(fail).
        type: str
        choices: [fail, keep, replace]
      on_open_request:
        description: What to do if another request is open and contradicts the desired state. The default is V(wait).
        type: str
        choices: [wait, cancel, fail]
      on_delivery_failed:
        description: What to do if the delivery of the assignment has failed. The default is V(reprocess).
        type: str
        choices: [reprocess, fail, keep]
      on_partial_delivery:
        description: What to do if the assignment is only partially delivered. The default is V(keep), with a warning.
        type: str
        choices: [keep, reprocess, fail]
      check_conflicts:
        description: Whether to fail before giving access if the person holds something incompatible. The default is V(false).
        type: bool
      bypass_approval:
        description: Whether to bypass the approval of the policy. Sent only if set.
        type: bool
  defaults:
    description: Options for every item of O(assignments) that does not set them itself.
    type: dict
    suboptions: *item
  exclusive:
    description:
      - Whether the list is the exact set - assignments that are not on it are removed. Removals are sent last, and none at all if an
        item has failed.
      - Assignments under automatic policies, of other subjects than users, and of people with an open request are never changed, only
        counted in RV(summary.left_alone). V(beta) does not show which policies are automatic, so it cannot be used.
    type: bool
    default: false
  exclusive_scope:
    description:
      - V(policy) makes the assignments exact under the policies that the items set, or that were chosen for them.
      - V(package) makes all assignments of the listed access packages exact, except those of automatic policies.
    type: str
    choices: [policy, package]
    default: policy
  access_packages:
    description: With O(exclusive=true), access packages, by id or display name, to make exact even if no item has them.
    type: list
    elements: str
  max_removals:
    description:
      - How many assignments can be removed, as a number for the whole task, or as a percentage such as V(5%), rounded down, of each access
        package. A task that exceeds it fails before anything is sent. The default is 10 with O(exclusive=true), otherwise no limit.
      - Counts everything that the task removes - declared removals, including those of members of groups, replacements under another policy, and
        what O(exclusive=true) removes. Canceled requests and earlier ends do not count.
      - A percentage refers to the users who currently hold the access package, except under automatic policies. It requires V(v1.0) and
        administrators, and reads each access package as a whole.
      - Over this limit, O(max_additions) or O(allow_empty), check mode fails too, with all outcomes and differences. A real run sends
        nothing, and each outcome for which something would have been sent has an error.
    type: str
  max_additions:
    description: How many assignments can be added, as a number or a percentage like O(max_removals). The default is no limit.
    type: str
  allow_empty:
    description:
      - With O(exclusive=true), whether an access package can lose its last holder. If V(false), such a task fails before anything is sent,
        whatever O(max_removals) allows.
      - Users who hold the access package under an automatic policy do not count as holders; people who are declared V(present) do.
    type: bool
    default: false
  on_item_error:
    description:
      - V(continue) processes all other items and then fails, listing every item that failed. V(stop) sends nothing more.
    type: str
    choices: [continue, stop]
    default: continue
  concurrency:
    description: The maximum number of concurrent HTTP calls, 1 to 10. Lowered automatically while Graph throttles.
    type: int
    default: 4
  plan:
    description:
      - A plan that this module returned as RV(plan) in check mode, to be carried out as it is. Either that dictionary, or its text form,
        which is base64 of its gzipped JSON.
      - Everything is checked before anything is sent. If one change of the plan no longer fits, nothing is sent and the task fails with
        the C(kind) V(stale_plan) and with RV(stale). What has already been done is not done again, so an interrupted plan can be
        applied again. Only the requests of the plan are ever sent. In check mode everything is checked and nothing is sent.
      - Mutually exclusive with O(assignments), O(defaults), O(exclusive), O(exclusive_scope), O(access_packages), O(max_removals),
        O(max_additions) and O(allow_empty), which apply when the plan is made.
      - A dictionary in a variable is rendered by Ansible before this module sees it. Use the text form for a plan that comes from a
        file.
    type: raw
  plan_max_age:
    description: How old O(plan) can be, as an ISO 8601 duration.
    type: str
    default: P1D
notes:
  - "Requires the application permission C(EntitlementManagement.ReadWrite.All), or an entitlement management role such as I(Access package
    assignment manager) on the catalogs. Looking up people by name or mail address also requires C(User.ReadBasic.All), members of groups
    C(GroupMember.Read.All)."
  - For 40 or more people, an access package is read as a whole; for fewer, person by person.
  - Invalid options, and contradictions within the list, fail the task before anything is sent. A person, access package, policy
    or answer that is not found or does not match fails that item only.
  - If the task runs in the controller's process, it prints a line for every hundred items.
  - If the task waits for many requests at once, it reads how they ended from the assignments, and C(completed_date_time) in RV(outcomes[].request)
    may be null.
extends_documentation_fragment:
  - idgov.entra.auth
  - idgov.entra.version
  - idgov.entra.waiting
  - idgov.entra.attributes
seealso:
  - module: idgov.entra.access_package_assignment
"""

EXAMPLES = r"""
- name: Two people get the VPN for thirty days
  idgov.entra.access_package_assignments:
    defaults:
      access_package: VPN Access
      policy: Everybody
      schedule:
        duration: P30D
    assignments:
      - user: ada@contoso.com
      - user: bo@contoso.com
        justification: Ticket 4711

- name: Joiners, movers and leavers together
  idgov.entra.access_package_assignments:
    assignments:
      - {access_package: Engineering Laptop, user: chen@contoso.com}
      - {access_package: Source Code Read, policy: Engineers, user: kim@contoso.com}
      - {access_package: VPN Access, user: lee@contoso.com, state: absent}
    on_item_error: stop

- name: Exactly the members of the group hold the laptop
  idgov.entra.access_package_assignments:
    assignments:
      - access_package: Engineering Laptop
        policy: Direct assignment
        members_of: Engineers
    exclusive: true
    max_removals: 5
    max_additions: "20"

- name: Plan a change
  idgov.entra.access_package_assignments:
    assignments:
      - {access_package: Source Code Read, policy: Engineers, user: rosa@contoso.com}
      - {access_package: Source Code Read, user: lee@contoso.com, state: absent}
  check_mode: true
  register: planned

- name: Carry out what was planned, and nothing else
  idgov.entra.access_package_assignments:
    plan: "{{ planned.plan }}"
    plan_max_age: PT8H
"""

RETURN = r"""
outcomes:
  description:
    - The outcome of each assignment, in the order of the list; one for each member of a group. They are followed by the removals that
      O(exclusive=true) caused, with a null C(index).
  returned: always
  type: list
  elements: dict
  contains:
    index:
      description: The index in O(assignments), from 0; null for the removal of an undeclared assignment.
      type: int
    access_package:
      description: Id and display name of the access package; null where it was not found.
      type: dict
    user:
      description: The person as given.
      type: str
    action:
      description: What was done, or in check mode would be.
      type: str
      choices: [none, add, update, remove, replace, reprocess, cancel]
    pending:
      description: Whether a request waits for an approval or a start date, or was not waited for.
      type: bool
    assignment_id:
      description: The id of the current assignment, or of the one that was active before the task; null if it is not known.
      type: str
    assignment:
      description: The current assignment, as M(idgov.entra.access_package_assignment) returns it; null if none is active.
      type: dict
    request:
      description: The newest request of this task, or the open one, or null.
      type: dict
    error:
      description: The error of this item, as in M(idgov.entra.access_package_assignment); null if there is none.
      type: dict
  sample:
    - index: 0
      access_package: {id: 4f3c5a6e-0f2d-4f6c-9d8b-1f0a2b3c4d5e, display_name: VPN Access}
      user: ada@contoso.com
      action: add
      pending: false
      assignment_id: 329f8dac-8062-4c1b-a9b8-39b7132f9bff
      assignment:
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
        id: 7e382d02-4454-436b-b700-59c7dd77f466
        request_type: adminAdd
        state: delivered
        status: Delivered
        justification: null
        created_date_time: "2026-11-22T08:00:00Z"
        completed_date_time: "2026-11-22T08:00:12Z"
        answers:
          - {question_id: 1b6d4ab1-1898-5118-a8d7-027c384a4943, question: Region, value: emea, display_value: Europe and Africa}
      error: null
summary:
  description: The number of outcomes of each kind, and of calls.
  returned: always
  type: dict
  contains:
    added: {description: Assignments added., type: int}
    updated: {description: Assignments changed., type: int}
    removed: {description: Assignments removed., type: int}
    replaced: {description: Assignments replaced by one under another policy., type: int}
    reprocessed: {description: Failed deliveries that were reprocessed., type: int}
    canceled: {description: Requests that were canceled., type: int}
    unchanged: {description: Items for which there was nothing to do., type: int}
    pending: {description: Items that wait for an approval or a start date or were not waited for; counted above as well., type: int}
    ended: {description: Items whose desired access has already ended; counted above as well., type: int}
    failed: {description: Items that failed; not counted above., type: int}
    left_alone: {description: Undeclared assignments and open requests that O(exclusive=true) never changes., type: int}
    http_calls: {description: HTTP calls to Graph., type: int}
    operations: {description: "Operations in these calls; a batch of 20 is one call and 20 operations.", type: int}
  sample: {added: 2, updated: 0, removed: 0, replaced: 0, reprocessed: 0, canceled: 0, unchanged: 118, pending: 0, ended: 0, failed: 0,
           left_alone: 0, http_calls: 6, operations: 13}
diff:
  description: The managed settings before and after, for each item that changed.
  returned: always
  type: list
  elements: dict
  contains:
    before_header: {description: The access package and the person., type: str}
    after_header: {description: The access package and the person., type: str}
    before: {description: "The managed settings before the task, as in M(idgov.entra.access_package_assignment).", type: dict}
    after: {description: "The managed settings after the task, as in M(idgov.entra.access_package_assignment).", type: dict}
  sample:
    - before_header: "VPN Access: ada@contoso.com"
      after_header: "VPN Access: ada@contoso.com"
      before: {state: absent}
      after: {state: present, policy: Everybody}
plan:
  description:
    - The changes that check mode foresees, as a plan that the option O(plan) carries out. Null outside check mode, if an item failed, if a
      limit is exceeded, or if O(plan) is set. A task without changes has a plan without items.
    - C(digest) finds accidents, not forgers; whoever can change the plan can change what is carried out.
  returned: always
  type: dict
  contains:
    format: {description: The version of this format., type: int}
    collection_version: {description: The version of the collection that made the plan., type: str}
    created_date_time: {description: When the plan was made., type: str}
    tenant_id: {description: The tenant that the plan is for., type: str}
    graph_url: {description: The root of Microsoft Graph that the plan is for., type: str}
    api_version: {description: The version of Microsoft Graph that the plan is for., type: str}
    summary:
      description:
        - The counts of RV(summary) without C(failed) and those of calls, and C(warnings), a list of what the plan cannot promise and of
          what was noticed.
      type: dict
    items:
      description: The changes, and nothing else.
      type: list
      elements: dict
      contains:
        index: {description: The index in O(assignments); null for the removal of an undeclared assignment., type: int}
        access_package: {description: Id and display name of the access package., type: dict}
        policy: {description: Id and display name of the policy after the change; for a removal of the present one., type: dict}
        target: {description: "The person, as C(target) of an assignment.", type: dict}
        action: {description: What is done., type: str, choices: [add, update, remove, replace, reprocess, cancel]}
        before: {description: "The managed settings before the change, as in RV(diff).", type: dict}
        after: {description: "The managed settings after the change, as in RV(diff).", type: dict}
        waits_for: {description: The id of an open request that is waited for first; null if there is none., type: str}
        desired:
          description:
            - What is desired, as options of O(assignments) that are not their default, with ids; C(kind) is the kind of user if it is not
              C(member).
          type: dict
        writes:
          description:
            - What is sent, in this order. Each has a C(step), and either a C(body), which is sent to Microsoft Graph as it is, or a
              C(request), the id of the request to cancel or reprocess.
          type: list
          elements: dict
    digest: {description: "V(sha256:) and the SHA-256 digest of all other members as UTF-8 JSON with sorted keys and without blanks.", type: str}
  sample:
    format: 1
    collection_version: 0.2.0
    created_date_time: "2026-01-31T08:00:00Z"
    tenant_id: 3c0f9a1e-6d57-4d5c-8f0e-9d9b6f1d2a33
    graph_url: https://graph.microsoft.com
    api_version: v1.0
    summary: {added: 0, updated: 0, removed: 0, replaced: 0, reprocessed: 0, canceled: 0, unchanged: 120, pending: 0, ended: 0, left_alone: 0,
              warnings: []}
    items: []
    digest: sha256:9b0d0c0a64a4a0f7a2d0b7ce4b2a1f7de0a3c2a2c43b3b9f51d4b1d0c3e0a5b7
stale:
  description: The changes of O(plan) that no longer fit. If there is one, nothing was sent.
  returned: always
  type: list
  elements: dict
  contains:
    access_package: {description: Id and display name of the access package., type: dict}
    target: {description: The person., type: dict}
    planned:
      description: What the plan has.
      type: dict
      contains: &change
        action: {description: What is done., type: str}
        before: {description: "The managed settings before the change, as in RV(diff).", type: dict}
        after: {description: "The managed settings after the change, as in RV(diff).", type: dict}
    found:
      description: What would be done now.
      type: dict
      contains:
        <<: *change
        ended: {description: Whether the desired access has already ended., type: bool}
        why: {description: Why the change is stale., type: str}
  sample: []
error:
  description: >-
    The error of the task as a whole, as in M(idgov.entra.access_package_assignment). Its C(kind) is V(items_failed) if some
    items failed, and V(stale_plan) if a plan no longer fits; RV(outcomes[].error) shows which ones, and why.
  returned: failure
  type: dict
  sample:
    status: null
    code: null
    details: []
    message: "1 of 40 assignments failed: assignments[7] (bo@contoso.com, VPN Access): User is not authorized to perform the operation"
    request_id: null
    client_request_id: null
    method: null
    url: null
    hint: the permission EntitlementManagement.ReadWrite.All is missing
    kind: items_failed
"""

from ansible_collections.idgov.entra.plugins.module_utils._host.module import run_module
from ansible_collections.idgov.entra.plugins.module_utils._tasks.access_package_assignments import ARGUMENT_SPEC, run


def main() -> None:
    """Run the module."""
    run_module(ARGUMENT_SPEC, run)


if __name__ == "__main__":
    main()
