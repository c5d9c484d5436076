# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task behind the module ``access_package_assignments``: many assignments, optionally as the exact set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._apply.reconcile import (
    Reached,
    reconcile_exact_set,
    reconcile_within,
)
from ansible_collections.idgov.entra.plugins.module_utils._apply.run import Run
from ansible_collections.idgov.entra.plugins.module_utils._decide.caps import Caps
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Declaration
from ansible_collections.idgov.entra.plugins.module_utils._decide.exact_set import ExactSet
from ansible_collections.idgov.entra.plugins.module_utils._declare.declaration import (
    concurrency_from_options,
    declarations_from_options,
    exact_set_from_options,
    in_item,
    patience_from_options,
    read_caps,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._options.argument_specs import (
    ASSIGNMENTS_SPEC,
    ITEM_DEFAULTS,
    VERSION_SPEC,
    WAIT_SPEC,
)
from ansible_collections.idgov.entra.plugins.module_utils._options.cloud_members import check_members
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import CONNECTION_SPEC, Connection
from ansible_collections.idgov.entra.plugins.module_utils._results.results import (
    diffs,
    failed_items,
    outcome,
    summary,
)
from ansible_collections.idgov.entra.plugins.module_utils._results.shapes import Failure, ManyResult
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import (
    Context,
    answer,
    failure,
    new_run,
    sign_in,
)

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {**ASSIGNMENTS_SPEC, **WAIT_SPEC, **VERSION_SPEC, **CONNECTION_SPEC}

# Thousands of people who wait for an approval would fill the screen.
_MOST_WARNINGS = 20


def run(context: Context) -> ManyResult:
    """Bring all declared assignments about; an error becomes part of the result. Raises MissingLibrary."""
    return answer(lambda: _run(context), lambda failed: _nothing_done(failed, None))


def _run(context: Context) -> ManyResult:
    declarations = declarations_from_options(context.options, ITEM_DEFAULTS)
    exact = exact_set_from_options(context.options)
    caps = read_caps(context.options, declarations)
    patience = patience_from_options(context.options)
    concurrency = concurrency_from_options(context.options)
    with sign_in(context, concurrency=concurrency) as signed_in:
        _check_members(context, signed_in.connection, declarations, exact)
        engine = new_run(context, signed_in, patience, stops=context.options["on_item_error"] == "stop")
        return answer(
            lambda: _with_failures(context, _reconcile(declarations, exact, caps, engine), signed_in.graph, exact),
            lambda failed: _nothing_done(failed, signed_in.graph),
        )


def _check_members(
    context: Context, connection: Connection, declarations: Sequence[Declaration], exact: ExactSet | None
) -> None:
    """Refuse what the cloud does not take, also of what an exact set adds by itself; raises OptionError."""
    for index, declaration in enumerate(declarations):
        with in_item(index):
            check_members({"justification": declaration.justification}, connection, context.options)
    if exact:
        check_members({"justification": exact.removal.justification}, connection, context.options)


def _with_failures(context: Context, reached: Reached, graph: GraphClient, exact: ExactSet | None) -> ManyResult:
    """Hand the warnings to the host, and return the results with what failed: the task as a whole, or some of its items."""
    sentences = list(dict.fromkeys(sentence for item in reached.items for sentence in item.warnings))
    for sentence in sentences[:_MOST_WARNINGS]:
        context.warn(sentence)
    if len(sentences) > _MOST_WARNINGS:
        context.warn(f"{len(sentences) - _MOST_WARNINGS} more warnings of this kind are not shown; see outcomes")
    result = _result(reached, graph)
    failed = reached.over_cap or failed_items(reached.items, exclusive=exact is not None)
    return {**result, **failure(failed)} if failed else result


def _reconcile(declarations: Sequence[Declaration], exact: ExactSet | None, caps: Caps, engine: Run) -> Reached:
    if exact is None:
        return reconcile_within(declarations, caps, engine)
    return reconcile_exact_set(declarations, exact, caps, engine)


def _nothing_done(failed: Failure, graph: GraphClient | None) -> ManyResult:
    return {**_result(Reached(), graph), **failed}


def _result(reached: Reached, graph: GraphClient | None) -> ManyResult:
    """Return the results of a task; ``graph`` has counted what it took."""
    items = reached.items
    http_calls, operations = (graph.http_calls, graph.operations) if graph else (0, 0)
    return {
        "changed": any(item.writes for item in items),
        "outcomes": [outcome(item) for item in items],
        "summary": summary(items, left_alone=reached.left_alone, http_calls=http_calls, operations=operations),
        "diff": diffs(items),
    }
