# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one run of the engine is given: the way to Graph, the time, and how far it may go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.idgov.entra.plugins.module_utils._core.clock import Clock
from ansible_collections.idgov.entra.plugins.module_utils._engine.wait import Patience
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient


@dataclass(frozen=True)
class Run:
    """One run of the engine.

    C(is_delegated) tells whether a person may be signed in, C(caller_id) who that is, null where nobody knows.
    With C(stops) nothing more is sent once an item has failed. C(warn) takes a sentence for the user, C(tell) a line
    about the progress of long work.
    """

    graph: GraphClient
    clock: Clock
    patience: Patience
    is_delegated: Callable[[], bool]
    caller_id: Callable[[], str | None]
    check_mode: bool
    stops: bool = False
    warn: Callable[[str], None] = lambda sentence: None
    tell: Callable[[str], None] = lambda line: None
