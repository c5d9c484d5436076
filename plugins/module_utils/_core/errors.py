# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong, as types: each carries one sentence for the user and, where there is one, a hint.

Errors are values. None is changed once it is made, so that several items can have the same one; another hint or
sentence makes another error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import FrozenInstanceError
from typing import Any, ClassVar, TypedDict, TypeVar
from urllib.parse import urlsplit

from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable

ErrorT = TypeVar("ErrorT", bound="EntraError")
# What Python itself notes on an exception while it is on its way.
_NOTED = frozenset({"__traceback__", "__cause__", "__context__", "__suppress_context__", "__notes__"})


class ErrorResult(TypedDict):
    """What results show of every error; what does not apply is null."""

    kind: str
    message: str
    hint: str | None
    status: int | None
    code: str | None
    details: list[dict[str, Any]]
    request_id: str | None
    client_request_id: str | None
    method: str | None
    url: str | None


class EntraError(Exception):
    """The base of everything that this collection tells a user as an error.

    ``message`` is one sentence without a full stop at its end, ``hint`` names what to change, and ``kind`` is the word
    by which playbooks and roles tell errors apart.
    """

    kind: ClassVar[str]
    message: str
    hint: str | None

    def __init__(self, message: str, *, hint: str | None = None, **members: object) -> None:
        super().__init__(message)
        vars(self).update(members, message=message, hint=hint)

    def __setattr__(self, name: str, value: object) -> None:
        if name not in _NOTED:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def replace(self: ErrorT, **changes: object) -> ErrorT:
        """Make an error that differs from this one in some members; raises TypeError for a member it does not have."""
        members = vars(self)
        unknown = changes.keys() - members.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no member {', '.join(sorted(unknown))}")
        other = type(self).__new__(type(self), changes.get("message", self.message))
        vars(other).update({name: value for name, value in members.items() if name not in _NOTED}, **changes)
        return other

    def as_result(self) -> ErrorResult:
        """Return the ``error`` value of a failed task; keys that do not apply are null."""
        members = vars(self)
        return {
            "kind": self.kind,
            "message": printable(self.message),
            "hint": printable(self.hint) if self.hint else None,
            "status": members.get("status"),
            "code": members.get("code"),
            "details": [dict(detail) for detail in members.get("details", ())],
            "request_id": members.get("request_id"),
            "client_request_id": members.get("client_request_id"),
            "method": members.get("method"),
            "url": members.get("url"),
        }


class OptionError(EntraError):
    """An option holds what it must not hold; nothing was sent because of it."""

    kind = "option"
    option: str
    what: str

    def __init__(self, option: str, message: str, *, hint: str | None = None) -> None:
        super().__init__(f"{option}: {message}", hint=hint, option=option, what=message)


def mutually_exclusive(option: str, other: str, *, hint: str | None = None) -> OptionError:
    """Return the error about two options of which at most one may be given."""
    what = f"{option} and {other} are mutually exclusive"
    return OptionError(option, what, hint=hint).replace(message=what)


class MissingLibrary(EntraError):
    """A Python library that this task needs is not installed."""

    kind = "missing_library"
    library: str

    def __init__(self, library: str) -> None:
        super().__init__(
            f"the Python library {library} is not installed",
            hint=f"install {library} for this Python",
            library=library,
        )


class SignInError(EntraError):
    """Microsoft Entra gave no token; ``code`` is its AADSTS code where it said one."""

    kind = "sign_in"
    code: str | None
    request_id: str | None

    def __init__(
        self, message: str, *, code: str | None = None, correlation_id: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint, code=code, request_id=correlation_id)


class TransportError(EntraError):
    """No answer came: name look-up, connection, TLS or time-out; or one that only says that the service is busy.

    ``sent`` is true where the call may have reached the service, so that a write may have been carried out;
    ``retry_after`` has the seconds after which a busy service asks to be called again.
    """

    kind = "transport"
    method: str | None
    url: str | None
    sent: bool
    retry_after: float | None

    def __init__(
        self,
        message: str,
        *,
        method: str | None = None,
        url: str | None = None,
        sent: bool,
        hint: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, hint=hint, method=method, url=url, sent=sent, retry_after=retry_after)


