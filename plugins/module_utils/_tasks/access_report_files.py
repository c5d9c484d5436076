# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the task that writes an access report, which runs in the controller's process alone."""

from __future__ import annotations

from typing import Any, NoReturn

from ansible_collections.idgov.entra.plugins.module_utils._options.argument_specs import (
    REPORT_SPEC,
    VERSION_SPEC,
)
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import CONNECTION_SPEC
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import Context, only_in_controller

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {**REPORT_SPEC, **VERSION_SPEC, **CONNECTION_SPEC}


def refuse(_context: Context) -> NoReturn:
    """Fail: a shipped module has neither the libraries nor the templates that a report takes."""
    raise only_in_controller("access_report_files")
