# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a lookup needs to run the task of a module on the controller: options from variables, and Ansible's own errors."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.collections import is_iterable
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

from ansible_collections.idgov.entra.plugins.module_utils._core.clock import SystemClock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError
from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable
from ansible_collections.idgov.entra.plugins.module_utils._core.secrets import (
    masked_when_unforeseen,
    spellings,
    spellings_of,
    without,
)
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import Context, Result, failure
from ansible_collections.idgov.entra.plugins.plugin_utils.host_variables import host_sign_in
from ansible_collections.idgov.entra.plugins.plugin_utils.masking import masked, show_wire
from ansible_collections.idgov.entra.plugins.plugin_utils.values import plain

Spec = Mapping[str, dict[str, Any]]

display = Display()


class TaskLookup(LookupBase):
    """A lookup that runs the task of a module and gives the rows that it returns."""

    def rows(
        self, name: str, task: Callable[[Context], Result], spec: Spec, options: Mapping[str, Any], variables: Any
    ) -> list[Any]:
        """Run a task with these options and the sign-in options of the variables; give the rows of this name.

        Raises AnsibleLookupError with the sentence that the module would fail with.
        """
        given = plain(options)
        try:
            host = host_sign_in(spec, given, variables or {}, self._templar)
        except EntraError as error:
            raise _error(failure(error)["msg"], set()) from None
        given = host.behind(given)
        validation = ArgumentSpecValidator(dict(spec)).validate(given)
        secrets = spellings_of(validation._no_log_values)
        if validation.errors.errors:
            wrong = validation.errors.errors[0]
            kind = "Unsupported options: " if isinstance(wrong, UnsupportedError) else ""
            raise _error(f"{kind}{wrong.msg}", secrets)
        fault = host.fault(validation.validated_parameters, os.environ)
        if fault:
            raise _error(failure(fault)["msg"], secrets)
        context = Context(
            options=validation.validated_parameters,
            environ=host.environ(os.environ),
            check_mode=False,
            clock=SystemClock(),
            keep_secret=lambda secret: secrets.update(spellings(secret)),
            warn=lambda sentence: display.warning(without(printable(sentence), list(secrets))),
            log=lambda line: display.vv(without(printable(line), list(secrets))),
            trace=lambda line: show_wire(f"lookup of {name}", line, secrets),
        )
        try:
            with masked_when_unforeseen(secrets):
                result = task(context)
        except EntraError as error:
            result = failure(error)
        if result.get("failed"):
            raise _error(result["msg"], secrets)
        rows: list[Any] = masked(result, secrets)[name]
        return rows


def flat(terms: Iterable[Any]) -> list[Any]:
    """Return the items of terms that are lists, and the others as they are: lists, and what filters make of them."""
    found: list[Any] = []
    for term in terms:
        found += term if is_iterable(term) and not isinstance(term, Mapping) else [term]
    return found


def _error(message: str, secrets: set[str]) -> AnsibleLookupError:
    return AnsibleLookupError(str(masked({"msg": printable(message)}, secrets)["msg"]))
