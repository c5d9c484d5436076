#!/usr/bin/python
# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Give many people access packages, change or take them away, in one task."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_package_assignments
short_description: Give many people their Microsoft Entra access packages in one task
version_added: 0.1.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Brings a declared list of assignments about - thousands of them in one task, at a handful of HTTP calls. It decides for each person
    as M(idgov.entra.access_package_assignment) does, by the same rules, and says for each what it did.
  - With O(exclusive=true) the list is the exact set, and whoever is not on it loses the access package.
  - Nothing is sent twice and nothing is forgotten. A task that was broken off goes on where it was when it is run again.
options:
  assignments:
    description:
      - The assignments. Each names an access package and a person, or the members of a group, or an existing assignment.
      - Options that an item does not give come from O(defaults). Where an item names a person in one way, it does not inherit another.
      - The same person and access package may be there only once. Members of groups may be named again in the same words.
    type: list
    elements: dict
    required: true
    suboptions: &item
      state:
        description: Whether the person is to hold the access package. V(present) where nothing is said.
        type: str
        choices: [present, absent]
      access_package:
        description: The access package, by id or display name. Required unless the assignment is named by its id.
        type: str
      catalog:
        description: The catalog, by id or display name. Narrows the name of an access package that exists in several catalogs.
        type: str
      policy:
        description: The assignment policy, by id or display name. Where it is left out any policy counts for an existing assignment.
        type: str
      user:
        description: The person, by principal name or mail, or by object id.
        type: str
      email:
        description: A person who is not in the directory yet, by mail address.
        type: str
      members_of:
        description:
          - A group, by id or display name. Stands for all users who are members, by way of other groups too.
          - A group without users brings a warning. With O(exclusive=true) it means that nobody is to hold the access package under the
            policy of this item.
          - Needs the permission C(GroupMember.Read.All), and C(User.ReadBasic.All) to see who is a guest.
        type: str
      assignment_id:
        description: An existing assignment by its id, in place of access package and person.
        type: str
      request_as:
        description: In whose name to ask. V(admin) where nothing is said. Users and managers cannot be part of an exact set.
        type: str
        choices: [admin, self, manager]
      schedule:
        description: When access starts and ends; the end is one of end, duration, and no expiration. What is not given is not managed.
        type: dict
        suboptions:
          start_date_time:
            description: The start, in ISO 8601; without a zone UTC, without a time 00:00.
            type: raw
          end_date_time:
            description: The end, in ISO 8601; without a zone UTC, without a time 00:00.
            type: raw
          duration:
            description: The time from start to end as an ISO 8601 duration such as V(P90D).
            type: str
          no_expiration:
            description: Access without an end. V(false) counts as not given.
            type: bool
      renew:
        description: With a duration, give access again after the last assignment has run out.
        type: bool
      answers:
        description: Answers to the questions of the policy. Only the questions named here are managed.
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
            description: The answer, a text; for a multiple choice question the value or the text of one choice.
            type: raw
            required: true
          display_value:
            description: What approvers see instead of the value.
            type: str
      justification:
        description: The reason, sent with a new request. Never compared.
        type: str
      on_policy_mismatch:
        description: What to do when an active assignment is under another policy than the wanted one. V(fail) where nothing is said.
        type: str
        choices: [fail, keep, replace]
      on_open_request:
        description: What to do when another request is open and contradicts what is wanted. V(wait) where nothing is said.
        type: str
        choices: [wait, cancel, fail]
      on_delivery_failed:
        description: What to do when the delivery of the assignment has failed. V(reprocess) where nothing is said.
        type: str
        choices: [reprocess, fail, keep]
      on_partial_delivery:
        description: What to do when the assignment is delivered in part only. V(keep), with a warning, where nothing is said.
        type: str
        choices: [keep, reprocess, fail]
      check_conflicts:
        description: Before giving access, fail if the person holds what is declared incompatible. V(false) where nothing is said.
        type: bool
      bypass_approval:
        description: Whether the approval step of the policy is skipped. Sent only when set.
        type: bool
  defaults:
    description: Options that hold for every item of O(assignments) that does not give them itself.
    type: dict
    suboptions: *item
  exclusive:
    description:
      - The list is the exact set - who is not on it loses the access package. Removals are sent last, and none at all where an
        item has failed.
      - Assignments under automatic policies, of other subjects than users, and of people with an open request are never touched, only
        counted in RV(summary.left_alone). V(beta) does not tell automatic policies apart, so it makes no exact sets.
    type: bool
    default: false
  exclusive_scope:
    description:
      - V(policy) makes the assignments exact under the policies that the items name, or that were taken for them.
      - V(package) makes all assignments of the named access packages exact, except those of automatic policies.
    type: str
    choices: [policy, package]
    default: policy
  access_packages:
    description: With O(exclusive=true), access packages that must be exact although no item names them, by id or display name.
    type: list
    elements: str
  max_removals:
    description:
      - How many assignments may be taken away, as a number for the whole task, or as a share such as V(5%), rounded down, of each access
        package for itself. More fails before anything is sent. 10 with O(exclusive=true), otherwise no limit where it is not given.
      - Counts all that the task takes away - declared removals, members of groups among them, replacements under another policy, and
        what O(exclusive=true) removes. A request that is canceled and an earlier end do not count.
      - A share counts the users who hold the access package now, except under automatic policies. It needs V(v1.0) and
        administrators, and reads each access package as a whole.
      - Over this limit, O(max_additions) or O(allow_empty), check mode fails as well, with all outcomes and differences. The real run sends
        nothing, and each outcome that something would have been sent for has an error.
    type: str
  max_additions:
    description: How many assignments may be given, as a number or a share in the same way as O(max_removals). No limit where it is not given.
    type: str
  allow_empty:
    description:
      - With O(exclusive=true), whether an access package may lose its last holder. Without it such a task fails before anything is sent,
        whatever O(max_removals) allows.
      - Users who hold the access package under an automatic policy do not count as holders; people who are declared V(present) do.
    type: bool
    default: false
  on_item_error:
    description:
      - V(continue) does all the rest and then fails, naming every item that failed. V(stop) sends nothing more.
    type: str
    choices: [continue, stop]
    default: continue
  concurrency:
    description: How many HTTP calls may be in flight, 1 to 10. Lowered by itself while Graph throttles.
    type: int
    default: 4
