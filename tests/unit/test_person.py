# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom an item means: by object id, and by mail as long as one of the two sides knows no object id."""

from __future__ import annotations

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Person
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Subject
from tests.unit.samples import ADA

OTHER = "aaaaaaaa-0000-4000-8000-00000000000f"
MAIL = "Sam@Fabrikam.com"


@pytest.mark.parametrize(
    ("object_id", "mail", "subject", "same"),
    [
        (ADA, None, Subject("s", ADA.upper()), True),
        (ADA, MAIL, Subject("s", OTHER, email=MAIL), False),
        (None, MAIL, Subject("s", None, email=MAIL.lower()), True),
        (None, MAIL, Subject("s", OTHER, email=MAIL.lower()), True),
        (ADA, MAIL, Subject("s", None, email=MAIL.lower()), True),
        (ADA, None, Subject("s", None, email=MAIL), False),
        (None, MAIL, Subject("s", OTHER, email=None), False),
        (None, MAIL, None, False),
    ],
    ids=[
        "the same id",
        "another id with the same mail",
        "an outsider",
        "an outsider who has become a guest since",
        "a guest whom entitlement management does not know yet",
        "an id against a mail",
        "a mail against an id",
        "nobody",
    ],
)
def test_a_person_is_recognised(object_id: str | None, mail: str | None, subject: Subject | None, same: bool) -> None:
    assert Person(object_id, mail, "unknown", "Sam").is_subject(subject) is same
