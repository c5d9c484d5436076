# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The people, packages and requests that the tests of the engine speak of."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Desired, Handling, NamedAnswer, Person
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Observed
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import (
    Answer,
    Assignment,
    Choice,
    Named,
    Package,
    Policy,
    Question,
    Request,
    Schedule,
    Subject,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=timezone.utc)
DAY = timedelta(days=1)
START = NOW - 30 * DAY
END = NOW + 60 * DAY
ADA = "aaaaaaaa-0000-4000-8000-000000000001"
PACKAGE_ID = "bbbbbbbb-0000-4000-8000-000000000001"
POLICY_ID = "cccccccc-0000-4000-8000-000000000001"
OTHER_POLICY_ID = "cccccccc-0000-4000-8000-000000000002"
RULE_ID = "cccccccc-0000-4000-8000-000000000003"
ASSIGNMENT_ID = "dddddddd-0000-4000-8000-000000000001"
SIZE_ID = "eeeeeeee-0000-4000-8000-000000000001"
REASON_ID = "eeeeeeee-0000-4000-8000-000000000002"

ADA_PERSON = Person(ADA, "ada@contoso.com", "member", "ada@contoso.com")
OUTSIDER = Person(None, "bob@fabrikam.com", "outsider", "bob@fabrikam.com")
ADA_SUBJECT = Subject("ffffffff-0000-4000-8000-000000000001", ADA, "Ada", "ada@contoso.com", "ada@contoso.com", "user")

SIZE = Question(
    SIZE_ID,
    ("Which size?", "Welche Größe?"),
    "accessPackageMultipleChoiceQuestion",
    choices=(Choice("s", ("Small", "Klein")), Choice("l", ("Large", "Groß"))),
)
REASON = Question(REASON_ID, ("Why?", "Warum?"), "accessPackageTextInputQuestion", pattern="^[A-Z]")
POLICY = Policy(POLICY_ID, "Direct assignment", "allMemberUsers", questions=(SIZE, REASON), package_id=PACKAGE_ID)
OTHER_POLICY = Policy(OTHER_POLICY_ID, "Members", "allMemberUsers", questions=(), package_id=PACKAGE_ID)
RULE = Policy(RULE_ID, "By department", automatic=True, questions=(), package_id=PACKAGE_ID)
# What is desired of a schedule, and what an assignment has.
AHEAD = Schedule(end=NOW + 30 * DAY)
ENDING = Schedule(START, END)
LAPTOP = Package(PACKAGE_ID, "Engineering Laptop", policies=(POLICY, OTHER_POLICY, RULE))


def desired(**members: Any) -> Desired:
    """What is desired: Ada's laptop, present, and nothing managed but what is given; options of choice as they are."""
    names = Handling.__dataclass_fields__.keys() & members.keys()
    handling = Handling(**{name: members.pop(name) for name in names})
    start = Desired(state="present", package=LAPTOP, person=ADA_PERSON, handling=handling)
    return replace(start, **members)


def assignment(state: str = "delivered", **members: Any) -> Assignment:
    """Ada's assignment, under the first policy and without an end."""
    schedule = Schedule(START, no_expiration=True)
    start = Assignment(
        ASSIGNMENT_ID, state, state.capitalize(), Named(PACKAGE_ID, "Engineering Laptop"), POLICY, ADA_SUBJECT, schedule
    )
    return replace(start, **members)


def expired(**members: Any) -> Assignment:
    """A past assignment of Ada's that ran out ten days ago."""
    over = NOW - 10 * DAY
    return assignment("expired", **{"schedule": Schedule(over - 20 * DAY, over), "expired": over, **members})


def request(kind: str = "adminAdd", state: str = "submitted", **members: Any) -> Request:
    """A request about Ada's assignment, made an hour ago."""
    start = Request(
        "99999999-0000-4000-8000-000000000001",
        kind,
        state,
        created=NOW - timedelta(hours=1),
        assignment_id=ASSIGNMENT_ID,
        policy_id=POLICY_ID,
        target=ADA_SUBJECT,
    )
    return replace(start, **members)


def observed(*things: Assignment | Request, history: tuple[Request, ...] | None = ()) -> Observed:
    """What is there: assignments and open requests, and a past that was read unless ``history`` is null."""
    return Observed(
        assignments=tuple(thing for thing in things if isinstance(thing, Assignment)),
        open_requests=tuple(thing for thing in things if isinstance(thing, Request)),
        policies=LAPTOP.policies or (),
        history=history,
    )


def answered(question: Question, value: str) -> Answer:
    """An answer as it was given."""
    return Answer(question.id, value, value, question.texts[0], question.kind)


def named(question: Question, value: str) -> NamedAnswer:
    """An answer as a task gives it."""
    return NamedAnswer(None, question.id, value)


LARGE, BECAUSE = named(SIZE, "l"), named(REASON, "Because")
