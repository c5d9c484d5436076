# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The phases of an item, and who may change them."""

from __future__ import annotations

import ast
import dataclasses
from pathlib import Path

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._apply.item import Item, Phase
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import Refused
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Declaration
from ansible_collections.idgov.entra.plugins.module_utils._decide.plan import Write
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import create_request
from tests.unit.samples import assignment, desired, observed, request

PLUGINS = Path(__file__).parents[2] / "plugins"
ADD = Write(Step.ADD, create_request({}), request("adminAdd", "delivered"))
UPDATE = Write(Step.UPDATE, create_request({}), request("adminUpdate", "delivered"))


@pytest.fixture
def sent() -> Item:
    """An item whose add was accepted."""
    item = Item(Declaration(state="present"), 0, desired())
    item.see(observed())
    item.accept(ADD, request("adminAdd", "submitted"))
    return item


def seen(item: Item) -> tuple[Phase, Step | None, bool]:
    """The phase, and what it says."""
    return item.phase, item.delivered, item.vanished


def test_what_was_delivered_is_known_until_the_next_write(sent: Item) -> None:
    assert seen(sent) == (Phase.DECIDING, None, False)
    sent.deliver(ADD)
    sent.see(observed())
    assert seen(sent) == (Phase.DELIVERED, Step.ADD, False)
    sent.accept(UPDATE, request("adminUpdate", "submitted"))
    assert seen(sent) == (Phase.DECIDING, None, False)


def test_a_request_that_vanished_counts_as_delivered_once_its_effect_is_seen(sent: Item) -> None:
    sent.vanish(ADD)
    assert seen(sent) == (Phase.VANISHED, Step.ADD, True)
    sent.see(observed(assignment()))
    sent.finish()
    assert sent.done
    assert sent.request
    assert sent.request.state == "delivered"


def test_a_request_that_moves_after_all_is_watched_again(sent: Item) -> None:
    sent.vanish(ADD)
    sent.watch(request("adminAdd", "delivering"))
    assert seen(sent) == (Phase.DECIDING, None, False)


def test_an_unnamed_write_is_recognised_once_and_by_its_type(sent: Item) -> None:
    sent.await_sight(ADD, None)
    assert seen(sent)[1] is Step.ADD
    assert sent.recognise(request("adminRemove", "submitted")) is None
    assert seen(sent)[1] is Step.ADD
    assert sent.recognise(request("adminAdd", "submitted")) is ADD
    assert seen(sent)[1] is None
    assert sent.recognise(request("adminAdd", "submitted")) is None


@pytest.mark.parametrize("phase", [Phase.FOLLOWING, Phase.SUCCEEDED, Phase.FAILED])
def test_an_item_ends_in_one_of_three_ways(sent: Item, phase: Phase) -> None:
    assert not sent.done
    if phase is Phase.FOLLOWING:
        sent.follow(Item(Declaration(state="present")))
    elif phase is Phase.SUCCEEDED:
        sent.finish()
    else:
        sent.fail(Refused("no"))
    assert (sent.phase, sent.done) == (phase, True)


def test_only_an_item_changes_itself() -> None:
    members = {each.name for each in dataclasses.fields(Item)}
    changed = [
        f"{path.name}:{node.lineno}: {ast.unparse(node)}"
        for path in sorted((PLUGINS / "module_utils").rglob("*.py"))
        if path.name != "item.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        if node.attr in members and ast.unparse(node.value).rpartition(".")[2] in ("item", "items[-1]", "duplicate_of")
    ]
    assert changed == []
