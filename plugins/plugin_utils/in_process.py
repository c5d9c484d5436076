# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The in-process host: runs a module's task inside the controller where it can, and ships the module where it must."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator, ValidationResult
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.action import ActionBase
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
from ansible_collections.idgov.entra.plugins.module_utils._http.libraries import HAS_REQUESTS
from ansible_collections.idgov.entra.plugins.module_utils._options.environment import IDENTITY_VARIABLES
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import WIRE, Context, Result, failure
from ansible_collections.idgov.entra.plugins.plugin_utils.host_variables import HostSignIn, host_sign_in
from ansible_collections.idgov.entra.plugins.plugin_utils.masking import masked, show_wire
from ansible_collections.idgov.entra.plugins.plugin_utils.orphan import ended_with_parent
from ansible_collections.idgov.entra.plugins.plugin_utils.values import misshapen, plain

try:
    # Imported here and not where it is used, so that the workers, which are forked later, need not import it again.
    import msal

    HAS_LIBRARIES = HAS_REQUESTS and bool(msal)
except ImportError:
    HAS_LIBRARIES = False

display = Display()
# From which verbosity on Ansible prints the options of a task with its result.
_SHOWS_OPTIONS = 3


class InProcessAction(ActionBase):
    """An action plugin that stands in front of the module of the same name.

    A subclass names the module, its argument spec and its task; and the one value of its result, if there is one, that is
    a secret and shall reach later tasks all the same: then the whole result is hidden, and that value not masked in it.
    """

    module: ClassVar[str]
    argument_spec: ClassVar[dict[str, dict[str, Any]]]
    task: staticmethod[[Context], Result]
    secret_result: ClassVar[str | None] = None

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the task of this plugin's module, here or where the task runs."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        given = plain(self._task.args)
        fault = misshapen(self.argument_spec, given, converting=True)
        if fault:
            result.update({"failed": True, "msg": printable(fault)})
            return result
        try:
            host = host_sign_in(self.argument_spec, given, task_vars or {}, self._templar)
        except EntraError as error:
            result.update(failure(error))
            return result
        arguments = host.behind(given)
        validation = ArgumentSpecValidator(self.argument_spec).validate(arguments)
        if validation.errors.errors:
            message = _validation_message(validation, self.module, self.argument_spec, arguments)
            secrets = spellings_of(validation._no_log_values)
            result.update(masked({"failed": True, "msg": printable(message)}, secrets))
            return result
        wrong = host.fault(validation.validated_parameters, self._environment())
        if wrong:
            result.update(masked(failure(wrong), spellings_of(validation._no_log_values)))
            return result
        reason = self._reason_to_ship()
        if reason:
            display.v(f"{self.module} runs as a module: {reason}")
            result.update(self._ship(host, task_vars))
        else:
            display.v(f"{self.module} runs in the controller's process")
            result.update(self._run_here(validation, host, task_vars))
        return result

    def _reason_to_ship(self) -> str | None:
        if self._connection.transport != "local":
            return f"the connection is {self._connection.transport}"
        if self._play_context.become:
            return "it uses become"
        if self._task.async_val:
            return "it is asynchronous"
        if not HAS_LIBRARIES:
            return "the controller's Python lacks requests or msal"
        return None

    def _ship(self, host: HostSignIn, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        wrap_async = bool(self._task.async_val and not self._connection.has_native_async)
        environment = self._task.environment
        try:
            self._task.environment = [*(environment or ()), host.blanks()]
            # A copy, because ansible-core adds arguments of its own to these, and a task may run again.
            result: dict[str, Any] = self._execute_module(
                module_name=self.module,
                module_args=host.behind(self._task.args),
                task_vars=task_vars,
                wrap_async=wrap_async,
            )
            for line in result.pop(WIRE, ()):
                show_wire(self.module, line, ())
            return result
        finally:
            self._task.environment = environment
            if not wrap_async:
                self._remove_tmp_path(self._connection._shell.tmpdir)

    def _run_here(
        self, validation: ValidationResult, host: HostSignIn, task_vars: dict[str, Any] | None
    ) -> dict[str, Any]:
        secrets = spellings_of(validation._no_log_values)
        warnings = [w["msg"] if isinstance(w, dict) else str(w) for w in validation._warnings]
        context = Context(
            options=validation.validated_parameters,
            environ=host.environ(self._environment()),
            check_mode=bool(self._task.check_mode),
            clock=SystemClock(),
            keep_secret=lambda secret: secrets.update(spellings(secret)),
            warn=lambda sentence: warnings.append(printable(sentence)),
            log=lambda line: display.display(f"{self.module}: {without(printable(line), list(secrets))}"),
            trace=lambda line: show_wire(self.module, line, secrets),
            mask=lambda value: masked({"value": value}, secrets)["value"],
        )
        try:
            with masked_when_unforeseen(secrets), _lent(context.environ), ended_with_parent():
                result = dict(self.task(context))
        except EntraError as error:
            result = dict(failure(error))
        if warnings:
            result["warnings"] = warnings
        if _shows_invocation(task_vars):
            result["invocation"] = {"module_args": validation.validated_parameters}
        return {**masked(result, secrets), **self._hidden(result)}

    def _hidden(self, result: Result) -> dict[str, Any]:
        if self.secret_result is None or self.secret_result not in result:
            return {}
        return {self.secret_result: result[self.secret_result], "_ansible_no_log": True}

    def _environment(self) -> dict[str, str]:
        """Return the environment that a module would see: the controller's, then the task's."""
        task_environment: dict[str, Any] = {}
        self._compute_environment_string(task_environment)
        return {**os.environ, **{str(name): str(value) for name, value in task_environment.items()}}


def show(text: str) -> None:
    """Log a line at once for whoever watches the run, on standard error, ahead of the task's result."""
    display.display(printable(text), stderr=True)


@contextmanager
def _lent(environ: Mapping[str, str]) -> Iterator[None]:
    """Return what announces a managed identity to this process for a while: msal looks for it there and nowhere else.

    A task runs in a worker of its own, so nothing else sees it.
    """
    before = {name: os.environ.get(name) for name in IDENTITY_VARIABLES}
    _set_environment({name: environ.get(name) for name in IDENTITY_VARIABLES})
    try:
        yield
    finally:
        _set_environment(before)


def _set_environment(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        # An empty variable counts as unset, and msal would take it for an endpoint.
        if value:
            os.environ[name] = value
        else:
            os.environ.pop(name, None)


def _validation_message(
    validation: ValidationResult, module: str, spec: dict[str, dict[str, Any]], arguments: dict[str, Any]
) -> str:
    error = validation.errors.errors[0]
    place = _place_in_list(spec, arguments)
    if place:
        return place
    if isinstance(error, UnsupportedError):
        return f"Unsupported parameters for ({module}) module: {error.msg}"
    return str(error.msg)


def _place_in_list(spec: dict[str, dict[str, Any]], arguments: dict[str, Any]) -> str | None:
    """Return which element of a list is wrong: in a list of thousands, Ansible's own message does not help."""
    for option, rule in spec.items():
        elements = arguments.get(option) if rule.get("elements") == "dict" and "options" in rule else None
        for index, element in enumerate(elements if isinstance(elements, list) else ()):
            if not isinstance(element, dict):
                return f"{option}[{index}]: this is not a dictionary"
            errors = ArgumentSpecValidator(rule["options"]).validate(element).errors.errors
            if errors:
                unsupported = "unsupported options: " if isinstance(errors[0], UnsupportedError) else ""
                return f"{option}[{index}]: {unsupported}{errors[0].msg}"
    return None


def _shows_invocation(task_vars: dict[str, Any] | None) -> bool:
    """Follow the setting of ansible-core 2.21; where there is none, show the options where Ansible prints them, from -vvv on.

    ansible-core copies a result several times, and the options of thousands of items are a third of one.
    """
    try:
        return bool(C.config.get_config_value("INJECT_INVOCATION", variables=task_vars))
    except AnsibleError:
        return bool(display.verbosity >= _SHOWS_OPTIONS)
