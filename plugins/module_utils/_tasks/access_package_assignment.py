# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task behind the module ``access_package_assignment``: one assignment, present or absent."""

from __future__ import annotations

from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._apply.item import Item
from ansible_collections.idgov.entra.plugins.module_utils._apply.reconcile import reconcile
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Declaration
from ansible_collections.idgov.entra.plugins.module_utils._declare.declaration import (
    declaration_from_options,
    patience_from_options,
)
from ansible_collections.idgov.entra.plugins.module_utils._options.argument_specs import (
    ASSIGNMENT_SPEC,
    VERSION_SPEC,
    WAIT_SPEC,
)
from ansible_collections.idgov.entra.plugins.module_utils._options.cloud_members import check_members
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import CONNECTION_SPEC
from ansible_collections.idgov.entra.plugins.module_utils._results.results import item_result
from ansible_collections.idgov.entra.plugins.module_utils._results.shapes import Failure, ItemResult
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import (
    Context,
    answer,
    failure,
    new_run,
    sign_in,
)

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {**ASSIGNMENT_SPEC, **WAIT_SPEC, **VERSION_SPEC, **CONNECTION_SPEC}


def run(context: Context) -> ItemResult:
    """Bring the declared assignment about; an error becomes part of the result. Raises MissingLibrary."""

    def nothing_done(failed: Failure) -> ItemResult:
        return {**item_result(Item(Declaration(state=str(context.options["state"])))), **failed}

    return answer(lambda: _run(context), nothing_done)


def _run(context: Context) -> ItemResult:
    declaration = declaration_from_options(context.options, wait=bool(context.options["wait"]))
    patience = patience_from_options(context.options)
    with sign_in(context) as signed_in:
        check_members({"justification": declaration.justification}, signed_in.connection, context.options)
        (item,) = reconcile([declaration], new_run(context, signed_in, patience))
    for sentence in item.warnings:
        context.warn(sentence)
    result = item_result(item)
    return {**result, **failure(item.error, purpose=declaration.purpose)} if item.error else result
