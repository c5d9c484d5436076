# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exact sets as a table: what is held, what is listed, and who goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Person
from ansible_collections.idgov.entra.plugins.module_utils._decide.exact_set import (
    PackageInFull,
    find_undeclared,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Assignment, Policy, Request, Subject
from tests.unit.samples import LAPTOP, OTHER_POLICY, OTHER_POLICY_ID, POLICY, POLICY_ID, RULE, assignment, request


def person(name: str, kind: str | None = "user", **members: Any) -> Subject:
    """A subject whose object id, principal name and mail are made of a name."""
    start = Subject(f"s-{name}", name, name, f"{name}@contoso.com", f"{name}@contoso.com", kind)
    return replace(start, **members)


def held(name: str, policy: Policy | None = POLICY, state: str = "delivered", **members: Any) -> Assignment:
    return assignment(state, **{"id": f"a-{name}", "target": person(name), "policy": policy, **members})


def request_as_(name: str, assignment_id: str | None = None) -> Request:
    about = None if assignment_id else person(name)
    return request("userAdd", "pendingApproval", id=f"r-{name}", assignment_id=assignment_id, target=about)


def full(
    *assignments: Assignment,
    listed: Sequence[str | Person] = (),
    requests: Sequence[Request] = (),
    policies: set[str] | None = None,
) -> PackageInFull:
    return PackageInFull(LAPTOP, assignments, tuple(requests), [named(each) for each in listed], policies)


def named(each: str | Person) -> Person:
    """A declared person; a text with an @ is a mail without an id, any other the name of somebody in the directory."""
    if isinstance(each, Person):
        return each
    if "@" in each:
        return Person(None, each, "outsider", each)
    return Person(each, f"{each}@contoso.com", "member", each)


ONE = {POLICY_ID}
SAME_MAIL = held("guest", target=person("guest", email="ada@contoso.com"))
OUTSIDER = held("x", target=person("x", object_id=None))
# name -> what there is, who goes, how many are left alone
ROWS: dict[str, tuple[PackageInFull, list[str], int]] = {
    "nobody holds it": (full(listed=["ada"]), [], 0),
    "all are listed": (full(held("ada"), held("bo"), listed=["ada", "bo"]), [], 0),
    "one is not": (full(held("ada"), held("bo"), listed=["ada"]), ["bo"], 0),
    "nobody is": (full(held("ada"), held("bo")), ["ada", "bo"], 0),
    "listed in another case": (full(held("ADA"), listed=["ada"]), [], 0),
    "listed by mail": (full(OUTSIDER, listed=["x@contoso.com"]), [], 0),
    "listed by mail, and invited meanwhile": (full(held("x"), listed=["x@contoso.com"]), [], 0),
    "listed by id, and held under the mail alone": (full(OUTSIDER, listed=["x"]), [], 0),
    "another person with a listed person's mail": (full(held("ada"), SAME_MAIL, listed=["ada"]), ["guest"], 0),
    "another person with the mail of who asks": (
        full(held("ada"), SAME_MAIL, requests=[request_as_("ada", "A-ADA")]),
        ["guest"],
        1,
    ),
    "listed by an id alone": (full(held("ada"), listed=[Person("ADA", None, "unknown", "ada")]), [], 0),
    "an outsider who is not": (full(OUTSIDER), ["x"], 0),
    "what is over is not held": (full(held("ada", state="expired")), [], 0),
    "any other state is": (
        full(*(held(state, state=state) for state in ("delivering", "deliveryFailed", "partiallyDelivered"))),
        ["delivering", "deliveryFailed", "partiallyDelivered"],
        0,
    ),
    "another policy is no concern": (full(held("ada"), held("bo", OTHER_POLICY), policies=ONE), ["ada"], 0),
    "all policies are": (full(held("ada"), held("bo", OTHER_POLICY)), ["ada", "bo"], 0),
    "two policies are": (
        full(held("a"), held("b", OTHER_POLICY), policies={POLICY_ID, OTHER_POLICY_ID}),
        ["a", "b"],
        0,
    ),
    "no policy is": (full(held("ada"), policies=set()), [], 0),
    "a policy in another case": (
        full(held("ada", replace(POLICY, id=POLICY_ID.upper())), policies=ONE),
        ["ada"],
        0,
    ),
    "an assignment without a policy": (full(held("ada", None), policies=ONE), [], 0),
    "an assignment without a policy, of any": (full(held("ada", None)), ["ada"], 0),
    "by a rule": (full(held("ada", RULE), held("bo", RULE), listed=["bo"]), [], 1),
    "by a rule that only the package tells of": (full(held("ada", replace(RULE, automatic=False))), [], 1),
    "by a rule that is named": (full(held("ada", RULE), policies={RULE.id}), [], 1),
    "a service principal": (full(held("bot", target=person("bot", "servicePrincipal"))), [], 1),
    "a group": (full(held("team", target=person("team", "group"))), [], 1),
    "of an unknown kind": (full(held("who", target=person("who", None))), [], 1),
    "of nobody known": (full(held("who", target=None)), [], 1),
    "a user in another spelling": (full(held("ada", target=person("ada", "User"))), ["ada"], 0),
    "who asks is left alone": (full(held("ada"), requests=[request_as_("ada")]), [], 1),
    "who asks about the assignment": (full(held("ada"), requests=[request_as_("ada", "A-ADA")]), [], 1),
    "who is listed and asks": (full(held("ada"), requests=[request_as_("ada")], listed=["ada"]), [], 0),
    "who asks and holds nothing": (full(held("ada"), requests=[request_as_("bo")], listed=["ada"]), [], 1),
    "a request about nobody known": (full(held("ada"), requests=[request_as_("bo", "a-gone")]), ["ada"], 1),
}


@pytest.mark.parametrize("name", ROWS)
def test_who_goes(name: str) -> None:
    given, gone, left_alone = ROWS[name]
    undeclared = find_undeclared(given)
    assert [(a.id or "").removeprefix("a-") for a in undeclared.removals] == gone
    assert undeclared.left_alone == left_alone
