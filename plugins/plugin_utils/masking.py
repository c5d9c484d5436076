# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host shows of a task, without secrets: its result, masked as AnsibleModule does, and at -vvv a line for each call to Graph."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from ansible.module_utils.common.parameters import remove_values
from ansible.utils.display import Display

from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable
from ansible_collections.idgov.entra.plugins.module_utils._core.secrets import without
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import TRACING

display = Display()


def masked(result: Mapping[str, Any], secrets: Collection[str]) -> dict[str, Any]:
    """Return a result without the secrets, wherever in it they stand.

    Walking through a long list takes longer than reading it from Graph did, so parts without a secret stay as they are.
    """
    # Copied, because a thread that is still running may learn of another.
    known = {secret for secret in list(secrets) if secret}
    # JSON writes each letter by itself: what stands in a text stands in its JSON too, and only there or by accident.
    written = [json.dumps(secret)[1:-1] for secret in known]
    return {name: remove_values(part, known) if _may_hold(part, written) else part for name, part in result.items()}


def _may_hold(part: Any, written: Collection[str]) -> bool:
    text = json.dumps(part, default=str)
    return any(secret in text for secret in written)


def show_wire(name: str, line: str, secrets: Collection[str]) -> None:
    """Show a line about a call, without secrets: the answer's part of it could repeat one."""
    if display.verbosity >= TRACING:
        # Copied, because another thread may learn of a secret meanwhile.
        display.vvv(f"{name}: {without(printable(line), list(secrets))}")
