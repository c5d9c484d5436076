# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From options to a declaration: every value checked for its shape, before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._core.ids import is_id
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import checked_text
from ansible_collections.idgov.entra.plugins.module_utils._core.times import in_days
from ansible_collections.idgov.entra.plugins.module_utils._decide.requests import Callback, WantedRequest
from ansible_collections.idgov.entra.plugins.module_utils._decide.wanted import Choices, Declaration, NamedAnswer
from ansible_collections.idgov.entra.plugins.module_utils._engine.dates import checked_duration, checked_instant
from ansible_collections.idgov.entra.plugins.module_utils._engine.declare_caller import check_caller
from ansible_collections.idgov.entra.plugins.module_utils._engine.wait import Patience
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Schedule

_LONGEST_WAIT = 30 * 86400
Options = Mapping[str, Any]


def read_declaration(options: Options, *, wait: bool) -> Declaration:
    """Read one declared assignment from validated options; raises OptionError.

    C(wait) is of the whole task, the rest of the one assignment.
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
        choices=Choices(
            on_policy_mismatch=options["on_policy_mismatch"],
            on_open_request=options["on_open_request"],
            on_delivery_failed=options["on_delivery_failed"],
            on_partial_delivery=options["on_partial_delivery"],
            renew=bool(options["renew"]),
            wait=wait,
        ),
    )


def read_wanted_request(options: Options) -> WantedRequest:
    """Read what is wanted of one request from validated options; raises OptionError."""
    request_id = _filled("request_id", options) or ""
    if not is_id(request_id):
        raise OptionError("request_id", f"{request_id!r} is not an id", hint="requests have no names")
    return WantedRequest(request_id, options["state"], _callback(options), wait=bool(options["wait"]))


def _callback(options: Options) -> Callback | None:
    given = {name: _filled(name, options) for name in ("source", "stage", "instance_id", "decision")}
    detail = options.get("instance_detail")
    if options["state"] != "resumed":
        spare = next((name for name, value in {**given, "instance_detail": detail}.items() if value is not None), None)
        if spare:
            raise OptionError(spare, "it goes with state: resumed only", hint="leave it out, or set state to resumed")
        return None
    missing = next((name for name in ("source", "stage", "instance_id") if given[name] is None), None)
    if missing:
        raise OptionError(missing, "state: resumed needs it", hint="the custom extension was called with what it needs")
    if given["decision"] and given["stage"] != "assignmentRequestCreated":
        raise OptionError(
            "decision",
            f"a request cannot be {given['decision']} at the stage {given['stage']}",
            hint="leave it out; only at assignmentRequestCreated a custom extension decides",
        )
    return Callback(
        source=given["source"] or "",
        stage=given["stage"] or "",
        instance_id=given["instance_id"] or "",
        instance_detail=detail,
        decision=given["decision"],
    )


def read_patience(options: Options) -> Patience:
    """Read how long to wait, in seconds; raises OptionError."""
    for option in ("wait_timeout", "wait_interval"):
        if not 1 <= options[option] <= _LONGEST_WAIT:
            raise OptionError(
                option,
                f"{options[option]} is not between 1 and {_LONGEST_WAIT} seconds",
                hint="use wait: false to not wait at all",
            )
    return Patience(timeout=options["wait_timeout"], interval=options["wait_interval"])


def _check_address(options: Options) -> None:
    """One way of naming the assignment: by its id, or by package and person."""
    if options.get("assignment_id"):
        others = ("access_package", "user", "email", "members_of")
        clash = next((name for name in others if options.get(name)), None)
        if clash:
            raise OptionError("assignment_id", f"an assignment named by its id leaves no room for {clash}")
        return
    if not options.get("access_package"):
        raise OptionError("access_package", "give an access package, or assignment_id")
    named = [name for name in ("user", "email", "members_of") if options.get(name)]
    if named == ["user", "email"]:
        raise OptionError(
            "email", "user names the person already", hint="email is for people who are not in the directory"
        )
    if len(named) > 1:
        raise OptionError("members_of", f"a group leaves no room for {named[0]}", hint="use an item for each")
    if options["request_as"] != "self" and not named:
        raise OptionError("user", "give user, or email for a person outside the directory")


def _filled(option: str, options: Options) -> str | None:
    value = options.get(option)
    return None if value is None else checked_text(option, value)


def _email(text: str | None) -> str | None:
    if text is not None and (text.count("@") != 1 or text.startswith("@") or text.endswith("@")):
        raise OptionError("email", f"{text!r} is not an e-mail address", hint="for a principal name or an id use user")
    return text


def _assignment_id(text: str | None) -> str | None:
    if text is not None and not is_id(text):
        raise OptionError(
            "assignment_id", f"{text!r} is not an id", hint="assignments have no names; use access_package and user"
        )
    return text


def _schedule(options: Options | None) -> Schedule | None:
    if options is None:
        return None
    start, end = (
        checked_instant(f"schedule.{name}", options.get(name)) for name in ("start_date_time", "end_date_time")
    )
    duration = options.get("duration")
    no_expiration = bool(options.get("no_expiration"))
    ends = [n for n, v in (("end_date_time", end), ("duration", duration), ("no_expiration", no_expiration)) if v]
    if len(ends) > 1:
        raise OptionError("schedule", f"{' and '.join(ends)} exclude each other", hint="give one end at most")
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
        raise OptionError("answers", "each answer needs question or question_id")
    if isinstance(value, (list, dict)):
        raise OptionError(
            "answers",
            f"the answer to {question or question_id!r} has several values, and how several choices are sent is not known",
            hint="give one text",
        )
    if not isinstance(value, str):
        raise OptionError(
            "answers", f"the answer to {question or question_id!r} is {value!r}, not a text", hint="quote it"
        )
    return NamedAnswer(question or None, question_id or None, value, options.get("display_value"))