class GraphError(EntraError):
    """Microsoft Graph refused a call; carries all that its error envelope says."""

    kind = "graph"
    status: int
    code: str
    details: tuple[Mapping[str, Any], ...]
    request_id: str | None
    client_request_id: str | None
    method: str
    url: str
    retry_after: float | None

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str,
        details: Sequence[Mapping[str, Any]],
        request_id: str | None,
        client_request_id: str | None,
        method: str,
        url: str,
        hint: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(
            message,
            hint=hint,
            status=status,
            code=code,
            details=tuple(dict(detail) for detail in details),
            request_id=request_id,
            client_request_id=client_request_id,
            method=method,
            url=url,
            retry_after=retry_after,
        )


class Unreadable(EntraError):
    """Graph answered, and the answer cannot be understood.

    ``member`` is the path of the member that is at fault, such as ``value[3].schedule.expiration``, empty for the answer
    as a whole; ``what`` says what is wrong with it; ``status`` is the answer's, null as long as it is not known.
    """

    kind = "unreadable"
    member: str
    what: str
    method: str | None
    url: str | None
    status: int | None
    request_id: str | None

    def __init__(
        self,
        what: str,
        *,
        member: str = "",
        method: str | None = None,
        url: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        hint: str | None = None,
    ) -> None:
        answer = f"the answer to {method} {urlsplit(url or '').path}" if method else "an answer"
        super().__init__(
            f"{answer} cannot be read: {member or 'it'} {what}",
            hint=hint,
            member=member,
            what=what,
            method=method,
            url=url,
            status=status,
            request_id=request_id,
        )

    def below(self, member: str | int) -> Unreadable:
        """Return the same fault as seen from the object or list that has this member, by name or by index."""
        outer = f"[{member}]" if isinstance(member, int) else member
        joint = "." if self.member and not self.member.startswith("[") else ""
        return Unreadable(self.what, member=f"{outer}{joint}{self.member}", hint=self.hint)

    def in_answer(self, method: str, url: str, *, status: int | None, request_id: str | None) -> Unreadable:
        """Return the same fault with the call whose answer has it; ``url`` has no query."""
        return Unreadable(
            self.what,
            member=self.member,
            method=method,
            url=url,
            status=status,
            request_id=request_id,
            hint=self.hint,
        )


class NameNotFound(EntraError):
    """Nothing has the name that an option gives."""

    kind = "not_found"


class NameAmbiguous(EntraError):
    """More than one thing has the name that an option gives."""

    kind = "ambiguous"


class Refused(EntraError):
    """The decision is not to act: the message says why, the hint which option changes it.

    ``answer`` is Graph's refusal where that is the reason; its words, status and ids are told along.
    """

    kind = "refused"
    answer: GraphError | None

    def __init__(self, message: str, *, hint: str | None = None, answer: GraphError | None = None) -> None:
        super().__init__(f"{message}: {answer.message}" if answer else message, hint=hint, answer=answer)

    def as_result(self) -> ErrorResult:
        shown = super().as_result()
        if self.answer is None:
            return shown
        return {
            **self.answer.as_result(),
            "kind": shown["kind"],
            "message": shown["message"],
            "hint": shown["hint"],
        }


class RequestFailed(EntraError):
    """A request of this task ended without giving or taking access."""

    kind = "request_failed"


class WaitTimeout(EntraError):
    """A request was still moving when the time was up."""

    kind = "timeout"


class ItemsFailed(EntraError):
    """Some items of a list could not be brought about."""

    kind = "items_failed"


class NotSent(EntraError):
    """A call that was not made any more, because the task ended before its turn came."""

    kind = "refused"

    def __init__(self) -> None:
        super().__init__("this was not sent, because another item failed", hint="run the task again to continue")


class StalePlan(EntraError):
    """What is there is not what a plan was made for; what it does not have is not sent."""

    kind = "stale_plan"


def not_planned(action: str) -> StalePlan:
    """Return the error about an item that needs another write than those of its plan, after the plan was checked."""
    return StalePlan(
        f"this now needs the step {action}, which is not in the plan",
        hint="make a new plan; what was already sent is not sent again",
    )
