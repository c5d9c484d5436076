# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ordinary host: a module that Ansible ships to where the task runs. The only place that knows AnsibleModule."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.idgov.entra.plugins.module_utils._core.clock import SystemClock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, MissingLibrary
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import printable
from ansible_collections.idgov.entra.plugins.module_utils._host.listener import ended_with_listener
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import TRACING, WIRE, Context, Result, failure


def run_module(argument_spec: dict[str, dict[str, Any]], task: Callable[[Context], Result]) -> None:
    """Run a task as an Ansible module and leave the process with its results."""
    module = AnsibleModule(argument_spec=argument_spec, supports_check_mode=True)
    # A module has no way to show anything before it ends; the action plugin shows what it gave.
    wire: list[str] = []
    context = Context(
        options=module.params,
        environ=dict(os.environ),
        check_mode=module.check_mode,
        clock=SystemClock(),
        keep_secret=module.no_log_values.add,
        warn=lambda sentence: module.warn(printable(sentence)),
        tell=lambda line: None,
        trace=wire.append,
    )
    try:
        with ended_with_listener():
            result = task(context)
    except MissingLibrary as error:
        result = {**failure(error), "msg": missing_required_lib(error.library)}
    except EntraError as error:
        result = failure(error)
    if module._verbosity >= TRACING:
        result = {**result, WIRE: wire}
    if result.get("failed"):
        module.fail_json(**result)
    module.exit_json(**result)
