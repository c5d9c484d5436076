#!/usr/bin/python
# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read access packages with their policies and questions."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_package_info
short_description: Read Microsoft Entra access packages with their policies and questions
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Reads access packages of Microsoft Entra entitlement management, and changes nothing. Each is returned with its catalog, its assignment policies
    and their questions, and with the access packages and groups that are incompatible with it.
  - Names are looked up and must be unambiguous.
options:
  access_package:
    description:
      - Access packages, by id or display name. If not set, all that the caller can read are returned.
      - A name that contains a comma must be given as an item of a list, because Ansible splits a string at commas.
      - With O(mine), ids and names are not looked up, but compared with the results.
    type: list
    elements: str
  catalog:
    description:
      - A catalog, by id or display name. Restricts O(access_package) to this catalog; without that option, selects all access packages of the catalog.
      - Graph cannot filter by it, so it is applied after reading.
    type: str
  mine:
    description:
      - Whether to return only the access packages that the signed-in user can request. Requires a delegated token.
    type: bool
    default: false
notes:
  - Always reads all pages, and sorts by name and id. An empty list in O(access_package) returns nothing.
  - Members that the caller is not allowed to read are null, and so is C(is_automatic) with V(beta), which does not show it.
  - Requires the permission C(EntitlementManagement.Read.All), or a role such as I(Catalog reader) on a catalog.
seealso:
  - module: idgov.entra.access_package_assignment
extends_documentation_fragment:
  - idgov.entra.auth
  - idgov.entra.version
  - idgov.entra.attributes.info
  - idgov.entra.attributes
"""

EXAMPLES = r"""
- name: Which questions an access package asks
  idgov.entra.access_package_info:
    access_package: Payroll
  register: payroll

- name: Show the questions that need an answer
  ansible.builtin.debug:
    msg: "{{ payroll.access_packages[0].policies[0].questions | selectattr('is_required') | map(attribute='text') }}"

- name: All access packages of a catalog
  idgov.entra.access_package_info:
    catalog: Finance

- name: Everything there is
  idgov.entra.access_package_info:
"""

RETURN = r"""
access_packages:
  description: The access packages, sorted. The ids and texts of questions and choices can be used in O(idgov.entra.access_package_assignment#module:answers).
  returned: success
  type: list
  elements: dict
  sample:
    - id: 8a4a8623-6740-55c6-a92b-e4a242f35983
      display_name: Payroll
      description: Payroll system
      is_hidden: false
      catalog: {id: 2b427b6f-a6d0-5cad-a3fc-fc6feab80c68, display_name: Finance}
      policies:
        - id: 15029e06-05ad-5d80-909f-2ef984475fa6
          display_name: Payroll staff
          description: null
          allowed_target_scope: allMemberUsers
          is_automatic: false
          expiration: {end_date_time: null, duration: P90D, no_expiration: false}
          is_approval_required_for_add: false
          is_approval_required_for_update: false
          is_requestor_justification_required: false
          questions:
            - id: 1b6d4ab1-1898-5118-a8d7-027c384a4943
              text: Region
              localizations: [{language_code: de-de, text: Gebiet}]
              is_required: true
              is_answer_editable: true
              is_multiple_choice: true
              is_multiple_selection_allowed: false
              regex_pattern: null
              choices:
                - value: emea
                  text: Europe and Africa
                  localizations: [{language_code: de-de, text: Europa und Afrika}]
      incompatible_access_packages: [{id: 7800b995-d2c6-50dc-926e-269eb443ffdf, display_name: Source Code Read}]
      access_packages_incompatible_with: [{id: 9c1f1a5e-3f0c-5f0e-8e57-0d9d6c3d7a11, display_name: Payroll Approver}]
      incompatible_groups: [{id: 5d0b1c9e-64a7-5b0c-9d53-8f2f0a6b7c22, display_name: Contractors}]
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
    url: https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/accessPackages
    hint: the permission EntitlementManagement.Read.All is missing
    kind: graph
"""

from ansible_collections.idgov.entra.plugins.module_utils._host.module import run_module
from ansible_collections.idgov.entra.plugins.module_utils._tasks.access_package_info import ARGUMENT_SPEC, run


def main() -> None:
    """Run the module."""
    run_module(ARGUMENT_SPEC, run)


if __name__ == "__main__":
    main()
