# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Identifiers: computed from names, or drawn from the seed."""

from __future__ import annotations

import random
import re
import uuid

_NAMESPACE = uuid.UUID("5b1d0d5c-3f0e-4e5c-9a53-7d2c1f0a9be4")
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def id_of(kind: str, name: str) -> str:
    """Return the id a world gives to something that states none.

    ``kind`` is one of tenant, app, user, service_principal, group, organization, catalog, package, policy,
    question, extension, assignment, request, subject. The README says what the name of each kind is.
    """
    return str(uuid.uuid5(_NAMESPACE, f"{kind}:{name}"))


def is_guid(text: str) -> bool:
    """Return whether the text has the form of a GUID."""
    return _GUID.fullmatch(text) is not None


class IdSource:
    """Draws ids that are the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def new(self) -> str:
        """Return the next id."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))