notes:
  - "Needs the application permission C(EntitlementManagement.ReadWrite.All), or an entitlement management role such as I(Access package
    assignment manager) on the catalogs. Looking up people by name or mail needs C(User.ReadBasic.All) besides, members of groups
    C(GroupMember.Read.All)."
  - An access package is read as a whole from 40 people on, and person by person below that.
  - Mistakes in the shape of an option, and contradictions within the list, fail before anything is sent. A person, access package, policy
    or answer that is not found or does not fit fails that item only.
  - When the task runs in the controller's process, it prints a line for every hundred items.
  - Where many requests are waited for at once, how they ended is seen from the assignments, and C(completed_date_time) in RV(outcomes[].request)
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
"""

RETURN = r"""
outcomes:
  description:
    - What became of each assignment, in the order of the list; one for each person of a group. Behind them the removals that
      O(exclusive=true) brought, with a null C(index).
  returned: always
  type: list
  elements: dict
  contains:
    index:
      description: The place in O(assignments), from 0; null for a removal that nobody declared.
      type: int
    access_package:
      description: Id and display name of the access package; null where it was not found.
      type: dict
    user:
      description: The person as named.
      type: str
    action:
      description: What was done, or in check mode would be.
      type: str
      choices: [none, add, update, remove, replace, reprocess, cancel]
    pending:
      description: Whether a request waits for an approval or a start date, or was not waited for.
      type: bool
    assignment:
      description: The assignment as it is now, as M(idgov.entra.access_package_assignment) returns it; null when none is active.
      type: dict
    request:
      description: The newest request of this task, or the open one, or null.
      type: dict
    error:
      description: What went wrong with this item, as Graph said it; null where nothing did.
      type: dict
  sample:
    - index: 0
      access_package: {id: 4f3c5a6e-0f2d-4f6c-9d8b-1f0a2b3c4d5e, display_name: VPN Access}
      user: ada@contoso.com
      action: add
      pending: false
      assignment: {id: 329f8dac-8062-4c1b-a9b8-39b7132f9bff, state: delivered, status: Delivered}
      request: {id: 7e382d02-4454-436b-b700-59c7dd77f466, state: delivered}
      error: null
summary:
  description: How many outcomes there are of each kind, and what it took.
  returned: always
  type: dict
  contains:
    added: {description: Assignments given., type: int}
    updated: {description: Assignments changed., type: int}
    removed: {description: Assignments taken away., type: int}
    replaced: {description: Assignments replaced by one under another policy., type: int}
    reprocessed: {description: Failed deliveries that were tried again., type: int}
    canceled: {description: Requests that were taken back., type: int}
    unchanged: {description: Items for which nothing was to do., type: int}
    pending: {description: Items that wait for an approval or a start date or were not waited for; counted above as well., type: int}
    ended: {description: Items whose wanted access is over; counted above as well., type: int}
    failed: {description: Items that failed; not counted above., type: int}
    left_alone: {description: Assignments and open requests beside the list that O(exclusive=true) never touches., type: int}
    http_calls: {description: HTTP calls to Graph., type: int}
    operations: {description: "Operations in these calls; a batch of 20 is one call and 20 operations.", type: int}
  sample: {added: 2, updated: 0, removed: 0, replaced: 0, reprocessed: 0, canceled: 0, unchanged: 118, pending: 0, ended: 0, failed: 0,
           left_alone: 0, http_calls: 6, operations: 13}
diff:
  description: What is managed, before and after, for each item that changed.
  returned: always
  type: list
  elements: dict
  sample:
    - before_header: "VPN Access: ada@contoso.com"
      after_header: "VPN Access: ada@contoso.com"
      before: {state: absent}
      after: {state: present, policy: Everybody}
error:
  description: >-
    What went wrong with the task as a whole, as in M(idgov.entra.access_package_assignment). Its C(kind) is V(items_failed) where some
    items failed; which ones, and why, stands in RV(outcomes[].error).
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
