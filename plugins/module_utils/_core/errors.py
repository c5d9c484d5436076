# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong, as types: each carries one sentence for the user and, where there is one, a hint."""

from __future__ import annotations

from typing import Any


class EntraError(Exception):
    """The base of everything that this collection tells a user as an error.

    C(message) is one sentence without a full stop at its end; C(hint) names what to change.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def as_result(self) -> dict[str, Any]:
        """Give the C(error) value of a failed task; keys that do not apply are null."""
        return {
            "status": None,
            "code": None,
            "details": [],
            "message": self.message,
            "request_id": None,
            "client_request_id": None,
            "method": None,
            "url": None,
            "hint": self.hint,
        }


class OptionError(EntraError):
    """An option holds what it must not hold; nothing was sent because of it."""

    def __init__(self, option: str, message: str, *, hint: str | None = None) -> None:
        super().__init__(f"{option}: {message}", hint=hint)
        self.option = option
        self.what = message


class MissingLibrary(EntraError):
    """A Python library that this task needs is not installed."""

    def __init__(self, library: str) -> None:
        super().__init__(f"the Python library {library} is not installed", hint=f"install {library} for this Python")
        self.library = library


class SignInError(EntraError):
    """Microsoft Entra gave no token; C(code) is its AADSTS code where it said one."""

    def __init__(
        self, message: str, *, code: str | None = None, correlation_id: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.code = code
        self.correlation_id = correlation_id

    def as_result(self) -> dict[str, Any]:
        return {**super().as_result(), "code": self.code, "request_id": self.correlation_id}


class TransportError(EntraError):
    """No answer came: name look-up, connection, TLS or time-out.

    C(sent) is true where the call may have reached the service, so that a write may have been carried out.
    """

    def __init__(
        self, message: str, *, method: str | None = None, url: str | None = None, sent: bool, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.method = method
        self.url = url
        self.sent = sent

    def as_result(self) -> dict[str, Any]:
        return {**super().as_result(), "method": self.method, "url": self.url}


class GraphError(EntraError):
    """Microsoft Graph refused a call; carries all that its error envelope says."""

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str,
        details: list[dict[str, Any]],
        request_id: str | None,
        client_request_id: str | None,
        method: str,
        url: str,
        hint: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.code = code
        self.details = details
        self.request_id = request_id
        self.client_request_id = client_request_id
        self.method = method
        self.url = url
        self.retry_after = retry_after

    def as_result(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "code": self.code,
            "details": self.details,
            "message": self.message,
            "request_id": self.request_id,
            "client_request_id": self.client_request_id,
            "method": self.method,
            "url": self.url,
            "hint": self.hint,
        }


class NameNotFound(EntraError):
    """Nothing has the name that an option gives."""


class NameAmbiguous(EntraError):
    """More than one thing has the name that an option gives."""


class Refused(EntraError):
    """The decision is not to act: the message says why, the hint which option changes it."""


class RequestFailed(EntraError):
    """A request of this task ended without giving or taking access."""


class WaitTimeout(EntraError):
    """A request was still moving when the time was up."""


class NotSent(EntraError):
    """A call that was not made any more, because the task ended before its turn came."""

    def __init__(self) -> None:
        super().__init__(
            "this was not sent any more, because another item failed", hint="run again to go on from there"
        )
