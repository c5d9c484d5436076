# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task behind the module ``access_package_assignment_info`` and the lookup ``access_package_assignments``."""

from __future__ import annotations

from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._declare.query import assignment_query_from_options
from ansible_collections.idgov.entra.plugins.module_utils._fetch.lists import fetch_assignments
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._options.argument_specs import (
    ASSIGNMENT_QUERY_SPEC,
    VERSION_SPEC,
)
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import CONNECTION_SPEC
from ansible_collections.idgov.entra.plugins.module_utils._results.results import assignment_result
from ansible_collections.idgov.entra.plugins.module_utils._results.shapes import (
    AssignmentResult,
    AssignmentsResult,
    Failure,
)
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import Context, failure
from ansible_collections.idgov.entra.plugins.module_utils._tasks.reading import EXPECTED, fetch_rows

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {**ASSIGNMENT_QUERY_SPEC, **VERSION_SPEC, **CONNECTION_SPEC}


def run(context: Context) -> AssignmentsResult | Failure:
    """Read assignments; raises SignInError, OptionError and MissingLibrary."""
    query = assignment_query_from_options(context.options)

    def read(graph: GraphClient) -> list[AssignmentResult]:
        return [assignment_result(found) for found in fetch_assignments(graph, query, now=context.clock.now())]

    try:
        return {"changed": False, "assignments": fetch_rows(context, query, read)}
    except EXPECTED as error:
        return failure(error, purpose="read assignments")
