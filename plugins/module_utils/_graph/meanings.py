# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a refusal of Graph means: told by a code word, wherever it stands.

The code of an answer may be empty and its details may be missing, and some answers have the word in their message only
(recorded answers and public reports), so all three are looked through.
"""

from __future__ import annotations

import re

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, GraphError

LICENCE_CODES = ("NoLicense", "NoGovernanceSku")
# The words in which Graph says ExistingOpenRequest (a public client compares with them).
_OPEN_REQUEST = "already an existing open request"


def names(error: EntraError | None, *codes: str) -> bool:
    """Tell whether an answer has one of these codes in its code, its details or its message."""
    if not isinstance(error, GraphError):
        return False
    said = [error.code, error.message, *(text for each in error.details for text in map(str, each.values()))]
    words = {word.lower() for text in said for word in re.findall(r"\w+", text)}
    return any(code.lower() in words for code in codes)


def open_request_exists(error: EntraError | None) -> bool:
    """Tell whether Graph refused because another request of this person and package is open."""
    return names(error, "ExistingOpenRequest") or (
        isinstance(error, GraphError) and _OPEN_REQUEST in error.message.lower()
    )


def is_held(error: EntraError | None) -> bool:
    """Tell whether Graph refused an add because the person has the package."""
    return names(error, "InvalidRequestExistingGrant")


def is_gone(error: EntraError | None) -> bool:
    """Tell whether Graph refused because the assignment is not there, or not any more."""
    return names(error, "InvalidRequestNoActiveGrant") or (isinstance(error, GraphError) and error.status == 404)


def is_unknown_object(error: EntraError | None) -> bool:
    """Tell whether Graph may refuse an add because it does not know the person, perhaps not yet.

    An object that was just created is a 400 with a code of its own where it is named in a body (a transcript of a live run).
    """
    if names(error, "PolicyNotFound", "AccessPackageNotFound"):
        return False
    return names(error, "ResourceNotFoundInOriginSystem") or (isinstance(error, GraphError) and error.status == 404)


def lacks_licence(error: EntraError | None) -> bool:
    """Tell whether Graph refused because the tenant has not the licence."""
    return names(error, *LICENCE_CODES)
