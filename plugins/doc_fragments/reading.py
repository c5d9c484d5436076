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
      - Access packages, by id or display name. Rows of any of them are returned. Graph filters by it.
      - A name with a comma in it has to be an item of a list, because Ansible splits a single text at commas.
      - With O(mine) nothing is looked up, and ids and names are compared with what is there.
    type: list
    elements: str
  catalog:
    description:
      - A catalog, by id or display name. Narrows names in O(access_package); on its own it stands for all access packages in it.
      - A caller who has a role on some catalogs only has to give this or O(access_package). Excludes O(mine).
    type: str
  mine:
    description:
      - Ask for what is the signed-in user's own, which Graph answers to a delegated token only.
      - All other options are then applied to its answer, not by Graph.
    type: bool
    default: false
  id:
    description:
      - Ids of the rows themselves. They are read one by one, in batches, and all other options are applied to them.
      - An id that stands for nothing is an error.
    type: list
    elements: str
notes:
  - Reads all pages, always. Within one option any value will do, and all options together must fit. An empty list is nothing asked for, and
    gives nothing.
  - Rows are sorted by the name of the access package, the principal name of the person, and id.
  - Needs the permission C(EntitlementManagement.Read.All), or a role such as I(Catalog reader) on a catalog. Looking up a person by name
    or mail needs C(User.ReadBasic.All) besides.
"""

    ASSIGNMENTS = r"""
options:
  policy:
    description:
      - Assignment policies, by id or display name. Graph filters by it, except with O(current).
      - A name is looked up in the access packages that O(access_package) or O(catalog) stand for, so one of them has to be given with it.
    type: list
    elements: str
  states:
    description:
      - States of the assignment. Graph filters by it, except with O(current). Without it past assignments are returned too.
    type: list
    elements: str
    choices: [delivering, partiallyDelivered, delivered, expired, deliveryFailed]
  expiring_within:
    description:
      - Only assignments that have not ended and will have by then, as an ISO 8601 duration such as V(P30D).
      - Graph cannot filter by it, so it is applied to what was read.
    type: str
  current:
    description:
      - Only one assignment for each person and access package, the one that counts now. Delivered comes before partially delivered, then
        delivering, then a failed delivery, then a past one; of several the newest.
      - O(policy), O(states) and O(expiring_within) then choose among those. Applied to what was read. Excludes O(id).
    type: bool
    default: false
"""
