# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event source for ansible-rulebook: what changes in Microsoft Entra entitlement management."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

DOCUMENTATION = r"""
---
short_description: Tell what changes in Microsoft Entra entitlement management
description:
  - Reads assignments and requests of access packages from Microsoft Graph, and gives an event for each thing that has come about. Needs no
    webhook, no Logic App and no address that the Internet can reach.
  - Tells each fact at least once, and exactly once as long as the source is not killed while it hands over an event. What was told is
    kept in O(state_path). An event has an O(ignore:id) by which a consumer knows a repetition.
  - Rides out throttling and outages, and says so in one line of the log. Ends with one sentence where the sign-in is refused or a permission
    is missing.
  - Signs in as the modules of this collection do. It reads only, so the permission C(EntitlementManagement.Read.All) is enough, or a role
    such as I(Catalog reader) on a catalog, together with O(access_packages) or O(catalog).
author: idgov.entra contributors
version_added: 0.2.0
options:
  state_path:
    description:
      - The file that keeps what was told. It is made where there is none, with the mode 0600, and locked as long as the source runs. Two
        sources cannot share one.
      - A file that is damaged is moved to the same name with C(.damaged) at its end, and the source begins anew, as O(start) says.
      - It holds ids and dates, nothing about people. It has to lie on a disk that stays, and whose locks work.
    type: path
    required: true
  kinds:
    description:
      - What to tell. Without it everything. What no kind needs is not read.
    type: list
    elements: str
    choices:
      - request_pending_approval
      - request_scheduled
      - request_delivered
      - request_failed
      - request_denied
      - request_canceled
      - request_waiting_for_callback
      - request_stuck
      - assignment_granted
      - assignment_ended
      - assignment_expiring
  interval:
    description:
      - Seconds between the end of a reading and the next one, at least 1.
    type: int
    default: 60
  list_interval:
    description:
      - How often the list of all assignments that have not ended is read, as an ISO 8601 duration. In between, grants and ends are found by the
        requests that bring them about, so this bounds how late V(assignment_expiring) is told, and what no request tells.
    type: str
    default: PT1H
  expiring_within:
    description:
      - An assignment is V(assignment_expiring) from so long before its end on, as an ISO 8601 duration.
    type: str
    default: P14D
  stuck_after:
    description:
      - A request is V(request_stuck) once the source has seen it in the state C(delivering) for so long, as an ISO 8601 duration. A
        delivery that fails says so after about 13 hours.
    type: str
    default: PT2H
  access_packages:
    description:
      - Only these access packages, by id or display name. A caller who has a role on some catalogs only has to give this or O(catalog).
    type: list
    elements: str
  catalog:
    description:
      - Only the access packages in this catalog, by id or display name. Narrows names in O(access_packages).
    type: str
  start:
    description:
      - What to do where the state file is new, damaged, or about other access packages. With V(now) everything that there is now counts
        as told. With V(all) it is told first, the whole history among it.
    type: str
    choices: [now, all]
    default: now
  feedback:
    description:
      - With the persistence of ansible-rulebook, take an event for told only when the rule engine has it, so that none is lost where
        ansible-rulebook is killed. ansible-rulebook refuses it without persistence.
    type: bool
    default: false
extends_documentation_fragment:
  - idgov.entra.auth
"""

EXAMPLES = r"""
- name: Assignments that run out within 30 days, in one catalog
  idgov.entra.access_packages:
    state_path: /var/lib/eda/expiring.db
    kinds: [assignment_expiring]
    expiring_within: P30D
    catalog: Engineering

- name: Everything, by a secret from the rulebook's variables instead of the environment
  idgov.entra.access_packages:
    state_path: /var/lib/eda/access-packages.db
    tenant_id: "{{ tenant_id }}"
    client_id: "{{ client_id }}"
    client_secret: "{{ client_secret }}"
"""

# pylint: disable=import-error,wrong-import-position
# ansible-rulebook runs this file by itself: only its place tells where the collection is.
sys.path.insert(0, str(Path(__file__).absolute().parents[7]))

from ansible_collections.idgov.entra.plugins.module_utils._events.source import Host, run_source  # noqa: E402
from ansible_collections.idgov.entra.plugins.plugin_utils.masking import masked  # noqa: E402

logger = logging.getLogger("idgov.entra.access_packages")


async def main(queue: asyncio.Queue[Any], args: dict[str, Any]) -> None:
    """Put an event into the queue for each change, until the task is cancelled.

    Parameters
    ----------
    queue : asyncio.Queue
        Where ansible-rulebook takes events from.
    args : dict
        The arguments that a rulebook gives this source.

    """
    host = Host(environ=os.environ, warn=logger.warning, log=logger.info, mask=masked)
    await run_source(queue, args, host)
