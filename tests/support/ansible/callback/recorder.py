# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes every task result as a line of JSON, for tests to read what a playbook's user would register."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.module_utils.common.json import AnsibleJSONEncoder
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: recorder
type: notification
short_description: Write every task result as a line of JSON
description:
  - Appends name, status and result of each task and loop item to the file that E(IDGOV_RECORD_PATH) names.
  - Modules that are shipped are packed into the directory that E(IDGOV_PACKED_PATH) names, and found there by the next start.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]
    """Ansible's hooks behind each task."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "recorder"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # Packing takes longer than the start of Ansible itself, and Ansible keeps what it has packed for one start only.
        packed = Path(constants.DEFAULT_LOCAL_TMP, "ansiballz_cache")
        if "IDGOV_PACKED_PATH" in os.environ and not packed.exists():
            packed.symlink_to(os.environ["IDGOV_PACKED_PATH"])

    def v2_runner_on_ok(self, result: Any) -> None:
        self._record("changed" if result._result.get("changed") else "ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._record("failed", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._record("unreachable", result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._record("skipped", result)

    def _record(self, status: str, result: Any) -> None:
        row = {"task": result._task.get_name().strip(), "status": status, "result": result._result}
        with Path(os.environ["IDGOV_RECORD_PATH"]).open("a", encoding="utf-8") as record:
            record.write(json.dumps(row, cls=AnsibleJSONEncoder) + "\n")
