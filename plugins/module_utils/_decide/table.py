# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The decision table: what is there and what is desired, against what to do. Rows only; the first that fits counts.

Facts are words, so that a row reads like a sentence and a test can walk through all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import Enum
from functools import cache


class Step(Enum):
    """What to do next."""

    NOTHING = "nothing"
    ADD = "add"
    UPDATE = "update"
    REMOVE = "remove"
    REPLACE = "replace"
    REPROCESS = "reprocess"
    CANCEL = "cancel"
    RESUME = "resume"
    DELETE = "delete"
    WAIT = "wait"
    REFUSE = "refuse"


def one_of(*words: str) -> str:
    """Declare a fact of a table with all its words, the first of which it is where it does not apply."""
    # Called in the bodies of data classes.
    fact: str = field(default=words[0], metadata={"words": words})  # pylint: disable=invalid-field-call
    return fact


def words_of(facts: type) -> dict[str, tuple[str, ...]]:
    """Return every fact of a table and the words it can be, in the order in which they are declared."""
    return {fact.name: fact.metadata["words"] for fact in fields(facts)}


@dataclass(frozen=True)
class Facts:
    """One observed state in words, each fact in the order in which a reader thinks of it."""

    state: str = one_of("present", "absent")
    # the assignment that counts: none; only past ones, the newest of which ran out or was taken away; or its state
    holds: str = one_of("nothing", "ran_out", "taken_away", "delivering", "delivered", "partial", "failed", "unknown")
    # who governs the assignment: requests, or the rule of an automatic policy
    governed: str = one_of("requests", "rule")
    # the open request, how far it has come, and whether the table would still act once it is carried out
    open: str = one_of("nothing", "add", "update", "remove")
    stage: str = one_of("submitted", "delivering", "parked")
    fits: str = one_of("yes", "no")
    # whether Graph shows the policy of an open add, where the task names one
    policy: str = one_of("shown", "hidden")
    # what of the desired differs from the assignment, the gravest first; `past_end`: a desired end that is over
    differs: str = one_of("nothing", "past_end", "policy", "details")
    # for a new assignment: whether its end is over, and whether a run-out one is granted again
    desired_end: str = one_of("ahead", "past")
    again: str = one_of("always", "once")
    # the failed request behind a failed or partial delivery: young enough to be reprocessed, too old, not found, or
    # delivered by now, so that the assignment is about to follow
    failure: str = one_of("recent", "old", "missing", "mended")
    # whether Graph has refused this caller to cancel the open request, and the options
    cancel: str = one_of("allowed", "refused")
    wait: str = one_of("yes", "no")
    on_open_request: str = one_of("wait", "cancel", "fail")
    on_policy_mismatch: str = one_of("fail", "keep", "replace")
    on_delivery_failed: str = one_of("reprocess", "fail", "keep")
    on_partial_delivery: str = one_of("keep", "reprocess", "fail")


FACTS = words_of(Facts)


@dataclass(frozen=True)
class Row:
    """One line of the table: when all of ``when`` holds, do ``step``.

    ``warn`` and ``refuse`` name a sentence of ``sentences.py``; ``pending`` and ``ended`` go into the result.
    """

    name: str
    when: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    step: Step = Step.NOTHING
    warn: str | None = None
    refuse: str | None = None
    pending: bool = False
    ended: bool = False

    def fits(self, facts: object) -> bool:
        """Return whether all that this row asks for holds; ``facts`` has a word for each fact of its table."""
        return all(
            getattr(facts, fact) in ((words,) if isinstance(words, str) else words) for fact, words in self.when.items()
        )


_ABSENT = ("nothing", "ran_out", "taken_away")
_ACTIVE = ("delivering", "delivered", "partial", "failed")
_GIVEN = ("delivering", "delivered", "partial")

