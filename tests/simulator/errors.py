# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals, in the envelopes Graph uses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any


@dataclass
class GraphError(Exception):
    """A refusal that becomes an error answer.

    ``details`` None leaves the member out (directory and gateway); entitlement management always sends it.
    """

    status: int
    code: str
    message: str
    details: list[dict[str, str]] | None = None
    headers: dict[str, str] = field(default_factory=dict)


def refusal(status: int, code: str, message: str, *details: tuple[str, str]) -> GraphError:
    """Build an entitlement management refusal with its list of details."""
    return GraphError(status, code, message, [{"code": name, "message": text} for name, text in details])


def invalid_model(message: str) -> GraphError:
    """Build the answer to a body that does not fit the model."""
    return refusal(400, "InvalidModel", f"The model is invalid. {message}")


def invalid_filter(message: str) -> GraphError:
    """Build the answer to a filter the service does not take."""
    return refusal(400, "InvalidFilter", f"OData query is invalid: {message}")


def bad_request(message: str) -> GraphError:
    """Build the gateway's answer to a request it cannot read."""
    return GraphError(400, "BadRequest", message)


def unknown_segment(segment: str) -> GraphError:
    """Build the gateway's answer to a path that is not there."""
    return bad_request(f"Resource not found for the segment '{segment}'.")


def unauthorized() -> GraphError:
    """Build the answer to a caller whose permission or role does not reach."""
    return refusal(403, "UnAuthorized", "User is not authorized to perform the operation. Reason: Unauthorized")


def envelope(error: GraphError, now: datetime, request_id: str, client_request_id: str) -> dict[str, Any]:
    """Write the error body as Graph does (Microsoft Graph error responses); dates carry no zone."""
    inner = {
        "date": now.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S"),
        "request-id": request_id,
        "client-request-id": client_request_id,
    }
    body: dict[str, Any] = {"code": error.code, "message": error.message}
    if error.details is not None:
        body["details"] = error.details
    return {"error": {**body, "innerError": inner}}
