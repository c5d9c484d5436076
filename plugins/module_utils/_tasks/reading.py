# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tasks that only read have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    GraphError,
    NameAmbiguous,
    NameNotFound,
    Refused,
    TransportError,
    Unreadable,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.selection import PackageQuery
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import Context, sign_in

RowT = TypeVar("RowT")
# What may go wrong with reading, and becomes a part of the result.
EXPECTED = (GraphError, NameAmbiguous, NameNotFound, Refused, TransportError, Unreadable)


def fetch_rows(context: Context, query: PackageQuery, read: Callable[[GraphClient], list[RowT]]) -> list[RowT]:
    """Sign in and read; nothing is sent where nothing is asked for. Raises EntraError."""
    if query.asks_for_nothing:
        return []
    with sign_in(context) as signed_in:
        # Where the token cannot be read, Graph decides.
        if query.mine and signed_in.tokens.is_delegated() is False:
            raise Refused(
                "mine requires a delegated token, and this one belongs to an application",
                hint="set access_token to a token of the user, or use the option user",
            )
        return read(signed_in.graph)
