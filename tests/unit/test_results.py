# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many items that have ended: what is told of each, how they are counted, who follows whom, and how far the work is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._apply.item import Item, mark_duplicates
from ansible_collections.idgov.entra.plugins.module_utils._apply.run import Progress
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    ErrorResult,
    NameNotFound,
    OptionError,
    Refused,
)
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Declaration, Person
from ansible_collections.idgov.entra.plugins.module_utils._decide.plan import Write
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Schedule
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import create_request
from ansible_collections.idgov.entra.plugins.module_utils._results.results import (
    diffs,
    failed_items,
    outcome,
    summary,
)
from tests.unit.conftest import StoppedClock
from tests.unit.samples import ADA, LAPTOP, OTHER_POLICY, POLICY, assignment, desired, observed, request

BO = Person("aaaaaaaa-0000-4000-8000-000000000002", "bo@contoso.com", "member", "bo@contoso.com")


def item(index: int | None = 0, group: str | None = None, **members: Any) -> Item:
    declaration = Declaration(state="present", access_package="Laptop", user="ada@contoso.com", members_of=group)
    return Item(declaration, index, desired(**members))


def done(step: Step | None = None, **members: Any) -> Item:
    """An item that has ended well, after a write where a step is given."""
    ended = item(**members)
    ended.see(observed())
    if step:
        made = request("adminAdd", "delivered")
        ended.accept(Write(step, create_request({}), made), made)
        ended.see(observed(assignment()))
    ended.finish()
    return ended


def failed(index: int | None = 0, hint: str | None = None, step: Step | None = None) -> Item:
    ended = done(step, index=index)
    ended.fail(Refused(f"reason {index}", hint=hint))
    return ended


STEPS = {
    None: "unchanged",
    Step.ADD: "added",
    Step.UPDATE: "updated",
    Step.REMOVE: "removed",
    Step.REPROCESS: "reprocessed",
    Step.CANCEL: "canceled",
}


@pytest.mark.parametrize("step", STEPS)
def test_each_item_is_counted_once(step: Step | None) -> None:
    counted = summary([done(step), failed(step=step)], left_alone=3, http_calls=4, operations=5)
    assert {name: count for name, count in counted.items() if count} == {
        STEPS[step]: 1,
        "failed": 1,
        "left_alone": 3,
        "http_calls": 4,
        "operations": 5,
    }


def test_a_replacement_counts_as_one_whatever_it_took() -> None:
    replaced = done(Step.REMOVE)
    replaced.replaced = True
    replaced.accept(Write(Step.ADD, create_request({}), request()), request())
    assert summary([replaced], left_alone=0, http_calls=0, operations=0)["replaced"] == 1
    assert outcome(replaced)["action"] == "replace"


def test_what_waits_and_what_is_over_are_counted_besides() -> None:
    waiting, over = done(Step.ADD), done()
    waiting.finish(pending=True)
    over.finish(ended=True)
    counted = summary([waiting, over], left_alone=0, http_calls=0, operations=0)
    assert (counted["added"], counted["pending"], counted["unchanged"], counted["ended"]) == (1, 1, 1, 1)


def error_of(ended: Item) -> ErrorResult:
    error = outcome(ended)["error"]
    assert error
    return error


def test_an_outcome_says_who_what_and_why_not() -> None:
    told = outcome(failed(7, hint="do that"))
    assert (told["index"], told["user"], told["action"]) == (7, "ada@contoso.com", "none")
    assert told["access_package"] == {"id": LAPTOP.id, "display_name": "Engineering Laptop"}
    error = error_of(failed(7, hint="do that"))
    assert (error["message"], error["hint"]) == ("reason 7", "do that")
    unknown = Item(Declaration(state="present", access_package="Nope", members_of="Engineers"), 2)
    unknown.fail(NameNotFound("no such package"))
    assert outcome(unknown)["access_package"] is None
    assert outcome(unknown)["user"] == "the members of the group 'Engineers'"


def replaced(*, imagined: bool = False) -> Item:
    """An item whose removal was accepted, after which nothing is held, and whose add has failed by a shared error."""
    ended = item()
    made = request("adminRemove", "delivered")
    ended.accept(Write(Step.REPLACE, create_request({}), made), made, imagined=imagined)
    ended.replaced = True
    ended.see(observed())
    return ended


def test_items_that_share_an_error_each_say_what_became_of_them() -> None:
    shared = Refused("not today", hint="run again")
    gone, kept, follower = replaced(), item(index=1), item(index=2)
    for each in (gone, kept):
        each.fail(shared)
    follower.follow(gone)
    follower.share()
    follower.share()
    told = [error_of(each) for each in (gone, kept, follower)]
    words = "the old assignment was removed, access is lost, and the new assignment failed: not today"
    assert [each["message"] for each in told] == [words, "not today", words]
    assert [each["hint"] for each in told] == ["run again"] * 3
    assert shared.message == "not today"


def test_what_is_only_imagined_is_not_gone() -> None:
    foreseen = replaced(imagined=True)
    foreseen.fail(Refused("not today"))
    assert error_of(foreseen)["message"] == "not today"


def test_only_what_changed_is_in_the_diff() -> None:
    (difference,) = diffs([done(), done(Step.ADD), failed()])
    assert difference["before_header"] == difference["after_header"] == "Engineering Laptop: ada@contoso.com"
    assert difference["before"] == {"state": "absent"}
    assert difference["after"]["state"] == "present"


