# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Showing the wire: at -vvv one line for each call to Graph, as it happens."""

from __future__ import annotations

from collections.abc import Collection

from ansible.utils.display import Display

from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable
from ansible_collections.idgov.entra.plugins.module_utils._core.secrets import without
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import TRACING

display = Display()


def show_wire(name: str, line: str, secrets: Collection[str]) -> None:
    """Show a line about a call, without secrets: the answer's part of it could repeat one."""
    if display.verbosity >= TRACING:
        # Copied, because another thread may learn of a secret meanwhile.
        display.vvv(f"{name}: {without(printable(line), list(secrets))}")
