# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which policy a new assignment is made under."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError, Refused
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Person
from ansible_collections.idgov.entra.plugins.module_utils._decide.policies import (
    CLOSED,
    choose_policy,
    closed_because,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Policy
from tests.unit.samples import ADA, ADA_PERSON, OTHER_POLICY, POLICY, RULE

KINDS = ("member", "guest", "outsider", "unknown")
# Scope -> who may fit. Group membership and organizations are not read, so "may" is enough.
ADMITTED = {
    None: KINDS,
    "notSpecified": KINDS,
    "specificDirectoryUsers": ("member", "guest", "unknown"),
    "specificConnectedOrganizationUsers": ("guest", "outsider", "unknown"),
    "specificDirectoryServicePrincipals": ("unknown",),
    "allMemberUsers": ("member", "unknown"),
    "allDirectoryUsers": ("member", "guest", "unknown"),
    "allDirectoryServicePrincipals": ("unknown",),
    "allConfiguredConnectedOrganizationUsers": ("guest", "outsider", "unknown"),
    "allExternalUsers": ("guest", "outsider", "unknown"),
    "allDirectoryAgentIdentities": ("unknown",),
    "unknownFutureValue": KINDS,
    "aScopeOfTomorrow": KINDS,
}


def person(kind: str) -> Person:
    return Person(None if kind == "outsider" else ADA, "ada@contoso.com", kind, "ada@contoso.com")


def policy(name: str, scope: str | None = "notSpecified") -> Policy:
    return Policy(f"cccccccc-0000-4000-8000-0000000000{len(name):02}", name, scope, questions=())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scope", ADMITTED)
def test_a_scope_is_closed_to_whom_it_provably_does_not_admit(scope: str | None, kind: str) -> None:
    why = closed_because(policy("any", scope), person(kind))
    assert (why is None) == (kind in ADMITTED[scope])
    assert why is None or str(scope) in why


def test_the_table_of_scopes_knows_all_that_graph_documents() -> None:
    assert set(CLOSED) == set(ADMITTED) - {None, "unknownFutureValue", "aScopeOfTomorrow"}


@pytest.mark.parametrize("kind", KINDS)
def test_an_automatic_policy_admits_nobody_by_request(kind: str) -> None:
    assert closed_because(replace(RULE, scope="allDirectoryUsers"), person(kind)) is not None


@pytest.mark.parametrize(
    ("policies", "kind", "chosen"),
    [
        pytest.param([policy("a")], "member", "a", id="the only one"),
        pytest.param([policy("a", "allExternalUsers"), policy("bb")], "member", "bb", id="the only one that is open"),
        pytest.param([RULE, policy("a")], "member", "a", id="the only one that is not automatic"),
        pytest.param(
            [policy("a", "allMemberUsers"), policy("bb", "allExternalUsers")], "guest", "bb", id="for a guest"
        ),
    ],
)
def test_the_only_policy_that_may_fit_is_taken(policies: list[Policy], kind: str, chosen: str) -> None:
    assert choose_policy(None, person(kind), policies).display_name == chosen


@pytest.mark.parametrize(
    ("policies", "kind"),
    [
        pytest.param([], "member", id="none at all"),
        pytest.param([RULE], "member", id="an automatic one alone"),
        pytest.param([policy("a", "allExternalUsers"), RULE], "member", id="all closed"),
        pytest.param([policy("a"), policy("bb")], "member", id="two that may fit"),
        pytest.param(
            [policy("a", "allMemberUsers"), policy("bb", "allExternalUsers")], "unknown", id="nobody was asked"
        ),
        pytest.param([policy("a"), policy("bb"), policy("ccc", "allExternalUsers")], "member", id="two of three"),
    ],
)
def test_never_the_first_of_several_and_every_policy_is_listed(policies: list[Policy], kind: str) -> None:
    who = person(kind)
    with pytest.raises(Refused) as raised:
        choose_policy(None, who, policies)
    for each in policies:
        assert str(each.display_name) in raised.value.message
        assert each.id in raised.value.message
        assert (closed_because(each, who) or "may apply") in raised.value.message
    assert raised.value.hint


def test_a_named_policy_is_taken_in_full_from_those_of_the_package() -> None:
    bare = Policy(POLICY.id.upper(), None)
    assert choose_policy(bare, ADA_PERSON, [OTHER_POLICY, POLICY]) is POLICY


@pytest.mark.parametrize("name", [OTHER_POLICY, replace(POLICY, display_name=None, id=OTHER_POLICY.id)])
def test_a_policy_of_another_package_is_refused_with_the_policies_that_there_are(name: Policy) -> None:
    with pytest.raises(OptionError) as raised:
        choose_policy(name, ADA_PERSON, [POLICY])
    assert raised.value.option == "policy"
    assert (name.display_name or name.id) in raised.value.message
    assert POLICY.id in str(raised.value.hint)


@pytest.mark.parametrize("closed", [replace(POLICY, scope="allExternalUsers"), replace(POLICY, automatic=True)])
def test_a_named_policy_that_is_closed_is_refused(closed: Policy) -> None:
    with pytest.raises(Refused, match="does not admit"):
        choose_policy(POLICY, ADA_PERSON, [closed, OTHER_POLICY])
