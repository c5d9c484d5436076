# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""POST /$batch: up to 20 operations in one (Microsoft Graph JSON batching)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from .errors import GraphError, bad_request
from .graph import Answer, Call, Operation

MAX_ITEMS = 20
# Microsoft's Python SDK adds an empty depends_on to every item, and Graph takes it (msgraph-sdk-python-core, batch_request_item).
_MEMBERS = {"id", "method", "url", "headers", "body", "dependsOn", "depends_on"}
_METHODS = {"GET", "POST", "PATCH", "PUT", "DELETE"}
_WRITING = {"POST", "PATCH", "PUT"}
_PASSED_ON = ("request-id", "client-request-id", "x-ms-ags-diagnostic")


def answer_batch(call: Call) -> Answer:
    """Answer a batch: one response for each item, in an order drawn from the seed."""
    items = _read_items(call.operation.json())
    answers: dict[str, Answer] = {}
    for item in items:
        if any(answers[other].status >= 400 for other in item.get("dependsOn") or ()):
            answers[item["id"]] = _failed_dependency()
            continue
        operation = operation_of(call.operation, item)
        answers[item["id"]] = call.sim.handle_item(operation, call.number, call.transport, call.caller)
    responses = [_response(item_id, answer) for item_id, answer in answers.items()]
    call.sim.ids.random.shuffle(responses)
    throttled = any(answer.status == 429 for answer in answers.values())
    status = int(call.sim.switches["batch_throttle_status"]) if throttled else 200
    return Answer(status, {"responses": responses})


def _read_items(body: Any) -> list[dict[str, Any]]:
    """Check the form of a batch; GraphError 400 for the whole of it if it is malformed."""
    if not isinstance(body, dict) or set(body) != {"requests"} or not isinstance(body["requests"], list):
        raise bad_request("Invalid batch payload format.")
    items: list[Any] = body["requests"]
    if not items:
        raise bad_request("Invalid batch payload format: it holds no requests.")
    if len(items) > MAX_ITEMS:
        raise bad_request(f"Number of batch request steps exceeds the maximum value of {MAX_ITEMS}.")
    seen: set[str] = set()
    for item in items:
        _check_item(item, seen)
        seen.add(item["id"])
    _check_pattern(items)
    return items


def _check_item(item: Any, seen: set[str]) -> None:
    if not isinstance(item, dict) or set(item) - _MEMBERS or item.get("depends_on"):
        raise bad_request("Invalid batch payload format: an item has unknown members.")
    item_id = item.get("id")
    if not isinstance(item_id, str) or not item_id:
        raise bad_request("Request Id is required for each step of the batch.")
    if item_id in seen:
        raise bad_request(f"Request Id {item_id} has to be unique in a batch.")
    if item.get("method") not in _METHODS:
        raise bad_request(f"Invalid method for request {item_id}.")
    _check_url(item_id, item.get("url"))
    headers = item.get("headers") or {}
    if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
        raise bad_request(f"Invalid headers for request {item_id}.")
    has_type = "content-type" in {name.lower() for name in headers}
    if item["method"] in _WRITING and not (has_type and item.get("body") is not None):
        # Microsoft: "Combine multiple HTTP requests using JSON batching"; the words are of public reports.
        raise bad_request(f"Write request id : {item_id} does not contain Content-Type header or body.")
    if item.get("body") is not None and not has_type:
        raise bad_request(f"Request {item_id} has a body, so its headers must name a Content-Type.")
    for other in item.get("dependsOn") or ():
        if other not in seen:
            raise bad_request(f"Request {item_id} depends on {other}, which is not an earlier request.")


def _check_url(item_id: str, url: object) -> None:
    if not isinstance(url, str) or "://" in url or url.lstrip("/").startswith(("v1.0/", "beta/")):
        raise bad_request(f"Invalid url for request {item_id}: it must be relative and without the version.")
    if url.lstrip("/").startswith("$batch"):
        raise bad_request(f"Invalid url for request {item_id}: a batch cannot hold a batch.")


def _check_pattern(items: list[dict[str, Any]]) -> None:
    """Take the three documented patterns of dependsOn: none, each on the one before, all on the same."""
    depends = [tuple(item.get("dependsOn") or ()) for item in items]
    if any(len(others) > 1 for others in depends):
        raise bad_request("A request may depend on at most one other request.")
    named = [others[0] for others in depends if others]
    serial = depends[0] == () and all(depends[at] == (items[at - 1]["id"],) for at in range(1, len(items)))
    if named and not serial and len(set(named)) > 1:
        raise bad_request("The dependsOn of a batch follows none of the supported patterns.")


def operation_of(outer: Operation, item: dict[str, Any]) -> Operation:
    """Read an item of a batch as an operation."""
    parts = urlsplit(item["url"] if item["url"].startswith("/") else f"/{item['url']}")
    body = item.get("body")
    return Operation(
        method=item["method"],
        version=outer.version,
        path=unquote(parts.path),
        query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
        headers={name.lower(): value for name, value in (item.get("headers") or {}).items()},
        # An empty object stands for no body: in a batch a write has to have one.
        body=json.dumps(body).encode() if body else b"",
        origin=outer.origin,
    )


def _failed_dependency() -> Answer:
    error = GraphError(424, "FailedDependency", "The request it depends on failed.")
    return Answer(424, {"error": {"code": error.code, "message": error.message}})


def _response(item_id: str, answer: Answer) -> dict[str, Any]:
    headers = {name: value for name, value in answer.headers.items() if name not in _PASSED_ON}
    if answer.body is not None:
        headers["Content-Type"] = "application/json"
    response: dict[str, Any] = {"id": item_id, "status": answer.status, "headers": headers}
    if answer.body is not None:
        response["body"] = answer.body
    return response
