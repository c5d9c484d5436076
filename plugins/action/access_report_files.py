# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads who has which access package, and writes the report, in the controller's process."""

from __future__ import annotations

from ansible_collections.idgov.entra.plugins.module_utils._tasks.access_report_files import ARGUMENT_SPEC
from ansible_collections.idgov.entra.plugins.plugin_utils.in_process import InProcessAction
from ansible_collections.idgov.entra.plugins.plugin_utils.report_task import run


class ActionModule(InProcessAction):
    module = "idgov.entra.access_report_files"
    argument_spec = ARGUMENT_SPEC
    task = staticmethod(run)
    _supports_async = False

    def _reason_to_ship(self) -> str | None:
        return None
