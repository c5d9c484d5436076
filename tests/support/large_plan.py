# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan of any number of changes, as check mode would make it."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.version import VERSION
from ansible_collections.idgov.entra.plugins.module_utils._plan.make import with_digest
from ansible_collections.idgov.entra.plugins.module_utils._results.shapes import PlanResult
from tests.simulator.ids import id_of

Json = dict[str, Any]
NOW = datetime(2026, 1, 31, 8, tzinfo=timezone.utc)
PACKAGE, POLICY = id_of("package", "VPN"), id_of("policy", "Everybody")
COUNTS = ("added", "updated", "removed", "replaced", "reprocessed", "canceled", "unchanged", "pending", "ended")


def change(number: int) -> Json:
    """Return one change of a plan: an add with an end."""
    person, end = id_of("user", str(number)), "2031-01-01T00:00:00Z"
    assignment = {"targetId": person, "assignmentPolicyId": POLICY, "accessPackageId": PACKAGE}
    expiration = {"type": "afterDateTime", "endDateTime": end}
    body = {"requestType": "adminAdd", "assignment": assignment, "schedule": {"expiration": expiration}}
    return {
        "index": number,
        "access_package": {"id": PACKAGE, "display_name": "VPN Access"},
        "policy": {"id": POLICY, "display_name": "Everybody"},
        "target": {
            "object_id": person,
            "display_name": None,
            "principal_name": f"person.{number}@contoso.com",
            "email": f"person.{number}@contoso.com",
            "subject_type": "user",
        },
        "action": "add",
        "before": {"state": "absent"},
        "after": {"state": "present", "policy": "Everybody", "schedule": {"end_date_time": end}},
        "waits_for": None,
        "desired": {"state": "present", "policy": POLICY, "schedule": {"end_date_time": end}},
        "writes": [{"step": "add", "body": body}],
    }


def plan_of(changes: int) -> PlanResult:
    """Return a plan that gives so many people an access package."""
    document: Any = {
        "format": 1,
        "collection_version": VERSION,
        "created_date_time": "2026-01-31T08:00:00Z",
        "tenant_id": id_of("tenant", "contoso"),
        "graph_url": "https://graph.microsoft.com",
        "api_version": "v1.0",
        "summary": {**dict.fromkeys(COUNTS, 0), "added": changes, "left_alone": 0, "warnings": []},
        "items": [change(number) for number in range(changes)],
    }
    return with_digest(document)
