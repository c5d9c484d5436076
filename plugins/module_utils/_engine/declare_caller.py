# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which options go with which C(request_as), checked before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError

Options = Mapping[str, Any]

_FOR_ADMINISTRATORS = {
    "catalog": "only administrators read catalogs",
    "members_of": "only administrators read groups",
    "email": "only administrators give access to people outside the directory",
    "bypass_approval": "only administrators skip an approval",
    "check_conflicts": "only administrators read what is incompatible; Graph checks the requests of users itself",
}
# The values of options that have a default.
_NOT_GIVEN = {"check_conflicts": False}
# request_as -> option -> why it must not be given
NOT_FOR: dict[str, dict[str, str]] = {
    "admin": {},
    "self": {**_FOR_ADMINISTRATORS, "user": "the signed-in user is meant"},
    "manager": {**_FOR_ADMINISTRATORS, "assignment_id": "a manager asks for access and cannot change it"},
}
# request_as -> option -> why it must be given
NEEDED_FOR: dict[str, dict[str, str]] = {
    "admin": {},
    "self": {},
    "manager": {
        "user": "name the direct report",
        "policy": "a manager cannot read which policies admit a direct report; name one by its id",
    },
}


def check_caller(options: Options) -> None:
    """Check that the options are for the caller that C(request_as) names; raises OptionError."""
    caller = options["request_as"]
    hint = f"leave it out with request_as: {caller}"
    for option, why in NOT_FOR[caller].items():
        if options.get(option) != _NOT_GIVEN.get(option):
            raise OptionError(option, why, hint=hint)
    for option, why in NEEDED_FOR[caller].items():
        if options.get(option) is None:
            raise OptionError(option, f"it is needed with request_as: {caller}", hint=why)
    if caller == "admin":
        return
    if options["on_policy_mismatch"] == "replace":
        raise OptionError("on_policy_mismatch", "only administrators replace an assignment", hint="use keep or fail")
    if caller == "manager" and options["state"] == "absent":
        raise OptionError(
            "state",
            "a manager asks for access and cannot take it away",
            hint="use state: present, or request_as: admin",
        )
