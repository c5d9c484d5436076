# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From options to declarations: every value checked for its shape, before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError, mutually_exclusive
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import checked_text, is_id
from ansible_collections.idgov.entra.plugins.module_utils._core.times import in_days, parse_duration, parse_instant
from ansible_collections.idgov.entra.plugins.module_utils._decide.caps import MAX_REMOVALS, Caps, Limit
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import (
    Declaration,
    Handling,
    NamedAnswer,
    Settings,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.exact_set import ExactSet
from ansible_collections.idgov.entra.plugins.module_utils._decide.requests import Callback, DesiredRequest
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Schedule


@dataclass(frozen=True)
class Patience:
    """How long to wait: seconds since something moved, and seconds between two looks at first."""

    timeout: int
    interval: int


def checked_instant(option: str, value: object) -> datetime:
    """Read an option that is an instant, in UTC; raises OptionError."""
    hint = "write it as 2026-12-31T17:00:00Z"
    if not isinstance(value, (str, date)):
        raise OptionError(option, f"{value!r} is not an ISO 8601 date or time", hint=hint)
    try:
        return parse_instant(value)
    except ValueError as error:
        raise OptionError(option, str(error), hint=hint) from None


def checked_duration(option: str, text: str) -> timedelta:
    """Read an option that is a duration; raises OptionError."""
    try:
        return parse_duration(text)
    except ValueError as error:
        raise OptionError(option, str(error), hint="write 90 days as P90D, 8 hours as PT8H") from None


Options = Mapping[str, Any]

_FOR_ADMINISTRATORS = {
    "catalog": "only administrators can read catalogs",
    "members_of": "only administrators can read groups",
    "email": "only administrators can give access to external users",
    "bypass_approval": "only administrators can bypass an approval",
    "check_conflicts": "only administrators can read what is incompatible; Graph itself checks the requests of users",
}
# The values of options that have a default.
_NOT_GIVEN = {"check_conflicts": False}
# request_as -> option -> why it must not be given
NOT_FOR: dict[str, dict[str, str]] = {
    "admin": {},
    "self": {**_FOR_ADMINISTRATORS, "user": "request_as: self always means the signed-in user"},
    "manager": {**_FOR_ADMINISTRATORS, "assignment_id": "a manager can request access, but not change it"},
}
# request_as -> option -> why it must be given
NEEDED_FOR: dict[str, dict[str, str]] = {
    "admin": {},
    "self": {},
    "manager": {
        "user": "give the direct report",
        "policy": "a manager cannot read which policies admit a direct report; give the id of one",
    },
}


def check_caller(options: Options) -> None:
    """Check that the options are for the caller that ``request_as`` names; raises OptionError."""
    caller = options["request_as"]
    hint = f"omit it when request_as is {caller}"
    for option, why in NOT_FOR[caller].items():
        if options.get(option) != _NOT_GIVEN.get(option):
            raise OptionError(option, why, hint=hint)
    for option, why in NEEDED_FOR[caller].items():
        if options.get(option) is None:
            raise OptionError(option, f"required when request_as is {caller}", hint=why)
    if caller == "admin":
        return
    if options["on_policy_mismatch"] == "replace":
        raise OptionError(
            "on_policy_mismatch", "only administrators can replace an assignment", hint="use keep or fail"
        )
    if caller == "manager" and options["state"] == "absent":
        raise OptionError(
            "state",
            "a manager can request access, but not remove it",
            hint="use state: present, or request_as: admin",
        )


_LONGEST_WAIT = 30 * 86400


def declaration_from_options(options: Options, *, wait: bool) -> Declaration:
    """Read one declared assignment from validated options; raises OptionError.

    ``wait`` is of the whole task, the rest of the one assignment.
    """
    check_caller(options)
    _check_address(options)
    return Declaration(
        state=options["state"],
        request_as=options["request_as"],
        access_package=_filled("access_package", options),
        catalog=_filled("catalog", options),
        policy=_filled("policy", options),
        user=_filled("user", options),
        email=_email(_filled("email", options)),
        members_of=_filled("members_of", options),
        assignment_id=_assignment_id(_filled("assignment_id", options)),
        schedule=_schedule(options.get("schedule")),
        answers=_answers(options.get("answers")),
        justification=options.get("justification"),
        bypass_approval=options.get("bypass_approval"),
        check_conflicts=bool(options["check_conflicts"]),
        handling=Handling(
            on_policy_mismatch=options["on_policy_mismatch"],
            on_open_request=options["on_open_request"],
            on_delivery_failed=options["on_delivery_failed"],
            on_partial_delivery=options["on_partial_delivery"],
            renew=bool(options["renew"]),
            wait=wait,
        ),
    )


def desired_request_from_options(options: Options) -> DesiredRequest:
    """Read what is desired of one request from validated options; raises OptionError."""
    request_id = _filled("request_id", options) or ""
    if not is_id(request_id):
        raise OptionError("request_id", f"{request_id!r} is not an id", hint="a request can be given by its id only")
    return DesiredRequest(request_id, options["state"], _callback(options), wait=bool(options["wait"]))


def _callback(options: Options) -> Callback | None:
    given = {name: _filled(name, options) for name in ("source", "stage", "instance_id", "decision")}
    detail = options.get("instance_detail")
    if options["state"] != "resumed":
        spare = next((name for name, value in {**given, "instance_detail": detail}.items() if value is not None), None)
        if spare:
            raise OptionError(spare, "only valid when state is resumed", hint="omit it, or set state to resumed")
        return None
    missing = next((name for name in ("source", "stage", "instance_id") if given[name] is None), None)
    if missing:
        raise OptionError(
            missing, "required when state is resumed", hint="use the value that the custom extension was called with"
        )
    if given["decision"] and given["stage"] != "assignmentRequestCreated":
        raise OptionError(
            "decision",
            f"a request cannot be {given['decision']} at the stage {given['stage']}",
            hint="omit it; a custom extension can decide at the stage assignmentRequestCreated only",
        )
    return Callback(
        source=given["source"] or "",
        stage=given["stage"] or "",
        instance_id=given["instance_id"] or "",
        instance_detail=detail,
        decision=given["decision"],
    )


def patience_from_options(options: Options) -> Patience:
    """Read how long to wait, in seconds; raises OptionError."""
    for option in ("wait_timeout", "wait_interval"):
        if not 1 <= options[option] <= _LONGEST_WAIT:
            raise OptionError(
                option,
                f"{options[option]} is not between 1 and {_LONGEST_WAIT} seconds",
                hint="use wait: false not to wait at all",
            )
    return Patience(timeout=options["wait_timeout"], interval=options["wait_interval"])


def _check_address(options: Options) -> None:
    """One way of naming the assignment: by its id, or by package and person."""
    if options.get("assignment_id"):
        others = ("access_package", "user", "email", "members_of")
        clash = next((name for name in others if options.get(name)), None)
        if clash:
            raise mutually_exclusive("assignment_id", clash)
        return
    if not options.get("access_package"):
        raise OptionError("access_package", "one of the following is required: access_package, assignment_id")
    named = [name for name in ("user", "email", "members_of") if options.get(name)]
    if named == ["user", "email"]:
        raise mutually_exclusive("email", "user", hint="email is for people who are not in the directory")
    if len(named) > 1:
        raise mutually_exclusive("members_of", named[0], hint="use an item for each")
    if options["request_as"] != "self" and not named:
        raise OptionError("user", "one of the following is required: user, email")


def _filled(option: str, options: Options) -> str | None:
    value = options.get(option)
    return None if value is None else checked_text(option, value)


def _email(text: str | None) -> str | None:
    if text is not None and (text.count("@") != 1 or text.startswith("@") or text.endswith("@")):
        raise OptionError("email", f"{text!r} is not an e-mail address", hint="use user for a principal name or an id")
    return text


def _assignment_id(text: str | None) -> str | None:
    if text is not None and not is_id(text):
        raise OptionError(
            "assignment_id",
            f"{text!r} is not an id",
            hint="an assignment can be given by its id only, or by access_package and user",
        )
    return text


def _schedule(options: Options | None) -> Schedule | None:
    if options is None:
        return None
    start, end = (
        None if (value := options.get(name)) is None else checked_instant(f"schedule.{name}", value)
        for name in ("start_date_time", "end_date_time")
    )
    duration = options.get("duration")
    no_expiration = bool(options.get("no_expiration"))
    ends = [n for n, v in (("end_date_time", end), ("duration", duration), ("no_expiration", no_expiration)) if v]
    if len(ends) > 1:
        raise OptionError("schedule", f"{' and '.join(ends)} are mutually exclusive", hint="use one of them")
    if start and end and end <= start:
        raise OptionError("schedule.end_date_time", f"{options['end_date_time']} is not after start_date_time")
    if duration is not None:
        checked_duration("schedule.duration", duration)
        duration = in_days(duration)
    schedule = Schedule(start, end, duration, no_expiration)
    return None if schedule == Schedule() else schedule


def _answers(options: Sequence[Options] | None) -> tuple[NamedAnswer, ...] | None:
    return tuple(_answer(answer) for answer in options) if options else None


def _answer(options: Options) -> NamedAnswer:
    question, question_id, value = options.get("question"), options.get("question_id"), options.get("value")
    if not question and not question_id:
        raise OptionError("answers", "one of the following is required: question, question_id")
    if isinstance(value, (list, dict)):
        raise OptionError(
            "answers",
            f"the answer to {question or question_id!r} has several values, and how to send several choices is not documented",
            hint="use a single string",
        )
    if not isinstance(value, str):
        raise OptionError(
            "answers", f"the answer to {question or question_id!r} is {value!r}, not a string", hint="quote it"
        )
    return NamedAnswer(question or None, question_id or None, value, options.get("display_value"))


_MOST_CALLS = 10
# The ways of naming a person, and an assignment: where an item takes one, it does not inherit another.
_PEOPLE = ("user", "email", "members_of")
_NAMING = ("access_package", "catalog", *_PEOPLE)


def declarations_from_options(options: Options, item_defaults: Options) -> list[Declaration]:
    """Read the declared assignments; raises OptionError that names the item.

    What an item does not say comes from the option ``defaults``, then from ``item_defaults``.
    """
    declarations = []
    defaults = options.get("defaults") or {}
    for index, item in enumerate(options["assignments"]):
        with in_item(f"assignments[{index}]"):
            declaration = item_from_options(item, defaults, item_defaults, wait=bool(options["wait"]))
            _check_exact(options, declaration)
            declarations.append(declaration)
    return declarations


def item_from_options(item: Options, defaults: Options, item_defaults: Options, *, wait: bool) -> Declaration:
    """Read one of many declared assignments; raises OptionError."""
    return declaration_from_options(_merged(item, defaults, item_defaults), wait=wait)


@contextmanager
def in_item(place: str) -> Iterator[None]:
    """Add the place of an item to every OptionError."""
    try:
        yield
    except OptionError as error:
        raise OptionError(f"{place}.{error.option}", error.what, hint=error.hint) from None


def exact_set_from_options(options: Options) -> ExactSet | None:
    """Read whether the list is the exact set; raises OptionError."""
    if not options["exclusive"]:
        given = next((name for name in ("access_packages", "allow_empty") if options.get(name)), None)
        if given or options["exclusive_scope"] != "policy":
            raise OptionError(
                given or "exclusive_scope",
                "only valid when exclusive is true",
                hint="omit it, or set exclusive to true",
            )
        return None
    if options["api_version"] == "beta":
        raise OptionError(
            "exclusive",
            "beta does not show which assignments are under an automatic policy, and an exact set must not touch these",
            hint="use api_version: v1.0",
        )
    justification = (options.get("defaults") or {}).get("justification")
    removal = Settings(justification=justification, handling=Handling(wait=bool(options["wait"])))
    return ExactSet(
        removal=removal,
        scope=options["exclusive_scope"],
        access_packages=tuple(checked_text("access_packages", name) for name in options.get("access_packages") or ()),
    )


def read_caps(options: Options, declarations: Sequence[Declaration]) -> Caps:
    """Read how much may be taken away and given; raises OptionError."""
    caps = Caps(
        removals=_limit(options, "max_removals") or (Limit(MAX_REMOVALS) if options["exclusive"] else None),
        additions=_limit(options, "max_additions"),
        allow_empty=options["allow_empty"] or not options["exclusive"],
    )
    shared = next((name for name in ("max_removals", "max_additions") if "%" in (options.get(name) or "")), None)
    if shared and options["api_version"] == "beta":
        raise OptionError(
            shared,
            "beta does not show which assignments are under an automatic policy, and a share does not count these",
            hint="use a number, or api_version: v1.0",
        )
    if shared and any(declaration.request_as != "admin" for declaration in declarations):
        raise OptionError(
            shared,
            "only administrators can count the assignments of which it is a share",
            hint="use a number, or request_as: admin",
        )
    return caps


def concurrency_from_options(options: Options) -> int:
    """Read how many calls may be in flight; raises OptionError."""
    if not 1 <= options["concurrency"] <= _MOST_CALLS:
        raise OptionError("concurrency", f"{options['concurrency']} is not between 1 and {_MOST_CALLS}")
    return int(options["concurrency"])


def _check_exact(options: Options, declaration: Declaration) -> None:
    if options["exclusive"] and declaration.request_as != "admin":
        raise OptionError(
            "request_as",
            "exclusive is only valid when request_as is admin",
            hint="omit exclusive, or use request_as: admin",
        )


def _merged(item: Options, defaults: Options, item_defaults: Options) -> dict[str, Any]:
    given = {name: value for name, value in item.items() if value is not None}
    own_naming = _NAMING if "assignment_id" in given else _PEOPLE if given.keys() & set(_PEOPLE) else ()
    inherited = {name: value for name, value in defaults.items() if value is not None and name not in own_naming}
    return {**item_defaults, **inherited, **given}


def _limit(options: Options, name: str) -> Limit | None:
    text = options.get(name)
    if text is None:
        return None
    found = re.fullmatch(r"([0-9]{1,9})(%?)", text.strip())
    if not found or (found[2] and int(found[1]) > 100):
        raise OptionError(
            name, f"{text!r} is neither a number nor a percentage", hint='use 20, or "5%" of the current holders'
        )
    return Limit(int(found[1]), share=bool(found[2]))
