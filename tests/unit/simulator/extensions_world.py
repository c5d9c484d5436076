# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A world in which requests wait for a custom extension, and what the extension answers."""

from __future__ import annotations

from tests.unit.simulator.graph_client import WRITE, Json


def waiting_world(stage: str) -> Json:
    """Return a world whose only policy has a custom extension that waits for a callback at this stage."""
    policy = {
        "name": "Checked",
        "scope": "allMemberUsers",
        "extensions": [{"name": "check", "stage": stage, "callback": True}],
    }
    return {
        "tenant": {"domain": "contoso.onmicrosoft.com"},
        "apps": [{"name": "automation", "secret": "s", "permissions": [WRITE]}],
        "users": [{"upn": "ada@contoso.com"}],
        "catalogs": [{"name": "C"}],
        "packages": [{"name": "Engineering Laptop", "catalog": "C", "policies": [policy]}],
    }


def callback(stage: str, callout_id: str, **data: str) -> Json:
    """Return the body with which a custom extension resumes a request."""
    kind = f"microsoft.graph.accessPackageCustomExtensionStage.{stage}"
    return {
        "source": "Contoso.Checks",
        "type": kind,
        "data": {
            "@odata.type": "microsoft.graph.accessPackageAssignmentRequestCallbackData",
            "stage": stage,
            "customExtensionStageInstanceId": callout_id,
            **data,
        },
    }