PRESENT = (
    Row(
        "a state that this version of the collection does not know",
        {"holds": "unknown"},
        Step.REFUSE,
        refuse="unknown_state",
    ),
    Row(
        "automatic assignment, as desired",
        {"governed": "rule", "holds": _GIVEN, "differs": "nothing"},
    ),
    Row(
        "automatic assignment, differs",
        {"governed": "rule", "holds": _ACTIVE, "differs": ("past_end", "policy", "details")},
        Step.REFUSE,
        refuse="governed_by_rule",
    ),
    # an open request that brings what is desired
    Row(
        "open request fits, waited for",
        {"open": ("add", "update", "remove"), "fits": "yes", "stage": ("submitted", "delivering"), "wait": "yes"},
        Step.WAIT,
    ),
    Row(
        "as desired, and the open request keeps it so",
        {"open": ("add", "update", "remove"), "fits": "yes", "holds": ("delivered", "partial"), "differs": "nothing"},
    ),
    Row(
        "open request fits as far as Graph shows it",
        {"open": ("add", "update", "remove"), "fits": "yes", "policy": "hidden"},
        warn="hidden_policy",
        pending=True,
    ),
    Row("open request fits, not waited for", {"open": ("add", "update", "remove"), "fits": "yes"}, pending=True),
    # an open request that contradicts
    Row(
        "open request contradicts, fail",
        {"open": ("add", "remove"), "on_open_request": "fail"},
        Step.REFUSE,
        refuse="open_request",
    ),
    Row("open update, waited for", {"open": "update", "stage": ("submitted", "delivering"), "wait": "yes"}, Step.WAIT),
    Row("open update, fail", {"open": "update", "on_open_request": "fail"}, Step.REFUSE, refuse="open_request"),
    Row(
        "open request contradicts, canceled",
        {
            "open": ("add", "update", "remove"),
            "on_open_request": "cancel",
            "stage": ("submitted", "parked"),
            "cancel": "allowed",
        },
        Step.CANCEL,
    ),
    Row(
        "open request contradicts, cannot be canceled",
        {
            "open": ("add", "update", "remove"),
            "on_open_request": "cancel",
            "stage": ("submitted", "parked"),
            "cancel": "refused",
        },
        Step.REFUSE,
        refuse="cannot_cancel",
    ),
    Row(
        "open request contradicts, nothing to wait for",
        {"open": ("add", "update", "remove"), "stage": "parked"},
        Step.REFUSE,
        refuse="parked_request",
    ),
    Row("open request contradicts, waited for", {"open": ("add", "update", "remove"), "wait": "yes"}, Step.WAIT),
    Row(
        "open request contradicts, no waiting",
        {"open": ("add", "update", "remove")},
        Step.REFUSE,
        refuse="open_request_no_wait",
    ),
    # nothing active
    Row(
        "never held, the desired end is past",
        {"holds": "nothing", "desired_end": "past"},
        warn="never_given",
        ended=True,
    ),
    Row("none, the desired end is past", {"holds": _ABSENT, "desired_end": "past"}, ended=True),
    Row("expired, granted once", {"holds": "ran_out", "again": "once"}, ended=True),
    Row("removed by somebody", {"holds": "taken_away"}, Step.ADD, warn="taken_away"),
    Row("none, or expired", {"holds": ("nothing", "ran_out")}, Step.ADD),
    # an active assignment that differs
    Row("active, the desired end is past", {"holds": _ACTIVE, "differs": "past_end"}, Step.REFUSE, refuse="past_end"),
    Row("active under another policy, replace", {"differs": "policy", "on_policy_mismatch": "replace"}, Step.REPLACE),
    Row("active under another policy", {"differs": "policy"}, Step.REFUSE, refuse="policy_mismatch"),
    # a delivery that failed
    Row("failed, kept", {"holds": "failed", "on_delivery_failed": "keep"}, warn="delivery_failed"),
    Row("failed, fail", {"holds": "failed", "on_delivery_failed": "fail"}, Step.REFUSE, refuse="delivery_failed"),
    Row(
        "failed, its request has been delivered since",
        {"holds": "failed", "failure": "mended", "wait": "yes"},
        Step.WAIT,
    ),
    Row(
        "failed, its request has been delivered since, not waited for",
        {"holds": "failed", "failure": "mended"},
        pending=True,
    ),
    Row("failed, recent", {"holds": "failed", "failure": "recent"}, Step.REPROCESS),
    Row("failed, too old or unknown", {"holds": "failed"}, Step.REFUSE, refuse="failed_too_old"),
    # details
    Row("delivered, details differ", {"holds": ("delivered", "partial"), "differs": "details"}, Step.UPDATE),
    Row(
        "delivering, details differ, waited for",
        {"holds": "delivering", "differs": "details", "wait": "yes"},
        Step.WAIT,
    ),
    Row(
        "delivering, details differ, no waiting",
        {"holds": "delivering", "differs": "details"},
        Step.REFUSE,
        refuse="still_delivering",
    ),
    # as desired
    Row("partial, kept", {"holds": "partial", "on_partial_delivery": "keep"}, warn="partial_delivery"),
    Row("partial, fail", {"holds": "partial", "on_partial_delivery": "fail"}, Step.REFUSE, refuse="partial_delivery"),
    Row("partial, recent", {"holds": "partial", "failure": "recent"}, Step.REPROCESS),
    Row("partial, too old or unknown", {"holds": "partial"}, Step.REFUSE, refuse="failed_too_old"),
    Row("as desired", {"holds": "delivered", "differs": "nothing"}),
    Row("as desired, still delivering", {"holds": "delivering", "differs": "nothing"}, pending=True),
)

