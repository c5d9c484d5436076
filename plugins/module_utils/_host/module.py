# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ordinary host: a module that Ansible ships to where the task runs. The only place that knows AnsibleModule."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible.module_utils.common.parameters import remove_values

from ansible_collections.idgov.entra.plugins.module_utils._core.clock import SystemClock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, MissingLibrary
from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable
from ansible_collections.idgov.entra.plugins.module_utils._core.secrets import (
    masked_when_unforeseen,
    spellings,
    spellings_of,
)
from ansible_collections.idgov.entra.plugins.module_utils._host.listener import ended_with_listener
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import TRACING, WIRE, Context, Result, failure


def run_module(argument_spec: dict[str, dict[str, Any]], task: Callable[[Context], Result]) -> None:
    """Run a task as an Ansible module and leave the process with its results."""
    module = AnsibleModule(argument_spec=argument_spec, supports_check_mode=True)
    # Masked in all that the module returns, its warnings and its invocation, too.
    secrets: set[str] = module.no_log_values
    secrets |= spellings_of(set(secrets))
    # A module has no way to show anything before it ends; the action plugin shows what it gave.
    wire: list[str] = []
    context = Context(
        options=module.params,
        environ=dict(os.environ),
        check_mode=module.check_mode,
        clock=SystemClock(),
        keep_secret=lambda secret: secrets.update(spellings(secret)),
        warn=lambda sentence: module.warn(printable(sentence)),
        log=lambda line: None,
        trace=wire.append,
        mask=lambda value: remove_values(value, secrets),
    )
    try:
        with masked_when_unforeseen(secrets), ended_with_listener():
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
