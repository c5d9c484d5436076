#!/usr/bin/python
# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the files of an access report."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_report_files
short_description: Write the files of a report on who has which Microsoft Entra access package
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Reads assignments, open and failed requests and access packages, and writes what they say as a page, CSV, JSON and YAML. Changes
    nothing in Microsoft Entra. The role P(idgov.entra.access_report#role) runs it and describes the files.
  - A file is written whole or not at all, and only where it would say something else than before. The time at which a report is
    made is no reason to write it.
  - It always runs in the controller's process, with any connection, and writes there. The rows pass through no variable, so that
    100,000 of them fit into memory.
options:
  paths:
    description:
      - Where to write which file. A format without a path is not written.
      - A directory that does not exist is created with mode 0700.
    type: dict
    required: true
    suboptions:
      html:
        description: The path of the page.
        type: path
      csv:
        description: The path of the CSV file.
        type: path
      json:
        description: The path of the JSON file.
        type: path
      yaml:
        description: The path of the YAML file.
        type: path
  mode:
    description: The mode of the files, which name people, in octal digits.
    type: raw
    default: "0600"
  access_package:
    description:
      - Access packages to report on, by id or display name. If not set, all that the caller can read.
      - A name that contains a comma must be given as an item of a list, because Ansible splits a string at commas.
    type: list
    elements: str
  catalog:
    description: The catalog to report on, by id or display name.
    type: str
  expiring_within:
    description: How far ahead an end is soon, as an ISO 8601 duration.
    type: str
    default: P30D
  stuck_after:
    description: After how long a request or a delivery that has not come to its end is stuck, as an ISO 8601 duration.
    type: str
    default: P1D
  declare_by:
    description:
      - How the YAML file declares access packages, policies and people. V(id) is by ids, with names as comments.
      - V(name) is by names, with ids as comments, and by the id where no name means only this one. Each name is looked up first, and this requires
        the permission C(User.ReadBasic.All).
    type: str
    choices: [id, name]
    default: id
notes:
  - Requires the permission C(EntitlementManagement.Read.All), or a role such as I(Catalog reader) on a catalog together with
    O(access_package) or O(catalog).
seealso:
  - plugin: idgov.entra.access_report
    plugin_type: filter
extends_documentation_fragment:
  - idgov.entra.auth
  - idgov.entra.version
  - idgov.entra.attributes
attributes:
  diff_mode:
    description: The differences between two reports are names of people by the thousand.
    support: none
  async:
    description: It runs in the controller's process.
    support: none
  action:
    description: Is an action plugin that always runs in the controller's process.
"""

EXAMPLES = r"""
- name: A page, and a file for spreadsheets
  idgov.entra.access_report_files:
    paths:
      html: "{{ playbook_dir }}/access.html"
      csv: "{{ playbook_dir }}/access.csv"
    expiring_within: P14D
"""

RETURN = r"""
totals:
  description: Counts of what the report lists.
  returned: success
  type: dict
  contains:
    assignments:
      description: Assignments that have not ended.
      type: int
      sample: 11
    people:
      description: Those who hold them.
      type: int
      sample: 8
    access_packages:
      description: Access packages, also those that nobody holds.
      type: int
      sample: 11
    automatic:
      description: Assignments that a rule gave.
      type: int
      sample: 3
    without_end:
      description: Assignments without an end date.
      type: int
      sample: 4
    expiring:
      description: Assignments that end soon.
      type: int
      sample: 2
    troubled:
      description: What is stuck or failed.
      type: int
      sample: 4
    waiting:
      description: Requests that wait for an approval, a start date or a custom extension.
      type: int
      sample: 2
paths:
  description: The path of each file, by its format.
  returned: success
  type: dict
  sample: {csv: /var/lib/access-report/access_report.csv}
written:
  description: The formats whose file was written, or would be in check mode.
  returned: success
  type: list
  elements: str
  sample: [csv]
error:
  description: The error, as in M(idgov.entra.access_package_assignment); C(kind) is its type.
  returned: failure
  type: dict
  sample: {kind: graph, status: 403, code: UnAuthorized, hint: the permission EntitlementManagement.Read.All is missing}
"""

from ansible_collections.idgov.entra.plugins.module_utils._host.module import run_module
from ansible_collections.idgov.entra.plugins.module_utils._tasks.access_report_files import ARGUMENT_SPEC, refuse


def main() -> None:
    """Run the module."""
    run_module(ARGUMENT_SPEC, refuse)


if __name__ == "__main__":
    main()
