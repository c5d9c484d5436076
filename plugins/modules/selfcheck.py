#!/usr/bin/python
# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find out what works in a tenant."""

from __future__ import annotations

DOCUMENTATION = r"""
module: selfcheck
short_description: Find out what works in a tenant, and what its Microsoft Graph really does
version_added: 0.1.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Looks around in a tenant with the credential that other tasks would use, and says what works, what does not, and what to do about it.
    It reads only, unless O(write) is set.
  - Also writes down what Graph does where Microsoft's documentation leaves a question open. The page
    L(What is not verified,https://github.com/idgov/entra/blob/main/docs/unverified.md) says what hangs on each of these facts.
  - The playbook C(idgov.entra.selfcheck) runs it, shows a table and writes a report.
options:
  write:
    description:
      - Give O(access_package) to O(user), change and take it, to see what only writing tells. What was given is taken away again
        whatever happens, and one finding says whether that worked.
      - In check mode nothing is written.
    type: bool
    default: false
  access_package:
    description: The access package for the test, by id or display name. Needed with O(write).
    type: str
  policy:
    description: The policy for the test, by id or display name. It must admit the person and have no required question.
      With an application signed in it must ask for no approval.
    type: str
  user:
    description: The test person, by object id, principal name or mail. Needed with O(write). Must not hold the access package, nor have asked for it.
    type: str
  wait_timeout:
    description: How many seconds to wait for a request that does not move any more.
    type: int
    default: 300
  wait_interval:
    description: How many seconds to pause before a request is looked at again; the pauses grow.
    type: int
    default: 5
notes:
  - Does not fail because of what it finds. RV(able) says whether the collection can work.
  - Speaks v1.0 of Microsoft Graph.
seealso:
  - module: idgov.entra.access_package_assignment
extends_documentation_fragment:
  - idgov.entra.auth
  - idgov.entra.attributes
attributes:
  check_mode:
    support: partial
    details: ["It reads, and does not rehearse."]
  diff_mode:
    support: none
  idempotent:
    support: none
    details: ["With O(write) it gives and takes access each time."]
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
    - What was looked at, each with C(check), C(status), C(message) and C(hint).
    - The status is C(ok); C(note) where there is something to know; C(warning) where something cannot be used; C(failed) where nothing works
      without it; or C(unknown).
  returned: success
  type: list
  elements: dict
  sample:
    - {check: sign_in, status: ok, message: signed in as an application, hint: null}
    - check: users
      status: warning
      message: Insufficient privileges to complete the operation (403 Authorization_RequestDenied)
      hint: name people by object id, or grant the permission User.ReadBasic.All
observations:
  description: What Graph did where its documentation leaves a question open.
  returned: success
  type: list
  elements: dict
  sample:
    - {fact: update_start, seen: past_moves}
error:
  description: What went wrong, as in M(idgov.entra.access_package_assignment); C(kind) tells errors apart.
  returned: failure
  type: dict
  sample: {kind: refused, status: null, code: null, hint: name a package and a person that are there for tests}
"""

from ansible_collections.idgov.entra.plugins.module_utils._host.module import run_module
from ansible_collections.idgov.entra.plugins.module_utils._tasks.selfcheck import ARGUMENT_SPEC, run


def main() -> None:
    """Run the module."""
    run_module(ARGUMENT_SPEC, run)


if __name__ == "__main__":
    main()
