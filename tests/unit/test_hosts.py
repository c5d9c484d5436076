# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host does with an exception that nobody foresaw, and with what a task tells while it works."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.idgov.entra.plugins.module_utils._core.secrets import Unforeseen
from ansible_collections.idgov.entra.plugins.module_utils._host.module import run_module
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import Context, Result
from ansible_collections.idgov.entra.plugins.plugin_utils.host_variables import HostSignIn
from ansible_collections.idgov.entra.plugins.plugin_utils.in_process import InProcessAction
from ansible_collections.idgov.entra.plugins.plugin_utils.lookup import TaskLookup

SPEC: dict[str, dict[str, Any]] = {"token": {"type": "str", "no_log": True}}
OPTION = "canary-option-90\n"
FOUND = "canary-found-81'\"%"
Task = Callable[[Context], Result]
Host = Callable[[Task], Any]


def broken(context: Context) -> Result:
    """Learn of a secret, then meet what nobody foresaw, with both secrets in it as libraries write them."""
    context.keep_secret(FOUND)
    raise ValueError(f"Invalid header value {f'Bearer {OPTION}{FOUND}'.encode()!r}") from KeyError(FOUND)


def harmless(_context: Context) -> Result:
    raise LookupError("nothing to hide here")


def run_in_process(task: Task) -> Result:
    class Action(InProcessAction):
        module = "idgov.entra.test"
        argument_spec = SPEC

        def _environment(self) -> dict[str, str]:
            return {}

    Action.task = staticmethod(task)
    action = object.__new__(Action)
    action._task = SimpleNamespace(check_mode=False)
    return action._run_here(ArgumentSpecValidator(SPEC).validate({"token": OPTION}), HostSignIn({}, is_whole=False), {})


def run_as_module(task: Task) -> None:
    arguments = {"ANSIBLE_MODULE_ARGS": {"token": OPTION}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(basic, "_ANSIBLE_ARGS", json.dumps(arguments).encode())
        patch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        run_module(SPEC, task)


def run_as_lookup(task: Task) -> list[Any]:
    class Lookup(TaskLookup):
        _templar = None

        def run(self, terms: Any, variables: Any = None, **kwargs: Any) -> list[Any]:
            return []

    return object.__new__(Lookup).rows("test", task, SPEC, {"token": OPTION}, {})


HOSTS = pytest.mark.parametrize("host", [run_in_process, run_as_module, run_as_lookup])


@HOSTS
def test_an_unforeseen_exception_is_masked_and_not_hidden(host: Host) -> None:
    with pytest.raises(Unforeseen) as raised:
        host(broken)
    text = str(raised.value)
    assert text.startswith("ValueError: Invalid header value b'Bearer ****")
    assert "canary" not in text
    # Where it comes from is seen, and nothing is chained that tells it all the same.
    assert raised.traceback[-1].name == "broken"
    assert (raised.value.__cause__, raised.value.__suppress_context__) == (None, True)


@HOSTS
def test_one_that_tells_no_secret_is_raised_as_it_is(host: Host) -> None:
    with pytest.raises(LookupError, match="nothing to hide here"):
        host(harmless)
