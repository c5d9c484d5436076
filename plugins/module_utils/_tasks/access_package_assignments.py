# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task behind the module ``access_package_assignments``: many assignments, as the exact set, or as a plan has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._apply.reconcile import (
    Reached,
    reconcile_exact_set,
    reconcile_within,
)
from ansible_collections.idgov.entra.plugins.module_utils._apply.run import Run
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, OptionError
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
from ansible_collections.idgov.entra.plugins.module_utils._plan.apply import Applied, apply_plan, stale_result
from ansible_collections.idgov.entra.plugins.module_utils._plan.make import Origin, make_plan, with_digest
from ansible_collections.idgov.entra.plugins.module_utils._plan.parse import (
    check_place,
    check_tenant,
    max_age_from_options,
    parse_plan,
)
from ansible_collections.idgov.entra.plugins.module_utils._results.results import (
    diffs,
    failed_items,
    first_warnings,
    outcome,
    summary,
)
from ansible_collections.idgov.entra.plugins.module_utils._results.shapes import Failure, ManyResult, PlanResult
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import (
    Context,
    SignedIn,
    answer,
    failure,
    new_run,
    sign_in,
)

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {**ASSIGNMENTS_SPEC, **WAIT_SPEC, **VERSION_SPEC, **CONNECTION_SPEC}


def run(context: Context) -> ManyResult:
    """Bring all declared assignments about; an error becomes part of the result. Raises MissingLibrary."""
    return answer(lambda: _run(context), lambda failed: _nothing_done(failed, None))


def _run(context: Context) -> ManyResult:
    if context.options["plan"] is not None:
        return _apply_plan(context)
    if context.options["assignments"] is None:
        raise OptionError("assignments", "one of the following is required: assignments, plan")
    declarations = declarations_from_options(context.options, ITEM_DEFAULTS)
    exact = exact_set_from_options(context.options)
    caps = read_caps(context.options, declarations)
    patience = patience_from_options(context.options)
    concurrency = concurrency_from_options(context.options)
    with sign_in(context, concurrency=concurrency) as signed_in:
        _check_members(
            context, signed_in.connection, {f"assignments[{n}]": each for n, each in enumerate(declarations)}, exact
        )
        engine = new_run(context, signed_in, patience, stops=context.options["on_item_error"] == "stop")
        return answer(
            lambda: _with_plan(context, signed_in, _reconcile(declarations, exact, caps, engine), exact),
            lambda failed: _nothing_done(failed, signed_in.graph),
        )


def _with_plan(context: Context, signed_in: SignedIn, reached: Reached, exact: ExactSet | None) -> ManyResult:
    """Return the results with the plan that check mode makes where nothing failed."""
    failed = reached.over_cap or failed_items(reached.items, exclusive=exact is not None, check_mode=context.check_mode)
    result = _with_failures(context, reached, signed_in.graph, failed)
    return {**result, "plan": _plan(context, signed_in, reached)} if context.check_mode and not failed else result


def _plan(context: Context, signed_in: SignedIn, reached: Reached) -> PlanResult | None:
    tenant_id = signed_in.tokens.tenant_id()
    if tenant_id is None:
        context.warn("there is no plan, because the tenant of the access token cannot be read")
        return None
    place = signed_in.connection.graph_url, str(context.options["api_version"])
    plan = make_plan(
        reached.items,
        Origin(context.clock.now(), tenant_id, *place),
        left_alone=reached.left_alone,
        caller_id=signed_in.tokens.object_id(),
    )
    shown: PlanResult = context.mask(plan)
    if shown["items"] != plan["items"]:
        context.warn("there is no plan, because a value that would be in it is a secret of this task")
        return None
    return with_digest(shown)


def _apply_plan(context: Context) -> ManyResult:
    """Carry out the option ``plan``: first everything about it is checked that can be without a call to Graph."""
    options = context.options
    max_age = max_age_from_options(options)
    patience = patience_from_options(options)
    concurrency = concurrency_from_options(options)
    plan = parse_plan(options["plan"], context.clock.now(), wait=bool(options["wait"]))
    with sign_in(context, concurrency=concurrency) as signed_in:
        connection, tokens = signed_in.connection, signed_in.tokens
        check_place(
            plan,
            graph_url=connection.graph_url,
            api_version=str(options["api_version"]),
            now=context.clock.now(),
            max_age=max_age,
        )
        declared = {f"plan.items[{n}].desired": planned.declaration for n, planned in enumerate(plan.items)}
        _check_members(context, connection, declared, None)
        check_tenant(plan, tenant_id=tokens.tenant_id(), caller_id=tokens.object_id())
        engine = new_run(context, signed_in, patience, stops=options["on_item_error"] == "stop")
        return answer(
            lambda: _result_of_plan(context, apply_plan(plan, engine), signed_in.graph),
            lambda failed: _nothing_done(failed, signed_in.graph),
        )


def _result_of_plan(context: Context, applied: Applied, graph: GraphClient) -> ManyResult:
    failed = applied.error or failed_items(applied.items, exclusive=False)
    result = _with_failures(context, Reached(applied.items), graph, failed)
    return {**result, "stale": [stale_result(each) for each in applied.stale]}


def _check_members(
    context: Context, connection: Connection, declared: Mapping[str, Declaration], exact: ExactSet | None
) -> None:
    """Refuse what the cloud does not take, also of what an exact set adds by itself; raises OptionError.

    ``declared`` has each declaration by the place that an error names.
    """
    for place, declaration in declared.items():
        with in_item(place):
            check_members({"justification": declaration.justification}, connection, context.options)
    if exact:
        check_members({"justification": exact.removal.justification}, connection, context.options)


def _with_failures(context: Context, reached: Reached, graph: GraphClient, failed: EntraError | None) -> ManyResult:
    """Hand the warnings to the host, and return the results with what failed: the task as a whole, or some of its items."""
    sentences, more = first_warnings(reached.items)
    for sentence in sentences:
        context.warn(sentence)
    if more:
        context.warn(f"{more} more warnings of this kind are not shown; see outcomes")
    result = _result(reached, graph)
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
        "plan": None,
        "stale": [],
    }