ABSENT = (
    Row(
        "another policy than the one to remove",
        {"holds": (*_ACTIVE, "unknown"), "differs": "policy"},
        warn="other_policy",
    ),
    Row("open remove, waited for", {"open": "remove", "stage": ("submitted", "delivering"), "wait": "yes"}, Step.WAIT),
    Row("open remove, not waited for", {"open": "remove", "stage": ("submitted", "delivering")}, pending=True),
    Row(
        "open request can still grant, fail",
        {"open": ("add", "update", "remove"), "on_open_request": "fail"},
        Step.REFUSE,
        refuse="open_request",
    ),
    Row(
        "automatic assignment",
        {"holds": (*_ACTIVE, "unknown"), "governed": "rule"},
        Step.REFUSE,
        refuse="governed_by_rule",
    ),
    Row(
        "open add waits for somebody, under a policy that Graph does not show",
        {"open": "add", "stage": "parked", "policy": "hidden"},
        Step.REFUSE,
        refuse="hidden_policy",
    ),
    Row(
        "open request waits for somebody, canceled",
        {"open": ("add", "update", "remove"), "stage": "parked", "cancel": "allowed"},
        Step.CANCEL,
    ),
    Row(
        "open request waits for somebody, cannot be canceled",
        {"open": ("add", "update", "remove"), "stage": "parked"},
        Step.REFUSE,
        refuse="cannot_cancel",
    ),
    Row(
        "open request just sent, canceled",
        {
            "open": ("add", "update"),
            "stage": "submitted",
            "on_open_request": "cancel",
            "policy": "shown",
            "cancel": "allowed",
        },
        Step.CANCEL,
    ),
    Row("open request can still grant, waited for", {"open": ("add", "update"), "wait": "yes"}, Step.WAIT),
    Row(
        "open request can still grant, no waiting",
        {"open": ("add", "update")},
        Step.REFUSE,
        refuse="open_request_no_wait",
    ),
    Row("active", {"holds": (*_ACTIVE, "unknown")}, Step.REMOVE),
    Row("already absent", {"holds": _ABSENT}),
)

TABLE = {"present": PRESENT, "absent": ABSENT}


@cache
def find_row(facts: Facts) -> Row:
    """Return the first row that fits; there is one for every combination of words, which a test walks through."""
    return next(row for row in TABLE[facts.state] if row.fits(facts))
