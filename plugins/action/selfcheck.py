# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The in-process host of the module of the same name."""

from __future__ import annotations

from ansible_collections.idgov.entra.plugins.module_utils._tasks.selfcheck import ARGUMENT_SPEC, run
from ansible_collections.idgov.entra.plugins.plugin_utils.in_process import InProcessAction


class ActionModule(InProcessAction):
    module = "idgov.entra.selfcheck"
    argument_spec = ARGUMENT_SPEC
    task = staticmethod(run)
