# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task behind the module ``access_package_info``."""

from __future__ import annotations

from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._declare.query import package_query_from_options
from ansible_collections.idgov.entra.plugins.module_utils._fetch.lists import fetch_packages
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._options.argument_specs import (
    PACKAGE_QUERY_SPEC,
    VERSION_SPEC,
)
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import CONNECTION_SPEC
from ansible_collections.idgov.entra.plugins.module_utils._results.lists import listed_package
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import Context, Result
from ansible_collections.idgov.entra.plugins.module_utils._tasks.reading import read_list

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {**PACKAGE_QUERY_SPEC, **VERSION_SPEC, **CONNECTION_SPEC}


def run(context: Context) -> Result:
    """Read access packages; raises SignInError, OptionError and MissingLibrary."""
    query = package_query_from_options(context.options)

    def read(graph: GraphClient) -> list[Result]:
        return [listed_package(found) for found in fetch_packages(graph, query)]

    return read_list(context, query, "access_packages", read)
