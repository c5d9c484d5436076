# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one host of the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._tasks.access_token_info import (
    ARGUMENT_SPEC,
    refuse_loop,
    run,
)
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import Context, Result
from ansible_collections.idgov.entra.plugins.plugin_utils.in_process import InProcessAction, show


def sign_in(context: Context) -> Result:
    """Return a token; what a person has to read appears at once."""
    return run(context, show)


class ActionModule(InProcessAction):
    module = "idgov.entra.access_token_info"
    argument_spec = ARGUMENT_SPEC
    task = staticmethod(sign_in)
    secret_result = "access_token"
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Sign in; in a loop only where the task hides its result by itself.

        Before 2.19, ansible-core shows the collected results of a loop although each of them is hidden.
        """
        if self._task.loop is not None and not self._task.no_log:
            return {**refuse_loop()}
        return super().run(tmp, task_vars)

    def _reason_to_ship(self) -> str | None:
        return None
