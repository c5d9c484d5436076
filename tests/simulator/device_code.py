# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign-in by device code, and the person who types the code in.

Microsoft identity platform documentation, "OAuth 2.0 device authorization grant flow".
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .model import App
from .refusal import SignInError
from .tokens import Grant

LASTS = timedelta(minutes=15)


@dataclass
class Person:
    """Who types in the codes: C(decision) is approve, decline or ignore, after so many polls of the device."""

    user_id: str
    decision: str
    after_polls: int


@dataclass
class Code:
    """One code that was given out."""

    device_code: str
    user_code: str
    client_id: str
    audience: str
    expires: datetime
    polls: int = 0


@dataclass
class DeviceCodes:
    """The codes that were given out, and the person at the other screen, if there is one."""

    person: Person | None = None
    codes: dict[str, Code] = field(default_factory=dict)

    def new(self, app: App, audience: str, now: datetime) -> Code:
        """Give out a code; SignInError for an app that is no public client."""
        require_public(app)
        letters = "".join(secrets.choice("BCDFGHJKLMNPQRSTVWXZ23456789") for _dummy in range(9))
        code = Code(f"{uuid.uuid4()}{uuid.uuid4()}", letters, app.client_id, audience, now + LASTS)
        self.codes[code.device_code] = code
        return code

    def redeem(self, app: App, device_code: str, now: datetime) -> tuple[Grant, str]:
        """Return who signed in and for what; SignInError while nobody has, and when it is too late."""
        require_public(app)
        code = self.codes.get(device_code)
        if code is None or code.client_id != app.client_id:
            raise SignInError(400, "bad_verification_code", 70018, "The device code is not recognized.")
        if now >= code.expires:
            raise SignInError(400, "expired_token", 70020, "This device code has expired.")
        code.polls += 1
        person = self.person
        if person is None or person.decision == "ignore" or code.polls <= person.after_polls:
            text = "OAuth 2.0 device flow error. Authorization is pending. Continue polling."
            raise SignInError(400, "authorization_pending", 70016, text)
        del self.codes[device_code]
        if person.decision == "decline":
            raise SignInError(400, "authorization_declined", 65004, "User declined to consent to access the app.")
        return Grant(app.client_id, person.user_id, app.permissions), code.audience


def require_public(app: App) -> None:
    """Refuse an app that may not do without a secret."""
    if not app.public_client:
        text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
        raise SignInError(401, "invalid_client", 7000218, text)
