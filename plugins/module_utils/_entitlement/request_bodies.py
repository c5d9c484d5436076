# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bodies of the create call and of resume.

Graph documentation, "Create accessPackageAssignmentRequest" and "accessPackageAssignmentRequest: resume".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Answer, Schedule

Body = dict[str, Any]


def direct_add_body(package_id: str, policy_id: str, *, object_id: str | None, email: str | None) -> Body:
    """Return the part of an administrator that makes an assignment; a person outside the directory is named by mail."""
    if object_id is None:
        assignment: Body = {
            "target": {"email": email},
            "assignmentPolicy": {"id": policy_id},
            "accessPackage": {"id": package_id},
        }
    else:
        assignment = {"targetId": object_id, "assignmentPolicyId": policy_id, "accessPackageId": package_id}
    return {"requestType": "adminAdd", "assignment": assignment}


def own_add_body(package_id: str, policy_id: str | None) -> Body:
    """Return the part by which a user asks for access; without a policy Graph takes the strictest that fits."""
    assignment = {"accessPackageId": package_id}
    if policy_id is not None:
        assignment["assignmentPolicyId"] = policy_id
    return {"requestType": "userAdd", "assignment": assignment}


def report_add_body(package_id: str, policy_id: str, object_id: str | None) -> Body:
    """Return the part by which a manager asks for a direct report; the token says who asks, the object id for whom."""
    target = {"objectId": object_id, "subjectType": "user"}
    assignment = {"target": target, "assignmentPolicyId": policy_id, "accessPackageId": package_id}
    return {"requestType": "userAdd", "assignment": assignment}


def change_body(request_type: str, assignment_id: str) -> Body:
    """Return the part that changes or removes an assignment: its id and nothing else."""
    return {"requestType": request_type, "assignment": {"id": assignment_id}}


def extras(
    *,
    schedule: Schedule | None,
    answers: Sequence[Answer],
    justification: str | None,
    bypass_approval: bool | None,
) -> Body:
    """Return the optional members of a request; what is null is not sent."""
    body: Body = {}
    if schedule is not None and (members := _schedule(schedule)):
        body["schedule"] = members
    if answers:
        body["answers"] = [_answer(answer) for answer in answers]
    if justification is not None:
        body["justification"] = justification
    if bypass_approval is not None:
        body["parameters"] = {"bypassApproval": bypass_approval}
    return body


def resume_body(*, source: str, stage: str, instance_id: str, detail: str | None, state: str | None) -> Body:
    """Return the answer of a custom extension; ``state`` is Denied, Canceled or null to let the request go on."""
    data: Body = {
        "@odata.type": "microsoft.graph.accessPackageAssignmentRequestCallbackData",
        "stage": stage,
        "customExtensionStageInstanceId": instance_id,
    }
    if detail is not None:
        data["customExtensionStageInstanceDetail"] = detail
    if state is not None:
        data["state"] = state
    return {"source": source, "type": f"microsoft.graph.accessPackageCustomExtensionStage.{stage}", "data": data}


def _schedule(schedule: Schedule) -> Body:
    body: Body = {}
    if schedule.start:
        body["startDateTime"] = format_instant(schedule.start)
    if schedule.end:
        body["expiration"] = {"type": "afterDateTime", "endDateTime": format_instant(schedule.end)}
    elif schedule.duration:
        body["expiration"] = {"type": "afterDuration", "duration": schedule.duration}
    elif schedule.no_expiration:
        body["expiration"] = {"type": "noExpiration"}
    return body


def _answer(answer: Answer) -> Body:
    return {
        "@odata.type": "#microsoft.graph.accessPackageAnswerString",
        "value": answer.value,
        "displayValue": answer.display_value,
        "answeredQuestion": {"@odata.type": f"#microsoft.graph.{answer.kind}", "id": answer.question_id},
    }
