# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members of what tasks return; each module's RETURN documents them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import ErrorResult


class NamedResult(TypedDict):
    """Something with an id and a name."""

    id: str
    display_name: str | None


class SubjectResult(TypedDict):
    """Whom something is about."""

    object_id: str | None
    display_name: str | None
    principal_name: str | None
    email: str | None
    subject_type: str | None


class ExpirationResult(TypedDict):
    """When access ends, in the shape of the option ``schedule``."""

    end_date_time: str | None
    duration: str | None
    no_expiration: bool


class ScheduleResult(ExpirationResult):
    """When access starts and ends, in the shape of the option ``schedule``."""

    start_date_time: str | None


class AnswerResult(TypedDict):
    """What was answered to a question, in the shape of the option ``answers``."""

    question_id: str
    question: str | None
    value: str | None
    display_value: str | None


class AssignmentResult(TypedDict):
    """An assignment; ``id`` is null for one that check mode foresees."""

    id: str | None
    state: str
    status: str | None
    access_package: NamedResult | None
    policy: NamedResult | None
    target: SubjectResult | None
    schedule: ScheduleResult
    expired_date_time: str | None


class RequestResult(TypedDict):
    """A request; ``id`` is null for one that check mode foresees."""

    id: str | None
    request_type: str
    state: str
    status: str | None
    justification: str | None
    created_date_time: str | None
    completed_date_time: str | None
    answers: list[AnswerResult]


class ListedRequest(RequestResult):
    """A request with whom and what it is about, which a list does not say otherwise."""

    assignment_id: str | None
    access_package: NamedResult | None
    target: SubjectResult | None
    requestor: SubjectResult | None
    schedule: ScheduleResult


class LocalizationResult(TypedDict):
    """A text in one language."""

    language_code: str | None
    text: str


class ChoiceResult(TypedDict):
    """One choice of a question."""

    value: str
    text: str | None
    localizations: list[LocalizationResult]


class QuestionResult(TypedDict):
    """A question of a policy."""

    id: str
    text: str | None
    localizations: list[LocalizationResult]
    is_required: bool
    is_answer_editable: bool
    is_multiple_choice: bool
    is_multiple_selection_allowed: bool
    regex_pattern: str | None
    choices: list[ChoiceResult]


class PolicyResult(TypedDict):
    """An assignment policy; ``questions`` is null where they were not read."""

    id: str
    display_name: str | None
    description: str | None
    allowed_target_scope: str | None
    is_automatic: bool | None
    expiration: ExpirationResult
    is_approval_required_for_add: bool
    is_approval_required_for_update: bool
    is_requestor_justification_required: bool
    questions: list[QuestionResult] | None


class PackageResult(TypedDict):
    """An access package with its policies, and what it excludes: null where that was not read."""

    id: str
    display_name: str | None
    description: str | None
    is_hidden: bool
    catalog: NamedResult | None
    policies: list[PolicyResult]
    incompatible_access_packages: list[NamedResult] | None
    access_packages_incompatible_with: list[NamedResult] | None
    incompatible_groups: list[NamedResult] | None


class DiffState(TypedDict, total=False):
    """What is managed of an assignment or a request, at one time; only what the task manages or changes is there."""

    state: str
    policy: str | None
    schedule: dict[str, str | bool]
    answers: dict[str, str | None]
    open_request: str
    delivery: str
    callback: str
    decision: str
    instance_detail: str


class DiffResult(TypedDict):
    """What is managed, before and after."""

    before: DiffState
    after: DiffState


class ItemDiff(DiffResult):
    """The same of one of many items, with whom and what it is about."""

    before_header: str
    after_header: str


class Failure(TypedDict):
    """What a task returns that failed, besides what it returns anyway."""

    failed: bool
    msg: str
    error: ErrorResult


class MayFail(TypedDict, total=False):
    """The members of Failure, which are there only where a task failed."""

    failed: bool
    msg: str
    error: ErrorResult


class ItemResult(MayFail):
    """What the task of one assignment returns."""

    changed: bool
    action: str
    pending: bool
    ended: bool
    assignment: AssignmentResult | None
    request: RequestResult | None
    diff: DiffResult


class ChangeResult(MayFail):
    """What the task of one request returns."""

    changed: bool
    action: str
    pending: bool
    request: RequestResult | None
    diff: DiffResult


class Outcome(TypedDict):
    """What became of one of many assignments; ``index`` is null for a removal that nobody declared."""

    index: int | None
    access_package: NamedResult | None
    user: str
    action: str
    pending: bool
    assignment_id: str | None
    assignment: AssignmentResult | None
    request: RequestResult | None
    error: ErrorResult | None


class Summary(TypedDict):
    """How many outcomes there are of each kind, and what it took."""

    added: int
    updated: int
    removed: int
    replaced: int
    reprocessed: int
    canceled: int
    unchanged: int
    pending: int
    ended: int
    failed: int
    left_alone: int
    http_calls: int
    operations: int


class PlanSummary(TypedDict):
    """How many changes of each kind a plan has, what it leaves as it is, and what it cannot promise."""

    added: int
    updated: int
    removed: int
    replaced: int
    reprocessed: int
    canceled: int
    unchanged: int
    pending: int
    ended: int
    left_alone: int
    warnings: list[str]


class PlanWrite(TypedDict, total=False):
    """One write of a plan: its step, and its body or the id of the request that it changes."""

    step: str
    body: Mapping[str, Any]
    request: str | None


class PlanItem(TypedDict):
    """One change of a plan; ``desired`` are options that are not their default, with ids."""

    index: int | None
    access_package: NamedResult | None
    policy: NamedResult | None
    target: SubjectResult | None
    action: str
    before: DiffState
    after: DiffState
    waits_for: str | None
    desired: dict[str, Any]
    writes: list[PlanWrite]


class UnsealedPlan(TypedDict):
    """A plan before it has a digest."""

    format: int
    collection_version: str
    created_date_time: str
    tenant_id: str
    graph_url: str
    api_version: str
    summary: PlanSummary
    items: list[PlanItem]


class PlanResult(UnsealedPlan):
    """What check mode foresees, as a document that can be carried out."""

    digest: str


class PlannedChange(TypedDict):
    """What a plan has for a change."""

    action: str
    before: DiffState
    after: DiffState


class FoundChange(PlannedChange):
    """What would be done for it now, and why that makes it stale."""

    ended: bool
    why: str


class StaleResult(TypedDict):
    """A change of a plan that does not fit any more."""

    access_package: NamedResult
    target: SubjectResult
    planned: PlannedChange
    found: FoundChange


class ManyResult(MayFail):
    """What the task of many assignments returns."""

    changed: bool
    outcomes: list[Outcome]
    summary: Summary
    diff: list[ItemDiff]
    plan: PlanResult | None
    stale: list[StaleResult]


class AssignmentsResult(TypedDict):
    """What the task that reads assignments returns."""

    changed: bool
    assignments: list[AssignmentResult]


class RequestsResult(TypedDict):
    """What the task that reads requests returns."""

    changed: bool
    requests: list[ListedRequest]


class PackagesResult(TypedDict):
    """What the task that reads access packages returns."""

    changed: bool
    access_packages: list[PackageResult]


class TokenResult(TypedDict):
    """What the task that signs in returns; ``delegated`` is null where the token cannot be read."""

    changed: bool
    access_token: str
    delegated: bool | None
