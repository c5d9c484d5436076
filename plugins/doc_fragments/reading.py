# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of the options that say what to read."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  access_package:
    description:
      - Access packages, by id or display name. Results for any of them are returned. Graph filters by it.
      - A name that contains a comma must be given as an item of a list, because Ansible splits a string at commas.
      - With O(mine), ids and names are not looked up, but compared with the results.
    type: list
    elements: str
  catalog:
    description:
      - A catalog, by id or display name. Restricts O(access_package) to this catalog; without that option, selects all access packages of the catalog.
      - A caller with a role on some catalogs only must set this or O(access_package). Mutually exclusive with O(mine).
    type: str
  mine:
    description:
      - Return only what belongs to the signed-in user. Requires a delegated token.
      - All other options are then applied by the module, not by Graph.
    type: bool
    default: false
  id:
    description:
      - Ids of the assignments or requests to return. They are read one by one, in batches, and all other options are applied to them.
      - An id that does not exist is an error.
    type: list
    elements: str
notes:
  - Always reads all pages. A result must match one value of each option that is set. An empty list matches nothing, and
    returns nothing.
  - Results are sorted by the name of the access package, the principal name of the person, and id.
  - Requires the permission C(EntitlementManagement.Read.All), or a role such as I(Catalog reader) on a catalog. Looking up a person by name
    or mail address also requires C(User.ReadBasic.All).
"""

    ASSIGNMENTS = r"""
options:
  policy:
    description:
      - Assignment policies, by id or display name. Graph filters by it, except with O(current).
      - A name is looked up in the access packages of O(access_package) or O(catalog), so it requires one of them.
    type: list
    elements: str
  states:
    description:
      - States of the assignment. Graph filters by it, except with O(current). If not set, expired assignments are returned too.
    type: list
    elements: str
    choices: [delivering, partiallyDelivered, delivered, expired, deliveryFailed]
  expiring_within:
    description:
      - Only assignments that end within this time from now, as an ISO 8601 duration such as V(P30D).
      - Graph cannot filter by it, so it is applied after reading.
    type: str
  current:
    description:
      - Only one assignment for each person and access package, the current one. Delivered takes precedence over partially delivered, then
        delivering, then a failed delivery, then an expired one; among several the newest.
      - O(policy), O(states) and O(expiring_within) are then applied to these. Applied after reading. Mutually exclusive with O(id).
    type: bool
    default: false
"""
