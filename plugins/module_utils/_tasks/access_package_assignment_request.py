# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task of the module access_package_assignment_request."""

from __future__ import annotations

from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._apply.request import Change, change_request
from ansible_collections.idgov.entra.plugins.module_utils._decide.requests import DesiredRequest
from ansible_collections.idgov.entra.plugins.module_utils._declare.declaration import (
    desired_request_from_options,
    patience_from_options,
)
from ansible_collections.idgov.entra.plugins.module_utils._options.argument_specs import (
    REQUEST_SPEC,
    VERSION_SPEC,
    WAIT_SPEC,
)
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import CONNECTION_SPEC
from ansible_collections.idgov.entra.plugins.module_utils._results.results import change_result
from ansible_collections.idgov.entra.plugins.module_utils._results.shapes import ChangeResult, Failure
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import (
    Context,
    answer,
    failure,
    new_run,
    sign_in,
)

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {**REQUEST_SPEC, **WAIT_SPEC, **VERSION_SPEC, **CONNECTION_SPEC}


def run(context: Context) -> ChangeResult:
    """Bring the request to what is desired of it; an error becomes part of the result. Raises MissingLibrary."""

    def nothing_done(failed: Failure) -> ChangeResult:
        desired = DesiredRequest(str(context.options["request_id"]), str(context.options["state"]))
        return {**change_result(Change(desired)), **failed}

    return answer(lambda: _run(context), nothing_done)


def _run(context: Context) -> ChangeResult:
    desired = desired_request_from_options(context.options)
    patience = patience_from_options(context.options)
    with sign_in(context) as signed_in:
        change = change_request(desired, new_run(context, signed_in, patience))
    for sentence in change.warnings:
        context.warn(sentence)
    result = change_result(change)
    return {**result, **failure(change.error, purpose=desired.purpose)} if change.error else result
