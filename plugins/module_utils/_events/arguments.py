# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments of the event source, checked before anything is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import checked_text
from ansible_collections.idgov.entra.plugins.module_utils._declare.declaration import checked_duration
from ansible_collections.idgov.entra.plugins.module_utils._events.facts import KINDS
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import CONNECTION_SPEC

NAME = "idgov.entra.access_packages"
ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "state_path": {"type": "path", "required": True},
    "kinds": {"type": "list", "elements": "str", "choices": list(KINDS)},
    "interval": {"type": "int", "default": 60},
    "list_interval": {"type": "str", "default": "PT1H"},
    "expiring_within": {"type": "str", "default": "P14D"},
    "stuck_after": {"type": "str", "default": "PT2H"},
    "access_packages": {"type": "list", "elements": "str"},
    "catalog": {"type": "str"},
    "start": {"type": "str", "choices": ["now", "all"], "default": "now"},
    "feedback": {"type": "bool", "default": False},
    **CONNECTION_SPEC,
}
# Where ansible-rulebook says, with the argument feedback, which events it has taken.
FEEDBACK_QUEUE = "eda_feedback_queue"


@dataclass(frozen=True)
class Interest:
    """What to look for: kinds of facts, where, and from which length of time on."""

    kinds: frozenset[str]
    packages: tuple[str, ...] | None
    catalog: str | None
    within: timedelta
    stuck_after: timedelta
    list_interval: timedelta
    from_the_beginning: bool


@dataclass(frozen=True)
class Arguments:
    """The checked arguments; ``options`` are all of them as Ansible's validator gives them, ``secrets`` those that must be masked."""

    interest: Interest
    state_path: str
    interval: int
    options: Mapping[str, Any]
    secrets: frozenset[str]


def read_arguments(given: Mapping[str, Any]) -> Arguments:
    """Check the arguments of a rulebook's source; raises OptionError."""
    validation = ArgumentSpecValidator(ARGUMENT_SPEC).validate({str(name): value for name, value in given.items()})
    for error in validation.errors.errors:
        if isinstance(error, UnsupportedError):
            raise OptionError("arguments", f"unsupported ones for {NAME}: {error.msg}")
        raise OptionError("arguments", str(error.msg))
    options = validation.validated_parameters
    if options["interval"] < 1:
        raise OptionError("interval", f"{options['interval']} is less than 1")
    if options["kinds"] == [] or options["access_packages"] == []:
        empty = "kinds" if options["kinds"] == [] else "access_packages"
        raise OptionError(empty, "an empty list is nothing to look for", hint="leave it out to look for all")
    interest = Interest(
        kinds=frozenset(options["kinds"] or KINDS),
        packages=_names("access_packages", options["access_packages"]),
        catalog=None if options["catalog"] is None else checked_text("catalog", options["catalog"]),
        within=_span("expiring_within", options),
        stuck_after=_span("stuck_after", options),
        list_interval=_span("list_interval", options),
        from_the_beginning=options["start"] == "all",
    )
    secrets = frozenset(str(secret) for secret in validation._no_log_values)
    return Arguments(interest, str(options["state_path"]), options["interval"], options, secrets)


def _names(option: str, values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(dict.fromkeys(checked_text(option, value) for value in values))


def _span(option: str, options: Mapping[str, Any]) -> timedelta:
    span = checked_duration(option, options[option])
    try:
        datetime.now(timezone.utc) + span
    except OverflowError:
        raise OptionError(option, "it ends after the year 9999") from None
    return span
