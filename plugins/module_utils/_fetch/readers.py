# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which reads serve which caller: an administrator reads packages and people, a user only what is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Identity
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Observed
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.own_lists import SHOWN_ON
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import requests_of_caller
from ansible_collections.idgov.entra.plugins.module_utils._fetch.observed import Missing, Reader
from ansible_collections.idgov.entra.plugins.module_utils._fetch.own import OwnReader
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient


class ObservedReader(Protocol):
    """Reads what is there for persons and packages."""

    def fetch(self, identities: Sequence[Identity], in_full: Sequence[str] = ()) -> list[Observed | EntraError]:
        """Read what is there for each, or the error of that one, in their order; raises what signing in raises.

        ``in_full`` are the ids of packages that are read as a whole, where the caller may.
        """

    def more(self, missing: Sequence[Missing]) -> list[Observed | EntraError]:
        """Read what decisions found missing, or give the error of that one; raises what signing in raises."""


class Readers:
    """Has every item read in the way that its ``request_as`` allows."""

    def __init__(self, graph: GraphClient) -> None:
        self.admin = Reader(graph)
        self._by_caller: dict[str, ObservedReader] = {
            "admin": self.admin,
            **{name: OwnReader(graph, on) for name, on in SHOWN_ON.items()},
        }

    def fetch(self, identities: Sequence[Identity], in_full: Sequence[str] = ()) -> list[Observed | EntraError]:
        """Read what is there for each, or the error of that one, in their order; raises what signing in raises."""
        found: dict[int, Observed | EntraError] = {}
        for name, reader in self._by_caller.items():
            indexes = [index for index, item in enumerate(identities) if item.request_as == name]
            if indexes or (in_full and name == "admin"):
                rows = reader.fetch([identities[index] for index in indexes], in_full)
                found.update(zip(indexes, rows, strict=True))
        return [found[index] for index in range(len(identities))]

    def more(self, missing: Sequence[Missing]) -> list[Observed | EntraError]:
        """Read what decisions found missing, or give the error of that one; raises what signing in raises."""
        found: dict[int, Observed | EntraError] = {}
        for name, reader in self._by_caller.items():
            indexes = [index for index, each in enumerate(missing) if each.identity.request_as == name]
            if indexes:
                found.update(zip(indexes, reader.more([missing[index] for index in indexes]), strict=True))
        return [found[index] for index in range(len(missing))]


def requests_shown_to(request_as: str) -> Call | None:
    """Return the list that shows requests to a user who made them; null for who may read a request by its id."""
    return requests_of_caller(SHOWN_ON[request_as]) if request_as in SHOWN_ON else None
