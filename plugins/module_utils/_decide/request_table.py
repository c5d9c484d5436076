# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of what can be done to a request: what is desired of it and what it is, against what to do.

Rows only; the first that fits counts. Which states allow what: Graph documentation, "accessPackageAssignmentRequest:
cancel", "... reprocess", "... resume" and "Delete accessPackageAssignmentRequest".
"""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Row, Step, one_of, words_of
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import OPEN_STATES

CANCELABLE = ("submitted", "pendingApproval", "scheduled")
REPROCESSABLE = ("deliveryFailed", "partiallyDelivered")
DELETABLE = ("denied", "canceled", "delivered", *REPROCESSABLE)


@dataclass(frozen=True)
class RequestFacts:
    """One observed state in words; what does not apply keeps its first word."""

    state: str = one_of("canceled", "reprocessed", "resumed", "absent")
    # the state of the request; nothing: there is none (any more)
    found: str = one_of(*OPEN_STATES, *DELETABLE, "nothing", "unknown")
    # what failed: young enough to be processed again, too old, or failed once more after this task's own write
    failure: str = one_of("recent", "old", "repeated")
    # the callback that the task answers: waited for; answered, or not waited for any more; another one is waited for;
    # or none is, and nothing shows that this one ever was
    callback: str = one_of("awaited", "answered", "other", "unseen")
    # whether an answered request has become something else than the desired decision
    decision: str = one_of("kept", "missed")
    # whether a write of this task was accepted
    written: str = one_of("no", "yes")
    # whether Graph has refused this caller to cancel
    cancel: str = one_of("allowed", "refused")
    wait: str = one_of("yes", "no")


REQUEST_FACTS = words_of(RequestFacts)


CANCELED = (
    Row("already canceled", {"found": "canceled"}),
    Row("canceled, but there is none", {"found": "nothing"}, Step.REFUSE, refuse="not_found"),
    Row("canceled, waited for", {"found": CANCELABLE, "written": "yes", "wait": "yes"}, Step.WAIT),
    Row("canceled, not waited for", {"found": CANCELABLE, "written": "yes"}),
    Row(
        "open, but Graph refuses to cancel it",
        {"found": CANCELABLE, "cancel": "refused"},
        Step.REFUSE,
        refuse="cannot_cancel",
    ),
    Row("open", {"found": CANCELABLE}, Step.CANCEL),
    Row("too late to cancel", {}, Step.REFUSE, refuse="not_cancelable"),
)

REPROCESSED = (
    Row("delivered", {"found": "delivered"}),
    Row("reprocessed, but there is none", {"found": "nothing"}, Step.REFUSE, refuse="not_found"),
    Row("failed again", {"found": "deliveryFailed", "failure": "repeated"}, Step.REFUSE, refuse="failed_again"),
    Row("partially delivered again", {"found": "partiallyDelivered", "failure": "repeated"}, warn="in_part"),
    Row("reprocessed, waited for", {"found": REPROCESSABLE, "written": "yes", "wait": "yes"}, Step.WAIT),
    Row("reprocessed, not waited for", {"found": REPROCESSABLE, "written": "yes"}, pending=True),
    Row("delivering, waited for", {"found": "delivering", "wait": "yes"}, Step.WAIT),
    Row("delivering, not waited for", {"found": "delivering"}, pending=True),
    Row("failed, recent", {"found": REPROCESSABLE, "failure": "recent"}, Step.REPROCESS),
    Row("failed, too old", {"found": REPROCESSABLE}, Step.REFUSE, refuse="failed_too_old"),
    Row("never delivered", {}, Step.REFUSE, refuse="not_reprocessable"),
)

RESUMED = (
    Row("resumed, but there is none", {"found": "nothing"}, Step.REFUSE, refuse="not_found"),
    Row(
        "answered by somebody else, differently",
        {"callback": "answered", "written": "no", "decision": "missed"},
        warn="decided_otherwise",
    ),
    Row("answered", {"callback": "answered"}),
    Row("resumed, waited for", {"written": "yes", "wait": "yes"}, Step.WAIT),
    Row("resumed, not waited for", {"written": "yes"}),
    Row("another callback is waited for", {"callback": "other"}, Step.REFUSE, refuse="other_callback"),
    Row("waits for this callback", {"callback": "awaited"}, Step.RESUME),
    Row(
        "may yet wait for this callback",
        {"callback": "unseen", "found": ("submitted", "delivering"), "wait": "yes"},
        Step.WAIT,
    ),
    Row("waits for no callback", {"callback": "unseen"}, Step.REFUSE, refuse="not_waiting"),
)

ABSENT_REQUEST = (
    Row("already absent", {"found": "nothing"}),
    Row("deleted, waited for", {"written": "yes", "wait": "yes"}, Step.WAIT),
    Row("deleted, not waited for", {"written": "yes"}),
    Row("ended", {"found": DELETABLE}, Step.DELETE),
    Row("not ended", {}, Step.REFUSE, refuse="not_deletable"),
)

REQUEST_TABLE = {
    "canceled": CANCELED,
    "reprocessed": REPROCESSED,
    "resumed": RESUMED,
    "absent": ABSENT_REQUEST,
}


def find_request_row(facts: RequestFacts) -> Row:
    """Return the first row that fits; there is one for every combination of words, which a test walks through."""
    return next(row for row in REQUEST_TABLE[facts.state] if row.fits(facts))
