# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the task of a module against the simulator without Ansible, on the simulator's own clock: nothing sleeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError
from ansible_collections.idgov.entra.plugins.module_utils._core.times import parse_instant
from ansible_collections.idgov.entra.plugins.module_utils._tasks import (
    access_package_assignment,
    access_package_assignment_request,
    access_package_assignments,
    access_report_files,
    selfcheck,
)
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import Context, failure
from ansible_collections.idgov.entra.plugins.plugin_utils import report_task
from tests.simulator.running import Running

Json = dict[str, Any]


class SimulatedClock:
    """The simulator's clock, frozen; a pause moves it on instead of taking time."""

    def __init__(self, sim: Running) -> None:
        self._sim = sim
        self.pauses: list[float] = []

    def now(self) -> datetime:
        return parse_instant(self._sim.clock())

    def elapsed(self) -> float:
        return self.now().timestamp()

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self._sim.advance(seconds)


def administrator(sim: Running, *permissions: str, seconds: float = 3600) -> str:
    """Return the token of a person who may do everything, with ``permissions`` instead of the usual ones if given."""
    usual = ("EntitlementManagement.ReadWrite.All", "User.ReadBasic.All")
    return sim.token("delegated", user="grace@contoso.com", permissions=permissions or usual, seconds=seconds)


def counts(result: Json) -> Json:
    """Return what the summary of a task counts, without noughts and without what it took."""
    return {k: v for k, v in result["summary"].items() if v and k not in ("http_calls", "operations")}


class Task(Protocol):
    """What a module of the collection's ``_tasks`` holds."""

    ARGUMENT_SPEC: Json

    def run(self, context: Context) -> Mapping[str, Any]:
        """Do the task and give its result."""


class ReportTask:
    """The task behind the action plugin ``access_report_files``."""

    ARGUMENT_SPEC = access_report_files.ARGUMENT_SPEC
    run = staticmethod(report_task.run)


def assign(
    sim: Running, *, check: bool = False, token: str | None = None, clock: SimulatedClock | None = None, **options: Any
) -> Json:
    """Run the task of access_package_assignment with these options and give its result, warnings among it."""
    return run_task(access_package_assignment, sim, options, check=check, token=token, clock=clock)


def change(
    sim: Running, *, check: bool = False, token: str | None = None, clock: SimulatedClock | None = None, **options: Any
) -> Json:
    """Run the task of access_package_assignment_request, in the same way."""
    return run_task(access_package_assignment_request, sim, options, check=check, token=token, clock=clock)


def assign_many(
    sim: Running,
    assignments: Sequence[Mapping[str, Any]],
    *,
    check: bool = False,
    token: str | None = None,
    clock: SimulatedClock | None = None,
    **options: Any,
) -> Json:
    """Run the task of access_package_assignments with this list and give its result, warnings and progress among it."""
    given = {"assignments": list(assignments), **options}
    progress: list[str] = []
    result = run_task(
        access_package_assignments, sim, given, check=check, token=token, clock=clock, log=progress.append
    )
    return {**result, "progress": progress}


def apply_plan(
    sim: Running,
    plan: Json | str,
    *,
    check: bool = False,
    token: str | None = None,
    trace: Callable[[str], None] = lambda line: None,
    **options: Any,
) -> Json:
    """Run the task of access_package_assignments with a plan, in the same way; ``trace`` is told of each call."""
    return run_task(access_package_assignments, sim, {"plan": plan, **options}, check=check, token=token, trace=trace)


def check_tenant(
    sim: Running, *, check: bool = False, token: str | None = None, clock: SimulatedClock | None = None, **options: Any
) -> Json:
    """Run the task of selfcheck, in the same way."""
    return run_task(selfcheck, sim, options, check=check, token=token, clock=clock)


def run_task(
    task: Task,
    sim: Running,
    options: Mapping[str, Any],
    *,
    check: bool = False,
    token: str | None = None,
    clock: SimulatedClock | None = None,
    log: Callable[[str], None] = lambda line: None,
    trace: Callable[[str], None] = lambda line: None,
) -> Json:
    """Run the task of a module; the result has what its host would be told."""
    environment = dict(sim.environment)
    if token:
        environment["IDGOV_ACCESS_TOKEN"] = token
    validation = ArgumentSpecValidator(task.ARGUMENT_SPEC).validate(dict(options))
    assert not validation.error_messages, validation.error_messages
    warnings: list[str] = []
    context = Context(
        options=validation.validated_parameters,
        environ=environment,
        check_mode=check,
        clock=clock or SimulatedClock(sim),
        keep_secret=lambda _: None,
        warn=warnings.append,
        log=log,
        trace=trace,
    )
    result: Mapping[str, Any]
    try:
        result = task.run(context)
    except EntraError as error:
        result = failure(error)
    return {"failed": False, **result, "warnings": warnings}
