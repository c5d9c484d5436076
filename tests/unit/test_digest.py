# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people, workflows and auditors read of a result."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.plugin_utils.digest import digest

Json = dict[str, Any]
VPN = {"id": "p1", "display_name": "VPN"}


def outcome(user: str, action: str = "add", **over: Any) -> Json:
    request = {"id": "r1", "state": "delivered", "justification": "Ticket"}
    assignment = {"id": "a1"}
    base = {"index": 0, "access_package": VPN, "user": user, "action": action, "pending": False, "error": None}
    return {**base, "assignment_id": "a1", "assignment": assignment, "request": request, **over}


def result(*outcomes: Json, **over: Any) -> Json:
    return {"outcomes": list(outcomes), "summary": {"added": 1, "http_calls": 9}, **over}


def test_a_line_for_each_person() -> None:
    waiting = outcome("kim", pending=True, request={"id": "r", "state": "scheduled"}, assignment=None)
    laptop = outcome("kim", "none", access_package={"id": "p2", "display_name": "Laptop"})
    over = outcome("kim", "none", access_package={"id": "p3", "display_name": "Training"}, assignment=None)
    lost = outcome("bo", error={"message": "no such package"}, access_package=None, action="none")
    read = digest(
        result(waiting, laptop, over, lost, outcome("ID", "remove")),
        [{"user": "lee", "place": "x", "reason": "no profile"}],
        {"id": "ada"},
        [{"user": "ada", "access_package": VPN}],
    )
    assert read["lines"] == [
        "kim: gets: VPN (scheduled); unchanged: Laptop; without access, unchanged: Training",
        "bo: FAILED: no such package",
        "ada: loses: VPN",
        "ada: keeps: VPN",
        "lee: refused, no profile",
    ]


def test_nothing_to_change_for_many_is_one_line() -> None:
    people = [outcome(f"user{number}", "none", pending=number == 0) for number in range(3)]
    assert digest(result(*people), [], {}, [])["lines"] == [
        "Nothing to change: 3 assignments of 3 people, 1 of them pending"
    ]
    assert len(digest(result(*people, outcome("kim")), [], {}, [])["lines"]) == 4
    assert digest(result(people[1]), [], {}, [])["lines"] == ["user1: unchanged: VPN"]


@pytest.mark.parametrize(
    ("read", "line"),
    [
        (result(), "Nothing to change"),
        ({"failed": True, "msg": "It would take too much away", "error": {}}, "It would take too much away"),
    ],
)
def test_where_there_is_nobody_it_says_whether_that_is_right(read: Json, line: str) -> None:
    assert digest(read, [], {}, [])["lines"] == [line]


def test_a_hint_names_the_variables_of_the_role_and_nothing_else_is_touched() -> None:
    hint = "check the list; if it is right, raise max_removals and set allow_empty to true"
    failed = {"failed": True, "msg": f"too many (max_removals@contoso.com): {hint}", "error": {"hint": hint}}
    in_role = hint.replace("max_", "access_as_code_max_").replace("allow_", "access_as_code_allow_")
    assert (
        digest(failed, [], {}, [], [], "access_as_code_")["failure"]
        == f"too many (max_removals@contoso.com): {in_role}"
    )
    assert digest(failed, [], {}, [])["failure"] == failed["msg"]


def test_ids_and_counts_for_later_jobs() -> None:
    stats = digest(result(outcome("kim"), outcome("bo", error={"message": "no"})), [], {}, [])["stats"]
    assert stats["summary"]["added"] == 1
    assert "http_calls" not in stats["summary"]
    assert stats["assignments"] == [
        {
            "user": "kim",
            "access_package_id": "p1",
            "assignment_id": "a1",
            "request_id": "r1",
            "action": "add",
            "pending": False,
        }
    ]
    assert stats["failed"] == [{"user": "bo", "access_package": VPN, "reason": "no"}]


def test_changes_are_what_was_sent_even_where_it_failed() -> None:
    failed = outcome("bo", "remove", error={"message": "gone"})
    changes = digest(result(outcome("kim", "none"), failed), [], {}, [])["changes"]
    assert [(each["user"], each["action"], each["error"], each["justification"]) for each in changes] == [
        ("bo", "remove", "gone", "Ticket")
    ]


def test_the_failure() -> None:
    assert digest(result(outcome("kim")), [], {}, [])["failure"] is None
    failed = result(msg="1 of 2 assignments failed.", error={"message": "x"})
    refused = [{"user": "lee", "place": "x", "reason": "no profile"}]
    assert digest(failed, refused, {}, [])["failure"] == "1 of 2 assignments failed. lee was refused: no profile."
    assert digest({"msg": "Unsupported."}, [], {}, [])["failure"] == "Unsupported."
    assert digest(result(), refused, {}, [])["failure"] == "lee was refused: no profile."