def test_every_failed_item_is_named_and_the_first_ten_with_their_reasons() -> None:
    assert failed_items([done()], exclusive=True) is None
    error = failed_items([done(), *(failed(index) for index in range(1, 14))], exclusive=False)
    assert error is not None
    assert error.message.startswith(
        f"13 of 14 assignments failed: assignments[1] (ada@contoso.com, {LAPTOP.display_name}): reason 1; "
    )
    assert all(f"assignments[{index}]" in error.message for index in range(1, 14))
    assert [f"reason {index}" in error.message for index in range(1, 14)] == [True] * 10 + [False] * 3
    assert "taken away" not in error.message


def test_a_hint_that_all_share_is_given_and_else_where_to_look() -> None:
    same = failed_items([failed(1, "do this"), failed(2, "do this")], exclusive=False)
    other = failed_items([failed(1, "do this"), failed(2, "do that")], exclusive=False)
    assert same is not None
    assert same.hint == "do this"
    assert other is not None
    assert "outcomes" in str(other.hint)


def test_a_declared_item_that_failed_has_blocked_the_removals_and_a_removal_has_not() -> None:
    blocked = failed_items([failed(1)], exclusive=True)
    removal = failed_items([done(), failed(None)], exclusive=True)
    assert blocked is not None
    assert "nothing was removed" in blocked.message
    assert removal is not None
    assert f"removal (ada@contoso.com, {LAPTOP.display_name}): reason None" in removal.message
    assert "nothing was removed" not in removal.message
    planned = failed_items([failed(1)], exclusive=True, check_mode=True)
    assert planned is not None
    assert "nothing was removed" not in planned.message
    assert planned.message.endswith("; therefore nothing would be removed from people who are not listed")


def test_a_package_that_is_declared_by_id_is_named_where_another_item_knows_its_name() -> None:
    declaration = Declaration(state="present", access_package=LAPTOP.id, user="nobody@contoso.com")
    unknown = Item(declaration, 1)
    unknown.fail(Refused("no such user"))
    known = Item(replace(declaration, user="ada@contoso.com"), 0, desired())
    error = failed_items([known, unknown], exclusive=False)
    alone = failed_items([unknown], exclusive=False)
    assert error is not None
    assert alone is not None
    assert f"assignments[1] (nobody@contoso.com, {LAPTOP.display_name}): no such user" in error.message
    assert f"assignments[1] (nobody@contoso.com, {LAPTOP.id}): no such user" in alone.message


def test_different_people_and_packages_are_no_twins() -> None:
    other = replace(LAPTOP, id="bbbbbbbb-0000-4000-8000-000000000002")
    items = [item(0), item(1, person=BO), item(2, package=other), Item(Declaration(state="present"), 3)]
    mark_duplicates(items, lambda: None)
    assert [each.duplicate_of for each in items] == [None] * 4


@pytest.mark.parametrize(("first", "second"), [("Night", "Day"), ("Night", None), (None, "Day")])
def test_a_member_who_is_declared_again_in_the_same_words_follows(first: str | None, second: str | None) -> None:
    items = [item(0, first), item(1, second), item(2, "Late")]
    mark_duplicates(items, lambda: None)
    assert [each.duplicate_of for each in items] == [None, items[0], items[0]]
    assert [each.done for each in items] == [False, True, True]


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({}, "already"),
        ({"person": Person(ADA.upper(), None, "unknown", ADA)}, "already"),
        ({"state": "absent"}, "contradicts assignments[4]"),
        ({"policy": POLICY}, "contradicts assignments[4]"),
        ({"schedule": Schedule(duration="P9D")}, "contradicts assignments[4]"),
        ({"justification": "another"}, "contradicts assignments[4]"),
        ({"renew": True}, "contradicts assignments[4]"),
    ],
)
def test_the_same_person_twice_is_a_mistake_that_names_both(members: dict[str, Any], words: str) -> None:
    with pytest.raises(OptionError) as raised:
        mark_duplicates([item(4), item(9, **members)], lambda: None)
    assert raised.value.option == "assignments[9]"
    assert words in raised.value.message
    assert "assignments[4]" in raised.value.message


def test_members_of_two_groups_who_are_wanted_differently_are_a_mistake() -> None:
    with pytest.raises(OptionError, match="contradicts"):
        mark_duplicates([item(0, "Night", policy=POLICY), item(1, "Day", policy=OTHER_POLICY)], lambda: None)


def test_who_follows_ends_as_the_other_has_ended() -> None:
    first, second = item(0, "Night"), item(1, "Day")
    mark_duplicates([first, second], lambda: None)
    first.fail(Refused("no"))
    second.share()
    assert error_of(second)["message"] == "no"
    assert (outcome(second)["index"], outcome(second)["action"]) == (1, "none")


def lines(total: int, *steps: int) -> list[str]:
    """Note the first items, so many each time, and give what is told."""
    told: list[str] = []
    clock = StoppedClock()
    items = [item(number) for number in range(total)]
    progress = Progress(total, clock, told.append)
    for count in steps:
        clock.pause(2)
        progress.count(items[:count])
    return told


@pytest.mark.parametrize(
    ("total", "steps", "expected"),
    [
        (99, [50, 99], []),
        (100, [99, 100], ["100 of 100 done, 25 per second"]),
        (250, [40, 80, 120, 120, 199, 200, 250], ["120 of 250 done, 20 per second", "200 of 250 done, 17 per second"]),
        (500, [500], ["500 of 500 done, 250 per second"]),
        (100, [0], []),
    ],
)
def test_a_line_is_told_for_each_hundred(total: int, steps: list[int], expected: list[str]) -> None:
    assert lines(total, *steps) == expected
