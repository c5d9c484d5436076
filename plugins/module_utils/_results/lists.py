# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what was read to the values that lists of it show; shapes that other results have too are the same."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Choice,
    Localization,
    Named,
    Policy,
    Question,
    Request,
)
from ansible_collections.idgov.entra.plugins.module_utils._fetch.lists import WholePackage
from ansible_collections.idgov.entra.plugins.module_utils._results.results import (
    named_result,
    request_result,
    schedule_result,
    subject_result,
)
from ansible_collections.idgov.entra.plugins.module_utils._results.shapes import (
    ChoiceResult,
    ListedRequest,
    LocalizationResult,
    NamedResult,
    PackageResult,
    PolicyResult,
    QuestionResult,
)


def listed_request(request: Request) -> ListedRequest:
    """Return a request as results show it, and whom and what it is about, which a list does not say otherwise."""
    return {
        **request_result(request),
        "assignment_id": request.assignment_id,
        "access_package": named_result(request.package),
        "target": subject_result(request.target),
        "requestor": subject_result(request.requestor),
        "schedule": schedule_result(request.schedule),
    }


def listed_package(whole: WholePackage) -> PackageResult:
    """Return an access package with its policies, their questions, and what it excludes."""
    package = whole.package
    return {
        "id": package.id,
        "display_name": package.display_name,
        "description": package.description,
        "is_hidden": package.hidden,
        "catalog": named_result(package.catalog),
        "policies": [_policy(policy) for policy in package.policies or ()],
        "incompatible_access_packages": _all_named(whole.incompatible_packages),
        "access_packages_incompatible_with": _all_named(whole.incompatible_with),
        "incompatible_groups": _all_named(whole.incompatible_groups),
    }


def _policy(policy: Policy) -> PolicyResult:
    expiration = schedule_result(policy.expiration)
    return {
        "id": policy.id,
        "display_name": policy.display_name,
        "description": policy.description,
        "allowed_target_scope": policy.scope,
        "is_automatic": policy.automatic,
        "expiration": {
            "end_date_time": expiration["end_date_time"],
            "duration": expiration["duration"],
            "no_expiration": expiration["no_expiration"],
        },
        "is_approval_required_for_add": policy.approval_for_add,
        "is_approval_required_for_update": policy.approval_for_update,
        "is_requestor_justification_required": policy.justification_required,
        "questions": None if policy.questions is None else [_question(question) for question in policy.questions],
    }


def _question(question: Question) -> QuestionResult:
    return {
        "id": question.id,
        "text": question.texts[0] if question.texts else None,
        "localizations": _localizations(question.localizations),
        "is_required": question.required,
        "is_answer_editable": question.editable,
        "is_multiple_choice": bool(question.choices),
        "is_multiple_selection_allowed": question.several,
        "regex_pattern": question.pattern,
        "choices": [_choice(choice) for choice in question.choices],
    }


def _choice(choice: Choice) -> ChoiceResult:
    return {
        "value": choice.value,
        "text": choice.texts[0] if choice.texts else None,
        "localizations": _localizations(choice.localizations),
    }


def _localizations(localizations: Sequence[Localization]) -> list[LocalizationResult]:
    return [{"language_code": each.language, "text": each.text} for each in localizations]


def _all_named(named: Sequence[Named] | None) -> list[NamedResult] | None:
    return None if named is None else [shown for each in named if (shown := named_result(each))]
