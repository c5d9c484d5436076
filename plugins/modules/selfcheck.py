#!/usr/bin/python
# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find out what works in a tenant."""

from __future__ import annotations

DOCUMENTATION = r"""
module: selfcheck
short_description: Find out what works in a tenant, and what its Microsoft Graph really does
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Checks a tenant with the credential that other tasks would use, and returns what works, what does not, and what to do about it.
    It only reads, unless O(write) is set.
  - Also records what Graph does where Microsoft's documentation leaves a question open. The page
    L(What is not verified,https://github.com/idgov/entra/blob/main/docs/unverified.md) describes what depends on each of these facts.
  - The playbook C(idgov.entra.selfcheck) runs it, shows a table and writes a report.
options:
  write:
    description:
      - Whether to give O(access_package) to O(user), change it and remove it, to find out what only writes show. Access that was given is removed
        in any case, and one finding shows whether that worked.
      - In check mode nothing is written.
    type: bool
    default: false
  access_package:
    description: The access package for the test, by id or display name. Required with O(write).
    type: str
  policy:
    description: The policy for the test, by id or display name. It must admit the person and have no required question.
      If an application is signed in, it must not require approval.
    type: str
  user:
    description: The test user, by object id, principal name or mail address. Required with O(write).
      Must neither hold the access package nor have requested it.
    type: str
  wait_timeout:
    description: Seconds to wait after the last change of a request.
    type: int
    default: 300
  wait_interval:
    description: Seconds between polls at first; the interval grows.
    type: int
    default: 5
notes:
  - Does not fail because of its findings. RV(able) shows whether the collection can work.
  - Uses v1.0 of Microsoft Graph.
seealso:
  - module: idgov.entra.access_package_assignment
extends_documentation_fragment:
  - idgov.entra.auth
  - idgov.entra.attributes
attributes:
  check_mode:
    support: partial
    details: ["It reads, and does not do the write test."]
  diff_mode:
    support: none
  idempotent:
    support: none
    details: ["With O(write) it gives and removes access each time."]
"""

EXAMPLES = r"""
- name: See what works in this tenant
  idgov.entra.selfcheck:
  register: looked

- name: Go on only where the collection can work
  ansible.builtin.assert:
    that: looked.able

- name: Find out what only writing tells, on a test package and a test person
  idgov.entra.selfcheck:
    write: true
    access_package: Engineering Laptop
    user: chen@contoso.com
"""

RETURN = r"""
able:
  description: Whether the collection can work in this tenant with this credential; false where a finding failed.
  returned: success
  type: bool
  sample: true
findings:
  description:
    - The results of the checks, each with C(check), C(status), C(message) and C(hint).
    - The status is C(ok); C(note) for something to know; C(warning) if something cannot be used; C(failed) if nothing works
      without it; or C(unknown).
  returned: success
  type: list
  elements: dict
  sample:
    - {check: sign_in, status: ok, message: signed in as an application, hint: null}
    - check: users
      status: warning
      message: Insufficient privileges to complete the operation (403 Authorization_RequestDenied)
      hint: use object ids for people, or grant the permission User.ReadBasic.All
observations:
  description: What Graph did where its documentation leaves a question open.
  returned: success
  type: list
  elements: dict
  sample:
    - {fact: update_start, seen: past_moves}
error:
  description: The error, as in M(idgov.entra.access_package_assignment); C(kind) is its type.
  returned: failure
  type: dict
  sample:
    status: null
    code: null
    details: []
    message: "access_package: required when write is true"
    request_id: null
    client_request_id: null
    method: null
    url: null
    hint: use an access package and a user that exist for tests
    kind: option
"""

from ansible_collections.idgov.entra.plugins.module_utils._host.module import run_module
from ansible_collections.idgov.entra.plugins.module_utils._tasks.selfcheck import ARGUMENT_SPEC, run


def main() -> None:
    """Run the module."""
    run_module(ARGUMENT_SPEC, run)


if __name__ == "__main__":
    main()
